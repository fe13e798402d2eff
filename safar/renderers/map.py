"""`draw`: the map of a journey in the format that is asked for."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Callable
from typing import Literal, TypedDict, Unpack, overload

from safar.engine.program import Program
from safar.renderers import dot, svg
from safar.renderers.flow.part import Part
from safar.renderers.flow.showing import PLAINLY, Showing, show
from safar.renderers.flow.traces import WayError
from safar.renderers.graphviz_engine import DrawingError
from safar.renderers.journey_map.cut import WHOLE, Cut, CutError
from safar.renderers.labels import in_font
from safar.renderers.layout import size
from safar.renderers.placing import placed
from safar.renderers.traffic import Traffic, TrafficError
from safar.renderers.traffic import read as read_traffic

__all__ = [
    "Cut",
    "CutError",
    "DrawingError",
    "Part",
    "Showing",
    "Traffic",
    "TrafficError",
    "Wanted",
    "WayError",
    "draw",
    "draw_journey_map",
    "read_traffic",
]

ZOOM, WIDEST = 2, 16_000
"""Pixels of a PNG to one of the SVG, and the most on a side: a larger picture has fewer to one."""


class Wanted(TypedDict, total=False):
    """Who lays a map out (as `graphviz_engine.lay_out`), in which language (the journey's own if empty), what it shows;
    `tell` is told why it is simpler than that.
    """

    engine: str
    language: str
    showing: Showing
    tell: Callable[[str], object]


@overload
def draw(program: Program, *, kind: Literal["png"], **wanted: Unpack[Wanted]) -> bytes: ...
@overload
def draw(program: Program, *, kind: Literal["svg", "dot"], **wanted: Unpack[Wanted]) -> str: ...
@overload
def draw(program: Program, *, kind: str, **wanted: Unpack[Wanted]) -> str | bytes: ...


def draw(program: Program, *, kind: str, **wanted: Unpack[Wanted]) -> str | bytes:
    """The flow map as `svg` or `dot` (text) or `png` (bytes); the same bytes on every machine.

    Raises `DrawingError` where no engine can lay it out or, for `png`, where `resvg-py` is missing, `CutError` for a
    part that is not there, and `ValueError` for another kind.
    """
    if kind not in ("svg", "dot", "png"):
        raise ValueError(f"no kind of map `{kind}`; there are svg, dot, png")
    showing = wanted.get("showing", PLAINLY)
    picture = show(program, wanted.get("language", ""), showing)
    if kind == "dot":
        return dot.write(size(picture), texts=True)
    found = placed(picture, wanted.get("engine", ""), whole=showing.whole)
    if (notice := found.sized.picture.notice) and "tell" in wanted:
        wanted["tell"](notice)
    text = svg.write(found)
    return _png(text, "".join(found.sized.picture.texts())) if kind == "png" else text


@overload
def draw_journey_map(program: Program, *, kind: Literal["svg"] = ..., language: str = "", cut: Cut = WHOLE) -> str: ...
@overload
def draw_journey_map(program: Program, *, kind: str, language: str = "", cut: Cut = WHOLE) -> str | bytes: ...


def draw_journey_map(program: Program, *, kind: str = "svg", language: str = "", cut: Cut = WHOLE) -> str | bytes:
    """The journey map as `svg` (text) or `png` (bytes): stages as columns, lanes for what is done, asked and felt.

    Raises `CutError` for a stage or persona that is not there, `DrawingError` where `resvg-py` is missing, and
    `ValueError` for another kind.
    """
    from safar.renderers.journey_map import layout, svg, view

    if kind not in ("svg", "png"):
        raise ValueError(f"no kind of journey map `{kind}`; there are svg, png")
    sheet = view.view(program, language, cut)
    text = svg.write(layout.place(sheet))
    return _png(text, "".join(sheet.texts())) if kind == "png" else text


def _png(text: str, letters: str) -> bytes:
    try:
        import resvg_py
    except ImportError as missing:
        raise DrawingError("cannot draw PNG: install `safar[png]`, or write SVG (`-o map.svg`)") from missing
    sides = re.search(r'width="([0-9.]+)" height="([0-9.]+)"', text)
    longest = max(map(float, sides.groups())) if sides is not None else 1.0
    fonts = importlib.resources.files("safar.renderers") / "fonts"
    with importlib.resources.as_file(fonts) as folder:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=text,
                dpi=96,
                zoom=min(ZOOM, WIDEST / longest),
                font_files=[str(folder / f"Vazirmatn-{weight}.ttf") for weight in ("Regular", "Bold")],
                skip_system_fonts=in_font(letters),
            )
        )
