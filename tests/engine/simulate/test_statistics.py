from __future__ import annotations

import itertools
import statistics
from fractions import Fraction

import pytest

from safar.engine.simulate.statistics import Moments, Times, Z, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Published: R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # Worked by hand: all of ten.
        (10, 10, 0.7225, 1.0),
    ],
)
def test_wilson_against_published_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert list(wilson(successes, trials)) == pytest.approx([low, high], abs=5e-5)


def test_wilson_is_symmetric_and_holds_the_share() -> None:
    for successes, trials in itertools.product(range(8), range(1, 8)):
        if successes <= trials:
            low, high = wilson(successes, trials)
            other = wilson(trials - successes, trials)
            assert 0 <= low <= successes / trials <= high <= 1
            assert [1 - other[1], 1 - other[0]] == pytest.approx([low, high])


def test_moments_agree_with_the_library_and_merge_in_any_order() -> None:
    values = [n * 7_919_317 % 1_000_003 for n in range(1000)]
    whole, left, right = Moments(), Moments(), Moments()
    for position, value in enumerate(values):
        whole.add(value)
        (left if position % 3 else right).add(value)
    right.merge(left)
    assert right == whole
    assert float(whole.mean() or 0) == statistics.fmean(values)
    error = whole.error()
    assert error == pytest.approx(statistics.stdev(values) / len(values) ** 0.5)
    low, high = whole.interval() or (0, 0)
    assert high - low == pytest.approx(2 * Z * (error or 0))


def test_moments_of_few() -> None:
    moments = Moments()
    assert (moments.mean(), moments.error(), moments.interval()) == (None, None, None)
    moments.add(5)
    assert moments.mean() == 5
    assert moments.interval() is None


def test_quantiles_are_within_two_percent_and_exact_where_all_are_equal() -> None:
    values = sorted((n * 7_919_317 % 100_003) ** 2 // 1000 for n in range(5000))
    times = Times()
    for value in values:
        times.add(value)
    for share in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10), Fraction(1)):
        exact = values[max(0, int(share * len(values)) - 1)]
        assert times.quantile(share) == pytest.approx(exact, rel=0.02, abs=1)
    same = Times()
    for _ in range(100):
        same.add(172_801)
    assert same.quantile(Fraction(1, 2)) == 172_801
    assert Times().quantile(Fraction(1, 2)) is None


def test_times_merge_in_any_order_and_stay_small() -> None:
    parts = [Times() for _ in range(7)]
    whole = Times()
    for value in range(0, 40_000_000, 997):
        whole.add(value)
        parts[value % 7].add(value)
    merged = Times()
    for part in reversed(parts):
        merged.merge(part)
    assert merged == whole
    assert len(whole.classes) < 900
