"""What guards customers in the vocabulary and at touchpoints: consent, quiet hours, closed days, checks left out."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.diff import caps, wording
from safar.engine.diff.change import About, Change, Effect
from safar.engine.diff.looser import Compared, compare, in_words
from safar.engine.diff.matching import Matched
from safar.engine.diff.renaming import Names
from safar.engine.expression import Expression
from safar.engine.model import Channel, Closed, Occasion, Quiet, Touchpoint, Vocabulary
from safar.engine.names import fold
from safar.engine.source import Span
from safar.engine.spelling import time_of_day
from safar.engine.steps.touchpoint import Meet

_MINUTES = 24 * 60


def of_vocabulary(old: Vocabulary, new: Vocabulary, names: Names) -> Iterator[Change]:
    """Guards of channels and limits that both versions have."""
    yield from caps.changes(old, new)
    later = {fold(one.name): one for one in new.channels.values()}
    for was in old.channels.values():
        now = later.get(fold(was.name))
        if now is not None:
            yield from _channel(was, now, tuple(new.personas), names)
            yield from _closed(was, now, old, new)
    yield from _transactional([(one, _named(new, one.name)) for one in old.touchpoints.values()], "")


def _named(vocabulary: Vocabulary, name: str) -> Touchpoint | None:
    return next((one for one in vocabulary.touchpoints.values() if fold(one.name) == fold(name)), None)


def _guard(effect: Effect, subject: str, message: str, old: Span | None, new: Span | None, journey: str = "") -> Change:
    return Change(
        effect=effect,
        about=About.GUARD,
        kind="changed" if old is not None and new is not None else "added" if old is None else "removed",
        journey=journey,
        subject=subject,
        message=message,
        old=old,
        new=new,
    )


# --- channels


def _channel(old: Channel, new: Channel, personas: tuple[str, ...], names: Names) -> Iterator[Change]:
    subject = f"channel {new.name}"
    if old.outbound != new.outbound:
        message = "is inbound now: nothing is asked before a message" if old.outbound else "is outbound now"
        effect = Effect.WEAKENED if old.outbound else Effect.STRENGTHENED
        yield _guard(effect, subject, f"{subject} {message}", old.span, new.span)
    compared = compare(old.consent, new.consent, personas, names)
    if not compared.same:
        yield consent(subject, "only if", (old.consent, new.consent), compared, (old.span, new.span))
    yield from _quiet(subject, old, new)


def consent(
    subject: str,
    word: str,
    conditions: tuple[Expression | None, Expression | None],
    compared: Compared,
    around: tuple[Span, Span],
    journey: str = "",
) -> Change:
    """A condition that lets others through than before."""
    old, new = conditions
    spans = [one.span if one is not None else span for one, span in zip(conditions, around, strict=True)]
    effect = Effect.STRENGTHENED if compared.known and compared.more is None else Effect.WEAKENED
    if new is None:
        message = f"{subject}: `{word} {wording.written(old)}` is gone"
    elif old is None:
        message = f"{subject}: `{word} {wording.written(new)}` is new"
    else:
        message = f"{subject}: `{word} {wording.written(old)}` is now `{word} {wording.written(new)}`"
        if wording.written(old) == wording.written(new):
            message = f"{subject}: `{word} {wording.written(new)}` means something else now"
        message += _through(compared)
    return _guard(effect, subject, message, spans[0], spans[1], journey)


def _through(compared: Compared) -> str:
    if not compared.known:
        return "; whether it lets more through cannot be told"
    if compared.more is not None:
        return f"; it also lets through customers with {in_words(compared.more)}"
    return f"; it no longer lets through customers with {in_words(compared.fewer)}" if compared.fewer else ""


# --- quiet hours: a day as 1,440 bits


def _mask(several: tuple[Quiet, ...]) -> int:
    bits = 0
    for one in several:
        start, end = one.start // 60, -(-one.end // 60)
        spans = ((start, end),) if start < end else ((start, _MINUTES), (0, end))
        for first, last in spans:
            bits |= (1 << last) - (1 << first) if last > first else 0
    return bits


def _hours(bits: int) -> str:
    """The stretches of a mask; one over midnight is one.

    >>> _hours(_mask((Quiet(span=Span(None, 0, 0), start=79200, end=3600, refusal=None),)))
    'from 22:00 to 01:00'
    """
    starts = [n for n in range(_MINUTES) if bits >> n & 1 and not bits >> ((n - 1) % _MINUTES) & 1]
    if not starts:
        return "all day" if bits else ""
    told = []
    for start in starts:
        end = start
        while bits >> (end % _MINUTES) & 1:
            end += 1
        told.append(f"from {time_of_day(start * 60)} to {time_of_day(end % _MINUTES * 60)}")
    return " and ".join(told)


def _quiet(subject: str, old: Channel, new: Channel) -> Iterator[Change]:
    was, now = _mask(old.quiet), _mask(new.quiet)
    spans = [one.quiet[0].span if one.quiet else one.span for one in (old, new)]
    if was & ~now:
        message = f"{subject}: no longer quiet {_hours(was & ~now)}"
        yield _guard(Effect.WEAKENED, subject, message, spans[0], spans[1])
    if now & ~was:
        message = f"{subject}: now also quiet {_hours(now & ~was)}"
        yield _guard(Effect.STRENGTHENED, subject, message, spans[0], spans[1])
    if was == now and [one.refusal for one in old.quiet] != [one.refusal for one in new.quiet]:
        words = [", ".join(wording.refusal(one.refusal) for one in side.quiet) for side in (old, new)]
        message = f"{subject}: what comes in quiet hours: `{words[0]}` is now `{words[1]}`"
        yield _guard(Effect.CHANGED, subject, message, spans[0], spans[1])


# --- closed days


def _closed(old: Channel, new: Channel, before: Vocabulary, after: Vocabulary) -> Iterator[Change]:
    subject = f"channel {new.name}"
    for one, others, effect, word in (
        *((one, new, Effect.WEAKENED, "is gone") for one in old.closed),
        *((one, old, Effect.STRENGTHENED, "is new") for one in new.closed),
    ):
        if not any(_same_days(one, other) for other in others.closed):
            gone = effect is Effect.WEAKENED
            spans = (one.span, new.span) if gone else (old.span, one.span)
            yield _guard(effect, subject, f"{subject}: `{wording.closed(one)}` {word}", *spans)
    for one in old.closed:
        other = next((other for other in new.closed if _same_days(one, other)), None)
        if other is None:
            continue
        yield from _dates(subject, one, before, after)
        if one.refusal != other.refusal:
            words = f"`{wording.refusal(one.refusal)}` is now `{wording.refusal(other.refusal)}`"
            message = f"{subject}: what comes when it is {wording.closed(one)}: {words}"
            yield _guard(Effect.CHANGED, subject, message, one.span, other.span)


def _same_days(one: Closed, other: Closed) -> bool:
    return (fold(one.occasion), one.country) == (fold(other.occasion), other.country)


def _dates(subject: str, closed: Closed, before: Vocabulary, after: Vocabulary) -> Iterator[Change]:
    was, now = (_occasion(one, closed.occasion) for one in (before, after))
    if was is not None and now is not None and (gone := sorted(set(was.dates) - set(now.dates))):
        days = ", ".join(map(str, gone[:3])) + (", ..." if len(gone) > 3 else "")
        yield _guard(Effect.WEAKENED, subject, f"{subject}: no longer closed on {days}", was.span, now.span)


def _occasion(vocabulary: Vocabulary, name: str) -> Occasion | None:
    return next((one for one in vocabulary.occasions.values() if fold(one.name) == fold(name)), None)


# --- touchpoints


def of_touchpoints(matched: Matched, journey: str, old: Vocabulary, new: Vocabulary) -> Iterator[Change]:
    """Touchpoints of a journey that pass their channel's checks no longer, or again, or those of another channel."""
    pairs: list[tuple[Touchpoint, Touchpoint | None]] = []
    for one in matched.pairs:
        was, now = one.old.step, one.new.step
        if isinstance(was, Meet) and isinstance(now, Meet) and not (was.declared and now.declared):
            pairs.append((was.touchpoint, now.touchpoint))
    yield from _transactional(pairs, journey)
    for before, after in pairs:
        if after is not None and not after.transactional:
            channels = _channel_of(before, old), _channel_of(after, new)
            yield from _elsewhere(before, after, channels, journey)


