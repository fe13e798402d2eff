"""Rules: what they say, with names resolved and conditions typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safar.dsl import tree
from safar.dsl.build import rules
from safar.dsl.build import statements as said
from safar.dsl.build.deeds import deed, occurrence
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, Scope, Symbol, calendar_unit
from safar.dsl.build.scene import JourneyNames
from safar.dsl.syntax_rules import MISSING
from safar.engine.diagnostic import Related
from safar.engine.names import nearest
from safar.engine.promises import (
    Apart,
    AtMost,
    Claim,
    Deed,
    Ends,
    Follows,
    Never,
    NotBefore,
    NotInStage,
    OffHours,
    OnlyIf,
    Reachable,
    Rule,
)
from safar.engine.source import Span

_UNITS = ("customer", "run")
_REACHED = ("goal", "stage", "touchpoint", "step", "split")


def of_project(context: Context, statements: Iterable[tree.Statement]) -> dict[str, Rule]:
    """The rules of a file, by name: they speak of all journeys together."""
    lines = (one for one in statements if one.form == "rule")
    return {rule.name: rule for rule in _rules(Typing(context), lines, context.rules)}


def of_journey(typing: Typing, lines: Iterable[tree.Statement]) -> tuple[Rule, ...]:
    return tuple(_rules(typing, lines, Scope()))


def _rules(typing: Typing, lines: Iterable[tree.Statement], scope: Scope) -> Iterator[Rule]:
    for line in lines:
        name = said.name(line)
        made = _claim_of(typing, line)
        if name is None or not typing.context.declare(scope, Symbol("rule", name.text, name.span)):
            continue
        yield Rule(span=line.span, name=name.text, name_span=name.span, title=said.text(line), claim=made)


def _claim_of(typing: Typing, rule: tree.Statement) -> Claim | None:
    """What a rule says: exactly one thing."""
    statements = said.block(rule)
    if not statements:
        help = "add one, as in `never email unless customer.email_ok`"
        typing.context.add(MISSING.at(rule.head, "`rule` needs a statement", help=help))
        return None
    for other in statements[1:]:
        _crowded(typing.context, other.head, statements[0].head)
    return claim(typing, statements[0])


def _crowded(context: Context, second: Span, first: Span) -> None:
    context.add(
        rules.CROWDED_RULE.at(
            second,
            "a rule says one thing, and this is a second one",
            label="the second",
            help="write a second rule",
            related=(Related("the first", first),),
        )
    )


def claim(typing: Typing, line: tree.Statement) -> Claim | None:
    """What one statement of a rule, or of an `expect`, says; None where it cannot be told, which is a finding."""
    match line.form.partition("_")[2]:
        case "after":
            return _follows(typing, line)
        case "never":
            return _never(typing, line)
        case "at_most":
            return _at_most(typing, line)
        case "always_exit_within":
            within = said.seconds(line, "within")
            return Ends(span=line.span, within=within) if within is not None else None
        case "every_persona":
            return _reachable(typing, line)
    return None


def _follows(typing: Typing, line: tree.Statement) -> Follows | None:
    cause, effect = occurrence(typing, line.values.get("cause")), deed(typing, line.values.get("effect"))
    within = said.seconds(line, "within")
    if cause is None or effect is None or within is None:
        return None
    return Follows(span=line.span, cause=cause, effect=effect, within=within)


# --- never


_WAYS = (("stage",), ("start", "end"), ("within", "of"), ("same_day",), ("before",), ("unless",))
_WORDS = {"start": "from", "end": "to"}


def _never(typing: Typing, line: tree.Statement) -> Never | None:
    what = deed(typing, line.values.get("deed"))
    ways = [way for way in _WAYS if any(field in line.values for field in way)]
    if len(ways) > 1:
        second, first = (_place(line, way) for way in (ways[1], ways[0]))
        _crowded(typing.context, second, first)
    if not ways:
        return Never(span=line.span, deed=what) if what is not None else None
    lacking = [field for field in ways[0] if field not in line.values]
    if lacking:
        given = next(field for field in ways[0] if field in line.values)
        word = _WORDS.get(lacking[0], lacking[0])
        message = f"`{_WORDS.get(given, given)}` needs `{word}`"
        typing.context.add(MISSING.at(line.head, message, help=f"add `{word} ...`"))
        return None
    return _narrowed(typing, line, what)


def _place(line: tree.Statement, way: tuple[str, ...]) -> Span:
    value = next(line.values[field] for field in way if field in line.values)
    assert isinstance(value, tree.Node)
    return value.span


def _narrowed(typing: Typing, line: tree.Statement, what: Deed | None) -> Never | None:
    """`never X` with what says when not."""
    condition, stage = said.expression(line, "unless"), said.name(line, "stage")
    start, end, within = (said.seconds(line, field) for field in ("start", "end", "within"))
    beside = next((line.values[field] for field in ("of", "same_day", "before") if field in line.values), None)
    other = occurrence(typing, beside) if beside is not None else None
    asked = typing.condition(condition) if condition is not None else None
    place = _stage(typing, stage) if stage is not None else ""
    if what is None or (beside is not None and other is None) or (stage is not None and not place):
        return None
    if place:
        return NotInStage(span=line.span, deed=what, stage=place)
    if start is not None and end is not None:
        return OffHours(span=line.span, deed=what, start=start, end=end)
    if other is not None and "before" in line.values:
        return NotBefore(span=line.span, deed=what, other=other)
    if other is not None:
        return Apart(span=line.span, deed=what, other=other, within=within)
    return OnlyIf(span=line.span, deed=what, condition=asked) if asked is not None else None


# --- places of a journey


def _journeys(typing: Typing) -> tuple[JourneyNames, ...]:
    """The journey of a rule; of a project's rule all that its file declares."""
    own = typing.scene.journey
    return (own,) if own is not None else tuple(typing.context.routes.values())


