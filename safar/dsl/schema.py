"""The forms -> a JSON Schema of `.journey.yaml` files, for editors.

It says which keys stand where and of which shape their values are.  What stands in a text is the checker's to say:
one mistake, one finding, at its words.  Shapes are never alternatives (`oneOf`), which editors report badly: a value
has types, and each keyword speaks about one of them; a step is told from others by its first words, in `if`/`then`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from safar.dsl.forms import blocks
from safar.dsl.schema_values import DRAFT, EMPTY_BODY, flag, scalar, spelled, value
from safar.dsl.yaml_keys import (
    LISTS,
    SINGLE,
    Slot,
    clause_keys,
    inline_body,
    reaction_forms,
    single_forms,
    slots,
    step_forms,
)
from safar.engine.form import Clause, Form, Kind

Schema = dict[str, Any]

_STEPS: Schema = {"$ref": "#/definitions/steps"}


def journey_schema() -> Schema:
    """The schema of a `.journey.yaml` file; every file that checks is valid under it.

    >>> sorted(journey_schema()["properties"])[:3]
    ['actions', 'channels', 'conditions']
    """
    return {
        "$schema": DRAFT,
        "$id": "urn:safar:journey:1",
        "title": "Customer journeys",
        "description": "A .journey.yaml file of Safar: the statements of a .journey file, their words as keys.",
        "type": ["object", "null"],
        "properties": _lines("file"),
        "additionalProperties": False,
        "definitions": {
            "steps": {"type": "array", "items": {"$ref": "#/definitions/step"}},
            "step": _step(),
            **{form.id: _step_of(form) for form in step_forms().values()},
            **_items(),
            **{block: _listed(block) for block in sorted(LISTS - {"steps"}) if blocks().get(block)},
        },
    }


# --- blocks


def _lines(block: str) -> Schema:
    """The keys of a block's lines, each with its schema."""
    return {key: _slot(slot) for key, slot in slots(block).items() if key}


def _slot(slot: Slot) -> Schema:
    if slot.shape == "steps":
        return {**_STEPS, "description": "What happens in the stage, one step after another."}
    if slot.shape == "map":
        return {**_named(slot.form), "title": slot.key}
    shape = _several(_named_item(slot.forms)) if _may_be_several(slot) else _item(slot.forms)
    return {**shape, **spelled(*slot.forms)}


def _may_be_several(slot: Slot) -> bool:
    """Whether a list under the key is several statements, not one value of a statement."""
    head = slot.form.clauses[0] if slot.form.clauses else None
    is_one = head is not None and (head.kind is Kind.NAMES or head.block in LISTS)
    return slot.shape == "list" or (slot.shape == "line" and slot.form.many and not is_one)


def _named_item(several: Sequence[Form]) -> str:
    return f"one_{several[0].id}"


def _items() -> Schema:
    """The statements that may stand alone or in a list, by their names among the definitions."""
    several = [
        slot.forms for block in blocks() for slot in slots(block).values() if slot.forms and _may_be_several(slot)
    ]
    return {_named_item(some): _item(some) for some in several}


def _several(name: str) -> Schema:
    """One such value or a list of them."""
    item = {"$ref": f"#/definitions/{name}"}
    return {"if": {"type": "array"}, "then": {"items": item}, "else": item}


def _named(form: Form) -> Schema:
    """A mapping from names to such statements."""
    return {"type": "object", "additionalProperties": _declared(form), **spelled(form)}


def _declared(form: Form) -> Schema:
    rest = [clause for clause in form.clauses[1:] if clause.kind is not Kind.BODY]
    short = next((clause for clause in rest if clause.needed), rest[0] if rest else None)
    keyed = _keyed(form, without=("name",))
    inside = inline_body(form)
    if inside is not None and inside.block in SINGLE:
        keyed.pop("anyOf")  # that nothing is said in it is told when it is built, as for a .journey file
        return {**keyed, "type": ["string", "object", "null"]}
    if short is None:
        return {**keyed, "type": ["object", "null"]}
    text = scalar(short.kind, empty=not short.needed)
    return {**text, **keyed, "type": [*text["type"], "object"]}


# --- statements


def _item(several: Sequence[Form]) -> Schema:
    """A statement that is one value: a mapping of its clauses, or the rest of its line as a text."""
    if len(several) > 1:
        return _one_of(several)
    form = several[0]
    if not form.clauses:
        return flag()
    head = form.clauses[0]
    if head.kind is Kind.BODY:
        return _block(head.block) if head.block in LISTS else _keyed(form)
    text = value(head)
    types = [one for one in text["type"] if one != "object"]
    if len(form.clauses) > 1:
        text.pop("enum", None)  # behind the word there may be the rest of its line
    return {**text, **_keyed(form), "type": [*types, "object"]}


