"""No text of a map leaves its box, and nothing lies on anything else: read back from the SVG."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from safar.dsl.read import read_text
from safar.engine.program import lower
from safar.renderers import dot
from safar.renderers.flow.part import Part
from safar.renderers.flow.showing import PLAINLY, Showing
from safar.renderers.graphviz_engine import lay_out
from safar.renderers.labels import measure
from safar.renderers.layout import along, place, size
from safar.renderers.map import draw
from safar.renderers.view import view

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "docs" / "maps").glob("*.svg") if not path.stem.endswith(".map")
)


class Area(msgspec.Struct, frozen=True):
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Area, slack: float = 0.01) -> bool:
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: Area) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def moved(self, x: float, y: float) -> Area:
        return Area(self.left + x, self.top + y, self.right + x, self.bottom + y)


class Text(msgspec.Struct, frozen=True):
    words: str
    area: Area


class Drawn(msgspec.Struct, frozen=True):
    """`boxes`, `pills`, `titles`: by id, the area and the texts that belong in it."""

    canvas: Area
    boxes: dict[str, tuple[Area, list[Text]]]
    pills: dict[str, tuple[Area, list[Text]]]
    titles: dict[str, list[Text]]
    stages: dict[str, Area]
    others: list[Text]


def text_of(element: ElementTree.Element) -> Text:
    """The area of a text, from our own measure: a little more than an em high."""
    x, y, size = (float(element.attrib[name]) for name in ("x", "y", "font-size"))
    words = element.text or ""
    half = measure(words, size, bold="font-weight" in element.attrib) / 2
    return Text(words, Area(x - half, y - size * 0.85, x + half, y + size * 0.4))


def area_of(element: ElementTree.Element) -> Area:
    if element.tag == f"{SVG}rect":
        x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        return Area(x, y, x + width, y + height)
    x = y = 0.0
    points = []
    for letter, numbers in re.findall(r"([MLHV])([-0-9. ]+)", element.attrib["d"]):
        values = [float(number) for number in numbers.split()]
        x = values[0] if letter != "V" else x
        y = values[-1] if letter != "H" else y
        points.append((x, y))
    return Area(
        min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points)
    )


def read(svg: str) -> Drawn:
    root = ElementTree.fromstring(svg)  # noqa: S314
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    body = next(group for group in root.findall(f"{SVG}g") if "transform" in group.attrib)
    found = re.fullmatch(r"translate\((\S+) (\S+)\)", body.attrib["transform"])
    assert found is not None
    dx, dy = float(found[1]), float(found[2])
    drawn = Drawn(Area(0, 0, width, height), {}, {}, {}, {}, [text_of(t) for t in root.findall(f"{SVG}text")])
    for element in body:
        name = element.attrib["id"].partition("-")[2]
        if element.tag == f"{SVG}rect":
            drawn.stages[name] = area_of(element).moved(dx, dy)
            continue
        texts = [Text(t.words, t.area.moved(dx, dy)) for t in map(text_of, element.findall(f"{SVG}text"))]
        kind = element.attrib["class"].split()[0]
        if kind == "title":
            drawn.titles[name] = texts
        elif kind == "box":
            shape = next(child for child in element if child.tag in (f"{SVG}rect", f"{SVG}path"))
            drawn.boxes[name] = area_of(shape).moved(dx, dy), texts
        elif (rect := element.find(f"{SVG}rect")) is not None:
            drawn.pills[name] = area_of(rect).moved(dx, dy), texts
    return drawn


def faults(drawn: Drawn) -> list[str]:
    """Every text outside its place, and everything that lies on something else."""
    found = []
    for name, (area, texts) in (drawn.boxes | drawn.pills).items():
        found += [f"{text.words!r} leaves {name}" for text in texts if not area.holds(text.area)]
        if not drawn.canvas.holds(area):
            found.append(f"{name} leaves the picture")
    solid = {name: area for name, (area, _) in (drawn.boxes | drawn.pills).items()}
    solid |= {f"{name}/{n}": text.area for name, texts in drawn.titles.items() for n, text in enumerate(texts)}
    solid |= {f"other {n}": text.area for n, text in enumerate(drawn.others)}
    for (one, a), (other, b) in itertools.combinations(solid.items(), 2):
        if a.meets(b):
            found.append(f"{one} lies on {other}")
    for (one, a), (other, b) in itertools.combinations(drawn.stages.items(), 2):
        if a.meets(b):
            found.append(f"{one} lies on {other}")
    for name, texts in drawn.titles.items():
        stage = drawn.stages["s" + name[1:]]
        found += [f"{text.words!r} leaves its stage" for text in texts if not stage.holds(text.area)]
    found += [f"{text.words!r} leaves the picture" for text in drawn.others if not drawn.canvas.holds(text.area)]
    return found


def drawing(text: str, language: str = "", showing: Showing = PLAINLY) -> Drawn:
    reading = read_text(text)
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    project = reading.project
    journey = next(iter(project.journeys.values()))
    return read(draw(lower(project, journey), kind="svg", language=language, showing=showing))


WORDS = {
    "en": "wait reminder customer a cart WWWWWW extraordinarily order mail it",
    "fa": "یادآوری سبد‌خرید رهاشده و هدیهٔ نوروز برای مشتری عزیز پنجشنبه تخفیف",
}


def made(chance: random.Random, language: str) -> str:
    """A journey with a bit of everything, its texts of any length."""
    words = WORDS[language].split()

    def title() -> str:
        return " ".join(chance.choice(words) for _ in range(chance.randrange(1, 14)))

    counter = itertools.count()

    def step(depth: int) -> str:
        number = next(counter)
        kinds = ["touch", "touch", "wait", "task"] + (
            ["if", "split", "answer", "repeat", "several"] if depth < 3 else []
        )
        match chance.choice(kinds):
            case "wait":
                return f"wait {chance.randrange(1, 40)}d"
            case "task":
                return f'task crm "{title()}"'
            case "if":
                return f"if customer.orders > {number} {{ {steps(depth + 1)} }} otherwise {{ {steps(depth + 1)} }}"
            case "split":
                return f'split s{number} "{title()}" {{ 30% a "{title()}" {{ {steps(depth + 1)} }}; 70% b {{ }} }}'
            case "answer":
                return f"wait for opened up to 3d {{ {steps(depth + 1)} }} otherwise {{ {steps(depth + 1)} }}"
            case "several":
                return f"wait up to 2d {{ for opened {{ {steps(depth + 1)} }}; for clicked {{ exit bored }} }}"
            case "repeat":
                return f"repeat up to 3 times every 7d until clicked {{ {steps(depth + 1)} }}"
            case _:
                return f'touchpoint t{number} "{title()}" {{ send email {{ subject "x" }}; feeling +2 "{title()}" }}'

    def steps(depth: int) -> str:
        return "; ".join(step(depth) for _ in range(chance.randrange(1, 4)))

    stages = "\n".join(
        f'stage stage{n} "{title()}" {{ thinking "{title()}"; on opened if customer.orders > {n} exit gone; '
        f"{steps(0)} }}"
        for n in range(chance.randrange(1, 5))
    )
    return f"""
        customer {{ orders: integer = 0 growing }}
        event opened "{title()}"; event clicked; team crm; channel email "{title()}" {{ outbound }}
        journey made "{title()}" {{
          enter on opened if customer.orders > 1
          on clicked exit won
          {stages}
        }}
        """


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("seed", range(8))
def test_any_journey(seed: int, language: str) -> None:
    text = made(random.Random(seed), language)  # noqa: S311
    drawn = drawing(text)
    assert len(drawn.boxes) > 3
    assert faults(drawn) == []
    assert struck(text) == []


PARTS = {
    "pieces": Showing(whole=False),
    "notes": Showing(notes=True, whole=False),
    "closed": Showing(part=Part(closed="stage0")),
    "focus": Showing(part=Part(focus="exit:won", depth=1)),
}


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("showing", PARTS.values(), ids=PARTS)
def test_any_part_of_any_journey(showing: Showing, language: str) -> None:
    for seed in range(3):
        text = made(random.Random(seed), language)  # noqa: S311
        drawn = drawing(text, language, showing)
        assert faults(drawn) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_maps_of_the_examples(path: Path) -> None:
    drawn = read(path.read_text(encoding="utf-8"))
    assert len(drawn.boxes) > 10
    assert faults(drawn) == []


def struck(text: str) -> list[str]:
    """Boxes and labels that an arrow runs over which neither begins nor ends there."""
    project = read_text(text).project
    sized = size(view(lower(project, project.journeys["made"])))
    placed = place(sized, *lay_out([dot.write(sized, texts=False)]))
    areas = {f"n{n}": around(placed.boxes[n], box.width, box.height) for n, box in enumerate(sized.boxes)}
    areas |= {f"m{n}": around(at, sized.arrows[n].width, sized.arrows[n].height) for n, at in placed.pills.items()}
    found = []
    for number, (arrow, curves) in enumerate(zip(sized.arrows, placed.curves, strict=True)):
        own = {f"m{number}", f"n{arrow.arrow.start}", f"n{arrow.arrow.end}"}
        points = [point for curve in curves for point in along(curve)]
        for name, area in areas.items():
            if name not in own and any(area.holds(Area(x, y, x, y), slack=-1.5) for x, y in points):
                found.append(f"arrow {number} runs over {name}")
    return found


def around(middle: tuple[float, float], width: float, height: float) -> Area:
    return Area(middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2)


LONG = {
    "one long word": "W" * 1_900,
    "many words": "word " * 380,
    "letters the font lacks": "漢字🎉" * 30,
    "marks": "أَّ" * 200,
    "right to left and left to right": "سلام hello ۱۲ 12 (س) [x] " * 9,
}


@pytest.mark.parametrize("title", LONG.values(), ids=LONG)
def test_texts_of_any_length_stay_in_their_boxes(title: str) -> None:
    text = f'''
        event e "{title}"; channel mail "{title}" {{ outbound }}
        journey j "{title}" {{
          enter on e
          stage early "{title}" {{
            thinking "{title}"
            touchpoint t "{title}" {{ send mail {{ subject "x" }}; feeling +1 "{title}" }}
            wait for e up to 3d otherwise {{ exit gone "{title}" }}
          }}
        }}
        '''
    drawn = drawing(text)
    assert faults(drawn) == []
    assert drawn.canvas.right < 2_000
    assert drawn.canvas.bottom < 2_000


def test_the_check_itself_sees_faults() -> None:
    good = draw_small()
    assert faults(read(good)) == []
    x = re.search(r'<text x="([0-9.]+)"', good.partition('class="box contact"')[2])
    assert x is not None
    moved = good.replace(f'x="{x[1]}"', f'x="{float(x[1]) + 60}"')
    assert any("leaves" in fault for fault in faults(read(moved)))


def draw_small() -> str:
    text = 'event e; journey j { enter on e; stage s { touchpoint t "Hello there" { }; wait 1d } }'
    project = read_text(text).project
    return draw(lower(project, project.journeys["j"]), kind="svg")


def test_a_journey_without_steps_still_draws() -> None:
    drawn = drawing("event e; journey j { enter on e; stage empty { } }")
    assert len(drawn.boxes) == 2
    assert faults(drawn) == []
