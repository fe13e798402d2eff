"""Conditions around touchpoints: to whom nobody came without them, for certain, and others may come now."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.diff import wording
from safar.engine.diff.change import About, Change, Effect
from safar.engine.diff.looser import attributes_of
from safar.engine.diff.matching import Matched, Spot
from safar.engine.diff.renaming import SAME_NAMES, Names, meant
from safar.engine.expression import Expression
from safar.engine.model import Vocabulary
from safar.engine.program import Program
from safar.engine.prove.conditions import Answer
from safar.engine.prove.facts import Facts, facts
from safar.engine.steps.branch import If
from safar.engine.steps.touchpoint import Meet

_MOST = 60
"""Conditions that are looked at."""


class _Fewer(msgspec.Struct, frozen=True, eq=False):
    """A touchpoint around which a condition is not asked any more."""

    old: Spot
    new: Spot
    condition: Expression


def changes(old: Program, new: Program, matched: Matched) -> Iterator[Change]:
    """Touchpoints that were for some customers only, at the instant they come to them, and may be for others now.

    A condition asked before a wait counts for nothing: it may have changed since.
    """
    fewer = list(_fewer(matched, new.project.vocabulary))[:_MOST]
    if not fewer:
        return
    was = _known(old, [(one.old, one.condition) for one in fewer])
    now = _known(new, [(one.new, one.condition) for one in fewer])
    for one in fewer:
        if not _comes(was, one.old, one.condition) and _comes(now, one.new, one.condition):
            yield _change(new.journey.name, one)


def _fewer(matched: Matched, vocabulary: Vocabulary) -> Iterator[_Fewer]:
    """As far as the new version can ask the condition."""
    names = matched.names
    for pair in matched.pairs:
        if isinstance(pair.new.step, Meet):
            still = [meant(one) for one in _around(pair.new)]
            for condition in _around(pair.old):
                if meant(condition, names) not in still and _can_ask(vocabulary, condition, names):
                    yield _Fewer(pair.old, pair.new, condition)


def _around(spot: Spot) -> list[Expression]:
    return [one.step.condition for one, way in spot.around if isinstance(one.step, If) and way == "then"]


def _can_ask(vocabulary: Vocabulary, condition: Expression, names: Names) -> bool:
    """Whether a condition of the old version means the same in the new one: it asks for attributes that it has."""
    asked = list(attributes_of(condition))
    known = all(one is not None and one in vocabulary.attributes for one in asked)
    return known and bool(meant(condition, names) == meant(condition, SAME_NAMES))


def _known(program: Program, asked: list[tuple[Spot, Expression]]) -> Facts:
    conditions: dict[int, list[Expression]] = {}
    for spot, condition in asked:
        conditions.setdefault(_place(program, spot), []).append(condition)
    return facts(program, conditions)


def _place(program: Program, spot: Spot) -> int:
    return next(one.id for one in program.places if one.step is spot.step)


def _comes(known: Facts, spot: Spot, condition: Expression) -> bool:
    """Whether somebody may come who does not answer yes."""
    place = _place(known.system.program, spot)
    return next(known.who(place, condition, Answer.NOT_YES), None) is not None


def _change(journey: str, one: _Fewer) -> Change:
    subject = wording.step(one.new.step)
    before = f"was only for customers with `{wording.written(one.condition)}`"
    return Change(
        effect=Effect.WEAKENED,
        about=About.GUARD,
        journey=journey,
        subject=subject,
        message=f"`{subject}` {before}, and others may come to it now",
        old=one.old.step.span,
        new=one.new.step.span,
    )
