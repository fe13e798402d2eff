"""A placed picture as SVG.  One file that needs nothing: fonts inside, no script, no reference to anything outside.

All texts are set by their middle, so that what little a viewer measures otherwise falls to both sides alike.
"""

from __future__ import annotations

import base64
import functools
import importlib.resources
import math
from collections.abc import Iterator
from xml.sax.saxutils import escape

from safar.renderers import theme
from safar.renderers.labels import Label, clean, set_label
from safar.renderers.layout import (
    BOX_PADDING,
    PILL_PADDING,
    STAGE_PADDING,
    Curve,
    Placed,
    Point,
    SizedArrow,
    centres,
    crossings,
    free_gap,
)
from safar.renderers.view import BACK, INTERRUPT, TIME

MARGIN, NARROWEST = 18.0, 360.0
SCALE = 4 / 3
"""Pixels to a point."""
_CUT = 12.0
_LINES = {
    BACK: (theme.BACK_LINE, ""),
    INTERRUPT: (theme.INTERRUPT_LINE, ' stroke-dasharray="5 3"'),
    TIME: (theme.TIME_LINE, ""),
}
_LEGEND = ("contact", "wait", "choice", "chance", "loop", "effect", "interrupt", "end")


def write(placed: Placed) -> str:
    """The picture as the text of an SVG file."""
    width = max(placed.width, NARROWEST) + 2 * MARGIN
    left = (width - placed.width) / 2
    head, top = _head(placed, width)
    foot, bottom = _legend(placed, width, top + placed.height + MARGIN)
    body = (*_stages(placed), *_arrows(placed), *_stage_titles(placed), *_boxes(placed))
    lines = (
        _open(placed, width, bottom + MARGIN),
        *head,
        f'<g transform="translate({_n(left)} {_n(top)})">',
        *body,
        "</g>",
        *foot,
        "</svg>",
        "",
    )
    return "\n".join(lines)


