"""Which step of the old version is which of the new one: by name, then by what it says, then by its place."""

from __future__ import annotations

import bisect
import difflib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from safar.engine.diff.renaming import Names, meant
from safar.engine.model import Body, Journey, Stage, Step
from safar.engine.names import fold
from safar.engine.steps.touchpoint import Meet

_ALIKE = 0.5
"""Of what a named step says so much must be the same, for another name to be a new name of it."""


class Spot(msgspec.Struct, frozen=True, eq=False):
    """A step where it stands: `around` are the steps it is in, the innermost last, each with the way into it."""

    step: Step
    stage: Stage
    around: tuple[tuple[Spot, str], ...]
    number: int


class Pair(msgspec.Struct, frozen=True, eq=False):
    """A step in both versions; `moved`: it stands elsewhere among the others."""

    old: Spot
    new: Spot
    moved: bool = False

    @property
    def renamed(self) -> bool:
        return fold(self.old.step.name) != fold(self.new.step.name)


class Matched(msgspec.Struct, frozen=True):
    """Steps and stages of two journeys: those in both, and those in one only."""

    pairs: tuple[Pair, ...]
    removed: tuple[Spot, ...]
    added: tuple[Spot, ...]
    stages: tuple[tuple[Stage | None, Stage | None], ...]

    @property
    def names(self) -> Names:
        """What steps and stages are called now."""
        steps = {fold(one.old.step.name): fold(one.new.step.name) for one in self.pairs if one.renamed}
        steps |= {old: new for one in self.pairs for old, new in _touchpoints(one) if old != new}
        stages = {
            fold(old.name): fold(new.name)
            for old, new in self.stages
            if old is not None and new is not None and fold(old.name) != fold(new.name)
        }
        return Names(steps, stages)


def _touchpoints(pair: Pair) -> Iterator[tuple[str, str]]:
    old, new = pair.old.step, pair.new.step
    if isinstance(old, Meet) and isinstance(new, Meet):
        yield fold(old.touchpoint.name), fold(new.touchpoint.name)


def match(old: Journey, new: Journey) -> Matched:
    """Match two journeys."""
    stages = _stages(old.stages, new.stages)
    sides = [list(spots(one)) for one in (old, new)]
    pairs = _Matching(sides[0], sides[1], stages).pairs()
    left = [{id(getattr(one, side)) for one in pairs} for side in ("old", "new")]
    return Matched(
        pairs=tuple(_placed(pairs, stages)),
        removed=tuple(one for one in sides[0] if id(one) not in left[0]),
        added=tuple(one for one in sides[1] if id(one) not in left[1]),
        stages=tuple(stages),
    )


# --- what there is


def spots(journey: Journey) -> Iterator[Spot]:
    """All steps, in file order."""
    number = 0
    for stage in journey.stages:
        waiting: list[tuple[Step, tuple[tuple[Spot, str], ...]]] = [(one, ()) for one in reversed(stage.steps)]
        while waiting:
            step, around = waiting.pop()
            spot = Spot(step, stage, around, number)
            number += 1
            yield spot
            inside = [(one, (*around, (spot, way))) for way, body in _bodies(step) for one in body.steps]
            waiting += reversed(inside)


def _bodies(step: Step) -> Iterator[tuple[str, Body]]:
    """The bodies of a step, by the way into each."""
    for field in step.__struct_fields__:
        value = getattr(step, field)
        if isinstance(value, Body):
            yield field, value
        elif isinstance(value, tuple):
            for number, part in enumerate(value):
                if isinstance(getattr(part, "then", None), Body):
                    yield getattr(part, "name", "") or f"{field} {number + 1}", part.then


def own(step: Step) -> Step:
    """A step without the steps in it."""
    changed: dict[str, Any] = {}
    for field in step.__struct_fields__:
        value = getattr(step, field)
        if isinstance(value, Body):
            changed[field] = Body(span=value.span)
        elif isinstance(value, tuple) and any(isinstance(getattr(part, "then", None), Body) for part in value):
            changed[field] = tuple(msgspec.structs.replace(part, then=Body(span=part.then.span)) for part in value)
    return msgspec.structs.replace(step, **changed) if changed else step


