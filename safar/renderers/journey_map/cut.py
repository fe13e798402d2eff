"""Which part of a journey a map shows: for whom, from which stage to which, beside which other journey."""

from __future__ import annotations

import msgspec

from safar.engine.expression import Compare, Expression, Literal, Persona
from safar.engine.model import Stage
from safar.engine.moves import Branch
from safar.engine.names import fold, nearest
from safar.engine.program import Program
from safar.renderers.traffic import Traffic


class CutError(ValueError):
    """A stage or persona that the journey has not; the message names those that it has."""


class Cut(msgspec.Struct, frozen=True):
    """`stages` as `A..B`, `A..`, `..B`, `A` or empty; `beside` is another journey, such as the one that is wanted.

    `traffic`: what a simulation says of the journey, told with it.
    """

    persona: str = ""
    stages: str = ""
    beside: Program | None = None
    traffic: Traffic | None = None


WHOLE = Cut()


def stages_of(program: Program, wanted: str) -> tuple[Stage, ...]:
    """The stages that are asked for.  Raises `CutError` where there are none of these names in this order."""
    stages = program.journey.stages
    if not wanted:
        return stages
    names = [stage.name for stage in stages]
    first, range_, last = wanted.partition("..")
    start = names.index(named(first, names, "stage")) if first or not range_ else 0
    end = names.index(named(last, names, "stage")) if last else len(names) - 1 if range_ else start
    if start > end:
        raise CutError(f"stage `{first}` comes after `{last}`; write the earlier one first")
    return stages[start : end + 1]


def persona_of(program: Program, name: str) -> str:
    """The name as it is declared; empty stays empty.  Raises `CutError` where no persona has it."""
    return named(name, list(program.project.vocabulary.personas), "persona") if name else ""


def named(name: str, names: list[str], what: str) -> str:
    """The name as it is declared.  Raises `CutError` where it is none of them."""
    name = name.strip()
    for one in names:
        if fold(one) == fold(name):
            return one
    near = nearest(name, names)
    listed = ", ".join(f"`{one}`" for one in names) or "none"
    raise CutError(f"no {what} `{name}`; " + (f"did you mean `{near}`?" if near else f"there are {listed}"))


def met_by(program: Program, persona: str) -> set[int]:
    """The places that a customer of this persona can come to, as far as conditions on the persona tell."""
    reached, waiting = set[int](), [program.start]
    for scope in program.scopes:
        waiting += [handler.to for handler in scope.handlers if handler.to is not None]
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += _onward(program, place, persona)
    return reached


def _onward(program: Program, place: int, persona: str) -> list[int]:
    move = program.places[place].move
    if persona and isinstance(move, Branch) and (told := _tells(move.condition, persona)) is not None:
        return [move.then if told else move.otherwise]
    return [edge.end for edge in program.ways(place)]


def _tells(condition: Expression, persona: str) -> bool | None:
    """Whether a condition on the persona alone holds; None where it is about something else."""
    if not isinstance(condition, Compare) or condition.op not in ("==", "!="):
        return None
    sides = (condition.left, condition.right)
    other = next((side for side in sides if isinstance(side, Literal)), None)
    if other is None or not any(isinstance(side, Persona) for side in sides):
        return None
    return (fold(str(other.value)) == fold(persona)) == (condition.op == "==")
