"""Amounts over columns: what `simulate/draw.py` draws, value for value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safar.engine.expression import Base, Type
from safar.engine.model import AmountCase, Drawn
from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import arithmetic, chance
from safar.engine.simulate.columns.arithmetic import both
from safar.engine.simulate.columns.column import UNKNOWN, Column, Interner, NotInColumns, Rows, full, is_true
from safar.engine.simulate.columns.expressions import Expr, Look, in_columns
from safar.engine.simulate.draw import between

Uniform = NDArray[np.int64]
Amount = Callable[[Look, Uniform], Column]
"""An amount made ready, given the uniform numbers of the rows."""
Part = Callable[[Look, Rows], Look]
"""A look at some of the rows."""

_SMALLEST = {Base.MONEY: 100}


def amount(cases: Sequence[AmountCase], type: Type, codes: Interner, part: Part) -> Amount:
    """The amount of the first case whose condition is true; unknown if there is none."""
    ways = [(_condition(case, codes), _one(case.amount, type, codes)) for case in cases]
    if len(ways) == 1 and ways[0][0] is None:
        return ways[0][1]

    def draw(look: Look, u: Uniform) -> Column:
        left = np.arange(look.n)
        values, known = np.zeros(look.n, arithmetic.dtype(type.base)), np.zeros(look.n, np.bool_)
        for condition, one in ways:
            if not len(left):
                break
            here = look if len(left) == look.n else part(look, left)
            true = True if condition is None else is_true(condition(here), len(left))
            if true is False:
                continue
            rows = left if true is True else left[true]
            if true is not True:
                here = part(here, np.flatnonzero(true))
            values[rows], known[rows] = full(one(here, u[rows]), len(rows))
            left = left[:0] if true is True else left[~true]
        return Column(values, True if known.all() else known)

    return draw


def _condition(case: AmountCase, codes: Interner) -> Expr | None:
    return in_columns(case.condition, codes) if case.condition is not None else None


def _one(drawn: Drawn, type: Type, codes: Interner) -> Amount:
    if drawn.choices:
        return _choice(drawn, type, codes)
    assert drawn.value is not None
    low = in_columns(drawn.value, codes)
    if drawn.high is None:
        return lambda look, u: kept(low(look), type)
    high = in_columns(drawn.high, codes)
    bases = drawn.value.type.base, drawn.high.type.base
    if type.base is Base.NUMBER and bases == (Base.INTEGER, Base.INTEGER):
        raise NotInColumns("whole numbers drawn for a number")
    law = _about if drawn.about else _between

    def draw(look: Look, u: Uniform) -> Column:
        a, b = low(look), high(look)
        if a.known is False or b.known is False:
            return UNKNOWN
        return law(a, b, u, type)

    return draw


def _choice(drawn: Drawn, type: Type, codes: Interner) -> Amount:
    ends = np.array(single.thresholds(share for _, share in drawn.choices))
    values = [in_columns(value, codes) for value, _ in drawn.choices]

    def choose(look: Look, u: Uniform) -> Column:
        columns = [kept(value(look), type) for value in values]
        chosen = np.searchsorted(ends, u, side="right")
        if all(column.known is True and not isinstance(column.values, np.ndarray) for column in columns):
            table = np.array([column.values for column in columns], arithmetic.dtype(type.base))
            return Column(table[chosen])
        parts = [full(column, look.n) for column in columns]
        rows = np.arange(look.n)
        return Column(
            np.stack([part[0] for part in parts])[chosen, rows], np.stack([part[1] for part in parts])[chosen, rows]
        )

    return choose


def kept(column: Column, type: Type) -> Column:
    """As an attribute or a field of that type keeps it: a number as a double."""
    if arithmetic.dtype(type.base) is not np.float64 or column.known is False:
        return column
    values = column.values
    return Column(values.astype(np.float64) if isinstance(values, np.ndarray) else float(values), column.known)


def _is_double(values: Any) -> bool:
    return values.dtype == np.float64 if isinstance(values, np.ndarray) else isinstance(values, float)


def _between(low: Column, high: Column, u: Uniform, type: Type) -> Column:
    """Uniform from low to high; the upper end is out, of whole numbers in."""
    base, known = type.base, both(low.known, high.known)
    a, b = low.values, high.values
    if not arithmetic.exact(low, high):
        return _each(low, high, u, base)
    share = u.astype(np.float64)
    np.multiply(share, 2.0**-53, out=share)
    if base is Base.DATE:
        return Column(a + _cut(share * (b - a)), known)
    if base is Base.INTEGER:
        return Column(a + _cut(share * (b - a + 1)), known)
    if _is_double(a) or _is_double(b):
        return Column(a + share * (b - a), known)
    step = _SMALLEST.get(base, 1)
    np.multiply(share, (b - a) / step, out=share)
    whole = share.view(np.int64)
    np.copyto(whole, share, casting="unsafe")
    np.multiply(whole, step, out=whole)
    np.add(whole, a, out=whole)
    if step > 1 and np.any(np.remainder(a, step)):
        whole = whole // step * step
    return Column(whole, known)


def _cut(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    return numbers.astype(np.int64)


def _each(low: Column, high: Column, u: Uniform, base: Base) -> Column:
    """Numbers beyond 2^53, one by one."""
    n = len(u)
    (a, known), (b, other) = full(low, n), full(high, n)
    rows = zip(a.tolist(), b.tolist(), u.tolist(), strict=True)
    return Column(np.array([between(*row, base) for row in rows], arithmetic.dtype(base)), known & other)


def _about(median: Column, within: Column, u: Uniform, type: Type) -> Column:
    """Log-normal by median and 90th percentile; without a spread where one of them is not above 0."""
    known = both(median.known, within.known)
    some = (np.asarray(median.values) > 0) & (np.asarray(within.values) > 0)
    if not some.any():
        return kept(Column(median.values, known), type)
    a = np.where(some, median.values, 1).astype(np.float64)
    b = np.where(some, within.values, 1).astype(np.float64)
    found = np.minimum(_log_normal(a, b, u * 2.0**-53), 2.0**53)
    if _is_double(median.values) or type.base is Base.NUMBER:
        return Column(np.where(some, found, median.values), known)
    step = _SMALLEST.get(type.base, 1)
    return Column(np.where(some, _cut(found) // step * step, median.values), known)


def _log_normal(median: Any, within: Any, q: Any) -> Any:
    if not median.ndim and not within.ndim:
        return chance.log_normal(float(median), float(within), q)
    ratio = np.broadcast_to(median / within, q.shape)
    sigma = chance.minus_log(ratio) / single.Z90
    return median * chance.exp(sigma * chance.normal_quantile(q))
