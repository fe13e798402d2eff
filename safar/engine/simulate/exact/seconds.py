"""Races between answers, summed second by second in NumPy."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from safar.engine.simulate.exact.coming import Coming, Outcome
from safar.engine.simulate.exact.refusal import NotExactError

MOST_SECONDS = 4_000_000
"""Seconds that are looked at one by one."""


def first_of(late: Sequence[Coming], seconds: int) -> float:
    """The sum of second x chance that the first of several comes then, up to that second."""
    last = min(seconds, max(one.latest for one in late))
    if last > MOST_SECONDS:
        raise NotExactError("several answers race over too long a time", late[0].place.span)
    none = np.prod([each_later(one, -1, last) for one in late], axis=0)
    return float((-np.diff(none) * np.arange(0, last + 1)).sum())


def race(
    coming: Sequence[Coming],
    number: int,
    others: Sequence[int],
    flags: tuple[Sequence[bool], Sequence[bool]],
    seconds: int,
) -> Iterator[Outcome]:
    """`number` comes first of the heeded ones: a sum over the second at which it does."""
    one = coming[number]
    low, high = one.soonest, min(seconds, one.latest)
    if high - low > MOST_SECONDS:
        raise NotExactError("several answers race over too long a time", one.place.span)
    at = np.arange(low, high + 1)
    mass = _mass(one, low, high)
    ways = [list(_ways(coming, number, n, flags, at)) for n in others]
    for chosen in itertools.product(*ways):
        weights = mass.copy()
        for factor, _, _ in chosen:
            weights = weights * factor
        chance = float(weights.sum())
        if chance <= 0:
            continue
        mean = float((weights * at).sum()) / chance
        unheeded = tuple(
            (n, float((mass * _others(chosen, m) * moments).sum()) / chance)
            for m, (n, (_, _, moments)) in enumerate(zip(others, chosen, strict=True))
            if moments is not None
        )
        left = tuple(stays for _, stays, _ in chosen if stays is not None)
        yield Outcome(chance, mean, number, low, high, unheeded, left)


def _others(chosen: Sequence[tuple[Any, Coming | None, Any]], without: int) -> Any:
    product: Any = 1.0
    for m, (factor, _, _) in enumerate(chosen):
        if m != without:
            product = product * factor
    return product


def _mass(one: Coming, low: int, high: int) -> Any:
    """The chance of each second."""
    return -np.diff(each_later(one, low - 1, high))


def each_later(one: Coming, low: int, high: int) -> Any:
    """`later` for each second from low to high."""
    d = np.arange(low, high + 1) + one.age - one.law.shift
    law = one.law
    if law.kind == "fixed":
        by = (d >= law.low).astype(float)
    elif law.kind == "uniform":
        by = np.clip((d - law.low + 1) / (law.high - law.low), 0.0, 1.0)
    elif law.kind == "exponential":
        by = -np.expm1(-np.maximum(d + 1, 0) / law.low)
    else:
        by = np.array([law.by(int(k) + law.shift) for k in d])
    return np.where(np.arange(low, high + 1) < max(0, one.least - one.age), 1.0, (1.0 - one.chance * by) / one._open)


def _ways(
    coming: Sequence[Coming], number: int, n: int, flags: tuple[Sequence[bool], Sequence[bool]], at: Any
) -> Iterator[tuple[Any, Coming | None, Any]]:
    """What may be with another answer when the first comes: it is still to come, never comes, or came unheeded."""
    one, rival = coming[number], coming[n]
    before = rival.order < one.order
    low, high = int(at[0]), int(at[-1])
    later = each_later(rival, low, high) if before else each_later(rival, low - 1, high - 1)
    heeded, kept = flags
    if not kept[n]:
        yield later, None, None
    elif len(at) == 1:
        yield later, rival.older(low, strictly=before), None
    elif rival.law.memoryless:
        yield np.full(len(at), rival.never), None, None
        yield later - rival.never, rival.surely(at_once=not before), None
    else:
        raise NotExactError("an answer is still awaited after another came at any time", rival.place.span)
    if not heeded[n]:
        last = high if before else high - 1
        each = np.arange(0, last + 1)
        sums = np.cumsum(_mass(rival, 0, last) * each) if last >= 0 else np.zeros(1)
        index = at if before else at - 1
        yield 1.0 - later, None, np.where(index >= 0, sums[np.maximum(index, 0)], 0.0)
