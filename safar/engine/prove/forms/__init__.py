"""What each form of rule watches for."""

from __future__ import annotations

from safar.engine.promises import Apart, AtMost, Claim, Ends, Follows, Never, NotBefore
from safar.engine.prove.forms.apart import ApartWatch
from safar.engine.prove.forms.at_most import AtMostWatch
from safar.engine.prove.forms.ends import EndsWatch
from safar.engine.prove.forms.follows import FollowsWatch
from safar.engine.prove.forms.never import NeverWatch
from safar.engine.prove.forms.not_before import NotBeforeWatch
from safar.engine.prove.forms.watch import Watch
from safar.engine.prove.system import System


def watch(system: System, claim: Claim) -> Watch:
    """The watch of a claim about every run; `every persona can reach X` has none."""
    match claim:
        case Follows():
            return FollowsWatch(system, claim)
        case Ends():
            return EndsWatch(system, claim)
        case AtMost():
            return AtMostWatch(system, claim)
        case Apart():
            return ApartWatch(system, claim)
        case NotBefore():
            return NotBeforeWatch(system, claim)
        case Never():
            return NeverWatch(system, claim)
    raise TypeError(type(claim).__name__)
