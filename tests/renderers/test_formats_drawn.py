"""Mermaid, Markdown, PDF and HTML of a journey: what is in them, and that no text is anything but text."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from safar import api
from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers import drawing
from safar.renderers.graphviz_engine import DrawingError
from safar.renderers.view import view

HERE = Path(__file__).parent
JOURNEYS = sorted((HERE.parent.parent / "journeys" / "dsl").glob("*.journey"))
EXAMPLES = [file for file in JOURNEYS if file.stem != "vocabulary"]


def load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


PAYLOADS: dict[str, str] = load("payloads").PAYLOADS

SMALL = """
event cart_updated "سبد پر شد"; event opened "Opened"; channel email "Email" { outbound }
journey j "سبد\u200cخرید" {
  enter on cart_updated
  goal back "Comes | back" { on cart_updated within 3d; target at least 20% }
  on opened exit won
  stage s "یادآوری" {
    thinking "کجا بود؟"
    touchpoint reminder "یادآور" { send email { subject "Hi {customer.name}"; text "سلام" }; pain "دیر" }
    wait for opened(reminder) up to 3d otherwise { exit lost }
  }
}
customer { name: text = "x" }
"""


def program(text: str = SMALL) -> Program:
    reading = read_text(text)
    assert [f.message for f in reading.findings if f.severity.value == "error"] == []
    return lower(reading.project, next(iter(reading.project.journeys.values())))


def drawn(kind: str, one: Program | None = None) -> str:
    text = drawing.draw(one or program(), kind=kind)
    assert isinstance(text, str)
    return text


@pytest.fixture(scope="module", params=list(PAYLOADS.values()), ids=list(PAYLOADS))
def hostile(request: pytest.FixtureRequest) -> Program:
    made: Program = load("test_map_dot").hostile_program(request.param)
    return made


@pytest.mark.parametrize("kind", drawing.KINDS)
def test_twice_the_same(kind: str) -> None:
    one, other = (drawing.draw(program(), kind=kind) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_boxes_stand_for_what_the_picture_shows(file: Path) -> None:
    from safar.checking import Ground
    from safar.choosing import choose

    chosen = choose(file, Ground())
    one = lower(chosen.project, chosen.project.journeys[chosen.name])
    for box in view(one).boxes:
        meaning = box.meaning
        kinds = {"start": "entry", "end": f"exit:{meaning.outcome}"}
        assert box.family == "interrupt" if meaning.handler is not None else True
        assert meaning.node == kinds.get(box.family, meaning.node)
        if meaning.place is not None:
            assert box.family not in ("start", "end", "interrupt")


# --- Mermaid

BOX = re.compile(r'    n\d+(\[|\(|\{\{|\[/|\[\[)"[^"]*"(\]|\)|\}\}|/\]|\]\]):::is_[a-z]+')
LINE = re.compile(r'  n\d+ (-->|-\.->)(\|"[^"]*"\|)? n\d+')
OTHER = re.compile(
    r'flowchart TB|  accTitle: .*|  subgraph s\d+ \["[^"]*"\]|  end|  classDef is_[a-z]+ [a-z0-9:#, -]+|'
)


def test_mermaid_holds_nothing_but_its_own_syntax(hostile: Program) -> None:
    for line in drawn("mmd", hostile).split("\n"):
        assert BOX.fullmatch(line) or LINE.fullmatch(line) or OTHER.fullmatch(line), line
        texts = re.sub(r"#\d+;|<br/>", "", "".join(re.findall(r'"([^"]*)"', line)))
        assert not set(texts) & set('<>#&`%;:[]{}()|\\/@*_~$="\n'), line


def test_mermaid_has_stages_steps_and_ways() -> None:
    text = drawn("mmd")
    assert text.startswith("flowchart TB\n") and text.count("subgraph") == text.count("\n  end\n") == 1
    assert "\u2067\u2068یادآور\u2069" in text  # from the right, whatever stands beside it
    assert "n0 --> n1" in text and "-.->" in text


# --- Markdown


def tokens(text: str) -> list[Any]:
    from markdown_it import MarkdownIt

    parsed = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(text)
    return [token for block in parsed for token in (block, *(block.children or ()))]


def test_markdown_holds_nothing_of_a_text_but_the_text(hostile: Program) -> None:
    text = drawn("md", hostile)
    found = tokens(text)
    kinds = {token.type for token in found}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "s_open", "code_block", "hr"}
    assert [t.info for t in found if t.type == "fence"] == ["mermaid"]
    rows = [len(line) for line in _rows(found)]
    assert len(set(rows)) <= 1
    shown = "".join(t.content for t in found if t.type == "text")
    assert not re.search(r"@\w|https?://|www\.|#\d", shown)


def _rows(found: list[Any]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for token in found:
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("td_open", "th_open"):
            rows[-1].append(token)
    return rows


def test_markdown_tells_the_journey() -> None:
    text = drawn("md")
    assert text.startswith('<div dir="rtl">\n\n# سبد\u200cخرید\n') and text.endswith("</div>\n")
    for part in (
        "| Comes \\| back | ۳ روز | دست‌کم ۲۰٪ |",
        "```mermaid\nflowchart TB",
        "1. **یادآور**",
        "موضوع: Hi \\{customer.name\\}",
        "متن: سلام",
        "رنج: دیر",
        "در فکر مشتری: کجا بود؟",
        "## پایان‌ها",
    ):
        assert part in text
    assert not drawn("md", program(SMALL.replace("سبد\u200cخرید", "x").replace("یادآوری", "y"))).startswith("<")


# --- PDF


def test_pdf_is_one_page_with_its_fonts() -> None:
    pdf = drawing.draw(program(), kind="pdf")
    assert isinstance(pdf, bytes) and pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") <= 1
    assert b"Vazirmatn" in pdf


def test_pdf_has_the_same_bytes_each_time() -> None:
    """The converter's own have not: fonts come in an order of chance, and so do what they are made of."""
    assert len({drawing.draw(program(), kind="pdf") for _ in range(8)}) == 1


