"""Steps: one builder for each form; what is missing in a statement was said by its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from safar.dsl import tree
from safar.dsl.build import amounts, moments, patterns, rules, touchpoints, types
from safar.dsl.build import statements as said
from safar.dsl.build.expressions import Typing
from safar.dsl.build.names import Context, Symbol
from safar.dsl.build.scene import JourneyNames, Scene
from safar.dsl.syntax_rules import MISSING
from safar.engine.diagnostic import Related
from safar.engine.expression import Pattern
from safar.engine.form import Clause, Kind
from safar.engine.model import Body, Interrupt, Step, Touchpoint
from safar.engine.source import NOWHERE
from safar.engine.steps import kinds
from safar.engine.steps.branch import If
from safar.engine.steps.do import DoStep
from safar.engine.steps.exit import Exit
from safar.engine.steps.go_to import GoTo
from safar.engine.steps.repeat import Repeat
from safar.engine.steps.set import SetStep
from safar.engine.steps.split import Arm, Split
from safar.engine.steps.start import Start
from safar.engine.steps.task import Task
from safar.engine.steps.touchpoint import Meet
from safar.engine.steps.wait import Wait
from safar.engine.steps.wait_for import WaitFor
from safar.engine.steps.wait_until import WaitUntil
from safar.engine.steps.wait_up_to import WaitUpTo, Way

_DAY = 86_400


class Steps:
    """Builds the steps of one journey; `path` are the repeats and arms around the step at hand."""

    def __init__(self, context: Context, names: JourneyNames) -> None:
        self.context = context
        self.names = names
        self.scene = Scene(names)
        self.typing = Typing(context, self.scene)
        self.path: tuple[int, ...] = ()

    def steps(self, statements: Iterable[tree.Statement]) -> tuple[Step, ...]:
        found = []
        for statement in statements:
            builder = _BUILDERS.get(statement.form, Steps.as_formed)
            step = builder(self, statement)
            if step is not None:
                found.append(step)
        return tuple(found)

    def body(self, statement: tree.Statement, field: str = "then") -> Body:
        node = statement.values.get(field)
        if not isinstance(node, tree.Block):
            return Body(span=NOWHERE)
        return Body(span=node.span, steps=self.steps(node.statements))

    def closed(self, statement: tree.Statement) -> Body:
        """A body that cannot be jumped into: of a repeat or an arm."""
        outer, self.path = self.path, (*self.path, id(statement.values.get("then")))
        body = self.body(statement)
        self.path = outer
        return body

    def interrupt(self, line: tree.Statement) -> Interrupt | None:
        node, reaction = said.expression(line, "event"), line.values.get("reaction")
        if node is None:
            return None
        condition = said.expression(line)
        form, met = patterns.heard(self.context, self.scene, node, condition)
        steps = self.steps((reaction,)) if isinstance(reaction, tree.Statement) else ()
        if form is None or not steps:
            return None
        return Interrupt(span=line.span, form=form, condition=met, reaction=steps[0])

    def as_formed(self, line: tree.Statement) -> Step | None:
        """A kind of step without a builder of its own: each field is what stands in the clause of its name."""
        kind = next((kind for kind in kinds() if kind.form.id == line.form), None)
        if kind is None:
            return None
        fields = _own(line)
        fields |= {clause.field: self._field(line, clause) for clause in kind.form.clauses if clause.field != "name"}
        return kind.node(**fields)

    def _field(self, line: tree.Statement, clause: Clause) -> object:
        value = line.values.get(clause.field)
        match clause.kind:
            case Kind.BODY:
                return self.body(line, clause.field)
            case Kind.PATTERN:
                return self._pattern(line, clause.field)
            case Kind.EXPRESSION:
                return self.typing.condition(value) if isinstance(value, tree.Expr) else None
            case Kind.TITLE:
                return said.text(line, clause.field)
            case Kind.FLAG:
                return value is not None
        match value:
            case tree.Duration(seconds=plain) | tree.Time(seconds=plain) | tree.Name(text=plain):
                return plain
            case tree.Integer(value=plain) | tree.Date(value=plain):
                return plain
        return None

    # --- one for each form

    def wait(self, line: tree.Statement) -> Step | None:
        seconds = said.seconds(line, "seconds")
        return Wait(**_own(line), seconds=seconds) if seconds is not None else None

    def wait_until(self, line: tree.Statement) -> Step | None:
        node = line.values.get("moment")
        deadline = moments.deadline(self.typing, node) if isinstance(node, tree.Moment) else None
        otherwise = self.body(line, "otherwise") if "otherwise" in line.values else None
        if deadline is None or not isinstance(node, tree.Moment):
            return None
        return WaitUntil(**_own(line), deadline=deadline, words=node.span.text, otherwise=otherwise)

    def _pattern(self, line: tree.Statement, field: str) -> Pattern | None:
        node = line.values.get(field)
        return patterns.pattern(self.context, self.scene, node) if isinstance(node, tree.Pattern) else None

    def wait_for(self, line: tree.Statement) -> Step | None:
        up_to = said.seconds(line, "up_to")
        return WaitFor(
            **_own(line),
            pattern=self._pattern(line, "pattern") or Pattern(span=line.head, alternatives=()),
            up_to=_DAY if up_to is None else up_to,
            then=self.body(line),
            otherwise=self.body(line, "otherwise"),
        )

    def wait_up_to(self, line: tree.Statement) -> Step | None:
        """The first of several; the last way's `otherwise` is the wait's."""
        up_to = said.seconds(line, "up_to")
        ways, late = [], [self.body(line, "otherwise")]
        for part in said.block(line, "ways"):
            if part.form == "way":
                pattern = self._pattern(part, "pattern") or Pattern(span=part.head, alternatives=())
                ways.append(Way(span=part.span, pattern=pattern, then=self.body(part)))
                late.append(self.body(part, "otherwise"))
            elif part.form == "otherwise_way":
                late.append(self.body(part))
        if not ways:
            self._no_ways(line)
        otherwise = next((body for body in reversed(late) if body.span is not NOWHERE), late[0])
        return WaitUpTo(**_own(line), up_to=_DAY if up_to is None else up_to, ways=tuple(ways), otherwise=otherwise)

    def _no_ways(self, line: tree.Statement) -> None:
        length = line.values.get("up_to")
        said = f"`wait {length.span.text}`" if isinstance(length, tree.Node) else "`wait` and its length"
        help = f"add a way such as `for EVENT {{ }}`, or write {said}"
        self.context.add(MISSING.at(line.head, "`wait up to` waits for nothing", label="no `for`", help=help))

    def choice(self, line: tree.Statement) -> Step | None:
        node = said.expression(line)
        condition = self.typing.condition(node) if node is not None else types.nothing(line.head)
        return If(**_own(line), condition=condition, then=self.body(line), otherwise=self.body(line, "otherwise"))

    def split(self, line: tree.Statement) -> Step | None:
        name, arms, shares = said.name(line), [], []
        for part in said.block(line, "arms"):
            own, node = said.name(part), part.values.get("share")
            if own is None or not isinstance(node, tree.Percent):
                continue
            shares.append(node)
            arms.append(
                Arm(
                    span=part.span,
                    name=own.text,
                    name_span=own.span,
                    title=said.text(part),
                    share=amounts.share(self.context, node),
                    then=self.closed(part),
                )
            )
        if name is None:
            return None
        if not shares and not arms:
            message, help = f"split `{name.text}` has no arms", "add arms such as `50% coupon { }`"
            self.context.add(rules.SHARES_NOT_100.at(name.span, message, label="0% of 100%", help=help))
            return None
        amounts.whole(self.context, shares, name.span, f"split `{name.text}`")
        return Split(**_own(line), title=said.text(line), arms=tuple(arms))

    def repeat(self, line: tree.Statement) -> Step | None:
        times = line.values.get("times")
        return Repeat(
            **_own(line),
            times=times.value if isinstance(times, tree.Integer) else 1,
            every=said.seconds(line, "every"),
            until=self._pattern(line, "until"),
            then=self.closed(line),
        )

    def touchpoint(self, line: tree.Statement) -> Step | None:
        name = said.name(line, "touchpoint")
        symbol = self._met(line, name) if name is not None else None
        if symbol is None or name is None:
            return None
        if symbol.touchpoint is None and symbol.statement is not None:
            symbol.touchpoint = self._defined(symbol, symbol.statement)
        if symbol.touchpoint is None:
            return None
        own = said.name(line) or name
        return Meet(
            span=line.span,
            name=own.text,
            name_span=own.span,
            touchpoint=symbol.touchpoint,
            declared=symbol.statement is not line,
        )

    def _met(self, line: tree.Statement, name: tree.Name) -> Symbol | None:
        symbol = self.names.touchpoints.get(name.text)
        if symbol is not None:
            if symbol.statement is not line:
                self.context.refer(name, symbol.name, symbol.span)
            return symbol
        if "then" not in line.values:
            self.context.find(self.context.scope, name, "touchpoint")
        return None

    def _defined(self, symbol: Symbol, line: tree.Statement) -> Touchpoint:
        declared = {"span": line.span, "name": symbol.name, "name_span": symbol.span, "title": symbol.title}
        return touchpoints.touchpoint(self.typing, line, declared)

    def do(self, line: tree.Statement) -> Step | None:
        call = touchpoints.call(self.typing, line)
        return DoStep(**_own(line), call=call) if call is not None else None

    def set(self, line: tree.Statement) -> Step | None:
        assign = amounts.assign(self.typing, line)
        return SetStep(**_own(line), assign=assign) if assign is not None else None

    def task(self, line: tree.Statement) -> Step | None:
        team = said.reference(self.context, "team", said.name(line, "team"))
        return Task(**_own(line), team=team, what=said.text(line, "what")) if team else None

    def start(self, line: tree.Statement) -> Step | None:
        journey = said.reference(self.context, "journey", said.name(line, "journey"))
        return Start(**_own(line), journey=journey) if journey else None

    def exit(self, line: tree.Statement) -> Step | None:
        name = said.name(line, "outcome")
        if name is None:
            return None
        outcome = self.names.outcomes.get(name.text)
        goal = self.names.symbols.get(name.text)
        if goal is not None and goal.kind == "goal":
            self.context.referred.add(goal.span.key)
        if outcome is not None:
            self.context.refer(name, outcome.name, outcome.span)
        written = outcome.name if outcome is not None else name.text
        return Exit(span=line.span, outcome=written, why=said.text(line, "why"))

    def go_to(self, line: tree.Statement) -> Step | None:
        name = said.name(line, "target")
        if name is None:
            return None
        symbol = self.names.symbols.get(name.text)
        if symbol is None or symbol.kind == "goal":
            self._no_target(name, symbol)
            return None
        self.context.refer(name, symbol.name, symbol.span)
        if symbol.path != self.path[: len(symbol.path)]:
            self._into_loop(name, symbol)
        return GoTo(span=line.span, target=symbol.name, target_span=name.span)

    def _no_target(self, name: tree.Name, symbol: Symbol | None) -> None:
        candidates = [s for s in self.names.symbols if s.kind != "goal"]
        symbol = symbol or self.names.outcomes.get(name.text)
        if symbol is None:
            self.context.unknown(name, "stage or step of this journey", candidates)
            return
        self.context.add(
            rules.WRONG_KIND.at(
                name.span,
                f"`{name.text}` is {'a goal' if symbol.kind == 'goal' else 'an outcome'}, not a stage or step",
                label="a stage or step is wanted here",
                help=f"write `exit {name.text}`" if symbol.kind == "outcome" else "",
                near=None if symbol.kind == "outcome" else self.context.near(name.text, (s.name for s in candidates)),
                related=(Related("declared here", symbol.span),),
            )
        )

    def _into_loop(self, name: tree.Name, symbol: Symbol) -> None:
        self.context.add(
            rules.JUMP_INTO_LOOP.at(
                name.span,
                f"`{symbol.name}` stands inside a `repeat` or an arm, and the jump comes from outside",
                label="leads inside",
                help="go to a step before the `repeat` or the split",
                related=(Related("the target", symbol.span),),
            )
        )


def _own(line: tree.Statement) -> dict[str, Any]:
    name = said.name(line)
    return {"span": line.span, "name": name.text if name else "", "name_span": name.span if name else NOWHERE}


_BUILDERS: dict[str, Callable[[Steps, tree.Statement], Step | None]] = {
    "wait": Steps.wait,
    "wait_until": Steps.wait_until,
    "wait_for": Steps.wait_for,
    "wait_up_to": Steps.wait_up_to,
    "if": Steps.choice,
    "split": Steps.split,
    "repeat": Steps.repeat,
    "touchpoint": Steps.touchpoint,
    "do": Steps.do,
    "set": Steps.set,
    "task": Steps.task,
    "start": Steps.start,
    "exit": Steps.exit,
    "go_to": Steps.go_to,
}
