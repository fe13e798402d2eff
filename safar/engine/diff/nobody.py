"""Places at which versions part, and to which nobody comes: there nobody can notice.

Up to the first place at which two lives part they are the same, so it is enough if nobody comes there in one version.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safar.engine.diff.looser import attributes_of
from safar.engine.diff.same import ENTRY, Parting, Sameness
from safar.engine.expression import Expression
from safar.engine.moves import Branch
from safar.engine.program import Program
from safar.engine.prove.conditions import Answer
from safar.engine.prove.facts import Facts, facts

_MOST = 60
"""Partings that are looked at; where there are more, somebody notices."""


def without(old: Program, new: Program, same: Sameness) -> Sameness:
    """Without the partings at which nobody parts."""
    if not same.partings or same.ground or len(same.partings) > _MOST:
        return same
    if any(one.new == ENTRY for one in same.partings):
        return same
    left = _taken(new, [(one.new, one) for one in same.partings])
    left = _taken(old, [(one.old, one) for one in left]) if left else left
    return msgspec.structs.replace(same, partings=tuple(left))


def _taken(program: Program, partings: Sequence[tuple[int, Parting]]) -> list[Parting]:
    """The partings to whose place somebody of a version comes and, where conditions part, is told apart by them."""
    asked = {place: _asked(program, place, one) for place, one in partings}
    known = facts(program, {place: both for place, both in asked.items() if both})
    return [one for place, one in partings if _parts(known, place, asked[place])]


def _parts(known: Facts, place: int, conditions: tuple[Expression, ...]) -> bool:
    if not conditions:
        return known.is_reached(place)
    first, second = conditions
    return _tells(known, place, first, second) or _tells(known, place, second, first)


def _tells(known: Facts, place: int, yes: Expression, other: Expression) -> bool:
    """Whether somebody comes to whom one condition says yes and the other does not."""
    guard = known.system.guard(other, Answer.NOT_YES, known.system.program.places[place].stage)
    return any(True for who in known.who(place, yes, Answer.YES) for _ in guard.after(who.box))


def _asked(program: Program, place: int, one: Parting) -> tuple[Expression, ...]:
    """Both conditions of a branch, if they can be asked in one version: they speak of attributes that it has."""
    conditions = tuple(one for one in one.conditions or () if one is not None)
    if len(conditions) < 2 or not isinstance(program.places[place].move, Branch):
        return ()
    attributes = program.project.vocabulary.attributes
    known = all(part is not None and part in attributes for one in conditions for part in attributes_of(one))
    return conditions if known else ()
