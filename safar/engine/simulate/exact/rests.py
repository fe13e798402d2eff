"""Waits: by time, by an answer, by an interrupt; what comes unheeded meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from safar.engine.expression import Alternative, Expression, Heard, Pattern
from safar.engine.moves import After, Count, DoAction, Handler, Scope, Wait
from safar.engine.simulate.exact.coming import Coming, Kept, Outcome, wait
from safar.engine.simulate.exact.goals import at_hand
from safar.engine.simulate.exact.matters import form_of, hears
from safar.engine.simulate.exact.reading import reads
from safar.engine.simulate.exact.refusal import DOUBT, NotExactError
from safar.engine.simulate.exact.state import Edge, Reward, Round, State
from safar.engine.simulate.track import Way

if TYPE_CHECKING:
    from safar.engine.simulate.exact.expand import Expander

Ways = Mapping[str, tuple[Way, ...]]


class Leads(msgspec.Struct, frozen=True):
    """Where an answer takes a run that rests; `keeps` are the loops that it stays in, None: all."""

    way: Way
    keeps: frozenset[int] | None


class Rest(msgspec.Struct, frozen=True):
    """A run that rests: so many seconds, then on along `then`; what else can take it from there is of its place."""

    state: State
    seconds: int
    then: Way | None
    """None: the wait is for the next round of the loop at this place."""
    own: Sequence[tuple[Pattern, Way]] = ()


class Rests:
    def __init__(self, expander: Expander) -> None:
        self._expander, self._program = expander, expander.program

    # --- the two places at which a run can rest

    def wait(self, state: State, move: Wait, ways: Ways) -> Iterator[Edge]:
        own = list(zip((way.pattern for way in move.ways), ways.get("pattern", ()), strict=True))
        then = ways["timeout" if move.ways else "next"][0]
        if state.remaining >= 0:
            yield from self._rest(Rest(state, state.remaining, then, own))
            return
        for share, part, way in self._standing(state, own):
            if way is not None:
                yield self._expander.go(share, part, way)
            else:
                yield from _scaled(share, self._begin(part, move, then, own))

    def _begin(self, state: State, move: Wait, then: Way, own: list[tuple[Pattern, Way]]) -> Iterator[Edge]:
        if not isinstance(move.deadline, After):
            raise NotExactError("a wait ends by the calendar or by a date", self._program.places[state.place].span)
        if move.deadline.seconds == 0:
            yield self._expander.go(1.0, state, then)
        else:
            yield from self._rest(Rest(state, move.deadline.seconds, then, own))

    def _standing(self, state: State, own: list[tuple[Pattern, Way]]) -> Iterator[tuple[float, State, Way | None]]:
        """Whether what is waited for has come before."""
        todo = [(1.0, state)]
        for pattern, way in own:
            for one in pattern.alternatives:
                left = []
                for share, part in todo:
                    if one.form is not None and not _stands(one, part):
                        left.append((share, part))
                        continue
                    for inner, split, true in self._split(part, one.condition):
                        if true:
                            yield share * inner, split, way
                        else:
                            left.append((share * inner, split))
                todo = left
        for share, part in todo:
            yield share, part, None

    def _split(
        self, state: State, condition: Expression | None, one: Coming | None = None
    ) -> Iterator[tuple[float, State, bool]]:
        """The parts of a state for which a condition holds, or not; the fields of an answer are at hand."""
        scene = at_hand(state.scene(self._expander.stage(state)), one.fields if one is not None else ())
        for share, crowd, true in self._expander.crowds.split(state.crowd, condition, scene):
            yield share, msgspec.structs.replace(state, crowd=crowd), true

    def count(self, state: State, move: Count, ways: Ways) -> Iterator[Edge]:
        """The head of a loop."""
        if state.remaining >= 0:
            yield from self._rest(Rest(state, state.remaining, None))
        elif any(one.loop == move.loop for one in state.rounds):
            yield from self._round(state, move, ways)
        else:
            own = [(pattern, way) for pattern, way in self._until(move)]
            for share, part, way in self._standing(state, own):
                if way is not None:
                    yield self._expander.go(share, part, way)
                else:
                    begun = msgspec.structs.replace(part, rounds=(*part.rounds, Round(move.loop, 0)))
                    yield from _scaled(share, self._round(begun, move, ways))

    def _until(self, move: Count) -> Iterator[tuple[Pattern, Way]]:
        for handler in self._program.scopes[move.loop].handlers:
            if handler.to is not None:
                yield handler.pattern, self._expander.jumped(handler.to, handler.label)

    def _round(self, state: State, move: Count, ways: Ways) -> Iterator[Edge]:
        here = next(one for one in state.rounds if one.loop == move.loop)
        others = tuple(one for one in state.rounds if one.loop != move.loop)
        if here.rounds >= move.limit:
            yield self._expander.go(1.0, msgspec.structs.replace(state, rounds=others), ways["done"][0])
            return
        due = here.rounds * (move.every or 0)
        if here.low < due:
            if here.low < here.high:
                place = self._program.places[state.place]
                raise NotExactError("the next round of a loop begins after delays of chance", place.span)
            yield from self._rest(Rest(state, due - here.low, None))
            return
        begun = Round(here.loop, here.rounds + 1, here.low, here.high)
        begun_state = msgspec.structs.replace(state, rounds=tuple(sorted((*others, begun), key=_loop)))
        yield self._expander.go(1.0, begun_state, ways["round"][0])

    # --- resting

    def _rest(self, rest: Rest) -> Iterator[Edge]:
        for share, state, lead in self._until_true(rest):
            if lead is not None:
                yield self._led(state, lead, Outcome(share, 0.0, None, 0, 0, (), ()), ())
                continue
            for inner, part in self._told_apart(msgspec.structs.replace(rest, state=state)):
                self._refuse_changing(rest, part)
                yield from _scaled(share * inner, self._resting(msgspec.structs.replace(rest, state=part)))

    def _until_true(self, rest: Rest) -> Iterator[tuple[float, State, Leads | None]]:
        """Loops that go on until a condition holds are looked at when the run rests, the outermost first."""
        todo = [(1.0, rest.state)]
        for scope in reversed([scope for scope in self._scopes(rest) if scope.kind == "loop"]):
            for handler in scope.handlers:
                for one in handler.pattern.alternatives:
                    if one.form is None and handler.to is not None:
                        left = []
                        for share, part in todo:
                            for inner, split, true in self._split(part, one.condition):
                                if true:
                                    yield share * inner, split, self._lead(scope, handler)
                                else:
                                    left.append((share * inner, split))
                        todo = left
        yield from ((share, part, None) for share, part in todo)

    def _refuse_changing(self, rest: Rest, state: State) -> None:
        """A condition that is waited for must not be changed by what comes meanwhile."""
        patterns = [handler.pattern for scope in self._scopes(rest) for handler in scope.handlers]
        for pattern in (*patterns, *(pattern for pattern, _ in rest.own)):
            for one in pattern.alternatives:
                if one.form is None and one.condition is not None and state.coming:
                    if "past" in reads(one.condition)[1]:
                        raise NotExactError("a wait is for a condition on the past", one.span)
                    self._settled(one.condition, state)

    def _told_apart(self, rest: Rest) -> Iterator[tuple[float, State]]:
        """Parts of the state in which every condition on what is heard is settled."""
        state, found = rest.state, [(1.0, rest.state)]
        for one in state.coming:
            for test in self._tests(rest, one):
                self._settled(test, state)
                found = [
                    (share * inner, split) for share, part in found for inner, split, _ in self._split(part, test, one)
                ]
        yield from found

    def _tests(self, rest: Rest, one: Coming) -> Iterator[Expression]:
        """The conditions on which it depends whether, and by whom, an answer is heard."""
        for alternative in self._alternatives(rest, one):
            form = alternative.form
            yield from (test for test in (form.where if form else None, alternative.condition) if test is not None)
        yield from (aim.where for aim in self._expander.goals.about(one) if aim.where is not None)

    def _settled(self, condition: Expression, state: State) -> None:
        """What comes meanwhile must not change what decides whether it is heard."""
        names, _ = reads(condition)
        for one in state.coming:
            if any(change.attribute in names for change in self._expander.matters.changes(one.event)):
                raise NotExactError("whether an event is heard depends on what comes meanwhile", condition.span)

    def _resting(self, rest: Rest) -> Iterator[Edge]:
        state, horizon = rest.state, self._expander.horizon
        if state.high + rest.seconds > horizon and state.low < state.high:
            place = self._program.places[state.place]
            raise NotExactError("some runs may be unfinished at the horizon, by earlier delays", place.span)
        seconds = min(rest.seconds, horizon - state.high)
        cut, doubt = self._expander.goals.cut(state, state.coming, seconds)
        leads = [self._leads(rest, one) for one in state.coming]
        self._refuse_inner(state, leads)
        for outcome in wait(state.coming, [lead is not None for lead in leads], self._kept(rest, leads), cut):
            edge = self._ended(rest, outcome, leads, cut)
            yield msgspec.structs.replace(edge, rewards=(*edge.rewards, Reward(DOUBT, doubt))) if doubt else edge

    def _refuse_inner(self, state: State, leads: list[Leads | None]) -> None:
        for one, lead in zip(state.coming, leads, strict=True):
            if lead is None and one.then:
                raise NotExactError("an answer that others hang on comes while nobody waits for it", one.place.span)

    def _kept(self, rest: Rest, leads: list[Leads | None]) -> Kept:
        state = rest.state

        def kept(first: int | None) -> list[bool]:
            lead = leads[first] if first is not None else None
            place = lead.way[0] if lead is not None else state.place
            return [self._expander.reduced(one, state, place) is not None for one in state.coming]

        return kept

    def _ended(self, rest: Rest, outcome: Outcome, leads: list[Leads | None], cut: int) -> Edge:
        state = rest.state
        rewards: list[Reward] = []
        coming = state.coming
        changed = [n for n, _ in outcome.unheeded if self._expander.matters.changes(coming[n].event)]
        if len(changed) > 1:
            raise NotExactError("two answers change attributes in an order of chance", coming[changed[0]].place.span)
        for number, mean in outcome.unheeded:
            state, told = self._heard(rest, state, coming[number], (cut, mean))
            rewards += told
        if outcome.first is not None:
            state, told = self._heard(rest, state, coming[outcome.first], (cut, outcome.mean))
            rewards += told
        state = state.later(outcome.soonest, outcome.latest)
        left = outcome.left
        if outcome.first is not None:
            left = (*left, *(_released(one, coming[outcome.first]) for one in coming[outcome.first].then))
        state = msgspec.structs.replace(state, coming=tuple(sorted(left, key=lambda one: one.order)))
        lead = leads[outcome.first] if outcome.first is not None else None
        if lead is not None:
            return self._led(state, lead, outcome, tuple(rewards))
        return self._timed(rest, state, outcome, cut, tuple(rewards))

    def _led(self, state: State, lead: Leads, outcome: Outcome, rewards: tuple[Reward, ...]) -> Edge:
        if lead.keeps is not None:
            rounds = tuple(one for one in state.rounds if one.loop in lead.keeps)
            state = msgspec.structs.replace(state, rounds=rounds)
        return self._expander.go(outcome.chance, state, lead.way, rewards, outcome.mean)

    def _timed(self, rest: Rest, state: State, outcome: Outcome, cut: int, rewards: tuple[Reward, ...]) -> Edge:
        expander = self._expander
        if cut < rest.seconds:
            if state.low >= expander.horizon:
                return expander.end(outcome.chance, state, "", rewards, cut)
            coming = expander.kept(state, state.place)
            target = msgspec.structs.replace(state, remaining=rest.seconds - cut, coming=coming)
            return Edge(outcome.chance, target, cut, rewards)
        if rest.then is None:
            target = msgspec.structs.replace(state, remaining=-1, coming=expander.kept(state, state.place))
            return Edge(outcome.chance, target, cut, rewards)
        return expander.go(outcome.chance, state, rest.then, rewards, cut)

    # --- what an answer does

    def _heard(
        self, rest: Rest, state: State, one: Coming, when: tuple[int, float]
    ) -> tuple[State, tuple[Reward, ...]]:
        """The event's `then set` lines, the fact, the goals, and interrupts that leave the run where it is."""
        expander = self._expander
        seconds, mean = when
        for change in expander.matters.changes(one.event):
            scene = at_hand(state.scene(expander.stage(state)), one.fields)
            origins = expander.crowds.put(scene, change, state.crowd)
            state = msgspec.structs.replace(state, origins=tuple(o for o in origins if not o[0].startswith("event.")))
        state = expander.note(state, Heard.EVENT, one.event, one.touchpoint, one.step)
        state, rewards = expander.goals.by_answer(state, one, seconds, mean)
        for handler in self._asides(rest):
            if isinstance(handler.effect, DoAction) and self._hears(handler.pattern, one, state):
                state, done = expander.act(state, handler.effect.call.action)
                rewards = (*rewards, *(Reward(r.key, r.amount, mean) for r in done))
        return state, rewards

    def _scopes(self, rest: Rest) -> list[Scope]:
        """The scopes around the place, the innermost first."""
        return list(self._program.around(rest.state.place))

    def _asides(self, rest: Rest) -> Iterator[Handler]:
        for scope in reversed(self._scopes(rest)):
            yield from (handler for handler in scope.handlers if handler.effect is not None)

    def _alternatives(self, rest: Rest, one: Coming) -> Iterator[Alternative]:
        patterns = [handler.pattern for scope in self._scopes(rest) for handler in scope.handlers]
        for pattern in (*patterns, *(pattern for pattern, _ in rest.own)):
            for alternative in pattern.alternatives:
                if alternative.form is not None and hears(form_of(alternative.form), *_of(one)):
                    yield alternative

    def _hears(self, pattern: Pattern, one: Coming, state: State) -> bool:
        for alternative in pattern.alternatives:
            if alternative.form is not None and hears(form_of(alternative.form), *_of(one)):
                tests = (alternative.form.where, alternative.condition)
                if all(self._true(state, test, one) for test in tests if test is not None):
                    return True
        return False

    def _true(self, state: State, test: Expression, one: Coming) -> bool:
        parts = list(self._split(state, test, one))
        if len(parts) > 1:
            raise NotExactError("whether an event is heard depends on what comes meanwhile", test.span)
        return parts[0][2]

    def _leads(self, rest: Rest, one: Coming) -> Leads | None:
        """Where an answer takes the run: loops from the outermost in, then stage and journey, then the wait."""
        scopes = self._scopes(rest)
        order = [s for s in reversed(scopes) if s.kind == "loop"] + [s for s in scopes if s.kind != "loop"]
        for scope in order:
            for handler in scope.handlers:
                if handler.to is not None and self._hears(handler.pattern, one, rest.state):
                    return self._lead(scope, handler)
        for pattern, way in rest.own:
            if self._hears(pattern, one, rest.state):
                return Leads(way, None)
        return None

    def _lead(self, scope: Scope, handler: Handler) -> Leads:
        assert handler.to is not None
        way = self._expander.jumped(handler.to, handler.label)
        return Leads(way, frozenset(self._outside(scope)) if scope.kind == "loop" else frozenset())

    def _outside(self, scope: Scope) -> Iterator[int]:
        while scope.parent >= 0:
            scope = self._program.scopes[scope.parent]
            if scope.kind == "loop":
                yield scope.id


def _of(one: Coming) -> tuple[str, str, str]:
    return one.event, one.touchpoint, one.step


def _stands(one: Alternative, state: State) -> bool:
    """Whether an answer to the latest visit has come before; only answers can stand already."""
    if one.form is None or not one.form.answers:
        return False
    kind, name, place = form_of(one.form)
    stands = any(fact[:2] == (kind, name) and place in fact[2:] for fact in state.facts)
    if stands and one.form.where is not None:
        raise NotExactError("an answer with certain fields may have come before", one.span)
    return stands


def _released(inner: Coming, outer: Coming) -> Coming:
    return msgspec.structs.replace(inner, turn=outer.turn)


def _scaled(share: float, edges: Iterator[Edge]) -> Iterator[Edge]:
    for edge in edges:
        yield edge if share == 1.0 else msgspec.structs.replace(edge, chance=edge.chance * share)


def _loop(one: Round) -> int:
    return one.loop
