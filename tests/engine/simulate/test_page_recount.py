"""The figures of the six journeys, counted once more from the lines of their traces."""

from __future__ import annotations

import datetime
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import safar
from safar.dsl.read import read_file
from safar.engine.simulate.population import simulate
from safar.engine.simulate.results import as_json

FOLDER = Path(__file__).parents[3] / "journeys" / "dsl"
Line = dict[str, Any]


def told(name: str) -> tuple[dict[str, Any], list[Line]]:
    lines: list[str] = []
    project = read_file(FOLDER / f"{name}.journey").project
    figures = as_json(simulate(project, name, n=250, seed=5, traces=lines.append))
    return figures, [json.loads(line) for line in lines]


def some(counts: dict[Any, int]) -> dict[Any, int]:
    """Without those of which there are none."""
    return {key: count for key, count in counts.items() if count}


@pytest.mark.parametrize(
    "name", ["abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel"]
)
def test_figures_are_what_the_traces_tell(name: str) -> None:
    figures, lines = told(name)

    def of(what: str) -> list[Line]:
        return [line for line in lines if line["what"] == what]

    def runs(these: list[Line]) -> set[tuple[str, int]]:
        return {(line["customer"], line["entry"]) for line in these}

    held = runs(of("held_out"))
    assert figures["entered"] == len(of("entered"))
    assert figures["unfinished"] == len(of("unfinished"))
    for attempt, count in figures["attempts"].items():
        assert count == len(of(attempt))
    assert figures["hold_out"]["customers"] == len({customer for customer, _ in held})
    assert some(figures["outcomes"]) == Counter(line["detail"] for line in of("exit"))
    for goal, one in figures["goals"].items():
        reached = runs([line for line in of("goal") if line["detail"] == goal])
        assert one["reached"] == len(reached - held)
        assert figures["hold_out"]["goals"][goal]["reached"] == len(reached & held)
    delivered = Counter(line["touchpoint"] for line in of("delivered"))
    refused = Counter((line["touchpoint"], line["detail"]) for line in of("suppressed"))
    answers = Counter((line["touchpoint"], line["event"]) for line in of("event") if line["touchpoint"])
    for touchpoint, one in figures["touchpoints"].items():
        assert one["delivered"] == delivered[touchpoint]
        assert one["suppressed"] == {reason: refused[touchpoint, reason] for reason in one["suppressed"]}
        assert some(one["answers"]) == {event: n for (place, event), n in answers.items() if place == touchpoint}
    for split, arms in figures["splits"].items():
        for arm, one in arms.items():
            went = [line for line in of("arm") if (line["step"], line["detail"]) == (split, arm)]
            assert one["entered"] == len(runs(went))
    assert sum(delivered.values()) == sum(one["delivered"] for one in figures["touchpoints"].values())


# --- all journeys on one timeline

WINDOWS = [({"email"}, 3), ({"sms"}, 2), ({"social_ads"}, 5), ({"email", "sms", "push"}, 4)]
"""Channels with what a customer gets of them together in any seven days at most."""
QUIET = {"email": (22, 8), "sms": (21, 9), "push": (22, 8)}
ONE_A_DAY = ("sms", "push")


def test_no_limit_is_broken_by_six_journeys_together() -> None:
    lines: list[str] = []
    safar.simulate(FOLDER, n=150, days=12, together=True, traces=lines.append)
    sent: dict[str, list[tuple[datetime.datetime, str]]] = {}
    for line in map(json.loads, lines):
        if line["what"] == "delivered" and not line["why"].startswith("transactional"):
            at = datetime.datetime.fromisoformat(line["at"]).astimezone(ZoneInfo("Europe/Berlin"))
            sent.setdefault(line["customer"], []).append((at, line["detail"]))
    assert sum(map(len, sent.values())) > 1000
    for messages in sent.values():
        for channels, most in WINDOWS:
            times = [at for at, channel in messages if channel in channels]
            assert all(later - at >= datetime.timedelta(7) for at, later in zip(times, times[most:], strict=False))
        for channel in ONE_A_DAY:
            days = [at.date() for at, one in messages if one == channel]
            assert all(day != following for day, following in itertools.pairwise(days))
        for channel, (begin, end) in QUIET.items():
            assert all(end <= at.hour < begin for at, one in messages if one == channel)
