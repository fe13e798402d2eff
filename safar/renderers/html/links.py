"""The boxes of a map as links to what is said of them."""

from __future__ import annotations

from collections.abc import Callable

from safar.renderers.html.flow import NAMESPACE, Element
from safar.renderers.html.numbers import Numbers
from safar.renderers.labels import clean
from safar.renderers.picture import Box, Picture

_OF_NO_STEP = ("stage", "stub", "link")


def linked(picture: Picture, drawn: Picture, numbers: Numbers, prefix: str) -> Callable[[Element], None]:
    """What changes the SVG of `drawn`, which may be `picture` in pieces: its boxes lead to the steps of `picture`."""
    steps = {_key(box): number for number, box in enumerate(picture.boxes)}
    targets = {
        f"n{number}": (steps[_key(box)], box)
        for number, box in enumerate(drawn.boxes)
        if box.family not in _OF_NO_STEP and _key(box) in steps
    }

    def change(root: Element) -> None:
        for element in root.iter(f"{NAMESPACE}g"):
            found = targets.get(element.get("id", "").rpartition("-")[2])
            if found is not None:
                number, box = found
                title = clean(box.title)
                element.tag = f"{NAMESPACE}a"
                element.set("href", f"#{prefix}step{number}")
                element.set("aria-label", title if box.count is None else f"{title}: {numbers.count(box.count)}")

    return change


def _key(box: Box) -> tuple[int, int, str]:
    """What a box stands for: in pieces an outcome stands for itself at each step that leads to it."""
    return id(box.meaning.place), id(box.meaning.handler), box.meaning.outcome
