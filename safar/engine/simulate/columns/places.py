"""The places of a program made ready, and who is heard at each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from safar.engine import moves
from safar.engine.expression import Heard, Pattern
from safar.engine.model import Do, Touchpoint
from safar.engine.moves import Place as Written
from safar.engine.moves import Scope
from safar.engine.names import fold
from safar.engine.simulate import chance as single
from safar.engine.simulate import phrases, prices
from safar.engine.simulate.acts import way_to, ways_of
from safar.engine.simulate.columns.charges import Charging, Once
from safar.engine.simulate.columns.checks import Limits
from safar.engine.simulate.columns.deadlines import ending
from safar.engine.simulate.columns.effects import Action, Effect, Setting, Starting, Telling
from safar.engine.simulate.columns.followed import After
from safar.engine.simulate.columns.handing import HandingOver
from safar.engine.simulate.columns.listening import Ear, Origin
from safar.engine.simulate.columns.meeting import ARRIVED, Delivery, Meeting, Refusals
from safar.engine.simulate.columns.place import Obeying
from safar.engine.simulate.columns.resting import Resting
from safar.engine.simulate.columns.rounds import Rounds
from safar.engine.simulate.columns.sources import Answering, Source
from safar.engine.simulate.columns.spots import Branching, Doing, Drawing, Leaving, Spot, Turning
from safar.engine.simulate.columns.standing import Standing
from safar.engine.simulate.columns.waits import Waiting
from safar.engine.simulate.columns.ways import Way, way
from safar.engine.simulate.track import Way as Gone

if TYPE_CHECKING:
    from safar.engine.simulate.columns.compile import Compiler

Ears = list[tuple[Ear, Way]]


class Places:
    """Makes the places of one program, and connects them with what may become due."""

    def __init__(self, compiler: Compiler) -> None:
        self._c = compiler
        self._plan = compiler.plan
        self._program = compiler.program
        self.limits = Limits(compiler.project, compiler.codes)
        self._ears: dict[tuple[int, int], Ear] = {}
        self._effects: dict[tuple[int, int], Effect] = {}
        self._ways: dict[int, Ears] = {}
        self._resting: dict[int, Resting] = {}
        self._after: list[After] = []
        self.does: list[Delivery | Action] = []
        self.sets: list[Setting] = []
        self._standing: list[tuple[Waiting | Rounds, list[tuple[Way, Ear]]]] = []

    def way(self, start: str, gone: Gone, keeps: frozenset[int] | None = None) -> Way:
        return way(self._program, start, gone, self._plan.needed, keeps)

    # --- spots

    def spots(self) -> list[Spot]:
        spots = [self._spot(place) for place in self._program.places]
        for number, spot in enumerate(spots):
            spot.number = number
        return spots

    def _spot(self, place: Written) -> Spot:
        gone = ways_of(self._program, place.id)
        ways = {kind: tuple(self.way(place.node, one) for one in all) for kind, all in gone.items()}
        match place.move:
            case moves.Deliver(touchpoint=touchpoint):
                return self._rests(place, self._meeting(place, touchpoint, ways["next"][0]))
            case moves.Effect(effect=effect):
                return Doing(self._effect(effect, place.node), ways["next"][0], place.stage)
            case moves.Branch(condition=condition):
                return Branching(self._c.ready(condition), ways["true"][0], ways["false"][0], place.stage)
            case moves.Draw(split=name):
                split = next(one for one in self._plan.splits if one.name == name)
                return Drawing(split, ways["arm"], again=self._plan.routes.leads(place.id, place.id))
            case moves.Wait():
                return self._rests(place, self._wait(place, place.move, ways))
            case moves.Count():
                return self._rests(place, self._rounds(place, place.move, (ways["round"][0], ways["done"][0])))
            case moves.Jump():
                return Turning(ways["next"][0])
            case moves.Exit(outcome=outcome):
                after = After(place.stage, self._plan.gone)
                self._after.append(after)
                return Leaving(outcome, after)

    def _rests(self, place: Written, spot: Meeting | Waiting | Rounds) -> Spot:
        self._resting[place.id] = spot
        return spot

    def _effect(self, effect: moves.EffectKind, node: str) -> Effect:
        c = self._c
        match effect:
            case moves.SetAttribute(assign):
                self.sets.append(Setting(c.vocabulary.attributes[assign.attribute], c.ready(assign.value), node))
                return self.sets[-1]
            case moves.DoAction(call):
                return self.action(call, node)
            case moves.GiveTask(team=name, what=what):
                return Telling(c.leaves.at("action", name), node, name, what)
            case moves.StartJourney(journey=name):
                kind = Starting if self._plan.together else Telling
                return kind(c.leaves.at("action", name), node, name, phrases.ALONE)

    def action(self, call: Do, node: str) -> Action:
        c = self._c
        priced = c.priced()
        costs = prices.action(c.project, call.action)
        cost = c.leaves.at("figure", "cost")
        action = Action(
            number=-1,
            name=(Heard.ACTION, fold(call.action)),
            word=call.action,
            node=node,
            arguments=tuple((key, c.ready(node)) for key, node in call.arguments),
            points=c.leaves.at("action", call.action),
            charges=tuple(
                one for one in (Charging(costs.done, "", cost), *(Once(key, "", cost) for key in costs.customer)) if one
            ),
            done=priced.index(call.action) if call.action in priced else -1,
        )
        self.does.append(action)
        return action

    def _meeting(self, place: Written, touchpoint: Touchpoint, then: Way) -> Meeting:
        c, name, step = self._c, touchpoint.name, self._c.step(place.id)
        contact = prices.contact(c.project, touchpoint)
        delivery = self._delivery(place, touchpoint, contact)
        refusals = Refusals(
            touchpoint=name, channel=contact.channel, points=c.leaves.at("figure", "suppressed", name, place.node)
        )
        part = single.together(self._plan.part, single.name_part(step))
        meeting = Meeting(delivery, refusals, c.lines[name], then, (fold(step), part, place.stage))
        meeting.again = c.again(place.id)
        meeting.checks, meeting.counters = self.limits.of(touchpoint)
        for check in meeting.checks:
            if check.may is not None:
                c.asks(check.may)
        if any(check.hold is not None for check in meeting.checks):
            self._plan.needed[place.id] |= {ARRIVED}
        return meeting

    def _delivery(self, place: Written, touchpoint: Touchpoint, contact: prices.Contact) -> Delivery:
        c, name = self._c, touchpoint.name
        figures = ["delivered", *(["messages"] if contact.marketing else [])]
        points = [*c.leaves.at("touchpoint", name, name, place.node)]
        for figure in figures:
            points += c.leaves.at("figure", figure, name, place.node)
        cost = c.leaves.at("figure", "cost", name, place.node)
        charges = [Charging(contact.message, contact.channel, cost)]
        charges += [Once(key, contact.channel, cost) for key in contact.customer]
        delivery = Delivery(
            number=-1,
            name=(Heard.TOUCHPOINT, fold(name)),
            keys=(("delivered", name), *([("channel_delivered", contact.channel)] if contact.channel else [])),
            points=tuple(points),
            charges=tuple(one for one in charges if one),
            goals=(),
            actions=tuple(self.action(call, place.node) for call in touchpoint.actions),
            marketing=contact.marketing,
        )
        self.does.append(delivery)
        return delivery

    def _wait(self, place: Written, move: moves.Wait, ways: dict[str, tuple[Way, ...]]) -> Waiting:
        c = self._c
        then = ways["timeout" if move.ways else "next"][0]
        end = ending(move.deadline, c)
        wait = Waiting(place.stage, end, then, ways.get("passed", (then,))[0])
        if isinstance(move.deadline, moves.After):
            wait.seconds = move.deadline.seconds
        patterns = ways.get("pattern", ())
        ears = [(self._ear(written.pattern), way) for written, way in zip(move.ways, patterns, strict=True)]
        self._ways[place.id] = ears
        self._standing.append((wait, [(way, ear) for ear, way in ears]))
        return wait

    def _rounds(self, place: Written, move: moves.Count, ways: tuple[Way, Way]) -> Rounds:
        rounds = Rounds(place.stage, move.loop, (move.limit, move.every or 0), ways)
        scope = self._program.scopes[move.loop]
        self._standing.append((rounds, [(way, ear) for ear, way in self._leaps(place, scope)]))
        return rounds

    # --- who listens

    def _ear(self, pattern: Pattern) -> Ear:
        ear = Ear(pattern, self._c.codes)
        for test in ear.expressions():
            self._c.asks(test)
        if ear.conditions:
            self._plan.watches = True
        return ear

    def _leaps(self, place: Written, scope: Scope) -> Ears:
        """The interrupts of a scope that lead away, as they are gone from a place."""
        found = []
        for number, handler in enumerate(scope.handlers):
            if handler.to is None:
                continue
            keeps = {one.id for one in self._around(scope) if one.kind == "loop"} if scope.kind == "loop" else set()
            key = scope.id, number
            if key not in self._ears:
                self._ears[key] = self._ear(handler.pattern)
            gone = way_to(self._program, handler.to, handler.label)
            found.append((self._ears[key], self.way(place.node, gone, frozenset(keeps))))
        return found

    def _around(self, scope: Scope) -> Iterator[Scope]:
        while scope.parent >= 0:
            scope = self._program.scopes[scope.parent]
            yield scope

    def _asides(self, scope: Scope) -> list[tuple[Ear, Effect]]:
        found = []
        for number, handler in enumerate(scope.handlers):
            if handler.effect is None:
                continue
            key = scope.id, number
            if key not in self._effects:
                self._ears[key], self._effects[key] = (
                    self._ear(handler.pattern),
                    self._effect(handler.effect, handler.node),
                )
            found.append((self._ears[key], self._effects[key]))
        return found

    def prepare(self) -> None:
        """What is heard at each place, in order: asides from outside in, loops, stage, journey, the wait."""
        self._heard: dict[int, tuple[list[tuple[Ear, Effect]], Ears, Ears]] = {}
        for number, spot in self._resting.items():
            place = self._program.places[number]
            scopes = list(self._program.around(number))[::-1]
            asides = [one for scope in scopes for one in self._asides(scope)]
            order = [s for s in scopes if s.kind == "loop"] + [s for s in scopes[::-1] if s.kind != "loop"]
            leaps = [one for scope in order for one in self._leaps(place, scope)]
            self._heard[number] = asides, leaps, self._ways.get(number, [])
            loops = [one for scope in scopes if scope.kind == "loop" for one in self._leaps(place, scope)]
            spot.watches = tuple(one for one in (*loops, *self._ways.get(number, [])) if one[0].conditions)
        ears = [ear for heard in self._heard.values() for all in heard for ear, _ in all]
        names = {event.name for ear in ears for event in ear.events}
        self._plan.deeds = [one for one in self.does if one.name in names]
        for one in self._plan.deeds:
            one.number, one.heard = self._c.number(), True

    def hears_loudly(self, source: Answering) -> bool:
        """Whether an answer is heard by an interrupt anywhere."""
        return any(
            ear.hears(source, self.steps_before(number))
            for number, (asides, leaps, _) in self._heard.items()
            for ear, _ in (*asides, *leaps)
        )

    def hears(self, origin: Origin) -> bool:
        """Whether such a thing is heard anywhere, whatever a run has met before."""
        ears = (ear for heard in self._heard.values() for all in heard for ear, _ in all)
        return any(ear.hears(origin, self._c.steps) for ear in ears)

    def meetings(self) -> list[Meeting]:
        return [spot for spot in self._resting.values() if isinstance(spot, Meeting)]

    # --- what to expect

    def connect(self) -> None:
        plan, steps = self._plan, self._c.steps
        answers = tuple(one for one in plan.lines if one.loud)
        anywhere = tuple(one for one in plan.streams if not one.stage)
        outside: tuple[Source, ...] = (*plan.calendars, *plan.visits, *plan.echoes)
        others: tuple[Source, ...] = (*anywhere, *outside, *plan.attempts.values())
        if not plan.arrivals.alone and plan.arriving:
            others = (*others, plan.arrivals)
        for one in self.does:
            one.forms = plan.memory.about(one, steps)
            one.goals = self._c.wanting(one)
        for number, spot in self._resting.items():
            spot.own = tuple(one for one in plan.streams if one.stage and one.stage == spot.stage)
            spot.loud = (*answers, *spot.own, *others)
            self._hear(number, spot)
        for after in self._after:
            after.loud = (*answers, *others)
        plan.beyond((*self._after, plan.held_out, plan.gone))
        plan.held_out.loud = others
        arrivals = [plan.arrivals] if plan.arrivals in others else []
        plan.gone.loud = (*outside, *arrivals)
        for place, written in self._standing:
            before = self.steps_before(place.number)
            found = [(way, standing) for way, ear in written if (standing := self._stands(ear, before)) is not None]
            if isinstance(place, Waiting):
                place.standing = found
                self._simplify(place)
            else:
                place.until = found
        HandingOver(plan, self._resting).decide()
        self._visits()

    def _hear(self, number: int, spot: Resting) -> None:
        spot.steps = steps = self.steps_before(number)
        asides, leaps, ways = self._heard[number]
        plan = self._plan
        origins: list[Origin] = [*plan.lines, *plan.streams, plan.arrivals, *plan.visits, *plan.echoes, *plan.deeds]
        for source in origins:
            obeying = Obeying(
                asides=tuple(one for one in asides if one[0].hears(source, steps)),
                leaps=tuple(one for one in (*leaps, *ways) if one[0].hears(source, steps)),
            )
            if obeying:
                spot.obeying[source.number] = obeying
        quiet = [one for one in self._plan.lines if not one.loud and one.number in spot.obeying]
        spot.quiet = tuple(quiet)
        for line in quiet:
            line.kept = True

    def _simplify(self, place: Waiting) -> None:
        if not place.loud and len(place.quiet) == 1 and place.seconds and not (self._plan.watches or self._plan.deeds):
            source = place.quiet[0]
            assert isinstance(source, Answering)
            ((ear, way),) = place.obeying[source.number].leaps[:1]
            stands = [(one, listening) for one, standing in place.standing for listening, _ in standing.answers]
            asks = any(listening.place == "" for listening in ear.events) or list(ear.expressions())
            if not asks and all(one is way for one, _ in stands):
                place.simple = source, way

    def steps_before(self, place: int) -> dict[str, tuple[str, ...]]:
        """The steps at which a run may have met each touchpoint before it comes to a place."""
        found: dict[str, tuple[str, ...]] = {}
        for number, met in self._c.deliveries.items():
            if number == place or self._plan.routes.leads(number, place):
                name = fold(met.name)
                found[name] = (*found.get(name, ()), fold(self._c.step(number)))
        return found

    def _stands(self, ear: Ear, steps: dict[str, tuple[str, ...]]) -> Standing | None:
        answers = tuple(
            (listening, source)
            for listening in ear.events
            for source in self._plan.lines
            if listening.place and listening.hears(source, steps)
        )
        for _, source in answers:
            source.kept = True
        return Standing(ear, answers) if answers or ear.conditions else None

    def _visits(self) -> None:
        for source in self._plan.lines:
            source.kept = source.kept or source.late
        for number, met in self._c.deliveries.items():
            spot = self._resting[number]
            assert isinstance(spot, Meeting)
            spot.counters = [one for one in spot.counters if one in self.limits.kept]
            spot.remembered = self._plan.memory.answering(fold(met.name), fold(self._c.step(number)))
