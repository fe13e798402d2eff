"""Program to networkx: for rules over the whole graph, drawings and exports.  The only importer of networkx.

Import this module only where a graph is needed: networkx takes longer to load than a file to check.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

import networkx as nx

from safar.engine.moves import Exit, Place
from safar.engine.program import Edge, Program
from safar.engine.steps import kind_of

ENTRY = "entry"
K = TypeVar("K", bound=Hashable)


def graph(program: Program) -> nx.MultiDiGraph:
    """The journey as a graph, without what nobody can come to (conditions aside).

    Nodes are steps by their name in outputs, with `stage`, `kind`, `family`, `label`, `loops` (the names of the
    repeats around it, from the outermost) and `place`; `entry` and `exit:NAME` are nodes, exits of one
    name are one node, of no stage.  Edges have `kind`, `label`, `condition`, `low` and `high` (seconds that may pass;
    None: no bound), `sure` (time surely passes); an interrupt is an edge from every step at which a run may
    rest in its scope.  The graph has `stages` and `interrupts` (label, scope, target) in file order.
    """
    made = nx.MultiDiGraph(name=program.journey.name, stages=[stage.name for stage in program.journey.stages])
    made.graph["interrupts"] = _interrupts(program)
    made.add_node(ENTRY, stage="", kind="entry", family="start", label=program.journey.label, loops=(), place=-1)
    reached = sorted(program.reachable())
    for place in reached:
        _add_node(made, program, program.places[place])
    for place in reached:
        for edge in (*program.edges(place), *program.interrupts(place)):
            _add_edge(made, program, edge)
    made.add_edge(ENTRY, program.places[program.resolve(program.start)].node, **_attributes(None))
    return made


def _add_node(made: nx.MultiDiGraph, program: Program, place: Place) -> None:
    if place.node in made:
        return
    step, ends = place.step, isinstance(place.move, Exit)
    kind = kind_of(step) if step is not None else None
    made.add_node(
        place.node,
        stage="" if ends else place.stage,
        kind="exit" if kind is None else kind.form.id,
        family="end" if kind is None else kind.look.family,
        label=place.node.removeprefix("exit:") if kind is None else kind.look.label(step),
        loops=tuple(reversed([scope.name for scope in program.around(place.id) if scope.kind == "loop"])),
        place=place.id,
    )


def _add_edge(made: nx.MultiDiGraph, program: Program, edge: Edge) -> None:
    made.add_edge(program.places[edge.start].node, program.places[edge.end].node, **_attributes(edge))


def _attributes(edge: Edge | None) -> dict[str, Any]:
    if edge is None:
        return {"kind": "next", "label": "", "condition": None, "low": 0, "high": 0, "sure": False}
    fields = ("kind", "label", "condition", "low", "high", "sure")
    return {field: getattr(edge, field) for field in fields}


def _interrupts(program: Program) -> list[dict[str, Any]]:
    return [
        {
            "label": handler.label,
            "scope": scope.name,
            "target": None if handler.to is None else program.places[program.resolve(handler.to)].node,
        }
        for scope in program.scopes
        for handler in scope.handlers
    ]


# --- questions about a graph


def shortest_way(arcs: Mapping[K, Iterable[K]], start: K, end: K) -> tuple[K, ...]:
    """The nodes of a shortest way, both ends included; empty where there is none.

    >>> shortest_way({1: [2], 2: [3], 3: [1]}, 2, 1)
    (2, 3, 1)
    """
    made = nx.DiGraph(dict(arcs))
    if start not in made or end not in made or not nx.has_path(made, start, end):
        return ()
    return tuple(nx.shortest_path(made, start, end))


def knots(arcs: Mapping[K, Iterable[K]]) -> tuple[frozenset[K], ...]:
    """The strongly connected parts in which one can go round."""
    made = nx.DiGraph(dict(arcs))
    parts = nx.strongly_connected_components(made)
    return tuple(frozenset(p) for p in parts if len(p) > 1 or any(made.has_edge(n, n) for n in p))


def dominators(made: nx.MultiDiGraph) -> dict[str, str]:
    """For every node but `entry` the last node that every way from the entry passes before it."""
    found: dict[str, str] = nx.immediate_dominators(made, ENTRY)
    return {node: before for node, before in found.items() if node != ENTRY}
