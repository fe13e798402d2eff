"""A customer's possible states as bits: a field for each thing that conditions ask about, a bit for each class.

A box is a whole number: it holds the customers who, for each thing, are in one of the classes whose bits are set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from safar.engine import expression as e
from safar.engine.expression import Expression, Value
from safar.engine.model import Attribute, Project
from safar.engine.prove.atoms import AT_ENTRY, NEVER, SINCE, Atom, Form, Key, leaves
from safar.engine.prove.classes import is_ordered, values

FIXED, GROWING, FREE, MOMENT = "fixed", "growing", "free", "moment"
"""How a thing may change while time passes; `moment`: it is an event's, and another event's is another."""

_FIXED_LEAVES = (e.Persona, e.EntryField, e.Literal)
MOST_CLASSES = 64
"""Classes of one thing; one that is compared with more constants is not told apart."""


class Variable(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One thing: its field begins at bit `offset`; `values` has one value of each class.

    `needs` are the attributes that it is computed from, where it is not one itself; `past` whether it tells of what
    happened.  Without `values` nothing can be told of it.
    """

    key: Key
    values: tuple[Value, ...]
    change: str
    offset: int
    field: int
    """Its bits, all set."""
    form: Form | None = None
    """The event that it tells of, if that is all it tells."""
    needs: frozenset[str] = frozenset()
    past: bool = False
    expression: Expression | None = None
    cuts: frozenset[Value] = frozenset()
    """The constants at which its values are cut."""

    @property
    def name(self) -> str:
        """What it is called in words."""
        match self.key:
            case ("attribute", name):
                return f"customer.{name}"
            case ("entry", name):
                return f"entry.{name}"
            case ("persona",):
                return "persona"
            case ("arm", split):
                return f"arm of {split}"
            case ("happened", Form(name=name, answers=answers)):
                return f"{name}({answers})" if answers else name
            case ("expression", Expression() as asked):
                return " ".join(asked.span.text.split())
        return " ".join(map(str, self.key))

    def class_of(self, value: Value) -> int | None:
        """The class in which a value is."""
        if value in self.values and not isinstance(value, bool):
            return self.values.index(value)
        here = self._position(value)
        return next((number for number, one in enumerate(self.values) if self._position(one) == here), None)

    def _position(self, value: Value) -> object:
        if value is None or isinstance(value, bool | str | tuple):
            return value if value is None or isinstance(value, bool) or value in self.cuts else "other"
        return sum(one < value for one in self.cuts), value in self.cuts  # type: ignore[operator]

    def bits(self, classes: Iterable[int]) -> int:
        return sum(1 << (self.offset + one) for one in set(classes))

    def classes(self, box: int) -> list[int]:
        """The classes that a box leaves."""
        return [one for one in range(len(self.values)) if box >> (self.offset + one) & 1]

    def left(self, box: int) -> list[Value]:
        """A value of each class that a box leaves."""
        return [self.values[one] for one in self.classes(box)]


