"""`at most`: what limits keep, what the time between two deliveries keeps, and only then what is counted box by box."""

from __future__ import annotations

import msgspec

from safar.engine.promises import AtMost
from safar.engine.prove import limits
from safar.engine.prove.beside import SeveralRuns, is_side_by_side
from safar.engine.prove.explore import Explorer
from safar.engine.prove.forms.at_most import AtMostWatch
from safar.engine.prove.labels import Label
from safar.engine.prove.network import Network
from safar.engine.prove.replay import Replayer
from safar.engine.prove.search import Answer, Replay, Search, concluded, exactly, explored, linear
from safar.engine.prove.soonest import Soonest
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Method, Outcome

GLANCE, DIVE = 8, 10
"""The work of a first look, for each place; and the part of the budget that is spent on the nearest ways."""


def at_most(system: System, claim: AtMost, budget: int) -> Answer:
    """The verdict on `at most n X per ...` in one journey."""
    most = limits.bound(claim, (system.program,))
    if most is not None and most <= claim.count:
        return Answer(outcome=Outcome.PROVED, method=Method.LIMITS)
    if claim.per != "run" and is_side_by_side(system.program):
        return _side_by_side(system, claim, budget)
    replay = Replayer(system, claim).refutation
    glance = Search(system, AtMostWatch(system, claim), replay)
    joined = Explorer(system, glance.watch, joined=True, budget=GLANCE * len(system.program.places))
    if joined.run(glance.try_first):
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED, work=joined.work)
    if glance.found is not None:
        return concluded(glance, joined, complete=False)
    return _counted(system, claim, replay, budget)


def _counted(system: System, claim: AtMost, replay: Replay, budget: int) -> Answer:
    """By the least time; then by boxes, first along what comes to too many soonest, and at last place by place."""
    watch = AtMostWatch(system, claim)
    soonest = Soonest(Network(system, watch, linear(system, budget)), claim.count + 1, watch.stretch)
    if not soonest.is_possible:
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED)
    watch = AtMostWatch(system, claim, soonest)
    search, dive = Search(system, watch, replay), _Dive(system, watch, budget=budget // DIVE)
    complete = dive.run(search.try_few)
    if complete or search.found is not None:
        return concluded(search, dive, complete=complete)
    return exactly(Search(system, watch, replay), Explorer(system, watch, budget=budget))


class _Dive(Explorer):
    """Follows what may come to too many in the least time."""

    watch: AtMostWatch

    def _turn(self, label: Label) -> tuple[float, float, float]:
        _, rank, phase = super()._turn(label)
        if not isinstance(label.node.state, tuple):
            return 1, rank, phase
        return 0, self.watch.nearest(label.node, label.zone), -rank


def _side_by_side(system: System, claim: AtMost, budget: int) -> Answer:
    """No limit holds over runs side by side if one of them does it at all: then any number does, at one instant."""
    once = msgspec.structs.replace(claim, count=0, per="run", window=None)
    several = SeveralRuns(system, claim, claim.count + 1).refutation
    return explored(system, lambda: AtMostWatch(system, once), several, budget)
