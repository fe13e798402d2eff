"""A customer to whom a message goes out that shall not: found by the prover, and lived through by the interpreter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safar.engine.expression import Expression, Literal
from safar.engine.program import Program
from safar.engine.promises import Claim, Scenario, Scripted, Start

if TYPE_CHECKING:
    from safar.engine.prove.verdict import Counterexample

_WORK, _LIVES = 20_000, 24
"""Work for one customer, and lives that are tried; where they do not do, nothing is said."""
_MOST = 6
"""Happenings that are told."""


def someone(program: Program, claim: Claim) -> Counterexample | None:
    """A customer who breaks a claim; None where none is found with a little work."""
    from safar.engine.prove import forms
    from safar.engine.prove.replay import Replayer
    from safar.engine.prove.search import explored
    from safar.engine.prove.system import System

    system = System(program, (claim,))
    replayer = Replayer(system, claim, lives=_LIVES)
    return explored(system, lambda: forms.watch(system, claim), replayer.refutation, _WORK).counterexample


def told(found: Counterexample) -> str:
    """How he comes to break it, in one line."""
    scenario, story = found.scenario, found.story
    lines = [_begins(scenario), *(_comes(line) for line in scenario.script[:_MOST])]
    at = {one.n: one.at for one in story.happenings}
    began = next((run.began for run in story.runs), 0)
    last = max((at[number] for number in found.broken.about), default=began)
    lines.append(f"{_after(last - began)} this message goes out")
    return "for example " + "; ".join(lines)


def _begins(scenario: Scenario) -> str:
    traits = [f"`customer.{one.attribute}` is {_value(one.value)}" for one in scenario.traits]
    if scenario.persona:
        traits.insert(0, f"`persona` is `{scenario.persona}`")
    who = f"somebody for whom {' and '.join(traits)}" if traits else "a customer as all are by default"
    return f"{who} enters{_on(scenario.start)}"


def _on(start: Start | None) -> str:
    return f" on `{start.event}`" if start is not None and start.event else ""


def _comes(line: Scripted) -> str:
    if line.change is not None:
        what = f"`customer.{line.change.attribute}` becomes {_value(line.change.value)}"
    else:
        what = f"`{line.event}({line.answers})` comes" if line.answers else f"`{line.event}` comes"
    return f"{_after(line.after)} {what}"


def _after(seconds: int) -> str:
    from safar.engine.simulate.words import duration

    return f"after {duration(seconds)}" if seconds > 0 else "at once"


def _value(value: Expression) -> str:
    from safar.engine.simulate.words import value as said

    return said(value.value, value.type) if isinstance(value, Literal) else value.span.text
