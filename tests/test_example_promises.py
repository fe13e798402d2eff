"""The scenarios of the example journeys come true: told to the interpreter as they stand, with their arms taken."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from safar.dsl.read import read_file
from safar.engine import promises as p
from safar.engine.expression import Literal
from safar.engine.model import Project
from safar.engine.program import lower
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer, Occurrence, World

FOLDER = Path(__file__).parents[1] / "journeys"
FILES = sorted(path for path in FOLDER.glob("*/*.journey*") if not path.name.startswith("vocabulary"))


def told(project: Project, scenario: p.Scenario) -> Iterator[Story]:
    """The stories of customers who differ in nothing but the arms that they go into."""
    assert scenario.start is not None
    day = datetime.datetime.combine(scenario.start.date, datetime.time(), datetime.UTC)
    start = int(day.timestamp()) + scenario.start.at
    script = [occurrence(start + one.after, one.event, one.answers, one.payload, one.change) for one in scenario.script]
    if scenario.start.event:
        script.insert(0, occurrence(start, scenario.start.event, None, scenario.start.payload))
    traits = {one.attribute: one.value.value for one in scenario.traits if isinstance(one.value, Literal)}
    world = World(
        programs=(lower(project, project.journeys[scenario.journey]),), seed=0, start=start, customers=1, days=90
    )
    for key in range(20):
        yield live(
            world,
            Customer(
                key=str(key),
                persona=scenario.persona or None,
                attributes=dict(traits),
                occurrences=tuple(script),
                arrives=False,
            ),
        )


def occurrence(
    at: int, event: str, touchpoint: str | None, payload: tuple[p.Given, ...], change: object = None
) -> Occurrence:
    assert change is None
    values = {one.field: one.value.value for one in payload if isinstance(one.value, Literal)}
    return Occurrence(at=at, event=event, payload=values, touchpoint=touchpoint, changes={})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_journey_has_rules_a_scenario_and_a_forecast(file: Path) -> None:
    project = read_file(file).project
    assert all(journey.rules for journey in project.journeys.values())
    assert project.scenarios
    assert project.forecasts
    assert {"mail_consent", "not_a_flood"} <= set(project.vocabulary.rules)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_scenarios_come_true(file: Path) -> None:
    project = read_file(file).project
    for scenario in project.scenarios:
        expected = [one for one in scenario.expects if isinstance(one, p.TakesPath | p.LeavesBy)]
        path, leaves = expected
        assert isinstance(path, p.TakesPath)
        assert isinstance(leaves, p.LeavesBy)
        ways: set[tuple[tuple[str, ...], str]] = set()
        for story in told(project, scenario):
            met = tuple(one.step for one in story.happenings if one.what is What.DELIVERED)
            ways.add((met, story.runs[0].outcome if story.runs else "none"))
        assert (path.stops, leaves.outcome) in ways
