"""A limit that other limits never let fill up."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.model import Cap

RULE = Rule("idle-limit", "SF403", Severity.WARNING)

_DAYS = {"day": 1, "week": 7}


def find(subject: Subject) -> Iterator[Diagnostic]:
    channels = subject.vocabulary.channels
    for channel in channels.values():
        for number, cap in enumerate(channel.caps):
            before, after = channel.caps[:number], channel.caps[number + 1 :]
            # Of two limits that say the same, the later one is idle.
            if any(_idle_beside(cap, one) for one in before) or any(
                _idle_beside(cap, one) and not _idle_beside(one, cap) for one in after
            ):
                yield _finding(cap, "another limit of the channel is never above it")
    outbound = [channel.name for channel in channels.values() if channel.outbound]
    for limit in subject.vocabulary.limits.values():
        if not subject.sound(limit):
            continue
        if not limit.caps:
            message, help = (
                f"the limit `{limit.name}` limits nothing",
                "add a line such as `at most 4 per 7d then skip`",
            )
            yield RULE.at(limit.name_span, message, label="no `at most`", help=help)
        over = [channels[name] for name in limit.channels or outbound if name in channels]
        for cap in limit.caps:
            most = [_most(channel.caps, _window(cap)) for channel in over]
            total = sum(one for one in most if one is not None)
            if over and None not in most and total <= cap.count:
                yield _finding(cap, f"the channels' own limits let {total} through at most")


def _idle_beside(cap: Cap, other: Cap) -> bool:
    most = _most((other,), _window(cap))
    return most is not None and most <= cap.count


def _window(cap: Cap) -> int:
    """The seconds over which a cap counts; a calendar day may have 25 hours."""
    if cap.window is not None:
        return cap.window
    return _DAYS.get(cap.calendar or "", 7) * 86_400 + 3_600


def _most(caps: tuple[Cap, ...], seconds: int) -> int | None:
    """The most deliveries in any stretch shorter than so many seconds; None: no bound."""
    bounds = []
    for cap in caps:
        if cap.window is not None:
            bounds.append(cap.count * -(-seconds // max(cap.window, 1)))
        elif cap.calendar in _DAYS:
            bounds.append(cap.count * (1 + -(-seconds // (_DAYS[cap.calendar] * 86_400 - 3_600))))
    return min(bounds, default=None)


def _finding(cap: Cap, why: str) -> Diagnostic:
    return RULE.at(
        first_line(cap.span),
        f"this limit never refuses a message: {why}",
        label="never reached",
        help="make it tighter, or take it out",
    )
