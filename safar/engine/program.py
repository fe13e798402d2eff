"""Journey to program: places with moves, scopes with interrupts, and the ways between them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import msgspec

from safar.engine import spelling
from safar.engine.expression import Alternative, Expression, Pattern
from safar.engine.model import (
    Body,
    Cap,
    Closed,
    Interrupt,
    Journey,
    Project,
    Quiet,
    Send,
    Stage,
    Step,
    Touchpoint,
    within,
)
from safar.engine.moves import (
    After,
    Branch,
    Clock,
    Count,
    Deadline,
    Deliver,
    Draw,
    Effect,
    EffectKind,
    Exit,
    Handler,
    Jump,
    Move,
    Place,
    Scope,
    Wait,
)
from safar.engine.names import fold
from safar.engine.source import NOWHERE
from safar.engine.steps import kind_of
from safar.engine.steps.exit import Exit as ExitStep
from safar.engine.steps.go_to import GoTo

COMPLETED = "completed"


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """One way from a place to another.

    `kind`: next, true, false, arm, pattern, timeout, passed, round, done, interrupt.
    `low` and `high` are the seconds that may pass (`high` None: no bound); `sure`: time surely passes.
    """

    start: int
    end: int
    kind: str
    label: str = ""
    condition: Expression | None = None
    low: int = 0
    high: int | None = 0
    sure: bool = False


class Program(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A journey as places and moves.  `stages` and `names` lead to places, by folded name.

    `onward` are the `ways` of each place.
    """

    project: Project
    journey: Journey
    places: tuple[Place, ...]
    scopes: tuple[Scope, ...]
    start: int
    stages: dict[str, int]
    names: dict[str, int]
    onward: tuple[tuple[Edge, ...], ...]

    def resolve(self, place: int) -> int:
        """Follow jumps (a cycle of bare jumps ends where it began)."""
        seen = set()
        while isinstance(move := self.places[place].move, Jump) and place not in seen:
            seen.add(place)
            place = move.to
        return place

    def led(self, place: int) -> tuple[int, int]:
        """As `resolve`, with the number of the loop that begins anew because a `go to` leads to its head; -1: none."""
        end, asked = self.resolve(place), False
        while place != end:
            here = self.places[place]
            asked = asked or isinstance(here.step, GoTo)
            assert isinstance(here.move, Jump)
            place = here.move.to
        move = self.places[end].move
        return end, move.loop if asked and isinstance(move, Count) else -1

    def around(self, place: int) -> Iterator[Scope]:
        """The scopes a place stands in, from the innermost out."""
        number = self.places[place].scope
        while number >= 0:
            yield self.scopes[number]
            number = self.scopes[number].parent

    def ways(self, place: int) -> tuple[Edge, ...]:
        """The ways out of a place as they are written: jumps are places too.  No interrupts."""
        return self.onward[place]

    def edges(self, place: int) -> tuple[Edge, ...]:
        """The ways out of a place, jumps followed, without interrupts."""
        return tuple(msgspec.structs.replace(edge, end=self.resolve(edge.end)) for edge in self.ways(place))

    def rests(self, place: int) -> bool:
        """Whether a run may stand at a place for a while, so that something else can happen meanwhile."""
        return place in self._resting

    @functools.cached_property
    def _resting(self) -> frozenset[int]:
        return frozenset(place.id for place in self.places if self._rests(place))

    def _rests(self, place: Place) -> bool:
        match place.move:
            case Wait():
                return True
            case Deliver():
                return any(edge.high for edge in self.ways(place.id))
            case Count(every=every):
                return bool(every)
            case _:
                return False

    def interrupts(self, place: int) -> tuple[Edge, ...]:
        """The interrupts with a jump that can take a run away while it rests at a place."""
        if place not in self._resting:
            return ()
        found = self._interrupts.get(place)
        if found is None:
            handlers = [handler for scope in self.around(place) for handler in scope.handlers]
            found = self._interrupts[place] = tuple(
                Edge(start=place, end=self.resolve(h.to), kind="interrupt", label=h.label, high=None)
                for h in handlers
                if h.to is not None
            )
        return found

    @functools.cached_property
    def _interrupts(self) -> dict[int, tuple[Edge, ...]]:
        """What was found of places so far."""
        return {}

    def passed(self, *starts: int) -> set[int]:
        """The places that some customer may pass from a place (the entry if none is given), conditions aside."""
        return self._after(starts) if starts else set(self._passed)

    @functools.cached_property
    def _passed(self) -> frozenset[int]:
        return frozenset(self._after((self.start,)))

    def _after(self, starts: Sequence[int]) -> set[int]:
        seen: set[int] = set()
        todo = list(starts)
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            todo += [edge.end for edge in self.ways(place)]
            if self.rests(place):
                todo += [h.to for scope in self.around(place) for h in scope.handlers if h.to is not None]
        return seen

    def reachable(self) -> set[int]:
        """The places that some customer may come to, conditions aside; jumps are followed."""
        return {place for place in self.passed() if self.resolve(place) == place}


