"""Whether a channel lets a message through at one instant: it refuses all of them alike, and those that come after
one that fills it.

What other journeys have sent is not known, so a limit may refuse at any instant or not; but within an instant its
answer changes only by what the run itself sends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from safar.engine.model import Cap, Channel, Closed, Quiet
from safar.engine.moves import Deliver
from safar.engine.program import Program
from safar.engine.prove.changes import Change, Guard, Put, Turn
from safar.engine.prove.sending import caps, sending
from safar.engine.prove.space import Space


def refusing(program: Program) -> tuple[str, ...]:
    """The channels on which something suppresses at once; none where only one message can be sent at an instant."""
    sent: Counter[str] = Counter()
    for place in program.places:
        if isinstance(place.move, Deliver):
            one = sending(program.project, place.move.touchpoint)
            again = any(scope.kind == "loop" for scope in program.around(place.id))
            sent[one.channel] += one.skips * (1 + again)
    return tuple(channel for channel, times in sent.items() if times) if sent.total() > 1 else ()


def refuses(space: Space, channel: Channel, *, yes: bool) -> Iterator[Change]:
    """Only where the channel refuses now (or does not), and so do all that have its checks (whose checks it has)."""
    own = _suppressing(space, channel)
    for other in space.project.vocabulary.channels.values():
        variable = space.by_key.get(("refused", other.name))
        few, many = (own, _suppressing(space, other)) if yes else (_suppressing(space, other), own)
        if variable is not None and few and all(any(one is check for check in many) for one in few):
            yield Guard(space, [space.full & ~variable.field | variable.bits((int(yes),))])


def _suppressing(space: Space, channel: Channel) -> list[Cap | Quiet | Closed]:
    """The checks of a channel that suppress a message at once."""
    checks: list[Cap | Quiet | Closed] = [*caps(space.project, channel), *channel.quiet, *channel.closed]
    return [one for one in checks if not one.refusal.wait]


def filled(space: Space, channel: Channel) -> Iterator[Change]:
    """A message has gone out: a limit that counts it may refuse now, and does if it allows one."""
    for other in space.project.vocabulary.channels.values():
        variable = space.by_key.get(("refused", other.name))
        shared = _shared(space, channel, other) if variable is not None else []
        if variable is not None and any(cap.count <= 1 for cap in shared):
            yield Put(space, variable.field, variable.bits((1,)))
        elif variable is not None and shared:
            yield Turn(space, variable, [(0, 1), (1,)])


def _shared(space: Space, channel: Channel, other: Channel) -> list[Cap]:
    """The limits that count the messages of one channel and suppress those of another."""
    counting = caps(space.project, channel)
    return [cap for cap in caps(space.project, other) if not cap.refusal.wait and any(cap is one for one in counting)]
