"""The maps of the example journeys: as they are in `docs/maps/`, and with the answers that stand there."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from safar.dsl.read import read_file
from safar.engine.program import Program, lower
from safar.renderers import traffic
from safar.renderers.flow.showing import Showing, show
from safar.renderers.labels import clean
from safar.renderers.layout import size
from safar.renderers.map import draw, draw_journey_map
from safar.renderers.view import view

ROOT = Path(__file__).parents[2]
MAPS = ROOT / "docs" / "maps"
SIMULATED = ("abandoned_cart", "loyalty")
NAMES = sorted(page.stem for page in MAPS.glob("*.md") if page.stem != "coverage")


def program(name: str, spelling: str = "dsl") -> Program:
    ending = "journey" if spelling == "dsl" else "journey.yaml"
    project = read_file(ROOT / "journeys" / spelling / f"{name}.{ending}").project
    return lower(project, project.journeys[name])


def test_there_are_six() -> None:
    assert len(NAMES) == 6
    both = {f"{name}{end}" for name in NAMES for end in (".svg", ".map.svg")}
    assert {page.name for page in MAPS.glob("*.svg")} == both | {f"{name}.traffic.svg" for name in SIMULATED}


@pytest.mark.parametrize("name", NAMES)
def test_the_map_in_the_docs_is_the_one_that_is_drawn(name: str) -> None:
    kept = (MAPS / f"{name}.svg").read_text(encoding="utf-8")
    assert draw(program(name), kind="svg") == kept, f"safar draw journeys/dsl/{name}.journey -o docs/maps/{name}.svg"
    kept = (MAPS / f"{name}.map.svg").read_text(encoding="utf-8")
    assert draw_journey_map(program(name)) == kept, f"safar draw ... --as map -o docs/maps/{name}.map.svg"


@pytest.mark.parametrize("name", NAMES)
def test_titles_of_stages_hide_no_arrow(name: str) -> None:
    kept = (MAPS / f"{name}.svg").read_text(encoding="utf-8")
    assert not re.search(r'<g class="title"[^>]*>\n<rect', kept)


@pytest.mark.parametrize("name", NAMES)
def test_both_spellings_give_one_map(name: str) -> None:
    assert draw(program(name, "yaml"), kind="svg") == draw(program(name), kind="svg")
    assert draw_journey_map(program(name, "yaml")) == draw_journey_map(program(name))


@pytest.mark.parametrize("name", NAMES)
def test_ten_questions_are_answered_by_words_in_the_picture(name: str) -> None:
    page = (MAPS / f"{name}.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert [int(number) for number in re.findall(r"^(\d+)\. ", page, re.M)] == list(range(1, 11))
    texts = [clean(text) for text in view(program(name)).texts()]
    drawn = drawn_words(MAPS / f"{name}.svg")
    for answer in re.findall(r"\*\*(.+?)\*\*", page):
        assert any(answer in text for text in texts), answer
        assert answer.split()[0] in drawn


@pytest.mark.parametrize("name", NAMES)
def test_ten_more_are_answered_by_the_journey_map(name: str) -> None:
    page = (MAPS / f"{name}.md").read_text(encoding="utf-8").partition("\n## ")[2].partition("\n## ")[0]
    assert [int(number) for number in re.findall(r"^(\d+)\. ", page, re.M)] == list(range(1, 11))
    drawn = " ".join(re.sub("[\u200e\u200f\u2066-\u2069]", "", drawn_words(MAPS / f"{name}.map.svg")).split())
    for answer in re.findall(r"\*\*(.+?)\*\*", page):
        assert answer in drawn, answer


@pytest.mark.parametrize("name", SIMULATED)
def test_and_ten_by_what_a_simulation_adds(name: str) -> None:
    one = program(name)
    showing = Showing(traffic=traffic.read((MAPS / f"{name}.result.json").read_bytes(), name))
    kept = (MAPS / f"{name}.traffic.svg").read_text(encoding="utf-8")
    assert draw(one, kind="svg", showing=showing) == kept, "the commands are on the page"
    page = (MAPS / f"{name}.md").read_text(encoding="utf-8").partition("\n## With")[2]
    assert [int(number) for number in re.findall(r"^(\d+)\. ", page, re.M)] == list(range(1, 11))
    picture = show(one, showing=showing)
    said = [clean(text) for text in picture.texts()]
    said += [clean(label) for arrow in size(picture).arrows for part in arrow.labels for label in part.lines]
    for answer in re.findall(r"\*\*(.+?)\*\*", page):
        assert any(answer in re.sub("[\u200e\u200f\u2066-\u2069]", "", text) for text in said), answer


def drawn_words(path: Path) -> str:
    root = ElementTree.parse(path).getroot()  # noqa: S314
    return " ".join(clean(element.text or "") for element in root.iter() if element.tag.endswith("}text"))


@pytest.mark.parametrize("ending", [".svg", ".map.svg"])
@pytest.mark.parametrize("name", ["birthday", "loyalty"])
def test_persian_words_stand_in_reading_order(name: str, ending: str) -> None:
    root = ElementTree.parse(MAPS / f"{name}{ending}").getroot()  # noqa: S314
    assert root.attrib["lang"] == "fa"
    persian = 0
    for element in root.iter():
        text = element.text or ""
        if element.tag.endswith("}text") and element.get("direction") == "rtl":
            assert text[0] == text[-1] == "\u200f"
            assert not any("\ufb50" <= letter <= "\ufeff" for letter in text), "letters are joined by the viewer"
            persian += 1
    assert persian > 20
