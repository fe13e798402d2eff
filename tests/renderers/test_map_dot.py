"""DOT: no text can be anything but a label, in the file or in the picture made from it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Rule, Severity
from safar.engine.program import Program, lower
from safar.engine.source import Span
from safar.renderers import traffic
from safar.renderers.dot import quoted, write
from safar.renderers.flow.part import Part
from safar.renderers.flow.showing import Showing
from safar.renderers.flow.traces import Stop
from safar.renderers.graphviz_engine import find
from safar.renderers.layout import size
from safar.renderers.map import draw, draw_journey_map
from safar.renderers.view import view

HOSTILE = {
    "quote": 'a " b',
    "backslash at the end": "a\\",
    "quote behind a backslash": 'a\\" ]; x -> y; "',
    "line ends": "a\nb\r\nc",
    "table": '<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>',
    "html label": "<<b>x</b>>",
    "escapes of the engine": "\\N \\G \\E \\T \\H \\L \\l \\r",
    "entities": "&lt;b&gt; &#8238; &amp; &quot;",
    "comment": "a */ } digraph evil { /* // #",
    "record": "{a|<p> b|{c}}",
    "port": "a:b:c",
    "control characters": "a\x00b\x01c\x1bd\x85e\x7ff",
    "lone surrogate": "a\ud800b",
    "not a character": "a\uffffb\ufffe",
    "direction override": "a\u202etxt.exe\u202c",
    "script": "</text></svg><script>alert(1)</script>",
    "attribute": '" onload="alert(1)',
    "long": "x" * 20_000,
    "empty": "",
}


def svg_texts(dot: str) -> list[str]:
    engine = find("embedded")
    assert engine is not None
    done = subprocess.run([engine, "-Kdot", "-Tsvg"], input=dot.encode(), capture_output=True, check=True, timeout=20)
    root = ElementTree.fromstring(done.stdout)  # noqa: S314
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "title", "polygon", "text", "path", "ellipse", "polyline"}
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_quoted_text_is_that_text_and_nothing_else(text: str) -> None:
    shown = svg_texts(f"digraph {{ n1 [label={quoted(text)}] }}")
    kept = "".join(c for c in text if c.isprintable() or c in "\n\u202e\u202c")
    assert [line.replace("\xa0", " ") for line in shown] == [
        line for line in kept.replace("\r", "").split("\n") if line
    ] or not kept


def hostile_program(text: str) -> Program:
    """A journey whose every text is hostile, also those that the reader would not take."""
    source = """
        customer { n: integer = 0 }
        persona p "EVIL" { share 100%; story "EVIL"; pain "EVIL" }
        event e "EVIL"; channel mail "EVIL" { outbound }; team crm "EVIL"
        journey j "EVIL" {
          owner crm
          theme "EVIL"
          enter on e
          on e exit gone "EVIL"
          goal g "EVIL" { on e within 3d }
          stage s "EVIL" {
            thinking "EVIL"
            touchpoint t "EVIL" {
              send mail { subject "x" }
              feeling -1 "EVIL"; doing "EVIL"; question "EVIL"; pain "EVIL"; opportunity "EVIL"; needs "EVIL"
              evidence "EVIL"; owner crm; shows "EVIL" = customer.n; measure m "EVIL" = e per delivered
            }
            wait for e(t) up to 3d { task crm "EVIL" }
            split x "EVIL" { 50% a "EVIL" { }; 50% b { exit other "EVIL" } }
          }
        }
        """
    reading = read_text(source)
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    project = reading.project
    return lower(replaced(project, text), replaced(project.journeys["j"], text))


def replaced(value: Any, text: str) -> Any:
    """A copy of frozen data with another text in place of each EVIL."""
    match value:
        case "EVIL":
            return text
        case tuple():
            return tuple(replaced(item, text) for item in value)
        case dict():
            return {key: replaced(item, text) for key, item in value.items()}
        case Span():
            return value
        case msgspec.Struct():
            changes = {field: replaced(getattr(value, field), text) for field in value.__struct_fields__}
            return msgspec.structs.replace(value, **changes)
        case _:
            return value


ELEMENTS = {"svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"}
ATTRIBUTES = {
    *("xmlns", "width", "height", "viewBox", "role", "aria-labelledby", "lang", "id", "class", "transform"),
    *("d", "x", "y", "cx", "cy", "r", "rx", "fill", "stroke", "stroke-width", "stroke-dasharray"),
    *("font-family", "font-size", "font-weight", "direction", "text-anchor"),
}


def in_pieces(program: Program, *, kind: str) -> str | bytes:
    """Everything at once that a flow can show, each stage by itself."""
    text = program.journey.title
    stops = (Stop(0, "entry"), Stop(60, "t"), Stop(3600, text))
    figures = {"entered": 5, "stages": {}, "touchpoints": {}, "steps": {"t": {"visits": 4}}, "edges": [
        {"from": "t", "to": f"exit:{text}", "label": text, "count": 3}]}  # fmt: skip
    place = next(place for place in program.places if place.name == "t")
    assert place.step is not None
    findings = (Rule("bad-text", "SF999", Severity.WARNING).at(place.step.span, text),)
    showing = Showing(
        traffic=traffic.of(figures),
        stays={"t": 60.0},
        findings=findings,
        way=stops,
        customer=text,
        notes=True,
        whole=False,
    )
    return draw(program, kind=kind, showing=showing)


def closed(program: Program, *, kind: str) -> str | bytes:
    return draw(program, kind=kind, showing=Showing(part=Part(closed="all")))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("drawn", [draw, draw_journey_map, in_pieces, closed])
def test_hostile_texts_stay_texts_in_the_picture(text: str, drawn: Callable[..., str]) -> None:
    svg = drawn(hostile_program(text), kind="svg")
    root = ElementTree.fromstring(svg.encode())  # noqa: S314
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        shown = element.text or ""
        assert not set(shown) & set("\x00\x01\x1b\x85\x7f\u202e\ud800\uffff")
    style = next(element.text or "" for element in root.iter() if element.tag.endswith("style"))
    assert "import" not in style
    assert style.count("url(") == style.count("url(data:font/woff2;base64,") == 2
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "").replace("http", "", text.count("http"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_stay_labels_in_dot(text: str) -> None:
    program = hostile_program(text)
    for drawn in (draw, in_pieces):
        calm = str(drawn(hostile_program("calm"), kind="dot"))
        dot = str(drawn(program, kind="dot"))
        assert ids(dot) == ids(calm)
        assert svg_texts(dot)


def ids(dot: str) -> list[str]:
    """What stands before the brackets, line by line."""
    return [line.partition(" [")[0] for line in dot.splitlines() if not line.startswith("graph")]


def test_the_layout_engine_is_given_no_text() -> None:
    skeleton = write(size(view(hostile_program("SECRET"))), texts=False)
    assert "SECRET" not in skeleton
    assert skeleton.isascii()


def test_only_the_part_of_the_engine_that_all_builds_draw_alike() -> None:
    for texts in (True, False):
        dot = write(size(view(hostile_program("x"))), texts=texts)
        for word in ("ortho", "concentrate", "clusterrank", "rank=", "<<", "URL", "href", "image"):
            assert word not in dot
