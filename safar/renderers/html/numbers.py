"""Figures as people write them in a language: with its digits, separators and units."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from safar.engine.model import Level
from safar.engine.simulate import words
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.results import Json
from safar.engine.simulate.statistics import difference
from safar.renderers import summary_words
from safar.renderers.captions import caption
from safar.renderers.words import Words

_PERSIAN = str.maketrans("0123456789%,.", "۰۱۲۳۴۵۶۷۸۹٪٬٫")
_UNITS = {"d": "روز", "h": "ساعت", "m": "دقیقه", "s": "ثانیه"}


class Numbers:
    """The figures of one language.

    >>> Numbers("fa").count(12345), Numbers("fa").duration(90_061), Numbers("en").share(0.138)
    ('۱۲٬۳۴۵', '۱ روز و ۱ ساعت', '13.8%')
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, **parts: str) -> str:
        return caption(self.language, key, **parts)

    def written(self, text: str) -> str:
        """A figure of ours with the language's digits."""
        return text.translate(_PERSIAN) if self.language == "fa" else text

    def count(self, number: int) -> str:
        return self.written(f"{number:,}")

    def each(self, count: int, runs: int) -> str:
        return self.written(f"{count / runs:.2f}") if runs else self.say("none")

    def share(self, share: float | Fraction | None) -> str:
        return self.say("none") if share is None else self.written(summary_words.percent(share))

    def part(self, count: int, of: int) -> str:
        return self.share(Fraction(count, of) if of else None)

    def interval(self, low: float | Fraction, high: float | Fraction) -> str:
        return self.say("interval", low=self.share(low), high=self.share(high))

    def money(self, amounts: Mapping[str, float]) -> str:
        return " + ".join(f"{self.written(f'{amount:z,.2f}')} {currency}" for currency, amount in amounts.items())

    def duration(self, seconds: int) -> str:
        said = words.duration(seconds)
        if self.language != "fa":
            return said
        return " و ".join(f"{self.written(part[:-1])} {_UNITS[part[-1]]}" for part in said.split())

    def instant(self, at: int, zone: Zone) -> str:
        """A local date and time with its zone."""
        if self.language != "fa":
            return f"\u2066{words.instant(at, zone)}\u2069"
        clock = self.written(words.instant(at, zone).split(" ")[1])
        return f"{Words(self.language).date(zone.date(at))}، ساعت {clock} (\u2066{zone.name}\u2069)"

    def difference(self, ours: tuple[int, int], others: tuple[int, int]) -> str:
        """Two shares compared, in percentage points with the interval."""
        low, high = difference(ours, others)
        points = ours[0] / ours[1] - others[0] / others[1]
        return self.say("points", points=self._signed(points), low=self._signed(low), high=self._signed(high))

    def _signed(self, share: float | Fraction) -> str:
        return f"\u2066{self.written(f'{100 * float(share):+.1f}')}\u2069"

    def target(self, target: Level, unit: str = "") -> str:
        wanted = self.duration(int(target.value)) if unit == "s" else self.written(summary_words.level(target))
        return self.say("at least" if target.at_least else "at most", level=wanted)

    def verdict(self, met: bool | None) -> str:
        return self.say("untold" if met is None else "met" if met else "missed")

    def value(self, figures: Json, *, share: bool) -> str:
        """What a measure gives, with its interval."""
        value, low, high = (
            self._amount(figures[key], figures["unit"], share=share) for key in ("value", "low", "high")
        )
        if low == high:
            return value
        return f"{value} ({self.say('interval', low=low, high=high)})"

    def _amount(self, number: float | None, unit: str, *, share: bool) -> str:
        if number is None:
            return self.say("none")
        if unit == "s" and not share:
            return self.duration(int(number))
        return self.written(summary_words.amount(number, unit, share))
