"""The program as a networkx graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from safar.dsl.read import read_file, read_text
from safar.engine.graph import dominators, graph, knots, shortest_way
from safar.engine.program import lower

TEXT = """
event order_placed
event opened
event support_called
team crm
journey j "J" {
  enter on order_placed
  on support_called go to helping
  on order_placed task crm "Note it"
  stage asking {
    wait 1d as cooling
    repeat up to 3 times every 7d until opened as rounds {
      task crm "Ask" as asking_once
    }
    if opened { exit done }
  }
  stage helping {
    wait for opened up to 2d otherwise { exit lost }
    exit done
  }
}
"""


@pytest.fixture(scope="module")
def made() -> nx.MultiDiGraph:
    reading = read_text(TEXT)
    assert not reading.findings
    return graph(lower(reading.project, reading.project.journeys["j"]))


def test_nodes_are_steps_with_what_they_are(made: nx.MultiDiGraph) -> None:
    assert made.nodes["cooling"] == {
        "stage": "asking",
        "kind": "wait",
        "family": "wait",
        "label": "wait 1d",
        "loops": (),
        "place": made.nodes["cooling"]["place"],
    }
    assert made.nodes["asking_once"]["loops"] == ("rounds",)
    assert made.nodes["entry"]["label"] == "J"
    assert made.nodes["exit:done"] == {
        "stage": "",
        "kind": "exit",
        "family": "end",
        "label": "done",
        "loops": (),
        "place": made.nodes["exit:done"]["place"],
    }


def test_edges_carry_kind_condition_and_time(made: nx.MultiDiGraph) -> None:
    (entry,) = made.get_edge_data("entry", "cooling").values()
    assert entry["kind"] == "next"
    (wait,) = (e for e in made.get_edge_data("cooling", "rounds").values())
    assert (wait["low"], wait["high"], wait["sure"]) == (86_400, 86_400, True)
    by_kind = {e["kind"]: e for _, _, e in made.out_edges("asking/if", data=True)}
    assert by_kind["true"]["condition"] is not None
    assert by_kind["true"]["low"] == by_kind["true"]["high"] == 0
    kinds = {
        (end, e["kind"]) for _, end, e in made.out_edges("helping/wait_for", data=True) if e["kind"] != "interrupt"
    }
    assert kinds == {("exit:done", "pattern"), ("exit:lost", "timeout")}


def test_interrupts_lead_from_every_step_where_a_run_rests(made: nx.MultiDiGraph) -> None:
    jumps = {(start, end) for start, end, kind in made.edges(data="kind") if kind == "interrupt"}
    assert ("cooling", "helping/wait_for") in jumps
    assert ("helping/wait_for", "helping/wait_for") in jumps
    assert not any(start == "asking_once" for start, _ in jumps)
    assert made.graph["interrupts"][:2] == [
        {"label": "on support_called", "scope": "j", "target": "helping/wait_for"},
        {"label": "on order_placed", "scope": "j", "target": None},
    ]
    assert made.graph["stages"] == ["asking", "helping"]


def test_loops_are_knots(made: nx.MultiDiGraph) -> None:
    arcs = {node: list(made.successors(node)) for node in made}
    assert frozenset({"rounds", "asking_once"}) in knots(arcs)


def test_dominators_tell_what_everybody_passes(made: nx.MultiDiGraph) -> None:
    before = dominators(made)
    assert before["rounds"] == "cooling"
    assert before["exit:lost"] == "helping/wait_for"
    assert "entry" not in before


def test_shortest_way() -> None:
    arcs = {1: [2, 3], 2: [4], 3: [2], 4: list[int]()}
    assert shortest_way(arcs, 1, 4) == (1, 2, 4)
    assert shortest_way(arcs, 4, 1) == ()
    assert shortest_way(arcs, 4, 9) == ()
    assert shortest_way(arcs, 4, 4) == (4,)


@pytest.mark.parametrize("file", sorted(Path("journeys/dsl").glob("*.journey")), ids=lambda file: file.stem)
def test_every_exit_of_the_examples_is_a_node_that_the_entry_leads_to(file: Path) -> None:
    project = read_file(file).project
    for journey in project.journeys.values():
        made = graph(lower(project, journey))
        assert set(nx.descendants(made, "entry")) | {"entry"} == set(made)
        assert any(node.startswith("exit:") for node in made)


def test_checking_a_file_without_a_circle_loads_no_networkx() -> None:
    code = (
        "import sys\nfrom safar.dsl.read import read_text\nfrom safar.engine.check import check\n"
        "reading = read_text('event e\\njourney j { enter on e\\n stage s { repeat up to 3 times { wait 1d } } }')\n"
        "assert not check(reading.project, reading.findings)\nassert 'networkx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
