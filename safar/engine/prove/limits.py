"""What the limits of channels alone promise: at most so many messages in any stretch, whatever journeys do."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from safar.engine.model import Cap, Channel, Project, Send, Touchpoint
from safar.engine.moves import Deliver, DoAction, Effect
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import AtMost, Deed
from safar.engine.prove.daylight import SHIFT
from safar.engine.prove.marks import Happens, Mark, Sure, delivered, sees
from safar.engine.prove.sending import DAY

WEEK = 7 * DAY
_MOST_CHANNELS = 10
"""Channels of one rule for which all combinations of limits are tried."""


Offer = tuple[frozenset[str], int]
"""On these channels there are at most so many in all."""


def bound(claim: AtMost, programs: Sequence[Program], known: Sequence[Offer] = ()) -> int | None:
    """At most so many of what a rule counts, by limits (and what else is `known`); None where they promise nothing.

    A limit of m per stretch w allows m times the stretches of w that lie in, or touch, the rule's own stretch; each
    channel is counted by its own limit or by one that it shares, whichever gives less in all.
    """
    stretch = _stretch(claim)
    channels = _channels(claim.deed, programs)
    if stretch is None or channels is None or not programs:
        return None
    return _least(channels, [*_offers(programs[0].project, claim, stretch), *known])


def _stretch(claim: AtMost) -> int | None:
    """The seconds of what is counted together."""
    return {"window": claim.window, "day": DAY + SHIFT, "week": WEEK + SHIFT}.get(claim.per)


def _channels(deed: Deed, programs: Sequence[Program]) -> frozenset[str] | None:
    """The channels on which the deed is sent; None where it may happen beyond all limits."""
    found: set[str] = set()
    for program in programs:
        for touchpoint, times in _bearing(deed, program):
            channel = _limited(program.project, touchpoint)
            if channel is None or times > 1:
                return None
            found.add(channel.name)
        if _is_done_elsewhere(deed, program):
            return None
    return frozenset(found)


def _bearing(deed: Deed, program: Program) -> Iterator[tuple[Touchpoint, int]]:
    """The touchpoints whose delivery is the deed, or does it, and how often."""
    spots = sees(deed, program)
    places = delivered(deed, program)
    for place in program.places:
        if isinstance(place.move, Deliver):
            touchpoint = place.move.touchpoint
            done = sum(
                spots(Mark(Happens.DONE, place.id, fold(call.action))) is not Sure.NO for call in touchpoint.actions
            )
            if times := done + (place.id in places):
                yield touchpoint, times


def _is_done_elsewhere(deed: Deed, program: Program) -> bool:
    """Whether steps or interrupts do it, which no limit counts."""
    spots = sees(deed, program)
    effects = [place.move.effect for place in program.places if isinstance(place.move, Effect)]
    effects += [one.effect for scope in program.scopes for one in scope.handlers if one.effect is not None]
    actions = {fold(one.call.action) for one in effects if isinstance(one, DoAction)}
    return any(spots(Mark(Happens.DONE, -2, action)) is not Sure.NO for action in actions)


def _limited(project: Project, touchpoint: Touchpoint) -> Channel | None:
    """The channel that limits count the message on."""
    contact = touchpoint.contact
    if not isinstance(contact, Send) or touchpoint.transactional:
        return None
    channel = project.vocabulary.channels.get(contact.channel)
    return channel if channel is not None and channel.outbound else None


# --- counting


def _least(channels: frozenset[str], known: Sequence[Offer]) -> int | None:
    """The cheapest cover of the channels by limits."""
    offers = [(wide & channels, count) for wide, count in known if wide & channels]
    best: dict[frozenset[str], int] = {frozenset(): 0}
    if len(channels) > _MOST_CHANNELS:
        return None
    for covered in _subsets(channels):
        if covered not in best:
            continue
        for wide, count in offers:
            wider = covered | wide
            total = best[covered] + count
            if total < best.get(wider, total + 1):
                best[wider] = total
    return best.get(channels)


def _subsets(channels: frozenset[str]) -> Iterator[frozenset[str]]:
    """All of them, the smaller first."""
    for size in range(len(channels) + 1):
        yield from map(frozenset, itertools.combinations(sorted(channels), size))


def _offers(project: Project, claim: AtMost, stretch: int) -> Iterator[Offer]:
    """What each limit promises of its channels."""
    for channel in project.vocabulary.channels.values():
        yield from _each(frozenset({channel.name}), channel.caps, claim, stretch)
    outbound = frozenset(one.name for one in project.vocabulary.channels.values() if one.outbound)
    for limit in project.vocabulary.limits.values():
        yield from _each(frozenset(limit.channels) or outbound, limit.caps, claim, stretch)


def _each(channels: frozenset[str], caps: Iterable[Cap], claim: AtMost, stretch: int) -> Iterator[Offer]:
    for cap in caps:
        yield channels, cap.count * _times(cap, claim, stretch)


def _times(cap: Cap, claim: AtMost, stretch: int) -> int:
    """How many of a limit's own stretches a rule's stretch lies in, or touches."""
    if cap.window is not None:
        return -(-stretch // cap.window)
    if claim.per == cap.calendar or (claim.per, cap.calendar) == ("day", "week"):
        return 1
    if (claim.per, cap.calendar) == ("week", "day"):
        return 7
    length = (DAY if cap.calendar == "day" else WEEK) - SHIFT
    return 1 + -(-stretch // length)
