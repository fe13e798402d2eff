"""The maps of a journey that a person names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from safar.checking import Ground
from safar.choosing import choose
from safar.engine.program import Program, lower
from safar.errors import SelectionError
from safar.renderers import drawing, pdf
from safar.renderers import map as maps


class Look(TypedDict, total=False):
    """What is drawn, and by whom; see `draw`."""

    engine: str
    form: str
    persona: str
    stages: str
    beside: str | Path | None
    traffic: str | Path | None


class Place(Look, total=False):
    """And where the journey is."""

    project: str | Path | None
    limits: Mapping[str, int | str] | None


def draw(  # noqa: PLR0913 - what can be said of a map, all by keyword
    journey: str | Path,
    ground: Ground,
    *,
    kind: str,
    engine: str = "",
    form: str = "flow",
    persona: str = "",
    stages: str = "",
    beside: str | Path | None = None,
    traffic: str | Path | None = None,
) -> str | bytes:
    """As `draw` of the API."""
    if form == "flow":
        if persona or stages or beside is not None or traffic is not None:
            raise SelectionError(
                "persona, stages, a journey beside it and traffic are for the journey map (`--as map`)"
            )
        return drawing.draw(_program(journey, ground), kind=kind, engine=engine)
    if form != "map":
        raise SelectionError(f"no form of map `{form}`; there are flow, map")
    program = _program(journey, ground)
    other = None if beside is None else _program(beside, ground)
    try:
        told = None if traffic is None else maps.read_traffic(Path(traffic).read_bytes(), program.journey.name)
        cut = maps.Cut(persona=persona, stages=stages, beside=other, traffic=told)
        if kind == "pdf":
            return pdf.write(maps.draw_journey_map(program, cut=cut))
        return maps.draw_journey_map(program, kind=kind, cut=cut)
    except (maps.CutError, maps.TrafficError) as wrong:
        raise SelectionError(str(wrong)) from None


def _program(journey: str | Path, ground: Ground) -> Program:
    chosen = choose(journey, ground)
    return lower(chosen.project, chosen.project.journeys[chosen.name])
