"""Happenings as lines of JSON, one each, with private values masked."""

from __future__ import annotations

import json
from collections.abc import Callable

from safar.engine.expression import Base, Type, Value
from safar.engine.model import Attribute, Field, Project
from safar.engine.names import fold
from safar.engine.simulate.happening import Happening
from safar.engine.simulate.literals import utc, write
from safar.engine.simulate.words import PRIVATE

_text: Callable[[str], str] = json.JSONEncoder(ensure_ascii=False).encode
_UNTYPED = Type(Base.UNKNOWN)


class Tracer:
    """Writes the happenings of one project.

    A value is written in the language's own literals, so that a file of customers or happenings can take it.
    """

    def __init__(self, project: Project) -> None:
        vocabulary = project.vocabulary
        self._events = {name: _by_name(event.fields) for name, event in vocabulary.events.items()}
        self._actions = {name: _by_name(action.fields) for name, action in vocabulary.actions.items()}
        self._attributes = {fold(name): one for name, one in vocabulary.attributes.items()}

    def line(self, one: Happening) -> str:
        """The happening as one line of JSON, with its line end."""
        payload = "null"
        if one.payload is not None:
            fields = {name: write(type, value) for name, type, value in self.payload(one)}
            payload = json.dumps(fields, ensure_ascii=False)
        return (
            f'{{"customer": {_text(one.customer)}, "journey": {_or_null(one.journey)}, "entry": {one.entry or "null"}, '
            f'"n": {one.n}, "at": "{utc(one.at)}", "step": {_or_null(one.step)}, "what": "{one.what.value}", '
            f'"event": {_or_null(one.event)}, "payload": {payload}, "why": {_text(one.why)}, '
            f'"touchpoint": {_or_null(one.touchpoint)}, "detail": {_or_null(one.detail)}}}\n'
        )

    def payload(self, one: Happening) -> list[tuple[str, Type, Value]]:
        """The fields or attributes that a happening carries, with their types; a private value is its mask."""
        declared: dict[str, Field | Attribute] = dict(self._attributes)
        declared.update(self._events.get(one.event or "", self._actions.get(one.detail, {})))
        fields = []
        for name, value in (one.payload or {}).items():
            known = declared.get(fold(name))
            masked = value == PRIVATE or (known is not None and known.private)
            type = _UNTYPED if known is None or masked else known.type
            fields.append((name, type, PRIVATE if masked else value))
        return fields


def _or_null(text: str | None) -> str:
    return _text(text) if text else "null"


def _by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {fold(field.name): field for field in fields}
