"""The names of a journey: stages, steps, touchpoints met, splits, goals, outcomes.  All of them before any is used."""

from __future__ import annotations

from safar.dsl import tree
from safar.dsl.build import rules
from safar.dsl.build import statements as said
from safar.dsl.build.names import Context, Scope, Symbol
from safar.dsl.build.scene import JourneyNames
from safar.engine.diagnostic import Related
from safar.engine.names import fold

_CLASHING = ("event", "action", "condition", "touchpoint")
_BODIES = ("then", "otherwise", "arms", "ways")
FINISHED = "completed"


def names_of(context: Context, journey: tree.Statement) -> JourneyNames:
    """Everything that the journey declares."""
    names = JourneyNames(Scope(), Scope(), Scope(), Scope())
    lines = said.lines(journey)
    for form, kind in (("stage", "stage"), ("goal", "goal")):
        for line in lines.get(form, ()):
            name = said.name(line)
            if name is not None:
                context.declare(names.symbols, Symbol(kind, name.text, name.span, title=said.text(line)))
    walk = _Walk(context, names)
    walk.block(journey, ())
    for statement, path in walk.meetings:
        walk.meet(statement, path)
    for outcome in walk.exits:
        walk.outcome(outcome)
    return names


class _Walk:
    """Goes through a journey's blocks; touchpoints without a block are entered when all with one are known."""

    def __init__(self, context: Context, names: JourneyNames) -> None:
        self.context = context
        self.names = names
        self.meetings: list[tuple[tree.Statement, tuple[int, ...]]] = []
        self.exits: list[tree.Name] = []

    def block(self, statement: tree.Statement, path: tuple[int, ...]) -> None:
        for line in said.block(statement):
            self._line(line, path)

    def _line(self, line: tree.Statement, path: tuple[int, ...]) -> None:
        form = line.form
        if form == "exit":
            self._exit(line)
        elif form == "on":
            reaction = line.values.get("reaction")
            if isinstance(reaction, tree.Statement):
                self._line(reaction, path)
        elif form == "touchpoint":
            self._touchpoint(line, path)
        elif form == "start":
            name = said.name(line, "journey")
            self.names.starts.add(fold(name.text) if name is not None else "")
            self._step(line, path)
        elif form in ("goal", "rule"):
            return
        else:
            self._step(line, path)
            self._inside(line, path)

    def _inside(self, line: tree.Statement, path: tuple[int, ...]) -> None:
        for field in _BODIES:
            value = line.values.get(field)
            if isinstance(value, tree.Block):
                inner = (*path, id(value)) if line.form in ("repeat", "arm") else path
                for statement in value.statements:
                    self._line(statement, inner)

    def _exit(self, line: tree.Statement) -> None:
        name = said.name(line, "outcome")
        if name is not None and name.text != FINISHED:
            self.exits.append(name)

    def outcome(self, name: tree.Name) -> None:
        """Outcomes are declared by being used; a goal may have the same name."""
        if self.names.outcomes.get(name.text) is not None:
            return
        symbol = Symbol("outcome", name.text, name.span)
        clash = self.names.symbols.get(name.text)
        if clash is not None and clash.kind != "goal":
            self.context.duplicate(symbol, clash)
            self.names.outcomes.own[fold(name.text)] = symbol
        else:
            self.context.declare(self.names.outcomes, symbol)

    def _step(self, line: tree.Statement, path: tuple[int, ...]) -> None:
        name = said.name(line)
        if name is None or line.form in ("stage", "arm", "measure"):
            return
        kind = "split" if line.form == "split" else "step"
        symbol = Symbol(kind, name.text, name.span, title=said.text(line), statement=line, path=path)
        if kind == "split":
            self._arms(line, symbol)
        self.context.declare(self.names.symbols, symbol)

    def _arms(self, line: tree.Statement, split: Symbol) -> None:
        for name in map(said.name, said.block(line, "arms")):
            if name is not None:
                arm = Symbol("arm", name.text, name.span)
                first = split.arms.own.setdefault(fold(name.text), arm)
                if first is not arm:
                    self.context.duplicate(arm, first)

    # --- touchpoints

    def _touchpoint(self, line: tree.Statement, path: tuple[int, ...]) -> None:
        name = said.name(line, "touchpoint")
        if name is None:
            return
        if "then" in line.values:
            self._define(line, name)
            self._place(line, name, path)
        else:
            self.meetings.append((line, path))

    def _define(self, line: tree.Statement, name: tree.Name) -> None:
        symbol = Symbol("touchpoint", name.text, name.span, title=said.text(line), statement=line, meets=True)
        clash = self.context.scope.get(name.text)
        if clash is not None and clash.kind in _CLASHING:
            self.context.duplicate(symbol, clash)
        else:
            self.context.declare(self.names.touchpoints, symbol)

    def meet(self, line: tree.Statement, path: tuple[int, ...]) -> None:
        """A touchpoint without a block: of this journey, or of the project; with a title it is a new one."""
        name = said.name(line, "touchpoint")
        assert name is not None
        if self.names.touchpoints.get(name.text) is None:
            declared = self.context.scope.get(name.text)
            if declared is not None and declared.kind == "touchpoint":
                self.names.touchpoints.own[fold(name.text)] = declared
            elif said.text(line):
                self._define(line, name)
        known = self.names.touchpoints.get(name.text)
        if known is not None and known.statement is not line and "title" in line.values:
            self._titled_again(line, known)
        self._place(line, name, path)

    def _titled_again(self, line: tree.Statement, touchpoint: Symbol) -> None:
        title = line.values["title"]
        assert isinstance(title, tree.Node)
        self.context.add(
            rules.DUPLICATE_NAME.at(
                title.span,
                f"touchpoint `{touchpoint.name}` is declared already, with its title there",
                label="declared again",
                help="leave the title out here",
                related=(Related("declared first here", touchpoint.span),),
            )
        )

    def _place(self, line: tree.Statement, name: tree.Name, path: tuple[int, ...]) -> None:
        """The step's own name: that of the touchpoint, or the one behind `as`."""
        given = said.name(line)
        own = given if given is not None and fold(given.text) != fold(name.text) else name
        kind = "touchpoint" if own is name else "step"
        symbol = Symbol(kind, own.text, own.span, statement=line, meets=True, path=path)
        first = self.names.symbols.get(own.text)
        if first is not None and first.kind == "touchpoint" and own is name:
            if "then" not in line.values:
                self._twice(name, first)
            return
        self.context.declare(self.names.symbols, symbol)

    def _twice(self, name: tree.Name, first: Symbol) -> None:
        self.context.add(
            rules.TOUCHPOINT_MET_TWICE.at(
                name.span,
                f"touchpoint `{name.text}` is met at a second place, which has no name of its own",
                label="the second place",
                help=f"write `touchpoint {name.text} as ...`: answers and figures are told by the place",
                related=(Related("met first here", first.span),),
            )
        )
