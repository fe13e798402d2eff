"""`at most`: what limits keep, what the time between two deliveries keeps, and only then what is counted box by box."""

from __future__ import annotations

import msgspec

from safar.engine.promises import AtMost
from safar.engine.prove import limits
from safar.engine.prove.beside import SeveralRuns, is_side_by_side
from safar.engine.prove.forms.at_most import AtMostWatch
from safar.engine.prove.network import Network
from safar.engine.prove.replay import Replayer
from safar.engine.prove.search import Answer, explored, linear
from safar.engine.prove.soonest import Soonest
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Method, Outcome


def at_most(system: System, claim: AtMost, budget: int) -> Answer:
    """The verdict on `at most n X per ...` in one journey."""
    most = limits.bound(claim, (system.program,))
    if most is not None and most <= claim.count:
        return Answer(outcome=Outcome.PROVED, method=Method.LIMITS)
    if claim.per != "run" and is_side_by_side(system.program):
        return _side_by_side(system, claim, budget)
    watch = AtMostWatch(system, claim)
    network = Network(system, watch, linear(system, budget))
    soonest = Soonest(network, claim.count + 1, watch.stretch)
    if not soonest.is_possible:
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED)
    return explored(system, lambda: AtMostWatch(system, claim, soonest), Replayer(system, claim).refutation, budget)


def _side_by_side(system: System, claim: AtMost, budget: int) -> Answer:
    """No limit holds over runs side by side if one of them does it at all: then any number does, at one instant."""
    once = msgspec.structs.replace(claim, count=0, per="run", window=None)
    several = SeveralRuns(system, claim, claim.count + 1).refutation
    return explored(system, lambda: AtMostWatch(system, once), several, budget)
