"""The rules of journeys and of the project they belong to: which questions they are, and the verdict on each."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from safar.engine.model import Journey
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Apart, AtMost, Claim, Deed, Reachable, Rule
from safar.engine.prove import limits
from safar.engine.prove.argument import argument, deeds
from safar.engine.prove.forms.reachable import has
from safar.engine.prove.prove import BUDGET, Answer, prove, reaches
from safar.engine.prove.system import System
from safar.engine.prove.verdict import Method, Outcome, Verdict


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, and the journeys that it speaks of; `journey` is empty where it is the project's."""

    rule: Rule
    programs: tuple[Program, ...]
    journey: str = ""


def questions(programs: Sequence[Program]) -> Iterator[Question]:
    """The rules of journeys, then those of the project, each once."""
    for program in programs:
        for rule in program.journey.rules:
            yield Question(rule=rule, programs=(program,), journey=program.journey.name)
    shared: dict[object, tuple[Rule, list[Program]]] = {}
    for program in programs:
        for rule in program.project.vocabulary.rules.values():
            shared.setdefault(rule.span.key, (rule, []))[1].append(program)
    for rule, several in shared.values():
        yield Question(rule=rule, programs=tuple(several))


class Systems:
    """The transition systems of journeys, each made once for all rules; `beside` are all journeys of the project."""

    def __init__(self, asked: Sequence[Question], beside: Sequence[Journey] = ()) -> None:
        self._beside = beside
        self._claims: dict[int, list[Claim]] = {}
        for question in asked:
            for program in question.programs:
                claims = self._claims.setdefault(id(program), [])
                claims.extend([question.rule.claim] if question.rule.claim is not None else [])
        self._made: dict[int, System] = {}

    def of(self, program: Program) -> System:
        """The system of a journey."""
        key = id(program)
        if key not in self._made:
            self._made[key] = System(program, self._claims.get(key, ()), beside=self._beside)
        return self._made[key]


def verdict(question: Question, systems: Systems | None = None, budget: int = BUDGET) -> Verdict:
    """Prove or refute one rule."""
    systems = systems or Systems((question,))
    began = time.perf_counter()
    rule = question.rule
    claim = rule.claim
    if claim is None:
        answer, at = Answer(outcome=Outcome.UNDECIDED, reason="the rule could not be read"), question.programs[0]
    else:
        answer, at = _Together(question, systems, budget).answer(claim)
    return Verdict(
        rule=rule,
        project=at.project,
        journey=question.journey,
        at=at.journey.name,
        outcome=answer.outcome,
        method=answer.method,
        seconds=time.perf_counter() - began,
        reason=answer.reason,
        why=argument(claim, question.programs, answer) if claim is not None else (),
        left_out=_left_out(claim, question.programs),
        counterexample=answer.counterexample,
        persona=answer.persona,
    )


