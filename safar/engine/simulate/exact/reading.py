"""What expressions read, found without working them out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import msgspec

from safar.engine import expression as e
from safar.engine.expression import Expression
from safar.engine.simulate.exact.refusal import NotExactError

_CLOCK = (e.Now, e.Today, e.Weekday, e.Since)
_PAST = (e.Count, e.Last, e.First, e.EventField)


@functools.lru_cache(maxsize=65_536)
def _parts(number: int, keeper: _Kept) -> tuple[frozenset[str], frozenset[str]]:
    return _reads(keeper.node)


class _Kept:
    """A node as a key of a cache, alive as long as the cache."""

    __slots__ = ("node",)

    def __init__(self, node: Expression) -> None:
        self.node = node

    def __hash__(self) -> int:
        return id(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.node is self.node


def children(node: msgspec.Struct) -> Iterator[Expression]:
    """The expressions right inside a node."""
    for field in node.__struct_fields__:
        value = getattr(node, field)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Expression):
                yield one


def reads(node: Expression) -> tuple[frozenset[str], frozenset[str]]:
    """The names of what an expression reads, as in `Origins`, and what else it asks: persona, stage, past.

    Raises `NotExactError` where it asks for the clock, or for more of the past than whether something happened.
    """
    return _parts(id(node), _Kept(node))


def _reads(node: Expression) -> tuple[frozenset[str], frozenset[str]]:
    if isinstance(node, _CLOCK):
        raise NotExactError("a condition asks for the time", node.span)
    if isinstance(node, _PAST):
        raise NotExactError("a condition asks for more of the past than whether something happened", node.span)
    if isinstance(node, e.Happened):
        if node.form.within is not None or node.form.where is not None:
            raise NotExactError("a condition asks when something happened, or with what", node.span)
        return frozenset(), frozenset({"past"})
    names: set[str] = set()
    asks: set[str] = set()
    if isinstance(node, e.Persona | e.StageName):
        asks.add("persona" if isinstance(node, e.Persona) else "stage")
    elif isinstance(node, e.Attribute):
        names.add(node.name)
    elif isinstance(node, e.EntryField):
        names.add(f"entry.{node.field}")
    elif isinstance(node, e.PayloadField):
        names.add(f"event.{node.field}")
    for child in children(node):
        inner, also = _reads(child)
        names |= inner
        asks |= also
    return frozenset(names), frozenset(asks)


def linear_mean(node: Expression, read: Callable[[str], float], why: str) -> float:
    """The mean of sums, differences and multiples, from the means of what is read."""
    if isinstance(node, e.Attribute):
        return read(node.name)
    if isinstance(node, e.EntryField | e.PayloadField):
        return read(f"{'entry' if isinstance(node, e.EntryField) else 'event'}.{node.field}")
    if isinstance(node, e.Literal) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, e.Arithmetic):
        fixed = [isinstance(one, e.Literal) for one in (node.left, node.right)]
        left, right = (linear_mean(one, read, why) for one in (node.left, node.right))
        if node.op in ("+", "-"):
            return left + right if node.op == "+" else left - right
        if (node.op == "*" and any(fixed)) or (node.op == "/" and fixed[1] and right):
            return left * right if node.op == "*" else left / right
    raise NotExactError(why, node.span)
