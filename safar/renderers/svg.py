"""A placed picture as SVG.  One file that needs nothing: fonts inside, no script, no reference to anything outside.

All texts are set by their middle, so that what little a viewer measures otherwise falls to both sides alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from safar.renderers import theme
from safar.renderers.box_svg import draw_box, marker
from safar.renderers.labels import set_label
from safar.renderers.layout import (
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
from safar.renderers.legend import legend
from safar.renderers.picture import BACK, INTERRUPT, TIME, Arrow
from safar.renderers.svg_parts import MARGIN, Heading, aligned, n, opening, text_line, text_of

NARROWEST = 360.0
_LINE, _THIN, _WIDE, _MARKER = 1.2, 0.8, 6.0, 10.0
"""Width of a line; of one where nobody and where most customers went; and of a marker under it."""
_NOBODY = ' stroke-dasharray="1 3"'
_LINES = {
    BACK: (theme.BACK_LINE, ""),
    INTERRUPT: (theme.INTERRUPT_LINE, ' stroke-dasharray="5 3"'),
    TIME: (theme.TIME_LINE, ""),
}


def write(placed: Placed) -> str:
    """The picture as the text of an SVG file."""
    width = max(placed.width, NARROWEST) + 2 * MARGIN
    left = (width - placed.width) / 2
    head, top = _head(placed, width)
    foot, bottom = _foot(placed, width, top + placed.height + MARGIN)
    body = (*_stages(placed), *_markers(placed), *_arrows(placed), *_stage_titles(placed), *_boxes(placed))
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


def _foot(placed: Placed, width: float, top: float) -> tuple[list[str], float]:
    """What the signs mean, then the footnotes; and where they end."""
    picture = placed.sized.picture
    drawn, top = legend(picture, width, top)
    labels = [
        set_label(text, theme.NOTE_SIZE, width - 2 * MARGIN, rtl=picture.rtl, most=4) for text in picture.footnotes
    ]
    drawn += aligned(tuple(labels), (MARGIN, width - MARGIN), top + 4, rtl=picture.rtl, faint=theme.INK)
    return drawn, top + sum(label.height for label in labels) + (4 if labels else 0)


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


def _markers(placed: Placed) -> Iterator[str]:
    """Under everything else: the boxes and arrows that a customer passed."""
    for sized, (x, y) in zip(placed.sized.boxes, placed.boxes, strict=True):
        if sized.box.on_way:
            yield marker(sized, x - sized.width / 2, y - sized.height / 2)
    for arrow, curves in zip(placed.sized.arrows, placed.curves, strict=True):
        for curve in curves if arrow.arrow.on_way else ():
            yield f'<path d="{_path(curve)}" fill="none" stroke="{theme.WAY}" stroke-width="{n(_MARKER)}"/>'


def _arrows(placed: Placed) -> Iterator[str]:
    most = max((arrow.count or 0 for arrow in placed.sized.picture.arrows), default=0)
    for number, (arrow, curves) in enumerate(zip(placed.sized.arrows, placed.curves, strict=True)):
        colour, dashes = _LINES.get(arrow.arrow.kind, (theme.LINE, ""))
        width, count = _width(arrow.arrow, most), arrow.arrow.count
        yield f'<g class="arrow {arrow.arrow.kind}" {_id(placed, f"e{number}")}>'
        yield f"<title>{text_of(_told(placed, arrow))}</title>"
        for curve in curves:
            look = _NOBODY if count == 0 else dashes
            yield f'<path d="{_path(curve)}" fill="none" stroke="{colour}" stroke-width="{n(width)}"{look}/>'
            if curve.tip is not None:
                yield f'<path class="tip" d="{_tip(curve, curve.tip, 3.0 + width / 3)}" fill="{colour}"/>'
        if arrow.labels:
            yield from _pill(arrow, placed.pills[number], colour)
        yield "</g>"


def _width(arrow: Arrow, most: int) -> float:
    """Of the line; where customers were counted, by how many went there."""
    if arrow.count is None or not most:
        return _LINE
    return _THIN + (_WIDE - _THIN) * arrow.count / most


def _told(placed: Placed, arrow: SizedArrow) -> str:
    boxes = placed.sized.picture.boxes
    between = f": {arrow.arrow.label}" if arrow.arrow.label else ""
    return f"{boxes[arrow.arrow.start].title} – {boxes[arrow.arrow.end].title}{between}"


def _path(curve: Curve) -> str:
    first, *rest = curve.points
    return f"M{n(first[0])} {n(first[1])}C" + " ".join(f"{n(x)} {n(y)}" for x, y in rest)


def _tip(curve: Curve, tip: Point, half: float) -> str:
    """An arrow's head from the end of the curve that is nearer to the tip."""
    foot = min(curve.points[0], curve.points[-1], key=lambda point: math.dist(point, tip))
    length = max(math.dist(foot, tip), 0.01)
    across = ((tip[1] - foot[1]) / length * half, (foot[0] - tip[0]) / length * half)
    one, other = (foot[0] + across[0], foot[1] + across[1]), (foot[0] - across[0], foot[1] - across[1])
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in (tip, one, other)) + "Z"


def _pill(arrow: SizedArrow, middle: Point, colour: str) -> Iterator[str]:
    x, y = middle
    yield (
        f'<rect x="{n(x - arrow.width / 2)}" y="{n(y - arrow.height / 2)}" width="{n(arrow.width)}" '
        f'height="{n(arrow.height)}" rx="7" fill="{theme.PAPER}" stroke="{colour}" stroke-width="0.7"/>'
    )
    for label, line, base in centres(arrow.labels, y - arrow.height / 2 + PILL_PADDING / 2):
        yield text_line(label, line, x, base, theme.INK)


def _boxes(placed: Placed) -> Iterator[str]:
    rtl = placed.sized.picture.rtl
    for number, (sized, (x, y)) in enumerate(zip(placed.sized.boxes, placed.boxes, strict=True)):
        yield f'<g class="box {sized.box.family}" {_id(placed, f"n{number}")}>'
        yield from draw_box(sized, x - sized.width / 2, y - sized.height / 2, rtl=rtl)
        yield "</g>"
