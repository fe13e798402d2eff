"""A model with some of its parts replaced, for variants of a journey: what if this chance were another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from safar.engine.expression import Expression
from safar.engine.source import Span

Model = TypeVar("Model", bound=msgspec.Struct)


def rewritten(model: Model, parts: Mapping[int, msgspec.Struct]) -> Model:
    """The model in which the parts of these identities (`id`) are replaced, wherever they stand.

    What holds none of them stays the same object.
    """
    return _Rewriting(parts).of(model)  # type: ignore[no-any-return]


class _Rewriting:
    def __init__(self, parts: Mapping[int, msgspec.Struct]) -> None:
        self._parts = parts
        self._done: dict[int, Any] = {}

    def of(self, node: Any) -> Any:
        if isinstance(node, Expression | Span | str | int) or node is None:
            return self._parts.get(id(node), node)
        if id(node) not in self._done:
            self._done[id(node)] = self._parts[id(node)] if id(node) in self._parts else self._inside(node)
        return self._done[id(node)]

    def _inside(self, node: Any) -> Any:
        if isinstance(node, tuple):
            return self._same(node, tuple(map(self.of, node)))
        if isinstance(node, dict):
            made = {key: self.of(value) for key, value in node.items()}
            return made if any(made[key] is not node[key] for key in node) else node
        if not isinstance(node, msgspec.Struct):
            return node
        changed = {}
        for field in node.__struct_fields__:
            old = getattr(node, field)
            new = self.of(old)
            if new is not old:
                changed[field] = new
        return msgspec.structs.replace(node, **changed) if changed else node

    @staticmethod
    def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
        return new if any(a is not b for a, b in zip(old, new, strict=True)) else old
