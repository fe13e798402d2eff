"""Sample customers for a journey, as a person asks for them, and as scenarios in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from safar import people
from safar.checking import Ground
from safar.choosing import Chosen, choose
from safar.creating import create_all
from safar.engine.cover import cover as explored
from safar.engine.cover.cover import Cover
from safar.engine.expression import Literal, Value
from safar.engine.program import lower
from safar.engine.promises import Scenario
from safar.engine.simulate.arithmetic import kept
from safar.engine.simulate.clock import day_number
from safar.engine.simulate.draw import customer_zone, defaults, project_zone, zone_attribute
from safar.engine.simulate.happening import Story
from safar.engine.simulate.world import Customer, Occurrence
from safar.engine.test.recording import Recorded


class Covered(msgspec.Struct, frozen=True):
    """The cover of a journey of the project at `root`; `text` is that of the file that was written, and `told` how
    many of the samples it tells."""

    cover: Cover
    root: Path
    text: str = ""
    told: int = 0


def cover(
    journey: str | Path,
    file: str | Path | None = None,
    *,
    project: str | Path | None = None,
    limits: Mapping[str, int | str] | None = None,
) -> Covered:
    """The fewest customers who pass all of a journey that can be passed: every step, branch, arm, end of a wait and
    interrupt, the last round of each loop, and the values at which conditions turn.

    In `.cover` they stand with their stories, and what nobody passes with the reason.  `file`, `.journey` or
    `.journey.yaml`, is written new with a scenario for each; every one was run, and passes.

    Raises as `draw` does, `SelectionError` where there is such a file already, `RuntimeLimitError` for a journey that
    runs without end.
    """
    chosen = choose(journey, Ground(Path(project) if project is not None else None, limits or {}))
    with people.limits():
        found = explored.cover(lower(chosen.project, chosen.project.journeys[chosen.name]))
        if file is None:
            return Covered(found, chosen.home.root)
        samples = enumerate(found.samples, 1)
        lives = [recorded(chosen, f"{number}", sample.scenario, sample.story) for number, sample in samples]
        text, told = create_all(chosen, lives, Path(file))
    return Covered(found, chosen.home.root, text, told)


def recorded(chosen: Chosen, key: str, scenario: Scenario, story: Story) -> Recorded:
    """A scenario and its story as a life that was lived by the customer of that key."""
    project = chosen.project
    types = {one.name: one.type for one in project.vocabulary.attributes.values()}
    traits = {one.attribute: kept(_literal(one.value), types[one.attribute]) for one in scenario.traits}
    attributes = {**defaults(project), **traits}
    customer = Customer(key=key, persona=scenario.persona or None, attributes=traits)
    return Recorded(
        customer=customer,
        attributes=attributes,
        occurrences=tuple(_occurrences(chosen, scenario, attributes)),
        story=story,
    )


def _occurrences(chosen: Chosen, scenario: Scenario, attributes: dict[str, Value]) -> list[Occurrence]:
    start = scenario.start
    assert start is not None
    zone = customer_zone(attributes.get(zone_attribute(chosen.project)), project_zone(chosen.project))
    began = zone.instant(day_number(start.date), start.at)
    found = []
    if start.event:
        payload = {one.field: _literal(one.value) for one in start.payload}
        found.append(Occurrence(at=began, event=start.event, payload=payload))
    for line in scenario.script:
        changes = {line.change.attribute: _literal(line.change.value)} if line.change is not None else {}
        payload = {one.field: _literal(one.value) for one in line.payload}
        event, answers = line.event or None, line.answers
        found.append(
            Occurrence(at=began + line.after, event=event, payload=payload, touchpoint=answers, changes=changes)
        )
    return found


def _literal(value: object) -> Value:
    assert isinstance(value, Literal)
    return value.value
