"""Values as the language spells them, for labels, traces and findings."""

from __future__ import annotations

from fractions import Fraction

from safar.engine.expression import CURRENCIES, MONEY_STEP, EventForm, Pattern

_UNITS = (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def duration(seconds: int) -> str:
    """The largest unit that fits whole.

    >>> duration(172_800), duration(5_400), duration(604_800)
    ('2d', '90m', '7d')
    """
    for letter, size in _UNITS[1:]:
        if seconds % size == 0 and seconds >= size:
            return f"{seconds // size}{letter}"
    return "0s"


def time_of_day(seconds: int) -> str:
    """
    >>> time_of_day(32_400)
    '09:00'
    """
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def percent(share: Fraction) -> str:
    """
    >>> percent(Fraction(1, 8))
    '12.5%'
    """
    return f"{float(share * 100):g}%"


def money(units: int, currency: str) -> str:
    """
    >>> money(20, "EUR"), money(123400, "EUR")
    ('0.002 EUR', '12.34 EUR')
    """
    digits = CURRENCIES[currency]
    whole = Fraction(units, 10**digits * MONEY_STEP)
    text = f"{float(whole):.{digits + 2}f}"
    kept = text.rstrip("0").rstrip(".")
    if digits and len(kept.partition(".")[2]) < digits:
        kept = f"{float(whole):.{digits}f}"
    return f"{kept} {currency}"


def event_form(form: EventForm) -> str:
    """The words of an event form, without its `where`."""
    text = form.name + (f"({form.answers})" if form.answers else "")
    return text + (f" within {duration(form.within)}" if form.within else "")


def pattern(pattern: Pattern) -> str:
    """The words of a pattern, as written where they are short."""
    words = []
    for one in pattern.alternatives:
        if one.form is not None:
            words.append(event_form(one.form))
        elif one.condition is not None:
            words.append(one.condition.span.text)
    return " or ".join(words)