def _said(step: Step) -> tuple[type[Step], Any]:
    """What a step says, whatever it is called."""
    bare = msgspec.structs.replace(own(step), name="")
    if isinstance(bare, Meet) and not bare.declared:
        bare = msgspec.structs.replace(bare, touchpoint=msgspec.structs.replace(bare.touchpoint, name=""))
    return type(step), meant(bare)


# --- stages


def _stages(old: Sequence[Stage], new: Sequence[Stage]) -> list[tuple[Stage | None, Stage | None]]:
    """By name; then what is left, if it has the same steps or stands at the same place between others."""
    later = {fold(one.name): one for one in new}
    earlier = {fold(one.name) for one in old}
    fresh = [one for one in new if fold(one.name) not in earlier]
    found: list[tuple[Stage | None, Stage | None]] = []
    for stage in old:
        same = later.get(fold(stage.name))
        if same is None:
            same = next((one for one in fresh if _alike_stages(stage, one)), None)
            fresh = [one for one in fresh if one is not same]
        found.append((stage, same))
    return [*found, *((None, one) for one in fresh)]


def _alike_stages(old: Stage, new: Stage) -> bool:
    names = [{fold(step.name) for step in one.steps if step.name} for one in (old, new)]
    return old.steps == new.steps or (bool(names[0]) and len(names[0] & names[1]) * 2 > max(map(len, names)))


# --- steps


class _Matching:
    def __init__(self, old: list[Spot], new: list[Spot], stages: Sequence[tuple[Stage | None, Stage | None]]) -> None:
        self._old, self._new = old, new
        self._of_stage = {id(one): number for number, pair in enumerate(stages) for one in pair if one is not None}
        self._partner: dict[int, Spot] = {}
        self._taken: set[int] = set()
        self._said = {id(one): _said(one.step) for one in (*old, *new)}

    def pairs(self) -> list[Pair]:
        self._by_name()
        self._by_words()
        self._by_words_anywhere()
        return [Pair(one, self._partner[id(one)]) for one in self._old if id(one) in self._partner]

    def _pair(self, old: Spot, new: Spot) -> None:
        self._partner[id(old)] = new
        self._taken.add(id(new))

    def _by_name(self) -> None:
        later = {(fold(one.step.name), type(one.step)): one for one in self._new if one.step.name}
        for old in self._old:
            new = later.get((fold(old.step.name), type(old.step)))
            if new is not None:
                self._pair(old, new)

    def _key(self, one: Spot) -> Any:
        """Named steps that are matched are landmarks; others are what they say, in their stage."""
        if id(one) in self._partner:
            return "landmark", id(self._partner[id(one)])
        if id(one) in self._taken:
            return "landmark", id(one)
        return self._of_stage[id(one.stage)], self._said[id(one)]

    def _by_words(self) -> None:
        """The longest rows of steps that say the same; in the gaps between them steps of one kind are the same one."""
        was, now = ([self._key(one) for one in side] for side in (self._old, self._new))
        rows = list(_rows(was, now))
        for tag, a, b, c, d in rows:
            if tag == "equal":
                for old, new in zip(self._old[a:b], self._new[c:d], strict=True):
                    self._try(old, new)
        for tag, a, b, c, d in rows:
            if tag == "replace":
                self._gap(self._old[a:b], self._new[c:d])

    def _gap(self, olds: list[Spot], news: list[Spot]) -> None:
        for old in olds:
            for new in news:
                if self._may(old, new) and self._resembles(old, new):
                    self._pair(old, new)
                    break

    def _by_words_anywhere(self) -> None:
        """What is left and says the same was moved."""
        left: dict[Any, list[Spot]] = {}
        for new in self._new:
            if id(new) not in self._taken:
                left.setdefault(self._said[id(new)], []).append(new)
        for old in self._old:
            same = left.get(self._said[id(old)]) if id(old) not in self._partner else None
            if same:
                self._pair(old, same.pop(0))

    def _try(self, old: Spot, new: Spot) -> None:
        if self._may(old, new):
            self._pair(old, new)

    def _may(self, old: Spot, new: Spot) -> bool:
        same_stage = self._of_stage[id(old.stage)] == self._of_stage[id(new.stage)]
        free = id(old) not in self._partner and id(new) not in self._taken
        return free and same_stage and type(old.step) is type(new.step)

    def _resembles(self, old: Spot, new: Spot) -> bool:
        """Steps without a name are the same one if they are of one kind; named ones also say much the same."""
        if not old.step.name and not new.step.name:
            return True
        return _likeness(self._said[id(old)][1], self._said[id(new)][1]) >= _ALIKE


