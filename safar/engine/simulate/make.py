"""A world made ready: programs to tracks, once for all customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from safar.engine import spelling
from safar.engine.expression import Base, Heard
from safar.engine.model import (
    Arrival,
    Behaviour,
    Entry,
    Event,
    Goal,
    HoldOut,
    Journey,
    PersonaDeclared,
    Project,
    Reentry,
)
from safar.engine.moves import Count, Deliver, Handler, Scope, Wait
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate import chance
from safar.engine.simulate.acts import acts, way_to, ways_of
from safar.engine.simulate.channel import Counters
from safar.engine.simulate.clock import DAY, day_number
from safar.engine.simulate.draw import defaults, payload, project_zone, zone_attribute
from safar.engine.simulate.effects import effect
from safar.engine.simulate.evaluate import form_name, matching, ready
from safar.engine.simulate.history import Name
from safar.engine.simulate.making import Making
from safar.engine.simulate.patterns import by_name, conditions, hears, holds, stands
from safar.engine.simulate.track import (
    Arriving,
    Aside,
    EventReady,
    GoalReady,
    Hearing,
    Jumper,
    Line,
    PersonaReady,
    Shared,
    Spot,
    Stream,
    Track,
)
from safar.engine.simulate.words import reason
from safar.engine.simulate.world import World
from safar.engine.source import NOWHERE

_RANKS = {"high": 0, "normal": 1, "low": 2}
_NOBODY = 3


def priorities(program: Program) -> list[int]:
    """For each place the highest priority of the touchpoints that can be met from it before time passes."""
    before: list[list[int]] = [[] for _ in program.places]
    todo: list[list[int]] = [[], [], []]
    for place in program.places:
        if isinstance(place.move, Deliver):
            todo[_RANKS[place.move.touchpoint.priority]].append(place.id)
        if not isinstance(place.move, Wait):
            for edge in program.ways(place.id):
                before[edge.end].append(place.id)
    ranks = [_NOBODY] * len(program.places)
    for rank, found in enumerate(todo):
        while found:
            number = found.pop()
            if ranks[number] == _NOBODY:
                ranks[number] = rank
                found.extend(before[number])
    return ranks


class _Maker:
    """Makes one program ready."""

    def __init__(self, program: Program, counters: Counters, part: int) -> None:
        self._program, self._counters, self._part = program, counters, part
        self._project = program.project
        self._handled: dict[int, dict[Name, Hearing]] = {}
        self._jumpers: dict[tuple[int, int], Jumper] = {}

    def _scopes(self, scope: int) -> list[Scope]:
        """A scope and those around it, the outermost first."""
        found = []
        while scope >= 0:
            found.append(self._program.scopes[scope])
            scope = found[-1].parent
        return found[::-1]

    def _jumper(self, scope: Scope, index: int) -> Jumper:
        key = scope.id, index
        if key not in self._jumpers:
            handler = scope.handlers[index]
            assert handler.to is not None
            self._jumpers[key] = _jumper(self._program, scope, handler)
        return self._jumpers[key]

    def _jumpers_of(self, scope: Scope) -> list[tuple[Handler, Jumper]]:
        return [(one, self._jumper(scope, i)) for i, one in enumerate(scope.handlers) if one.to is not None]

    def _hearings(self, number: int) -> dict[Name, Hearing]:
        """Who hears what in a scope: asides from the outermost in, then loops, stage, journey."""
        if number in self._handled:
            return self._handled[number]
        scopes = self._scopes(number)
        order = [s for s in scopes if s.kind == "loop"] + [s for s in reversed(scopes) if s.kind != "loop"]
        table: dict[Name, Hearing] = {}
        for scope in scopes:
            for handler in scope.handlers:
                if handler.effect is not None:
                    do = effect(handler.effect, self._project)
                    for name, matches in by_name(handler.pattern):
                        old = table.get(name, Hearing())
                        table[name] = Hearing((*old.asides, Aside(matches, do, handler.node)), old.jumpers)
        for scope in order:
            for handler, jumper in self._jumpers_of(scope):
                for name in dict(by_name(handler.pattern)):
                    old = table.get(name, Hearing())
                    table[name] = Hearing(old.asides, (*old.jumpers, jumper))
        self._handled[number] = table
        return table

    def _spot(self, number: int, ranks: list[int]) -> Spot:
        place = self._program.places[number]
        ways = ways_of(self._program, number)
        scopes = self._scopes(place.scope)
        loops = [jumper for scope in scopes if scope.kind == "loop" for _, jumper in self._jumpers_of(scope)]
        move = place.move
        hearing, awaits = self._hearings(place.scope), []
        if isinstance(move, Wait):
            hearing = dict(hearing)
            for way, written in zip(ways.get("pattern", ()), move.ways, strict=True):
                awaits += [(way, condition) for condition in conditions(written.pattern)]
                for name, matches in by_name(written.pattern):
                    old = hearing.get(name, Hearing())
                    hearing[name] = Hearing(old.asides, old.jumpers, (*old.ways, (way, matches)))
        behind = ways["timeout" if move.ways else "next"][0][0] if isinstance(move, Wait) else number
        own = tuple(one for one in loops if isinstance(move, Count) and one.loop == move.loop)
        making = Making(
            project=self._project,
            counters=self._counters,
            node=place.node,
            name=place.name,
            journey_part=self._part,
            ways=ways,
            until=own,
        )
        enter, resume = acts(move, making)
        return Spot(
            node=place.node,
            stage=place.stage,
            loops=frozenset(scope.id for scope in scopes if scope.kind == "loop"),
            priority=ranks[number],
            woken_priority=ranks[behind],
            enter=enter,
            resume=resume,
            hears=hearing,
            until=tuple(loops),
            awaits=tuple(awaits),
        )

    def track(self) -> Track:
        program, journey = self._program, self._program.journey
        goals: dict[Name, tuple[GoalReady, ...]] = {}
        exits: dict[str, tuple[GoalReady, ...]] = {}
        for goal in journey.goals:
            ready_goal = _goal(goal, journey)
            if goal.on is not None:
                name = form_name(goal.on)
                goals[name] = (*goals.get(name, ()), ready_goal)
            else:
                exits[fold(goal.name)] = (*exits.get(fold(goal.name), ()), ready_goal)
        hold_out, ranks = journey.hold_out, priorities(program)
        return Track(
            name=journey.name,
            part=self._part,
            spots=tuple(self._spot(number, ranks) for number in range(len(program.places))),
            start=program.resolve(program.start),
            horizon=journey.horizon,
            lines=tuple(_line(entry, self._project) for entry in journey.entries),
            reentry=journey.reenter or Reentry(span=NOWHERE),
            hold_out=chance.threshold(hold_out.share) if hold_out is not None else 0,
            hold_out_of_project=hold_out is not None and hold_out.of_project,
            hold_out_words=_hold_out(hold_out) if hold_out is not None else "",
            goals=goals,
            exits=exits,
            streams=_journey_streams(journey, self._part),
            arriving=_arriving(journey.arrive, Fraction(1)),
        )


def _loops_around(program: Program, scope: Scope) -> Iterator[int]:
    while scope.parent >= 0:
        scope = program.scopes[scope.parent]
        if scope.kind == "loop":
            yield scope.id


def _jumper(program: Program, scope: Scope, handler: Handler) -> Jumper:
    assert handler.to is not None
    return Jumper(
        label=handler.label,
        way=way_to(program, handler.to, handler.label),
        loop=scope.id if scope.kind == "loop" else -1,
        keeps=frozenset(_loops_around(program, scope)) if scope.kind == "loop" else frozenset(),
        hears=hears(handler.pattern),
        holds=holds(handler.pattern),
        stands=stands(handler.pattern) or (lambda life, run: False),
    )


def _goal(goal: Goal, journey: Journey) -> GoalReady:
    on = goal.on
    within = goal.within if goal.within is not None else on.within if on is not None else None
    value = goal.value
    why = f"on {spelling.event_form(on)}" if on is not None else "by its exit"
    return GoalReady(
        name=goal.name,
        matches=matching(on) if on is not None else (lambda now, run, record: True),
        within=journey.horizon if within is None else within,
        value=ready(value) if value is not None and value.type.base is Base.MONEY else None,
        currency=value.type.currency if value is not None else "",
        first=goal.value_first,
        why=why if within is None else f"{why}, within {spelling.duration(within)}",
    )


def _hold_out(hold_out: HoldOut) -> str:
    return f"hold out {spelling.percent(hold_out.share)}" + (" of project" if hold_out.of_project else "")


def _line(entry: Entry, project: Project) -> Line:
    words = {
        "event": f"on {entry.event}" + (f" per {entry.per}" if entry.per else ""),
        "yearly": f"each year on customer.{entry.attribute}",
        "each": f"each {entry.unit}",
        "occasion": f"each {entry.occasion}",
        "date": f"on {entry.date}",
    }[entry.kind]
    if entry.kind != "event":
        words += f" at {spelling.time_of_day(entry.at)}"
    return Line(
        entry=entry,
        event=fold(entry.event),
        condition=ready(entry.condition) if entry.condition is not None else None,
        reason=reason(entry.condition, project) if entry.condition is not None else None,
        words=words,
    )


def _arriving(arrival: Arrival | None, share: Fraction) -> Arriving | None:
    """The mean seconds between two customers, as if each were one of the whole population."""
    if arrival is None or arrival.count <= 0:
        return None
    return Arriving(gap=float(arrival.period / arrival.count * share), payload=payload(arrival.payload))


def _streams(lines: Iterable[Behaviour], scope: tuple[int, ...], stage: str = "", rank: int = 0) -> list[Stream]:
    streams = []
    for index, line in enumerate(lines):
        highest = max((case.rate for case in line.rates), default=Fraction(0))
        if highest > 0:
            streams.append(
                Stream(
                    event=fold(line.event),
                    mean=float(1 / highest),
                    cases=tuple(
                        (
                            ready(case.condition) if case.condition is not None else None,
                            chance.threshold(case.rate / highest),
                        )
                        for case in line.rates
                    ),
                    payload=payload(line.payload),
                    stage=stage,
                    part=chance.together(*scope, chance.name_part(line.event), line.line),
                    order=(rank, index),
                )
            )
    return streams


def _journey_streams(journey: Journey, part: int) -> tuple[Stream, ...]:
    """The journey's own under the scope `journey`, each stage's under its name."""
    streams = _streams(journey.behaves, (part, chance.BEHAVES, chance.name_part("journey")))
    for rank, stage in enumerate(journey.stages, 1):
        streams += _streams(stage.behaves, (part, chance.BEHAVES, chance.name_part(stage.name)), stage.name, rank)
    return tuple(streams)


def _persona(persona: PersonaDeclared) -> PersonaReady:
    scope = chance.name_part(persona.name), chance.BEHAVES, chance.name_part("persona")
    return PersonaReady(
        streams=tuple(_streams(persona.behaves, scope)),
        arriving=_arriving(persona.arrive, persona.share),
    )


def _event(event: Event, project: Project) -> EventReady:
    attributes = project.vocabulary.attributes
    return EventReady(
        name=event.name,
        fields=tuple(field.name for field in event.fields),
        private=tuple(field.name for field in event.fields if field.private),
        sets=tuple((attributes[one.attribute], ready(one.value)) for one in event.then_set),
    )


def _usual_days(tracks: Iterable[Track]) -> int:
    """The longest horizon; a year at least where a journey is entered by the calendar."""
    by_calendar = any(not line.event for track in tracks for line in track.lines)
    return max(*(-(-track.horizon // DAY) for track in tracks), 365 if by_calendar else 1)


def make(world: World) -> Shared:
    """Everything that the world's customers share, compiled."""
    project = world.programs[0].project
    vocabulary = project.vocabulary
    counters = Counters(project)
    names = [program.journey.name for program in world.programs]
    tracks = tuple(
        _Maker(program, counters, chance.name_part(world.keyed_by.get(name, name))).track()
        for name, program in zip(names, world.programs, strict=True)
    )
    heard = {name for track in tracks for spot in track.spots for name in spot.hears}
    met = [p.move.touchpoint.name for program in world.programs for p in program.places if isinstance(p.move, Deliver)]
    days = world.days if world.days is not None else _usual_days(tracks)
    return Shared(
        tracks=tracks,
        events={fold(event.name): _event(event, project) for event in vocabulary.events.values()},
        personas={persona.name: _persona(persona) for persona in vocabulary.personas.values()},
        touchpoints={fold(name): name for name in met},
        heard=frozenset(name for name in heard if name[0] is not Heard.EVENT),
        counters=counters.number,
        seed=chance.seed_key(world.seed),
        start=world.start,
        end=world.start + days * DAY,
        customers=world.customers,
        alone=len(tracks) == 1,
        words=world.words,
        defaults=defaults(project),
        attributes=dict(vocabulary.attributes),
        zone=project_zone(project),
        zone_attribute=zone_attribute(project),
        dates={one.name: tuple(sorted(day_number(d) for d in one.dates)) for one in vocabulary.occasions.values()},
    )
