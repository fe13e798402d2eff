"""What a run does at each kind of place, as arcs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from safar.engine import spelling
from safar.engine.expression import Alternative, EventForm, Heard, Pattern
from safar.engine.model import Touchpoint
from safar.engine.moves import (
    After,
    Branch,
    Clock,
    Count,
    Deliver,
    DoAction,
    Draw,
    Effect,
    Exit,
    FromInstant,
    Handler,
    Jump,
    Place,
    Scope,
    SetAttribute,
    Wait,
)
from safar.engine.names import fold
from safar.engine.prove import refusals
from safar.engine.prove.arcs import END, Arc, Loop, Station
from safar.engine.prove.atoms import NEVER, SINCE, normal
from safar.engine.prove.changes import Change, Guard
from safar.engine.prove.conditions import Answer
from safar.engine.prove.daylight import shift
from safar.engine.prove.marks import Happens, Mark
from safar.engine.prove.sending import DAY, Sending

if TYPE_CHECKING:
    from safar.engine.prove.system import System


def station(system: System, place: Place) -> Station:
    """The ways out of a place: at once, and after a rest there."""
    at = _At(system, place)
    match place.move:
        case Deliver() as move:
            return _deliver(at, move)
        case Effect(effect=effect, then=then):
            return Station(once=(at.arc(then, "next", then_=tuple(_effect(at, effect)), marks=_done(at, effect)),))
        case Branch(condition=condition, then=then, otherwise=otherwise):
            yes, no = (at.guard(condition, answer) for answer in (Answer.YES, Answer.NOT_YES))
            return Station(once=(at.arc(then, "true", (yes,)), at.arc(otherwise, "false", (no,))))
        case Draw(split=split, arms=arms):
            ways = (at.arc(arm.then, "arm", tuple(system.arm(split, n)), label=arm.name) for n, arm in enumerate(arms))
            return Station(once=tuple(ways))
        case Wait() as move:
            return _wait(at, move)
        case Count() as move:
            return _count(at, move)
        case Exit(outcome=outcome):
            mark = Mark(Happens.LEFT, place.id)
            return Station(once=(Arc(end=END, kind="exit", label=outcome, marks=(mark,)),))
        case Jump(to=to):
            return Station(once=(at.arc(to, "next"),) if system.program.resolve(to) != place.id else ())


class _Taker(msgspec.Struct, frozen=True, kw_only=True):
    """Something that takes a run away when its pattern comes: an interrupt, or a way of the wait."""

    pattern: Pattern
    to: int
    kind: str
    label: str
    drops: bool = False
    keeps: int = -1


class _At:
    """One place, and the arcs that leave it."""

    def __init__(self, system: System, place: Place) -> None:
        self.system, self.place, self.program = system, place, system.program
        self.scopes = list(self.program.around(place.id))[::-1]

    def guard(self, condition: object, answer: Answer) -> Change:
        return self.system.guard(condition, answer, self.place.stage)  # type: ignore[arg-type]

    def arc(  # noqa: PLR0913 - what an arc is made of
        self,
        to: int,
        kind: str,
        changes: tuple[Change, ...] = (),
        *,
        label: str = "",
        then_: tuple[Change, ...] = (),
        marks: tuple[Mark, ...] = (),
        low: int = 0,
        high: int | None = 0,
        by: Alternative | None = None,
        taker: _Taker | None = None,
    ) -> Arc:
        end, anew = self.program.led(to)
        return Arc(
            end=end,
            kind=kind,
            label=label,
            changes=changes,
            then=then_,
            low=low,
            high=high,
            marks=marks,
            by=by,
            drops=taker is not None and taker.drops,
            keeps=taker.keeps if taker is not None else -1,
            anew=anew,
        )

    # --- who takes a run away that rests here

    def takers(self) -> Iterator[_Taker]:
        """Interrupts with a jump, in the order in which they are asked: loops, then stage, then journey."""
        loops = [scope for scope in self.scopes if scope.kind == "loop"]
        others = [scope for scope in reversed(self.scopes) if scope.kind != "loop"]
        for scope in (*loops, *others):
            for handler in scope.handlers:
                if handler.to is not None:
                    yield self.jumper(scope, handler)

    @staticmethod
    def jumper(scope: Scope, handler: Handler) -> _Taker:
        assert handler.to is not None
        keeps = scope.parent if scope.kind == "loop" else -1
        return _Taker(
            pattern=handler.pattern, to=handler.to, kind="interrupt", label=handler.label, drops=True, keeps=keeps
        )

    def taken(self, takers: list[_Taker], high: int | None) -> Iterator[Arc]:
        """The arcs of all who may take a run away within `high` seconds."""
        earlier: list[Alternative] = []
        for taker in takers:
            for one in taker.pattern.alternatives:
                if one.form is None:
                    if one.condition is not None:
                        yield self._taken(taker, one, (self.guard(one.condition, Answer.YES),), high)
                    continue
                blocked = self.unheard(one, earlier)
                if blocked is not None:
                    changes = (*self.system.event(one, self.place.stage), *blocked)
                    yield self._taken(taker, one, changes, high)
                earlier.append(one)

    def _taken(self, taker: _Taker, one: Alternative, changes: tuple[Change, ...], high: int | None) -> Arc:
        marks = (Mark(Happens.EVENT, self.place.id, form=one.form),) if one.form is not None else ()
        return self.arc(
            taker.to,
            taker.kind,
            changes,
            label=taker.label,
            then_=self.system.meddled,
            marks=marks,
            high=high,
            by=one,
            taker=taker,
        )

    def unheard(self, one: Alternative, earlier: list[Alternative]) -> tuple[Change, ...] | None:
        """What must be so that nobody before takes an event; None where somebody always does."""
        assert one.form is not None
        asked = normal(one.form)
        changes = []
        for other in earlier:
            assert other.form is not None
            heard = normal(other.form)
            if (heard.kind, heard.name) != (asked.kind, asked.name) or heard.answers not in ("", asked.answers):
                continue
            parts = [part for part in (other.form.where, other.condition) if part is not None]
            if not parts:
                return None
            boxes = [
                box for part in parts for box in self.system.conditions.boxes(part, Answer.NOT_YES, self.place.stage)
            ]
            changes.append(Guard(self.system.space, boxes))
        return tuple(changes)

    def asides(self, high: int | None) -> Iterator[Arc]:
        """What interrupts do that leave the run where it is."""
        for scope in self.scopes:
            for handler in scope.handlers:
                if handler.effect is not None:
                    done = tuple(_done(self, handler.effect, meanwhile=True))
                    for one in handler.pattern.alternatives:
                        if one.form is not None:
                            yield self._aside(handler, one, done, high)

    def _aside(self, handler: Handler, one: Alternative, done: tuple[Mark, ...], high: int | None) -> Arc:
        return Arc(
            end=self.place.id,
            kind="aside",
            label=handler.label,
            changes=self.system.event(one, self.place.stage),
            high=high,
            marks=(Mark(Happens.EVENT, self.place.id, form=one.form), *done),
            by=one,
        )

    def calm(self, patterns: list[Pattern]) -> tuple[Change, ...]:
        """Where time is up, no condition that is waited for is true: it would have been taken when it became so."""
        return tuple(
            self.guard(one.condition, Answer.NOT_YES)
            for pattern in patterns
            for one in pattern.alternatives
            if one.form is None
            and one.condition is not None
            and self.system.conditions.is_exact(one.condition, self.place.stage)
        )

    def untils(self) -> list[Pattern]:
        return [one.pattern for scope in self.scopes if scope.kind == "loop" for one in scope.handlers]

    def standing(self, pattern: Pattern) -> Iterator[tuple[Alternative, tuple[Change, ...], tuple[Change, ...]]]:
        """The alternatives that may hold already, with what must be so, and what must be so if they do not."""
        for one in pattern.alternatives:
            if one.form is None and one.condition is not None:
                yes, no = (self.guard(one.condition, answer) for answer in (Answer.YES, Answer.NOT_YES))
                yield one, (yes,), (no,)
            elif one.form is not None and one.form.answers:
                variable = self.system.space.by_key["happened", normal(one.form)]
                full = self.system.space.full & ~variable.field
                came = Guard(self.system.space, [full | variable.bits((SINCE,))])
                lacks = Guard(self.system.space, [full | variable.bits((NEVER,))])
                yield one, (came,), (lacks,) if one.condition is None else ()


# --- touchpoints


def _deliver(at: _At, move: Deliver) -> Station:
    system, touchpoint = at.system, move.touchpoint
    sent = system.sending(move)
    keys = tuple(dict.fromkeys((fold(touchpoint.name), fold(at.place.name or touchpoint.name))))
    arrives = tuple(_visited(at, keys, met=False))
    may = () if sent.consent is None else (at.guard(sent.consent, Answer.YES),)
    may_not = () if sent.consent is None else (at.guard(sent.consent, Answer.NOT_YES),)
    marks = tuple(_delivery(at, keys, touchpoint))
    then = (*_filled(at, sent), *_delivered(at, keys, touchpoint))
    goes, refuses = ((*may, *_refuses(at, sent, yes=yes)) for yes in (False, True))
    once = [at.arc(move.then, "delivered", (*arrives, *goes), then_=then, marks=marks)]
    if may_not:
        once.append(at.arc(move.then, "suppressed", (*arrives, *may_not), label="consent"))
    if sent.skips:
        once.append(at.arc(move.then, "suppressed", (*arrives, *refuses), label="limit"))
    if not sent.hold:
        return Station(once=tuple(once))
    rest = [at.arc(move.then, "delivered", goes, then_=(*system.meddled, *then), marks=marks, low=1, high=sent.hold)]
    if may_not:
        refused = at.arc(move.then, "suppressed", may_not, label="consent", then_=system.meddled, low=1, high=sent.hold)
        rest.append(refused)
    if sent.drops:
        rest.append(at.arc(move.then, "suppressed", may, label="held", then_=system.meddled, low=1, high=sent.hold))
    rest += at.taken(list(at.takers()), sent.hold)
    settles = (*arrives, *may, system.passes)
    return Station(
        once=tuple(once), settles=settles, rest=tuple(rest), asides=tuple(at.asides(sent.hold)), high=sent.hold
    )


def _refuses(at: _At, sent: Sending, *, yes: bool) -> tuple[Change, ...]:
    """What must be so of the channel for it to suppress the message at once, or to let it through."""
    channel = at.system.project.vocabulary.channels.get(sent.channel)
    return tuple(refusals.refuses(at.system.space, channel, yes=yes)) if channel is not None and sent.skips else ()


def _filled(at: _At, sent: Sending) -> tuple[Change, ...]:
    """What a message does to the limits that count it."""
    channel = at.system.project.vocabulary.channels.get(sent.channel)
    return tuple(refusals.filled(at.system.space, channel)) if channel is not None and sent.limited else ()


def _visited(at: _At, keys: tuple[str, ...], *, met: bool) -> Iterator[Change]:
    """A new visit: no answer to it has come yet, and it is delivered or not."""
    for key in keys:
        yield from at.system.put(("met", key), int(met))
    if not met:
        for one in at.system.space.told:
            if one.form is not None and one.form.answers in keys:
                yield from at.system.put(one.key, NEVER)


def _delivered(at: _At, keys: tuple[str, ...], touchpoint: Touchpoint) -> Iterator[Change]:
    yield from _visited(at, keys, met=True)
    yield from at.system.happened(_form(at, Heard.TOUCHPOINT, touchpoint.name))
    for call in touchpoint.actions:
        yield from at.system.happened(_form(at, Heard.ACTION, call.action))


def _form(at: _At, kind: Heard, name: str) -> EventForm:
    return EventForm(span=at.place.span, kind=kind, name=name)


def _delivery(at: _At, keys: tuple[str, ...], touchpoint: Touchpoint) -> Iterator[Mark]:
    """The message, then its actions in order: each knows of what came before it."""
    yield Mark(Happens.DELIVERED, at.place.id)
    before = [*_visited(at, keys, met=True), *at.system.happened(_form(at, Heard.TOUCHPOINT, touchpoint.name))]
    for call in touchpoint.actions:
        yield Mark(Happens.DONE, at.place.id, fold(call.action), before=tuple(before))
        before += at.system.happened(_form(at, Heard.ACTION, call.action))


# --- effects


def _effect(at: _At, effect: object) -> Iterator[Change]:
    match effect:
        case SetAttribute(assign):
            yield from at.system.assigned(assign)
        case DoAction(call):
            yield from at.system.happened(_form(at, Heard.ACTION, call.action))


def _done(at: _At, effect: object, *, meanwhile: bool = False) -> tuple[Mark, ...]:
    if not isinstance(effect, DoAction):
        return ()
    return (Mark(Happens.DONE, at.place.id, fold(effect.call.action), meanwhile=meanwhile),)


# --- waits


def _wait(at: _At, move: Wait) -> Station:
    once: list[Arc] = []
    settles: list[Change] = []
    kind = "timeout" if move.ways else "next"
    for way in move.ways:
        label = spelling.pattern(way.pattern)
        for one, yes, no in at.standing(way.pattern):
            once.append(at.arc(way.then, "pattern", yes, label=label, by=one))
            settles += no
    low, high = _lasts(move, shift(at.system.project))
    if isinstance(move.deadline, After) and not low:
        return Station(once=(*once, at.arc(move.then, kind, tuple(settles))))
    if not isinstance(move.deadline, After | Clock):
        once += [at.arc(move.then, kind, tuple(settles)), at.arc(move.passed, "passed", tuple(settles))]
    takers = [*at.takers(), *_ways(move)]
    calm = at.calm([*at.untils(), *(way.pattern for way in move.ways)])
    time = at.arc(move.then, kind, calm, then_=at.system.meddled, low=low, high=high)
    return Station(
        once=tuple(once),
        settles=(*settles, at.system.passes),
        rest=(*at.taken(takers, high), time),
        asides=tuple(at.asides(high)),
        high=high,
    )


def _ways(move: Wait) -> Iterator[_Taker]:
    for way in move.ways:
        yield _Taker(pattern=way.pattern, to=way.then, kind="pattern", label=spelling.pattern(way.pattern))


def _lasts(move: Wait, shift: int) -> tuple[int, int | None]:
    match move.deadline:
        case After(seconds):
            return seconds, seconds
        case Clock(weekday=weekday):
            return 1, (7 if weekday else 1) * DAY + shift
        case FromInstant(instant=EventForm(), seconds=seconds):
            return 0, max(seconds, 0)  # the event has been
        case _:
            return 0, None


# --- loops


def _count(at: _At, move: Count) -> Station:
    once: list[Arc] = []
    settles: list[Change] = []
    own = next((scope for scope in at.scopes if scope.id == move.loop), None)
    for handler in own.handlers if own is not None else ():
        for one, yes, no in at.standing(handler.pattern):
            assert own is not None
            taker = at.jumper(own, handler)
            once.append(at.arc(taker.to, "until", yes, label=handler.label, by=one, taker=taker))
            settles += no
    begin = at.arc(move.body, "round")
    done = at.arc(move.done, "done")
    loop = Loop(
        number=move.loop, limit=move.limit, every=move.every or 0, begins=tuple(settles), round=begin, done=done
    )
    if not move.every:
        return Station(once=tuple(once), loop=loop)
    calm = at.calm(at.untils())
    time = at.arc(move.body, "round", calm, then_=at.system.meddled, high=move.every)
    rest = (*at.taken(list(at.takers()), move.every), time)
    asides = tuple(at.asides(move.every))
    return Station(once=tuple(once), settles=(at.system.passes,), rest=rest, asides=asides, high=move.every, loop=loop)


def staying(system: System, place: int, one: Alternative) -> tuple[Change, ...] | None:
    """What must be so for a run to stay where it rests when an event comes; None where it is always taken away."""
    at = _At(system, system.program.places[place])
    move = at.place.move
    takers = [*at.takers(), *(_ways(move) if isinstance(move, Wait) else ())]
    earlier = [other for taker in takers for other in taker.pattern.alternatives if other.form is not None]
    return at.unheard(one, earlier)
