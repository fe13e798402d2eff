"""What stands below all findings: how many there are, and where to read more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from safar.engine.diagnostic import Diagnostic, Severity
from safar.renderers.terminal import BOLD, CYAN, GREEN, RED, YELLOW, Style

COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}

Where = Callable[[str], str]
"""From a path in the project to the path to show."""


def by_itself(path: str) -> str:
    """The path as it is."""
    return path


def counted(number: int, word: str) -> str:
    """
    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def counts(items: Sequence[Diagnostic]) -> dict[Severity, int]:
    """How many of each severity."""
    return {level: sum(item.severity is level for item in items) for level in Severity}


def summary(items: Sequence[Diagnostic], *, files: int, suppressed: int, style: Style) -> str:
    """One line of counts; suppressed findings are always among them.

    >>> summary([], files=2, suppressed=1, style=Style())
    'no findings in 2 files, 1 suppressed'
    """
    found = counts(items)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}
    parts = [style(counted(found[s], words[s]), COLOURS[s], BOLD) for s in Severity if found[s]]
    text = f"{', '.join(parts) or style('no findings', GREEN, BOLD)} in {counted(files, 'file')}"
    return text + (f", {suppressed} suppressed" if suppressed else "")


def hint(items: Sequence[Diagnostic]) -> str:
    """How to read about the first finding's rule; empty without findings."""
    return f"explain: safar explain {items[0].rule}" if items else ""
