"""The ways out of a place, as they are counted."""

from __future__ import annotations

import msgspec

from safar.engine.program import Program
from safar.engine.simulate import track
from safar.engine.simulate.columns.batch import Token
from safar.engine.simulate.counts import Key
from safar.engine.simulate.happening import What


class Way(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Where it leads, what is counted when it is gone, and what runs keep that they carry.

    `what` is what happens to a run that rests and goes it: it is woken, or interrupted.
    """

    to: int
    label: str
    what: What
    edge: Key
    visit: Key
    keeps: frozenset[Token]


def way(
    program: Program,
    start: str,
    gone: track.Way,
    needed: list[frozenset[Token]],
    loops: frozenset[int] | None = None,
) -> Way:
    """A way of the plain interpreter from the node of that name.  A loop that begins anew is left, and with `loops`
    all but these.
    """
    to, label, anew = gone
    node = program.places[to].node
    keeps = frozenset(
        (word, of) for word, of in needed[to] if word == "visits" or (of != anew and (loops is None or of in loops))
    )
    what = What.WOKEN if loops is None else What.INTERRUPTED
    return Way(to=to, label=label, what=what, edge=("edge", start, node, label), visit=("visit", node), keeps=keeps)
