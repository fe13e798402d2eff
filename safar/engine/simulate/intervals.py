"""Where a measure lies: 95% intervals of formulas over counts.

By the delta method from sums of products over customers, so that a customer who does a thing twice counts as one who
was asked.  A share of things of which each is or is not has the interval of Wilson, for as many trials as the variance
over customers is worth: the effective sample size (C. Franco, R. J. A. Little, T. A. Louis and E. V. Slud,
"Comparative study of confidence intervals for proportions in complex sample surveys", Journal of Survey Statistics and
Methodology 7 (2019), 334-364).
"""

from __future__ import annotations

import msgspec

from safar.engine.model import Quantity
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.leaves import MONEY, Leaf, named, restricted
from safar.engine.simulate.sloped import Sloped
from safar.engine.simulate.spread import error
from safar.engine.simulate.statistics import Z, wilson

Bounds = tuple[float | None, float | None]


class _Ratio(msgspec.Struct, frozen=True):
    """A count over another, or (`of` None) by itself; `part`: of things of which each is or is not."""

    of: Leaf | None
    part: bool


def interval(counts: Counts, quantity: Quantity, around: Leaf, figure: Sloped, *, share: bool = False) -> Bounds:
    """The bounds of a formula's value; None where they cannot be told.

    A count of nothing is below what a Poisson law with z² expected shows at least once, as Wilson's is.
    """
    wrong = error(counts, figure.slopes)
    if wrong is None:
        return None, None
    value, ratio = float(figure.value), _ratio(quantity, around, share)
    low, high = value - Z * wrong, value + Z * wrong
    if ratio is None or value < 0:
        return low, high
    trials = 1 if ratio.of is None else counts.get("leaf", ratio.of.key)
    if ratio.part and value <= 1:
        worth = value * (1 - value) / wrong**2 if wrong and 0 < value < 1 else trials
        return wilson(value * worth, worth)
    return max(0.0, low), high if value else Z * Z / trials


def _ratio(quantity: Quantity, around: Leaf, share: bool) -> _Ratio | None:
    """What a formula counts over what; None for others."""
    if (leaf := _counted(quantity, around)) is not None:
        return _Ratio(leaf.entered() if share else None, share and _once(leaf))
    if quantity.kind in ("in", "for", "within"):
        return _ratio(quantity.parts[0], restricted(around, quantity), share)
    if quantity.kind != "arithmetic" or quantity.op not in ("/", "per"):
        return None
    top, bottom = (_counted(part, around) for part in quantity.parts)
    return None if top is None or bottom is None else _Ratio(bottom, _is_part(top, bottom))


def _counted(quantity: Quantity, around: Leaf) -> Leaf | None:
    """What is counted, by itself."""
    while quantity.kind in ("in", "for", "within"):
        around, quantity = restricted(around, quantity), quantity.parts[0]
    if quantity.kind != "name" or (quantity.of == "figure" and quantity.name in MONEY):
        return None
    return named(around, quantity)


def _is_part(top: Leaf, bottom: Leaf) -> bool:
    """Whether each of those below is or is not among those above; what answers twice is rare enough."""
    if top.of == "event":
        return bottom.of in ("touchpoint", "event") or (bottom.of, bottom.name) == ("figure", "delivered")
    return _once(top) and (bottom.of, bottom.name) in (("figure", "entered"), ("figure", "customers"))


def _once(leaf: Leaf) -> bool:
    """What a run (or a customer) has or has not."""
    if leaf.of == "figure":
        return leaf.name in ("entered", "customers", "unfinished")
    return leaf.of in ("goal", "outcome", "condition")
