"""A picture as PDF: one page of its size, lines as lines, texts as texts; the same picture gives the same bytes."""

from __future__ import annotations

import importlib.resources
from xml.sax.saxutils import unescape

from safar.renderers.graphviz_engine import DrawingError
from safar.renderers.labels import in_font
from safar.renderers.pdf_order import ordered


def write(svg: str) -> bytes:
    """The PDF of an SVG file of ours; raises `DrawingError` where `svg2pdf-py` is missing."""
    try:
        import svg2pdf_py
    except ImportError as missing:
        raise DrawingError("cannot draw PDF: install `safar[pdf]`, or write SVG (`-o map.svg`)") from missing
    known = svg2pdf_py.FontDatabase()
    fonts = importlib.resources.files("safar.renderers") / "fonts"
    with importlib.resources.as_file(fonts) as folder:
        for weight in ("Regular", "Bold"):
            known.load_font_file(str(folder / f"Vazirmatn-{weight}.ttf"))
    if not in_font(unescape(svg).replace("\n", "")):
        known.load_system_fonts()
    written = bytes(svg2pdf_py.svg_to_pdf(svg, known))
    try:
        return ordered(written)
    except ValueError:  # a later converter may lay its file out otherwise: it is shown as well
        return written
