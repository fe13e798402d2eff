"""Conditions as boxes: who answers yes, and who does not (no, or unknown)."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator

from safar.engine.expression import And, Compare, Condition, Expression, Literal, Not, Or, StageName, Value
from safar.engine.prove.atoms import Atom, atom
from safar.engine.prove.space import Space

MOST_BOXES = 48
"""Boxes of one condition; of one with more nothing is told."""


class Answer(enum.Enum):
    """What is asked of a condition: yes, no; or not yes, not no."""

    YES, NO, NOT_YES, NOT_NO = range(4)


_OTHER = {
    Answer.YES: Answer.NO,
    Answer.NO: Answer.YES,
    Answer.NOT_YES: Answer.NOT_NO,
    Answer.NOT_NO: Answer.NOT_YES,
}
_ALL = {Answer.YES: True, Answer.NO: False, Answer.NOT_YES: False, Answer.NOT_NO: True}
"""Whether an `and` gives this answer only where both sides do."""

Box = dict[int, int]
"""Bits left, by the number of the variable; no entry: all of them."""


def atoms(condition: Expression, *, entering: bool = False) -> Iterator[Atom]:
    """The smallest questions of a condition."""
    match condition:
        case Literal():
            pass
        case Condition(item=item) | Not(item=item):
            yield from atoms(item, entering=entering)
        case And(left=left, right=right) | Or(left=left, right=right):
            yield from atoms(left, entering=entering)
            yield from atoms(right, entering=entering)
        case Compare(left=Literal(), right=Literal()):
            pass
        case _:
            yield atom(condition, entering=entering)


class Conditions:
    """The boxes of conditions in one space, each found once."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._number = {one.key: number for number, one in enumerate(space.variables)}
        self._known: dict[tuple[int, Answer, str, bool], list[int]] = {}
        self._kept: list[Expression] = []

    def boxes(self, condition: Expression, answer: Answer, stage: str = "", *, entering: bool = False) -> list[int]:
        """The boxes of those who answer so, in that stage; too wide where it cannot be told."""
        key = id(condition), answer, stage, entering
        if key not in self._known:
            self._kept.append(condition)
            found = self._find(condition, answer, stage, entering)
            self._known[key] = [self._whole(box) for box in found]
        return self._known[key]

    def is_exact(self, condition: Expression, stage: str = "") -> bool:
        """Whether nothing of a condition but the customer's attributes decides it."""
        kinds = ("attribute", "persona", "entry", "stage")
        return all(
            one.key[0] in kinds and (one.key in self._number or one.key[0] == "stage") for one in atoms(condition)
        )

    def _whole(self, box: Box) -> int:
        whole = self._space.full
        for number, bits in box.items():
            whole &= ~self._space.variables[number].field | bits
        return whole

    def _find(self, condition: Expression, answer: Answer, stage: str, entering: bool) -> list[Box]:
        match condition:
            case Condition(item=item):
                return self._find(item, answer, stage, entering)
            case Not(item=item):
                return self._find(item, _OTHER[answer], stage, entering)
            case And(left=left, right=right) | Or(left=left, right=right):
                sides = [self._find(one, answer, stage, entering) for one in (left, right)]
                together = _ALL[answer] == isinstance(condition, And)
                return self._few(_both(*sides) if together else [*sides[0], *sides[1]])
            case Literal(value=value):
                return [{}] if _answers(value, answer) else []
            case Compare(left=Literal(), right=Literal()):
                return [{}]
        return self._atom(atom(condition, entering=entering), answer, stage)

    def _atom(self, one: Atom, answer: Answer, stage: str) -> list[Box]:
        if one.key == ("stage",):
            return [{}] if _answers(one.test(stage or None), answer) else []
        if one.key not in self._number:
            return [{}]
        number = self._number[one.key]
        variable = self._space.variables[number]
        bits = variable.bits(at for at, value in enumerate(variable.values) if _answers(one.test(value), answer))
        if not bits:
            return []
        return [{}] if bits == variable.field else [{number: bits}]

    @staticmethod
    def _few(boxes: list[Box]) -> list[Box]:
        return boxes if len(boxes) <= MOST_BOXES else [{}]


def _answers(value: Value, answer: Answer) -> bool:
    match answer:
        case Answer.YES:
            return value is True
        case Answer.NO:
            return value is False
        case Answer.NOT_YES:
            return value is not True
        case Answer.NOT_NO:
            return value is not False


def _both(left: list[Box], right: list[Box]) -> list[Box]:
    found = []
    for one, other in itertools.product(left, right):
        both = dict(one)
        for number, bits in other.items():
            both[number] = both.get(number, bits) & bits
        if all(both.values()):
            found.append(both)
    return found


__all__ = ["Answer", "Conditions", "StageName", "atoms"]
