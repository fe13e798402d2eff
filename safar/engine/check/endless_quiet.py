"""Quiet hours that never end."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule
from safar.engine.model import Quiet

RULE = Rule("endless-quiet", "SF402")

_DAY = 86_400


def find(subject: Subject) -> Iterator[Diagnostic]:
    for channel in subject.vocabulary.channels.values():
        if channel.quiet and not _open(channel.quiet):
            last = channel.quiet[-1]
            yield RULE.at(
                first_line(last.span),
                f"the quiet hours of `{channel.name}` never end",
                label="quiet all day",
                help="leave hours in which messages may go out",
                related=tuple(Related("together with this", first_line(q.span)) for q in channel.quiet[:-1]),
            )


def _open(quiet: tuple[Quiet, ...]) -> bool:
    """Whether some instant of the day is outside of all of them.  Equal times mean from one day to the next."""
    ends = {one.end % _DAY for one in quiet if one.start != one.end}
    return any(not any(_holds(one, instant) for one in quiet) for instant in ends)


def _holds(one: Quiet, instant: int) -> bool:
    return one.start == one.end or (instant - one.start) % _DAY < (one.end - one.start) % _DAY
