"""How much figures spread over customers: sums of products of what each of them adds, of which intervals are made.

A *factor* is a word for something that adds up over customers: messages, cost or revenue in a currency, what a leaf of
a measure counts.  Products are summed of factors that stand in one formula, as whole numbers, so that neither order
nor division of the customers plays a part.  From them follows the variance of every figure that is made of totals, by
the delta method (A. W. van der Vaart, Asymptotic Statistics (1998), chapter 3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations_with_replacement

import msgspec

from safar.engine.expression import CURRENCIES, Base
from safar.engine.model import Measure, Project
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.leaves import Leaf, leaves, listed, shares

SAMPLED, SUM, PRODUCT, UNTOLD = "sampled", "sum", "product", "untold"
"""Kinds of counts: customers of the sample, their sums by factor, by pair of factors, and what could not be taken."""
MESSAGES = "messages"
MONEY = ("cost", "revenue")

MOST = 1 << 19
"""Customers of whom products are taken: of more, spread over the population, they tell the same."""
BLOCK = 1 << 18
"""Customers with consecutive numbers who are all in the sample or all out of it."""

GRID = 1 << 20
"""Fractional numbers are rounded to so many parts of one before they are multiplied, which alone is exact."""
FURTHEST = 1 << 40
"""Fractional numbers from here on have no interval."""


class Sample(msgspec.Struct, frozen=True):
    """The made-up customers of whom products are taken: one block of so many; 0: none, 1: all.

    >>> Sample.of(500_000), Sample.of(10_000_000), Sample(2).has(BLOCK), Sample(2).has(BLOCK + 1)
    (Sample(every=1), Sample(every=20), True, False)
    """

    every: int = 1

    @classmethod
    def of(cls, customers: int) -> Sample:
        """For a population of that size."""
        return cls(max(1, -(-customers // MOST)))

    def has(self, number: int) -> bool:
        """Whether the customer of that number, from 1 on, belongs to it."""
        return self.every == 1 or (self.every > 1 and (number - 1) // BLOCK % self.every == 0)

    def stretches(self, first: int, last: int) -> Iterator[tuple[int, int, bool]]:
        """The numbers from the first to the last one, in stretches that are in the sample or out of it as a whole.

        >>> list(Sample(3).stretches(7, 4 * BLOCK))
        [(7, 262144, True), (262145, 786432, False), (786433, 1048576, True)]
        """
        while first <= last:
            end, sampled = last, self.has(first)
            if self.every > 1:
                block = (first - 1) // BLOCK
                end = min(last, (block + 1 if sampled else -(-block // self.every) * self.every) * BLOCK)
            yield first, end, sampled
            first = end + 1


EVERYBODY = Sample()


def counted(leaf: Leaf, currency: str = "") -> str:
    """The factor of what a leaf counts, or of the money that it adds up.  All cost (revenue) is one factor."""
    name = leaf.name if leaf == Leaf("figure", leaf.name) and leaf.name in MONEY else leaf.key
    return f"{name} {currency}" if currency else name


def summed(leaf: Leaf) -> str:
    """The factor of what a mean is taken of."""
    return f"{SUM} {leaf.key}"


def money(kind: str, currency: str) -> str:
    """The factor of all cost or revenue in a currency."""
    return f"{kind} {currency}"


class Formulas:
    """The formulas of a program: which factors stand in one with which."""

    def __init__(self, program: Program) -> None:
        self._groups: dict[str, set[int]] = {MESSAGES: {-1}}
        self._marked: set[str] = set()
        self._pairs: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
        for word in MONEY:
            self._add(Leaf("figure", word), -2)
        for number, (touchpoint, measure) in enumerate(listed(program)):
            for leaf in _leaves(touchpoint, measure):
                self._add(leaf, number)

    def _add(self, leaf: Leaf, number: int) -> None:
        words = [counted(leaf, currency) for currency in CURRENCIES] if leaf.name in MONEY else [counted(leaf)]
        words += [summed(leaf)] if leaf.of in ("average", "time") else []
        for word in words:
            self._groups.setdefault(word, set()).add(number)
        if counted(leaf) not in MONEY:
            self._marked.update(words)

    def has(self, factor: str) -> bool:
        """Whether it stands in a measure.  All cost and revenue, which everybody adds up, is left out."""
        return factor in self._marked

    def pairs(self, factors: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Pairs of these that stand in one formula, also with themselves; each in order."""
        key = tuple(sorted(factors))
        if key not in self._pairs:
            groups = self._groups
            self._pairs[key] = tuple(
                (a, b) for a, b in combinations_with_replacement(key, 2) if a == b or groups[a] & groups[b]
            )
        return self._pairs[key]

    def take(self, counts: Counts, own: Mapping[str, int]) -> None:
        """One more customer of the sample, and what he adds to each factor."""
        counts.add(SAMPLED)
        factors = [factor for factor, value in own.items() if value]
        for factor in factors:
            counts.add(SUM, factor, by=own[factor])
        for a, b in self.pairs(factors):
            counts.add(PRODUCT, a, b, by=own[a] * own[b])


def _leaves(touchpoint: str, measure: Measure) -> Iterable[Leaf]:
    if measure.quantity is None:
        return ()
    return leaves(measure.quantity, Leaf("", "", touchpoint=fold(touchpoint)), runs=shares(measure))


def fractional(project: Project, leaf: Leaf) -> bool:
    """Whether an average is of numbers with a fraction."""
    events = project.vocabulary.events
    fields = [field for name, event in events.items() if fold(name) == leaf.name for field in event.fields]
    return any(fold(one.name) == leaf.field and one.type.base in (Base.NUMBER, Base.PERCENT) for one in fields)


def on_grid(value: float) -> int | None:
    """A fractional number as a whole one of `GRID` parts; None where it is too large (or none at all).

    >>> on_grid(1.5) == 3 * GRID // 2, on_grid(2.0**40)
    (True, None)
    """
    return round(value * GRID) if abs(value) < FURTHEST else None


def variance(counts: Counts, slopes: Mapping[str, Fraction]) -> Fraction | None:
    """The variance of a figure over populations of as many customers; `slopes` say how it grows with the total of each
    factor.  None where too little is known.

    >>> counts = Counts({("customers",): 8, ("sampled",): 8, ("sum", "won"): 4, ("product", "won", "won"): 4})
    >>> float(variance(counts, {"won": Fraction(1, 8)})) * 8 == 4 * 4 / 8 / 7
    True
    """
    sampled = counts.get(SAMPLED)
    if sampled < 2 or any(counts.get(UNTOLD, factor) for factor in slopes):
        return None
    total = Fraction(0)
    for a, b in combinations_with_replacement(sorted(slopes), 2):
        product = sampled * counts.get(PRODUCT, a, b) - counts.get(SUM, a) * counts.get(SUM, b)
        total += slopes[a] * slopes[b] * product * (1 if a == b else 2)
    return total * counts.get("customers") / (sampled * (sampled - 1))


def error(counts: Counts, slopes: Mapping[str, Fraction]) -> float | None:
    """The standard error of a figure."""
    found = variance(counts, slopes)
    return None if found is None else math.sqrt(max(found, Fraction(0)))
