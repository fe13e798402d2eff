"""Parts of a journey in the language's own words, for telling what they were and what they are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from safar.engine import spelling
from safar.engine.expression import Expression, Node, Pattern, Template, Type
from safar.engine.model import Cap, Closed, Cost, Entry, Interrupt, Quiet, Reentry, Refusal, Step
from safar.engine.steps import kind_of
from safar.engine.steps.branch import If
from safar.engine.steps.do import DoStep
from safar.engine.steps.exit import Exit
from safar.engine.steps.repeat import Repeat
from safar.engine.steps.set import SetStep
from safar.engine.steps.split import Split
from safar.engine.steps.task import Task
from safar.engine.steps.touchpoint import Meet

_LONGEST = 70
_DURATIONS = frozenset(("within", "after", "up_to", "horizon", "every", "seconds", "window", "period"))


def written(node: Node | None) -> str:
    """A part as it is written, on one line, cut where it is long."""
    text = " ".join(node.span.text.split()) if node is not None else ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def step(one: Step) -> str:
    """A step in a few words."""
    match one:
        case Meet(touchpoint=touchpoint):
            return f"touchpoint {one.name or touchpoint.name}"
        case If(condition=condition):
            return f"if {written(condition)}"
        case Split():
            return f"split {one.name} ({', '.join(f'{spelling.percent(arm.share)} {arm.name}' for arm in one.arms)})"
        case Repeat():
            return f"repeat {kind_of(one).look.label(one)}"
        case DoStep(call=call):
            arguments = ", ".join(f"{name} = {written(value)}" for name, value in call.arguments)
            return f"do {call.action}({arguments})"
        case SetStep(assign=assign):
            return f"set customer.{assign.attribute} = {written(assign.value)}"
        case Task():
            return f'task {one.team} "{one.what}"'
        case Exit(outcome=outcome):
            return f"exit {outcome}"
    return str(kind_of(one).look.label(one))


def interrupt(one: Interrupt) -> str:
    given = f" if {written(one.condition)}" if one.condition is not None else ""
    return f"on {spelling.event_form(one.form)}{_where(one)}{given} {step(one.reaction)}"


def _where(one: Interrupt) -> str:
    return f" where {written(one.form.where)}" if one.form.where is not None else ""


def entry(one: Entry) -> str:
    """An `enter` line without its condition."""
    match one.kind:
        case "event":
            return f"enter on {one.event}" + (f" per {one.per}" if one.per else "")
        case "yearly":
            return f"enter each year on customer.{one.attribute}"
        case "occasion":
            return f"enter each {one.occasion} at {spelling.time_of_day(one.at)}"
        case "date":
            return f"enter on {one.date} at {spelling.time_of_day(one.at)}"
    return f"enter each {one.unit} at {spelling.time_of_day(one.at)}"


def cap(one: Cap) -> str:
    if one.window is not None:
        return f"at most {one.count} per {spelling.duration(one.window)}"
    return f"at most {one.count} per calendar {one.calendar}"


def quiet(one: Quiet) -> str:
    return f"quiet from {spelling.time_of_day(one.start)} to {spelling.time_of_day(one.end)}"


def closed(one: Closed) -> str:
    return f"closed {one.occasion}" if one.occasion else f'closed holidays "{one.country}"'


def refusal(one: Refusal) -> str:
    return f"then wait up to {spelling.duration(one.up_to)}" if one.wait else "then skip"


def reenter(one: Reentry | None) -> str:
    if one is None or one.how == "never":
        return "reenter never"
    return f"reenter after {spelling.duration(one.after)}" if one.how == "after" else "reenter always"


def cost(one: Cost) -> str:
    per = "to build" if one.per == "build" else f"per {one.event or one.per}"
    return f"{spelling.money(one.amount, one.currency)} {per}"


def short(value: Any, field: str = "") -> str | None:
    """A value in a few words; None where it takes more."""
    match value:
        case None | "" | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case int():
            return spelling.duration(value) if field in _DURATIONS else f"{value}"
        case Fraction():
            return spelling.percent(value)
        case Template(parts=parts):
            text = "".join(one if isinstance(one, str) else f"{{{written(one)}}}" for one in parts)
            return f'"{text}"' if len(text) <= _LONGEST else f'"{text[: _LONGEST - 3]}..."'
        case str():
            text = f'"{value}"' if field in ("title", "text", "why", "what", "style_why") else value
            return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
        case Type():
            return str(value) + ("?" if value.unknown else "")
        case Expression() | Pattern():
            return written(value)
        case tuple() if all(isinstance(one, str) for one in value):
            return ", ".join(value)
    return None
