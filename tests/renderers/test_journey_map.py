"""What a journey map shows of a journey, of a part of it, and of two beside each other."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers import theme
from safar.renderers.journey_map.sheet import ADDED, ALIKE, FEELING, GONE, OWN, Sheet
from safar.renderers.journey_map.view import view
from safar.renderers.labels import clean
from safar.renderers.map import Cut, CutError, draw, draw_journey_map
from safar.renderers.traffic import TrafficError, read

SHOP = """
customer { orders: integer = 0 }
event visited "Visited"; event order_placed "Ordered"; event opened; event called "Called"
channel email "Email" { outbound; cost 0.01 EUR per message }; channel website "Website" { inbound }
team crm "Relations"; team web "Web shop"; action coupon "Coupon" { code: text }
feed reviews { stars: number? }
persona planner "Planner" { share 40%; story "Compares for weeks."; question "Will it last?" }
persona hunter "Bargain hunter" { share 60%; pain "Prices move" }
"""
TODAY = """
journey present "Today" {
  owner crm; theme "Inform first"; enter on visited; on called exit helped "Has called"
  goal order "Order" { on order_placed within 10d; target at least 10% }
  measure quick "Days to order" = time from visited to order_placed, target at most 6d
  stage look "Look" {
    doing "Compares"; doing "Hunts for codes" for hunter; thinking "Which one?"; evidence "Interviews"
    on order_placed exit bought "Knew what to buy"
    touchpoint page "Page" {
      at website; shows "Stars" = reviews.stars; do coupon(code = "A"); owner web; feeling -2 "Lost"
      feeling +4 "Found it" for hunter
      pain "Slow"; opportunity "Faster"; evidence "Log, 7 s"; needs "Servers"; cost 800 EUR to build
      measure seen "Seen" = opened per delivered, target at least 55%; question "How much?" for planner
    }
    if persona == hunter { touchpoint code "Code" { send email { subject "x" }; transactional; feeling +1 } }
    task web "Look after the page"
  }
  stage buy "Buy" { wait for order_placed up to 2d otherwise { exit lost "No order"; }; exit bought }
}
"""
IDEAL = """
journey ideal "As it should be" {
  enter on visited
  stage look { touchpoint page "Page" { at website; feeling +3 "Quick" } }
  stage advise "Advise" { touchpoint chat "Chat" { at website; pain "Has to say it twice" } }
}
"""


def programs(text: str = TODAY + IDEAL) -> dict[str, Program]:
    reading = read_text(SHOP + text)
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    return {name: lower(reading.project, journey) for name, journey in reading.project.journeys.items()}


def today(**cut: str) -> Sheet:
    return view(programs()["present"], cut=Cut(cut.get("persona", ""), cut.get("stages", "")))


def lanes(sheet: Sheet) -> dict[str, list[list[str]]]:
    """By the title of a lane, what stands in each stage."""
    return {
        clean(lane.title): [
            [clean(" | ".join((note.text, *note.details, *note.marks))) for note in cell.notes] for cell in lane.cells
        ]
        for lane in sheet.lanes
    }


def test_each_lane_says_what_the_file_says() -> None:
    sheet = today()
    assert lanes(sheet) == {
        "Does": [["Compares", "Hunts for codes (Bargain hunter)"], []],
        "At: Website": [["Page"], []],
        "By: Email": [["Code | transactional"], []],
        "Thinks": [["“Which one?”"], []],
        "Asks": [["“How much?” (Planner)"], []],
        "Feels": [],
        "Pains": [["Slow | [2]"], []],
        "Opportunities": [["Faster"], []],
        "Behind the scenes": [["Data: Stars", 'Coupon | code = "A"', "Task for Web shop: Look after the page"], []],
        "Needs": [["Servers"], []],
        "Costs": [["800.00 EUR to build"], []],
        "Measures": [["Seen: at least 55%"], []],
        "Owner": [["Web shop"], []],
        "Leaves as": [["bought | Knew what to buy"], ["lost | No order", "bought"]],
    }
    assert [clean(text) for text in sheet.footnotes] == ["[1] Interviews", "[2] Log, 7 s"]
    assert [(clean(column.title), column.slots, column.marks) for column in sheet.columns] == [
        ("Look", 2, ("[1]",)),
        ("Buy", 1, ()),
    ]
    assert [clean(text) for text in sheet.details] == [
        "Inform first",
        "Owner: Relations",
        "Goal: Order within 10 days, at least 10%",
        "Measure: Days to order: at most 6 days",
        "At any time: Called – End: helped",
    ]
    assert clean(sheet.description).startswith("2 stages, 2 touchpoints, feelings from -2 to +4: Does, At: Website")


def test_personas_have_heads_and_curves() -> None:
    sheet = today()
    assert [(clean(head.title), [clean(text) for text in head.details]) for head in sheet.heads] == [
        ("Planner", ["40% of customers", "Compares for weeks.", "Asks: Will it last?"]),
        ("Bargain hunter", ["60% of customers", "Pains: Prices move"]),
    ]
    common, hunter = sheet.curves
    assert [(point.slot, point.score) for point in common.points] == [(0, -2), (1, 1)]
    assert [(point.slot, point.score, point.said) for point in hunter.points] == [(0, 4, True), (1, 1, False)]
    assert (common.hue, hunter.hue, [head.hue for head in sheet.heads]) == (0, 2, [1, 2])


def test_the_map_of_a_persona() -> None:
    hunter, planner = today(persona="Hunter"), today(persona="planner")
    assert [clean(head.title) for head in hunter.heads] == ["Bargain hunter"]
    assert [[point.score for point in curve.points] for curve in hunter.curves] == [[4, 1]]
    (does,) = (lane for lane in hunter.lanes if lane.kind == "doing")
    assert [(clean(note.text), note.look) for note in does.cells[0].notes] == [
        ("Compares", ALIKE),
        ("Hunts for codes", OWN),
    ]
    assert [(look, clean(word)) for look, word in hunter.legend] == [(OWN, "only Bargain hunter")]
    assert "Asks" not in lanes(hunter)
    assert lanes(planner)["Asks"] == [["“How much?”"], []]
    assert lanes(planner)["Does"] == [["Compares"], []]
    assert "By: Email" not in lanes(planner), "the planner never comes to the code"


@pytest.mark.parametrize(
    ("stages", "kept"),
    [
        ("look..buy", ["Look", "Buy"]),
        ("Buy", ["Buy"]),
        ("buy..", ["Buy"]),
        ("..look", ["Look"]),
        ("..", ["Look", "Buy"]),
    ],
)
def test_a_range_of_stages(stages: str, kept: list[str]) -> None:
    assert [clean(column.title) for column in today(stages=stages).columns] == kept


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        ({"stages": "buy..look"}, "stage `buy` comes after `look`"),
        ({"stages": "look..bu"}, "no stage `bu`; did you mean `buy`"),
        ({"stages": "xxxxxxxx"}, "there are `look`, `buy`"),
        ({"persona": "hunte"}, "no persona `hunte`; did you mean `hunter`"),
        ({"persona": "xxxxxxxx"}, "there are `planner`, `hunter`"),
    ],
)
def test_what_is_not_there_is_told(cut: dict[str, str], message: str) -> None:
    with pytest.raises(CutError, match=re.escape(message)):
        today(**cut)


def test_two_journeys_beside_each_other() -> None:
    both = programs()
    sheet = view(both["present"], cut=Cut(beside=both["ideal"]))
    assert [(clean(column.title), column.look) for column in sheet.columns] == [
        ("Look", ALIKE),
        ("Buy", GONE),
        ("Advise", ADDED),
    ]
    assert [(clean(curve.title), [point.score for point in curve.points]) for curve in sheet.curves] == [
        ("Today", [-2, 1]),
        ("As it should be", [3]),
    ]
    looks = {clean(note.text): note.look for lane in sheet.lanes for cell in lane.cells for note in cell.notes}
    assert (looks["Page"], looks["Code"], looks["Chat"], looks["Has to say it twice"]) == (ALIKE, GONE, ADDED, ADDED)
    assert [clean(word) for _, word in sheet.legend] == ["only in Today", "only in As it should be"]


def test_a_feeling_of_a_whole_stage_has_a_place_before_its_touchpoints() -> None:
    text = 'journey j { enter on visited; stage s { feeling -1 "x"; touchpoint t { at website; feeling +1 } } }'
    sheet = view(programs(text)["j"])
    assert [column.slots for column in sheet.columns] == [2]
    assert [(point.slot, point.score) for point in sheet.curves[0].points] == [(0, -1), (1, 1)]


def test_lanes_without_content_are_left_out() -> None:
    sheet = view(programs("journey j { enter on visited; stage s { touchpoint t { at website } } }")["j"])
    assert [lane.kind for lane in sheet.lanes] == ["channel"]
    assert FEELING not in [lane.kind for lane in sheet.lanes]
    assert sheet.curves == ()


# --- as SVG


def test_persian_runs_from_the_right() -> None:
    program = programs()["present"]
    left, right = draw_journey_map(program), draw_journey_map(program, language="fa")
    for svg, ordered in ((left, True), (right, False)):
        look, buy = (re.search(rf'id="\w+-s{number}".*?<path d="M([\d.]+) ', svg, re.DOTALL) for number in (0, 1))
        assert look is not None
        assert buy is not None
        assert (float(look[1]) < float(buy[1])) is ordered
    assert "۵۵٪" in right
    assert re.search(r">\W*\+۴\W*<", right)
    assert 'lang="fa"' in right


def test_ids_of_several_maps_in_one_page_are_apart() -> None:
    both = programs()
    drawings = [
        draw(both["present"], kind="svg"),
        draw(both["ideal"], kind="svg"),
        draw_journey_map(both["present"]),
        draw_journey_map(both["present"], language="fa"),
        draw_journey_map(both["present"], cut=Cut(persona="hunter")),
        draw_journey_map(both["present"], cut=Cut(stages="look")),
        draw_journey_map(both["present"], cut=Cut(beside=both["ideal"])),
    ]
    ids = [found for svg in drawings for found in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids)) > 30
    for svg in drawings:
        root = ElementTree.fromstring(svg)  # noqa: S314
        named = root.attrib["aria-labelledby"].split()
        assert [element.get("id") for element in root if element.tag.endswith(("title", "desc"))] == named
        assert set(re.findall(r"#(m[0-9a-f]{8}) ", svg)) == {root.attrib["id"]}, "its style is for itself alone"


def test_png_and_twice_the_same() -> None:
    program = programs()["present"]
    for kind in ("svg", "png"):
        assert draw_journey_map(program, kind=kind) == draw_journey_map(program, kind=kind)
    png = draw_journey_map(program, kind="png")
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="no kind of journey map `dot`"):
        draw_journey_map(program, kind="dot")


# --- colours


def test_texts_stand_out_on_light_and_on_dark() -> None:
    light = [ground for ground, _ in (*theme.CHANNELS, *theme.NOTES.values())]
    light += [theme.BAR, theme.PAPER, theme.STAGE_FILL, theme.GOOD_GROUND, theme.BAD_GROUND]
    for ground in light:
        dark = theme.DARK_GROUNDS[ground]
        for ink in (theme.INK, theme.FAINT_INK):
            assert theme.contrast(ink, ground) >= 4.5
            assert theme.contrast(theme.DARK_TEXTS[ink], dark) >= 4.5
    for colour, _ in theme.CURVES:
        assert theme.contrast(theme.STAGE_HEAD_TEXT, colour) >= 4.5
        assert theme.contrast(theme.DARK_LINES[colour], theme.DARK_PAPER) >= 3
    assert theme.contrast(theme.STAGE_HEAD_TEXT, theme.DARK_GROUNDS[theme.STAGE_HEAD]) >= 4.5


def test_every_colour_of_a_map_has_one_for_dark_screens() -> None:
    both = programs()
    for svg in (draw(both["present"], kind="svg"), draw_journey_map(both["present"], cut=Cut(beside=both["ideal"]))):
        inks = set(re.findall(r'<text [^>]*fill="(#\w+)"', svg))
        assert inks <= {*theme.DARK_TEXTS, theme.PAPER, *(style.faint for style in theme.STYLES.values())}
        strokes = set(re.findall(r'stroke="(#\w+)"', svg))
        assert strokes <= {*theme.DARK_LINES, theme.STAGE_HEAD, *(style.stroke for style in theme.STYLES.values())}


# --- with what a simulation told

RESULT = {
    "format_version": 1,
    "journey": "present",
    "entered": 2000,
    "stages": {
        "look": {"came": 2000, "went_on": 1500, "left": {"bought": 400, "helped": 100, "lost": 0}, "inside": 0},
        "buy": {"came": 1500, "went_on": 0, "left": {"lost": 1500}},
    },
    "touchpoints": {
        "page": {"delivered": 2000, "measures": {"seen": {"value": 0.5, "unit": "", "target": 0.55, "met": False}}},
        "code": {"delivered": 1200, "measures": {}},
    },
    "measures": {"quick": {"value": 450_000.4, "unit": "s", "target": 518400, "met": True}},
}


def told(language: str = "", **changes: Any) -> Sheet:
    traffic = read(json.dumps(RESULT | changes).encode(), "present")
    return view(programs()["present"], language, Cut(traffic=traffic))


def test_what_a_simulation_told_stands_on_the_map() -> None:
    sheet = told()
    found = lanes(sheet)
    assert found["Customers"] == [
        ["2,000 come (100%) | 500 leave here (25%) | bought: 400 | helped: 100"],
        ["1,500 come (75%) | 1,500 leave here (100%) | lost: 1,500"],
    ]
    assert [note.bar for lane in sheet.lanes[:1] for cell in lane.cells for note in cell.notes] == [1.0, 0.75]
    assert found["At: Website"][0] == ["Page | met 2,000 times"]
    assert found["By: Email"][0] == ["Code | transactional | met 1,200 times"]
    assert found["Measures"][0] == ["Seen: at least 55% | simulated 50.0%: missed"]
    assert "Measure: Days to order: at most 6 days, simulated 5 days: met" in [clean(text) for text in sheet.details]
    assert lanes(told("fa"))["مشتریان"][1][0].startswith("۱٬۵۰۰ می‌آیند (۷۵٪)")


def test_figures_that_are_unknown_are_not_told() -> None:
    sheet = told(entered=0, touchpoints={}, measures={"quick": {"value": None, "unit": "s", "met": None}}, stages={})
    assert "Customers" not in lanes(sheet)
    assert lanes(sheet)["Measures"][0] == ["Seen: at least 55%"]


def test_a_result_of_several_journeys() -> None:
    together = {"format_version": 1, "journeys": {"other": {}, "present": RESULT}}
    assert read(json.dumps(together).encode(), "present").entered == 2000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is no result"),
        (b"[]", "this is no result"),
        (b"\xff{", "this is no result"),
        (b"[" * 100_000, "this is no result"),
        (json.dumps(RESULT | {"stages": 3}).encode(), "this is no result"),
        (json.dumps(RESULT | {"format_version": 2}).encode(), "simulate anew"),
        (json.dumps(RESULT | {"journey": "other"}).encode(), "tells of `other`, not of `present`"),
    ],
)
def test_what_is_no_result_is_told(data: bytes, message: str) -> None:
    with pytest.raises(TrafficError, match=message):
        read(data, "present")


def test_a_result_tells_of_no_persona_alone() -> None:
    traffic = read(json.dumps(RESULT).encode(), "present")
    with pytest.raises(CutError, match="all customers together"):
        view(programs()["present"], cut=Cut(persona="hunter", traffic=traffic))
