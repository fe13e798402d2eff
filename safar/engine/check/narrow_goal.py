"""A goal that customers of some persona, or with some fixed attribute, can enter for and never reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from safar.engine.check.subject import Subject, name_or_line, walk
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import Attribute, Base, Compare, Expression, Heard, Literal, Persona, Type
from safar.engine.model import Goal
from safar.engine.moves import Branch, Deliver, DoAction, Effect, Exit, Move
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.source import NOWHERE

if TYPE_CHECKING:
    from safar.engine.prove.facts import Facts

RULE = Rule("narrow-goal", "SF336", Severity.INFO, default=False)

_MOST_NAMED = 3


class _Thing(msgspec.Struct, frozen=True):
    """Something of a customer that never changes, the options that it may be, and the branches that ask for it."""

    name: str
    options: tuple[tuple[str, Expression], ...]
    asked: tuple[Expression, ...]


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.clear:
        goals = {goal.name: _places(program, goal) for goal in program.journey.goals}
        things = tuple(_things(subject, program)) if any(goals.values()) else ()
        if things:
            yield from _look(program, goals, things)


def _look(program: Program, goals: dict[str, list[int]], things: tuple[_Thing, ...]) -> Iterator[Diagnostic]:
    from safar.engine.prove.facts import facts

    wondered = [condition for thing in things for _, condition in thing.options]
    known = facts(program, {place: wondered for places in goals.values() for place in places})
    for goal in program.journey.goals if known.told else ():
        for thing in things if goals[goal.name] else ():
            coming = [name for name, one in thing.options if _enters(known, one)]
            lost = [name for name, one in thing.options if name in coming and not _reach(known, goals[goal.name], one)]
            if lost and len(lost) < len(coming):
                yield _finding(goal, thing, lost)


def _finding(goal: Goal, thing: _Thing, lost: list[str]) -> Diagnostic:
    named = " or ".join(f"`{one}`" for one in lost[:_MOST_NAMED])
    return RULE.at(
        name_or_line(goal),
        f"nobody whose `{thing.name}` is {named} can reach this goal, though they can enter",
        label="not for all",
        help="let a way lead there, or keep them out where the journey begins",
        related=tuple(Related("asked here", one.span) for one in thing.asked[:_MOST_NAMED]),
    )


def _enters(known: Facts, condition: Expression) -> bool:
    from safar.engine.prove.changes import forwards
    from safar.engine.prove.conditions import Answer

    guard = known.system.guard(condition, Answer.YES)
    return any(forwards((*arc.changes, guard), known.system.space.full) for arc in known.system.entries)


def _reach(known: Facts, places: list[int], condition: Expression) -> bool:
    from safar.engine.prove.conditions import Answer

    return any(next(known.who(place, condition, Answer.YES), None) is not None for place in places)


# --- what there is to reach


def _places(program: Program, goal: Goal) -> list[int]:
    """The places at which a goal is reached; none where that is an event, which may come to anybody."""
    passed = sorted(program.passed())
    if goal.on is None:
        return [one for one in passed if _leaves(program.places[one].move, goal.name)]
    if goal.on.kind is Heard.EVENT or _is_done_aside(program, goal.on.name):
        return []
    return [one for one in passed if _does(program.places[one].move, goal.on.kind, fold(goal.on.name))]


def _leaves(move: Move, name: str) -> bool:
    return isinstance(move, Exit) and fold(move.outcome) == fold(name)


def _is_done_aside(program: Program, name: str) -> bool:
    """Whether an interrupt does the action and leaves the run where it is."""
    effects = (handler.effect for scope in program.scopes for handler in scope.handlers)
    return any(isinstance(one, DoAction) and fold(one.call.action) == fold(name) for one in effects)


def _does(move: Move, kind: Heard, name: str) -> bool:
    match move:
        case Deliver(touchpoint=touchpoint):
            done = (touchpoint.name,) if kind is Heard.TOUCHPOINT else (call.action for call in touchpoint.actions)
            return name in map(fold, done)
        case Effect(effect=DoAction(call)):
            return kind is Heard.ACTION and fold(call.action) == name
    return False


# --- what never changes


def _things(subject: Subject, program: Program) -> Iterator[_Thing]:
    """The persona and the fixed attributes with options that the journey's branches ask for."""
    asked: dict[str, tuple[Expression, list[Expression]]] = {}
    for place in program.places:
        if isinstance(place.move, Branch):
            for node in walk(place.move.condition):
                if isinstance(node, Persona) or (isinstance(node, Attribute) and _is_fixed(subject, node)):
                    name = "persona" if isinstance(node, Persona) else f"customer.{node.name}"
                    asked.setdefault(name, (node, []))[1].append(place.move.condition)
    for name, (item, conditions) in asked.items():
        options = subject.personas if isinstance(item, Persona) else item.type.options
        equal = tuple((option, _equal(item, option)) for option in options)
        yield _Thing(name, equal, tuple(dict.fromkeys(conditions)))


def _is_fixed(subject: Subject, node: Attribute) -> bool:
    attribute = subject.vocabulary.attributes.get(node.name)
    return attribute is not None and attribute.change == "fixed" and node.type.base is Base.ONE_OF


def _equal(item: Expression, option: str) -> Expression:
    literal = Literal(span=NOWHERE, type=item.type.but(unknown=False), value=option)
    return Compare(span=NOWHERE, type=Type(Base.YES_NO), op="==", left=item, right=literal)
