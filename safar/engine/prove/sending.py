"""What may become of a message: delivered, suppressed or held, whatever others have been sent."""

from __future__ import annotations

import msgspec

from safar.engine.expression import Expression
from safar.engine.model import Cap, Channel, Closed, Project, Quiet, Send, Touchpoint
from safar.engine.prove.daylight import shift

DAY = 86_400


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """`limited`: limits count it.  `skips`: something else than consent may suppress it at once; `hold`: it may be held
    for so many seconds at most; `drops`: it may be suppressed after a hold, consent given."""

    channel: str = ""
    limited: bool = False
    consent: Expression | None = None
    skips: bool = False
    hold: int = 0
    drops: bool = False


def sending(project: Project, touchpoint: Touchpoint) -> Sending:
    contact = touchpoint.contact
    channel = project.vocabulary.channels.get(contact.channel) if contact is not None else None
    if channel is None:
        return Sending()
    if touchpoint.transactional or not channel.outbound or not isinstance(contact, Send):
        return Sending(channel=channel.name)
    checks: list[Cap | Quiet | Closed] = [*caps(project, channel), *channel.quiet, *channel.closed]
    skips = any(not one.refusal.wait for one in checks)
    waits = [one for one in checks if one.refusal.wait]
    hold = max((one.refusal.up_to for one in waits), default=0)
    nights = [length(one, shift(project)) for one in waits if isinstance(one, Quiet)]
    sure = len(waits) == 1 and bool(nights) and waits[0].refusal.up_to >= nights[0]
    if sure:
        hold = nights[0]
    return Sending(
        channel=channel.name,
        limited=True,
        consent=channel.consent,
        skips=skips,
        hold=hold,
        drops=bool(waits) and (skips or not sure),
    )


def length(quiet: Quiet, shift: int) -> int:
    """The longest that quiet hours last, clocks set back by so much among it."""
    return (quiet.end - quiet.start) % DAY + shift


def caps(project: Project, channel: Channel) -> tuple[Cap, ...]:
    """The limits of a channel, and the project's that count it."""
    limits = project.vocabulary.limits.values()
    shared = [one for one in limits if channel.outbound and (not one.channels or channel.name in one.channels)]
    return (*channel.caps, *(cap for one in shared for cap in one.caps))
