"""A goal that no run can reach."""

from __future__ import annotations

from collections.abc import Iterator

from safar.engine.check.subject import Subject, name_or_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.expression import Heard
from safar.engine.model import Goal
from safar.engine.moves import Deliver, DoAction, Effect, Exit, Move
from safar.engine.names import fold, nearest
from safar.engine.program import Program

RULE = Rule("unreachable-goal", "SF111")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole:
        for goal in program.journey.goals:
            reason = _reason(program, goal)
            if reason:
                message, help = reason
                yield RULE.at(name_or_line(goal), message, label="never reached", help=help)


def _reason(program: Program, goal: Goal) -> tuple[str, str] | None:
    moves = [program.places[place].move for place in program.passed()]
    if goal.on is None:
        outcomes = {move.outcome for move in moves if isinstance(move, Exit)}
        if any(fold(goal.name) == fold(outcome) for outcome in outcomes):
            return None
        near = nearest(goal.name, outcomes)
        help = f"did you mean the outcome `{near}`? " if near else ""
        return (
            f"no `exit {goal.name}` is ever reached, and the goal names no event",
            f"{help}say what counts, as in `on EVENT within 14d`, or exit by its name",
        )
    name = goal.on.name
    if goal.on.kind is Heard.TOUCHPOINT and name not in _delivered(moves):
        return f"the journey never comes to `{name}`, which the goal waits for", "meet the touchpoint in a stage"
    if goal.on.kind is Heard.ACTION and name not in _done(program, moves):
        return f"the journey never does `{name}`, which the goal waits for", "do the action in a step or touchpoint"
    return None


def _delivered(moves: list[Move]) -> set[str]:
    return {move.touchpoint.name for move in moves if isinstance(move, Deliver)}


def _done(program: Program, moves: list[Move]) -> set[str]:
    done = {move.effect.call.action for move in moves if isinstance(move, Effect) and isinstance(move.effect, DoAction)}
    done |= {call.action for move in moves if isinstance(move, Deliver) for call in move.touchpoint.actions}
    effects = [handler.effect for scope in program.scopes for handler in scope.handlers]
    return done | {effect.call.action for effect in effects if isinstance(effect, DoAction)}