_Time = tuple[int, int | None, bool]
_Way = tuple[str, int, str, Expression | None, _Time]
_AT_ONCE: _Time = (0, 0, False)


def _onward(project: Project, place: Place) -> tuple[Edge, ...]:
    move = place.move
    held = hold(project, move.touchpoint) if isinstance(move, Deliver) else 0
    return tuple(_edge(place.id, *way) for way in _ways(move, held))


def _edge(start: int, kind: str, end: int, label: str, condition: Expression | None, time: _Time) -> Edge:
    low, high, sure = time
    return Edge(start=start, end=end, kind=kind, label=label, condition=condition, low=low, high=high, sure=sure)


def hold(project: Project, touchpoint: Touchpoint) -> int:
    """The longest that a message can be held before it is delivered or suppressed, in seconds; 0: never."""
    contact = touchpoint.contact
    channel = project.vocabulary.channels.get(contact.channel) if isinstance(contact, Send) else None
    if channel is None or touchpoint.transactional:
        return 0
    checks: list[Cap | Quiet | Closed] = [*channel.caps, *channel.quiet, *channel.closed]
    for limit in project.vocabulary.limits.values():
        if not limit.channels or channel.name in limit.channels:
            checks += limit.caps
    return max((check.refusal.up_to for check in checks if check.refusal.wait), default=0)


def _deadline_time(deadline: Deadline) -> _Time:
    match deadline:
        case After(seconds):
            return seconds, seconds, seconds > 0
        case Clock(weekday=weekday):
            return 1, (8 if weekday else 2) * 86_400, True
        case _:
            return 0, None, False


def _wait_ways(move: Wait) -> Iterator[_Way]:
    low, high, sure = _deadline_time(move.deadline)
    for way in move.ways:
        yield "pattern", way.then, spelling.pattern(way.pattern), None, (0, high, False)
    label = spelling.duration(low) if isinstance(move.deadline, After) else ""
    yield ("timeout" if move.ways else "next"), move.then, label, None, (low, high, sure)
    if move.passed != move.then:
        yield "passed", move.passed, "", None, _AT_ONCE


def _ways(move: Move, held: int) -> Iterator[_Way]:
    match move:
        case Deliver(then=then):
            yield "next", then, "", None, (0, held, False)
        case Effect(then=then):
            yield "next", then, "", None, _AT_ONCE
        case Branch(condition, then, otherwise):
            yield "true", then, "yes", condition, _AT_ONCE
            yield "false", otherwise, "no", condition, _AT_ONCE
        case Draw(arms=arms):
            for arm in arms:
                yield "arm", arm.then, f"{spelling.percent(arm.share)} {arm.name}", None, _AT_ONCE
        case Wait():
            yield from _wait_ways(move)
        case Count(body=body, done=done, every=every):
            yield "round", body, "", None, (0, every or 0, False)
            yield "done", done, "", None, _AT_ONCE
        case Jump(to):
            yield "next", to, "", None, _AT_ONCE
        case Exit():
            pass


