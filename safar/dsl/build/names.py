"""Scopes: what is declared under which name, and what a name that is used refers to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from safar.dsl import tree
from safar.dsl.build import rules
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Related
from safar.engine.model import Attribute, ConditionDeclared, Field, Settings, Touchpoint
from safar.engine.names import fold, nearest
from safar.engine.source import Span

if TYPE_CHECKING:
    from safar.dsl.build.scene import JourneyNames

PREDECLARED = frozenset(
    (
        *("entry", "now", "today", "weekday", "count", "first", "last", "since", "average", "days", "hours", "round"),
        *("messages", "customers", "delivered", "suppressed", "cost", "revenue", "margin", "completed", "unfinished"),
    )
)
_COMPARISONS = 20_000
"""Names compared in one file to find the nearest ones: half a second's work."""
_FEW = 6
"""Names that a line of help can list."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


_ELSEWHERE: dict[tuple[str, tuple[str, ...]], str] = {
    ("persona", ("attribute",)): "write `persona` alone",
    ("stage", ("attribute",)): "write `stage` alone",
}
"""What to write for what looks like a name of some kinds."""
_INSTEAD = {
    ("condition", "event"): "a condition is asked behind `if`: `enter each day if NAME`, `on EVENT if NAME ...`",
    ("channel", "event"): "write `per message`: what a channel costs is told for it alone",
    ("persona", "condition or event"): "write `persona == NAME`",
    ("channel", "touchpoint"): "a channel stands behind `send` or `at` in a touchpoint",
    ("goal", "stage or step of this journey"): "a goal is reached by its event; a jump leads to a stage or step",
    ("stage", "journey"): "write `go to NAME`",
    ("journey", "stage or step of this journey"): "write `start NAME`",
}
"""What to write where a name of one kind stands for another."""


class Scope:
    """Names of one name space, by folded name; `outer` is asked where a name is not found.

    In a `shared` one the files that are used declare names too.
    """

    __slots__ = ("outer", "own", "shared")

    def __init__(self, outer: Scope | None = None, *, shared: bool = False) -> None:
        self.own: dict[str, Symbol] = {}
        self.outer = outer
        self.shared = shared

    def get(self, name: str) -> Symbol | None:
        found = self.own.get(fold(name))
        return found if found is not None or self.outer is None else self.outer.get(name)

    def __iter__(self) -> Iterator[Symbol]:
        if self.outer is not None:
            yield from self.outer
        yield from self.own.values()


class Symbol(msgspec.Struct, eq=False):
    """What a name was declared as.  `kind` is event, channel, stage, ...

    `fields` are those of an event, action or feed, by folded name; `statement` what is still to be built;
    `path` the repeats and arms around a step, from the outermost in; `meets`: at that step a touchpoint is met;
    `weight` how many conditions a condition unfolds to, `depth` how many stand one inside another.
    """

    kind: str
    name: str
    span: Span
    title: str = ""
    fields: dict[str, Field] = {}
    statement: tree.Statement | None = None
    attribute: Attribute | None = None
    condition: ConditionDeclared | None = None
    touchpoint: Touchpoint | None = None
    outbound: bool = True
    meets: bool = False
    path: tuple[int, ...] = ()
    weight: int = 0
    depth: int = 0
    arms: Scope = msgspec.field(default_factory=Scope)


def kind_with_article(kind: str) -> str:
    """
    >>> kind_with_article("event"), kind_with_article("stage")
    ('an event', 'a stage')
    """
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def _few(known: list[str]) -> str:
    """The names that there are, where nobody can guess which one was meant and a line holds them."""
    return "there are " + ", ".join(f"`{name}`" for name in known) if 0 < len(known) <= _FEW else ""


def _either(kinds: tuple[str, ...]) -> str:
    return " or ".join((", ".join(kinds[:-1]), kinds[-1])) if len(kinds) > 1 else kinds[0]


class Findings:
    """What is said about one file, and which declarations it referred to."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.referred: set[tuple[str, int, int]] = set()
        self.comparisons = _COMPARISONS
        self.complete = True
        """Whether all files were found in which a name can be declared."""
        self.bare = False
        """Whether no file is used and nothing but journeys is declared."""

    def add(self, finding: Diagnostic) -> None:
        self.found.append(finding)

    def refer(self, written: tree.Name | tree.Word, name: str, span: Span | None = None) -> str:
        """Note a use of a declared name, spelled as it was or in another way; returns the declared spelling."""
        if span is not None:
            self.referred.add((span.source.path, span.start, span.end))
        if written.text != name:
            self.add(
                rules.LOOK_ALIKE_NAME.at(
                    written.span,
                    f"`{written.text}` is spelled differently where it is declared",
                    label=f"declared as `{name}`",
                    help=f"write `{name}`: the two are one name, but readers and searches take them for two",
                    related=() if span is None else (Related("declared here", span),),
                    fix=Fix((Edit(written.span, name),)),
                )
            )
        return name

    def near(self, text: str, candidates: Iterable[str]) -> str | None:
        """The nearest name, or none: also where so many names were compared that it would take long."""
        known = list(itertools.islice(candidates, self.comparisons + 1))
        if len(known) > self.comparisons:
            return None
        self.comparisons -= len(known)
        return nearest(text, known)

    def guess(self, text: str, candidates: Iterable[str]) -> str:
        """`did you mean ...?` with the nearest name, or nothing."""
        near = self.near(text, candidates)
        return f"did you mean `{near}`?" if near is not None else ""

    def nearest(self, text: str, candidates: Iterable[str | Symbol | Field]) -> tuple[str | None, tuple[Related, ...]]:
        """The nearest name, and where it is declared as far as that is known."""
        known = {
            one if isinstance(one, str) else one.name: one for one in itertools.islice(candidates, self.comparisons + 1)
        }
        near = self.near(text, known)
        found = known.get(near) if near is not None else None
        if found is None or isinstance(found, str):
            return near, ()
        span = found.span if isinstance(found, Symbol) else found.name_span
        return near, (Related(f"`{near}` is declared here", span),)

    def unknown(
        self,
        written: tree.Name | tree.Word,
        what: str,
        candidates: Iterable[str | Symbol | Field],
        help: str | None = None,
    ) -> None:
        """A name that nothing declares; `what` is what was looked for, as in `no event is called ...`."""
        known = list(itertools.islice(candidates, max(self.comparisons, _FEW) + 1))
        few = _few([one if isinstance(one, str) else one.name for one in known])
        near, related = self.nearest(written.text, known) if help is None else (None, ())
        self.add(
            rules.UNKNOWN_NAME.at(
                written.span,
                f"no {what} is called `{written.text}`",
                label="not declared",
                help=few if help is None and near is None else help or "",
                near=near,
                related=related,
            )
        )

    def undeclared(
        self,
        written: tree.Name | tree.Word,
        what: str,
        candidates: Iterable[str | Symbol | Field],
        help: str | None = None,
    ) -> None:
        """A name that nothing declares, unless it can stand in a file that is missing.

        Where nothing at all is declared one name is enough: the others follow.
        """
        if self.complete:
            self.complete = not self.bare
            nothing = "nothing is declared here: name a file that does behind `use`"
            self.unknown(written, what, candidates, nothing if self.bare else help)

    def declare(self, scope: Scope, symbol: Symbol) -> bool:
        """Enter a name into a scope; a clash or a predeclared name is a finding, and the first one stays."""
        if fold(symbol.name) in PREDECLARED:
            self.predeclared(symbol.name, symbol.span)
            return False
        first = scope.get(symbol.name)
        if first is not None:
            self.duplicate(symbol, first)
            return False
        scope.own[fold(symbol.name)] = symbol
        return True

    def predeclared(self, name: str, span: Span) -> None:
        self.add(
            rules.PREDECLARED_NAME.at(
                span, f"`{name}` is a word of the language", label="cannot be declared", help="choose another name"
            )
        )

    def duplicate(self, second: Symbol, first: Symbol) -> None:
        notes = () if first.name == second.name else (f"`{first.name}` and `{second.name}` only look different",)
        what = "" if first.kind == second.kind else f" as {kind_with_article(first.kind)}"
        self.add(
            rules.DUPLICATE_NAME.at(
                second.span,
                f"`{second.name}` is declared already{what}",
                label="declared again",
                help="give one of the two another name",
                notes=notes,
                related=(Related("declared first here", first.span),),
            )
        )

    def find(self, scope: Scope, written: tree.Name | tree.Word, *kinds: str) -> Symbol | None:
        """What a name refers to, if that is of one of the kinds; otherwise a finding."""
        symbol = scope.get(written.text)
        if symbol is None:
            say = self.undeclared if scope.shared else self.unknown
            say(written, _either(kinds), (s for s in scope if s.kind in kinds), _ELSEWHERE.get((written.text, kinds)))
            return None
        if symbol.kind not in kinds:
            self.wrong_kind(written, symbol, _either(kinds), (s for s in scope if s.kind in kinds))
            return None
        self.refer(written, symbol.name, symbol.span)
        return symbol

    def wrong_kind(
        self, written: tree.Name | tree.Word, symbol: Symbol, wanted: str, candidates: Iterable[str | Symbol] = ()
    ) -> None:
        near, _ = self.nearest(written.text, candidates)
        self.add(
            rules.WRONG_KIND.at(
                written.span,
                f"`{written.text}` is {kind_with_article(symbol.kind)}, not {kind_with_article(wanted)}",
                label=f"{kind_with_article(wanted)} is wanted here",
                help="" if near else _INSTEAD.get((symbol.kind, wanted), "").replace("NAME", written.text),
                near=near,
                related=(Related("declared here", symbol.span),),
            )
        )