def _stage(typing: Typing, name: tree.Name) -> str:
    """A stage of the journey; where the journeys are in other files, any name."""
    known = _journeys(typing)
    for names in known:
        symbol = names.symbols.get(name.text)
        if symbol is not None and symbol.kind == "stage":
            return typing.context.refer(name, symbol.name, symbol.span)
    if not known:
        return name.text
    stages = [s for names in known for s in names.symbols if s.kind == "stage"]
    typing.context.unknown(name, "stage", stages)
    return ""


def _reachable(typing: Typing, line: tree.Statement) -> Reachable | None:
    name = said.name(line, "place")
    if name is None:
        return None
    if name.text == "completed":
        return Reachable(span=line.span, kind="outcome", name=name.text)
    known = _journeys(typing)
    for names in known:
        symbol = names.symbols.get(name.text) or names.outcomes.get(name.text) or names.touchpoints.get(name.text)
        if symbol is not None:
            typing.context.refer(name, symbol.name, symbol.span)
            return Reachable(span=line.span, kind=symbol.kind, name=symbol.name)
    candidates = [s for names in known for scope in (names.symbols, names.outcomes) for s in scope]
    typing.context.unknown(name, "stage, step, touchpoint, goal or outcome", candidates)
    return None


# --- at most


def _at_most(typing: Typing, line: tree.Statement) -> AtMost | None:
    what, count, per = deed(typing, line.values.get("deed")), line.values.get("count"), line.values.get("per")
    if not isinstance(count, tree.Integer):
        return None
    if not isinstance(per, tree.Per):
        if line.form.startswith("rule"):
            _uncounted(typing.context, count)
            return None
        return AtMost(span=line.span, count=count.value, deed=what) if what is not None else None
    unit = _unit(typing.context, per)
    if what is None or not unit:
        return None
    window = per.window.seconds if per.window is not None else None
    return AtMost(span=line.span, count=count.value, deed=what, per=unit, window=window)


def _uncounted(context: Context, count: tree.Integer) -> None:
    context.add(
        rules.UNCOUNTED_LIMIT.at(
            count.span,
            "the rule does not say in which time so many are too many",
            label="in which time?",
            help="add `per 7d`, `per calendar week`, `per run` or `per customer`",
        )
    )


def _unit(context: Context, per: tree.Per) -> str:
    if per.window is not None:
        return "window"
    if per.calendar is not None:
        return calendar_unit(context, per.calendar)
    name = per.unit
    if name is None or name.text in _UNITS:
        return name.text if name is not None else ""
    near = nearest(name.text, _UNITS)
    help = "" if near else "write `customer`, `run`, `calendar week` or a duration such as `7d`"
    if name.text in ("day", "week"):
        help = f"write `calendar {name.text}`, or a duration such as `{'24h' if name.text == 'day' else '7d'}`"
    context.add(
        rules.UNKNOWN_WORD.at(
            name.span, f"nothing is counted by `{name.text}`", label="not known", help=help, near=near
        )
    )
    return ""
