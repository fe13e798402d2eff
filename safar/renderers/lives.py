"""One customer's two lives beside each other: what he notices, row by row, with the first row that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from safar.engine.diff.change import Experience, Side
from safar.engine.expression import Literal
from safar.engine.names import fold
from safar.engine.simulate import words
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.draw import customer_zone, project_zone, zone_attribute
from safar.engine.simulate.happening import Happening, What
from safar.engine.simulate.traces import Tracer
from safar.renderers.table import shown
from safar.renderers.trace_text import said

_BEFORE, _AFTER = 8, 4
"""Rows that are shown around the first that differs."""
_HIDDEN = frozenset(
    (What.BRANCH, What.WAITING, What.WOKEN, What.NOT_ELIGIBLE, What.INSIDE, What.TOO_SOON, What.HELD_OUT)
)


class Row(NamedTuple):
    """What happens in the old version and in the new one; `differs`: the customer notices from here on."""

    old: str
    new: str
    differs: bool


def headings(one: Experience) -> Iterator[str]:
    """Who the customer is: persona, attributes, and the arms that he takes."""
    side = one.new
    assert side is not None and side.scenario.start is not None
    scenario, start = side.scenario, side.scenario.start
    attributes = {fold(name): found for name, found in side.project.vocabulary.attributes.items()}
    traits = [f"persona = {shown(scenario.persona)}"] if scenario.persona else []
    for trait in scenario.traits:
        declared = attributes.get(fold(trait.attribute))
        if isinstance(trait.value, Literal) and declared is not None:
            value = words.PRIVATE if declared.private else words.value(trait.value.value, declared.type)
            traits.append(f"{shown(trait.attribute)} = {shown(value)}")
    met = {fold(h.step) for s in (one.old, one.new) if s is not None for h in s.story.happenings if h.what is What.ARM}
    traits += [f"arm {shown(take.arm)} of {shown(take.split)}" for take in scenario.takes if fold(take.split) in met]
    yield "customer: " + (", ".join(traits) or "all attributes at their defaults")
    yield f"times in {_zone(side).name}, from {start.date} on"


def rows(one: Experience) -> list[Row]:
    """The rows around the first difference; how many are left out is told."""
    assert one.old is not None and one.new is not None
    sides = [list(_cells(side)) for side in (one.old, one.new)]
    firsts = [_first(side, cells) for side, cells in zip((one.old, one.new), sides, strict=True)]
    same = min(firsts)
    early = [Row(left.text, right.text, False) for left, right in zip(sides[0][:same], sides[1][:same], strict=True)]
    late = [Row(*pair, True) for pair in _beside(sides[0][same:], sides[1][same:])]
    shown_early = early[-_BEFORE:]
    hidden, more = len(early) - len(shown_early), len(late) - _AFTER
    found = [Row(f"... {hidden} alike before", "", False)] * (hidden > 0) + shown_early + late[:_AFTER]
    return found + [Row(f"... {more} more", "", False)] * (more > 0)


class _Cell(NamedTuple):
    at: int
    n: int
    text: str


def _zone(side: Side) -> Zone:
    return customer_zone(side.story.attributes.get(zone_attribute(side.project)), project_zone(side.project))


def _cells(side: Side) -> Iterator[_Cell]:
    zone, tracer = _zone(side), Tracer(side.project)
    for one in side.story.happenings:
        if one.what not in _HIDDEN:
            yield _Cell(one.at, one.n, _text(one, zone, tracer))


def _text(one: Happening, zone: Zone, tracer: Tracer) -> str:
    day, time, *_ = words.instant(one.at, zone).split(" ")
    where = f"{shown(one.step)} " if one.journey and one.step and one.what is not What.EXIT else ""
    if not one.journey:
        where = "customer: "
    fields = [f"{shown(name)} = {shown(words.value(value, type))}" for name, type, value in tracer.payload(one)]
    payload = f" ({', '.join(fields)})" if fields and one.what in (What.DONE, What.SET, What.EVENT) else ""
    return f"{day[5:]} {time} {where}{said(one)}{payload}"


def _first(side: Side, cells: Sequence[_Cell]) -> int:
    """Where the first difference stands among the cells; the end if the other version only goes on."""
    return next((number for number, one in enumerate(cells) if one.n == side.first), len(cells))


def _beside(old: Sequence[_Cell], new: Sequence[_Cell]) -> Iterator[tuple[str, str]]:
    """What comes at one instant stands in one row; else the earlier comes first."""
    left, right = list(old), list(new)
    while left or right:
        if not right or (left and left[0].at < right[0].at):
            yield left.pop(0).text, ""
        elif not left or right[0].at < left[0].at:
            yield "", right.pop(0).text
        else:
            yield left.pop(0).text, right.pop(0).text
