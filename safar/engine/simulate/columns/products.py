"""Sums of products over the customers of a chunk, of which intervals are made; see `simulate/spread.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from safar.engine.simulate.columns.cells import Values
from safar.engine.simulate.spread import PRODUCT, SAMPLED, SUM, Formulas

if TYPE_CHECKING:
    from safar.engine.simulate.columns.tally import Tally


def taken(tally: Tally, formulas: Formulas, factors: Mapping[str, Values], n: int) -> None:
    """What n customers add to each factor: of one value for all of them, or of a value each."""
    numbers = tally.numbers
    numbers[(SAMPLED,)] += n
    some = {factor: values for factor, values in factors.items() if np.any(values)}
    for factor, values in some.items():
        numbers[(SUM, factor)] += int(values.sum()) if isinstance(values, np.ndarray) else values * n
    for a, b in formulas.pairs(some):
        total = product(some[a], some[b], n)
        if total or np.any(np.logical_and(some[a], some[b])):
            numbers[(PRODUCT, a, b)] += total


def product(a: Any, b: Any, n: int) -> int:
    """The sum of products over n customers, exactly."""
    if not isinstance(a, np.ndarray):
        return int(b.sum() if isinstance(b, np.ndarray) else b * n) * int(a)
    if not isinstance(b, np.ndarray):
        return int(a.sum()) * int(b)
    return _dot(a, b)


_HALF = 21
"""Bits of the lower part of a number that is multiplied in two parts, lest it run over."""
_ROOM = 1 << 62


def _dot(a: Any, b: Any) -> int:
    if not len(a):
        return 0
    largest, others = (max(int(one.max()), -int(one.min())) for one in (a, b))
    if largest * others * len(a) < _ROOM:
        return int((a * b).sum())
    if max(largest, others) >= 1 << 2 * _HALF:
        return sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))
    (a_high, a_low), (b_high, b_low) = ((one >> _HALF, one & ((1 << _HALF) - 1)) for one in (a, b))
    middle = int(np.dot(a_high, b_low)) + int(np.dot(a_low, b_high))
    return (int(np.dot(a_high, b_high)) << 2 * _HALF) + (middle << _HALF) + int(np.dot(a_low, b_low))
