"""Whether a claim holds in every run of one journey, and for `at most` in all runs of a customer."""

from __future__ import annotations

from safar.engine.claims.judge import Broken as Seen
from safar.engine.claims.telling import Telling
from safar.engine.program import Program
from safar.engine.promises import AtMost, Claim, Reachable
from safar.engine.prove import forms
from safar.engine.prove.at_most import at_most
from safar.engine.prove.forms.reachable import ReachWatch, reached
from safar.engine.prove.replay import Replayer
from safar.engine.prove.search import BUDGET, Answer, explored
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Method, Outcome


def prove(system: System, claim: Claim, budget: int = BUDGET) -> Answer:
    """The verdict on a claim, `every persona can reach X` among them."""
    if isinstance(claim, Reachable):
        return _reachable(system, claim, budget)
    if isinstance(claim, AtMost):
        return at_most(system, claim, budget)
    return explored(system, lambda: forms.watch(system, claim), Replayer(system, claim).refutation, budget)


# --- every persona can reach


def _reachable(system: System, claim: Reachable, budget: int) -> Answer:
    """Proved by a customer of each persona; refuted where a persona cannot, whatever happens."""
    undecided = None
    for persona in (*system.project.vocabulary.personas,) or (None,):
        answer = reaches(system, claim, persona, budget)
        if answer.outcome is Outcome.PROVED:
            return Answer(outcome=Outcome.REFUTED, method=answer.method, persona=persona or "")
        if answer.outcome is Outcome.UNDECIDED and undecided is None:
            who = f"a {persona}" if persona else "a customer"
            reason = f"{who} may reach `{claim.name}`, and no customer was found whose replay does"
            undecided = Answer(outcome=Outcome.UNDECIDED, method=answer.method, reason=reason, persona=persona or "")
    return undecided or Answer(outcome=Outcome.PROVED, method=Method.REPLAY)


def reaches(system: System, claim: Reachable, persona: str | None, budget: int = BUDGET) -> Answer:
    """REFUTED: a replayed customer of the persona reaches it, maybe after the horizon; PROVED: nobody does."""

    def seen(telling: Telling) -> Seen | None:
        return reached(system.program, claim, persona, telling)

    witness = Replayer(system, claim, seen).witness
    return explored(system, lambda: ReachWatch(system, claim, persona), witness, budget)


def prove_claim(program: Program, claim: Claim, budget: int = BUDGET) -> Answer:
    """The same for a program alone."""
    return prove(System(program, (claim,)), claim, budget)


__all__ = ["BUDGET", "Answer", "prove", "prove_claim", "reaches"]