def _n(value: float) -> str:
    """A number with two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _open(placed: Placed, width: float, height: float) -> str:
    picture = placed.sized.picture
    area = f'width="{_n(width * SCALE)}" height="{_n(height * SCALE)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    told = f'role="img" direction="ltr" aria-labelledby="title description" lang="{picture.words.language}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {area} {told} font-family="{theme.FONT}, {theme.FALLBACKS}">',
            f'<title id="title">{_text_of(picture.title)}</title>',
            f'<desc id="description">{_text_of(picture.description)}</desc>',
            f"<style>{_fonts()}</style>",
            f'<rect width="100%" height="100%" fill="{theme.PAPER}"/>',
        )
    )


@functools.cache
def _fonts() -> str:
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


def _text_of(text: str) -> str:
    """A text for titles: all of it that can be shown, escaped."""
    return escape(clean(text))


# --- texts


def _line(label: Label, line: str, x: float, y: float, colour: str) -> str:
    weight = ' font-weight="700"' if label.bold else ""
    direction = ' direction="rtl"' if label.rtl else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(label.size)}"{weight}{direction} text-anchor="middle" '
        f'fill="{colour}">{escape(line)}</text>'
    )


def _aligned(labels: tuple[Label, ...], side: tuple[float, float], top: float, *, rtl: bool) -> Iterator[str]:
    """Labels one under the other, at the left of `side` or, from right to left, at its right."""
    for label in labels:
        x = side[1] - label.width / 2 if rtl else side[0] + label.width / 2
        colour = theme.INK if label.bold else theme.FAINT_INK
        for _, line, y in centres((label,), top):
            own = Label((line,), label.size, label.bold, label.rtl)
            shift = (label.width - own.width) / 2
            yield _line(label, line, x + shift if rtl else x - shift, y, colour)
        top += label.height


def _head(placed: Placed, width: float) -> tuple[list[str], float]:
    picture = placed.sized.picture
    room = width - 2 * MARGIN
    labels = [set_label(picture.title, theme.HEAD_SIZE, room, rtl=picture.rtl, bold=True, most=3)]
    labels += [set_label(text, theme.TEXT_SIZE, room, rtl=picture.rtl, most=3) for text in picture.details]
    drawn = list(_aligned(tuple(labels), (MARGIN, width - MARGIN), MARGIN, rtl=picture.rtl))
    return drawn, MARGIN + sum(label.height for label in labels) + 10


# --- stages, arrows, boxes


def _stages(placed: Placed) -> Iterator[str]:
    for number, (left, top, right, bottom) in placed.stages.items():
        yield (
            f'<rect class="stage" id="s{number}" x="{_n(left)}" y="{_n(top)}" width="{_n(right - left)}" '
            f'height="{_n(bottom - top)}" rx="8" fill="{theme.STAGE_FILL}" stroke="{theme.STAGE_STROKE}"/>'
        )


def _stage_titles(placed: Placed) -> Iterator[str]:
    """Each in a gap between the arrows that enter its stage; where there is none, on a ground of its own."""
    rtl = placed.sized.picture.rtl
    for number, (left, top, right, _) in placed.stages.items():
        stage = placed.sized.stages[number]
        width = max(label.width for label in stage.labels)
        height = sum(label.height for label in stage.labels)
        room = (left + STAGE_PADDING, right - STAGE_PADDING)
        gap = free_gap(room, width, crossings(placed.curves, top, top + height + 6), rtl=rtl)
        yield f'<g class="title" id="t{number}">'
        if gap is None:
            gap = room
            x = gap[1] - width if rtl else gap[0]
            area = f'x="{_n(x - 3)}" y="{_n(top + 3)}" width="{_n(width + 6)}" height="{_n(height + 3)}"'
            yield f'<rect {area} fill="{theme.STAGE_FILL}"/>'
        at_far_side = gap[0 if rtl else 1] == room[0 if rtl else 1] and gap != room
        yield from _aligned(stage.labels, gap, top + 4, rtl=rtl != at_far_side)
        yield "</g>"


def _arrows(placed: Placed) -> Iterator[str]:
    for number, (arrow, curves) in enumerate(zip(placed.sized.arrows, placed.curves, strict=True)):
        colour, dashes = _LINES.get(arrow.arrow.kind, (theme.LINE, ""))
        yield f'<g class="arrow {arrow.arrow.kind}" id="e{number}">'
        yield f"<title>{_text_of(_told(placed, arrow))}</title>"
        for curve in curves:
            yield f'<path d="{_path(curve)}" fill="none" stroke="{colour}" stroke-width="1.2"{dashes}/>'
            if curve.tip is not None:
                yield f'<path d="{_tip(curve, curve.tip)}" fill="{colour}"/>'
        if arrow.label is not None:
            yield from _pill(arrow, arrow.label, placed.pills[number], colour)
        yield "</g>"


def _told(placed: Placed, arrow: SizedArrow) -> str:
    boxes = placed.sized.picture.boxes
    between = f": {arrow.arrow.label}" if arrow.arrow.label else ""
    return f"{boxes[arrow.arrow.start].title} – {boxes[arrow.arrow.end].title}{between}"


def _path(curve: Curve) -> str:
    first, *rest = curve.points
    return f"M{_n(first[0])} {_n(first[1])}C" + " ".join(f"{_n(x)} {_n(y)}" for x, y in rest)


def _tip(curve: Curve, tip: Point) -> str:
    """An arrow's head from the end of the curve that is nearer to the tip."""
    foot = min(curve.points[0], curve.points[-1], key=lambda point: math.dist(point, tip))
    length = max(math.dist(foot, tip), 0.01)
    across = ((tip[1] - foot[1]) / length * 3.4, (foot[0] - tip[0]) / length * 3.4)
    one, other = (foot[0] + across[0], foot[1] + across[1]), (foot[0] - across[0], foot[1] - across[1])
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in (tip, one, other)) + "Z"


