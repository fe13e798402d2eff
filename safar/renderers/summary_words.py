"""Figures in words: shares, amounts, targets, and sections that keep within a width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec

from safar.engine.model import Level
from safar.engine.simulate import words
from safar.engine.simulate.money import major
from safar.engine.simulate.results import Json
from safar.engine.simulate.statistics import difference
from safar.renderers.table import broken
from safar.renderers.terminal import BOLD, GREEN, RED, Style


class Frame(msgspec.Struct, frozen=True):
    """Colours or none, and how many columns there are."""

    style: Style
    width: int

    def section(self, head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 1) -> list[str]:
        """A title with what its columns are, and rows below it; nothing where there are no rows.

        So many columns after the first are `numbers`.
        """
        body = [(f"  {row[0]}" if row[0] else "", *row[1:]) for row in rows]
        if not body:
            return []
        right = frozenset(range(1, numbers + 1))
        (first, *_), *others = broken([head, *body], right=right, indent=0, width=self.width)
        return [self.style(head[0], BOLD) + first[len(head[0]) :], *(line for lines in others for line in lines)]


def percent(share: float | Fraction | None) -> str:
    """
    >>> percent(0.13842), percent(0.0004), percent(None)
    ('13.8%', '0.04%', 'none')
    """
    if share is None:
        return "none"
    return f"{float(share):.2%}" if 0 < abs(float(share)) < 0.01 else f"{float(share):.1%}"


def money(amounts: Mapping[str, float]) -> str:
    """Amounts by currency.

    >>> money({"EUR": 12.5, "IRT": 0})
    '12.50 EUR + 0.00 IRT'
    """
    return " + ".join(f"{amount:,.2f} {currency}" for currency, amount in amounts.items())


def rate(figures: Json) -> str:
    """A share with its interval."""
    if figures["rate"] is None:
        return "none"
    return f"{percent(figures['rate'])} ({percent(figures['low'])} to {percent(figures['high'])})"


def compared(ours: tuple[int, int], others: tuple[int, int]) -> str:
    """Two shares compared, with the interval of their difference in percentage points."""
    if not ours[1] or not others[1]:
        return ""
    low, high = difference(ours, others)
    points = ours[0] / ours[1] - others[0] / others[1]
    return f"{100 * points:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"


def met(frame: Frame, target: Level, reached: bool | None, unit: str = "") -> str:
    """A target of something in `unit`, and whether it is met."""
    wanted = words.duration(int(target.value)) if unit == "s" else level(target)
    said = f"target {'at least' if target.at_least else 'at most'} {wanted}"
    if reached is None:
        return f"{said}: cannot be told"
    return frame.style(f"{said}: {'met' if reached else 'missed'}", GREEN if reached else RED)


def level(target: Level) -> str:
    """What is wanted, with its unit."""
    if target.unit == "%":
        return f"{float(target.value * 100):g}%"
    if target.unit:
        return f"{float(major(target.value, target.unit)):,.2f} {target.unit}"
    return f"{float(target.value):g}"


def value(figures: Json, share: bool) -> str:
    """What a measure gives, with its unit and interval."""
    number, unit = figures["value"], figures["unit"]
    if number is None:
        return "none"
    said = amount(number, unit, share)
    if figures["low"] is None or figures["low"] == figures["high"]:
        return said
    return f"{said} ({' to '.join(amount(figures[end], unit, share) for end in ('low', 'high'))})"


def amount(number: float, unit: str, share: bool) -> str:
    """A figure of a measure, with its unit."""
    if share:
        return percent(number)
    if unit == "s":
        return words.duration(int(number))
    return f"{number:z,.2f} {unit}" if unit else f"{number:,.4g}"