class _Writer:
    """Writes one journey's program; the `Lowering` that step kinds see."""

    def __init__(self, project: Project, journey: Journey) -> None:
        self.project, self.journey = project, journey
        self.places: list[Place | None] = []
        self.scopes: list[Scope] = []
        self.stages: dict[str, int] = {}
        self.names: dict[str, int] = {}
        self.nodes = _node_names(journey)
        self._reserved: list[tuple[Step | None, str, int, str]] = []
        self._heads: list[int] = []
        self._stage = ""
        self._scope = -1

    # --- what step kinds call

    def put(self, here: int, move: Move) -> None:
        step, stage, scope, node = self._reserved[here]
        span, name = (step.span, step.name) if step is not None else (NOWHERE, "")
        self.places[here] = Place(
            span=span, id=here, node=node, name=name, stage=stage, scope=scope, move=move, step=step
        )

    def body(self, body: Body, then: int) -> int:
        return self.steps(body.steps, then)

    def target(self, name: str) -> int:
        key = fold(name)
        return self.names.get(key, self.stages.get(key, self.done))

    def loop(self, until: Pattern | None, done: int, steps: Body, head: int) -> tuple[int, int]:
        step, stage, outer, node = self._reserved[head]
        handlers: tuple[Handler, ...] = ()
        if until is not None:
            handlers = (Handler(until, done, None, f"until {spelling.pattern(until)}", node),)
        number = self._open("loop", node, handlers)
        self._reserved[head] = (step, stage, number, node)
        begin = self.steps(steps.steps, head)
        self._scope = outer
        return number, begin

    # --- the rest

    def steps(self, steps: tuple[Step, ...], then: int) -> int:
        """Lower steps in a row; each name was reserved before, so that jumps forward find it."""
        own = [self._known[id(step)] for step in steps]
        for number, step in zip(own, steps, strict=True):
            _, stage, _, node = self._reserved[number]
            self._reserved[number] = (step, stage, self._scope, node)
        for position, step in enumerate(steps):
            after = own[position + 1] if position + 1 < len(own) else then
            kind_of(step).lower(step, self, own[position], after)
        return own[0] if own else then

    def reserve(self, node: str, step: Step | None = None) -> int:
        self._reserved.append((step, self._stage, self._scope, node))
        self.places.append(None)
        return len(self.places) - 1

    def _open(self, kind: str, name: str, handlers: tuple[Handler, ...] = ()) -> int:
        number = len(self.scopes)
        self.scopes.append(Scope(number, kind, name, self._scope, handlers))
        self._scope = number
        return number

    def _reserve_all(self) -> None:
        self._known: dict[int, int] = {}
        for stage in self.journey.stages:
            self._stage = stage.name
            for step in within(stage.steps):
                place = self._known[id(step)] = self.reserve(self.nodes[id(step)], step)
                if step.name:
                    self.names.setdefault(fold(step.name), place)
            self._heads.append(self.reserve(stage.name))
            self.stages.setdefault(fold(stage.name), self._heads[-1])
        self._stage = ""

    def handler(self, interrupt: Interrupt, prefix: str) -> Handler:
        """An interrupt as a handler; a reaction that jumps gets a place of its own."""
        form = interrupt.form
        pattern = Pattern(
            span=interrupt.span,
            alternatives=(Alternative(span=interrupt.span, form=form, condition=interrupt.condition),),
        )
        label = f"on {spelling.event_form(form)}"
        reaction = interrupt.reaction
        if isinstance(reaction, GoTo):
            return Handler(pattern, self.target(reaction.target), None, label, f"{prefix}/{label}")
        place = self.reserve(f"exit:{reaction.outcome}" if isinstance(reaction, ExitStep) else label, reaction)
        kind_of(reaction).lower(reaction, self, place, place)
        written = self.places[place]
        assert written is not None
        effect: EffectKind | None = None
        to: int | None = place
        if isinstance(written.move, Effect):
            effect, to = written.move.effect, None
            self.put(place, Jump(place))
        return Handler(pattern, to, effect, label, f"{prefix}/{label}")

    def write(self) -> Program:
        journey = self.journey
        self._open("journey", journey.name)
        self.done = self.reserve(f"exit:{COMPLETED}")
        self.put(self.done, Exit(COMPLETED))
        self._reserve_all()
        self._handlers(0, journey.interrupts, journey.name)
        for stage, head, then in zip(journey.stages, self._heads, (*self._heads[1:], self.done), strict=False):
            self._stage_places(stage, head, then)
        places = tuple(place for place in self.places if place is not None)
        assert len(places) == len(self.places)
        return Program(
            project=self.project,
            journey=journey,
            places=places,
            scopes=tuple(self.scopes),
            start=self._heads[0] if self._heads else self.done,
            stages=self.stages,
            names=self.names,
            onward=tuple(_onward(self.project, place) for place in places),
        )

    def _stage_places(self, stage: Stage, head: int, then: int) -> None:
        self._stage, self._scope = stage.name, 0
        number = self._open("stage", stage.name)
        self._handlers(number, stage.interrupts, stage.name)
        step, name, _, node = self._reserved[head]
        self._reserved[head] = (step, name, number, node)
        self.put(head, Jump(self.steps(stage.steps, then)))
        self._scope = 0

    def _handlers(self, scope: int, interrupts: tuple[Interrupt, ...], prefix: str) -> None:
        handlers = tuple(self.handler(interrupt, prefix) for interrupt in interrupts)
        old = self.scopes[scope]
        self.scopes[scope] = Scope(old.id, old.kind, old.name, old.parent, handlers)


def _node_names(journey: Journey) -> dict[int, str]:
    """Names in outputs, by the identity of the step: its own, `exit:NAME`, or `stage/kind-2`."""
    names: dict[int, str] = {}
    for stage in journey.stages:
        counts: dict[str, int] = {}
        for step in within(stage.steps):
            if step.name or isinstance(step, ExitStep):
                names[id(step)] = step.name or f"exit:{step.outcome}"  # type: ignore[attr-defined]
                continue
            kind = kind_of(step).form.id
            counts[kind] = counts.get(kind, 0) + 1
            number = f"-{counts[kind]}" if counts[kind] > 1 else ""
            names[id(step)] = f"{stage.name}/{kind}{number}"
    return names


def lower(project: Project, journey: Journey) -> Program:
    """The program of a journey.  Names that lead nowhere lead to the end; `check` finds them before."""
    return _Writer(project, journey).write()
