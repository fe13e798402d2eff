"""Which keys may stand in which block of a YAML file, told by the forms."""

from __future__ import annotations

import functools

import msgspec

from safar.dsl.forms import blocks
from safar.engine.form import Clause, Form, Kind

LISTS = frozenset({"steps", "arms", "ways", "responds", "behaves"})
"""Blocks that are lists under a key of their own; the lines of all others stand beside the clauses."""

SINGLE = frozenset({"rule"})
"""Blocks of one statement: its keys stand in the mapping of the statement around it."""

NAMED = frozenset({"customer", "traits"})
"""Blocks whose lines have no words of their own: every key is a name."""

_REACTIONS = ("exit", "go_to", "task", "do", "start", "set")


class Slot(msgspec.Struct, frozen=True):
    """What stands under a key: `line`, `map` (from names), `list`, or `steps`."""

    key: str
    shape: str
    forms: tuple[Form, ...] = ()

    @property
    def form(self) -> Form:
        return self.forms[0]


def _slot_of(form: Form) -> Slot:
    if form.plural:
        return Slot(form.plural, "list" if form.listed else "map", (form,))
    return Slot(form.words, "list" if form.listed else "line", (form,))


@functools.cache
def slots(block: str) -> dict[str, Slot]:
    """The keys of a block's lines; steps of a stage stand under `steps`."""
    table: dict[str, Slot] = {}
    for form in blocks().get(block, ()):
        if block == "stage" and "steps" in form.blocks:
            table["steps"] = Slot("steps", "steps")
            continue
        slot = _slot_of(form)
        known = table.get(slot.key)
        table[slot.key] = slot if known is None else Slot(slot.key, slot.shape, (*known.forms, form))
    return table


@functools.cache
def step_forms() -> dict[str, Form]:
    """The steps by their first words."""
    return {form.words: form for form in blocks()["steps"]}


@functools.cache
def reaction_forms() -> dict[str, Form]:
    """The steps that an interrupt may take, by their first words."""
    return {form.words: form for form in blocks()["steps"] if form.id in _REACTIONS}


@functools.cache
def single_forms(block: str) -> dict[str, Form]:
    """The statements of which one may stand in a block, by their first words."""
    return {form.words: form for form in blocks()[block]}


def key_of(form: Form, clause: Clause) -> str:
    """The YAML key of a clause."""
    if clause.kind is Kind.BODY and clause.block in LISTS and clause.field not in ("then", "otherwise"):
        return next(form.plural for form in blocks()[clause.block] if form.plural)
    if clause.key:
        return clause.key
    if clause.word and clause.word.replace(" ", "").isalpha():
        return clause.word
    if clause is form.clauses[0] and form.listed:
        return form.words or clause.field
    return clause.field


@functools.cache
def _clause_keys(form: Form) -> dict[str, Clause]:
    return {
        key_of(form, clause): clause
        for clause in form.clauses
        if clause.kind is not Kind.REACTION and (clause.kind is not Kind.BODY or clause.block in LISTS)
    }


def clause_keys(form: Form) -> dict[str, Clause]:
    """The clauses of a form by their keys, without bodies whose lines stand beside them."""
    return _clause_keys(form)


def inline_body(form: Form) -> Clause | None:
    """The body whose lines stand in the mapping of the statement itself."""
    return next((c for c in form.clauses if c.kind is Kind.BODY and c.block not in LISTS), None)


_PLACES = {
    "file": "at the left margin of the file",
    "steps": "in a list of steps",
    "stage": "in a stage",
    "ways": "in the list `for`",
}


def home_of(key: str) -> str:
    """Where a key belongs, in words; empty for a key that the language does not have."""
    if key in step_forms():
        return _PLACES["steps"]
    for block in blocks():
        if block not in LISTS and key in slots(block):
            return _PLACES.get(block, f"in `{block}`")
    return ""
