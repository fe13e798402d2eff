"""Values in the language's own literals, read from and written to the files of customers and traces.

`yes`, `12 EUR`, `12%`, `3d`, `2027-03-21`, `2027-03-21T09:00:00+03:30`, Persian digits and marks too.  A text stands
as it is; quotes around it are taken off.  The word `unknown` is the unknown value of every type.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import msgspec

from safar.engine import spelling
from safar.engine.expression import CURRENCIES, Base, Type, Value, money_units
from safar.engine.names import fold, nearest
from safar.engine.simulate.rows import Cell

_MARKS = str.maketrans(
    {
        **{chr(0x660 + n): str(n) for n in range(10)},
        **{chr(0x6F0 + n): str(n) for n in range(10)},
        "٫": ".",
        "٬": "_",
        "٪": "%",
        "−": "-",
    }
)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?", re.ASCII)
_MONEY = re.compile(rf"({_NUMBER.pattern})\s*([A-Za-z]{{3}})", re.ASCII)
_DURATION = re.compile(r"([0-9]+(?:_[0-9]+)*)\s*([smhdw])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LARGEST = 2**63 - 1
_LONGEST_NUMBER = 60
_MOST_ITEMS = 1000
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Bad(msgspec.Struct, frozen=True):
    """Why a text is no value of a type, and what to write instead."""

    message: str
    help: str = ""


def read(type: Type, cell: Cell) -> Value | Bad:
    """The value of a type that a cell spells.  An empty cell is unknown; the caller knows the default.

    >>> from safar.engine.expression import Base, Type
    >>> read(Type(Base.MONEY, currency="EUR"), "۱۲٫۵ EUR")
    125000
    >>> read(Type(Base.DURATION), "2w")
    1209600
    >>> read(Type(Base.DATE), "21.3.2027").help
    'write year-month-day, such as 2027-03-21'
    """
    if type.base is Base.LIST:
        return _list(type, cell)
    if isinstance(cell, tuple):
        return Bad("a list, where one value belongs")
    text = cell.strip()
    if not text or text == "unknown":
        return None
    reader = _READERS.get(type.base)
    return Bad(f"a value of type {type} cannot stand in a file") if reader is None else reader(type, text)


def _text(_: Type, text: str) -> Value | Bad:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return Bad("the text is not valid UTF-8", "save the file as UTF-8")
    quoted = len(text) >= 2 and text[0] == text[-1] == '"'
    return text[1:-1] if quoted else text


def _number_text(text: str) -> str | None:
    plain = text.translate(_MARKS)
    if len(plain) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        return None
    return plain.replace("_", "")


def _integer(_: Type, text: str) -> Value | Bad:
    plain = _number_text(text)
    if plain is None or "." in plain:
        return Bad(f"`{_short(text)}` is no whole number", "write digits alone, such as 3")
    value = int(plain)
    return value if abs(value) <= _LARGEST else Bad(f"`{_short(text)}` is too large for an integer")


def _number(_: Type, text: str) -> Value | Bad:
    plain = _number_text(text)
    if plain is None:
        return Bad(f"`{_short(text)}` is no number", "write it with a point, such as 0.5")
    value = float(plain)
    return value if math.isfinite(value) else Bad(f"`{_short(text)}` is too large for a number")


def _percent(_: Type, text: str) -> Value | Bad:
    plain = text.translate(_MARKS)
    number = _number_text(plain[:-1].rstrip()) if plain.endswith("%") else None
    if number is None:
        return Bad(f"`{_short(text)}` is no percentage", "write it with its sign, such as 12%")
    return float(Fraction(number) / 100)


def _money(type: Type, text: str) -> Value | Bad:
    match = _MONEY.fullmatch(text.translate(_MARKS)) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        return Bad(f"`{_short(text)}` is no amount of money", f"write it with its currency, such as 12 {type.currency}")
    currency = match[2].upper()
    if currency != type.currency:
        known = f"is in {currency}" if currency in CURRENCIES else f"has the unknown currency {currency}"
        return Bad(f"`{_short(text)}` {known}, but the amount belongs in {type.currency}")
    units = money_units(Fraction(match[1].replace("_", "")), currency)
    if units is None:
        return Bad(f"`{_short(text)}` is finer than hundredths of the smallest unit of {currency}")
    return units if abs(units) <= _LARGEST else Bad(f"`{_short(text)}` is too large an amount")


def _yes_no(_: Type, text: str) -> Value | Bad:
    word = text.casefold()
    if word in ("yes", "true"):
        return True
    if word in ("no", "false"):
        return False
    return Bad(f"`{_short(text)}` is neither yes nor no", "write `yes` or `no`")


def _date(_: Type, text: str) -> Value | Bad:
    plain = text.translate(_MARKS)
    try:
        if len(plain) == 10 and plain[4] == plain[7] == "-":
            return datetime.date.fromisoformat(plain)
    except ValueError:
        return Bad(f"there is no date `{_short(text)}`")
    return Bad(f"`{_short(text)}` is no date", "write year-month-day, such as 2027-03-21")


def _time(_: Type, text: str) -> Value | Bad:
    return instant(text)


def instant(text: str) -> int | Bad:
    """Seconds since 1970 UTC of an instant with its zone; parts of a second are cut off.

    >>> instant("1970-01-01T03:30:00+03:30")
    0
    >>> instant("2027-03-21 09:00").message
    '`2027-03-21 09:00` has no zone'
    """
    plain = text.strip().translate(_MARKS)
    try:
        moment = datetime.datetime.fromisoformat(plain)
    except ValueError:
        return Bad(f"`{_short(text)}` is no instant", "write date, time and zone, such as 2027-03-21T09:00:00+03:30")
    if moment.tzinfo is None:
        return Bad(f"`{_short(text)}` has no zone", "write the zone too: `Z` for UTC, or such as +03:30")
    return (moment - _EPOCH) // datetime.timedelta(seconds=1)


def _duration(_: Type, text: str) -> Value | Bad:
    match = _DURATION.fullmatch(text.translate(_MARKS)) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        return Bad(f"`{_short(text)}` is no duration", "write a whole number and s, m, h, d or w, such as 3d")
    seconds = int(match[1].replace("_", "")) * _SECONDS[match[2]]
    return seconds if seconds <= _LARGEST else Bad(f"`{_short(text)}` is too long a duration")


def _one_of(type: Type, text: str) -> Value | Bad:
    wanted = fold(text.strip('"'))
    for option in type.options:
        if fold(option) == wanted:
            return option
    near = nearest(text[:64], type.options)
    hint = f"did you mean `{near}`?" if near else f"write one of {', '.join(type.options[:10])}"
    return Bad(f"`{_short(text)}` is not one of the values it can have", hint)


def _list(type: Type, cell: Cell) -> Value | Bad:
    """A list in a cell: items between `;` (or `,` where there is none), brackets around it or not."""
    assert type.item is not None
    if isinstance(cell, str):
        if cell.strip() == "unknown":
            return None
        inner = cell.strip().removeprefix("[").removesuffix("]").replace("؛", ";").replace("،", ",")
        cell = tuple(inner.split(";" if ";" in inner else ",")) if inner.strip() else ()
    if len(cell) > _MOST_ITEMS:
        return Bad(f"the list has {len(cell)} items, more than {_MOST_ITEMS}")
    items: list[Value] = []
    for part in cell:
        value = read(type.item, part)
        if isinstance(value, Bad):
            return value
        if value is not None and value not in items:
            items.append(value)
    return tuple(items)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_READERS: dict[Base, Callable[[Type, str], Value | Bad]] = {
    Base.TEXT: _text,
    Base.INTEGER: _integer,
    Base.NUMBER: _number,
    Base.PERCENT: _percent,
    Base.MONEY: _money,
    Base.YES_NO: _yes_no,
    Base.DATE: _date,
    Base.TIME: _time,
    Base.DURATION: _duration,
    Base.ONE_OF: _one_of,
}

Plain = str | int | float | bool | list["Plain"] | None
"""What JSON has."""


def write(type: Type, value: Value) -> Plain:
    """A value for JSON, such that `read` of its text gives the value back.

    >>> write(Type(Base.MONEY, currency="EUR"), 125000), write(Type(Base.DURATION), 5400)
    ('12.50 EUR', '90m')
    """
    match value:
        case None | bool():
            return value
        case datetime.date():
            return value.isoformat()
        case tuple():
            return [write(type.item or type, item) for item in value]
        case int() if type.base is Base.MONEY:
            return spelling.money(value, type.currency)
        case int() if type.base is Base.DURATION:
            return spelling.duration(value)
        case int() if type.base is Base.TIME:
            return utc(value)
        case float() if type.base is Base.PERCENT:
            return f"{Decimal(repr(value)).scaleb(2):f}%" if math.isfinite(value) else None
    return value


def utc(seconds: int) -> str:
    """An instant as text; one outside the years 1 to 9999 is its number.

    >>> utc(1_799_139_600)
    '2027-01-05T09:00:00Z'
    """
    try:
        return f"{(_EPOCH + datetime.timedelta(seconds=seconds)).isoformat()[:19]}Z"
    except OverflowError:
        return str(seconds)
