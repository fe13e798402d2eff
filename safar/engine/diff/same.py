"""Whether two versions of a journey do the same to everybody: both are walked at once, place beside place.

From the entry on each pair of places must do the same and lead to places that are pairs again; conditions that let
the same customers through are the same.  If nothing differs then no customer, timing or choice tells the versions
apart (a bisimulation).  Names, texts, order of declarations, and what nobody can come to do not count.  Where the walk
meets a difference it is a place at which experiences may part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from safar.engine.diff.ground import ground
from safar.engine.diff.looser import compare
from safar.engine.diff.renaming import Names, meant
from safar.engine.expression import Expression, StageName
from safar.engine.model import Channel, Entry, Journey, Send, Touchpoint
from safar.engine.moves import Branch, Count, Deliver, Draw, Effect, Exit, Handler, Jump, Move, Wait
from safar.engine.names import fold
from safar.engine.program import Program

ENTRY = -1
"""The place of the entry, as walks know it."""


class Parting(NamedTuple):
    """A pair of places that do not do the same; conditions are given where they are what differs."""

    old: int
    new: int
    conditions: tuple[Expression | None, Expression | None] | None = None


class Sameness(msgspec.Struct, frozen=True):
    """`partings` in the order of the walk; `ground`: what differs around the places, in words; `chances`: arms have
    other shares, or as many customers are no longer held out."""

    partings: tuple[Parting, ...]
    ground: tuple[str, ...]
    chances: bool

    @property
    def same(self) -> bool:
        return not self.partings and not self.ground


def sameness(old: Program, new: Program, names: Names) -> Sameness:
    """Walk both versions at once."""
    walk = _Walk(old, new, names)
    partings = tuple(walk.partings())
    held = old.journey.hold_out != new.journey.hold_out
    return Sameness(partings, tuple(dict.fromkeys(ground(old, new, names))), walk.chances or held)


class _Walk:
    def __init__(self, old: Program, new: Program, names: Names) -> None:
        self._old, self._new, self._names = old, new, names
        self._personas = tuple(new.project.vocabulary.personas)
        self._todo: list[tuple[int, int]] = []
        self._seen: set[tuple[int, int]] = set()
        self._loops: dict[int, int] = {}
        self._by_stage = _asks_for_stage(old) or _asks_for_stage(new)
        self.chances = False

    def partings(self) -> Iterator[Parting]:
        if not self._enter_alike(self._old.journey, self._new.journey):
            yield Parting(ENTRY, ENTRY)
        self._pair(self._old.start, self._new.start)
        while self._todo:
            old, new = self._todo.pop(0)
            was, now = self._old.places[old], self._new.places[new]
            moves = was.move, now.move
            if isinstance(was.move, Branch) and isinstance(now.move, Branch):
                conditions = was.move.condition, now.move.condition
                if not compare(*conditions, self._personas, self._names).same:
                    yield Parting(old, new, conditions)
            elif not self._alike(*moves):
                yield Parting(old, new)
                continue
            elif isinstance(was.move, Deliver) and isinstance(now.move, Deliver):
                yield from self._sent_alike(Parting(old, new), was.move, now.move)
            if not self._surrounded_alike(old, new):
                yield Parting(old, new)
            for pair in self._onward(*moves):
                self._pair(*pair)

    def _pair(self, old: int, new: int) -> None:
        pair = self._old.resolve(old), self._new.resolve(new)
        if pair not in self._seen:
            self._seen.add(pair)
            self._todo.append(pair)

    def _equal(self, old: Any, new: Any) -> bool:
        return bool(meant(old, self._names) == meant(new))

    # --- how runs begin

    def _enter_alike(self, old: Journey, new: Journey) -> bool:
        same = len(old.entries) == len(new.entries) and all(map(self._entry_alike, old.entries, new.entries))
        goals = [[msgspec.structs.replace(one, target=None) for one in side.goals] for side in (old, new)]
        return (
            same
            and self._equal((old.reenter, old.horizon), (new.reenter, new.horizon))
            and self._equal(tuple(goals[0]), tuple(goals[1]))
        )

    def _entry_alike(self, old: Entry, new: Entry) -> bool:
        bare = [msgspec.structs.replace(one, condition=None) for one in (old, new)]
        return self._equal(*bare) and compare(old.condition, new.condition, self._personas, self._names).same

    # --- places

    def _alike(self, old: Move, new: Move) -> bool:
        """Whether two moves do the same, wherever they lead."""
        match old, new:
            case Deliver(), Deliver():
                return self._equal(_acting(old.touchpoint), _acting(new.touchpoint))
            case Effect(), Effect():
                return self._equal(old.effect, new.effect)
            case Draw(), Draw():
                return self._drawn_alike(old, new)
            case Wait(), Wait():
                patterns = [tuple(way.pattern for way in one.ways) for one in (old, new)]
                return self._equal((old.deadline, patterns[0]), (new.deadline, patterns[1]))
            case Count(), Count():
                return (old.limit, old.every) == (new.limit, new.every)
            case Exit(), Exit():
                return fold(old.outcome) == fold(new.outcome)
            case Jump(), Jump():
                return True
        return False

    def _drawn_alike(self, old: Draw, new: Draw) -> bool:
        if self._names.step(old.split) != fold(new.split):
            return False
        arms = [[(fold(arm.name), arm.share) for arm in one.arms] for one in (old, new)]
        self.chances = self.chances or arms[0] != arms[1]
        return sorted(name for name, _ in arms[0]) == sorted(name for name, _ in arms[1])

    def _sent_alike(self, here: Parting, old: Deliver, new: Deliver) -> Iterator[Parting]:
        """A parting where the channels do not check alike."""
        channels = [_channel(program, one) for program, one in ((self._old, old), (self._new, new))]
        if None in channels or new.touchpoint.transactional:
            return
        was, now = channels
        assert was is not None and now is not None
        bare = [msgspec.structs.replace(one, consent=None, costs=()) for one in (was, now)]
        limits = [_limits(program, one) for program, one in ((self._old, was), (self._new, now))]
        consents = was.consent, now.consent
        if not compare(*consents, self._personas, self._names).same:
            yield here._replace(conditions=consents)
        elif not self._equal(*bare) or limits[0] != limits[1]:
            yield here

    def _onward(self, old: Move, new: Move) -> Iterator[tuple[int, int]]:
        match old, new:
            case Deliver(), Deliver():
                yield old.then, new.then
            case Effect(), Effect():
                yield old.then, new.then
            case Branch(), Branch():
                yield old.then, new.then
                yield old.otherwise, new.otherwise
            case Draw(), Draw():
                ends = {fold(arm.name): arm.then for arm in new.arms}
                yield from ((arm.then, ends[fold(arm.name)]) for arm in old.arms)
            case Wait(), Wait():
                yield from ((one.then, other.then) for one, other in zip(old.ways, new.ways, strict=True))
                yield old.then, new.then
                yield old.passed, new.passed
            case Count(), Count():
                yield old.body, new.body
                yield old.done, new.done

    # --- what is around a place

    def _surrounded_alike(self, old: int, new: int) -> bool:
        """Whether the same interrupts are listened for, in the same loops (and stage, if anything asks for it)."""
        stages = self._old.places[old].stage, self._new.places[new].stage
        if self._by_stage and self._names.stage(stages[0]) != fold(stages[1]):
            return False
        around = [list(program.around(place)) for program, place in ((self._old, old), (self._new, new))]
        loops = [[scope.id for scope in scopes if scope.kind == "loop"] for scopes in around]
        if len(loops[0]) != len(loops[1]):
            return False
        pairs = list(zip(*loops, strict=True))
        if any(self._loops.setdefault(one, other) != other for one, other in pairs):
            return False
        if len(set(self._loops.values())) != len(self._loops):
            return False
        handlers = [[(scope.kind == "journey", one) for scope in scopes for one in scope.handlers] for scopes in around]
        return len(handlers[0]) == len(handlers[1]) and all(
            one[0] == other[0] and self._handled_alike(one[1], other[1]) for one, other in zip(*handlers, strict=True)
        )

    def _handled_alike(self, old: Handler, new: Handler) -> bool:
        if not self._equal((old.pattern, old.effect), (new.pattern, new.effect)) or (old.to is None) != (
            new.to is None
        ):
            return False
        if old.to is not None and new.to is not None:
            self._pair(old.to, new.to)
        return True


def _acting(touchpoint: Touchpoint) -> Touchpoint:
    """A touchpoint without what is only read, mapped, measured or assumed."""
    contact = touchpoint.contact
    if isinstance(contact, Send):
        contact = msgspec.structs.replace(contact, parts=(), body_file="")
    return Touchpoint(
        span=touchpoint.span,
        name=touchpoint.name,
        contact=contact,
        actions=touchpoint.actions,
        transactional=touchpoint.transactional,
        priority=touchpoint.priority,
    )


def _asks_for_stage(program: Program) -> bool:
    return _has_stage((program.journey, tuple(program.project.vocabulary.conditions.values())))


def _has_stage(value: Any) -> bool:
    if isinstance(value, StageName):
        return True
    if isinstance(value, msgspec.Struct):
        return any(_has_stage(getattr(value, field)) for field in value.__struct_fields__)
    return isinstance(value, tuple) and any(map(_has_stage, value))


def _channel(program: Program, move: Deliver) -> Channel | None:
    contact = move.touchpoint.contact
    name = fold(contact.channel) if contact is not None else ""
    return next((one for one in program.project.vocabulary.channels.values() if fold(one.name) == name), None)


def _limits(program: Program, channel: Channel) -> list[tuple[Any, ...]]:
    """The limits that a message on a channel passes, in their order."""
    return [
        (frozenset(map(fold, one.channels)), one.caps)
        for one in program.project.vocabulary.limits.values()
        if not one.channels or fold(channel.name) in map(fold, one.channels)
    ]
