"""The maps of a journey that a person names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict, Unpack

from safar.checking import AS_CONFIGURED, Ground, check_home
from safar.choosing import Chosen, choose
from safar.engine.diagnostic import Diagnostic
from safar.engine.program import Program, lower
from safar.errors import SelectionError
from safar.renderers import drawing
from safar.renderers import map as maps
from safar.renderers.flow import traces


class Look(TypedDict, total=False):
    """What is drawn, and by whom; see `draw`."""

    engine: str
    form: str
    persona: str
    stages: str
    beside: str | Path | None
    traffic: str | Path | None
    focus: str
    depth: int
    collapse: str
    findings: bool
    customer: str
    trace: str | Path | None
    notes: bool
    whole: bool | None
    tell: Callable[[str], object]


class Place(Look, total=False):
    """And where the journey is."""

    project: str | Path | None
    limits: Mapping[str, int | str] | None


_FOR_FLOW = ("focus", "collapse", "findings", "customer", "trace", "notes", "whole")


def draw(journey: str | Path, ground: Ground, *, kind: str, **look: Unpack[Look]) -> str | bytes:
    """As `draw` of the API."""
    form = look.get("form", "flow")
    if form not in ("flow", "map"):
        raise SelectionError(f"no form of map `{form}`; there are flow, map")
    _refuse(form, kind, look)
    chosen = choose(journey, ground)
    program = _lowered(chosen)
    try:
        if form == "map":
            return _journey_map(program, ground, kind, look)
        way = _way(journey, program, ground, look) if look.get("customer") else ()
        wanted = maps.Wanted(engine=look.get("engine", ""), showing=_showing(chosen, program, look, way))
        if "tell" in look:
            wanted["tell"] = look["tell"]
        return drawing.draw(program, kind=kind, **wanted)
    except (maps.CutError, maps.TrafficError, maps.WayError) as wrong:
        raise SelectionError(str(wrong)) from None


def _refuse(form: str, kind: str, look: Look) -> None:
    """What goes with the other form of map only, or with none."""
    if form == "map" and any(look.get(key) for key in _FOR_FLOW):
        raise SelectionError("a focus, closed stages, findings, a customer's way and notes are for the flow")
    if form == "flow" and look.get("beside") is not None:
        raise SelectionError("a journey beside it is for the journey map (`--as map`)")
    parts = ("persona", "stages", "traffic", *_FOR_FLOW)
    if form == "flow" and kind == "md" and any(look.get(key) for key in parts):
        raise SelectionError("Markdown tells the whole journey; draw a part of it as another format")
    if look.get("trace") is not None and not look.get("customer") and look.get("traffic") is None:
        raise SelectionError("a trace goes with a customer (`--customer KEY`) or with a result (`--traffic RESULT`)")


def _lowered(chosen: Chosen) -> Program:
    return lower(chosen.project, chosen.project.journeys[chosen.name])


def _journey_map(program: Program, ground: Ground, kind: str, look: Look) -> str | bytes:
    beside = look.get("beside")
    cut = maps.Cut(
        persona=look.get("persona", ""),
        stages=look.get("stages", ""),
        beside=None if beside is None else _lowered(choose(beside, ground)),
        traffic=_traffic(program, look),
    )
    return drawing.draw_journey_map(program, kind=kind, cut=cut)


def _showing(chosen: Chosen, program: Program, look: Look, way: tuple[traces.Stop, ...]) -> maps.Showing:
    part = maps.Part(
        persona=look.get("persona", ""),
        stages=look.get("stages", ""),
        closed=look.get("collapse", ""),
        focus=look.get("focus", ""),
        depth=look.get("depth", 2),
    )
    return maps.Showing(
        part=part,
        traffic=_traffic(program, look),
        stays=_stays(program, look),
        findings=_findings(chosen) if look.get("findings") else (),
        way=way,
        customer=look.get("customer", ""),
        notes=look.get("notes", False),
        whole=look.get("whole"),
    )


def _traffic(program: Program, look: Look) -> maps.Traffic | None:
    told = look.get("traffic")
    return None if told is None else maps.read_traffic(Path(told).read_bytes(), program.journey.name)


def _stays(program: Program, look: Look) -> Mapping[str, float]:
    trace = look.get("trace")
    if trace is None or look.get("traffic") is None:
        return {}
    return traces.stays(Path(trace).read_bytes(), program.journey.name)


def _findings(chosen: Chosen) -> tuple[Diagnostic, ...]:
    """What `check` finds in the journey's file."""
    file = chosen.home.root / chosen.project.journeys[chosen.name].span.source.path
    return check_home(chosen.home, [file], AS_CONFIGURED).findings


def _way(journey: str | Path, program: Program, ground: Ground, look: Look) -> tuple[traces.Stop, ...]:
    """Of a customer in a file of traces, or else of the made-up one of that number."""
    name, customer, trace = program.journey.name, look.get("customer", ""), look.get("trace")
    if trace is not None:
        return traces.way(Path(trace).read_bytes(), name, customer)
    from safar import people
    from safar.engine.simulate.plain import live
    from safar.persons import find

    person = find(journey, customer, {}, ground)
    with people.limits():
        happenings = live(person.world, person.customer).happenings
    return traces.way_of(happenings, name, customer)
