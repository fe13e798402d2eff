"""The highest points of an arrival curve, for whom they are, and ways to them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safar.engine.promises import Deed
from safar.engine.prove.labels import Broken

MOST = 60
"""More than so many in one stretch are not told apart: the number counts as without bound."""


MOST_WAYS = 6
"""Ways to one number that are kept: not every one is gone by somebody."""


class Peak(msgspec.Struct, frozen=True, eq=False):
    """So many within so many seconds, of customers in the box; a way to it, found by its last step."""

    count: int
    seconds: float
    box: int
    way: Broken


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A deed, counted in stretches up to `longest` seconds (`ANY`: in all), up to `most` of them.

    Without loss under a `budget` of work, in boxes made; beyond it joined, as a bound.
    """

    deed: Deed
    longest: float
    most: int = MOST
    budget: int = 100_000


class Peaks:
    """The peaks that no other makes needless."""

    def __init__(self, loose: int) -> None:
        """`loose` are the fields that peaks do not tell of."""
        self._loose = loose
        self._by_count: dict[int, list[Peak]] = {}
        self._others: dict[int, list[Peak]] = {}

    def take(self, count: int, seconds: float, broken: Broken) -> None:
        box = broken.box | self._loose
        known = self._by_count.setdefault(count, [])
        if not any(one.seconds <= seconds and one.box | box == one.box for one in known):
            known[:] = [one for one in known if one.seconds < seconds or one.box | box != box]
            known.append(Peak(count, seconds, box, broken))
        elif len(others := self._others.setdefault(count, [])) < MOST_WAYS:
            others.append(Peak(count, seconds, box, broken))

    def others(self) -> Iterable[Peak]:
        return (one for several in self._others.values() for one in several)

    def found(self) -> tuple[Peak, ...]:
        return tuple(one for several in self._by_count.values() for one in several)