def _one_of(several: Sequence[Form]) -> Schema:
    """A statement of forms with the same first words: the key of its first clause says which it is."""
    keyed = {next(iter(clause_keys(form))): _keyed(form) for form in several}
    return {
        "type": ["string", "object"],
        "properties": _union(keyed.values()),
        "additionalProperties": False,
        "anyOf": [{"type": "string"}, *({"required": [key]} for key in keyed)],
        "allOf": [
            {"if": {"type": "object", "required": [key]}, "then": {**_only(schema), "required": schema["required"]}}
            for key, schema in keyed.items()
        ],
    }


def _keyed(form: Form, without: Iterable[str] = (), asked: bool = True) -> Schema:
    """The mapping of a statement: its clauses by their keys, beside them the lines of its body.

    Where the text under the first words may say the rest of the line, no clause is `asked` for but a list.
    """
    clauses = {key: clause for key, clause in clause_keys(form).items() if clause.field not in without}
    properties = {key: _clause(clause) for key, clause in clauses.items()}
    needed = [key for key, clause in clauses.items() if clause.needed and (asked or clause.kind is Kind.BODY)]
    schema: Schema = {"type": "object", "additionalProperties": False}
    body = inline_body(form)
    if body is not None and body.block in SINGLE:
        schema |= _chosen(single_forms(body.block))
        properties = {body.field: EMPTY_BODY, **schema["properties"], **properties}
    elif body is not None:
        properties = {body.field: EMPTY_BODY, **_lines(body.block), **properties}
        if "" in slots(body.block):
            schema["additionalProperties"] = _declared(slots(body.block)[""].form)
            properties = {}
    if any(clause.kind is Kind.REACTION for clause in form.clauses):
        schema |= _chosen(reaction_forms())
        properties = {**schema["properties"], **properties}
    return {**schema, "properties": properties, "required": needed}


def _clause(clause: Clause) -> Schema:
    return _block(clause.block) if clause.kind is Kind.BODY else value(clause)


def _block(block: str) -> Schema:
    return _STEPS if block == "steps" else {"$ref": f"#/definitions/{block}"}


def _listed(block: str) -> Schema:
    """A body that is a list under a key of its own."""
    form = next(slot.form for slot in slots(block).values() if slot.form.plural)
    return {"type": "array", "items": _item((form,)), **spelled(form)}


# --- steps


def _step() -> Schema:
    """A step: the first words that stand in the mapping say which, and the rest follows from them."""
    steps = step_forms()
    keys = {words: set(_step_keys(form)) for words, form in steps.items()}
    choices = []
    for words, form in steps.items():
        above = [{"required": [other]} for other in steps if words in keys[other]]
        this: Schema = {"required": [words]}
        if above:
            this["not"] = {"anyOf": above}
        choices.append({"if": this, "then": {"$ref": f"#/definitions/{form.id}"}})
    return {
        "type": "object",
        "properties": {words: spelled(form) for words, form in steps.items()},
        "anyOf": [{"required": [words]} for words in steps],
        "allOf": choices,
    }


def _step_keys(form: Form) -> Schema:
    """The keys that may stand beside a step's first words."""
    head = form.clauses[0]
    keys: Schema = _keyed(form, without=(head.field,))["properties"]
    return {**keys, "otherwise": _STEPS} if form.id == "wait_up_to" else keys


def _step_of(form: Form) -> Schema:
    head = form.clauses[0]
    keyed = _keyed(form, without=(head.field,), asked=False)
    first = {**value(head), **spelled(form)}
    first.pop("enum", None)
    return {
        **keyed,
        "properties": {form.words: first, **_step_keys(form)},
        "required": [form.words, *keyed["required"]],
    }


def _chosen(forms: dict[str, Form]) -> Schema:
    """One statement of several, its keys beside those of the statement around it: an interrupt's reaction, a rule."""
    steps = {words: _step_of(form) for words, form in forms.items()}
    every = {key for step in steps.values() for key in step["properties"]}
    return {
        "properties": _union(steps.values()),
        "anyOf": [{"required": [words]} for words in steps],
        "allOf": [
            {
                "if": {"type": "object", "required": [words]},
                "then": {"properties": dict.fromkeys(sorted(every - set(step["properties"])), False)},
            }
            for words, step in steps.items()
        ],
    }


def _union(schemas: Iterable[Schema]) -> Schema:
    return {key: shape for schema in schemas for key, shape in schema["properties"].items()}


def _only(schema: Schema) -> Schema:
    """These keys and no others, said without their shapes again."""
    return {"properties": dict.fromkeys(schema["properties"], True), "additionalProperties": False}
