"""The map as a page that fills the window, to zoom and move in."""

from __future__ import annotations

from typing import Unpack

from safar.engine.program import Program
from safar.renderers import map as maps
from safar.renderers.html.flow import framed
from safar.renderers.html.markup import tag
from safar.renderers.html.page import page
from safar.renderers.journey_map import view as journey_map
from safar.renderers.view import view


def write(program: Program, **wanted: Unpack[maps.Wanted]) -> str:
    """The page; raises `DrawingError` where no engine can lay the map out."""
    picture = view(program, wanted.get("language", ""))
    return _page(picture.title, picture.words.language, maps.draw(program, kind="svg", **wanted))


def write_journey_map(program: Program, language: str, cut: maps.Cut) -> str:
    """The same of the journey map; raises `CutError` for a part that is not there."""
    sheet = journey_map.view(program, language, cut)
    return _page(sheet.title, sheet.words.language, maps.draw_journey_map(program, language=language, cut=cut))


def _page(title: str, language: str, svg: str) -> str:
    return page(title, language, tag("main", framed(svg, language, prefix="page-", wheel="plain")), kind="picture")
