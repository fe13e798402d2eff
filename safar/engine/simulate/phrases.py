"""Why things happen, in words: what both engines say of a happening."""

from __future__ import annotations

from collections.abc import Iterable

from safar.engine import spelling
from safar.engine.expression import Value
from safar.engine.model import Attribute, Reentry
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.words import PRIVATE, duration, instant, value

ALREADY = "already so"
ALONE = "not followed: the journey is simulated alone"
AT_START = "at the start"
INSIDE = "the customer is inside"
TRANSACTIONAL = "transactional: nothing is asked"
TIME_IS_UP = "the time is up"


def already(label: str) -> str:
    """What is waited for holds when the waiting begins."""
    return f"{label}: {ALREADY}"


# --- waits


def hoped(labels: Iterable[str]) -> str:
    """What a wait is for, before the time that it lasts.

    >>> hoped(["order", "called"]), hoped([])
    ('for order or called, ', '')
    """
    awaited = " or ".join(labels)
    return f"for {awaited}, " if awaited else ""


def waiting(hoped: str, until: int, zone: Zone) -> str:
    return f"{hoped}until {instant(until, zone)}"


def between_rounds(number: int, limit: int, due: int, zone: Zone) -> str:
    return f"round {number} of {limit}: until {instant(due, zone)}"


# --- messages


def no_consent(channel: str, because: str) -> str:
    return f"{channel}: only if {because}"


def full_window(name: str, count: int, seconds: int, most: int) -> str:
    return f"{name}: {count} in the last {spelling.duration(seconds)}, at most {most}"


def full_period(name: str, count: int, unit: str, most: int) -> str:
    return f"{name}: {count} this {unit}, at most {most}"


def quiet(name: str, start: int, end: int, time: int) -> str:
    hours = f"quiet from {spelling.time_of_day(start)} to {spelling.time_of_day(end)}"
    return f"{name}: {hours}, it is {spelling.time_of_day(time)}"


def closed(name: str, occasion: str, country: str) -> str:
    return f"{name}: closed on {occasion or f'the holidays of {country}'}"


def held(why: str, until: int, zone: Zone) -> str:
    return f"{why}; until {instant(until, zone)}"


def held_too_long(arrived: int, why: str, zone: Zone) -> str:
    return f"held since {instant(arrived, zone)}; {why}"


def passed(channel: str, arrived: int, now: int, zone: Zone) -> str:
    """Every check of a channel was passed, perhaps after a hold."""
    held = f", held since {instant(arrived, zone)}" if arrived != now else ""
    return f"{channel}: every check passed{held}"


# --- attributes


def changed(attribute: Attribute, old: Value, new: Value, left: str) -> str:
    """An attribute was set; `left` says why it did not become what was wanted."""
    change = f"{value(old, attribute.type)} -> {value(new, attribute.type)}"
    return f"customer.{attribute.name}: {PRIVATE if attribute.private else change}" + (left and f", {left}")


# --- entries


def entry(words: str, because: str) -> str:
    return f"{words} if {because}" if because else words


def entries(lines: Iterable[str]) -> str:
    return "; ".join(lines)


def held_out(why: str, words: str) -> str:
    return f"{why}; {words}"


def too_soon(reentry: Reentry, began: int, zone: Zone) -> str:
    again = f"after {duration(reentry.after)}" if reentry.how == "after" else "never"
    return f"entered {instant(began, zone)}, again {again}"
