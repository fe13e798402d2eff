"""The verdict on one claim about one journey."""

from __future__ import annotations

import msgspec

from safar.engine.program import Program
from safar.engine.promises import Claim
from safar.engine.prove import forms
from safar.engine.prove.explore import Broken, Explorer
from safar.engine.prove.replay import Replayer
from safar.engine.prove.system import System
from safar.engine.prove.trail import trail
from safar.engine.prove.verdict import Counterexample, Method, Outcome

BUDGET = 400_000
"""Work of one exploration without loss, in boxes made and compared; about five seconds."""
MOST_REPLAYED = 12
"""Ways to a broken rule that are tried on the interpreter."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one claim in one journey."""

    outcome: Outcome
    method: Method | None = None
    reason: str = ""
    counterexample: Counterexample | None = None


def prove(system: System, claim: Claim, budget: int = BUDGET) -> Answer:
    """Whether a claim holds in every run: joined first, then without loss and with replay."""
    watch = forms.watch(system, claim)
    joined = Explorer(system, watch, joined=True, budget=budget * 20)
    hits: list[Broken] = []
    if joined.run(lambda broken: hits.append(broken) or True):  # type: ignore[func-returns-value]
        return Answer(outcome=Outcome.PROVED, method=Method.JOINED)
    return _exactly(system, claim, budget)


def _exactly(system: System, claim: Claim, budget: int) -> Answer:
    watch = forms.watch(system, claim)
    replayer = Replayer(system, claim)
    found: list[Counterexample] = []
    tried: list[Broken] = []

    def try_out(broken: Broken) -> bool:
        if len(tried) < MOST_REPLAYED:
            tried.append(broken)
            example = replayer.refutation(trail(system, broken), watch)
            found.extend([example] if example is not None else [])
        return bool(found) or len(tried) >= MOST_REPLAYED

    complete = Explorer(system, watch, budget=budget).run(try_out)
    if found:
        return Answer(outcome=Outcome.REFUTED, method=Method.REPLAY, counterexample=found[0])
    if tried:
        return Answer(outcome=Outcome.UNDECIDED, method=Method.BOXES, reason=_unreplayed(system, tried[0]))
    if complete:
        return Answer(outcome=Outcome.PROVED, method=Method.BOXES)
    return Answer(outcome=Outcome.UNDECIDED, reason=f"more than {budget:,} combinations would have to be looked at")


def _unreplayed(system: System, broken: Broken) -> str:
    place = broken.arc.marks[0].place if broken.arc.marks else broken.arc.end
    where = f" at `{system.program.places[place].node}`" if place >= 0 else ""
    return f"it may be broken{where}, and no customer was found whose replay breaks it"


def prove_claim(program: Program, claim: Claim, budget: int = BUDGET) -> Answer:
    """The same for a program alone."""
    return prove(System(program, (claim,)), claim, budget)
