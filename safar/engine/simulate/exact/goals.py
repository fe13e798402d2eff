"""Goals: which answers, deliveries and actions reach them, in time or not, and what that is worth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import msgspec

from safar.engine.expression import Base, Expression, Heard
from safar.engine.model import Goal, Journey
from safar.engine.names import fold
from safar.engine.simulate.exact.coming import Coming
from safar.engine.simulate.exact.crowds import Crowds, Origin, Scene
from safar.engine.simulate.exact.matters import Form, form_of, hears
from safar.engine.simulate.exact.refusal import DOUBT, DOUBTFUL, NotExactError
from safar.engine.simulate.exact.state import Reward, State
from safar.engine.source import Span

Fields = tuple[tuple[str, Origin], ...]


class Aim(msgspec.Struct, frozen=True):
    """A goal made ready: what reaches it (None: an exit of its name), up to when, and its value in money."""

    name: str
    form: Form | None
    where: Expression | None
    within: int
    value: Expression | None
    currency: str
    first: bool
    span: Span


def aims(journey: Journey) -> tuple[Aim, ...]:
    return tuple(_aim(goal, journey.horizon) for goal in journey.goals)


def _aim(goal: Goal, horizon: int) -> Aim:
    on, value = goal.on, goal.value
    within = goal.within if goal.within is not None else on.within if on is not None else None
    money = value is not None and value.type.base is Base.MONEY
    return Aim(
        name=goal.name,
        form=form_of(on) if on is not None else None,
        where=on.where if on is not None else None,
        within=horizon if within is None else min(within, horizon),
        value=value if money else None,
        currency=value.type.currency if money and value is not None else "",
        first=goal.value_first,
        span=goal.span,
    )


class Goals:
    def __init__(self, journey: Journey, crowds: Crowds) -> None:
        self.aims, self._crowds = aims(journey), crowds

    def open(self, aim: Aim, state: State) -> bool:
        """Whether the goal can still be reached, or be worth more."""
        return aim.name not in state.goals or (aim.value is not None and not aim.first)

    def about(self, one: Coming) -> Iterator[Aim]:
        """The goals that an answer may be about, its fields aside."""
        for aim in self.aims:
            if aim.form is not None and hears(aim.form, one.event, one.touchpoint, one.step):
                yield aim

    def of_answer(self, one: Coming, state: State) -> Iterator[Aim]:
        """The goals that an answer is about."""
        for aim in self.about(one):
            parts = self._crowds.split(state.crowd, aim.where, at_hand(state.scene(""), one.fields))
            if len(parts) > 1:
                raise NotExactError(f"whether an event reaches the goal `{aim.name}` depends on its fields", aim.span)
            if parts[0][2]:
                yield aim

    def of_deed(self, kind: Heard, name: str) -> Iterator[Aim]:
        """The goals that a delivery or an action is about."""
        return (aim for aim in self.aims if aim.form is not None and aim.form[:2] == (kind, name))

    def cut(self, state: State, coming: Iterable[Coming], seconds: int) -> tuple[int, float]:
        """How long one can wait before some goal's time is up, so that what comes before is in time and later is not;
        and the chance that this is wrong, since the time since the entry is a matter of chance.
        """
        doubt = 0.0
        for one in coming:
            for aim in self.of_answer(one, state):
                if self.open(aim, state):
                    seconds, more = self._cut(aim, one, state, seconds)
                    doubt += more
        return seconds, doubt

    def _cut(self, aim: Aim, one: Coming, state: State, seconds: int) -> tuple[int, float]:
        last = min(seconds, one.latest)
        if state.high + last <= aim.within or state.low + one.soonest > aim.within:
            return seconds, 0.0
        sharp = aim.within - state.high
        return (min(seconds, sharp) if sharp >= 0 else seconds), self._doubt(aim, one, state)

    def _doubt(self, aim: Aim, one: Coming, state: State) -> float:
        """The chance that an answer comes when it depends on earlier delays whether the goal's time is up."""
        if state.low == state.high:
            return 0.0
        doubt = one.by(aim.within - state.low) - one.by(aim.within - state.high)
        if doubt > DOUBTFUL:
            raise NotExactError(f"whether the goal `{aim.name}` is reached in time depends on earlier delays", aim.span)
        return doubt

    def by_answer(self, state: State, one: Coming, seconds: int, after: float) -> tuple[State, tuple[Reward, ...]]:
        """What an answer that comes in a wait of so many seconds does, `after` so many on average."""
        rewards: list[Reward] = []
        for aim in self.of_answer(one, state):
            if state.high + min(seconds, one.latest) <= aim.within:
                state = self._reach(state, aim, rewards, after, one.fields)
        return state, (*rewards, *_revenue(rewards))

    def by_deed(self, state: State, kind: Heard, name: str) -> tuple[State, tuple[Reward, ...]]:
        """What a delivery or an action does now."""
        rewards: list[Reward] = []
        for aim in self.of_deed(kind, name):
            if state.high <= aim.within:
                state = self._reach(state, aim, rewards, 0.0, ())
            elif state.low <= aim.within:
                raise NotExactError(f"whether the goal `{aim.name}` is reached in time depends on delays", aim.span)
        return state, (*rewards, *_revenue(rewards))

    def by_exit(self, state: State, outcome: str) -> tuple[State, tuple[Reward, ...]]:
        rewards: list[Reward] = []
        for aim in self.aims:
            if aim.form is None and fold(aim.name) == outcome:
                state = self._reach(state, aim, rewards, 0.0, ())
        return state, (*rewards, *(one for reward in rewards for one in _revenue([reward])))

    def _reach(self, state: State, aim: Aim, rewards: list[Reward], after: float, fields: Fields) -> State:
        again = aim.name in state.goals
        if again and (aim.value is None or aim.first):
            return state
        if not again:
            rewards.append(Reward(("goal", aim.name), 1.0, after))
        if aim.value is not None:
            worth = self._worth(state, aim.value, fields)
            rewards.append(Reward(("goal_value", aim.name, aim.currency), worth, after))
        return msgspec.structs.replace(state, goals=state.goals | {aim.name})

    def _worth(self, state: State, value: Expression, fields: Fields) -> float:
        scene = at_hand(state.scene(""), fields)
        return self._crowds.mean(state.crowd, self._crowds.amount(value, scene), scene)

    def afterwards(self, state: State, horizon: int) -> Iterator[tuple[Aim, float, tuple[Reward, ...]]]:
        """For each goal the chance that it is reached in the end, by answers that come after the exit, and rewards."""
        for aim in self.aims:
            late = [one for one in state.coming if aim in self.of_answer(one, state)] if self.open(aim, state) else []
            here = 1.0 if aim.name in state.goals else 0.0
            seconds = aim.within - state.high
            if not late or seconds < 0:
                yield aim, here, ()
                continue
            doubt = math.fsum(self._doubt(aim, one, state) for one in late)
            _, chance, rewards = self._late(state, aim, late, seconds)
            yield aim, chance, (*rewards, Reward(DOUBT, doubt))

    def _late(self, state: State, aim: Aim, late: list[Coming], seconds: int) -> tuple[Aim, float, tuple[Reward, ...]]:
        rewards: list[Reward] = []
        here = aim.name in state.goals
        chance = 1.0 if here else 1.0 - math.prod(one.later(seconds) for one in late)
        if not here and chance > 0:
            mean = _first(late, seconds) / chance
            rewards.append(Reward(("goal", aim.name), chance, mean))
        if aim.value is not None:
            if aim.first and len(late) > 1:
                raise NotExactError(f"several answers may give `{aim.name}` its only value", aim.span)
            for one in late:
                worth = self._worth(state, aim.value, one.fields) * one.by(seconds)
                rewards.append(Reward(("goal_value", aim.name, aim.currency), worth))
                if self._first_of(aim, one, state):
                    rewards.append(Reward(("revenue", aim.currency), worth))
        return aim, chance, tuple(rewards)

    def _first_of(self, aim: Aim, one: Coming, state: State) -> bool:
        """Whether no goal before this one gives a value for the same event."""
        return (
            next(other for other in self.of_answer(one, state) if other.value is not None and self.open(other, state))
            is aim
        )


def _revenue(rewards: list[Reward]) -> Iterator[Reward]:
    """An event brings its value once, by the first goal that it reaches."""
    for reward in rewards:
        if reward.key[0] == "goal_value":
            yield Reward(("revenue", reward.key[2]), reward.amount, reward.after)
            return


def _first(late: list[Coming], seconds: int) -> float:
    """The sum of second x chance that the first of them comes then."""
    if len(late) == 1:
        return late[0].sum_by(seconds)
    from safar.engine.simulate.exact.seconds import first_of

    return first_of(late, seconds)


def at_hand(scene: Scene, fields: Fields) -> Scene:
    """A scene with the fields of an event at hand."""
    more = [(f"event.{name}", origin) for name, origin in fields]
    return Scene(tuple(sorted((*scene.origins, *more), key=_name)), scene.facts, scene.stage) if more else scene


def _name(pair: tuple[str, Origin]) -> str:
    return pair[0]
