"""The rows of files that were set aside, each with its place and the reason, as a file of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from safar.engine.simulate.customers import Rejected
from safar.engine.simulate.ledger import Column, Record
from safar.errors import RowsError
from safar.tables.write import writing_to

COLUMNS = (
    *(Column("file", "text"), Column("line", "whole"), Column("row", "whole"), Column("column", "text")),
    *(Column("rule", "text"), Column("reason", "text"), Column("help", "text")),
)


@contextlib.contextmanager
def setting_aside(path: Path | None) -> Iterator[Callable[[Rejected], object] | None]:
    """Takes what is set aside, and writes it; without a path nothing is.

    The file is written also where the rows that are left cannot be used: then it is wanted most.
    """
    if path is None:
        yield None
        return
    refused: RowsError | None = None
    with writing_to(path, COLUMNS) as add:
        try:
            yield lambda one: add(_record(one))
        except RowsError as wrong:
            refused = wrong
    if refused is not None:
        raise refused


def _record(one: Rejected) -> Record:
    """What stood in the row is left out: it may be private."""
    source = one.finding.span.source
    return {
        "file": source.path or None,
        "line": source.position(one.finding.span.start)[0] if source.path else None,
        "row": one.row or None,
        "column": one.column or None,
        "rule": one.finding.rule,
        "reason": one.finding.message,
        "help": one.finding.help or None,
    }
