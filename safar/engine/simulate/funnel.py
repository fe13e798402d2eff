"""The way through the stages: how many came into each, went on from it, left there, and are inside still."""

from __future__ import annotations

import msgspec

from safar.engine.program import Program
from safar.engine.simulate.counts import Counts

EXIT = "exit:"


class Passing(msgspec.Struct):
    """What passed through one stage: `came` = `went_on` + all that `left` + `inside`.

    A run that comes to it twice counts twice.
    """

    came: int = 0
    went_on: int = 0
    left: dict[str, int] = {}

    @property
    def inside(self) -> int:
        return self.came - self.went_on - sum(self.left.values())


def stages(program: Program, counts: Counts) -> dict[str, Passing]:
    """By stage, in file order; under the empty name what an interrupt of the journey does outside of all stages."""
    places = {place.node: place.stage for place in program.places if not place.node.startswith(EXIT)}
    passings = {stage.name: Passing() for stage in program.journey.stages}
    if "" in places.values():
        passings[""] = Passing()
    for (start, end, _), count in counts.under("edge"):
        before = places.get(start)
        after = None if end.startswith(EXIT) else places.get(end)
        if before == after:
            continue
        if before is not None and after is not None:
            passings[before].went_on += count
        elif before is not None and end.startswith(EXIT):
            outcome = end.removeprefix(EXIT)
            passings[before].left[outcome] = passings[before].left.get(outcome, 0) + count
        if after is not None:
            passings[after].came += count
    return passings
