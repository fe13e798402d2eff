"""What a file may hold at most, so that reading one takes bounded time and memory."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """Bounds on one file; what goes beyond one is reported as `limit-exceeded`, naming the field."""

    file_bytes: int = 1_048_576
    depth: int = 64
    """Blocks in blocks, and in YAML collections in collections."""
    statements: int = 20_000
    expression_nodes: int = 1_000
    """In one statement."""
    expression_depth: int = 100
    name_length: int = 128
    text_length: int = 2_000
    yaml_nodes: int = 200_000
    integer: int = 2**53
    """The greatest whole number, either sign."""
    duration: int = 10 * 366 * 86_400
    """The longest duration, in seconds: ten years."""


DEFAULT = Limits()
