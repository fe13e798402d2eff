"""Findings that were there before: in a baseline, or at an earlier revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from safar.checking import Checked, Choice
from safar.dsl.project import Home


def fresh(
    home: Home, files: Sequence[Path], choice: Choice, past: tuple[str | Path | None, str | None]
) -> Callable[[Checked], Checked]:
    """Leaves out what a baseline (a file) has, and what a revision of git had."""
    given, since = past
    from_file = from_git = _unchanged
    if given is not None:
        from safar import baseline

        file = Path(given)
        written = baseline.read(file)

        def from_file(checked: Checked) -> Checked:
            return baseline.without(checked, written, file)

    if since is not None:
        from safar import revision

        old = revision.known(home, files, choice, since)

        def from_git(checked: Checked) -> Checked:
            return revision.without(checked, old)

    return lambda checked: from_file(from_git(checked))


def _unchanged(checked: Checked) -> Checked:
    return checked