class Context(Findings):
    """What the building of one file knows: settings, the project's scope, attributes; and its findings.

    Of the condition being built: `unfolded` and `deepest`, its weight and depth so far, and `inside` how many
    others wait for it.
    """

    scope: Scope
    attributes: Scope
    rules: Scope
    """A name space of its own, as is that of `plans`."""
    plans: Scope
    routes: dict[str, JourneyNames]
    """The names of the journeys that were looked into, by the journey's folded name."""

    def __init__(self, settings: Settings, outer: Context | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.unfolded = 0
        self.deepest = 0
        self.inside = 0
        self.scope = Scope(outer.scope if outer is not None else None, shared=True)
        self.attributes = Scope(outer.attributes if outer is not None else None, shared=True)
        self.rules = Scope(outer.rules if outer is not None else None)
        self.plans = Scope(outer.plans if outer is not None else None)
        self.routes = {}
        self.complete = outer is None or outer.complete


def calendar_unit(found: Findings, name: tree.Name) -> str:
    """`day` or `week` behind `per calendar`; empty, with a finding, for anything else."""
    if name.text in ("day", "week"):
        return name.text
    near = nearest(name.text, ("day", "week"))
    found.add(
        rules.UNKNOWN_WORD.at(
            name.span,
            f"nothing is counted by the calendar {name.text}",
            label="`day` or `week`",
            help="" if near else "write `calendar day`, `calendar week` or a duration such as `30d`",
            near=near,
        )
    )
    return ""