def test_pdf_of_another_layout_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import svg2pdf_py

    for other in (b"%PDF-1.7\n%x\n\nstartxref\n9\n%%EOF\n", b"%PDF-1.5\n\n1 0 obj\n<</Type /XRef>>\nstartxref\n0\n"):
        with monkeypatch.context() as patch:
            patch.setattr(svg2pdf_py, "svg_to_pdf", lambda *_, other=other: other)
            assert drawing.draw(program(), kind="pdf") == other


def test_every_object_of_a_pdf_is_where_its_table_says() -> None:
    pdf = drawing.draw(program(), kind="pdf")
    assert isinstance(pdf, bytes)
    start = int(pdf[pdf.rindex(b"startxref") :].split()[1])
    lines = pdf[start:].split(b"\n")
    assert lines[0] == b"xref"
    places = [int(line[:10]) for line in lines[3:] if line.endswith(b" n ")]
    assert [int(pdf[at:].split()[0]) for at in places] == list(range(1, len(places) + 1))
    assert f"/Size {len(places) + 1}".encode() in pdf[start:]
    named = {int(number) for number in re.findall(rb"\b(\d+) 0 R\b", pdf)}
    assert named == set(range(1, len(places) + 1))


def test_pdf_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "svg2pdf_py", None)
    with pytest.raises(DrawingError, match=r"install `safar\[pdf\]`"):
        drawing.draw(program(), kind="pdf")


def test_every_ending_by_the_api(tmp_path: Path) -> None:
    file = tmp_path / "j.journey"
    file.write_text(SMALL, encoding="utf-8")
    for kind in drawing.KINDS:
        assert api.draw(file, kind=kind)
    with pytest.raises(ValueError, match="no kind of map"):
        api.draw(file, kind="gif")
