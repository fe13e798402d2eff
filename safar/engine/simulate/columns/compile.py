"""From a world to a plan: what can be done in columns, and how.

First everything that is written is made ready; then it is known what is asked about the past and who hears what, and
with it which sources are loud, so that each place can be told what to expect.
"""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import moves
from safar.engine.expression import Base, Expression, Heard
from safar.engine.model import Behaviour, Goal
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.simulate import chance as single
from safar.engine.simulate import prices
from safar.engine.simulate.columns import neighbours
from safar.engine.simulate.columns.arrivals import Arrivals, Rate
from safar.engine.simulate.columns.attempts import Attempt
from safar.engine.simulate.columns.batch import Token
from safar.engine.simulate.columns.calendars import Calendar
from safar.engine.simulate.columns.charges import Charging
from safar.engine.simulate.columns.column import NotInColumns
from safar.engine.simulate.columns.echoes import Echo
from safar.engine.simulate.columns.effects import Setting
from safar.engine.simulate.columns.entries import Entering, Entrance
from safar.engine.simulate.columns.events import Event
from safar.engine.simulate.columns.expressions import Expr, in_columns
from safar.engine.simulate.columns.followed import After
from safar.engine.simulate.columns.goals import GoalPlan, Wanted
from safar.engine.simulate.columns.leaves import Leaves
from safar.engine.simulate.columns.lines import Cases, Line, Writer
from safar.engine.simulate.columns.listening import Listening, Origin
from safar.engine.simulate.columns.neighbours import Concerns
from safar.engine.simulate.columns.payloads import fills
from safar.engine.simulate.columns.places import Places
from safar.engine.simulate.columns.plan import Common, Plan
from safar.engine.simulate.columns.sources import Answering
from safar.engine.simulate.columns.splits import Split
from safar.engine.simulate.columns.streams import Stream
from safar.engine.simulate.track import Stream as Ready
from safar.engine.simulate.world import World

MOST_CANDIDATES = 100_000
"""Candidates of one line of `behaves` within the horizon, on average; with more the plain interpreter is asked."""


def planned(world: World, *, recorded: bool = False) -> tuple[Plan, ...]:
    """The plans of a world's journeys; `recorded`: every happening is to be known, with all of its payload.

    Raises `NotInColumns` where their meaning cannot be had in columns.
    """
    common = Common(world)
    plans = tuple(Plan(common, number) for number in range(len(world.programs)))
    compilers = [Compiler(plan, recorded=recorded) for plan in plans]
    for one in compilers:
        one.write()
    if len(compilers) > 1:
        neighbours.meet(compilers)
    for one in compilers:
        one.connect()
    return plans


