"""Large flows: each stage by itself, laid out in time, or else simpler."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers import dot, graphviz_engine
from safar.renderers.flow.grouped import MANY, grouped
from safar.renderers.flow.showing import Showing
from safar.renderers.graphviz_engine import DrawingError, NoLayoutError
from safar.renderers.labels import clean
from safar.renderers.layout import size
from safar.renderers.map import draw
from safar.renderers.placing import placed
from safar.renderers.view import view


def program(stages: int = 3, steps: int = 4, persian: bool = False) -> Program:
    """Every step can leave, and every stage goes back to the first."""
    lines = []
    for stage in range(stages):
        lines.append(f'stage s{stage} "{"مرحله" if persian else "Stage"} {stage}" {{')
        for step in range(steps):
            lines.append(f"wait for bought up to {step + 1}d {{ exit won }} otherwise {{ }}")
            lines.append(f"if customer.orders > {stage * steps + step} {{ exit out{step % 2} }}")
        lines.append("if customer.orders < 0 { go to s0 }\n}")
    text = "customer { orders: integer = 0 }\nevent visited; event bought\njourney j { enter on visited\n"
    reading = read_text(text + "\n".join(lines) + "\n}")
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    return lower(reading.project, reading.project.journeys["j"])


def test_no_arrow_leads_from_one_stage_to_another() -> None:
    whole = view(program())
    pieces = grouped(whole)
    assert pieces.boxes[: len(whole.boxes)] == tuple(
        msgspec.structs.replace(box, panel=new.panel) for box, new in zip(whole.boxes, pieces.boxes, strict=False)
    ), "ids stay the same"
    assert len(pieces.arrows) >= len(whole.arrows)
    for arrow in pieces.arrows:
        assert pieces.boxes[arrow.start].panel == pieces.boxes[arrow.end].panel


def test_links_name_the_other_end_and_outcomes_stand_where_they_are_taken() -> None:
    pieces = grouped(view(program()))
    said = [(clean(box.title), [clean(text) for text in box.details]) for box in pieces.boxes if box.family == "link"]
    assert ("To: Stage 1", ["Wait up to 1 day"]) in said
    assert ("From: Stage 0", []) in said
    assert ("From: Stage 1, Stage 2", []) in said
    won = [box.panel for box in pieces.boxes if clean(box.title) == "End: won"]
    assert sorted(set(won)) == [0, 1, 2, 3], "in each stage, and once among all outcomes"


def test_stages_stand_beside_each_other_in_reading_order() -> None:
    for persian in (False, True):
        places = placed(view(program(persian=persian)), whole=False).stages
        lefts = [places[number][0] for number in range(3)]
        tops = [places[number][1] for number in range(3)]
        order = sorted(range(3), key=lambda n: (-lefts[n] if persian else lefts[n], tops[n]))
        assert order == [0, 1, 2]


def test_from_so_many_boxes_on_it_is_drawn_in_pieces() -> None:
    small, big = program(), program(5, 12)
    assert len(view(small).boxes) < MANY <= len(view(big).boxes)
    assert 'class="box link"' not in draw(small, kind="svg")
    assert 'class="box link"' in draw(big, kind="svg")
    assert 'class="box link"' in draw(small, kind="svg", showing=Showing(whole=False))
    assert 'class="box link"' not in draw(big, kind="svg", showing=Showing(whole=True))


def test_the_same_bytes_however_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    one = draw(program(5, 12), kind="svg")
    monkeypatch.setattr(graphviz_engine, "_AT_ONCE", 7)
    monkeypatch.setattr(graphviz_engine, "_known", {})
    assert draw(program(5, 12), kind="svg") == one


def test_three_hundred_steps_are_laid_out_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of a second on a quiet machine; with ways between stages drawn it was over a second."""
    one = program(5, 30)
    monkeypatch.setattr(graphviz_engine, "_known", {})
    begin = time.process_time()
    svg = draw(one, kind="svg")
    assert svg.count('class="box ') > 300
    assert time.process_time() - begin < 1.5


def fail(times: int) -> object:
    """An engine that finds no layout so many times."""
    left = [times]
    real = graphviz_engine.lay_out

    def lay_out(skeletons: Sequence[str], engine: str = "", seconds: float = 1.0) -> tuple[bytes, ...]:
        if left[0]:
            left[0] -= 1
            raise NoLayoutError("no layout")
        return real(skeletons, engine, seconds)

    return lay_out


@pytest.mark.parametrize(
    ("failing", "whole", "said"),
    [
        (0, True, ""),
        (1, True, "Each stage by itself"),
        (2, True, "Stages are closed"),
        (1, False, "Stages are closed"),
    ],
)
def test_where_no_layout_is_found_a_simpler_picture_says_so(
    failing: int, whole: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphviz_engine, "lay_out", fail(failing))
    told: list[str] = []
    svg = draw(program(), kind="svg", showing=Showing(whole=whole), tell=told.append)
    assert [text for text in told if text.startswith(said)] == told
    assert len(told) == bool(said)
    assert said in svg


def test_where_nothing_can_be_laid_out_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz_engine, "lay_out", fail(9))
    with pytest.raises(DrawingError, match="no layout"):
        draw(program(), kind="svg")


def test_what_the_engine_is_told_grows_with_the_stages_not_with_their_square() -> None:
    lengths = [sum(map(len, dot.skeletons(size(grouped(view(program(stages))))))) for stages in (10, 20, 40)]
    assert lengths[2] < 2.2 * lengths[1] < 4.8 * lengths[0]
