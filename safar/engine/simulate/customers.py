"""Sample customers and what happens to them, from rows of files, checked cell by cell.

A bad row is a finding with file, row and column.  It is set aside and counted, or with `strict` it ends the reading.
Rows come one at a time and go one at a time: of a million customers only the keys are held.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TypedDict, Unpack

import msgspec

from safar.engine.diagnostic import Diagnostic, Rule, Severity
from safar.engine.expression import Base, Value
from safar.engine.model import Attribute, Event, Field, Project, within
from safar.engine.names import fold, nearest
from safar.engine.simulate import literals
from safar.engine.simulate.keys import Keys
from safar.engine.simulate.rows import Cell, Row
from safar.engine.simulate.world import Customer, Occurrence
from safar.engine.source import NOWHERE
from safar.engine.steps.touchpoint import Meet

BROKEN = Rule("broken-row", "SF650")
COLUMN_MISSING = Rule("missing-column", "SF651")
COLUMN_UNKNOWN = Rule("unknown-column", "SF652", Severity.WARNING)
VALUE = Rule("unreadable-value", "SF653")
MISSING = Rule("missing-value", "SF654")
DUPLICATE = Rule("duplicate-row", "SF655")
UNKNOWN = Rule("unknown-in-row", "SF656")
UNREADABLE = Rule("unreadable-file", "SF657")

MOST_FINDINGS = 1000
"""Findings that are kept; later bad rows are only counted."""

MOST_REMEMBERED = 10_000
"""Good cells whose values are remembered: most columns have few different ones."""

CHANGE = "set"
"""The word in the column `event` of a row that changes attributes."""


def whole_number(key: str) -> int | str:
    """What tells customers apart: a key that is a whole number is that number, as it is for chance.

    >>> whole_number("007"), whole_number("c7")
    (7, 'c7')
    """
    return int(key) if key.isascii() and key.isdigit() and len(key) < 20 else key


class Rejected(msgspec.Struct, frozen=True):
    """A row that was set aside: its number (0: none), the column at fault (empty: all of it), and why."""

    row: int
    column: str
    finding: Diagnostic


class _Said(TypedDict, total=False):
    label: str
    help: str


class _BadRowError(Exception):
    """The row cannot be used; `said` is what else its finding says."""

    def __init__(self, rule: Rule, row: Row, column: str, message: str, **said: Unpack[_Said]) -> None:
        self.rejected = Rejected(row.number, column, rule.at(row.place(column), message, **said))


class Reader:
    """Reads rows against a project.  `findings` and `rejected` (rows set aside) grow while it reads, and `again`, the
    numbers of the rows whose customer had one before.  `aside` is given each row set aside; rows whose numbers are in
    `left_out` are passed over in silence.

    After a stop by `strict`, or by a file that cannot be read, `stopped` is true.
    """

    def __init__(
        self,
        project: Project,
        *,
        strict: bool = False,
        aside: Callable[[Rejected], object] | None = None,
        left_out: Container[int] = (),
    ) -> None:
        self.findings: list[Diagnostic] = []
        self.rejected = 0
        self.again = array("q")
        self.stopped = False
        self._strict, self._aside, self._left_out = strict, aside, left_out
        vocabulary = project.vocabulary
        self._attributes = {fold(name): one for name, one in vocabulary.attributes.items()}
        self._personas = {fold(name): name for name in vocabulary.personas}
        self._events = {fold(name): event for name, event in vocabulary.events.items()}
        self._touchpoints = {fold(name): name for name in _places_met(project)}
        self._columns: dict[tuple[str, ...], dict[str, str]] = {}
        self._told: set[str] = set()
        self._read: dict[tuple[int, Cell], Value] = {}
        self._unusable: dict[tuple[str, ...], Rejected] = {}

    # --- customers

    def customers(
        self,
        rows: Iterable[Row | Diagnostic],
        occurrences: Mapping[int | str, tuple[Occurrence, ...]] | None = None,
    ) -> Iterator[Customer]:
        """One customer per good row.  With `occurrences` each does what is written there, and nothing else."""
        seen = Keys()
        for row, names in self._usable(rows, ("customer",), self._known_to_customers):
            try:
                customer = self._customer(row, names, seen)
            except _BadRowError as bad:
                self._set_aside(bad.rejected)
                continue
            if occurrences is not None:
                own = occurrences.get(whole_number(customer.key), ())
                customer = msgspec.structs.replace(customer, occurrences=own)
            yield customer
        for key in occurrences or ():
            if key not in seen and not self.stopped:
                said = f"something happens to customer `{key}`, who is in no row"
                self._set_aside(Rejected(0, "customer", UNKNOWN.at(NOWHERE, said)))

    def _customer(self, row: Row, names: dict[str, str], seen: Keys) -> Customer:
        key = self._key(row, names)
        number = whole_number(key)
        if number in seen:
            self.again.append(row.number)
            raise _BadRowError(DUPLICATE, row, names["customer"], f"customer `{key}` has a row already", label="again")
        persona = self._persona(row, names)
        attributes = self._values(row, names, self._attributes)
        seen.add(number)
        return Customer(key=key, persona=persona, attributes=attributes)

    def _key(self, row: Row, names: dict[str, str]) -> str:
        cell = row.cells[names["customer"]]
        key = cell.strip() if isinstance(cell, str) else ""
        if not key:
            raise _BadRowError(MISSING, row, names["customer"], f"row {row.number} has no customer", label="empty")
        if not key.isascii() and any("\ud800" <= letter <= "\udfff" for letter in key):
            raise _BadRowError(VALUE, row, names["customer"], "the key is not valid UTF-8", help="save it as UTF-8")
        return key

    def _persona(self, row: Row, names: dict[str, str]) -> str | None:
        return self._named(row, names.get("persona"), self._personas, "persona")

    def _named(self, row: Row, column: str | None, known: Mapping[str, str], kind: str) -> str | None:
        """The name in a column that may be empty, as declared."""
        cell = row.cells[column] if column is not None else ""
        text = cell.strip() if isinstance(cell, str) else ""
        if column is None or not text:
            return None
        name = known.get(fold(text))
        if name is None:
            near = nearest(text[:64], known.values())
            hint = f"did you mean `{near}`?" if near else ""
            message = f"row {row.number} names the {kind} `{text[:64]}`, which nothing declares"
            raise _BadRowError(UNKNOWN, row, column, message, label=f"no such {kind}", help=hint)
        return name

    def _values(self, row: Row, names: dict[str, str], attributes: Mapping[str, Attribute]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for folded, attribute in attributes.items():
            column = names.get(folded)
            cell: Cell = row.cells[column] if column is not None else ""
            if column is not None and cell != "":
                values[attribute.name] = self._value(row, column, attribute)
            elif not may_be_left_out(attribute):
                raise _BadRowError(
                    *(MISSING, row, column or ""),
                    f"row {row.number} has no `{attribute.name}`, which has no default and may not be unknown",
                    label="no value",
                    help=f"give it here, or declare `{attribute.name}` with a default or with `?`",
                )
        return values

    def _value(self, row: Row, column: str, of: Attribute | Field) -> Value:
        type = of.type
        known = id(type), row.cells[column]
        if known in self._read:
            return self._read[known]
        value = literals.read(type, row.cells[column])
        if isinstance(value, literals.Bad):
            said, hint = (
                ("the value, which is private, cannot be read", "") if of.private else (value.message, value.help)
            )
            message = f"row {row.number}, column `{column}`: {said}"
            raise _BadRowError(VALUE, row, column, message, label=f"{type}", help=hint)
        if value is None and not type.unknown and type.base is not Base.LIST:
            message = f"row {row.number} has no `{of.name}`, which may not be unknown"
            hint = f"give it, or declare it `{type}?`"
            raise _BadRowError(MISSING, row, column, message, label="unknown", help=hint)
        if len(self._read) < MOST_REMEMBERED:
            self._read[known] = value
        return value

    # --- happenings

    def occurrences(
        self, rows: Iterable[Row | Diagnostic], of: Container[int | str] | None = None
    ) -> dict[int | str, tuple[Occurrence, ...]]:
        """What happens to each customer (or to those in `of`), by instant and then in file order."""
        found: dict[int | str, list[Occurrence]] = {}
        keys: set[tuple[int | str, str, Value]] = set()
        for row, names in self._usable(rows, ("customer", "at", "event"), self._known_to_happenings):
            try:
                customer, occurrence = self._occurrence(row, names, keys)
            except _BadRowError as bad:
                self._set_aside(bad.rejected)
                continue
            if of is None or customer in of:
                found.setdefault(customer, []).append(occurrence)
        return {key: tuple(sorted(these, key=lambda one: one.at)) for key, these in found.items()}

    def _occurrence(
        self, row: Row, names: dict[str, str], keys: set[tuple[int | str, str, Value]]
    ) -> tuple[int | str, Occurrence]:
        customer = whole_number(self._key(row, names))
        cell = row.cells[names["at"]]
        at = literals.instant(cell if isinstance(cell, str) else "")
        if isinstance(at, literals.Bad):
            message = f"row {row.number}, column `{names['at']}`: {at.message}"
            raise _BadRowError(VALUE, row, names["at"], message, label="when?", help=at.help)
        word = row.cells[names["event"]]
        if isinstance(word, str) and fold(word.strip()) == CHANGE and CHANGE not in self._events:
            return customer, Occurrence(at=at, changes=self._changes(row, names))
        known = {folded: event.name for folded, event in self._events.items()}
        name = self._named(row, names["event"], known, "event")
        if name is None:
            message = f"row {row.number} has no event"
            raise _BadRowError(MISSING, row, names["event"], message, help="name an event, or write `set`")
        event = self._events[fold(name)]
        payload = self._payload(row, names, event)
        for field in event.fields:
            if field.key and payload[field.name] is not None:
                self._only_once(row, field, (customer, name, payload[field.name]), keys)
        touchpoint = self._named(row, names.get("touchpoint"), self._touchpoints, "touchpoint")
        return customer, Occurrence(at=at, event=name, payload=payload, touchpoint=touchpoint)

    def _only_once(
        self, row: Row, field: Field, key: tuple[int | str, str, Value], keys: set[tuple[int | str, str, Value]]
    ) -> None:
        column = self._columns[tuple(row.cells)][fold(field.name)]
        if key in keys:
            known = "" if field.private else f" {key[2]}"
            message = f"row {row.number} repeats `{key[1]}` with `{column}`{known} of customer `{key[0]}`"
            raise _BadRowError(DUPLICATE, row, column, message, label="seen before")
        keys.add(key)

    def _changes(self, row: Row, names: dict[str, str]) -> dict[str, Value]:
        changes = {
            attribute.name: self._value(row, names[folded], attribute)
            for folded, attribute in self._attributes.items()
            if folded in names and row.cells[names[folded]] != ""
        }
        if not changes:
            raise _BadRowError(MISSING, row, "", f"row {row.number} sets nothing", help="fill an attribute's column")
        return changes

    def _payload(self, row: Row, names: dict[str, str], event: Event) -> dict[str, Value]:
        payload: dict[str, Value] = {}
        for field in event.fields:
            column = names.get(fold(field.name))
            if column is not None and row.cells[column] != "":
                payload[field.name] = self._value(row, column, field)
            elif field.type.unknown or field.type.base is Base.LIST:
                payload[field.name] = None if field.type.unknown else ()
            else:
                message = f"row {row.number} has no `{field.name}`, which `{event.name}` always carries"
                hint = f"give it, or declare the field `{field.type}?`"
                raise _BadRowError(MISSING, row, column or "", message, label="no value", help=hint)
        return payload

    # --- rows and columns

    def _usable(
        self, rows: Iterable[Row | Diagnostic], needed: tuple[str, ...], known: Mapping[str, str]
    ) -> Iterator[tuple[Row, dict[str, str]]]:
        """Rows whose columns are in order, with the columns by name; a new set of columns is looked at once."""
        self._columns.clear()
        self._unusable.clear()
        for row in rows:
            if self.stopped:
                return
            if isinstance(row, Diagnostic):
                self._set_aside(Rejected(getattr(row.span.source, "row", 0), "", row))
                self.stopped = self.stopped or row.rule == UNREADABLE.name
                continue
            shape = tuple(row.cells)
            if row.number in self._left_out:
                continue
            if shape in self._unusable:
                self._count(msgspec.structs.replace(self._unusable[shape], row=row.number))
            elif shape in self._columns:
                yield row, self._columns[shape]
            elif (wrong := self._take_columns(row, shape, needed, known)) is not None:
                self._unusable[shape] = wrong
                self._set_aside(wrong)
            else:
                yield row, self._columns[shape]

    def _take_columns(
        self, row: Row, shape: tuple[str, ...], needed: tuple[str, ...], known: Mapping[str, str]
    ) -> Rejected | None:
        """What is wrong with a set of columns, for all rows that have it; None if it can be used."""
        names: dict[str, str] = {}
        place = row.heading or row.place
        for column in shape:
            folded = fold(column.strip()).removeprefix("customer.")
            if folded in names:
                twice = DUPLICATE.at(place(column), f"the column `{column}` stands there twice")
                return Rejected(row.number, column, twice)
            names[folded] = column
            if folded not in known and folded not in self._told:
                self._told.add(folded)
                near = nearest(column[:64], known.values())
                self._report(
                    COLUMN_UNKNOWN.at(
                        place(column),
                        f"no attribute or field is called `{column[:64]}`; the column is left out",
                        label="unknown column",
                        help=f"did you mean `{near}`?" if near else "declare it, or delete the column",
                    )
                )
        for column in needed:
            if column not in names:
                hint = f"add a column `{column}`"
                lacking = COLUMN_MISSING.at(place(""), f"there is no column `{column}`", help=hint)
                return Rejected(row.number, column, lacking)
        self._columns[shape] = names
        return None

    @property
    def _known_to_customers(self) -> dict[str, str]:
        own = {folded: attribute.name for folded, attribute in self._attributes.items()}
        return {"customer": "customer", "persona": "persona", **own}

    @property
    def _known_to_happenings(self) -> dict[str, str]:
        fields = {fold(field.name): field.name for event in self._events.values() for field in event.fields}
        words = {word: word for word in ("customer", "at", "event", "touchpoint")}
        return {**words, **fields, **self._known_to_customers}

    def _set_aside(self, one: Rejected) -> None:
        self.stopped = self.stopped or self._strict
        self._report(one.finding)
        self._count(one)

    def _count(self, one: Rejected) -> None:
        self.rejected += 1
        if self._aside is not None:
            self._aside(one)

    def _report(self, finding: Diagnostic) -> None:
        if not self._strict and finding.severity is Severity.ERROR:
            finding = msgspec.structs.replace(finding, severity=Severity.WARNING)
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def as_error(finding: Diagnostic) -> Diagnostic:
    """A finding where the rows that are left cannot be used; a column that is left out does not matter then either."""
    if finding.rule == COLUMN_UNKNOWN.name:
        return finding
    return msgspec.structs.replace(finding, severity=Severity.ERROR)


def from_happenings(occurrences: Mapping[int | str, tuple[Occurrence, ...]]) -> Iterator[Customer]:
    """The customers of a file of happenings without rows of their own: all attributes at their defaults."""
    for key, own in occurrences.items():
        yield Customer(key=str(key), occurrences=own)


def may_be_left_out(attribute: Attribute) -> bool:
    """Whether a customer without a value has one all the same, or may go without."""
    return attribute.default is not None or attribute.type.unknown or attribute.type.base is Base.LIST


def without_default(project: Project) -> tuple[Diagnostic, ...]:
    """Findings for attributes that customers made up by the simulator cannot have a value for.

    Every persona must draw what has no default and may not be unknown.
    """
    vocabulary = project.vocabulary
    findings = []
    for name, attribute in vocabulary.attributes.items():
        lacking = [
            persona.name
            for persona in vocabulary.personas.values()
            if all(fold(draw.attribute) != fold(name) for draw in persona.draws)
        ]
        if may_be_left_out(attribute) or (vocabulary.personas and not lacking):
            continue
        who = f"persona `{lacking[0]}` draws no `{name}`" if lacking else f"nothing gives customers a `{name}`"
        message = f"{who}, which has no default and may not be unknown"
        hint = f"declare `{name}` with a default or with `?`, draw it in every persona, or give customers in a file"
        findings.append(MISSING.at(attribute.name_span, message, label="no value", help=hint))
    return tuple(findings)


def _places_met(project: Project) -> Iterator[str]:
    yield from project.vocabulary.touchpoints
    for journey in project.journeys.values():
        for stage in journey.stages:
            for step in within(stage.steps):
                if isinstance(step, Meet):
                    yield step.touchpoint.name
                    if step.name:
                        yield step.name
