"""The report of a simulation as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.results import Result
from safar.errors import SelectionError
from safar.renderers.html import report as page
from safar.renderers.html.tornado import Tornado, TornadoError, read


def assumptions(file: Path) -> Tornado:
    """The table of `safar sensitivity --json`; raises `SelectionError` where there is none, `OSError`."""
    try:
        return read(file.read_bytes())
    except TornadoError as wrong:
        raise SelectionError(f"{file}: {wrong}") from None


def report(result: Result, findings: Sequence[Diagnostic], *, engine: str = "", sensitivity: Path | None = None) -> str:
    """As `Simulation.report` of the API."""
    tornado = None if sensitivity is None else assumptions(sensitivity)
    try:
        return page.report(result, findings, engine=engine, tornado=tornado)
    except TornadoError as wrong:
        raise SelectionError(f"{sensitivity}: {wrong}") from None
