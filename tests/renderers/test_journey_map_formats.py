"""The journey map as Markdown, for Mermaid, as a page and as PDF: what is in them, and texts that are only texts."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from safar import api, cli
from safar.checking import Ground
from safar.choosing import choose
from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers import drawing

HERE = Path(__file__).parent
JOURNEYS = HERE.parent.parent / "journeys" / "dsl"
NAMES = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")


def load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


PAYLOADS: dict[str, str] = load("payloads").PAYLOADS


@pytest.fixture(scope="module", params=list(PAYLOADS.values()), ids=list(PAYLOADS))
def hostile(request: pytest.FixtureRequest) -> Program:
    made: Program = load("test_map_dot").hostile_program(request.param)
    return made


def example(name: str) -> Program:
    chosen = choose(JOURNEYS / f"{name}.journey", Ground())
    return lower(chosen.project, chosen.project.journeys[chosen.name])


def drawn(kind: str, one: Program) -> str:
    text = drawing.draw_journey_map(one, kind=kind)
    assert isinstance(text, str)
    return text


# --- Mermaid

TEXT = r"(#\d+;|[^\W]|[ ,!?'\u200c-\u200f\u2066-\u2069]|[\u0300-\u036f\u0600-\u06ff]|-)+"
LINES = re.compile(rf"journey|  title {TEXT}|  section {TEXT}|    {TEXT}: [1-5](\.\d)?: {TEXT}|")
OWN = re.compile(r"\s*(section|title|accTitle|accDescr|journey)\b", re.IGNORECASE)


def test_mermaid_holds_nothing_but_its_own_syntax(hostile: Program) -> None:
    first, title, *lines = drawn("mmd", hostile).split("\n")
    assert (first, title[:8]) == ("journey", "  title ")
    for line in lines:
        assert LINES.fullmatch(line), line
        assert line.startswith("  section ") or not OWN.match(line), line


@pytest.mark.parametrize("word", ["section", "title", "accTitle", "Section x", "JOURNEY", "%%", ""])
def test_a_name_is_no_word_of_mermaids(word: str) -> None:
    step = f'touchpoint t "{word}" {{ send m }}'
    text = f"event e\nchannel m {{ outbound }}\njourney j {{ enter on e; stage s {{ {step} }} }}"
    project = read_text(text).project
    task = drawn("mmd", lower(project, project.journeys["j"])).split("\n")[3]
    assert not OWN.match(task)
    assert LINES.fullmatch(task)


def test_mermaid_tells_feelings_and_who_has_them() -> None:
    lines = drawn("mmd", example("abandoned_cart")).split("\n")
    assert lines[:4] == [
        "journey",
        "  title Abandoned cart",
        "  section Reminding",
        "    You left something: 3.4: Planner, Bargain hunter, Regular",  # +1 of -5 to +5
    ]
    assert "    What is left: 2.6: Planner, Bargain hunter, Regular" in lines


CURVES = """
event e; channel m { outbound }
persona a "A" { share 50% }
persona b "B" { share 50% }
journey j { enter on e; stage s {
  touchpoint one { send m; feeling -5 }
  touchpoint two { send m }
  touchpoint three { send m; feeling +5; feeling -1 for b }
} }
"""


def test_scores_between_and_of_one_persona() -> None:
    project = read_text(CURVES).project
    lines = drawn("mmd", lower(project, project.journeys["j"])).split("\n")
    assert [line.strip() for line in lines if line.startswith("    ")] == [
        "one: 1: A, B",
        "two: 3: A, B",
        "three: 5: A, B",
        "three: 2.6: B",
    ]


def test_a_journey_of_which_nothing_is_felt() -> None:
    project = read_text("event e\njourney j { enter on e; stage s { wait 1d } }").project
    one = lower(project, project.journeys["j"])
    assert drawn("mmd", one) == "journey\n  title j\n  section s\n"
    assert "|  | s |" in drawn("md", one)


# --- Markdown


def tokens(text: str) -> list[Any]:
    from markdown_it import MarkdownIt

    parsed = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(text)
    return [token for block in parsed for token in (block, *(block.children or ()))]


def test_markdown_holds_nothing_of_a_text_but_the_text(hostile: Program) -> None:
    found = tokens(drawn("md", hostile))
    kinds = {token.type for token in found}
    assert not kinds & {"link_open", "image", "em_open", "s_open", "code_block", "fence", "hr"}
    assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
    assert {token.content.strip() for token in found if token.type == "html_block"} <= {'<div dir="rtl">', "</div>"}
    shown = "".join(token.content for token in found if token.type == "text")
    assert not re.search(r"@\w|https?://|www\.|#\d", shown)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_has_a_cell_for_each_stage_and_lane(name: str) -> None:
    one = example(name)
    text = drawn("md", one)
    found = tokens(text)
    counts: list[int] = []
    for token in found:
        if token.type == "tr_open":
            counts.append(0)
        counts[-1:] = [counts[-1] + (token.type in ("td_open", "th_open"))] if counts else []
    assert len(counts) > 5
    assert set(counts) == {len(one.journey.stages) + 1}
    assert text.startswith('<div dir="rtl">') == (name in ("birthday", "loyalty"))
    assert "\n\n\n" not in text


def test_what_only_one_of_two_journeys_has_is_said() -> None:
    text = api.draw(
        JOURNEYS / "abandoned_cart.journey", kind="md", form="map", beside=JOURNEYS / "first_purchase.journey"
    )
    assert "(only in Abandoned cart)" in text
    assert re.search(r"\*\*Feels\*\* \|[^\n]*Abandoned cart: \\\+1", text)


# --- all of them


@pytest.mark.parametrize("kind", drawing.MAP_KINDS)
def test_each_ending_and_twice_the_same(kind: str, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.{kind}" for number in range(2)]
    for file in files:
        assert cli.main(["draw", str(JOURNEYS / "birthday.journey"), "--as", "map", "-o", str(file), "-q"]) == 0
    one, other = (file.read_bytes() for file in files)
    assert one == other
    assert len(one) > 400


def test_what_it_has_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "x.dot")
    assert cli.main(["draw", str(JOURNEYS / "birthday.journey"), "--as", "map", "-o", file]) == 2
    assert "not written as .dot" in capsys.readouterr().err
    with pytest.raises(ValueError, match="no kind of journey map `gif`"):
        drawing.draw_journey_map(example("birthday"), kind="gif")


def test_a_page_has_the_map_and_its_policy() -> None:
    page = drawn("html", example("birthday"))
    assert '<html lang="fa" dir="rtl">' in page
    assert "default-src &#x27;none&#x27;" in page
    assert page.count("<svg") == 1
    assert 'class="lane pain"' in page
