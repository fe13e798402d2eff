"""Several journeys on one timeline: which of them ask for what others may leave (`traffic.py`).

What comes from outside (arrivals) every journey that it may concern takes by itself; so only what runs do, and what
their customers do because of them, has to be noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from safar.engine.expression import Attribute, Heard
from safar.engine.names import fold
from safar.engine.simulate.columns.arrivals import Arrivals
from safar.engine.simulate.columns.charges import Charging, Once
from safar.engine.simulate.columns.checks import Capped
from safar.engine.simulate.columns.echoes import Echo
from safar.engine.simulate.columns.events import Event
from safar.engine.simulate.columns.meeting import Delivery
from safar.engine.simulate.columns.traffic import Concern, How, When
from safar.engine.simulate.columns.visits import Coming
from safar.engine.simulate.history import Name

if TYPE_CHECKING:
    from safar.engine.simulate.columns.compile import Compiler
    from safar.engine.simulate.columns.listening import Origin
    from safar.engine.simulate.columns.sources import Answering
    from safar.engine.simulate.columns.streams import Stream

LARGE = 100_000
"""Customers of a population from which on journeys are lived through again to hear what others said: for fewer, that
takes longer than to step whom it concerns.
"""

ATTRIBUTE = "an attribute that several journeys share"
EVENT = "something that another journey asks for"
MONEY = "money that is counted once for several journeys"


def meet(compilers: Sequence[Compiler]) -> None:
    """Let customers come, and say of everything that runs do whom else it concerns."""
    coming = [Coming(one) for one in compilers]
    minds = [Minds(one) for one in compilers]
    unsaid = _unsaid(compilers)
    for compiler, mind in zip(compilers, minds, strict=True):
        said = {one for other in minds if other is not mind for one in other.says}
        mind.visited(compiler, [*coming, *(_Rumour(one) for one in sorted(said - unsaid))])
    read = {field for compiler in compilers for field in compiler.reads()}
    fields = {
        name: tuple(field.name for field in event.fields if field.name in read or fold(field.name) in read)
        for name, event in compilers[0].events.items()
    }
    for number, compiler in enumerate(compilers):
        compiler.others_read = read
        compiler.plan.minds = mind_of(minds, number)
        compiler.concerns = Concerns([one for one in minds if one is not minds[number]], unsaid, fields)
        compiler.concerns.of_places(compiler)


# --- what a journey asks for


class Minds:
    """What one journey asks for that others may leave."""

    def __init__(self, compiler: Compiler) -> None:
        self._c = compiler
        plan = compiler.plan
        settings = [one for all in compiler.sets.values() for one in all]
        of_events = {one.value for one in settings}
        self.reads = {name for one in compiler.expressions if one not in of_events for name in one.attributes}
        self.reads |= {one.attribute.name for one in compiler.places.sets}
        blocks = [compiler.journey.behaves, *(stage.behaves for stage in compiler.journey.stages)]
        drawn = [*blocks, *(one.behaves for one in compiler.vocabulary.personas.values())]
        self.reads |= set(_attributes((drawn, [one.responds for one in compiler.touchpoints.values()])))
        self.in_the_end = {name for test in plan.customers.values() if test is not None for name in test.attributes}
        self.always = set(plan.planned_by)
        origins: list[Answering | Stream] = [*plan.lines, *plan.streams]
        self.says = {source.event.folded for source in origins}
        for event in self.says:
            self._sets(event)
        self.hears: set[str] = set()
        self.touchpoints = {fold(name) for name in compiler.touchpoints}
        self.paid = {one for done in compiler.places.does for one in _once(done.charges)}

    def _sets(self, event: str) -> None:
        """Such an event may happen in the journey."""
        for one in self._c.sets[event]:
            self.reads |= {one.attribute.name, *one.value.attributes}

    def visited(self, compiler: Compiler, coming: Sequence[Coming | _Rumour]) -> None:
        """The journey takes the arrivals and the events of others that it asks for."""
        plan, left, own = compiler.plan, [one for one in coming if one.ways], coming[compiler.plan.number]
        while True:
            more = next((one for one in left if one is own or self._wants(one)), None)
            if more is None:
                return
            left.remove(more)
            if isinstance(more, _Rumour):
                plan.echoes = (*plan.echoes, more.echo(compiler))
                self.hears.add(more.event)
            else:
                plan.visits = (*plan.visits, more.visits(compiler))
            self.reads |= set(_attributes(more.payloads))
            if more.event:
                self._sets(more.event)

    def _wants(self, coming: Coming | _Rumour) -> bool:
        if not coming.event:
            return False
        targets = {one.attribute.name for one in self._c.sets[coming.event]}
        return bool(self.how(coming, coming.event)) or not targets.isdisjoint(
            self.reads | self.in_the_end | self.always
        )

    def how(self, origin: Origin, event: str = "") -> When | None:
        """When it asks for such a thing, if ever; `event` is its folded name, where it is one."""
        c, plan = self._c, self._c.plan
        if event and event in plan.entering.lines:
            return When.ALWAYS
        shared = isinstance(origin, Delivery) and origin.name[1] in self.touchpoints
        if shared or plan.memory.about(origin, c.steps):
            return When.AFTERWARDS
        heard = c.places.hears(origin) or bool(c.wanting(origin))
        if event and not heard:
            points = c.leaves.at("event", c.events[event].name, origin.touchpoint)
            heard = bool(points) or c.charged(event)
        return When.AT_ONCE if heard else None


class _Rumour:
    """An event that other journeys may bring about."""

    number, touchpoint, ways, payloads = -1, "", True, ()

    def __init__(self, event: str) -> None:
        self.event = event
        self.name: Name = Heard.EVENT, event

    def echo(self, compiler: Compiler) -> Echo:
        plan = compiler.plan
        event = Event(name=compiler.events[self.event].name, folded=self.event)
        position = len(plan.streams) + len(plan.echoes)
        return Echo(number=compiler.number(), position=position, name=self.name, event=event)


def _unsaid(compilers: Sequence[Compiler]) -> set[str]:
    """Events that others do not hear of: those with a field that entries are `per`, about the run's own value;
    in a small population all.
    """
    events = compilers[0].events
    if compilers[0].plan.world.customers < LARGE:
        return set(events)
    per = {one.plan.entering.per for one in compilers}
    return {name for name, event in events.items() if any(field.name in per for field in event.fields)}


def mind_of(minds: Sequence[Minds], number: int) -> dict[Concern, How]:
    """All that one of the journeys asks for."""
    own = minds[number]
    found: dict[Concern, How] = {("heard", (own, when)): How(when, EVENT) for when in When}
    found |= {("attribute", name): How(When.AFTERWARDS, ATTRIBUTE) for name in own.reads}
    found |= {("attribute at the end", name): How(When.IN_THE_END, ATTRIBUTE) for name in own.in_the_end}
    found |= {("attribute at any time", name): How(When.ALWAYS, ATTRIBUTE) for name in own.always}
    found |= {("paid", key): How(When.AFTERWARDS, MONEY) for key in own.paid}
    return found


def _once(charges: Iterable[Charging]) -> Iterator[object]:
    return (one.key for one in charges if isinstance(one, Once))


def _attributes(written: object) -> Iterator[str]:
    """The attributes that stand anywhere in what is written."""
    if isinstance(written, Attribute):
        yield written.name
    elif isinstance(written, list | tuple):
        for one in written:
            yield from _attributes(one)
    elif isinstance(written, msgspec.Struct):
        yield from _attributes([getattr(written, name) for name in written.__struct_fields__])


# --- whom it concerns


class Concerns:
    """What the other journeys ask for of what one of them does."""

    def __init__(self, others: Sequence[Minds], unsaid: set[str], fields: dict[str, tuple[str, ...]]) -> None:
        self._others, self._unsaid, self._fields = others, unsaid, fields

    def _of(self, origin: Origin, event: str = "") -> Iterator[Concern]:
        for other in self._others:
            when = other.how(origin, event)
            if when is not None and (event not in other.hears or origin.touchpoint in other.touchpoints):
                yield "heard", (other, when)

    def _of_attribute(self, name: str) -> Iterator[Concern]:
        for key in ("reads", "in_the_end", "always"):
            if any(name in getattr(other, key) for other in self._others):
                yield _KINDS[key], name

    def tell(self, origin: Origin, event: Event) -> None:
        """Arrivals every journey takes by itself, and an echo is what it was said to be."""
        if isinstance(origin, Arrivals | Echo):
            return
        found = [*self._of(origin, event.folded)]
        if event.folded in self._unsaid:
            for setting in event.sets:
                found += self._of_attribute(setting.attribute.name)
        event.concerns = tuple(dict.fromkeys(found))
        if any(event.folded in other.hears for other in self._others):
            event.says = self._fields[event.folded]

    def of_places(self, compiler: Compiler) -> None:
        places = compiler.places
        for setting in places.sets:
            setting.concerns = tuple(self._of_attribute(setting.attribute.name))
        paid = {key for other in self._others for key in other.paid}
        for done in places.does:
            done.concerns = (*self._of(done), *(("paid", key) for key in _once(done.charges) if key in paid))
        for spot in places.meetings():
            spot.capped = tuple(check for check in spot.checks if isinstance(check, Capped) and check.most)
            spot.counted = tuple(spot.counters)


_KINDS = {"reads": "attribute", "in_the_end": "attribute at the end", "always": "attribute at any time"}
