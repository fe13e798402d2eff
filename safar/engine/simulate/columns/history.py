"""What is remembered of what happened, as far as somebody asks: a few columns for each question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from safar.engine import expression as e
from safar.engine.expression import EventForm, Expression, Heard
from safar.engine.names import fold
from safar.engine.simulate.columns.cells import Cell, Rows
from safar.engine.simulate.columns.column import Column, NotInColumns
from safar.engine.simulate.columns.instants import LONG_AGO, Instants, Occurrences
from safar.engine.simulate.columns.listening import Listening, Origin, parted
from safar.engine.simulate.columns.stamps import instant
from safar.engine.source import NOWHERE

if TYPE_CHECKING:
    from safar.engine.simulate.columns.column import Interner
    from safar.engine.simulate.columns.look import Look

Question = e.Happened | e.Count | e.Last | e.First | e.Since | e.EventField
Remembered = tuple[EventForm, str, str]
"""The form, without its window; what of it (count, at, since, instants, last, first, values), and of which field."""


def form_of(node: Question) -> EventForm:
    if isinstance(node, e.EventField):
        return EventForm(span=NOWHERE, kind=Heard.EVENT, name=node.event)
    return node.form


def _asked(node: Question) -> list[tuple[str, str]]:
    match node:
        case e.Happened(form=form):
            return [("at", "")] if form.within is not None else [("since", ""), ("count", "")]
        case e.Count(form=form):
            return [("instants" if form.within is not None else "count", "")]
        case e.Since():
            return [("at", "")]
        case e.Last(field=field):
            return [("at", ""), ("last", field)]
        case e.EventField(field=field):
            return [("at", ""), ("last", field)]
        case e.First(form=form, field=field):
            return [("values", field)] if form.within is not None else [("first", field), ("count", "")]


class Memory:
    """What the expressions of a plan ask about the past."""

    def __init__(self, codes: Interner) -> None:
        self._codes = codes
        self._listening: dict[EventForm, Listening] = {}
        self.remembered: dict[Remembered, None] = {}

    def ask(self, node: Expression) -> None:
        """From now on what the question is about is remembered."""
        assert isinstance(node, Question)
        form = form_of(node)
        bare = self.bare(form)
        for what, field in _asked(node):
            self.remembered[(bare, what, field)] = None

    def bare(self, form: EventForm) -> EventForm:
        bare = EventForm(span=NOWHERE, kind=form.kind, name=fold(form.name), answers=form.answers, where=form.where)
        if bare not in self._listening:
            self._listening[bare] = Listening(bare, None, self._codes)
            for test in self._listening[bare].expressions:
                if test.attributes or test.clock or test.forms or test.entry:
                    raise NotInColumns("a condition on the past that asks for more than what happened then")
        return bare

    def fields(self) -> set[str]:
        """The fields that are remembered, and those that decide what is."""
        tests = [test for one in self._listening.values() for test in one.expressions]
        return {field for _, _, field in self.remembered if field} | {f for test in tests for f in test.payload}

    def about(self, origin: Origin, steps: dict[str, tuple[str, ...]]) -> tuple[tuple[EventForm, Listening], ...]:
        """The forms that such a thing may be one of."""
        return tuple((form, one) for form, one in self._listening.items() if one.hears(origin, steps))

    def answering(self, *places: str) -> tuple[EventForm, ...]:
        """The forms about answers to the latest visit to one of these places."""
        return tuple(form for form in self._listening if form.answers and fold(form.answers) in places)


class Past:
    """What a chunk remembers: cells by form and question."""

    def __init__(self, memory: Memory, n: int) -> None:
        self._memory = memory
        self._cells: dict[Remembered, tuple[Cell, Cell]] = {}
        self._instants: dict[EventForm, Instants] = {}
        self._lasting: dict[tuple[EventForm, str], Occurrences] = {}
        self._of: dict[EventForm, list[tuple[str, str]]] = {}
        for form, what, field in memory.remembered:
            asked = self._of.setdefault(form, [])
            asked.insert(0 if what == "first" else len(asked), (what, field))  # the first is known by the count before
            if what == "instants":
                self._instants[form] = Instants(n)
            if what == "values":
                self._lasting[form, field] = Occurrences(n)
            begin: Any = LONG_AGO if what == "at" else False if what == "since" else 0
            dtype = np.bool_ if what == "since" else np.int64
            known = what not in ("last", "first")
            self._cells[(form, what, field)] = Cell(n, begin, dtype), Cell(n, known, np.bool_)

    def record(self, forms: tuple[tuple[EventForm, Listening], ...], look: Look, origin: Origin) -> None:
        """Something happens that may be one of these forms."""
        for form, listening in forms:
            mine, _ = parted(look, listening.matches(look, origin))
            if mine is not None:
                for what, field in self._of.get(form, ()):
                    self._record((form, what, field), mine)

    def _record(self, key: Remembered, look: Look) -> None:
        form, what, field = key
        rows = look.batch.rows
        values, _ = self._cells[key]
        if what == "count":
            values.store(rows, values.load(rows) + 1)
        elif what == "at":
            values.store(rows, instant(look.batch.now))
        elif what == "since":
            values.store(rows, True)
        elif what == "instants":
            self._instants[form].add(rows, instant(look.batch.now))
        elif what == "values":
            self._lasting[form, field].keep(rows, instant(look.batch.now), look.payload(field))
        elif what == "last":
            self._keep(key, rows, look.payload(field))
        else:
            first, _ = parted(look, np.equal(self._value(form, "count", rows), 0))
            if first is not None:
                self._keep(key, first.batch.rows, first.payload(field))

    def _keep(self, key: Remembered, rows: Rows, new: Column) -> None:
        values, known = self._cells[key]
        if not isinstance(values.value, np.ndarray):
            values.dtype = np.asarray(new.values).dtype if new.known is not False else values.dtype
        if new.known is not False:
            values.store(rows, new.values)
        known.store(rows, new.known)

    def withdraw(self, forms: tuple[EventForm, ...], rows: Rows) -> None:
        """A new visit: answers to the earlier ones do not count any more."""
        for form in forms:
            self._forget(form, rows, every=True)

    def begin(self, rows: Rows) -> None:
        """A new run: what happened before it is not since its entry, and answers no visit of it."""
        for form in self._of:
            self._forget(form, rows, every=bool(form.answers))

    def _forget(self, form: EventForm, rows: Rows, *, every: bool) -> None:
        for what, field in self._of[form]:
            values, known = self._cells[(form, what, field)]
            if what == "since":
                values.store(rows, False)
            elif every and what == "instants":
                self._instants[form].forget(rows)
            elif every and what == "values":
                self._lasting[form, field].forget(rows)
            elif every and what == "at":
                values.store(rows, LONG_AGO)
            elif every and what == "count":
                values.store(rows, 0)
            elif every:
                known.store(rows, False)

    def read(self, node: Expression, look: Look) -> Column:
        assert isinstance(node, Question)
        form = form_of(node)
        bare = self._memory.bare(form)
        rows, run = look.batch.rows, look.place_stage is not None
        if bare.answers and not run:
            return _nothing(node)
        match node:
            case e.Happened():
                if form.within is not None:
                    return Column(look.now() - self._value(bare, "at", rows) < form.within)
                return Column(self._value(bare, "since", rows) if run else self._value(bare, "count", rows) > 0)
            case e.Count():
                if form.within is not None:
                    return Column(self._instants[bare].after(rows, look.now() - form.within))
                return Column(self._value(bare, "count", rows))
            case e.Since():
                ago = look.now() - self._value(bare, "at", rows)
                return Column(ago, _both(True, _within(ago, form.within)))
            case e.First(field=field):
                if form.within is not None:
                    return self._lasting[bare, field].first(rows, look.now() - form.within)
                return self._field(bare, "first", field, rows)
            case e.Last(field=field) | e.EventField(field=field):
                values, known = self._field(bare, "last", field, rows)
                ago = look.now() - self._value(bare, "at", rows)
                return Column(values, _both(known, _within(ago, form.within)))

    def _value(self, form: EventForm, what: str, rows: Rows) -> Any:
        return self._cells[(form, what, "")][0].load(rows)

    def _field(self, form: EventForm, what: str, field: str, rows: Rows) -> Column:
        values, known = self._cells[(form, what, field)]
        return Column(values.load(rows), known.load(rows))


def _within(ago: Any, within: int | None) -> Any:
    """Whether it has happened, and not too long ago."""
    return ago < (within if within is not None else 1 << 39)


def _both(known: Any, recent: Any) -> Any:
    """Whether it is known and recent; `known` is never a scalar of NumPy's."""
    both = known & recent
    return both if isinstance(both, np.ndarray) else bool(both)


def _nothing(node: Question) -> Column:
    match node:
        case e.Happened():
            return Column(False)
        case e.Count():
            return Column(0)
    return Column(0, False)