def _pill(arrow: SizedArrow, label: Label, middle: Point, colour: str) -> Iterator[str]:
    x, y = middle
    yield (
        f'<rect x="{_n(x - arrow.width / 2)}" y="{_n(y - arrow.height / 2)}" width="{_n(arrow.width)}" '
        f'height="{_n(arrow.height)}" rx="7" fill="{theme.PAPER}" stroke="{colour}" stroke-width="0.7"/>'
    )
    for _, line, base in centres((label,), y - arrow.height / 2 + PILL_PADDING / 2):
        yield _line(label, line, x, base, theme.INK)


def _boxes(placed: Placed) -> Iterator[str]:
    for number, (sized, (x, y)) in enumerate(zip(placed.sized.boxes, placed.boxes, strict=True)):
        style = theme.style(sized.box.family)
        left, top = x - sized.width / 2, y - sized.height / 2
        yield f'<g class="box {sized.box.family}" id="n{number}">'
        yield f"<title>{_text_of(' · '.join((sized.box.title, *sized.box.details)))}</title>"
        yield _shape(style, left, top, sized.width, sized.height)
        for label, line, base in centres(sized.labels, top + BOX_PADDING):
            yield _line(label, line, x, base, style.text if label.bold else style.faint)
        yield "</g>"


def _shape(style: theme.Style, left: float, top: float, width: float, height: float) -> str:
    right, bottom, middle = left + width, top + height, top + height / 2
    paint = f'fill="{style.fill}" stroke="{style.stroke}" stroke-width="1.3"'
    if style.shape == "hexagon":
        cut = min(_CUT, height / 2)
        corners = (
            (left, middle),
            (left + cut, top),
            (right - cut, top),
            (right, middle),
            (right - cut, bottom),
            (left + cut, bottom),
        )
        return f'<path d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in corners)}Z" {paint}/>'
    if style.shape == "folded":
        ear = right - 9
        outline = f"M{_n(left)} {_n(top)}H{_n(ear)}L{_n(right)} {_n(top + 9)}V{_n(bottom)}H{_n(left)}Z"
        fold = f"M{_n(ear)} {_n(top)}V{_n(top + 9)}H{_n(right)}"
        return f'<path d="{outline}" {paint}/><path d="{fold}" fill="none" stroke="{style.stroke}"/>'
    radius = min(height / 2, 15.0) if style.shape == "pill" else 4
    dashes = ' stroke-dasharray="5 3"' if style.shape == "dashed" else ""
    area = f'x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}"'
    whole = f'<rect {area} rx="{_n(radius)}" {paint}{dashes}/>'
    if style.shape != "barred":
        return whole
    bars = "".join(f"M{_n(at)} {_n(top)}V{_n(bottom)}" for at in (left + 6, right - 6))
    return f'{whole}<path d="{bars}" stroke="{style.stroke}"/>'


# --- legend


def _legend(placed: Placed, width: float, top: float) -> tuple[list[str], float]:
    """What the shapes mean, for the families that are in the picture; and where it ends."""
    picture = placed.sized.picture
    families = [family for family in _LEGEND if any(box.family == family for box in picture.boxes)]
    drawn: list[str] = []
    at, row = MARGIN, top
    for family in families:
        label = set_label(picture.words.say(f"legend {family}"), theme.TEXT_SIZE, 120, rtl=picture.rtl)
        needs = 32 + label.width + 16
        if at + needs > width - MARGIN and at > MARGIN:
            at, row = MARGIN, row + 20
        swatch, middle = (at, at + 32 + label.width / 2)
        if picture.rtl:
            swatch, middle = (width - at - 26, width - middle)
        drawn.append(_shape(theme.style(family), swatch, row, 26, 13))
        drawn.append(_line(label, label.lines[0], middle, row + 10, theme.INK))
        at += needs
    return drawn, row + 16
