"""What is felt from moment to moment, as curves: one for all, one for each persona that feels otherwise, or two
journeys beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.program import Program
from safar.renderers.journey_map.cut import Cut
from safar.renderers.journey_map.moments import Column, Moment
from safar.renderers.journey_map.sheet import Curve, Point
from safar.renderers.labels import apart
from safar.renderers.phrases import pretty
from safar.renderers.words import Words

Felt = list[tuple[int, Moment]]
"""Moments, each with its slot."""


def curves(program: Program, columns: list[Column], words: Words, cut: Cut) -> tuple[Curve, ...]:
    """The curves; the first is the one of all customers, or of the journey itself."""
    here = [(slot, moment) for slot, moment, _ in _slots(columns) if moment is not None]
    if cut.beside is not None:
        there = [(slot, moment) for slot, _, moment in _slots(columns) if moment is not None]
        found = [
            Curve(apart(one.journey.title or pretty(one.journey.name)), tuple(_points(felt, cut.persona)), hue)
            for hue, (one, felt) in enumerate(((program, here), (cut.beside, there)))
        ]
    elif cut.persona or not (apart_from := _personas(here)):
        found = [Curve("", tuple(_points(here, cut.persona)))]
    else:
        phrases = here[0][1].phrases
        common = Curve(words.say("everyone"), tuple(_points(here, "")))
        hues = {name: hue for hue, name in enumerate(program.project.vocabulary.personas, start=1)}
        own = [Curve(phrases.personas((name,)), tuple(_own(here, name)), hues[name]) for name in apart_from]
        found = [common, *own]
    return tuple(curve for curve in found if curve.points)


def _slots(columns: list[Column]) -> Iterator[tuple[int, Moment | None, Moment | None]]:
    """Every slot from the start on, with who stands in it here and in the journey beside."""
    slot = 0
    for column in columns:
        for pair in (*([column.lead] if column.led else []), *column.moments):
            yield slot, pair.here, pair.there
            slot += 1


def _personas(felt: Felt) -> list[str]:
    return list(dict.fromkeys(name for _, moment in felt for line in moment.said("feeling") for name in line.personas))


def _points(felt: Felt, persona: str) -> Iterator[Point]:
    """What all feel, or what one persona does: its own line goes before the common one."""
    for slot, moment in felt:
        lines = [line for line in moment.said("feeling") if not line.personas or persona in line.personas]
        own = [line for line in lines if line.personas]
        for line in (own or lines)[:1]:
            yield Point(slot, line.score or 0, apart(line.text) if line.text else "")


def _own(felt: Felt, persona: str) -> Iterator[Point]:
    """The curve of a persona; what it shares with all others is not said again."""
    common = list(_points(felt, ""))
    for point in _points(felt, persona):
        yield Point(point.slot, point.score, point.text, said=point not in common)
