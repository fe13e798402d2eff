"""A journey in the format that is asked for: pictures, and what is written instead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

if TYPE_CHECKING:
    from safar.engine.program import Program
    from safar.renderers.journey_map.cut import Cut
    from safar.renderers.map import Wanted

KINDS = ("svg", "png", "pdf", "html", "mmd", "md", "dot")
"""Also the endings of their files."""

MAP_KINDS = ("svg", "png", "pdf", "html", "mmd", "md")
"""Those that the journey map has."""

Text = Literal["svg", "html", "mmd", "md", "dot"]
Bytes = Literal["png", "pdf"]


@overload
def draw(program: Program, *, kind: Bytes, **wanted: Unpack[Wanted]) -> bytes: ...
@overload
def draw(program: Program, *, kind: Text, **wanted: Unpack[Wanted]) -> str: ...
@overload
def draw(program: Program, *, kind: str, **wanted: Unpack[Wanted]) -> str | bytes: ...


def draw(program: Program, *, kind: str, **wanted: Unpack[Wanted]) -> str | bytes:
    """A journey as one of `KINDS`; the same bytes on every machine.

    `svg`, `png`, `pdf` and `dot` are the map, `html` is the map as a page to zoom in, `mmd` the map for Mermaid, `md`
    the whole journey in words.  `wanted` is as for `map.draw`.  Raises `DrawingError` where no engine can lay it out or
    a package for the format is missing, and `ValueError` for another kind.
    """
    from safar.renderers import map as maps

    match kind:
        case "mmd":
            from safar.renderers import mermaid
            from safar.renderers.flow.showing import PLAINLY, show

            showing = wanted.get("showing", PLAINLY)
            return mermaid.write(show(program, wanted.get("language", ""), showing))
        case "md":
            from safar.renderers import in_words

            return in_words.write(program, wanted.get("language", ""))
        case "pdf":
            from safar.renderers import pdf

            return pdf.write(maps.draw(program, kind="svg", **wanted))
        case "html":
            from safar.renderers.html import map_page

            return map_page.write(program, **wanted)
        case _:
            return maps.draw(program, kind=kind, **wanted)


def draw_journey_map(program: Program, *, kind: str, language: str = "", cut: Cut | None = None) -> str | bytes:
    """A journey map as one of `MAP_KINDS`: `mmd` is Mermaid's diagram `journey`, `md` a table; else as `draw`.

    Raises `CutError` for a stage or persona that is not there, `DrawingError` and `ValueError` as `draw` does.
    """
    from safar.renderers import map as maps
    from safar.renderers.journey_map import cut as cuts

    cut = cut or cuts.WHOLE
    if kind in ("svg", "png"):
        return maps.draw_journey_map(program, kind=kind, language=language, cut=cut)
    if kind == "pdf":
        from safar.renderers import pdf

        return pdf.write(maps.draw_journey_map(program, language=language, cut=cut))
    if kind == "html":
        from safar.renderers.html import map_page

        return map_page.write_journey_map(program, language, cut)
    if kind not in MAP_KINDS:
        raise ValueError(f"no kind of journey map `{kind}`; there are {', '.join(MAP_KINDS)}")
    from safar.renderers.journey_map import in_words, mermaid, view

    sheet = view.view(program, language, cut)
    return mermaid.write(sheet) if kind == "mmd" else in_words.write(sheet)
