"""What the facts say that nobody does, nobody does: all of small worlds is lived through by the plain interpreter.

`SAFAR_TEST_SCALE=1` asks 1,000 journeys; everywhere else it is a share.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.engine.prove.arcs import Arc
from safar.engine.prove.facts import Facts, facts
from safar.engine.simulate.happening import Story, What
from tests.engine.prove.small_journeys import Question, question
from tests.engine.prove.small_world import explore

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
BATCHES = 5
COUNT = max(50, int(1_000 * SCALE)) // BATCHES
MOST = max(80, int(6_000 * SCALE**2))
"""Journeys of a batch, and scripts that are tried of each."""

Way = tuple[str, str]
"""A node, and which way out of it: `came` is that somebody is there."""


def lived(asked: Question) -> set[Way]:
    """Every way that somebody took."""
    seen: set[Way] = set()

    def hear(story: Story) -> None:
        for run in story.runs:
            seen.update((node, "came") for node in run.visits)
        for one in story.happenings:
            match one.what:
                case What.BRANCH | What.WOKEN | What.INTERRUPTED:
                    seen.add((one.step, one.detail))
                case What.DELIVERED | What.SUPPRESSED:
                    seen.add((one.step, one.detail if one.what is What.SUPPRESSED else "delivered"))

    explore(asked, most=MOST, told=hear, decided=False)
    return seen


def possible(program: Program, known: Facts) -> set[Way]:
    """Every way that the facts allow."""
    found: set[Way] = set()
    for place in program.passed():
        if known.is_reached(place):
            node = program.places[place].node
            found.add((node, "came"))
            found.update(
                (node, name) for arc in arcs(known, place) for name in names(arc) if known.is_taken(place, arc)
            )
    return found


def arcs(known: Facts, place: int) -> Iterator[Arc]:
    station = known.system.station(place)
    yield from (*station.once, *station.rest)
    if station.loop is not None:
        yield from (station.loop.round, station.loop.done)


def names(arc: Arc) -> tuple[str, ...]:
    """What the interpreter calls a way."""
    match arc.kind:
        case "true" | "false" | "delivered":
            return (arc.kind,)
        case "suppressed":
            return ("limit", "quiet", "closed") if arc.label == "limit" else (arc.label, "limit", "quiet")
        case "timeout" | "next" | "round":
            return ("time", "passed")
    return (arc.label,)


def with_history(asked: Question) -> Question:
    """Some branches ask for what has come instead."""
    events = itertools.cycle(("order", "", "called"))
    text = re.sub(r"(?m)^( *if) .* {$", lambda found: _asking(found, next(events)), asked.text)
    return msgspec.structs.replace(asked, text=text, project=read_text(text).project)


def _asking(branch: re.Match[str], event: str) -> str:
    return f"{branch[1]} {event} {{" if event else branch[0]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nobody_goes_where_nobody_can(batch: int) -> None:
    closed = 0
    for seed in range(batch * COUNT, (batch + 1) * COUNT):
        asked = with_history(question(seed, size=9, rules=0))
        program = lower(asked.project, asked.project.journeys["j"])
        known = facts(program)
        assert known.told
        assert not lived(asked) - possible(program, known), f"seed {seed}\n{asked.text}"
        closed += sum(1 for place in program.passed() for arc in arcs(known, place) if not known.is_taken(place, arc))
    assert closed > COUNT
