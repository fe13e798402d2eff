"""What may become of a message: delivered, suppressed or held, whatever others have been sent."""

from __future__ import annotations

import msgspec

from safar.engine.expression import Expression
from safar.engine.model import Cap, Channel, Closed, Project, Quiet, Send, Touchpoint

SHIFT = 2 * 3_600
"""At most so much are clocks set forward or back, as the zones' rules say of the years to come."""
DAY = 86_400


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """`skips`: something else than consent may suppress it at once; `hold`: it may be held, so many seconds at most;
    `drops`: it may be suppressed after a hold, consent given."""

    channel: str = ""
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
    sure = len(waits) == 1 and isinstance(waits[0], Quiet) and waits[0].refusal.up_to >= length(waits[0])
    hold = max((one.refusal.up_to for one in waits), default=0)
    if sure and isinstance(waits[0], Quiet):
        hold = length(waits[0])
    return Sending(
        channel=channel.name, consent=channel.consent, skips=skips, hold=hold, drops=bool(waits) and (skips or not sure)
    )


def length(quiet: Quiet) -> int:
    """The longest that quiet hours last, clocks set back among it."""
    return (quiet.end - quiet.start) % DAY + SHIFT


def caps(project: Project, channel: Channel) -> tuple[Cap, ...]:
    """The limits of a channel, and the project's that count it."""
    limits = project.vocabulary.limits.values()
    shared = [one for one in limits if channel.outbound and (not one.channels or channel.name in one.channels)]
    return (*channel.caps, *(cap for one in shared for cap in one.caps))
