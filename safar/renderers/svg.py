"""A placed picture as SVG.  One file that needs nothing: fonts inside, no script, no reference to anything outside.

All texts are set by their middle, so that what little a viewer measures otherwise falls to both sides alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from safar.renderers import theme
from safar.renderers.labels import Label, set_label
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
from safar.renderers.svg_parts import MARGIN, Heading, aligned, n, opening, text_line, text_of
from safar.renderers.view import BACK, INTERRUPT, TIME

NARROWEST = 360.0
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
        opening(_heading(placed), (width, bottom + MARGIN), (*head, *body, *foot)),
        *head,
        f'<g transform="translate({n(left)} {n(top)})">',
        *body,
        "</g>",
        *foot,
        "</svg>",
        "",
    )
    return "\n".join(lines)


def _heading(placed: Placed) -> Heading:
    picture = placed.sized.picture
    return Heading(picture.key, picture.title, picture.description, picture.words.language)


def _id(placed: Placed, name: str) -> str:
    return f'id="{placed.sized.picture.key}-{name}"'


def _head(placed: Placed, width: float) -> tuple[list[str], float]:
    picture = placed.sized.picture
    room = width - 2 * MARGIN
    labels = [set_label(picture.title, theme.HEAD_SIZE, room, rtl=picture.rtl, bold=True, most=3)]
    labels += [set_label(text, theme.TEXT_SIZE, room, rtl=picture.rtl, most=3) for text in picture.details]
    drawn = list(aligned(tuple(labels), (MARGIN, width - MARGIN), MARGIN, rtl=picture.rtl))
    return drawn, MARGIN + sum(label.height for label in labels) + 10


# --- stages, arrows, boxes


def _stages(placed: Placed) -> Iterator[str]:
    for number, (left, top, right, bottom) in placed.stages.items():
        yield (
            f'<rect class="stage" {_id(placed, f"s{number}")} x="{n(left)}" y="{n(top)}" width="{n(right - left)}" '
            f'height="{n(bottom - top)}" rx="8" fill="{theme.STAGE_FILL}" stroke="{theme.STAGE_STROKE}"/>'
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
        yield f'<g class="title" {_id(placed, f"t{number}")}>'
        if gap is None:
            gap = room
            x = gap[1] - width if rtl else gap[0]
            area = f'x="{n(x - 3)}" y="{n(top + 3)}" width="{n(width + 6)}" height="{n(height + 3)}"'
            yield f'<rect {area} fill="{theme.STAGE_FILL}"/>'
        at_far_side = gap[0 if rtl else 1] == room[0 if rtl else 1] and gap != room
        yield from aligned(stage.labels, gap, top + 4, rtl=rtl != at_far_side)
        yield "</g>"


def _arrows(placed: Placed) -> Iterator[str]:
    for number, (arrow, curves) in enumerate(zip(placed.sized.arrows, placed.curves, strict=True)):
        colour, dashes = _LINES.get(arrow.arrow.kind, (theme.LINE, ""))
        yield f'<g class="arrow {arrow.arrow.kind}" {_id(placed, f"e{number}")}>'
        yield f"<title>{text_of(_told(placed, arrow))}</title>"
        for curve in curves:
            yield f'<path d="{_path(curve)}" fill="none" stroke="{colour}" stroke-width="1.2"{dashes}/>'
            if curve.tip is not None:
                yield f'<path class="tip" d="{_tip(curve, curve.tip)}" fill="{colour}"/>'
        if arrow.label is not None:
            yield from _pill(arrow, arrow.label, placed.pills[number], colour)
        yield "</g>"


def _told(placed: Placed, arrow: SizedArrow) -> str:
    boxes = placed.sized.picture.boxes
    between = f": {arrow.arrow.label}" if arrow.arrow.label else ""
    return f"{boxes[arrow.arrow.start].title} – {boxes[arrow.arrow.end].title}{between}"


def _path(curve: Curve) -> str:
    first, *rest = curve.points
    return f"M{n(first[0])} {n(first[1])}C" + " ".join(f"{n(x)} {n(y)}" for x, y in rest)


def _tip(curve: Curve, tip: Point) -> str:
    """An arrow's head from the end of the curve that is nearer to the tip."""
    foot = min(curve.points[0], curve.points[-1], key=lambda point: math.dist(point, tip))
    length = max(math.dist(foot, tip), 0.01)
    across = ((tip[1] - foot[1]) / length * 3.4, (foot[0] - tip[0]) / length * 3.4)
    one, other = (foot[0] + across[0], foot[1] + across[1]), (foot[0] - across[0], foot[1] - across[1])
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in (tip, one, other)) + "Z"


def _pill(arrow: SizedArrow, label: Label, middle: Point, colour: str) -> Iterator[str]:
    x, y = middle
    yield (
        f'<rect x="{n(x - arrow.width / 2)}" y="{n(y - arrow.height / 2)}" width="{n(arrow.width)}" '
        f'height="{n(arrow.height)}" rx="7" fill="{theme.PAPER}" stroke="{colour}" stroke-width="0.7"/>'
    )
    for _, line, base in centres((label,), y - arrow.height / 2 + PILL_PADDING / 2):
        yield text_line(label, line, x, base, theme.INK)


def _boxes(placed: Placed) -> Iterator[str]:
    for number, (sized, (x, y)) in enumerate(zip(placed.sized.boxes, placed.boxes, strict=True)):
        style = theme.style(sized.box.family)
        left, top = x - sized.width / 2, y - sized.height / 2
        yield f'<g class="box {sized.box.family}" {_id(placed, f"n{number}")}>'
        yield f"<title>{text_of(' · '.join((sized.box.title, *sized.box.details)))}</title>"
        yield _shape(style, left, top, sized.width, sized.height)
        for label, line, base in centres(sized.labels, top + BOX_PADDING):
            yield text_line(label, line, x, base, style.text if label.bold else style.faint)
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
        return f'<path d="M{"L".join(f"{n(x)} {n(y)}" for x, y in corners)}Z" {paint}/>'
    if style.shape == "folded":
        ear = right - 9
        outline = f"M{n(left)} {n(top)}H{n(ear)}L{n(right)} {n(top + 9)}V{n(bottom)}H{n(left)}Z"
        fold = f"M{n(ear)} {n(top)}V{n(top + 9)}H{n(right)}"
        return f'<path d="{outline}" {paint}/><path d="{fold}" fill="none" stroke="{style.stroke}"/>'
    radius = min(height / 2, 15.0) if style.shape == "pill" else 4
    dashes = ' stroke-dasharray="5 3"' if style.shape == "dashed" else ""
    area = f'x="{n(left)}" y="{n(top)}" width="{n(width)}" height="{n(height)}"'
    whole = f'<rect {area} rx="{n(radius)}" {paint}{dashes}/>'
    if style.shape != "barred":
        return whole
    bars = "".join(f"M{n(at)} {n(top)}V{n(bottom)}" for at in (left + 6, right - 6))
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
        drawn.append(text_line(label, label.lines[0], middle, row + 10, theme.INK))
        at += needs
    return drawn, row + 16
