"""The confidence sequence: what it promises under peeking, tried."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from safar.engine.simulate.sequence import LEAST, Verdict, Watch, anytime, decide
from safar.engine.simulate.statistics import Z

RUNS = max(60, round(3_000 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))))
LOOKS = 200


def shares(chance: random.Random) -> float:
    """The mean of a batch of 50 customers of whom 10% reach a goal, less the truth."""
    return sum(chance.random() < 0.1 for _ in range(50)) / 50 - 0.1


LAWS: dict[str, Callable[[random.Random], float]] = {
    "normal": lambda chance: chance.gauss(0, 1),
    "shares": shares,
    "skewed": lambda chance: sum(chance.expovariate(1) for _ in range(25)) / 25 - 1,
}


@pytest.mark.parametrize("law", LAWS)
def test_looking_after_every_value_is_wrong_in_five_percent_at_most(law: str) -> None:
    """The mean is nil: a verdict of better or worse at any look is wrong.  A fixed interval fails far more often."""
    chance = random.Random(f"peeking {law}")  # noqa: S311
    wrong = naive = 0
    for _ in range(RUNS):
        count, total, squares, failed, fooled = 0, 0.0, 0.0, False, False
        for _ in range(LOOKS):
            value = LAWS[law](chance)
            count, total, squares = count + 1, total + value, squares + value * value
            if count < 2:
                continue
            mean = total / count
            variance = (squares - total * mean) / (count - 1)
            interval = anytime(count, mean, variance)
            failed = failed or (interval is not None and decide(interval) is not Verdict.UNDECIDED)
            fooled = fooled or (count >= LEAST and abs(mean) > Z * (variance / count) ** 0.5)
        wrong, naive = wrong + failed, naive + fooled
    assert wrong / RUNS < 0.05
    assert naive / RUNS > 0.15


def test_watch_decides_and_merges_in_any_order() -> None:
    chance = random.Random(3)  # noqa: S311
    values = [chance.gauss(0.3, 1) for _ in range(400)]
    whole, first, second = Watch(), Watch(), Watch()
    for number, value in enumerate(values):
        whole.add(value)
        (first if number % 3 else second).add(value)
    second.merge(first)
    assert (second.count, second.total, second.squares) == (whole.count, whole.total, whole.squares)
    assert whole.verdict() is Verdict.BETTER
    low, high = whole.interval() or (0.0, 0.0)
    assert low < 0.3 < high
    assert whole.verdict(margin=1.0) is Verdict.EQUIVALENT
    turned = Watch()
    for value in values:
        turned.add(-value)
    assert turned.verdict() is Verdict.WORSE


def test_nothing_is_known_of_few_values() -> None:
    watch = Watch()
    assert watch.interval() is None and watch.verdict() is Verdict.UNDECIDED and watch.mean() is None
    for _ in range(LEAST - 1):
        watch.add(1.0)
    assert watch.interval() is None
    assert anytime(100, 0.5, 0.0) == (0.5, 0.5)
