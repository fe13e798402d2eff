"""Touchpoints: the checks before a delivery, what it costs, and the answers that it sets going."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from safar.engine.expression import Heard
from safar.engine.model import Cap, ChanceCase, Channel, Limit, Response, Send, Touchpoint
from safar.engine.names import fold
from safar.engine.simulate import chance, prices
from safar.engine.simulate.channel import Counters
from safar.engine.simulate.exact.amounts import possible
from safar.engine.simulate.exact.coming import Coming, Place
from safar.engine.simulate.exact.crowds import Crowd, Origin
from safar.engine.simulate.exact.laws import Law, after, law
from safar.engine.simulate.exact.refusal import NotExactError
from safar.engine.simulate.exact.state import Ages, Edge, Reward, State
from safar.engine.simulate.track import Way

if TYPE_CHECKING:
    from safar.engine.simulate.exact.expand import Expander

Going = tuple[float, Crowd, tuple[Coming, ...]]
Fields = tuple[tuple[str, Origin], ...]


class Deliveries:
    def __init__(self, expander: Expander) -> None:
        self._expander = expander
        self._project = expander.program.project
        self._counters = Counters(self._project)
        self._contacts: dict[str, prices.Contact] = {}
        places = [p for p in expander.program.places if hasattr(p.move, "touchpoint")]
        names = [p.move.touchpoint.name for p in places]  # type: ignore[union-attr]
        again = {p.move.touchpoint.name for p in places if p.id in _behind(expander, p.id)}  # type: ignore[union-attr]
        self._once = {name for name in names if names.count(name) == 1 and name not in again}

    def arrive(self, state: State, touchpoint: Touchpoint, way: Way) -> Iterator[Edge]:
        """Earlier answers are withdrawn, the checks asked, and what passes is delivered."""
        place = self._expander.program.places[state.place]
        step = fold(place.name or touchpoint.name)
        state = _withdrawn(state, fold(touchpoint.name), step)
        for share, part, reason, channel in self._checked(state, touchpoint):
            if reason:
                rewards = [Reward(("suppressed", touchpoint.name, reason))]
                rewards += [Reward(("channel_suppressed", channel, reason))] if channel else []
                yield self._expander.go(share, part, way, tuple(rewards))
            else:
                yield from self._delivered(share, part, touchpoint, step, way)

    # --- checks

    def _checked(self, state: State, touchpoint: Touchpoint) -> Iterator[tuple[float, State, str, str]]:
        """Parts of the state with the reason for which the message is not sent; empty if it is."""
        contact = touchpoint.contact
        channels = self._project.vocabulary.channels
        channel = channels.get(contact.channel) if isinstance(contact, Send) else None
        if channel is None or touchpoint.transactional or not channel.outbound:
            yield 1.0, state, "", channel.name if channel is not None else ""
            return
        scene = state.scene(self._expander.stage(state))
        for share, crowd, true in self._expander.crowds.split(state.crowd, channel.consent, scene):
            part = msgspec.structs.replace(state, crowd=crowd)
            yield share, part, self._limited(part, channel) if true else "consent", channel.name

    def _limited(self, state: State, channel: Channel) -> str:
        sent = dict(state.sent)
        numbers = self._counters.of(channel)
        own = [(numbers[0], cap) for cap in channel.caps]
        limits = [one for one in self._project.vocabulary.limits.values() if _covers(one, channel)]
        own += [(number, cap) for number, one in zip(numbers[1:], limits, strict=True) for cap in one.caps]
        for counter, cap in own:
            if self._is_full(cap, sent.get(counter, ())):
                if cap.refusal.wait:
                    raise NotExactError("a message is held until a limit lets it pass", cap.span)
                return "limit"
        for part in (*channel.quiet, *channel.closed):
            raise NotExactError(f"whether `{channel.name}` is open depends on the time of day", part.span)
        return ""

    @staticmethod
    def _is_full(cap: Cap, ages: Ages) -> bool:
        if len(ages) < cap.count:
            return False
        if cap.window is None:
            raise NotExactError("a limit by the calendar may be reached", cap.span)
        window = cap.window
        surely = sum(1 for _, high in ages if high < window)
        perhaps = sum(1 for low, _ in ages if low < window)
        if surely < cap.count <= perhaps:
            raise NotExactError("whether a limit is reached depends on delays", cap.span)
        return surely >= cap.count

    # --- delivery

    def _delivered(self, share: float, state: State, touchpoint: Touchpoint, step: str, way: Way) -> Iterator[Edge]:
        expander, name = self._expander, touchpoint.name
        contact = self._contact(touchpoint)
        _, _, counters = self._counters.contact(touchpoint)
        state = self._counted(state, counters)
        rewards = [Reward(("delivered", name)), Reward(("figure", "delivered"))]
        rewards += [Reward(("figure", "messages"))] if contact.marketing else []
        rewards += [Reward(("channel_delivered", contact.channel))] if contact.channel else []
        for currency, units in contact.message:
            rewards.append(Reward(("cost", currency), units))
            rewards += [Reward(("channel_cost", contact.channel, currency), units)] if contact.channel else []
        state, once = expander.pay_once(state, contact.customer, contact.channel)
        state = expander.note(state, Heard.TOUCHPOINT, fold(name))
        state, reached = expander.goals.by_deed(state, Heard.TOUCHPOINT, fold(name))
        rewards += [*once, *reached]
        for call in touchpoint.actions:
            state, done = expander.act(state, call.action)
            rewards += done
        for inner, crowd, coming in self._answers(state, touchpoint.responds, step, touchpoint):
            told = self._told(state, touchpoint, coming, contact)
            part = msgspec.structs.replace(state, crowd=crowd, coming=(*state.coming, *coming))
            yield expander.go(share * inner, part, way, (*rewards, *told))

    def _contact(self, touchpoint: Touchpoint) -> prices.Contact:
        if touchpoint.name not in self._contacts:
            self._contacts[touchpoint.name] = prices.contact(self._project, touchpoint)
        return self._contacts[touchpoint.name]

    def _counted(self, state: State, counters: tuple[int, ...]) -> State:
        sent = dict(state.sent)
        for counter in counters:
            sent[counter] = (*sent.get(counter, ()), (0, 0))
        kept = {counter: ages for counter, ages in sent.items() if self._capped(counter)}
        return msgspec.structs.replace(state, sent=tuple(sorted(kept.items())))

    def _capped(self, counter: int) -> bool:
        vocabulary = self._project.vocabulary
        capped: list[Channel | Limit] = [*vocabulary.channels.values(), *vocabulary.limits.values()]
        return bool(capped[counter].caps)

    def _told(
        self, state: State, touchpoint: Touchpoint, coming: tuple[Coming, ...], contact: prices.Contact
    ) -> Iterator[Reward]:
        """Answers as they are counted; of a touchpoint that may be met again they may be withdrawn."""
        if touchpoint.name not in self._once:
            if touchpoint.responds:
                yield Reward(("untold", "answer", touchpoint.name))
                yield from (Reward(("untold", "cost")) for _ in contact.answers)
            return
        for chance_of, one in _all(coming):
            if state.high + one.latest > self._expander.horizon:
                yield Reward(("untold", "answer", touchpoint.name))
            yield Reward(("answer", touchpoint.name, one.event), chance_of)
            for currency, units in contact.answers.get(one.event, ()):
                yield Reward(("cost", currency), units * chance_of)
                if contact.channel:
                    yield Reward(("channel_cost", contact.channel, currency), units * chance_of)

    # --- answers

    def _answers(
        self, state: State, lines: tuple[Response, ...], step: str, touchpoint: Touchpoint, first: int = 0
    ) -> Iterator[Going]:
        """The lines of one block, for each part of the crowd that their conditions tell apart."""
        if not lines:
            yield 1.0, state.crowd, ()
            return
        line, rest = lines[0], lines[1:]
        behind = first + 1 + _size(line.then)
        for share, crowd, below in self._chances(state, line.chance):
            part = msgspec.structs.replace(state, crowd=crowd)
            for inner, narrowed, then in self._answers(part, line.then if below else (), step, touchpoint, first + 1):
                part = msgspec.structs.replace(part, crowd=narrowed)
                for here, left, fields in self._fields(part, line if below else None):
                    one = self._coming(line, below, (first, touchpoint, step), then, fields)
                    part = msgspec.structs.replace(part, crowd=left)
                    for other, last, more in self._answers(part, rest, step, touchpoint, behind):
                        yield share * inner * here * other, last, (*([one] if below else []), *more)

    def _chances(self, state: State, cases: tuple[ChanceCase, ...]) -> Iterator[tuple[float, Crowd, int]]:
        """The threshold of the first case that holds, for each part of the crowd."""
        scene, todo = state.scene(self._expander.stage(state)), [(1.0, state.crowd)]
        for case in cases:
            left = []
            for share, crowd in todo:
                for inner, part, true in self._expander.crowds.split(crowd, case.condition, scene):
                    if true:
                        yield share * inner, part, chance.threshold(case.chance)
                    else:
                        left.append((share * inner, part))
            todo = left
        for share, crowd in todo:
            yield share, crowd, 0

    def _fields(self, state: State, line: Response | None) -> Iterator[tuple[float, Crowd, Fields]]:
        """The fields of a payload that some amount or condition asks for."""
        lines = line.payload if line is not None else ()
        asked = [one for one in lines if f"event.{one.field}" in self._expander.matters.fields]
        found: list[tuple[float, Crowd, Fields]] = [(1.0, state.crowd, ())]
        crowds, scene = self._expander.crowds, state.scene(self._expander.stage(state))
        for filled in asked:
            more: list[tuple[float, Crowd, Fields]] = []
            for share, crowd, fields in found:
                for inner, part, value in possible(crowds, filled.cases, filled.type, crowd, scene):
                    if isinstance(value, tuple):
                        left, origin = crowds.bind(part, f"event.{filled.field}", value)
                    else:
                        left, origin = part, value
                    more.append((share * inner, left, (*fields, (filled.field, origin))))
            found = more
        yield from found

    @staticmethod
    def _coming(
        line: Response,
        below: int,
        where: tuple[int, Touchpoint, str],
        then: tuple[Coming, ...],
        fields: Fields,
    ) -> Coming:
        number, touchpoint, step = where
        return Coming(
            turn=1 << 20,  # behind all earlier ones; counted anew when the run goes on
            line=number,
            touchpoint=fold(touchpoint.name),
            step=step,
            event=fold(line.event),
            chance=below / chance.ONE,
            law=law(line.delay),
            then=then,
            fields=fields,
            place=Place(line.span),
        )

    def joined(self, outer: Coming, then: tuple[Coming, ...]) -> Coming:
        """An inner answer counted from the outer one's beginning, where nobody listens to the outer one."""
        if len(then) > 1:
            raise NotExactError("several answers hang on one that nobody waits for", outer.place.span)
        (inner,) = then
        first, sure = _rest(outer)
        whole = after(first, inner.law) if first is not None else None
        if whole is None:
            raise NotExactError("an answer hangs on one that nobody waits for, by other delays", outer.place.span)
        return msgspec.structs.replace(inner, law=whole, chance=sure * inner.chance, turn=outer.turn)


