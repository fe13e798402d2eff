"""The chain: from each state the ways out of it, with their chances, by the moves of the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

import msgspec

from safar.engine import moves
from safar.engine.expression import Heard
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate import chance, prices
from safar.engine.simulate.acts import way_to, ways_of
from safar.engine.simulate.exact.coming import Coming
from safar.engine.simulate.exact.crowds import Crowds, Fact, Origin
from safar.engine.simulate.exact.deliveries import Deliveries
from safar.engine.simulate.exact.goals import Goals
from safar.engine.simulate.exact.matters import Form, Matters, hears
from safar.engine.simulate.exact.refusal import NotExactError
from safar.engine.simulate.exact.rests import Rests
from safar.engine.simulate.exact.state import Edge, Reward, State
from safar.engine.simulate.track import Way


class Expander:
    """Works out the ways out of states."""

    def __init__(self, program: Program, crowds: Crowds, matters: Matters) -> None:
        self.program, self.crowds, self.matters = program, crowds, matters
        self.goals = Goals(program.journey, crowds)
        self.horizon = program.journey.horizon
        self._ways = {number: ways_of(program, number) for number in range(len(program.places))}
        self._loops = {
            number: frozenset(scope.id for scope in program.around(number) if scope.kind == "loop")
            for number in range(len(program.places))
        }
        self._actions = {name: prices.action(program.project, name) for name in program.project.vocabulary.actions}
        self._deliveries = Deliveries(self)
        self._rests = Rests(self)

    # --- from place to place

    def begin(self, state: State, share: float, rewards: tuple[Reward, ...]) -> Edge:
        """The way from the entry to the first place."""
        to = self.program.resolve(self.program.start)
        state = self._arrived(state, to)
        return Edge(share, state, 0.0, (*rewards, *self._walked("entry", to, "")))

    def _walked(self, start: str, to: int, label: str) -> tuple[Reward, ...]:
        node = self.program.places[to].node
        return Reward(("visit", node)), Reward(("edge", start, node, label))

    def go(self, share: float, state: State, way: Way, rewards: tuple[Reward, ...] = (), seconds: float = 0.0) -> Edge:
        """On along a way."""
        to, label, anew = way
        node = self.program.places[state.place].node
        rounds = tuple(one for one in state.rounds if one.loop != anew and one.loop in self._loops[to])
        target = self._arrived(msgspec.structs.replace(state, rounds=rounds), to)
        walked = self._walked(node, to, label)
        late = tuple(Reward(one.key, one.amount, seconds) for one in walked)
        return Edge(share, target, seconds, (*rewards, *late))

    def _arrived(self, state: State, to: int) -> State:
        asked = self.matters.asked_from(to)
        facts = frozenset(fact for fact in state.facts if any(_tells(fact, form) for form in asked))
        coming = self.kept(state, to)
        used = [origin for _, origin in state.origins] + [origin for one in coming for origin in _drawn(one)]
        crowd = self.crowds.pruned(state.crowd, used)
        return msgspec.structs.replace(state, place=to, remaining=-1, coming=coming, facts=facts, crowd=crowd)

    def kept(self, state: State, place: int) -> tuple[Coming, ...]:
        """The answers under way that still play a part from a place on, their turns counted anew."""
        left = [kept for one in state.coming if (kept := self.reduced(one, state, place)) is not None]
        turns = {turn: number for number, turn in enumerate(sorted({one.turn for one in left}))}
        return tuple(msgspec.structs.replace(one, turn=turns[one.turn]) for one in sorted(left, key=_order))

    def reduced(self, one: Coming, state: State, place: int) -> Coming | None:
        """An answer as far as it plays a part; None if it plays none."""
        then = tuple(inner for line in one.then if (inner := self.reduced(line, state, place)) is not None)
        if self.heard(one, state, place):
            return one if then == one.then else msgspec.structs.replace(one, then=then)
        if not then:
            return None
        return self._deliveries.joined(one, then)

    def heard(self, one: Coming, state: State, place: int) -> bool:
        """Whether an answer itself plays a part, the lines inside it aside."""
        if any(hears(form, one.event, one.touchpoint, one.step) for form in self.matters.heard_from(place)):
            return True
        if any(self.goals.open(aim, state) for aim in self.goals.about(one)):
            return True
        if any(hears(form, one.event, one.touchpoint, one.step) for form in self.matters.asked_from(place)):
            return True
        return bool(self.matters.changes(one.event))

    # --- moves

    def expand(self, state: State) -> list[Edge]:
        """All ways out of a state; their chances sum up to one."""
        place = self.program.places[state.place]
        move = place.move
        match move:
            case moves.Deliver():
                return list(self._deliveries.arrive(state, move.touchpoint, self._way(state, "next")))
            case moves.Effect():
                return list(self._effect(state, move.effect))
            case moves.Branch():
                return list(self._branch(state, move))
            case moves.Draw():
                return list(self._draw(state, move))
            case moves.Wait():
                return list(self._rests.wait(state, move, self._ways[state.place]))
            case moves.Count():
                return list(self._rests.count(state, move, self._ways[state.place]))
            case moves.Exit():
                return list(self._exit(state, move))
            case moves.Jump():
                raise NotExactError("a jump leads to itself", place.span)
            case _:
                assert_never(move)

    def _way(self, state: State, kind: str) -> Way:
        return self._ways[state.place][kind][0]

    def stage(self, state: State) -> str:
        return self.program.places[state.place].stage

    def _effect(self, state: State, effect: moves.EffectKind) -> Iterator[Edge]:
        rewards: tuple[Reward, ...] = ()
        if isinstance(effect, moves.SetAttribute):
            if effect.assign.attribute in self.matters.attributes:
                origins = self.crowds.put(state.scene(self.stage(state)), effect.assign, state.crowd)
                state = msgspec.structs.replace(state, origins=origins)
        elif isinstance(effect, moves.DoAction):
            state, rewards = self.act(state, effect.call.action)
        yield self.go(1.0, state, self._way(state, "next"), rewards)

    def act(self, state: State, action: str) -> tuple[State, tuple[Reward, ...]]:
        """An action is done: what it costs, the fact, the goals."""
        doing = self._actions.get(action, prices.Doing())
        rewards = [Reward(("action", action))]
        rewards += [Reward(("cost", currency), units) for currency, units in doing.done]
        if doing.events:
            rewards.append(Reward(("untold", "cost")))
        state, once = self.pay_once(state, doing.customer, "")
        state = self.note(state, Heard.ACTION, fold(action))
        state, reached = self.goals.by_deed(state, Heard.ACTION, fold(action))
        return state, (*rewards, *once, *reached)

    def pay_once(
        self, state: State, charges: tuple[tuple[str, prices.Charge], ...], channel: str
    ) -> tuple[State, tuple[Reward, ...]]:
        """What is paid once per customer."""
        rewards: list[Reward] = []
        for name, (currency, units) in charges:
            key = f"{name} {currency} {units}"
            if key not in state.paid:
                state = msgspec.structs.replace(state, paid=state.paid | {key})
                rewards.append(Reward(("cost", currency), units))
                if channel:
                    rewards.append(Reward(("channel_cost", channel, currency), units))
        return state, tuple(rewards)

    def note(self, state: State, kind: Heard, name: str, touchpoint: str = "", step: str = "") -> State:
        """Something happened that a condition may ask for."""
        places = {form[2] for form in self.matters.asked if form[:2] == (kind, name)}
        if not places:
            return state
        fact = kind, name, touchpoint if touchpoint in places else "", step if step in places else ""
        return msgspec.structs.replace(state, facts=state.facts | {fact})

    def _branch(self, state: State, move: moves.Branch) -> Iterator[Edge]:
        ways = self._ways[state.place]
        for share, crowd, true in self.crowds.split(state.crowd, move.condition, state.scene(self.stage(state))):
            part = msgspec.structs.replace(state, crowd=crowd)
            yield self.go(share, part, ways["true" if true else "false"][0])

    def _draw(self, state: State, move: moves.Draw) -> Iterator[Edge]:
        ways, known = self._ways[state.place]["arm"], dict(state.arms)
        ends = chance.thresholds(arm.share for arm in move.arms)
        begin = 0
        for arm, end, way in zip(move.arms, ends, ways, strict=True):
            share, begin = (end - begin) / chance.ONE, end
            if move.split in known:
                if known[move.split] == arm.name:
                    yield self.go(1.0, state, way)
            elif share > 0:
                arms = tuple(sorted((*state.arms, (move.split, arm.name))))
                yield self.go(share, msgspec.structs.replace(state, arms=arms), way)

    def _exit(self, state: State, move: moves.Exit) -> Iterator[Edge]:
        state, rewards = self.goals.by_exit(state, fold(move.outcome))
        yield self.end(1.0, state, move.outcome, rewards)

    def end(self, share: float, state: State, outcome: str, rewards: tuple[Reward, ...], seconds: float = 0.0) -> Edge:
        """The run is over; answers under way may still reach its goals."""
        found = list(rewards)
        persona, arms = state.crowd.persona, state.arms
        for aim, reached, late in self.goals.afterwards(state, self.horizon):
            found += [Reward(one.key, one.amount, one.after + seconds) for one in late]
            if reached:
                found += [Reward(("arm_goal", *arm, aim.name), reached) for arm in arms]
                found += [Reward(("persona_goal", persona, aim.name), reached)] if persona else []
        found += [Reward(("arm", *arm)) for arm in arms]
        found += [Reward(("outcome", outcome) if outcome else ("unfinished",))]
        found += [Reward(("left",), 1.0, seconds)]
        return Edge(share, None, seconds, tuple(found), outcome, state)

    def jumped(self, place: int, label: str) -> Way:
        return way_to(self.program, place, label)


def _drawn(one: Coming) -> Iterator[Origin]:
    yield from (origin for _, origin in one.fields)
    for inner in one.then:
        yield from _drawn(inner)


def _tells(fact: Fact, form: Form) -> bool:
    return fact[:2] == form[:2] and form[2] in ("", *fact[2:])


def _order(one: Coming) -> tuple[int, int]:
    return one.order
