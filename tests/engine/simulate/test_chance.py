"""Chance: the page's vectors, the stated errors, and that draws look independent."""

from __future__ import annotations

import doctest
import math
import statistics
from fractions import Fraction
from pathlib import Path

import pytest

from safar.engine.simulate import chance

PAGE = Path(__file__).parents[3] / "docs" / "language" / "chance.md"


def test_the_vectors_of_the_page() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False)
    assert result.attempted > 20
    assert result.failed == 0


def grid() -> list[float]:
    """Probabilities from 2^-54 to 1 - 2^-53, dense at both ends."""
    small = [2.0**-k * (1 + j / 16) for k in range(2, 55) for j in range(16) if 2.0**-k * (1 + j / 16) >= 2.0**-54]
    return sorted({*small, *(1.0 - x for x in small if 1.0 - x < 1.0), *(k / 1000 for k in range(1, 1000))})


def test_the_logarithm_is_as_exact_as_stated() -> None:
    for x in [*grid(), *(10.0**k for k in range(-300, 300)), *(k / 7 for k in range(1, 400))]:
        assert chance.minus_log(x) == pytest.approx(-math.log(x), rel=1e-10, abs=1e-18)


def test_the_exponential_is_as_exact_as_stated() -> None:
    for k in range(-7000, 7001):
        assert chance.exp(k / 10) == pytest.approx(math.exp(k / 10), rel=1e-15)
    assert chance.exp(1e9) == chance.exp(700.0)


def test_the_square_root_is_as_exact_as_stated() -> None:
    for k in range(-2000, 2000):
        assert chance.square_root(1.013**k) == pytest.approx(math.sqrt(1.013**k), rel=1e-15)


def test_the_quantile_is_as_exact_as_stated() -> None:
    normal = statistics.NormalDist()
    for p in grid():
        assert chance.normal_quantile(p) == pytest.approx(normal.inv_cdf(p), rel=1e-9, abs=1e-12)


def test_quantiles_never_fall() -> None:
    points = [k / 5000 for k in range(5000)]
    for kind, low, high in (("uniform", 60, 9_000), ("exponential", 64_800, 0), ("log_normal", 64_800, 259_200)):
        delays = [chance.delay(kind, low, high, q) for q in points]
        assert delays == sorted(delays)
        assert min(delays) >= 0


def test_a_higher_chance_keeps_all_who_answered() -> None:
    low, high = chance.threshold(Fraction(55, 100)), chance.threshold(Fraction(60, 100))
    for customer in range(2000):
        u = chance.uniform(chance.mix(chance.seed_key(1), customer))
        assert not u < low or u < high


def chi_square(counts: list[int]) -> float:
    """Standardised: about normal with mean 0 and deviation 1."""
    expected = sum(counts) / len(counts)
    total = sum((count - expected) ** 2 / expected for count in counts)
    return (total - (len(counts) - 1)) / math.sqrt(2 * (len(counts) - 1))


@pytest.mark.parametrize("seed", [1, 2, 1000, 2**63])
def test_neighbouring_keys_give_numbers_that_look_independent(seed: int) -> None:
    begin = chance.seed_key(seed)
    cells = {name: [0] * 256 for name in ("customers", "visits", "steps", "parent and child")}
    steps = [chance.name_part("reminder"), chance.name_part("offer")]
    for customer in range(20_000):
        key = chance.mix(begin, customer)
        after = chance.mix(begin, customer + 1)
        one, other = (chance.mix(key, step) for step in steps)
        pairs = {
            "customers": (key, after),
            "visits": (chance.mix(one, 1), chance.mix(one, 2)),
            "steps": (one, other),
            "parent and child": (one, chance.mix(one, steps[1])),
        }
        for name, (left, right) in pairs.items():
            cells[name][(left >> 60) * 16 + (right >> 60)] += 1
    for name, counts in cells.items():
        assert abs(chi_square(counts)) < 4.5, name
