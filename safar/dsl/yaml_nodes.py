"""A YAML file as it was written: mappings, sequences and texts with their places.  No scalar is ever resolved."""

from __future__ import annotations

import msgspec

DAMAGED = "\ufffd"
"""Stands in the text for what could not be read and is reported already."""


class Scalar(msgspec.Struct, frozen=True):
    """`style`: empty for plain, else the mark it begins with.  `flow`: inside braces or brackets.

    `damaged`: what stood here is reported; it is passed over in silence.
    """

    start: int
    end: int
    text: str
    style: str = ""
    flow: bool = False
    damaged: bool = False


class Sequence(msgspec.Struct, frozen=True):
    start: int
    end: int
    items: tuple[YamlNode, ...]
    flow: bool = False


class Entry(msgspec.Struct, frozen=True):
    key: Scalar
    value: YamlNode


class Mapping(msgspec.Struct, frozen=True):
    start: int
    end: int
    entries: tuple[Entry, ...]
    flow: bool = False


YamlNode = Scalar | Sequence | Mapping


def is_empty(node: YamlNode) -> bool:
    """Whether nothing is written: `key:` and a line end."""
    return isinstance(node, Scalar) and not node.text and not node.style and not node.damaged


def is_damaged(node: YamlNode) -> bool:
    return isinstance(node, Scalar) and node.damaged
