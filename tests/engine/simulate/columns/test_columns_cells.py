"""Cells whose arrays are borrowed: what one chunk wrote is not there for the next."""

from __future__ import annotations

import numpy as np
import pytest

from safar.engine.simulate.columns.cells import ALL, Cell, Pool, Pooled, places

NOTHING = 99


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array(numbers, np.intp)


def test_a_column_comes_back_with_nothing_in_it() -> None:
    pool = Pool(NOTHING)
    first = Pooled(6, pool)
    first.store(rows(1, 4), rows(10, 40))
    first.store(rows(4), 7)
    assert first.load(ALL).tolist() == [99, 10, 99, 99, 7, 99]
    column = first.value
    first.release()
    second = Pooled(5, pool)
    second.store(rows(0), 3)
    assert np.shares_memory(second.value, column)
    assert second.load(ALL).tolist() == [3, 99, 99, 99, 99]


def test_a_column_that_is_too_short_is_given_up() -> None:
    pool = Pool(NOTHING)
    short = Pooled(2, pool)
    short.store(rows(1), 5)
    short.release()
    long = Pooled(3, pool)
    long.store(rows(2), 6)
    assert long.load(ALL).tolist() == [99, 99, 6]


@pytest.mark.parametrize("seed", range(20))
def test_it_holds_what_a_cell_holds(seed: int) -> None:
    """Whatever is stored, loaded whole and stored again, in chunk after chunk of one pool."""
    chance, pool = np.random.default_rng(seed), Pool(NOTHING)
    for _ in range(5):
        n = int(chance.integers(1, 12))
        cell, pooled = Cell(n, NOTHING), Pooled(n, pool)
        for _ in range(int(chance.integers(0, 8))):
            some = ALL if chance.random() < 0.2 else chance.permutation(n)[: chance.integers(0, n + 1)]
            new = (
                int(chance.integers(0, 50))
                if chance.random() < 0.4
                else chance.integers(0, 50, len(np.arange(n)[some]))
            )
            for one in (cell, pooled):
                one.store(some, new)
            if chance.random() < 0.5:
                given = pooled.load(ALL)
                assert np.array_equal(np.broadcast_to(given, n), np.broadcast_to(cell.load(ALL), n))
        assert np.array_equal(np.broadcast_to(pooled.load(ALL), n), np.broadcast_to(cell.load(ALL), n))
        pooled.release()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.03, 0.04, 0.07, 0.1, 0.11, 0.5, 1.0])
@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 1000, 70_001])
def test_places_are_those_that_are_met(share: float, n: int) -> None:
    met = np.random.default_rng(n).random(n) < share
    assert places(met).tolist() == [row for row, one in enumerate(met.tolist()) if one]
