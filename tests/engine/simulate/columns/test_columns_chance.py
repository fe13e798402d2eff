"""Chance over arrays gives the numbers of chance over single ones, bit for bit."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.engine.simulate import chance as single
from safar.engine.simulate.columns import chance

COUNT = int(300_000 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
WORD = st.integers(0, 2**64 - 1)
PART = st.integers(0, 2**64 - 1)
RANDOM = np.random.default_rng(7)


def words(n: int) -> Any:
    return RANDOM.integers(0, 2**64, n, dtype=np.uint64)


def shares(n: int) -> Any:
    """Numbers in (0, 1): even ones, and ones dense at both ends."""
    even = (words(n) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    small = np.ldexp(RANDOM.random(n) * 0.5 + 0.5, -RANDOM.integers(0, 53, n).astype(np.int32))
    edges = np.array([0.5, 0.075, 0.925, 2.0**-53, 1 - 2.0**-53, 0.7071067811865476, 0.7071067811865475])
    return np.concatenate([even, small, 1.0 - small, edges])


def assert_same(function: Callable[[float], Any], numbers: Any, found: Any) -> None:
    for number, one in zip(numbers.tolist(), found.tolist(), strict=True):
        assert function(number) == one, number


def test_keys_of_many() -> None:
    keys, others = words(COUNT), words(COUNT)
    for part in (0, 1, 2**64 - 1, single.name_part("reminder")):
        assert chance.mix(keys, part).tolist() == [single.mix(key, part) for key in keys.tolist()]
    both = [single.mix(key, part) for key, part in zip(keys.tolist(), others.tolist(), strict=True)]
    assert chance.mix(keys, others).tolist() == both
    assert chance.mix(5, others).tolist() == [single.mix(5, part) for part in others.tolist()]
    assert chance.uniform(keys).tolist() == [single.uniform(key) for key in keys.tolist()]
    into = keys.copy()
    assert chance.mix(into, 3, into) is into
    assert into.tolist() == [single.mix(key, 3) for key in keys.tolist()]
    assert chance.grow(chance.stems(keys), 3).tolist() == into.tolist()
    assert chance.grow(chance.stems(keys), others).tolist() == both


@given(WORD, PART)
def test_one_key(key: int, part: int) -> None:
    expected = single.mix(key, part)
    assert chance.mix(key, part) == expected
    assert chance.mix(np.array([key], np.uint64), part).tolist() == [expected]
    assert chance.mix(key, np.array([part], np.uint64)).tolist() == [expected]
    z = np.array([key], np.uint64)
    chance.finalise(z)
    assert z.tolist() == [single.finalise(key)]
    if part < 2**63:
        assert chance.mix(np.array([key], np.uint64), np.array([part])).tolist() == [expected]


@given(st.lists(WORD, min_size=1, max_size=5), PART, st.integers(-1, 1))
def test_hits_are_those_whose_longer_key_is_below(keys: list[int], part: int, step: int) -> None:
    """At thresholds right beside a key, where its last bits decide."""
    own = [single.mix(key, part) for key in keys]
    threshold = min(single.ONE, max(0, single.uniform(own[0]) + step))
    expected = [(row, key) for row, key in enumerate(own) if single.uniform(key) < threshold]
    array = np.array(keys, np.uint64)
    for one in (threshold, np.full(len(keys), threshold)):
        index, found = chance.hits(chance.stems(array), part, one)
        assert [*zip(index.tolist(), found.tolist(), strict=True)] == expected


def test_hits_in_some_rows() -> None:
    keys = words(100_000)
    rows = np.flatnonzero(keys & np.uint64(3))[::-1]
    for threshold in (single.ONE // 15, single.ONE // 2):
        index, own = chance.hits(chance.stems(keys), 7, threshold, rows)
        expected = chance.hits(chance.stems(keys.take(rows)), 7, threshold)
        assert index.tolist() == expected[0].tolist()
        assert own.tolist() == expected[1].tolist()


def test_hits_of_many() -> None:
    keys, part = words(100_000), 12_345
    own = chance.mix(keys, part)
    for threshold in (0, single.ONE // 7, single.ONE):
        index, found = chance.hits(chance.stems(keys), part, threshold)
        assert index.tolist() == chance.below(own, threshold).nonzero()[0].tolist()
        assert found.tolist() == own[index].tolist()


@given(st.lists(WORD, min_size=1, max_size=5), st.integers(0, single.ONE))
def test_a_threshold(keys: list[int], threshold: int) -> None:
    array = np.array([*keys, threshold << 11 & 2**64 - 1, max(0, (threshold << 11) - 1)], np.uint64)
    expected = [single.uniform(key) < threshold for key in array.tolist()]
    assert chance.below(array, threshold).tolist() == expected
    assert chance.below(array, np.full(len(array), threshold)).tolist() == expected


@pytest.mark.parametrize(
    ("function", "of"),
    [
        (single.minus_log, chance.minus_log),
        (single.square_root, chance.square_root),
        (single.normal_quantile, chance.normal_quantile),
        (lambda x: single.exp(40 * x - 20), lambda x: chance.exp(40 * x - 20)),
    ],
    ids=["minus_log", "square_root", "normal_quantile", "exp"],
)
def test_functions_of_many(function: Callable[[float], float], of: Callable[[Any], Any]) -> None:
    numbers = shares(COUNT // 3)
    assert_same(function, numbers, of(numbers))


@given(st.floats(min_value=5e-324, allow_nan=False, allow_infinity=False))
def test_functions_of_any_number(x: float) -> None:
    many = np.array([x, 0.3, x])
    assert chance.minus_log(many)[0] == single.minus_log(x)
    assert chance.square_root(many)[0] == single.square_root(x)
    assert chance.exp(many)[0] == single.exp(x)
    assert chance.exp(-many)[0] == single.exp(-x)


@given(st.floats(0, 1))
def test_the_quantile_of_any_number(p: float) -> None:
    assert chance.normal_quantile(np.array([p]))[0] == single.normal_quantile(p)


DELAYS = st.sampled_from(["exponential", "log_normal", "uniform", "fixed"])
SECONDS = st.integers(0, 10**9) | st.integers(0, 2**53)


@given(DELAYS, SECONDS, SECONDS, st.integers(0, single.ONE - 1), st.integers(1, single.ONE))
@settings(max_examples=400)
def test_delays(kind: str, low: int, high: int, u: int, limit: int) -> None:
    if u >= limit or low > high:
        u, limit, low, high = min(u, limit - 1), max(u + 1, limit), min(low, high), max(low, high)
    q = np.array([u, 0, limit - 1]).astype(np.float64) / limit
    expected = [single.delay(kind, low, high, one / limit) for one in (u, 0, limit - 1)]
    found = chance.delay(kind, low, high, q)
    held = [min(one, 2**62) for one in expected]
    assert np.broadcast_to(found, 3).tolist() == held


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("exponential", 64_800, 0), ("log_normal", 64_800, 259_200), ("uniform", 3600, 259_200), ("log_normal", 0, 5)],
)
def test_many_delays(kind: str, low: int, high: int) -> None:
    q = shares(COUNT // 3)
    found = np.broadcast_to(chance.delay(kind, low, high, q.copy(), q.copy()), len(q))
    assert_same(lambda one: single.delay(kind, low, high, one), q, found)


def test_nobody() -> None:
    nobody = np.empty(0, np.uint64)
    assert len(chance.mix(nobody, 3)) == len(chance.minus_log(np.empty(0))) == len(chance.below(nobody, 5)) == 0


@given(st.lists(st.integers(0, single.ONE), min_size=0, max_size=20), st.lists(WORD, max_size=6))
def test_shares_side_by_side(ends: list[int], keys: list[int]) -> None:
    ends = sorted(ends)
    near = [max(0, (end << 11) - 1) for end in ends] + [end << 11 for end in ends if end < single.ONE]
    array = np.array([*keys, *near], np.uint64)
    expected = [sum(single.uniform(key) >= end for end in ends) for key in array.tolist()]
    assert chance.choose(array, ends).tolist() == expected
