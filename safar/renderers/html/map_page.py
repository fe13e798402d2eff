"""The map as a page that fills the window, to zoom and move in."""

from __future__ import annotations

from typing import Unpack

from safar.engine.program import Program
from safar.renderers import map as maps
from safar.renderers.html.flow import framed
from safar.renderers.html.markup import tag
from safar.renderers.html.page import page
from safar.renderers.view import view


def write(program: Program, **wanted: Unpack[maps.Wanted]) -> str:
    """The page; raises `DrawingError` where no engine can lay the map out."""
    picture = view(program, wanted.get("language", ""))
    svg = maps.draw(program, kind="svg", **wanted)
    spoken = picture.words.language
    frame = framed(svg, spoken, prefix="page-", wheel="plain")
    return page(picture.title, spoken, tag("main", frame), kind="picture")
