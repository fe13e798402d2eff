"""Mappings, lists and texts with comments -> lines of YAML."""

from __future__ import annotations

import msgspec

from safar.dsl.carry import Lead
from safar.dsl.gaps import Comment
from safar.dsl.yaml_quotes import is_only_text, is_plain
from safar.engine.source import display_width

WIDTH = 100
_MOST_IN_LINE = 3
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class Text(msgspec.Struct, frozen=True):
    """`verbatim`: for people, so that no program may take it for a number."""

    text: str
    verbatim: bool = False


class Pair(msgspec.Struct):
    key: str
    value: Value
    lead: Lead


class Item(msgspec.Struct):
    value: Value
    lead: Lead


class Map(msgspec.Struct):
    """`end` are the comments behind the last pair."""

    pairs: list[Pair] = []
    end: list[Comment] = []


class List(msgspec.Struct):
    items: list[Item] = []
    end: list[Comment] = []


Value = Text | Map | List | None


def lines(value: Map, indent: int = 0) -> list[str]:
    """A mapping in blocks."""
    out: list[str] = []
    for pair in value.pairs:
        _lead(out, pair.lead, indent)
        out += _pair(pair, indent)
    _comments(out, value.end, indent)
    return out


def _lead(out: list[str], lead: Lead, indent: int) -> None:
    _comments(out, lead.comments, indent)
    if lead.blank:
        out.append("")


def _comments(out: list[str], comments: list[Comment], indent: int) -> None:
    for comment in comments:
        out += [""] * comment.blank
        out.append(" " * indent + comment.text)


def _pair(pair: Pair, indent: int) -> list[str]:
    start = f"{' ' * indent}{_scalar(Text(pair.key), flow=False)}:"
    value = pair.value
    if value is None:
        return [start]
    if isinstance(value, Text):
        first, *more = _text(value, indent + 2)
        return [f"{start} {first}", *more]
    flow = _flow(value) if indent or not _is_filled(value) else None
    if flow is not None and display_width(f"{start} {flow}") <= WIDTH:
        return [f"{start} {flow}"]
    return [start, *(lines(value, indent + 2) if isinstance(value, Map) else _items(value, indent + 2))]


def _is_filled(value: Map | List) -> bool:
    return bool(value.pairs if isinstance(value, Map) else value.items)


def _items(value: List, indent: int) -> list[str]:
    out: list[str] = []
    for item in value.items:
        _lead(out, item.lead, indent)
        out += _item(item.value, indent)
    _comments(out, value.end, indent)
    return out


def _item(value: Value, indent: int) -> list[str]:
    dash = f"{' ' * indent}- "
    if isinstance(value, Text):
        first, *more = _text(value, indent + 2)
        return [dash + first, *more]
    assert isinstance(value, Map)
    flow = _flow(value) if len(value.pairs) > 1 else None
    if flow is not None and display_width(dash + flow) <= WIDTH:
        return [dash + flow]
    first, *more = lines(value, indent + 2)
    return [dash + first.lstrip(" "), *more]


def _flow(value: Value) -> str | None:
    """A value on one line: a small mapping of short texts, a list of bare words, or an empty one."""
    if isinstance(value, Text):
        return None if "\n" in value.text else _scalar(value, flow=True)
    if value is None:
        return ""
    if value.end:
        return None
    if isinstance(value, List):
        return None if value.items else "[]"
    if not value.pairs:
        return "{}"
    if len(value.pairs) > _MOST_IN_LINE or any(pair.lead.comments or pair.lead.blank for pair in value.pairs):
        return None
    parts: list[str] = []
    for pair in value.pairs:
        is_empty = isinstance(pair.value, List) and not pair.value.items and not pair.value.end
        said = _flow(pair.value) if isinstance(pair.value, Text) or is_empty else None
        if said is None or said[:1] in ("'", '"'):
            return None
        parts.append(f"{pair.key}: {said}")
    return f"{{{', '.join(parts)}}}"


def _text(value: Text, indent: int) -> list[str]:
    """A text as it stands behind its key: on the line, or below `|-`."""
    rows = value.text.split("\n")
    if len(rows) == 1 or not _is_literal(rows):
        return [_scalar(value, flow=False)]
    return ["|-", *((" " * indent + row) if row else "" for row in rows)]


def _is_literal(rows: list[str]) -> bool:
    """Whether a text of several lines may stand as it is: nothing that YAML would cut off or take for indentation."""
    return bool(rows[0]) and bool(rows[-1]) and not any(row != row.strip() or not _printable(row) for row in rows)


def _printable(text: str) -> bool:
    return text.replace("\u200c", "").replace("\u200d", "").isprintable()


def _scalar(value: Text, *, flow: bool) -> str:
    text = value.text
    if is_plain(text, flow=flow) and (not value.verbatim or is_only_text(text)):
        return text
    if _printable(text):
        return "'" + text.replace("'", "''") + "'"
    return (
        '"' + "".join(_ESCAPES.get(letter, letter if _printable(letter) else _escaped(letter)) for letter in text) + '"'
    )


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