def _channel_of(touchpoint: Touchpoint, vocabulary: Vocabulary) -> Channel | None:
    name = fold(touchpoint.contact.channel) if touchpoint.contact is not None else ""
    return next((one for one in vocabulary.channels.values() if fold(one.name) == name), None)


def _elsewhere(
    old: Touchpoint, new: Touchpoint, channels: tuple[Channel | None, Channel | None], journey: str
) -> Iterator[Change]:
    """A message that goes by another channel, which asks less."""
    was, now = channels
    if was is None or now is None or fold(was.name) == fold(now.name) or not (was.outbound and now.outbound):
        return
    compared = compare(was.consent, now.consent)
    subject = f"touchpoint {new.name}"
    by = f"{subject} goes by {now.name} now, not by {was.name}"
    if not compared.known or compared.more is not None:
        yield _guard(Effect.WEAKENED, subject, by + _through(compared), old.span, new.span, journey)
    if lost := _mask(was.quiet) & ~_mask(now.quiet):
        message = f"{by}, which is not quiet {_hours(lost)}"
        yield _guard(Effect.WEAKENED, subject, message, old.span, new.span, journey)


def _transactional(pairs: list[tuple[Touchpoint, Touchpoint | None]], journey: str) -> Iterator[Change]:
    for old, new in pairs:
        if new is None or old.transactional == new.transactional:
            continue
        subject = f"touchpoint {new.name}"
        effect = Effect.WEAKENED if new.transactional else Effect.STRENGTHENED
        message = (
            "is transactional now: no check of its channel is asked"
            if new.transactional
            else ("is no longer transactional: its channel's checks are asked")
        )
        yield _guard(effect, subject, f"{subject} {message}", old.span, new.span, journey)
