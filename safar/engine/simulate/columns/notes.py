"""What is noted of a batch to which something happens, and the values of which its words are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from safar.engine.expression import Base, Value
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.columns.cells import Array, Values
from safar.engine.simulate.columns.column import Column
from safar.engine.simulate.columns.stamps import Stamps
from safar.engine.simulate.happening import What

Why = Callable[[Zone, int, Sequence[Value]], str]
"""The words, of the customer's clock, the instant, and the values of the parts."""

NONE, ANOTHER, LAST, EVENT = range(4)
"""What a note has to do with the customer's history: nothing, it joins it, it is about what joined it last, or about
the last event there.
"""


class Part(msgspec.Struct, frozen=True, eq=False):
    """Values that a note is made of; without a column they are private."""

    column: Column | None
    base: Base = Base.INTEGER


class Note(msgspec.Struct, kw_only=True, eq=False):
    """The same happens to some rows, each at its own stamp.

    `entry` is 0 where there is no run, `of_journey` false where it is no journey's matter either.  `step` is the name
    of a node, or the number of a place for each row (-1: none).  `payload` by field, or `shown`: made of the parts.
    `carried` is a field that only those rows tell that it `has`.  `split` is the one that an arm is of.
    `late`: it was noted after what it brought about, at the same stamp.
    """

    what: What
    rows: Array
    now: Stamps
    entry: Values = 0
    of_journey: bool = True
    step: str | Array = ""
    detail: str = ""
    touchpoint: str = ""
    split: str = ""
    why: str | Why = ""
    parts: Sequence[Part] = ()
    event: str | None = None
    payload: dict[str, Part] | None = None
    carried: str = ""
    has: Values = True
    shown: Callable[[Sequence[Value]], dict[str, Value]] | None = None
    history: int = NONE
    value: Column | None = None
    currency: str = ""
    held_out: bool = False
    late: bool = False