class Compiler:
    """What the parts of a plan are made with."""

    def __init__(self, plan: Plan, *, recorded: bool) -> None:
        self.plan = plan
        self._recorded = recorded
        self.program = plan.program
        self.project = plan.project
        self.vocabulary = plan.project.vocabulary
        self.journey = plan.program.journey
        self.codes = plan.codes
        self.deliveries = {p.id: p.move.touchpoint for p in self.program.places if isinstance(p.move, Deliver)}
        self.touchpoints = {one.name: one for one in self.deliveries.values()}
        self.events = {fold(event.name): event for event in self.vocabulary.events.values()}
        self.steps: dict[str, tuple[str, ...]] = {}
        self.concerns: Concerns | None = None
        self.others_read: set[str] = set()
        for place in self.deliveries:
            name = fold(self.deliveries[place].name)
            self.steps[name] = (*self.steps.get(name, ()), fold(self.step(place)))
        self.expressions: list[Expr] = []
        plan.needed = self._needed()
        plan.splits = tuple(self._splits())
        self.leaves = Leaves(self.program, plan.splits, plan.formulas)

    def step(self, place: int) -> str:
        """The name under which a touchpoint is met there."""
        return self.program.places[place].name or self.deliveries[place].name

    def again(self, place: int) -> bool:
        """Whether a run may come to the touchpoint there, or to the step, more than once."""
        name, step = self.deliveries[place].name, self.step(place)
        same = [one for one, met in self.deliveries.items() if met.name == name or self.step(one) == step]
        return any(self.plan.routes.leads(one, other) for one in same for other in same)

    # --- expressions

    def ready(self, node: Expression) -> Expr:
        return self.asks(in_columns(node, self.codes))

    def asks(self, made: Expr) -> Expr:
        """From now on what the expression asks about the past is remembered."""
        self.expressions.append(made)
        for form in made.forms:
            self.plan.memory.ask(form)
        return made

    # --- what is written

    def write(self) -> None:
        plan = self.plan
        plan.timings = tuple(self.leaves.timings)
        plan.customers = {
            one: self._truth(one.leaf.name) if one.leaf.of == "condition" else None for one in self.leaves.customers
        }
        plan.actions = len(self.priced())
        self.sets = {name: self._sets(name) for name in self.events}
        self._goals()
        self._sources()
        self.places = Places(self)
        plan.spots = self.places.spots()
        self.places.prepare()
        self._entries()
        plan.ended = {
            place.move.outcome: self.leaves.at("outcome", place.move.outcome)
            for place in self.program.places
            if isinstance(place.move, moves.Exit)
        }
        plan.unfinished = self.leaves.at("figure", "unfinished")

    def _truth(self, name: str) -> Expr:
        declared = self.vocabulary.conditions
        made = in_columns(next(one.expression for one in declared.values() if fold(one.name) == name), self.codes)
        if made.clock or made.forms:
            raise NotInColumns("a measure that counts a condition on the time")
        return made

    def priced(self) -> list[str]:
        """The actions whose cost comes with events after them."""
        return [name for name in self.vocabulary.actions if prices.action(self.project, name).events]

    def charged(self, event: str) -> bool:
        """Whether the event costs something where an action was done before."""
        return any(prices.action(self.project, name).events.get(event) for name in self.priced())

    def _sets(self, event: str) -> tuple[Setting, ...]:
        return tuple(
            Setting(self.vocabulary.attributes[one.attribute], self.ready(one.value))
            for one in self.events[event].then_set
        )

    def _needed(self) -> list[frozenset[Token]]:
        visited = {place: ("visits", fold(self.step(place))) for place in self.deliveries if self.again(place)}
        needed = []
        for place in self.program.places:
            loops = [scope.id for scope in self.program.around(place.id) if scope.kind == "loop"]
            tokens: set[Token] = {(word, loop) for loop in loops for word in ("rounds", "began")}
            for one, token in visited.items():
                if one == place.id or self.plan.routes.leads(place.id, one):
                    tokens.add(token)
            needed.append(frozenset(tokens))
        return needed

    def _splits(self) -> Iterator[Split]:
        for number, place in enumerate(p for p in self.program.places if isinstance(p.move, moves.Draw)):
            move = place.move
            assert isinstance(move, moves.Draw)
            yield Split(
                number=number,
                name=move.split,
                part=single.together(self.plan.part, single.name_part(move.split)),
                ends=single.thresholds(arm.share for arm in move.arms),
                arms=tuple(arm.name for arm in move.arms),
            )

    # --- goals

    def _goals(self) -> None:
        self._wanted: list[Wanted] = []
        exits: dict[str, tuple[GoalPlan, ...]] = {}
        goals = []
        for number, goal in enumerate(self.journey.goals):
            made = self._goal(goal, number)
            goals.append(made)
            if goal.on is not None:
                listening = Listening(goal.on, None, self.codes)
                for test in listening.expressions:
                    self.asks(test)
                self._wanted.append((made, listening))
            else:
                exits[fold(goal.name)] = (*exits.get(fold(goal.name), ()), made)
        self.plan.goals, self.plan.exits = tuple(goals), exits
        names = [listening.name for goal, listening in self._wanted if goal.value is not None]
        self.plan.shares_revenue = len(set(names)) < len(names)

    def _goal(self, goal: Goal, number: int) -> GoalPlan:
        on, value = goal.on, goal.value
        within = goal.within if goal.within is not None else on.within if on is not None else None
        money = value is not None and value.type.base is Base.MONEY
        return GoalPlan(
            name=goal.name,
            number=number,
            within=self.journey.horizon if within is None else within,
            value=self.ready(value) if value is not None and money else None,
            currency=value.type.currency if value is not None else "",
            first=goal.value_first,
            reached=self.leaves.at("goal", goal.name),
            revenue=self.leaves.at("figure", "revenue"),
        )

    def wanting(self, origin: Origin) -> tuple[Wanted, ...]:
        """The goals that such a thing may reach."""
        return tuple((goal, one) for goal, one in self._wanted if one.hears(origin, self.steps))

    # --- what becomes due

    def _sources(self) -> None:
        writer = Writer(self.codes, len(self.plan.persona_names))
        self.lines: dict[str, tuple[Line, ...]] = {}
        for name, touchpoint in self.touchpoints.items():
            self.lines[name] = writer.lines_of(fold(name), touchpoint.responds)
        for line in writer.lines:
            for condition, _ in line.cases.written:
                if condition is not None:
                    self.asks(condition)
        self.plan.lines = [self._answering(line) for line in writer.lines]
        self.plan.sources = len(writer.lines)
        self.plan.streams = tuple(self._streams())

    def number(self) -> int:
        """The number of one more source."""
        self.plan.sources += 1
        return self.plan.sources - 1

    def _answering(self, line: Line) -> Answering:
        touchpoint = next(one for one in self.touchpoints.values() if fold(one.name) == line.touchpoint)
        contact = prices.contact(self.project, touchpoint)
        name = self.events[line.event].name
        cost = self.leaves.at("figure", "cost", touchpoint.name)
        return Answering(
            number=line.column,
            name=(Heard.EVENT, line.event),
            touchpoint=line.touchpoint,
            event=Event(name=name, folded=line.event),
            fields=line.fields,
            key=("answer", touchpoint.name, name),
            charging=Charging(contact.answers.get(line.event, ()), contact.channel, cost),
            points=self.leaves.at("event", name, touchpoint.name),
        )

    def _streams(self) -> Iterator[Stream]:
        position = 0
        for persona, (name, ready) in enumerate(self.plan.shared.personas.items()):
            written = [
                one for one in self.vocabulary.personas[name].behaves if any(case.rate > 0 for case in one.rates)
            ]
            for line, made in zip(written, ready.streams, strict=True):
                yield self._stream(line, made, (position, persona))
                position += 1
        blocks = [self.journey.behaves, *(stage.behaves for stage in self.journey.stages)]
        lines = [line for block in blocks for line in block if any(case.rate > 0 for case in line.rates)]
        for line, made in zip(lines, self.plan.track.streams, strict=True):
            yield self._stream(line, made, (position, -1))
            position += 1

    def _stream(self, line: Behaviour, made: Ready, where: tuple[int, int]) -> Stream:
        if self.journey.horizon / made.mean > MOST_CANDIDATES:
            raise NotInColumns(f"`{line.event}` happens too often")
        conditions = [self.ready(case.condition) if case.condition is not None else None for case in line.rates]
        return Stream(
            number=self.number(),
            position=where[0],
            persona=where[1],
            name=(Heard.EVENT, made.event),
            event=Event(name=line.event, folded=made.event),
            mean=made.mean,
            cases=Cases(
                tuple(zip(conditions, (threshold for _, threshold in made.cases), strict=True)),
                len(self.plan.persona_names),
            ),
            fields=fills(line.payload, self.codes),
            stage=made.stage,
            part=made.part,
        )

    # --- entries

    def _entries(self) -> None:
        plan, track = self.plan, self.plan.track
        lines: dict[str, tuple[Entrance, ...]] = {}
        calendars: list[Calendar] = []
        order = len(plan.shared.tracks)  # after the arrivals
        for number, entry in enumerate(self.journey.entries):
            line = Entrance(
                self.ready(entry.condition) if entry.condition is not None else None, number, bool(entry.per)
            )
            if entry.kind == "event":
                lines[fold(entry.event)] = (*lines.get(fold(entry.event), ()), line)
            else:
                dates = plan.shared.dates.get(entry.occasion, ())
                calendars.append(Calendar(self.number(), order + len(calendars), entry, line, dates))
        plan.calendars = tuple(calendars)
        plan.planned_by = {}
        for one in calendars:
            if one.attribute:
                plan.planned_by[one.attribute] = (*plan.planned_by.get(one.attribute, ()), one)
        plan.held_out = After(track.spots[track.start].stage, plan.gone, held_out=True)
        part = single.name_part("hold out")
        plan.entering = Entering(
            lines=lines,
            start=self.places.way("entry", (track.start, "", -1)),
            horizon=track.horizon,
            reentry=track.reentry,
            hold_out=track.hold_out,
            hold_out_part=part if track.hold_out_of_project else single.together(track.part, part),
            entered={event: self.leaves.entering(event) for event in ("", *lines)},
            fields=frozenset(field for one in self.expressions for field in one.entry),
            per=self._per(),
        )
        self._arrivals(next(iter(lines), ""))

    def _per(self) -> str:
        """The field that entries are by, if any are."""
        entries = self.journey.entries
        per = next((entry.per for entry in entries if entry.per), "")
        events = {entry.event for entry in entries if entry.per}
        if any(entry.per != per and (entry.per or entry.event in events) for entry in entries):
            raise NotInColumns("entries `per` several fields, or by one event with and without `per`")
        if any(field.name == per for action in self.vocabulary.actions.values() for field in action.fields):
            raise NotInColumns("an action with the field that entries are `per`")
        return per

    def _arrivals(self, event: str) -> None:
        plan, journey = self.plan, self.journey
        personas = list(plan.shared.personas.items())
        rates = {
            number: Rate(made.arriving, fills(written.payload, self.codes))
            for number, (name, made) in enumerate(personas)
            if made.arriving is not None and (written := self.vocabulary.personas[name].arrive) is not None
        }
        own = plan.track.arriving
        rate = Rate(own, fills(journey.arrive.payload, self.codes)) if own and journey.arrive else None
        plan.arrivals = Arrivals(self.number(), (Heard.EVENT, event), rate, rates)
        plan.arriving = not plan.together and (bool(event) or not journey.entries)
        plan.arrivals.alone = not plan.calendars

    # --- who hears what

    def connect(self) -> None:
        """Now that everything is known, tell the sources what they bring about, and the places what to expect."""
        plan = self.plan
        read = self.reads() | self.others_read
        origins: list[Answering | Stream] = [*plan.lines, *plan.streams]
        for source in origins:
            source.fields = tuple(one for one in source.fields if one.field in read or fold(one.field) in read)
            self._event(source.event, source)
        for stream in plan.streams:
            stream.event.points = self.leaves.at("event", stream.event.name)
        for source in plan.lines:
            source.loud = self._changes(source.event, source) or self.places.hears_loudly(source)
        self._attempts(read)
        for echo in plan.echoes:
            self._event(echo.event, echo)
            echo.event.points = self.leaves.at("event", echo.event.name)
        for one in (plan.arrivals, *plan.visits):
            if one.name[1]:
                begins = Event(name=self.events[one.name[1]].name, folded=one.name[1])
                self._event(begins, one)
                begins.points = self.leaves.at("event", begins.name)
                one.begins(begins)
        for number, source in enumerate(plan.lines):
            touchpoint = next(name for name in self.touchpoints if fold(name) == source.touchpoint)
            again = any(self.again(place) for place, met in self.deliveries.items() if met.name == touchpoint)
            arms = any(getattr(one, "arms", ()) for one in source.points)
            source.at_once = not (self._recorded or source.loud or again or arms or plan.calendars or plan.attempts)
            assert number == source.number
        plan.counters = self.places.limits.kept
        self.places.connect()

    def reads(self) -> set[str]:
        """The fields of events that somebody reads."""
        plan = self.plan
        read = {field for one in self.expressions for field in one.payload}
        read |= plan.memory.fields() | self.leaves.fields | plan.entering.fields | {plan.entering.per}
        if self._recorded:
            read |= {field.name for event in self.events.values() for field in event.fields}
        return read

    def _event(self, event: Event, origin: Answering | Stream | Arrivals | Echo) -> None:
        event.forms = self.plan.memory.about(origin, self.steps)
        event.sets = self.sets[event.folded]
        event.goals = self.wanting(origin)
        event.enters = event.folded in self.plan.entering.lines
        if self.concerns is not None:
            self.concerns.tell(origin, event)
        self._own(event, origin)
        cost = self.leaves.at("figure", "cost")
        event.after = tuple(
            (number, Charging(charges, "", cost))
            for number, name in enumerate(self.priced())
            if (charges := prices.action(self.project, name).events.get(event.folded))
        )

    def _own(self, event: Event, origin: Answering | Stream | Arrivals | Echo) -> None:
        """Under `per F` what is drawn for a run has its own value of F; all else tells one."""
        per = self.plan.entering.per
        if isinstance(origin, Echo) or not any(field.name == per for field in self.events[event.folded].fields):
            return
        if isinstance(origin, Answering) or (isinstance(origin, Stream) and origin.persona < 0):
            origin.carries = per
        elif isinstance(origin, Arrivals) or any(one.field == per for one in origin.fields):
            event.tells = per

    def _changes(self, event: Event, origin: Origin) -> bool:
        """Whether such an event changes more than a wait."""
        brings = event.forms or event.sets or event.goals or event.enters or event.after
        return bool(brings or event.concerns or event.says is not None or self.plan.watches)

    def _attempts(self, read: set[str]) -> None:
        """Events that may begin a run while another is going on."""
        plan = self.plan
        origins: list[Answering | Stream] = [*plan.lines, *plan.streams]
        names = [one.name for one in origins if one.event.enters]
        if plan.arriving and not plan.arrivals.alone and plan.arrivals.name[1]:
            names.append(plan.arrivals.name)
        others: list[Arrivals | Echo] = [*plan.visits, *plan.echoes]
        names += [one.name for one in others if one.name[1] in plan.entering.lines]
        fields = frozenset(read) | plan.entering.fields
        plan.attempts = {
            name[1]: Attempt(number=self.number(), name=name, fields=fields) for name in dict.fromkeys(names)
        }