class _Together:
    """One claim about several journeys."""

    def __init__(self, question: Question, systems: Systems, budget: int) -> None:
        self._programs, self._systems, self._budget = question.programs, systems, budget
        self._is_projects = not question.journey

    def answer(self, claim: Claim) -> tuple[Answer, Program]:
        """The answer, and the journey that it is about if it is not proved."""
        if isinstance(claim, Reachable) and self._is_projects:
            return self._reachable(claim)
        if isinstance(claim, AtMost) and len(self._programs) > 1 and claim.per != "run":
            return self._at_most(claim)
        if isinstance(claim, Apart) and len(self._programs) > 1:
            return self._apart(claim)
        return self._each(claim)

    def _each(self, claim: Claim) -> tuple[Answer, Program]:
        """What is said of each run holds if it holds in each journey."""
        worst: tuple[Answer, Program] | None = None
        best = Answer(outcome=Outcome.PROVED, method=Method.WAYS)
        for program in self._programs:
            answer = prove(self._systems.of(program), claim, self._budget)
            if answer.outcome is Outcome.REFUTED:
                return answer, program
            if answer.outcome is Outcome.UNDECIDED:
                worst = worst or (answer, program)
            elif _RANK[answer.method] > _RANK[best.method]:
                best = answer
        return worst or (best, self._programs[0])

    # --- over several journeys

    def _at_most(self, claim: AtMost) -> tuple[Answer, Program]:
        """By limits; by what all journeys bring; refuted by one journey alone, or by a customer in several."""
        from safar.engine.prove.together.rule import AtMostTogether

        last = self._programs[0]
        promised = limits.bound(claim, self._programs)
        if promised is not None and promised <= claim.count:
            return Answer(outcome=Outcome.PROVED, method=Method.LIMITS), last
        together = AtMostTogether(self._programs, claim, self._budget)
        if together.is_kept():
            return Answer(outcome=Outcome.PROVED, method=Method.JOINED), last
        undecided: tuple[Answer, Program] | None = None
        for program in self._programs:
            answer = prove(self._systems.of(program), claim, self._budget)
            if answer.outcome is Outcome.REFUTED:
                return answer, program
            if answer.outcome is Outcome.UNDECIDED:
                undecided = undecided or (answer, program)
        answer = together.answer()
        if answer.counterexample is not None:
            name = answer.counterexample.scenario.journey
            return answer, next(one for one in self._programs if one.journey.name == name)
        return undecided or (answer, last)

    def _apart(self, claim: Apart) -> tuple[Answer, Program]:
        """In each journey, then between any two of them."""
        from safar.engine.prove.together.conflict import Conflict, is_between_journeys

        alone, at = self._each(claim)
        if alone.outcome is Outcome.REFUTED or not is_between_journeys(claim):
            return alone, at
        between = Conflict(self._programs, claim, self._budget).answer()
        if between.counterexample is not None:
            name = between.counterexample.scenario.journey
            return between, next(one for one in self._programs if one.journey.name == name)
        return (alone, at) if between.outcome is Outcome.PROVED or alone.outcome is Outcome.UNDECIDED else (between, at)

    def _reachable(self, claim: Reachable) -> tuple[Answer, Program]:
        """In whichever journey has it."""
        having = [program for program in self._programs if has(program, claim)]
        if not having:
            reason = f"no journey has `{claim.name}`"
            return Answer(outcome=Outcome.UNDECIDED, reason=reason), self._programs[0]
        undecided: Answer | None = None
        for persona in (*having[0].project.vocabulary.personas,) or (None,):
            answers = [reaches(self._systems.of(one), claim, persona, self._budget) for one in having]
            if all(one.outcome is Outcome.PROVED for one in answers):
                return Answer(outcome=Outcome.REFUTED, method=answers[0].method, persona=persona or ""), having[0]
            if not any(one.outcome is Outcome.REFUTED for one in answers) and undecided is None:
                undecided = next(one for one in answers if one.outcome is Outcome.UNDECIDED)
        return undecided or Answer(outcome=Outcome.PROVED, method=Method.REPLAY), having[0]


_RANK: Mapping[Method | None, int] = {
    None: 0,
    **{method: number for number, method in enumerate(Method, 1)},
}
"""Of several journeys the method that took most is told."""


# --- what a rule leaves out


def _left_out(claim: Claim | None, programs: Sequence[Program]) -> int:
    """The transactional messages that a rule would speak of if they were marketing."""
    names = set()
    for program in programs:
        for deed in deeds(claim) if claim is not None else ():
            if deed.kind in ("channel", "messages") and not deed.every:
                names |= _transactional(deed, program)
    return len(names)


def _transactional(deed: Deed, program: Program) -> set[str]:
    touchpoints = [one.move.touchpoint for one in program.places if isinstance(one.move, Deliver)]
    outbound = {one.name for one in program.project.vocabulary.channels.values() if one.outbound}
    named = {fold(deed.name)} if deed.kind == "channel" else set(map(fold, outbound))
    return {
        one.name
        for one in touchpoints
        if one.transactional and one.contact is not None and fold(one.contact.channel) in named
    }
