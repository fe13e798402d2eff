"""Parts of a version in the names of the other, so that what means the same is equal."""

from __future__ import annotations

from typing import Any

import msgspec

from safar.engine.expression import Base, Condition, EventForm, Heard, Literal, Type
from safar.engine.model import Touchpoint
from safar.engine.names import fold
from safar.engine.source import NOWHERE

_NAMES = frozenset(("name", "answers", "attribute", "event", "field", "feed", "channel", "action", "outcome", "team"))
_SPANS = frozenset(("span", "name_span", "target_span"))


class Names(msgspec.Struct, frozen=True):
    """What steps and stages of the old version are called in the new one, by folded name."""

    steps: dict[str, str] = {}
    stages: dict[str, str] = {}

    def step(self, name: str) -> str:
        return self.steps.get(fold(name), fold(name))

    def stage(self, name: str) -> str:
        return self.stages.get(fold(name), fold(name))

    def back(self) -> Names:
        """The other way round."""
        return Names({new: old for old, new in self.steps.items()}, {new: old for old, new in self.stages.items()})


SAME_NAMES = Names()


def meant(value: Any, names: Names = SAME_NAMES) -> Any:
    """A part of a journey by its meaning: names folded and as the other version has them, declared conditions opened,
    without titles.  What is equal then means the same; it is for comparing only."""
    return _Reader(names, opened=True).read(value)


def told(value: Any, names: Names = SAME_NAMES) -> Any:
    """The same with titles, and with declared conditions by their names: what is equal then says the same."""
    return _Reader(names, opened=False).read(value)


class _Reader(msgspec.Struct, frozen=True):
    names: Names
    opened: bool

    def read(self, value: Any) -> Any:
        match value:
            case Condition(item=item):
                return self.read(item) if self.opened else msgspec.structs.replace(value, item=_ITEM)
            case EventForm():
                return self._form(value)
            case Literal(value=str() as stage) if value.type.base is Base.STAGE:
                return msgspec.structs.replace(value, value=self.names.stage(stage))
            case Touchpoint():
                return msgspec.structs.replace(self._parts(value), name=self.names.step(value.name))
            case msgspec.Struct():
                return self._parts(value)
            case tuple():
                return tuple(map(self.read, value))
        return value

    def _form(self, form: EventForm) -> EventForm:
        own = self.names.step(form.name) if form.kind is Heard.TOUCHPOINT else fold(form.name)
        answered = None if form.answers is None else self.names.step(form.answers)
        return msgspec.structs.replace(form, name=own, answers=answered, where=self.read(form.where))

    def _parts(self, value: msgspec.Struct) -> msgspec.Struct:
        changed: dict[str, Any] = {}
        for field in value.__struct_fields__:
            old = getattr(value, field)
            new = self._part(field, old)
            if new is not old:
                changed[field] = new
        return msgspec.structs.replace(value, **changed) if changed else value

    def _part(self, field: str, old: Any) -> Any:
        if field in _SPANS:
            return old
        if field == "title" and self.opened:
            return ""
        if isinstance(old, str):
            return fold(old) if field in _NAMES else old
        return self.read(old)


_ITEM = Literal(span=NOWHERE, type=Type(Base.UNKNOWN), value=None)
