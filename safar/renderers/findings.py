"""What all forms of findings share.  A form is one file: `findings_NAME.py` is `check --format NAME`.

It has `FOR_PEOPLE` (whether counts and a hint follow) and `findings(groups, frame)`, which gives the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from safar.engine.diagnostic import Diagnostic, Severity
from safar.renderers.terminal import BOLD, CYAN, GREEN, RED, YELLOW, Style

COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}
WIDTH = 120
"""Columns taken where there is no terminal to ask."""

Where = Callable[[str], str]
"""From a path in the project to the path to show."""


def by_itself(path: str) -> str:
    """The path as it is."""
    return path


class Group(msgspec.Struct, frozen=True):
    """Findings of one project, how its paths are shown in machine's forms, and how in those for people."""

    items: tuple[Diagnostic, ...]
    path: Where = by_itself
    shown: Where = by_itself
    files: tuple[str, ...] = ()
    """The paths in the project of all files that were checked."""


class About(Protocol):
    """What the page of a rule says; `text` is Markdown."""

    @property
    def summary(self) -> str: ...
    @property
    def text(self) -> str: ...


def unexplained(_rule: str) -> About | None:
    """No page of any rule."""
    return None


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What is known besides the findings: files read, findings silenced, colours and columns.

    `known` are findings left out because a baseline or an earlier revision has them.
    """

    files: int
    suppressed: int = 0
    known: int = 0
    about: Callable[[str], About | None] = unexplained
    style: Style = Style()
    width: int = WIDTH


class Form(Protocol):
    """What a file `findings_NAME.py` has."""

    FOR_PEOPLE: bool

    def findings(self, groups: Sequence[Group], frame: Frame) -> str: ...


def forms() -> tuple[str, ...]:
    """The forms there are, by name.

    >>> forms()
    ('concise', 'full', 'github', 'gitlab', 'json', 'jsonl', 'junit', 'markdown', 'sarif')
    """
    return tuple(sorted(file.stem.removeprefix("findings_") for file in Path(__file__).parent.glob("findings_*.py")))


def form(name: str) -> Form:
    """The form of that name, loaded now."""
    import importlib
    from typing import cast

    return cast(Form, importlib.import_module(f"safar.renderers.findings_{name}"))


def counted(number: int, word: str, several: str = "") -> str:
    """
    >>> counted(1, "file"), counted(2, "file"), counted(2, "fix", "fixes")
    ('1 file', '2 files', '2 fixes')
    """
    return f"{number} {word if number == 1 else several or f'{word}s'}"


def counts(items: Sequence[Diagnostic]) -> dict[Severity, int]:
    """How many of each severity."""
    return {level: sum(item.severity is level for item in items) for level in Severity}


def closing(groups: Sequence[Group], frame: Frame) -> str:
    """What stands below findings for people: one line of counts, and how to read about the first rule.

    >>> closing([], Frame(files=2, suppressed=1))
    'no findings in 2 files, 1 suppressed\\n'
    """
    items = [item for group in groups for item in group.items]
    hint = f"explain: safar explain {items[0].rule}\n" if items else ""
    return f"{summary(groups, frame)}\n{_mendable(items)}{hint}"


def summary(groups: Sequence[Group], frame: Frame) -> str:
    """How many findings of each severity, in how many files; what was left out is counted too."""
    found = counts([item for group in groups for item in group.items])
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}
    parts = [frame.style(counted(found[s], words[s]), COLOURS[s], BOLD) for s in Severity if found[s]]
    said = ", ".join(parts) or frame.style("no findings", GREEN, BOLD)
    silenced = f", {frame.suppressed} suppressed" if frame.suppressed else ""
    known = f", {frame.known} known before" if frame.known else ""
    return f"{said} in {counted(frame.files, 'file')}{silenced}{known}"


def _mendable(items: Sequence[Diagnostic]) -> str:
    """How many findings the tool can mend, and how."""
    safe = sum(item.fix is not None and item.fix.safe for item in items)
    unsafe = sum(item.fix is not None and not item.fix.safe for item in items)
    parts = [f"{safe} with `safar check --fix`"] if safe else []
    parts += [f"{unsafe} with `--unsafe-fixes`, to be read over with `--diff`"] if unsafe else []
    return f"mendable: {', '.join(parts)}\n" if parts else ""
