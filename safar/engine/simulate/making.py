"""What is needed to make a move ready."""

from __future__ import annotations

import msgspec

from safar.engine.model import Project
from safar.engine.simulate.channel import Counters
from safar.engine.simulate.track import Jumper, Way


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """The node's names and the ways out of it, by kind."""

    project: Project
    counters: Counters
    node: str
    name: str
    journey_part: int
    ways: dict[str, tuple[Way, ...]]
    until: tuple[Jumper, ...]
    """Of a loop's head: the loop's own interrupt."""

    def way(self, kind: str) -> Way:
        return self.ways[kind][0]
