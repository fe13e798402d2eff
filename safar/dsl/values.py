"""Tokens of values read: numbers, durations, dates, texts."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from decimal import Decimal

from safar.dsl import syntax_rules as rules
from safar.dsl import tree
from safar.dsl.forms import forms
from safar.dsl.limits import Limits
from safar.dsl.tokens import Token
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.source import Span

Place = Callable[[int, int], Span]

SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "year": 31_536_000,
}
"""The units that stand for a fixed time, as in `300 per day`; there a month is 30 days and a year 365."""

LETTERS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}

_ESCAPES = {"n": "\n", '"': '"', "\\": "\\", "{": "{", "}": "}"}
_PLAIN = str.maketrans({"_": None, "٬": None, "٫": ".", "٪": None, "%": None, " ": None, "\t": None})


class Values:
    """Reads the values of tokens; what cannot be is a finding, and a harmless value stands for it."""

    def __init__(
        self, place: Place, limits: Limits, placeholder: Callable[[Values, str, int], tree.Expr | None]
    ) -> None:
        self.place = place
        self.limits = limits
        self.findings: list[Diagnostic] = []
        self.forms = forms()
        self.mended: set[int] = set()
        """Where the statements start in which a mistake was found: what they lack is no second one."""
        self.count = 0
        self.is_full = False
        """More mistakes were found than are told of."""
        self._placeholder = placeholder

    def placeholder(self, text: str, start: int) -> tree.Expr | None:
        """The expression between `{` and `}`."""
        return self._placeholder(self, text, start)

    def report(self, rule: Rule, start: int, end: int, message: str, *, label: str = "", help: str = "") -> None:
        self.findings.append(rule.at(self.place(start, end), message, label=label, help=help))

    def too_much(self, start: int, end: int, message: str, limit: str) -> None:
        self.report(rules.LIMIT, start, end, message, help=self.limits.named(limit))

    def decimal(self, token: Token, text: str = "") -> Decimal:
        plain = (text or token[3]).translate(_PLAIN)
        if len(plain) > 40:
            self.too_much(token[1], token[2], "the number has more digits than can be reckoned with", "integer")
            return Decimal(0)
        value = Decimal(plain)
        if abs(value) > self.limits.integer:
            self.too_much(token[1], token[2], "the number is too great to be reckoned with", "integer")
            return Decimal(0)
        return value

    def whole(self, token: Token) -> int:
        return int(self.decimal(token))

    def seconds(self, token: Token) -> int:
        """Of a DURATION, `3d`."""
        text = token[3]
        digits = text[:-1].translate(_PLAIN)
        found = int(digits) * LETTERS[text[-1]] if len(digits) < 40 else sys.maxsize
        if found > self.limits.duration:
            self.too_much(token[1], token[2], f"`{text[:40]}` is longer than any journey", "duration")
            return self.limits.duration
        return found

    def period(self, unit: Token) -> int:
        """The seconds of the unit behind `per`: a word or a DURATION."""
        if unit[0] == "DURATION":
            return self.seconds(unit) or 1
        if unit[3] in SECONDS:
            return SECONDS[unit[3]]
        help = "write `hour`, `day`, `week`, `month`, `year` or a duration such as `12h`"
        self.report(rules.IMPOSSIBLE, unit[1], unit[2], f"`{unit[3][:60]}` is no unit of time", help=help)
        return SECONDS["day"]

    def calendar(self, token: Token) -> tuple[int, str]:
        """Of a PERIOD, `2 months`: the number and the unit, one of `hour` to `year`."""
        number, unit = token[3].split()
        return int(self.decimal(token, number)), unit.removesuffix("s")

    def money(self, token: Token) -> tuple[Decimal, str]:
        return self.decimal(token, token[3][:-3]), token[3][-3:]

    def date_of(self, token: Token) -> datetime.date:
        year, month, day = token[3].split("-")
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            self.report(
                rules.IMPOSSIBLE, token[1], token[2], f"there is no day `{token[3]}`", help="dates are `year-month-day`"
            )
            return datetime.date(2027, 1, 1)

    def time_of(self, token: Token) -> int:
        hour, minute = token[3].split(":")
        if int(hour) > 23 or int(minute) > 59:
            help = "times of day go from `00:00` to `23:59`"
            self.report(rules.IMPOSSIBLE, token[1], token[2], f"there is no time of day `{token[3]}`", help=help)
            return 0
        return int(hour) * 3_600 + int(minute) * 60

    def title_of(self, token: Token) -> str:
        """A text as it is: only `\\` is read."""
        inside = token[3][1:-1]
        self._check_length(token)
        return self._unescaped(inside, token[1] + 1) if "\\" in inside else inside

    def _check_length(self, token: Token) -> None:
        if token[2] - token[1] > self.limits.title:
            self.too_much(token[1], token[2], f"the text has more than {self.limits.title:,} characters", "title")

    def _unescaped(self, text: str, start: int) -> str:
        out: list[str] = []
        at = 0
        while (found := text.find("\\", at)) >= 0:
            letter = text[found + 1 : found + 2]
            if letter not in _ESCAPES:
                help = 'write `\\\\` for a backslash; there are also `\\"`, `\\n`, `\\{` and `\\}`'
                where = start + found
                self.report(rules.IMPOSSIBLE, where, where + 2, f"`\\{letter}` means nothing in a text", help=help)
            out += text[at:found], _ESCAPES.get(letter, letter)
            at = found + 2
        return "".join(out) + text[at:]

    def text_of(self, token: Token) -> tuple[str | tree.Expr, ...]:
        """The parts of a text with placeholders."""
        self._check_length(token)
        return self.parts_of(token[3][1:-1], token[1] + 1)

    def parts_of(self, inside: str, start: int) -> tuple[str | tree.Expr, ...]:
        """The parts of what stands between the quotes, from an offset on."""
        if "{" not in inside:
            self._unopened(inside, start)
            plain = self._unescaped(inside, start) if "\\" in inside else inside
            return (plain,) if plain else ()
        parts: list[str | tree.Expr] = []
        at = 0
        while (opened := _find(inside, at)) >= 0:
            if opened > at:
                self._unopened(inside[at:opened], start + at)
                parts.append(self._unescaped(inside[at:opened], start + at))
            closed = _closing(inside, opened)
            if closed < 0:
                where = start + opened
                is_double = inside.startswith("{{", opened)
                message = "a placeholder has one `{` and one `}`" if is_double else "a placeholder is never closed"
                help = "close the placeholder with `}`, or write `\\{` for the mark itself"
                help = 'as in `{customer.first_name or else "friend"}`' if is_double else help
                label = "two of them" if is_double else "opened here"
                end = where + 1 + is_double
                self.report(rules.UNCLOSED_TEXT, where, end, message, label=label, help=help)
                return tuple(parts)
            found = self.placeholder(inside[opened + 1 : closed], start + opened + 1)
            if found is not None:
                parts.append(found)
            at = closed + 1
            if len(parts) > 2 * self.limits.expression_nodes:
                return tuple(parts)  # more than enough for the finding
        if at < len(inside):
            self._unopened(inside[at:], start + at)
            parts.append(self._unescaped(inside[at:], start + at))
        return tuple(parts)

    def _unopened(self, text: str, start: int) -> None:
        """Find a `}` that closes no placeholder."""
        at = _find(text, 0, "}") if "}" in text else -1
        if at >= 0:
            help = "open the placeholder with `{`, or write `\\}` for the mark itself"
            self.report(rules.UNMATCHED, start + at, start + at + 1, "`}` closes no placeholder", help=help)


def _find(text: str, at: int, mark: str = "{") -> int:
    """The next `{`, or `}`, that no backslash precedes."""
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == mark:
            return at
        else:
            at += 1
    return -1


def _closing(text: str, opened: int) -> int:
    """The `}` of a placeholder, past quotes in it."""
    quoted = False
    for at in range(opened + 1, len(text)):
        if text[at] == '"':
            quoted = not quoted
        elif not quoted and text[at] in "{}":
            return at if text[at] == "}" else -1
    return -1
