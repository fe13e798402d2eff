"""The reference workload written for other tools: a loop in Python, SimPy, and a program in C."""

from __future__ import annotations

import math
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from benchmarks.workloads import Figures

HOUR, DAY = 3600, 86_400
SOURCE = Path(__file__).with_name("reference.c")

CHANCES = {"a": (0.30, 0.20), "b": (0.22, 0.14), "c": (0.12, 0.06)}
COUPON = (0.375, 0.25)
OPENED = {"a": 0.55, "b": 0.35, "c": 0.20}
REMINDED = {"a": 0.10, "b": 0.07, "c": 0.03}
Steps = Generator[Any, Any, None]

PRICES = {"a": 2, "b": 45, "c": 1}
"""Tenths of a cent."""


class Tally:
    """What became of the customers so far."""

    def __init__(self) -> None:
        self.bought = self.reminders = self.cost = self.revenue = 0

    def figures(self, customers: int) -> Figures:
        return Figures(
            self.bought / customers, self.reminders / customers, self.cost / customers / 10, self.revenue / customers
        )


class _Customer:
    def __init__(self) -> None:
        u = random.random()  # noqa: S311 - a simulation
        self.persona = "a" if u < 0.5 else "b" if u < 0.8 else "c"
        self.cart = random.randrange(500, 12_000)  # noqa: S311
        self.coupon = self.persona == "a" and random.random() < 0.5  # noqa: S311

    @property
    def chance(self) -> float:
        low, high = COUPON if self.coupon else CHANCES[self.persona]
        return low if self.cart <= 5000 else high

    @property
    def price(self) -> int:
        return self.cart - self.cart // 10 if self.coupon else self.cart


def _delay(chance: float, mean: int) -> int | None:
    """Seconds until an answer; None if there is none."""
    u = random.random()  # noqa: S311
    return int(-mean * math.log1p(-u / chance)) if u < chance else None


def _comes(chance: float, mean: int, within: int) -> bool:
    after = _delay(chance, mean)
    return after is not None and after <= within


def by_hand(customers: int) -> Figures:
    """A loop over customers."""
    random.seed(1)
    tally = Tally()
    for _ in range(customers):
        one = _Customer()
        tally.cost += 2 + PRICES[one.persona]
        bought = _comes(OPENED[one.persona], 18 * HOUR, 3 * DAY) and _comes(one.chance, DAY, 5 * DAY)
        rounds = 0
        while not bought and rounds < 3:
            rounds += 1
            tally.cost += 45
            bought = _comes(REMINDED[one.persona], 12 * HOUR, 2 * DAY)
        tally.reminders += rounds
        if bought:
            tally.bought += 1
            tally.cost += 3 * 2
            tally.revenue += one.price
    return tally.figures(customers)


def simpy(customers: int) -> Figures:
    """SimPy: each customer a process, each wait an event or a time-out, one arrival a minute."""
    import simpy as library

    random.seed(1)
    tally = Tally()
    env = library.Environment()

    def arrivals() -> Steps:
        for _ in range(customers):
            env.process(_live(env, tally))
            yield env.timeout(60)

    env.process(arrivals())
    env.run()
    return tally.figures(customers)


def _live(env: Any, tally: Tally) -> Steps:
    one = _Customer()
    tally.cost += 2
    yield env.timeout(DAY)
    tally.cost += PRICES[one.persona]
    bought = False
    opened = _answer(env, OPENED[one.persona], 18 * HOUR)
    if opened in (yield opened | env.timeout(3 * DAY)):
        ordered = _answer(env, one.chance, DAY)
        bought = ordered in (yield ordered | env.timeout(5 * DAY))
    rounds = 0
    while not bought and rounds < 3:
        rounds += 1
        tally.reminders += 1
        tally.cost += 45
        ordered = _answer(env, REMINDED[one.persona], 12 * HOUR)
        bought = ordered in (yield ordered | env.timeout(2 * DAY))
    if bought:
        tally.bought += 1
        tally.cost += 3 * 2
        tally.revenue += one.price
        yield env.timeout(2 * DAY)
        yield env.timeout(7 * DAY)
        random.random()  # noqa: S311 - advocate or retained


def _answer(env: Any, chance: float, mean: int) -> Any:
    """An event that comes with the answer, if there is one."""
    after = _delay(chance, mean)
    return env.event() if after is None else env.timeout(after)


def compiled(folder: Path) -> Callable[[int], Figures] | None:
    """The program in C; None without a compiler."""
    compiler = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    program = folder / "reference"
    flags = ("-O3", "-march=native", "-ffp-contract=off")
    subprocess.run([compiler, *flags, "-o", program, SOURCE], check=True)

    def run(customers: int) -> Figures:
        done = subprocess.run([program, str(customers)], check=True, capture_output=True, text=True)
        return Figures(*map(float, done.stdout.split()))

    return run
