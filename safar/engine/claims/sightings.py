"""What claims speak of, noted while a story goes on: deliveries, actions, events, entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from safar.engine.expression import EventForm, Expression, Heard
from safar.engine.model import Send, Touchpoint
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Apart, AtMost, Claim, Deed, Follows, Never, NotBefore, OnlyIf
from safar.engine.simulate.evaluate import matching, ready
from safar.engine.simulate.happening import Happening, What
from safar.engine.simulate.history import NOTHING, Record
from safar.engine.simulate.life import Life
from safar.engine.simulate.run import Run

Entry = tuple[str, int]
"""A run of the customer: the journey, and which entry it is."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """It happened: as the customer's happening `n`, at that instant (seconds UTC), at a step or as an event of a name.

    `entries` are the runs in which it counts, `inside` those that it began or that it met inside; `stage` is where the
    run was that did it; `holds` says of a claim's own condition whether it was true just before.
    """

    n: int
    at: int
    name: str
    entries: frozenset[Entry]
    inside: frozenset[Entry]
    stage: str = ""
    holds: bool = True


Asked = tuple[Deed, Expression | None]
"""What is looked for, and the condition that is asked of it."""


def asked(claim: Claim) -> Iterator[Asked]:
    """What must be noted to judge a claim."""
    match claim:
        case Follows():
            yield claim.cause, None
            yield claim.effect, None
        case OnlyIf():
            yield claim.deed, claim.condition
        case Apart() | NotBefore():
            yield claim.deed, None
            yield claim.other, None
        case Never() | AtMost():
            yield claim.deed, None


_Spotter = Callable[[Life, Happening, "Record | None"], bool]


class Lookout:
    """Notes what claims ask for.  `note` is to be told each happening at the moment at which it happens."""

    def __init__(self, programs: Sequence[Program], claims: tuple[Claim, ...]) -> None:
        wanted = dict.fromkeys(one for claim in claims for one in asked(claim))
        spotters = {deed: _spotter(deed, programs) for deed, _ in wanted}
        self._wanted = [(one, spotters[one[0]], ready(one[1]) if one[1] is not None else None) for one in wanted]
        self.seen: dict[Asked, list[Sighting]] = {one: [] for one in wanted}
        self._begins = [one for one in wanted if one[0].kind in ("event", "entry")]

    def note(self, life: Life, happening: Happening, run: Run | None) -> None:
        if happening.what is What.ENTERED:
            self._entered(happening)
        elif happening.what in (What.DELIVERED, What.DONE, What.EVENT):
            record = _record(life, happening)
            for one, spots, condition in self._wanted:
                if spots(life, happening, record):
                    holds = True
                    if condition is not None and record is not None:
                        with life.history.without(record):
                            holds = condition(life, run, NOTHING) is True
                    self.seen[one].append(_sighting(life, happening, run, record, holds))

    def _entered(self, one: Happening) -> None:
        """A run begins; the event that begins it counts in it."""
        entry = frozenset({(one.journey, one.entry)})
        for wanted in self._begins:
            seen = self.seen[wanted]
            if wanted[0].kind == "entry":
                seen.append(Sighting(n=one.n, at=one.at, name="entry", entries=entry, inside=entry))
            elif seen and one.event and seen[-1].at == one.at and seen[-1].name == one.event:
                last = seen[-1]
                seen[-1] = msgspec.structs.replace(last, entries=last.entries | entry, inside=last.inside | entry)


def _record(life: Life, one: Happening) -> Record | None:
    """The record that a happening has just made; a task makes none."""
    if not one.number:
        return None
    kinds = {What.DELIVERED: Heard.TOUCHPOINT, What.DONE: Heard.ACTION, What.EVENT: Heard.EVENT}
    name = {What.DELIVERED: one.touchpoint, What.DONE: one.detail, What.EVENT: one.event or ""}[one.what]
    return next(life.history.latest((kinds[one.what], fold(name))), None)


def _sighting(life: Life, one: Happening, run: Run | None, record: Record | None, holds: bool) -> Sighting:
    if run is not None:
        own = frozenset({(run.track.name, run.entry)})
        return Sighting(n=one.n, at=one.at, name=one.step, entries=own, inside=own, stage=run.stage, holds=holds)
    payload = record.payload if record is not None else NOTHING
    heard = [other for other in life.runs if other.followed and other.hears(payload)]
    return Sighting(
        n=one.n,
        at=one.at,
        name=one.event or "",
        entries=frozenset((other.track.name, other.entry) for other in heard),
        inside=frozenset((other.track.name, other.entry) for other in heard if other.inside),
        holds=holds,
    )


# --- what each kind of deed looks like


def _spotter(deed: Deed, programs: Sequence[Program]) -> _Spotter:
    name = fold(deed.name)
    match deed.kind:
        case "event":
            return _event(deed)
        case "touchpoint":
            return lambda life, one, record: one.what is What.DELIVERED and fold(one.touchpoint) == name
        case "step":
            return lambda life, one, record: one.what is What.DELIVERED and fold(one.step) == name
        case "action":
            return lambda life, one, record: one.what is What.DONE and bool(one.number) and fold(one.detail) == name
        case "channel":
            asked = _marketing(programs)
            return lambda life, one, record: (
                one.what is What.DELIVERED and fold(one.detail) == name and (one.journey, one.touchpoint) in asked
            )
        case "tag":
            return _tag(name, programs)
        case "messages":
            sent = _messages(programs, every=deed.every)
            return lambda life, one, record: one.what is What.DELIVERED and (one.journey, one.touchpoint) in sent
    return lambda life, one, record: False  # an entry, which no happening of these is


def _event(deed: Deed) -> _Spotter:
    form = EventForm(span=deed.span, kind=Heard.EVENT, name=deed.name, answers=deed.answers, where=deed.where)
    name, matches = fold(deed.name), matching(form)

    def spots(life: Life, one: Happening, record: Record | None) -> bool:
        if one.what is not What.EVENT or record is None or fold(one.event or "") != name:
            return False
        return matches(life, record.run, record)

    return spots


_Met = tuple[str, str]
"""A journey, and a touchpoint or node of it: other journeys may have one of that name."""


def _delivers(programs: Sequence[Program]) -> Iterator[tuple[str, str, Touchpoint]]:
    """Journey, node and touchpoint of every place at which one is met."""
    for program in programs:
        for place in program.places:
            if isinstance(place.move, Deliver):
                yield program.journey.name, place.node, place.move.touchpoint


def _tag(name: str, programs: Sequence[Program]) -> _Spotter:
    """A mail with a coupon is one offer: an action in a touchpoint that bears the tag too is told with it."""
    bearing: set[_Met] = {(own, node) for own, node, met in _delivers(programs) if name in map(fold, met.tags)}
    declared = programs[0].project.vocabulary.actions.values()
    actions = {one.name for one in declared if name in map(fold, one.tags)}

    def spots(life: Life, one: Happening, record: Record | None) -> bool:
        if one.what is What.DONE:
            return bool(one.number) and one.detail in actions and (one.journey, one.step) not in bearing
        return one.what is What.DELIVERED and (one.journey, one.step) in bearing

    return spots


def _marketing(programs: Sequence[Program]) -> set[_Met]:
    """The touchpoints that are no transactional messages: those are not spoken of by their channel."""
    return {(own, met.name) for own, _, met in _delivers(programs) if not met.transactional}


def _messages(programs: Sequence[Program], *, every: bool) -> set[_Met]:
    """The touchpoints that are messages: sent on outbound channels, and marketing unless `every` one counts."""
    outbound = {one.name for one in programs[0].project.vocabulary.channels.values() if one.outbound}
    return {
        (own, met.name)
        for own, _, met in _delivers(programs)
        if isinstance(met.contact, Send) and met.contact.channel in outbound and (every or not met.transactional)
    }
