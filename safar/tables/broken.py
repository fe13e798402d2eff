"""Findings of files and rows that cannot be read."""

from __future__ import annotations

from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.customers import BROKEN, UNREADABLE
from safar.engine.simulate.rows import Stretch
from safar.engine.source import NOWHERE, Span


def unreadable(name: str, message: str, hint: str = "") -> Diagnostic:
    """A file that cannot be read, or not on."""
    return UNREADABLE.at(Span(Stretch(name, "", first=1), 0, 0) if name else NOWHERE, message, help=hint)


def broken(stretch: Stretch, message: str) -> Diagnostic:
    """A row that is none."""
    whole = Span(stretch, 0, len(stretch.text.rstrip("\r\n")))
    return BROKEN.at(whole, f"row {stretch.row} {message}", label="not a row")
