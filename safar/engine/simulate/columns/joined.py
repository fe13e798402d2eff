"""What happened to a customer in several journeys, which did not meet, put together in order."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from operator import attrgetter

import msgspec

from safar.engine.simulate.happening import Happening


def joined(stories: Sequence[Sequence[Happening] | None]) -> Sequence[Happening] | None:
    """One story of all; None where the order is not sure: things of several journeys at one instant.

    What belongs to no journey (an arrival, what it sets) is told by each that asked for it, and by the one that it is
    of, so that a journey with nothing else has nothing to add.
    """
    told = [story for story in stories if story is None or any(one.journey for one in story)]
    if not told:
        return max((story for story in stories if story is not None), key=len)
    if len(told) == 1:
        return told[0]
    sure = [story for story in told if story is not None]
    instants = [{one.at for one in story} for story in sure]
    if len(sure) < len(told) or sum(map(len, instants)) > len(set().union(*instants)):
        return None
    return _renumbered(sure)


def _renumbered(stories: Sequence[Sequence[Happening]]) -> list[Happening]:
    """Counted anew, and what joins the history too."""
    at = attrgetter("at")
    coming = heapq.merge(
        *([(one, which) for one in story] for which, story in enumerate(stories)), key=lambda x: at(x[0])
    )
    numbers = {(which, 0): 0 for which in range(len(stories))}
    found = []
    for n, (one, which) in enumerate(coming, 1):
        number = numbers.setdefault((which, one.number), len(numbers) - len(stories) + 1)
        found.append(msgspec.structs.replace(one, n=n, number=number))
    return found
