"""On a journey map nothing leaves its place and nothing lies on anything else: read back from the SVG."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers.journey_map.plot import along
from safar.renderers.labels import measure
from safar.renderers.map import draw_journey_map

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "maps").glob("*.map.svg"))
SVG = "{http://www.w3.org/2000/svg}"


class Area(msgspec.Struct, frozen=True):
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Area, slack: float = 0.02) -> bool:
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: Area) -> bool:
        return (
            self.left + 0.02 < other.right
            and other.left + 0.02 < self.right
            and self.top + 0.02 < other.bottom
            and other.top + 0.02 < self.bottom
        )


class Group(msgspec.Struct):
    """One `<g>`: its first shape, and its texts."""

    name: str
    area: Area
    texts: list[tuple[str, Area]]


def program(text: str) -> Program:
    reading = read_text(text)
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    return lower(reading.project, next(iter(reading.project.journeys.values())))


def rect(element: ElementTree.Element) -> Area:
    x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
    return Area(x, y, x + width, y + height)


def written(element: ElementTree.Element) -> tuple[str, Area]:
    x, y, size = (float(element.attrib[name]) for name in ("x", "y", "font-size"))
    half = measure(element.text or "", size, bold="font-weight" in element.attrib) / 2
    return element.text or "", Area(x - half, y - size * 0.85, x + half, y + size * 0.4)


def outline(element: ElementTree.Element) -> Area:
    points = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", element.attrib["d"])]
    xs, ys = zip(*points, strict=True)
    return Area(min(xs), min(ys), max(xs), max(ys))


def shape(element: ElementTree.Element) -> Area:
    for child in element:
        if child.tag == f"{SVG}rect":
            return rect(child)
        if child.tag == f"{SVG}circle":
            x, y, r = (float(child.attrib[name]) for name in ("cx", "cy", "r"))
            return Area(x - r, y - r, x + r, y + r)
        if child.tag == f"{SVG}path":
            return outline(child)
    raise AssertionError("a group without a shape")


def groups(svg: str, kind: str) -> list[Group]:
    root = ElementTree.fromstring(svg)  # noqa: S314
    return [
        Group(element.attrib["class"], shape(element), [written(text) for text in element.findall(f"{SVG}text")])
        for element in root.iter(f"{SVG}g")
        if element.get("class", "").split()[0:1] == [kind]
    ]


def faults(svg: str) -> list[str]:
    found = []
    root = ElementTree.fromstring(svg)  # noqa: S314
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    page = Area(0, 0, width - 36, height - 36)
    for kind in ("note", "stage", "persona"):
        boxes = groups(svg, kind)
        for box in boxes:
            found += [f"{text!r} leaves its {kind}" for text, area in box.texts if not box.area.holds(area)]
        found += [f"a {kind} leaves the page" for box in boxes if not page.holds(box.area)]
        if kind != "stage":
            found += [f"a {kind} lies on another" for a, b in itertools.combinations(boxes, 2) if a.area.meets(b.area)]
    lanes = groups(svg, "lane")
    found += ["a lane lies on another" for a, b in itertools.combinations(lanes, 2) if a.area.meets(b.area)]
    solid = [
        (text, area)
        for group in (root, root.find(f"{SVG}g"))
        if group is not None
        for text, area in map(written, group.findall(f"{SVG}text"))
    ]
    solid += [text for kind in ("note", "stage", "persona", "lane") for box in groups(svg, kind) for text in box.texts]
    feelings = groups(svg, "feeling")
    solid += [text for mark in feelings for text in mark.texts[1:]]
    for (one, a), (other, b) in itertools.combinations(solid, 2):
        if a.meets(b):
            found.append(f"{one!r} lies on {other!r}")
    found += [f"{text!r} leaves the page" for text, area in solid if not page.holds(area)]
    marks = [mark.area for mark in feelings]
    found += ["a point lies on another" for a, b in itertools.combinations(marks, 2) if a.meets(b)]
    found += [f"{text!r} lies on a point" for text, area in solid for mark in marks if area.meets(mark)]
    for way in root.iter(f"{SVG}path"):
        if way.get("class") == "curve":
            points = list(along(places(way.attrib["d"])))
            found += [
                f"a curve runs through {text!r}"
                for mark in feelings
                for text, area in mark.texts[1:]
                if any(area.holds(Area(x, y, x, y), slack=-0.5) for x, y in points)
            ]
    return found


def places(d: str) -> list[tuple[float, float]]:
    """Where a curve begins and the end of each of its pieces."""
    numbers = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)]
    return [(x, y) for x, y in (numbers[0], *numbers[3::3])]


def made(chance: random.Random, language: str) -> str:
    """A journey with anything in any lane; sometimes with nothing."""
    words = {
        "en": ["watch", "incomprehensibilities", "to", "a/b", "x"],
        "fa": ["سفر", "می‌خواهد", "۱۲", "تخفیف‌هایشان", "در"],
    }

    def title() -> str:
        return " ".join(chance.choice(words[language]) for _ in range(chance.randrange(1, 12)))

    def lines() -> str:
        kinds = ["doing", "thinking", "question", "pain", "opportunity", "evidence"]
        said = [
            f'{chance.choice(kinds)} "{title()}" {chance.choice(["", "for p", "for q"])}'
            for _ in range(chance.randrange(4))
        ]
        if chance.random() < 0.7:
            text = chance.choice(["", f'"{title()}"'])
            said.append(f"feeling {chance.choice(['-5', '-1', '0', '+2', '+5'])} {text}")
            said.append(f'feeling {chance.choice(["-4", "0", "+5"])} "{title()}" for {chance.choice("pq")}')
        return "; ".join(said)

    def touchpoint(name: str) -> str:
        channel = chance.choice(['send mail { subject "x" }', "at shop", ""])
        extra = chance.choice(
            ["", "owner crm; cost 3 EUR to build", f'needs "{title()}"; measure m "{title()}" = opened per delivered']
        )
        return f'touchpoint {name} "{title()}" {{ {"; ".join(part for part in (channel, lines(), extra) if part)} }}'

    stages = "\n".join(
        f'stage s{n} "{title()}" {{ {lines()}\n'
        + "\n".join(touchpoint(f"t{n}_{at}") for at in range(chance.randrange(5)))
        + f'\nwait 1d\nif customer.orders > {n} {{ exit out{n} "{title()}" }} }}'
        for n in range(chance.randrange(1, 12))
    )
    return f"""
        customer {{ orders: integer = 0 }}
        event opened "{title()}"; team crm "{title()}"
        channel mail "{title()}" {{ outbound }}; channel shop "{title()}" {{ inbound }}
        persona p "{title()}" {{ share 40%; story "{title()} {title()}"; pain "{title()}" }}
        persona q "{title()}" {{ share 60% }}
        journey made "{title()}" {{ owner crm; enter on opened\n{stages} }}
        """


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("seed", range(8))
def test_any_journey(seed: int, language: str) -> None:
    svg = draw_journey_map(program(made(random.Random(seed), language)))  # noqa: S311
    assert faults(svg) == []


LONG = {
    "one long word": "W" * 1_900,
    "many words": "word " * 380,
    "letters the font lacks": "漢字🎉" * 30,
    "marks": "أَّ" * 200,
    "both directions": "سلام hello ۱۲ 12 (س) [x] " * 9,
}


def full(title: str, stages: int) -> str:
    """A journey in which everything is called the same."""
    lines = "; ".join(
        f'{word} "{title}"' for word in ("doing", "thinking", "question", "pain", "opportunity", "evidence")
    )
    stage = f"""{{ {lines}; feeling -5 "{title}"
      touchpoint tNUMBER "{title}" {{ send mail {{ subject "x" }}; {lines}; feeling +1 "{title}"
        needs "{title}"; owner crm
        measure m "{title}" = opened per delivered, target at least 5% }}
      wait for opened up to 3d otherwise {{ exit gone "{title}" }} }}"""
    return f"""
      event opened "{title}"; channel mail "{title}" {{ outbound }}; team crm "{title}"
      persona p "{title}" {{ share 100%; story "{title}"; question "{title}" }}
      journey j "{title}" {{ enter on opened; theme "{title}"
      {chr(10).join(f'stage s{number} "{title}" {stage.replace("NUMBER", str(number))}' for number in range(stages))} }}
      """


@pytest.mark.parametrize("title", LONG.values(), ids=LONG)
def test_texts_of_any_length(title: str) -> None:
    svg = draw_journey_map(program(full(title, 2)))
    assert faults(svg) == []


def test_twelve_stages() -> None:
    svg = draw_journey_map(program(full("Some words of usual length", 12)))
    assert len(groups(svg, "stage")) == 12
    assert faults(svg) == []


def test_the_check_itself_sees_faults() -> None:
    good = draw_journey_map(program(full("Words", 2)))
    assert faults(good) == []
    note = good.index('class="note')
    x = re.compile(r'<text x="([\d.]+)"').search(good, note)
    assert x is not None
    moved = good[: x.start(1)] + str(float(x[1]) + 900) + good[x.end(1) :]
    assert any("leaves its note" in fault for fault in faults(moved))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_maps_of_the_examples(path: Path) -> None:
    svg = path.read_text(encoding="utf-8")
    assert len(groups(svg, "note")) > 10
    assert faults(svg) == []


@pytest.mark.parametrize(
    "journey",
    ["journey j { enter on e; stage s { } }", 'journey j { enter on e; stage s { wait 1d }; stage t "T" { } }'],
)
def test_nothing_said_is_nothing_but_stages(journey: str) -> None:
    svg = draw_journey_map(program(f"event e; {journey}"))
    assert groups(svg, "stage")
    assert groups(svg, "note") == groups(svg, "feeling") == []
    assert faults(svg) == []
