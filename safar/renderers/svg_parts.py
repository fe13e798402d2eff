"""What all our SVG files are made of: an opening with its fonts, numbers, texts.

All texts are set by their middle, so that what little a viewer measures otherwise falls to both sides alike.
"""

from __future__ import annotations

import base64
import functools
import importlib.resources
import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import msgspec

from safar.renderers import theme
from safar.renderers.labels import Label, clean
from safar.renderers.layout import centres

MARGIN = 18.0
SCALE = 4 / 3
"""Pixels to a point."""
_COLOUR = re.compile('"(#[0-9a-f]{6})"')


class Heading(msgspec.Struct, frozen=True):
    """What a picture says of itself; `key` begins its ids, so that several pictures can stand in one page."""

    key: str
    title: str
    description: str
    language: str


def n(value: float) -> str:
    """A number with two decimals at most.

    >>> n(2.0), n(-0.001), n(1 / 3)
    ('2', '0', '0.33')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def text_of(text: str) -> str:
    """A text for titles: all of it that can be shown, escaped."""
    return escape(clean(text))


def opening(heading: Heading, size: tuple[float, float], drawn: Sequence[str]) -> str:
    """The first lines of a file; width and height in points, and what is drawn in it."""
    (width, height), colours = size, {theme.PAPER, *_COLOUR.findall("".join(drawn))}
    key, scope = heading.key, f"#{heading.key}"
    area = f'width="{n(width * SCALE)}" height="{n(height * SCALE)}" viewBox="0 0 {n(width)} {n(height)}"'
    told = (
        f'id="{key}" role="img" direction="ltr" aria-labelledby="{key}-title {key}-description" '
        f'lang="{heading.language}"'
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {area} {told} font-family="{theme.FONT}, {theme.FALLBACKS}">',
            f'<title id="{key}-title">{text_of(heading.title)}</title>',
            f'<desc id="{key}-description">{text_of(heading.description)}</desc>',
            f"<style>{fonts()} {dark(scope, colours)}</style>",
            f'<rect width="100%" height="100%" fill="{theme.PAPER}"/>',
        )
    )


@functools.cache
def fonts() -> str:
    """Both weights of the font as data, so that the picture looks the same everywhere."""
    folder = importlib.resources.files("safar.renderers") / "fonts"
    faces = []
    for weight, name in ((400, "Regular"), (700, "Bold")):
        data = base64.b64encode((folder / f"Vazirmatn-{name}-subset.woff2").read_bytes()).decode("ascii")
        faces.append(
            f"@font-face{{font-family:{theme.FONT};font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return " ".join(faces)


def dark(scope: str, colours: set[str] | None = None) -> str:
    """On a dark screen each colour below `scope` (a selector) has another; on paper none has.  None: every colour."""
    rules = [
        ",".join(f"{scope} {element}[{place}='{light}']" for element in elements) + f"{{{place}:{dark}}}"
        for place, elements, table in (
            ("fill", ("text",), theme.DARK_TEXTS),
            ("fill", ("rect", "path"), theme.DARK_GROUNDS),
            ("fill", (".tip",), theme.DARK_LINES),
            ("stroke", ("rect", "path", "circle"), theme.DARK_LINES),
        )
        for light, dark in table.items()
        if colours is None or light in colours
    ]
    return f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}"


# --- texts


def text_line(label: Label, text: str, x: float, y: float, colour: str) -> str:
    """One line of a label, its middle at `x` and its foot at `y`."""
    weight = ' font-weight="700"' if label.bold else ""
    direction = ' direction="rtl"' if label.rtl else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{n(label.size)}"{weight}{direction} text-anchor="middle" '
        f'fill="{colour}">{escape(text)}</text>'
    )


def aligned(
    labels: Sequence[Label],
    side: tuple[float, float],
    top: float,
    *,
    rtl: bool,
    ink: str = theme.INK,
    faint: str = theme.FAINT_INK,
) -> Iterator[str]:
    """Labels one under the other, at the left of `side` or, from right to left, at its right; bold ones in `ink`."""
    for label in labels:
        x = side[1] - label.width / 2 if rtl else side[0] + label.width / 2
        colour = ink if label.bold else faint
        for _, text, y in centres((label,), top):
            own = Label((text,), label.size, label.bold, label.rtl)
            shift = (label.width - own.width) / 2
            yield text_line(label, text, x + shift if rtl else x - shift, y, colour)
        top += label.height
