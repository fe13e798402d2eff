"""What happens on a way through a journey, and whether it is what a rule speaks of."""

from __future__ import annotations

import enum
from collections.abc import Callable

import msgspec

from safar.engine.expression import EventForm, Heard
from safar.engine.model import Send, Touchpoint
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Deed
from safar.engine.prove.changes import Change


class Happens(enum.Enum):
    ENTERED = "entered"
    DELIVERED = "delivered"
    DONE = "done"
    EVENT = "event"
    LEFT = "left"


class Mark(msgspec.Struct, frozen=True):
    """`place` is where; of an action `name` is its folded name, of an event `form` says which.  `meanwhile`: it is done
    while the run rests at the place.  `before` is what the marks before it on its way have changed by then."""

    what: Happens
    place: int = -1
    name: str = ""
    form: EventForm | None = None
    meanwhile: bool = False
    before: tuple[Change, ...] = ()


class Sure(enum.Enum):
    """Whether a mark is what is meant."""

    NO = 0
    MAYBE = 1
    YES = 2


Sees = Callable[[Mark], Sure]


def sees(deed: Deed, program: Program) -> Sees:
    """Whether a mark is a deed of a rule; as `claims.sightings` sees it in a story."""
    name = fold(deed.name)
    match deed.kind:
        case "event":
            return _event(deed)
        case "entry":
            return lambda mark: _sure(mark.what is Happens.ENTERED)
        case "action":
            return lambda mark: _sure(mark.what is Happens.DONE and mark.name == name)
        case "tag":
            return _tag(name, program)
    places = delivered(deed, program)
    return lambda mark: _sure(mark.what is Happens.DELIVERED and mark.place in places)


def _sure(yes: bool) -> Sure:
    return Sure.YES if yes else Sure.NO


def delivered(deed: Deed, program: Program) -> frozenset[int]:
    """The places at which a delivery is the deed."""
    name = fold(deed.name)
    channels = program.project.vocabulary.channels

    def is_meant(node: str, touchpoint: Touchpoint) -> bool:
        contact = touchpoint.contact
        channel = channels.get(contact.channel) if contact is not None else None
        match deed.kind:
            case "touchpoint":
                return fold(touchpoint.name) == name
            case "step":
                return fold(node) == name
            case "channel":
                return channel is not None and fold(channel.name) == name and not touchpoint.transactional
            case "messages":
                sent = isinstance(contact, Send) and channel is not None and channel.outbound
                return sent and (deed.every or not touchpoint.transactional)
            case "tag":
                return name in map(fold, touchpoint.tags)
        return False

    return frozenset(
        place.id
        for place in program.places
        if isinstance(place.move, Deliver) and is_meant(place.node, place.move.touchpoint)
    )


def _tag(name: str, program: Program) -> Sees:
    """An action in a touchpoint that bears the tag too is told with it."""
    bearing = delivered(Deed(span=program.journey.span, kind="tag", name=name), program)
    actions = {fold(one.name) for one in program.project.vocabulary.actions.values() if name in map(fold, one.tags)}

    def spots(mark: Mark) -> Sure:
        if mark.what is Happens.DONE:
            return _sure(mark.name in actions and (mark.meanwhile or mark.place not in bearing))
        return _sure(mark.what is Happens.DELIVERED and mark.place in bearing)

    return spots


def _event(deed: Deed) -> Sees:
    name, answers = fold(deed.name), fold(deed.answers or "")

    def spots(mark: Mark) -> Sure:
        form = mark.form
        if mark.what is not Happens.EVENT or form is None or form.kind is not Heard.EVENT or fold(form.name) != name:
            return Sure.NO
        told = fold(form.answers or "")
        is_certain = (not answers or told == answers) and (deed.where is None or form.where == deed.where)
        return Sure.YES if is_certain else Sure.MAYBE

    return spots
