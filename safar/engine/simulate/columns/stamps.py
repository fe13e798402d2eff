"""An instant and the order within it in one whole number, so that the least of several stamps is what comes first.

From the highest bit down: the instant (seconds since 1970 UTC), the generation, the kind (as in `order.py`), the order
within the kind.  What becomes due at an instant whose turn has passed belongs to the next generation: an answer that
comes at once, to a message sent when a wait was over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from safar.engine.simulate.columns.cells import anybody
from safar.engine.simulate.order import ANSWER, BEHAVIOUR, CALENDAR, HORIZON, WAKE

Stamps = NDArray[np.int64] | int
"""One for all rows, or one each."""

KIND, GENERATION, AT = 21, 24, 27
LINES = 64
"""Lines of one touchpoint."""
DELIVERIES = 1 << 15
"""Deliveries that can be told apart in one chunk."""
NEVER = (1 << 63) - 1

_INSTANT = -1 << AT
_LAST_GENERATION = 7


def instant(stamp: Stamps) -> Stamps:
    return stamp >> AT


def latest(stamps: Stamps) -> int:
    return int(stamps.max()) if isinstance(stamps, np.ndarray) else stamps


def generation(stamp: Stamps) -> Stamps:
    """The instant and the generation."""
    return stamp >> GENERATION


def wake(at: Stamps) -> Stamps:
    return (at << AT) | (WAKE << KIND)


def wake_after(now: Stamps, seconds: int) -> Stamps:
    """When a wait of so many seconds is over."""
    begun = now & _INSTANT
    begun += (seconds << AT) | (WAKE << KIND)
    return begun


def horizon(at: Stamps) -> Stamps:
    """The last of its instant, whatever else becomes due there."""
    return (at << AT) | (_LAST_GENERATION << GENERATION) | (HORIZON << KIND)


def answer(at: Stamps, delivery: int, line: int) -> Stamps:
    stamps = at << AT
    stamps |= (ANSWER << KIND) | (delivery * LINES + line)
    return stamps


def behaviour(at: Stamps, stream: int) -> Stamps:
    return (at << AT) | (BEHAVIOUR << KIND) | stream


def by_calendar(at: Stamps, line: int) -> Stamps:
    return (at << AT) | (CALENDAR << KIND) | line


def is_horizon(stamp: Stamps) -> NDArray[np.bool_] | bool:
    return (stamp >> KIND) & 63 == (_LAST_GENERATION << 3) | HORIZON


def following(stamps: Stamps, now: Stamps) -> Stamps:
    """Stamps of what became due at `now`: where their turn has passed already, those of the next generation."""
    late = stamps <= now
    if not anybody(late):
        return stamps
    next_one = ((now >> GENERATION) + 1 << GENERATION) | (stamps & ((1 << GENERATION) - 1))
    return np.where(late, next_one, stamps) if isinstance(late, np.ndarray) else next_one
