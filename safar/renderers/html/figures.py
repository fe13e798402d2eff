"""Figures drawn into the map: visits at boxes, and arrows as wide as they were used."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from safar.renderers import theme
from safar.renderers.flow.passing import Passed
from safar.renderers.html.flow import NAMESPACE, Element
from safar.renderers.html.numbers import Numbers
from safar.renderers.labels import clean, measure
from safar.renderers.layout import Placed, Point, along

_SIZE = 8.5
_HEIGHT = 14.0
_THIN, _WIDE = 0.8, 6.0


def drawn_in(placed: Placed, traffic: Passed, numbers: Numbers, prefix: str) -> Callable[[Element], None]:
    """What changes the SVG of a placed picture: figures, and each box a link to what is said of it."""

    def change(root: Element) -> None:
        _widen(root, traffic)
        _link(root, placed, traffic, numbers, prefix)
        group = root.find(f"{NAMESPACE}g[@transform]")
        assert group is not None
        over = ElementTree.SubElement(group, f"{NAMESPACE}g", {"class": "figures", "aria-hidden": "true"})
        for number, count in enumerate(traffic.arrows):
            _beside(over, _middle(placed, number), numbers.count(count))
        for number, visits in enumerate(traffic.boxes):
            if visits is not None:
                _badge(over, placed, number, numbers.count(visits))

    return change


def _widen(root: Element, traffic: Passed) -> None:
    most = max(traffic.arrows, default=0)
    for element in root.iter(f"{NAMESPACE}g"):
        if element.get("class", "").startswith("arrow "):
            count = traffic.arrows[_number(element)]
            width = _THIN + (_WIDE - _THIN) * count / most if most else _THIN
            for path in element.iter(f"{NAMESPACE}path"):
                if path.get("fill") == "none":
                    path.set("stroke-width", f"{width:.2f}")
                    path.set("stroke-opacity", "0.75" if count else "0.45")


def _link(root: Element, placed: Placed, traffic: Passed, numbers: Numbers, prefix: str) -> None:
    for element in root.iter(f"{NAMESPACE}g"):
        if element.get("class", "").startswith("box "):
            number = _number(element)
            visits = traffic.boxes[number]
            title = clean(placed.sized.boxes[number].box.title)
            element.tag = f"{NAMESPACE}a"
            element.set("href", f"#{prefix}step{number}")
            element.set("aria-label", title if visits is None else f"{title}: {numbers.count(visits)}")


def _middle(placed: Placed, number: int) -> Point:
    """Below the label of an arrow, or in the middle of one that has none."""
    if number in placed.pills:
        x, y = placed.pills[number]
        return x, y + placed.sized.arrows[number].height / 2 + _SIZE * 0.7
    points = [point for curve in placed.curves[number] for point in along(curve)]
    return points[len(points) // 2] if points else (0.0, 0.0)


def _beside(group: Element, at: Point, text: str) -> None:
    halo = {
        "class": "halo",
        "stroke": theme.PAPER,
        "stroke-width": "3",
        "paint-order": "stroke",
        "stroke-linejoin": "round",
    }
    _text(group, at, text, halo)


def _badge(group: Element, placed: Placed, number: int, text: str) -> None:
    box, (x, y) = placed.sized.boxes[number], placed.boxes[number]
    width = measure(text, _SIZE, bold=True) + 10
    right, top = x + box.width / 2 + 5, y - box.height / 2 - _HEIGHT / 2
    area = {
        "x": f"{right - width:.2f}",
        "y": f"{top:.2f}",
        "width": f"{width:.2f}",
        "height": f"{_HEIGHT:g}",
        "rx": "7",
    }
    paint = {"fill": theme.PAPER, "stroke": theme.style(box.box.family).stroke}
    ElementTree.SubElement(group, f"{NAMESPACE}rect", area | paint)
    _text(group, (right - width / 2, top + _HEIGHT / 2), text, {})


def _text(group: Element, at: Point, text: str, more: dict[str, str]) -> None:
    place = {"x": f"{at[0]:.2f}", "y": f"{at[1] + _SIZE * 0.36:.2f}", "font-size": f"{_SIZE:g}", "font-weight": "700"}
    element = ElementTree.SubElement(
        group, f"{NAMESPACE}text", place | {"text-anchor": "middle", "fill": theme.INK} | more
    )
    element.text = text


def _number(element: Element) -> int:
    """Of a box or an arrow, from the end of its id."""
    return int(element.get("id", "").rpartition("-")[2][1:])
