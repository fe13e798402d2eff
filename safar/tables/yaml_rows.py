"""YAML: a list of mappings, or one key with such a list.  It cannot be streamed, so it has a limit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import IO

from safar.dsl.limits import Limits
from safar.dsl.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, is_damaged, is_empty
from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.customers import BROKEN
from safar.engine.simulate.rows import Cell, Row
from safar.engine.source import Source, Span
from safar.tables.stretch import Rows

_LIMITS = Limits(file=4 << 20, nodes=300_000)


def rows(name: str, file: IO[str], wanted: Rows) -> Iterator[Row | Diagnostic]:
    """A list of mappings, or one key with such a list; every scalar is its text."""
    from safar.dsl.yaml_events import read_events

    text = file.read(_LIMITS.file + 1)
    source = Source(name, text)
    events = read_events(source, text, _LIMITS)
    yield from events.findings
    if events.broken is not None:
        at = events.broken.at
        yield BROKEN.at(Span(source, at, at), f"the file stops being YAML: {events.broken.problem}")
    root = events.root
    if isinstance(root, Mapping) and len(root.entries) == 1:
        root = root.entries[0].value
    if root is None or is_empty(root):
        return
    if not isinstance(root, Sequence):
        yield BROKEN.at(
            Span(source, root.start, root.end), "the file is no list of rows", help="write `- customer: c1`"
        )
        return
    for number, item in enumerate(root.items, 1):
        wanted.reach(number, 1, lambda: 0)
        if _is_damaged(item) or wanted.before(number):
            continue  # what is wrong with a damaged one is told already
        if wanted.over(number):
            return
        cells = _cells(item)
        if cells is None:
            message = f"row {number} is not a mapping of plain values and lists of them, each key once"
            yield BROKEN.at(Span(source, item.start, item.end), message, label="not a row")
        else:
            yield Row(number, cells, partial(_place, source, item))


def _is_damaged(item: YamlNode) -> bool:
    inside = [node for entry in item.entries for node in (entry.key, entry.value)] if isinstance(item, Mapping) else ()
    return any(map(is_damaged, (item, *inside)))


def _cells(item: YamlNode) -> dict[str, Cell] | None:
    if not isinstance(item, Mapping):
        return None
    cells: dict[str, Cell] = {}
    for entry in item.entries:
        value = entry.value
        if entry.key.text in cells:
            return None
        if isinstance(value, Scalar):
            cells[entry.key.text] = _text(value)
        elif isinstance(value, Sequence) and all(isinstance(part, Scalar) for part in value.items):
            cells[entry.key.text] = tuple(_text(part) for part in value.items if isinstance(part, Scalar))
        else:
            return None
    return cells


def _text(scalar: Scalar) -> str:
    return "" if not scalar.style and scalar.text in ("null", "~") else scalar.text


def _place(source: Source, item: YamlNode, column: str) -> Span:
    for entry in item.entries if isinstance(item, Mapping) else ():
        if entry.key.text == column:
            return Span(source, entry.value.start, entry.value.end)
    return Span(source, item.start, item.end)