def _rest(outer: Coming) -> tuple[Law | None, float]:
    """The law of what is still to come of an answer, and the chance that it comes."""
    if outer.age == 0 and outer.least == 0:
        return outer.law, outer.chance
    sure = 1.0 - outer.never
    if outer.law.memoryless:
        return Law("exponential", outer.law.low, shift=outer.least - outer.age), sure
    if outer.law.kind == "fixed":
        return Law("fixed", outer.latest), sure
    return None, sure


def _withdrawn(state: State, touchpoint: str, step: str) -> State:
    facts = frozenset(
        (kind, name, "" if at == touchpoint else at, "" if where == step else where)
        for kind, name, at, where in state.facts
    )
    coming = tuple(one for one in state.coming if one.touchpoint != touchpoint)
    return msgspec.structs.replace(state, facts=facts, coming=coming)


def _covers(limit: Limit, channel: Channel) -> bool:
    return channel.outbound and (not limit.channels or channel.name in limit.channels)


def _size(lines: tuple[Response, ...]) -> int:
    return sum(1 + _size(line.then) for line in lines)


def _all(coming: tuple[Coming, ...], chance_of: float = 1.0) -> Iterator[tuple[float, Coming]]:
    for one in coming:
        yield chance_of * one.chance, one
        yield from _all(one.then, chance_of * one.chance)


def _behind(expander: Expander, place: int) -> set[int]:
    """The places that can come after a place."""
    program = expander.program
    starts = [edge.end for edge in program.ways(place)]
    if program.rests(place):
        starts += [edge.end for edge in program.interrupts(place)]
    return program.passed(*starts) if starts else set()
