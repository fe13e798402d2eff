"""How fast the plain interpreter is on the reference workload, beside a hand-written loop in the same run.

    python benchmarks/simulate.py [CUSTOMERS]

Rates are customers per second of CPU, as the difference of two sizes, so that start-up drops out; the two are
measured in turn, five times, and the median is printed.  The figures must agree with the exact ones.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from safar.dsl.read import read_text
from safar.engine.simulate.population import simulate
from safar.engine.simulate.results import as_json

REFERENCE = Path(__file__).with_name("reference.journey")
HOUR, DAY = 3600, 86_400


class Figures(NamedTuple):
    """Per customer; cost and revenue in cents."""

    conversion: float
    reminders: float
    cost: float
    revenue: float


EXACT = Figures(0.27817305, 2.5252036, 13.2003201, 1637.859)
"""By an absorbing chain, with delays in whole seconds cut down."""

SPREAD = Figures(0.448, 1.09, 4.76, 3100.0)
"""Standard deviations of one customer, from above: bounds of the standard errors."""


def safar(customers: int) -> Figures:
    project = read_text(REFERENCE.read_text(encoding="utf-8"), REFERENCE.name).project
    figures = as_json(simulate(project, "reference", n=customers))
    measures = figures["measures"]
    return Figures(
        figures["goals"]["bought"]["rate"],
        measures["reminders_sent"]["value"],
        100 * measures["cost_per_customer"]["value"],
        100 * measures["revenue_per_customer"]["value"],
    )


CHANCES = {"a": (0.30, 0.20), "b": (0.22, 0.14), "c": (0.12, 0.06)}
COUPON = (0.375, 0.25)
OPENED = {"a": 0.55, "b": 0.35, "c": 0.20}
REMINDED = {"a": 0.10, "b": 0.07, "c": 0.03}
PRICES = {"a": 2, "b": 45, "c": 1}


def _answer(chance: float, mean: int, within: int) -> bool:
    """Whether an answer comes in time.  Prices here are in tenths of a cent."""
    u = random.random()  # noqa: S311 - a simulation
    return u < chance and int(-mean * math.log1p(-u / chance)) <= within


def _one() -> tuple[bool, int, int, int]:
    u = random.random()  # noqa: S311
    persona = "a" if u < 0.5 else "b" if u < 0.8 else "c"
    cart = random.randrange(500, 12_000)  # noqa: S311
    coupon = persona == "a" and random.random() < 0.5  # noqa: S311
    cost, reminders = 2 + PRICES[persona], 0
    low, high = COUPON if coupon else CHANCES[persona]
    bought = _answer(OPENED[persona], 18 * HOUR, 3 * DAY) and _answer(low if cart <= 5000 else high, DAY, 5 * DAY)
    while not bought and reminders < 3:
        reminders += 1
        cost += 45
        bought = _answer(REMINDED[persona], 12 * HOUR, 2 * DAY)
    if not bought:
        return False, reminders, cost, 0
    advocate = random.random() < 0.3  # noqa: S311
    return advocate or bought, reminders, cost + 3 * 2, cart - cart // 10 if coupon else cart


def by_hand(customers: int) -> Figures:
    """The same journey as a loop over customers, written for it alone."""
    random.seed(1)
    bought = reminders = cost = revenue = 0
    for _ in range(customers):
        one = _one()
        bought += one[0]
        reminders += one[1]
        cost += one[2]
        revenue += one[3]
    return Figures(bought / customers, reminders / customers, cost / customers / 10, revenue / customers)


def rate(run: Callable[[int], Figures], customers: int) -> float:
    """Customers per second of CPU between a tenth of them and all."""
    spent = []
    for size in (customers // 10, customers):
        begun = time.process_time()
        run(size)
        spent.append(time.process_time() - begun)
    return (customers - customers // 10) / (spent[1] - spent[0])


def agrees(found: Figures, customers: int) -> bool:
    """Whether each figure is within four standard errors of the exact one."""
    return all(
        abs(one - exact) <= 4 * spread / math.sqrt(customers)
        for one, exact, spread in zip(found, EXACT, SPREAD, strict=True)
    )


def main() -> int:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    right = True
    for name, run in (("safar, plain", safar), ("loop by hand", by_hand)):
        found = run(customers)
        right = right and agrees(found, customers)
        print(f"{name}: " + ", ".join(f"{field} {value:.6g}" for field, value in found._asdict().items()))
    print("exact:        " + ", ".join(f"{field} {value:.6g}" for field, value in EXACT._asdict().items()))
    print("within four standard errors" if right else "WRONG: more than four standard errors away")
    rounds = [(rate(safar, customers), rate(by_hand, customers * 40)) for _ in range(5)]
    plain, hand = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"plain interpreter {plain:,.0f} customers per CPU second, by hand {hand:,.0f}, ratio {plain / hand:.4f}")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
