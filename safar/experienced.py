"""A customer whose experience changed, written as a scenario: a test of how it is now."""

from __future__ import annotations

from pathlib import Path

import msgspec

from safar.checking import Ground
from safar.choosing import choose
from safar.covering import recorded
from safar.creating import create
from safar.engine.diff.change import Side
from safar.errors import SelectionError


class Saved(msgspec.Struct, frozen=True):
    """A scenario's file; `file` is None where it cannot be told as one, and `reason` says why."""

    file: Path | None
    reason: str = ""


def save(side: Side, journey: str, root: Path, folder: Path) -> Saved:
    """Write the life of a customer in the new version into a folder of the project; the scenario was run, and passes.

    Raises `SelectionError` where the folder is outside of the project or has such a file, `OSError` where the file
    cannot be written.
    """
    if not side.story.runs:
        return Saved(None, "the customer does not enter any more, and a scenario's customer does")
    chosen = choose(f"{root / side.project.journeys[journey].span.source.path}:{journey}", Ground(root))
    life = recorded(chosen, "whose experience changes", side.scenario, side.story)
    file = folder / f"{journey}_changed.journey"
    if file.exists():
        raise SelectionError(f"{file} is there already, and is not overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        create(chosen, life, file)
    except SelectionError as wrong:
        return Saved(None, str(wrong))
    return Saved(file)
