"""An exit with a goal's name on a way without the goal's event: counted as outcome, not as goal."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine import moves
from safar.engine.check.subject import Subject, first_line, name_or_line
from safar.engine.check.witness import shortest, told
from safar.engine.diagnostic import Diagnostic, Related, Rule, Severity
from safar.engine.expression import And, Condition, EventForm, Expression, Happened, Pattern
from safar.engine.model import Goal
from safar.engine.names import fold
from safar.engine.program import Program

RULE = Rule("exit-without-goal", "SF115", Severity.WARNING)


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for goal in program.journey.goals:
            if goal.on is not None:
                yield from _exits(program, goal, goal.on)


def _exits(program: Program, goal: Goal, on: EventForm) -> Iterator[Diagnostic]:
    for number in sorted(_without(program, on)):
        place = program.places[number]
        if isinstance(place.move, moves.Exit) and fold(place.move.outcome) == fold(goal.name):
            yield RULE.at(
                first_line(place.span),
                f"this exit is named like the goal `{goal.name}`, which may not have been reached",
                label=f"a way leads here without `{on.name}`",
                help="give the exit another name, or take `on` from the goal so that the exit counts",
                related=(Related(f"the goal counts by `{on.name}`", name_or_line(goal)),),
                way=_way(program, number, on),
            )


def _way(program: Program, exit: int, on: EventForm) -> tuple[Related, ...]:
    passed = shortest(lambda place: _onward(program, place, on), program.start, {exit})
    return told(program.places[place] for place in passed)


def _without(program: Program, on: EventForm) -> set[int]:
    """The places that can be passed without the event."""
    seen: set[int] = set()
    todo = [program.start]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += _onward(program, place, on)
    return seen


def _onward(program: Program, place: int, on: EventForm) -> Iterator[int]:
    match program.places[place].move:
        case moves.Deliver(touchpoint=touchpoint, then=then):
            if touchpoint.name != on.name:
                yield then
        case moves.Effect(effect=moves.DoAction(call=call), then=then):
            if call.action != on.name:
                yield then
        case moves.Branch(condition=condition, then=then, otherwise=otherwise):
            if not _implies(condition, on):
                yield then
            yield otherwise
        case moves.Wait(then=then, passed=passed, ways=ways):
            yield from (then, passed, *(way.then for way in ways if not _needs(way.pattern, on)))
        case _:
            yield from (edge.end for edge in program.ways(place))
    if program.rests(place):
        handlers = (handler for scope in program.around(place) for handler in scope.handlers)
        yield from (h.to for h in handlers if h.to is not None and not _needs(h.pattern, on))


def _needs(pattern: Pattern, on: EventForm) -> bool:
    """Whether every alternative is the goal's event."""
    return all(one.form is not None and one.form.name == on.name for one in pattern.alternatives)


def _implies(condition: Expression, on: EventForm) -> bool:
    match condition:
        case And(left=left, right=right):
            return _implies(left, on) or _implies(right, on)
        case Condition(item=item):
            return _implies(item, on)
        case Happened(form=form):
            return form.name == on.name
        case _:
            return False
