"""Ways between places as the proof sees them: how long they take, what they change, what happens on them."""

from __future__ import annotations

import msgspec

from safar.engine.expression import Alternative
from safar.engine.model import Entry
from safar.engine.prove.changes import Change
from safar.engine.prove.marks import Mark

END = -1
"""Where a run is that has left."""


class Arc(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One way from a place, or to the first one.

    `changes` lead to the instant of the `marks`, in order; `then` are changes that those make.  `low` and `high` are
    the seconds that pass before (`high` None: no bound).  `by` is what happens for it: an event, or a condition that
    becomes true; None: time alone, or nothing.  `entry` is how a run begins.  `anew` is the number of a loop that
    begins anew, `drops` whether every loop is left but those around the loop `keeps` (-1: none).
    """

    end: int
    kind: str
    label: str = ""
    changes: tuple[Change, ...] = ()
    then: tuple[Change, ...] = ()
    low: int = 0
    high: int | None = 0
    marks: tuple[Mark, ...] = ()
    by: Alternative | None = None
    entry: Entry | None = None
    drops: bool = False
    keeps: int = -1
    anew: int = -1


class Loop(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What a run does at the head of a loop: `begins` is what must be so for the loop to begin at all."""

    number: int
    limit: int
    every: int
    begins: tuple[Change, ...]
    round: Arc
    done: Arc


class Station(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What a run does at a place.  `once` leads on at the same instant; `settles` is what must be so for it to rest
    there (and that time passes), `rest` the ways out of that rest, which lasts `high` seconds at most (None: any time).

    `asides` happen while it rests there, and leave it there.  At the head of a loop `once` leads away before it begins.
    """

    once: tuple[Arc, ...] = ()
    settles: tuple[Change, ...] = ()
    rest: tuple[Arc, ...] = ()
    asides: tuple[Arc, ...] = ()
    high: int | None = 0
    loop: Loop | None = None