class Space:
    """The things that one journey and its rules ask about.

    One thing is asked of everybody and true of everybody, so that no box of somebody is empty.
    """

    def __init__(
        self,
        project: Project,
        atoms: Iterable[Atom],
        arms: Sequence[tuple[str, tuple[str, ...]]],
        refusing: Sequence[str] = (),
    ) -> None:
        """`arms` are splits with the arms that somebody may be in, `refusing` channels that may refuse a message."""
        self.project = project
        self._asked: dict[Key, list[Atom]] = {}
        for one in atoms:
            self._asked.setdefault(one.key, []).append(one)
        self.size = 0
        self.variables: list[Variable] = []
        self.by_key: dict[Key, Variable] = {}
        self._add(("anybody",), (True,), FIXED)
        for split, names in arms:
            self._add(("arm", split), tuple(names), FIXED)
        for channel in refusing:
            self._add(("refused", channel), (False, True), FREE)
        for key, several in self._asked.items():
            self._ask(key, several)
        self.full = (1 << self.size) - 1
        self.free = self._all(FREE)
        self.moment = self._all(MOMENT)
        self.growing = tuple(one for one in self.variables if one.change == GROWING)
        self.told = tuple(one for one in self.variables if one.form is not None)
        self.past = tuple(one for one in self.variables if one.past and one.expression is not None)
        self._top = sum(1 << one.offset + len(one.values) - 1 for one in self.variables)
        self._low = self.full & ~self._top
        self.field_at = tuple(one.field for one in self.variables for _ in one.values)
        self._answers = [(one, place) for one in self.growing if (place := answered(one.key))]

    def _all(self, change: str) -> int:
        return sum(one.field for one in self.variables if one.change == change)

    def _add(self, key: Key, values: tuple[Value, ...], change: str, **more: Any) -> None:
        field = ((1 << len(values)) - 1) << self.size
        form = key[-1] if isinstance(key[-1], Form) else None
        made = Variable(key=key, values=values, change=change, offset=self.size, field=field, form=form, **more)
        self.size += len(values)
        self.variables.append(made)
        self.by_key[key] = made

    def _ask(self, key: Key, several: list[Atom]) -> None:
        if key[0] == "happened":
            self._happening(key)
            return
        first = several[0]
        constants = {one for atom in several for one in atom.constants}
        lowest = 0 if isinstance(first.expression, e.Count) else None
        found = values(first.type, constants, tuple(self.project.vocabulary.personas), lowest)
        if 0 < len(found) <= MOST_CLASSES and key[0] != "stage":
            change, needs, past = self._change(key, first)
            cuts = frozenset(constants)
            self._add(key, found, change, needs=needs, past=past, expression=first.expression, cuts=cuts)

    def _happening(self, key: Key) -> None:
        self._add(key, (NEVER, AT_ENTRY, SINCE), GROWING, past=True)
        answers = answered(key)
        if answers and ("met", answers) not in self.by_key:
            self._add(("met", answers), (False, True), FIXED)

    def _change(self, key: Key, atom: Atom) -> tuple[str, frozenset[str], bool]:
        attributes = self.project.vocabulary.attributes
        match key:
            case ("attribute", str() as name):
                return attribute_change(attributes[name]), frozenset(), False
            case ("persona",) | ("entry", _):
                return FIXED, frozenset(), False
            case ("payload", _):
                return MOMENT, frozenset(), False
        parts = list(leaves(atom.expression))
        needs = frozenset(one.name for one in parts if isinstance(one, e.Attribute))
        past = not all(isinstance(one, (*_FIXED_LEAVES, e.Attribute, e.PayloadField)) for one in parts)
        if any(isinstance(one, e.PayloadField) for one in parts):
            return MOMENT, needs, past
        if isinstance(atom.expression, e.Count) and atom.expression.form.within is None:
            return GROWING, needs, True
        fixed = not past and all(attributes[name].change == FIXED for name in needs)
        return FIXED if fixed else FREE, needs, past

    # --- boxes

    def fields(self, bits: int) -> tuple[int, ...]:
        """The fields in which some bits lie."""
        found = []
        while bits:
            field = self.field_at[bits.bit_length() - 1]
            found.append(field)
            bits &= ~field
        return tuple(found)

    def proper(self, box: int) -> bool:
        """Whether a box holds anybody: no field is empty.

        All fields at once: what is set below a field's highest bit is carried into that by adding all bits below it.
        """
        return ((box & self._low) + self._low | box) & self._top == self._top

    def grown(self, box: int) -> int:
        """A box after time: growing things may be more than they were."""
        for one in self.growing:
            mask = box >> one.offset & ((1 << len(one.values)) - 1)
            raised = mask | 1 << SINCE if one.form else ((1 << len(one.values)) - 1) & ~((mask & -mask) - 1)
            if raised != mask and self.may_grow(one, box):
                box |= raised << one.offset
        return box

    def may_grow(self, one: Variable, box: int) -> bool:
        """An answer comes only after a delivery."""
        met = self.met(one)
        return met is None or bool(met.bits((1,)) & box)

    def met(self, one: Variable) -> Variable | None:
        """Whether the touchpoint is delivered whose answer a thing is; None if it is no answer."""
        answers = answered(one.key)
        return self.by_key["met", answers] if answers else None

    def needed(self, live: int) -> int:
        """Whether an answer can come depends on its delivery."""
        return sum(self.by_key["met", place].field for one, place in self._answers if one.field & live)

    @staticmethod
    def less(one: Variable, want: int) -> int:
        """What a growing thing may have been, so that it can be as wanted after some time."""
        mask = want >> one.offset & ((1 << len(one.values)) - 1)
        if one.form and not mask >> SINCE & 1:
            return want & one.field
        return ((1 << mask.bit_length()) - 1) << one.offset

    def about(self, attribute: str) -> Iterator[Variable]:
        """What is computed from an attribute."""
        return (one for one in self.variables if attribute in one.needs)


def answered(key: Key) -> str:
    """The touchpoint or step whose answer a thing is; empty if it is none."""
    return key[1].answers if isinstance(key[-1], Form) else ""  # type: ignore[attr-defined]


def attribute_change(attribute: Attribute) -> str:
    """Growing only where values have an order."""
    return FREE if attribute.change == GROWING and not is_ordered(attribute.type) else attribute.change
