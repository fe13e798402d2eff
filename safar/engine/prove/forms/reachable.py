"""`every persona can reach X`: for each persona a customer who comes to X, replayed."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine.claims.judge import Broken
from safar.engine.claims.telling import Telling
from safar.engine.expression import Heard
from safar.engine.model import Goal
from safar.engine.moves import Deliver, Draw, Exit, Jump
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Deed, Reachable
from safar.engine.prove.changes import Guard
from safar.engine.prove.forms.watch import Next, State, Watch
from safar.engine.prove.marks import Mark, Sure, sees
from safar.engine.prove.system import System
from safar.engine.prove.zones import Zone
from safar.engine.simulate.happening import What


def has(program: Program, claim: Reachable) -> bool:
    """Whether a journey has what is to be reached."""
    return bool(places(program, claim) or _deed(program, claim) is not None)


def places(program: Program, claim: Reachable) -> frozenset[int]:
    """The places at which it is reached, by coming to them."""
    name = fold(claim.name)

    def is_meant(number: int) -> bool:
        place = program.places[number]
        match claim.kind:
            case "stage":
                return fold(place.stage) == name and not isinstance(place.move, Jump)
            case "step":
                return fold(place.name) == name or fold(place.node) == name
            case "split":
                return isinstance(place.move, Draw) and fold(place.move.split) == name
            case "outcome":
                return isinstance(place.move, Exit) and fold(place.move.outcome) == name
            case "goal":
                goal = _goal(program, claim)
                by_exit = goal is not None and goal.on is None
                return by_exit and isinstance(place.move, Exit) and fold(place.move.outcome) == name
        return False

    return frozenset(place.id for place in program.places if is_meant(place.id))


def _goal(program: Program, claim: Reachable) -> Goal | None:
    return next((one for one in program.journey.goals if fold(one.name) == fold(claim.name)), None)


def _deed(program: Program, claim: Reachable) -> Deed | None:
    """What must happen for it to be reached, where coming somewhere is not enough."""
    if claim.kind == "touchpoint":
        met = {fold(one.move.touchpoint.name) for one in program.places if isinstance(one.move, Deliver)}
        return Deed(span=claim.span, kind="touchpoint", name=claim.name) if fold(claim.name) in met else None
    goal = _goal(program, claim) if claim.kind == "goal" else None
    if goal is None or goal.on is None:
        return None
    kinds = {Heard.EVENT: "event", Heard.TOUCHPOINT: "touchpoint", Heard.ACTION: "action"}
    on = goal.on
    return Deed(span=claim.span, kind=kinds[on.kind], name=on.name, answers=on.answers, where=on.where)


class ReachWatch(Watch):
    """ "Broken" where a customer of the persona comes to it (or anybody, if there are no personas)."""

    afterwards = True

    def __init__(self, system: System, claim: Reachable, persona: str | None) -> None:
        super().__init__(system)
        self.targets = places(system.program, claim)
        deed = _deed(system.program, claim)
        self._sees = sees(deed, system.program) if deed is not None else None
        self.meanwhile = (deed,) if deed is not None and deed.kind == "event" else ()
        self.guard = self._of(persona)

    def _of(self, persona: str | None) -> Guard | None:
        variable = self.system.space.by_key.get(("persona",))
        if persona is None or variable is None:
            return None
        full = self.system.space.full & ~variable.field
        return Guard(self.system.space, [full | variable.bits((variable.values.index(persona),))])

    def sees(self, mark: Mark) -> bool:
        return self._sees is not None and self._sees(mark) is not Sure.NO

    def after(self, state: State, mark: Mark, zone: Zone) -> Iterable[Next]:
        return (Next(state, zone, broken=True, where=self.guard), Next(state, zone))

    def fields(self, mark: Mark) -> int:
        return self.guard.fields if self.guard is not None and self.sees(mark) else 0

    @property
    def kept(self) -> int:
        return self.guard.fields if self.guard is not None else 0


def reached(program: Program, claim: Reachable, persona: str | None, telling: Telling) -> Broken | None:
    """Whether a story comes to it: what "breaks" a `ReachWatch`."""
    story = telling.story
    if persona is not None and story.persona != persona:
        return None
    name = fold(claim.name)
    nodes = {program.places[number].node for number in places(program, claim)}
    runs = [run for run in story.runs if not run.held_out]
    match claim.kind:
        case "touchpoint":
            found = any(one.what is What.DELIVERED and fold(one.touchpoint) == name for one in story.happenings)
        case "goal":
            found = any(one.what is What.GOAL and fold(one.detail) == name for one in story.happenings)
        case "outcome":
            found = any(fold(run.outcome) == name for run in runs)
        case _:
            found = any(nodes & set(run.visits) for run in runs)
    return Broken(f"`{claim.name}` is reached") if found else None