def _likeness(old: Any, new: Any) -> float:
    """The share of fields, down to the leaves of touchpoints, that are the same; empty ones do not count."""
    if isinstance(old, Meet) and isinstance(new, Meet):
        return _likeness(old.touchpoint, new.touchpoint)
    values = [(getattr(old, field), getattr(new, field)) for field in old.__struct_fields__]
    told = [(one, other) for one, other in values if one or other]
    return sum(one == other for one, other in told) / len(told) if told else 1.0


def _rows(was: list[Any], now: list[Any]) -> Iterator[tuple[str, int, int, int, int]]:
    """What `difflib` says of two rows; it is asked only for what lies between a common beginning and a common end."""
    most = min(len(was), len(now))
    start = next((n for n in range(most) if was[n] != now[n]), most)
    end = next((n for n in range(most - start) if was[-1 - n] != now[-1 - n]), most - start)
    yield "equal", 0, start, 0, start
    old, new = was[start : len(was) - end], now[start : len(now) - end]
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag, a + start, b + start, c + start, d + start
    yield "equal", len(was) - end, len(was), len(now) - end, len(now)


# --- what was moved


def _placed(pairs: list[Pair], stages: Sequence[tuple[Stage | None, Stage | None]]) -> Iterator[Pair]:
    """The pairs in the order of the new version, told whether they stand elsewhere now.

    Steps around that are in one version only do not count: what was in them stands where they stood.
    """
    partner = {id(one.old): one.new for one in pairs}
    kept = {id(one.new) for one in pairs}
    stage_of = {id(old): new for old, new in stages if old is not None and new is not None}
    ordered = sorted(pairs, key=lambda one: one.new.number)
    stays = [one for one in ordered if _same_surroundings(one, partner, kept, stage_of)]
    row = _longest([one.old.number for one in stays])
    still = {id(stays[number]) for number in row}
    for one in ordered:
        yield msgspec.structs.replace(one, moved=id(one) not in still)


def _same_surroundings(pair: Pair, partner: dict[int, Spot], kept: set[int], stage_of: dict[int, Stage]) -> bool:
    old = [(id(partner[id(one)]), way) for one, way in pair.old.around if id(one) in partner]
    new = [(id(one), way) for one, way in pair.new.around if id(one) in kept]
    stage = stage_of.get(id(pair.old.stage))
    return [one for one, _ in old] == [one for one, _ in new] and _same_ways(old, new) and stage is pair.new.stage


def _same_ways(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> bool:
    """Whether the innermost way into what is around is the same; of the ways farther out that is told of those."""
    return not old or fold(old[-1][1]) == fold(new[-1][1])


def _longest(numbers: list[int]) -> list[int]:
    """The positions of a longest rising row (patience)."""
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        place = bisect.bisect_left(ends, number)
        before.append(at[place - 1] if place else -1)
        if place == len(ends):
            ends.append(number)
            at.append(position)
        else:
            ends[place], at[place] = number, position
    row, here = [], at[-1] if at else -1
    while here >= 0:
        row.append(here)
        here = before[here]
    return row[::-1]
