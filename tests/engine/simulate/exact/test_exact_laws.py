"""Laws of delays against sums over every second, and against the interpreter's own delays."""

from __future__ import annotations

import pytest

from safar.engine.model import Delay
from safar.engine.simulate import chance
from safar.engine.simulate.exact.laws import Law, after, law
from safar.engine.source import NOWHERE

LAWS = [
    Law("exponential", 600),
    Law("uniform", 100, 400),
    Law("log_normal", 300, 900),
    Law("two", 600, 200),
    Law("fixed", 40, 0, 3),
    Law("exponential", 50, 0, 20),
    Law("uniform", 0, 7, 5),
]


@pytest.mark.parametrize("one", LAWS, ids=str)
@pytest.mark.parametrize("last", [0, 1, 43, 399, 2_000])
def test_sums_are_sums_over_seconds(one: Law, last: int) -> None:
    chances = [one.by(second) - one.by(second - 1) for second in range(last + 1)]
    assert min(chances) >= -1e-15
    assert sum(chances) == pytest.approx(one.by(last), abs=1e-12)
    assert one.sum_by(last) == pytest.approx(sum(k * p for k, p in enumerate(chances)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("exponential", 90, 0), ("uniform", 30, 95), ("log_normal", 60, 240), ("fixed", 7, 0)]
)
def test_laws_are_those_of_the_interpreter(kind: str, low: int, high: int) -> None:
    """The delay at each of many quantiles, evenly spaced, against the law."""
    told = law(Delay(span=NOWHERE, kind=kind, low=low, high=high))
    many = 20_000
    delays = [chance.delay(kind, low, high, (n + 0.5) / many) for n in range(many)]
    for second in (0, 6, 7, 29, 30, 60, 94, 200, 500):
        share = sum(1 for one in delays if one <= second) / many
        assert told.by(second) == pytest.approx(share, abs=1.01 / many)
    assert max(delays) <= told.most
    assert min(delays) >= told.least


def test_one_delay_after_another_is_their_convolution() -> None:
    first, second = Law("exponential", 60), Law("exponential", 25)
    both = after(first, second)
    assert both is not None
    for last in (0, 5, 100, 400):
        direct = sum((first.by(k) - first.by(k - 1)) * second.by(last - k) for k in range(last + 1))
        assert both.by(last) == pytest.approx(direct, abs=1e-12)
    assert after(Law("uniform", 0, 9), Law("fixed", 3)) == Law("uniform", 0, 9, 3)
    assert after(Law("uniform", 0, 9), Law("uniform", 0, 9)) is None
