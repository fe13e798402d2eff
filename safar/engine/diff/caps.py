"""Caps of channels and limits: one is kept as long as another one allows no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from safar.engine.diff import wording
from safar.engine.diff.change import About, Change, Effect
from safar.engine.model import Cap, Limit, Vocabulary
from safar.engine.names import fold
from safar.engine.source import Span

_HOUR, _DAY = 3_600, 86_400
_LONGEST = {"day": _DAY + 2 * _HOUR, "week": 7 * _DAY + 2 * _HOUR}
"""Seconds that a calendar day or week can last, where clocks are set back."""


class Bound(msgspec.Struct, frozen=True):
    """A cap over some channels, told as the cap of its `subject`."""

    subject: str
    channels: frozenset[str]
    cap: Cap

    @property
    def span(self) -> Span:
        return self.cap.span


def bounds(vocabulary: Vocabulary) -> list[Bound]:
    """All caps of channels and limits."""
    outbound = frozenset(fold(one.name) for one in vocabulary.channels.values() if one.outbound)
    found = [
        Bound(f"channel {one.name}", frozenset((fold(one.name),)), cap)
        for one in vocabulary.channels.values()
        for cap in one.caps
    ]
    return [*found, *(_of_limit(one, cap, outbound) for one in vocabulary.limits.values() for cap in one.caps)]


def _of_limit(limit: Limit, cap: Cap, outbound: frozenset[str]) -> Bound:
    return Bound(f"limit {limit.name}", frozenset(map(fold, limit.channels)) or outbound, cap)


def changes(old: Vocabulary, new: Vocabulary) -> Iterator[Change]:
    """Caps that allow more than before, that allow less, that other caps make idle, or that do something else with what
    they refuse."""
    there, before = frozenset(map(fold, new.channels)), frozenset(map(fold, old.channels))
    was = [msgspec.structs.replace(one, channels=one.channels & there) for one in bounds(old) if one.channels & there]
    now = [one for one in bounds(new) if one.channels & before]
    same = {_words(one) for one in was} & {_words(one) for one in now}
    fresh = [one for one in now if _words(one) not in same]
    told: set[int] = set()
    for one in was:
        looser = not any(_keeps(other, one) for other in now)
        if looser or _words(one) not in same:
            other = _successor(one, now if _words(one) in same else [one for one in fresh if id(one) not in told])
            tighter = other is not None and not any(_keeps(old, other) for old in was)
            told.add(id(other))
            yield _change(Effect.WEAKENED if looser else _TIGHTER[tighter], one, other)
    for one in now:
        tighter = not any(_keeps(other, one) for other in was)
        if id(one) not in told and (tighter or _words(one) not in same):
            yield _change(_TIGHTER[tighter], _successor(one, was) if _words(one) in same else None, one)
    yield from _refusals(was, now)


_TIGHTER = {True: Effect.STRENGTHENED, False: Effect.CHANGED}


def _keeps(one: Bound, other: Bound) -> bool:
    """Whether whoever keeps one bound keeps the other."""
    return one.channels >= other.channels and one.cap.count <= other.cap.count and _covers(one.cap, other.cap)


def _covers(one: Cap, other: Cap) -> bool:
    if other.window is not None:
        return one.window is not None and one.window >= other.window
    assert other.calendar is not None
    if one.calendar is not None:
        return one.calendar in (other.calendar, "week")
    return one.window is not None and one.window >= _LONGEST[other.calendar]


def _successor(one: Bound, others: Sequence[Bound]) -> Bound | None:
    """The other version's bound that stands where this one does: of the same window, or the only one."""
    own = [other for other in others if fold(other.subject) == fold(one.subject)]
    same = [other for other in own if (other.cap.window, other.cap.calendar) == (one.cap.window, one.cap.calendar)]
    return same[0] if same else own[0] if len(own) == 1 else None


def _change(effect: Effect, old: Bound | None, new: Bound | None) -> Change:
    one = new or old
    assert one is not None
    if old is None:
        message = f"{one.subject}: `{wording.cap(one.cap)}` is new"
    elif new is None:
        message = f"{one.subject}: `{wording.cap(one.cap)}` is gone"
    elif _words(old) == _words(new):
        left, more = sorted(old.channels - new.channels), sorted(new.channels - old.channels)
        told = [f"no longer counts {', '.join(left)}"] * bool(left) + [f"also counts {', '.join(more)}"] * bool(more)
        message = f"{one.subject}: `{wording.cap(one.cap)}` {' and '.join(told)}"
    else:
        message = f"{one.subject}: `{wording.cap(old.cap)}` is now `{wording.cap(new.cap)}`"
    return Change(
        effect=effect,
        about=About.GUARD,
        kind="added" if old is None else "removed" if new is None else "changed",
        subject=one.subject,
        message=message,
        old=old.span if old is not None else None,
        new=new.span if new is not None else None,
    )


def _words(one: Bound) -> tuple[str, str]:
    return fold(one.subject), wording.cap(one.cap)


def _refusals(was: Sequence[Bound], now: Sequence[Bound]) -> Iterator[Change]:
    for one in was:
        other = next((other for other in now if _words(other) == _words(one)), None)
        if other is not None and other.cap.refusal != one.cap.refusal:
            message = f"{one.subject}: what `{wording.cap(one.cap)}` refuses: `{wording.refusal(one.cap.refusal)}`"
            yield Change(
                about=About.GUARD,
                subject=one.subject,
                message=f"{message} is now `{wording.refusal(other.cap.refusal)}`",
                old=one.span,
                new=other.span,
            )
