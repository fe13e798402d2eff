"""A way out of a wait that nobody can take, and a wait in which nobody waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from safar.engine.check.reasons import Reason, because, excluded
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Alternative
from safar.engine.model import Body, Step
from safar.engine.moves import After, Place, Wait
from safar.engine.steps.wait_for import WaitFor
from safar.engine.steps.wait_up_to import WaitUpTo

if TYPE_CHECKING:
    from safar.engine.prove.facts import Facts

RULE = Rule("closed-way", "SF330", Severity.WARNING)

_MOST_BEFORE = 4
"""Conditions of ways before a way of which it is asked whether they leave anything to it."""


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.clear:
        for place in program.places:
            if isinstance(place.move, Wait) and place.move.ways and place.move.deadline != After(0):
                yield from _Look(subject.facts(program), place).findings()


def is_taken_before(first: Alternative, one: Alternative) -> bool:
    """Whether whatever meets `one` meets `first`: the same, or the same without a condition."""
    if first == one:
        return True
    if first.form is None or one.form is None or first.condition is not None:
        return False
    same = (first.form.kind, first.form.name) == (one.form.kind, one.form.name)
    return same and first.form.where is None and first.form.answers in (None, one.form.answers)


class _Look:
    """One wait with ways."""

    def __init__(self, facts: Facts, place: Place) -> None:
        self._facts, self._place = facts, place
        assert isinstance(place.move, Wait)
        self._mine = [one for way in place.move.ways for one in way.pattern.alternatives]
        self._idle = {id(one) for body, several in _bodies(place.step) if not body.steps for one in several}
        self._before = list(self._interrupts())

    def _interrupts(self) -> Iterator[Alternative]:
        """What takes a run away from here before the wait is asked."""
        for scope in self._facts.system.program.around(self._place.id):
            for handler in scope.handlers:
                if handler.to is not None:
                    yield from handler.pattern.alternatives

    def findings(self) -> Iterator[Diagnostic]:
        if not self._facts.told or not self._facts.is_reached(self._place.id):
            return
        if not self._facts.rests(self._place.id):
            yield self._nobody_waits()
            return
        for number, one in enumerate(self._mine):
            earlier = (*self._before, *self._mine[:number])
            if not self._is_open(one, earlier) and not self._is_unanswered(one):
                yield from self._closed(one, earlier)

    # --- whether anybody takes a way

    def _is_open(self, one: Alternative, earlier: Sequence[Alternative]) -> bool:
        if one.form is None:
            return one not in earlier and self._is_true(one, earlier)
        station = self._facts.system.station(self._place.id)
        mine = (arc for arc in (*station.once, *station.rest) if arc.by is one and arc.kind == "pattern")
        return any(self._facts.is_taken(self._place.id, arc) for arc in mine)

    def _is_true(self, one: Alternative, earlier: Sequence[Alternative]) -> bool:
        """Whether a condition can be true where those before it are not."""
        from safar.engine.prove.changes import forwards
        from safar.engine.prove.conditions import Answer

        before = [other.condition for other in earlier if other.form is None and other.condition is not None]
        asked = [(one.condition, Answer.YES), *((other, Answer.NOT_YES) for other in before[-_MOST_BEFORE:])]
        guards = [self._facts.system.guard(c, answer, self._place.stage) for c, answer in asked if c is not None]
        groups = (*self._facts.comes(self._place.id), *self._facts.rests(self._place.id))
        return any(forwards(guards, group.box) for group in groups)

    def _is_unanswered(self, one: Alternative) -> bool:
        """Whether it is the answer to what nobody here has met, of which `answer-at-once` speaks."""
        from safar.engine.prove.atoms import normal

        if one.form is None or not one.form.answers:
            return False
        space = self._facts.system.space
        met = space.met(space.by_key["happened", normal(one.form)])
        return met is not None and not any(met.bits((1,)) & group.box for group in self._facts.rests(self._place.id))

    # --- what is said

    def _closed(self, one: Alternative, earlier: Sequence[Alternative]) -> Iterator[Diagnostic]:
        first = next((other for other in earlier if is_taken_before(other, one)), None)
        reason = Reason("", ())
        if first is None:
            reason = self._excluded(one)
            first = next((o for o in reversed(earlier) if _is_alike(o, one)), None) if not reason.words else None
        if first is None:
            yield RULE.at(
                one.span,
                f"nobody takes this way{because(reason.words)}",
                label="never taken",
                help="wait for something else, or take this way out",
                related=reason.related,
            )
        elif first not in self._before:
            yield _taken("a way before it", first, one)
        elif id(one) not in self._idle:  # else nothing is lost: the wait says what it is for
            yield _taken("an interrupt", first, one)

    def _excluded(self, one: Alternative) -> Reason:
        from safar.engine.prove.conditions import Answer

        if one.condition is None:
            return Reason("", ())
        come = self._facts.comes(self._place.id) if one.form is None else ()
        return excluded(self._facts, (*come, *self._facts.rests(self._place.id)), one.condition, Answer.YES)

    def _nobody_waits(self) -> Diagnostic:
        """Everybody goes on at once, since what is waited for is so already."""
        from safar.engine.prove.conditions import Answer

        groups = self._facts.comes(self._place.id)
        for one in self._mine:
            if one.form is None and one.condition is not None:
                reason = excluded(self._facts, groups, one.condition, Answer.NOT_YES)
                if reason.words:
                    return _no_wait(one, reason)
        return RULE.at(
            first_line(self._place.span),
            "nobody waits here: what is waited for is so already",
            label="over at once",
            help="wait for something that is still to come",
        )


def _bodies(step: Step | None) -> Iterator[tuple[Body, tuple[Alternative, ...]]]:
    """What the ways of a wait lead to."""
    match step:
        case WaitFor():
            yield step.then, step.pattern.alternatives
        case WaitUpTo():
            yield from ((way.then, way.pattern.alternatives) for way in step.ways)


def _taken(which: str, first: Alternative, one: Alternative) -> Diagnostic:
    return RULE.at(
        one.span,
        f"{which} takes all of this",
        label="never taken",
        help="wait for something else, put it before, or take it out",
        related=(Related("taken here", first.span),),
    )


def _no_wait(one: Alternative, reason: Reason) -> Diagnostic:
    return RULE.at(
        one.span,
        f"nobody waits here{because(reason.words)}",
        label="true already",
        help="wait for something that is still to come, or take the wait out",
        related=reason.related,
    )


def _is_alike(other: Alternative, one: Alternative) -> bool:
    """Whether it may take the same event, or is a condition too."""
    if other.form is None or one.form is None:
        return other.form is one.form
    return (other.form.kind, other.form.name) == (one.form.kind, one.form.name)
