"""Lengths of time as people say them, each with how they are written here; asked as in `condition_phrases.py`."""

from __future__ import annotations

from collections.abc import Callable

from safar.dsl import syntax_rules as rules
from safar.dsl.slips import Situation, Slip, clipped, replaced
from safar.dsl.tokens import Token

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w"}
_LONG = {"month": "30d", "year": "365d"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def length_of(token: Token) -> str:
    """The duration that a token says, also in words; empty if it says none.

    >>> length_of(("PERIOD", 0, 6, "3 days")), length_of(("DURATION", 0, 2, "3d")), length_of(("NAME", 0, 1, "x"))
    ('3d', '3d', '')
    """
    if token[0] == "DURATION":
        return token[3]
    if token[0] != "PERIOD":
        return ""
    number, unit = token[3].split()
    letter = _UNITS.get(unit.removesuffix("s"), "")
    return number + letter if letter else ""


def in_words(here: Situation) -> Slip | None:
    """`wait an hour`, `within a week`, `every day`."""
    if not here.accepts("DURATION"):
        return None
    counted = here.word in ("a", "an", "one")
    unit = here.after[3] if counted else here.word
    meant = f"1{_UNITS[unit]}" if unit in _UNITS else _LONG.get(unit)
    if meant is None or here.kind != "NAME":
        return None
    last = here.at + 1 + counted
    patch: Token = ("DURATION", here.start, here.tokens[last - 1][2], meant)
    return replaced(here, here.at, last, (patch,), "a duration is a number with its unit")


def added(here: Situation) -> Slip | None:
    """`1d 12h`."""
    before = here.before
    if here.kind != "DURATION" or before is None or before[0] != "DURATION" or not (before[3] + here.word).isascii():
        return None
    units = [before[3][-1], here.word[-1]]
    small = min(units, key=_SECONDS.__getitem__)
    try:
        total = sum(int(said[:-1]) * _SECONDS[said[-1]] for said in (before[3], here.word))
    except ValueError:
        return None
    meant = f"{total // _SECONDS[small]}{small}"
    patch: Token = ("DURATION", before[1], here.end, meant)
    return replaced(here, here.at - 1, here.at + 1, (patch,), "a duration is a whole number of one unit")


def one_length(here: Situation) -> Slip | None:
    """`wait 1h to 3h`."""
    before = here.before
    if here.word not in ("to", "-") or before is None or before[0] != "DURATION" or here.after[0] != "DURATION":
        return None
    message = "one length stands here, and no range"
    help = f"write `{clipped(before[3])}`; how long customers take is drawn behind `after` in `responds`"
    return Slip(rules.SYNTAX, here.start, here.after[2], message, help, "", here.at, here.at + 2, ())


def next_weekday(here: Situation) -> Slip | None:
    """`wait until next monday`."""
    before = here.before
    if here.word not in _WEEKDAYS or before is None or before[3] not in ("next", "coming", "the", "this"):
        return None
    return replaced(here, here.at - 1, here.at + 1, (here.token,), "a weekday is the next one")


def window(here: Situation) -> Slip | None:
    """`at most 3 per week`."""
    before = here.before
    if before is None or before[3] != "per" or not here.accepts("NAME", "calendar"):
        return None
    if here.word in ("day", "week"):
        patch: tuple[Token, ...] = (("NAME", here.start, here.start, "calendar"), here.token)
        rolling = "`per 1d` for any 24 hours" if here.word == "day" else "`per 7d` for any seven days"
        help = f"write {rolling}, or `per calendar {here.word}`"
    elif here.word in ("hour", *_LONG):
        meant = _LONG.get(here.word, "1h")
        patch, help = (("DURATION", here.start, here.end, meant),), f"write `per {meant}`"
    else:
        return None
    message = f"`per {here.word}` could mean two things"
    message = message if here.word in ("day", "week") else f"nothing is counted by the {here.word}"
    return Slip(rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at + 1, patch)


def counted_thing(here: Situation) -> Slip | None:
    """`at most 3 emails per 7d`."""
    before = here.before
    if here.kind != "NAME" or here.after[3] not in ("per", "a") or before is None or before[0] != "INTEGER":
        return None
    if not here.accepts("NAME", "per") or here.word in ("per", "a"):
        return None
    return replaced(here, here.at, here.at + 1, (), "a limit counts messages, and does not name them")


def hours(here: Situation) -> Slip | None:
    """`quiet hours from 22:00 to 08:00`."""
    if here.word == "hours" and here.after[3] in ("from", "between") and here.accepts("NAME", "from"):
        return replaced(here, here.at, here.at + 1, (), "`quiet` says it alone")
    return None


def from_start(here: Situation) -> Slip | None:
    """`at 3h opened(reminder)`, `after 3h opened(reminder)`, `exit won within 30d`."""
    plus = ("+", here.start, here.start, "+")
    message = "a time from the start begins with `+`"
    if here.kind == "DURATION" and here.accepts_all((plus, here.token)) and not here.accepts("-"):
        meant = (plus, here.token)
        help = f"write `+{clipped(here.word)}`"
        return Slip(
            rules.FOREIGN, here.start, here.end, message, help, "", here.at, here.at + 1, meant, f"+{here.word}"
        )
    if here.word not in ("after", "within") or here.after[0] != "DURATION":
        return None
    for said in ("at", "by", ""):
        words = (("NAME", here.start, here.start, said),) if said else ()
        patch = (*words, plus, here.after)
        if here.accepts_all(patch) and not here.accepts("-"):
            written = f"{said} +{here.after[3]}".strip()
            help = f"write `{clipped(written)}`"
            end = here.after[2]
            return Slip(rules.FOREIGN, here.start, end, message, help, "", here.at, here.at + 2, patch, written)
    return None


LENGTHS: tuple[Callable[[Situation], Slip | None], ...] = (
    window,
    in_words,
    added,
    one_length,
    next_weekday,
    counted_thing,
    hours,
    from_start,
)
