"""A picture with sizes and places: texts broken and measured, the skeleton for Graphviz, its answer read back.

The layout engine is given numbers only: fixed sizes and generated ids.  No text of the user ever reaches it, and no
font of the machine plays a part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import msgspec

from safar.renderers import theme
from safar.renderers.labels import Label, set_label
from safar.renderers.view import Arrow, Box, Picture, StageView

TITLE_WIDTH, TEXT_WIDTH, START_WIDTH, ARROW_WIDTH, STAGE_WIDTH = 190.0, 210.0, 250.0, 130.0, 140.0
BOX_PADDING, PILL_PADDING, STAGE_PADDING = 7.0, 4.0, 12.0
Point = tuple[float, float]


class SizedBox(msgspec.Struct, frozen=True):
    """Points; `labels` from the top, centred."""

    box: Box
    labels: tuple[Label, ...]
    width: float
    height: float


class SizedArrow(msgspec.Struct, frozen=True):
    """`label` None: an arrow without text."""

    arrow: Arrow
    label: Label | None
    width: float = 0.0
    height: float = 0.0


class SizedStage(msgspec.Struct, frozen=True):
    """`width` is room for the title twice, so that it stands beside an arrow through the middle."""

    stage: StageView
    labels: tuple[Label, ...]
    width: float
    height: float


class Sized(msgspec.Struct, frozen=True):
    """A picture whose texts are broken into lines; all sizes in points."""

    picture: Picture
    boxes: tuple[SizedBox, ...]
    arrows: tuple[SizedArrow, ...]
    stages: tuple[SizedStage, ...]


def size(picture: Picture) -> Sized:
    """Break and measure every text."""
    rtl = picture.rtl
    return Sized(
        picture,
        tuple(_sized_box(box, rtl=rtl) for box in picture.boxes),
        tuple(_sized_arrow(arrow, rtl=rtl) for arrow in picture.arrows),
        tuple(_sized_stage(stage, rtl=rtl) for stage in picture.stages),
    )


def _sized_box(box: Box, *, rtl: bool) -> SizedBox:
    labels = [set_label(box.title, theme.TITLE_SIZE, TITLE_WIDTH, rtl=rtl, bold=True)]
    room = START_WIDTH if box.family == "start" else TEXT_WIDTH
    labels += [set_label(text, theme.TEXT_SIZE, room, rtl=rtl, most=3) for text in box.details]
    width = max(label.width for label in labels) + 2 * theme.style(box.family).side
    height = sum(label.height for label in labels) + 2 * BOX_PADDING
    return SizedBox(box, tuple(labels), math.ceil(max(width, 64.0)), math.ceil(height))


def _sized_arrow(arrow: Arrow, *, rtl: bool) -> SizedArrow:
    if not arrow.label:
        return SizedArrow(arrow, None)
    label = set_label(arrow.label, theme.ARROW_SIZE, ARROW_WIDTH, rtl=rtl)
    return SizedArrow(
        arrow, label, math.ceil(label.width + 2 * PILL_PADDING + 4), math.ceil(label.height + PILL_PADDING)
    )


def _sized_stage(stage: StageView, *, rtl: bool) -> SizedStage:
    labels = [set_label(stage.title, theme.STAGE_SIZE, STAGE_WIDTH, rtl=rtl, bold=True, most=2)]
    labels += [set_label(text, theme.TEXT_SIZE, STAGE_WIDTH, rtl=rtl, most=2) for text in stage.details]
    width = 2 * max(label.width for label in labels) + STAGE_PADDING
    return SizedStage(stage, tuple(labels), math.ceil(width), math.ceil(sum(label.height for label in labels) + 4))


# --- what the engine answers


class Curve(msgspec.Struct, frozen=True):
    """A Bézier spline: a start, then three points for each piece; `tip` is where the arrow's head ends."""

    points: tuple[Point, ...]
    tip: Point | None


class Placed(msgspec.Struct, frozen=True):
    """Where everything stands: points from the top left.  Boxes and labels by their middle, stages by two corners.

    `curves` holds, for every arrow, its one or (with a label between) two pieces in the direction of the arrow.
    """

    sized: Sized
    width: float
    height: float
    boxes: tuple[Point, ...]
    pills: dict[int, Point]
    stages: dict[int, tuple[float, float, float, float]]
    curves: tuple[tuple[Curve, ...], ...]


class _Object(msgspec.Struct):
    name: str = ""
    pos: str = ""
    bb: str = ""


class _Edge(msgspec.Struct):
    id: str = ""
    pos: str = ""


class _Answer(msgspec.Struct):
    bb: str
    objects: list[_Object] = []
    edges: list[_Edge] = []


def place(sized: Sized, answer: bytes) -> Placed:
    """Read the engine's JSON.  Raises `msgspec.DecodeError` or `ValueError` where it is none of ours."""
    read = msgspec.json.decode(answer, type=_Answer)
    _, _, width, height = _numbers(read.bb)
    objects = {one.name: one for one in read.objects}
    edges = {one.id: _curve(one.pos, height) for one in read.edges if one.pos}

    def middle(name: str) -> Point:
        x, y = _numbers(objects[name].pos)
        return x, height - y

    stages = {}
    for number in range(len(sized.stages)):
        if (found := objects.get(f"cluster_{number}")) is not None and found.bb:
            left, bottom, right, top = _numbers(found.bb)
            stages[number] = (left, height - top, right, height - bottom)
    return Placed(
        sized,
        width,
        height,
        tuple(middle(f"n{number}") for number in range(len(sized.boxes))),
        {number: middle(f"m{number}") for number, arrow in enumerate(sized.arrows) if arrow.label is not None},
        stages,
        tuple(_pieces(number, arrow, edges) for number, arrow in enumerate(sized.arrows)),
    )


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


def _curve(text: str, height: float) -> Curve:
    """Graphviz's `e,x,y x,y x,y ...` with the y axis turned."""
    tip, points = None, []
    for part in text.split():
        x, y = _numbers(part.removeprefix("e,").removeprefix("s,"))
        if part.startswith(("e,", "s,")):
            tip = (x, height - y)
        else:
            points.append((x, height - y))
    return Curve(tuple(points), tip)


def _pieces(number: int, arrow: SizedArrow, edges: dict[str, Curve]) -> tuple[Curve, ...]:
    names: Sequence[str] = (f"e{number}",) if arrow.label is None else (f"a{number}", f"b{number}")
    return tuple(edges[name] for name in names if name in edges)


def centres(labels: Sequence[Label], top: float) -> Iterator[tuple[Label, str, float]]:
    """The lines of labels one under the other, each with the y of its baseline, from `top` down."""
    for label in labels:
        for line in label.lines:
            yield label, line, top + label.line_height * 0.5 + label.size * 0.36
            top += label.line_height


def crossings(curves: Sequence[Sequence[Curve]], top: float, bottom: float) -> list[tuple[float, float]]:
    """Where curves pass a horizontal strip: the x they cover in it, from left to right."""
    found = []
    for curve in (one for piece in curves for one in piece):
        inside = [x for x, y in along(curve) if top <= y <= bottom]
        if inside:
            found.append((min(inside), max(inside)))
    return sorted(found)


def along(curve: Curve, steps: int = 24) -> Iterator[Point]:
    """Points along a spline."""
    for first in range(0, len(curve.points) - 3, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve.points[first : first + 4]
        for step in range(steps + 1):
            t = step / steps
            u = 1 - t
            p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            yield p * ax + q * bx + r * cx + s * dx, p * ay + q * by + r * cy + s * dy


def free_gap(
    room: tuple[float, float], width: float, taken: Sequence[tuple[float, float]], *, rtl: bool
) -> tuple[float, float] | None:
    """The first gap, in reading direction, that is wide enough and keeps 5 points from what is taken.

    >>> free_gap((0, 100), 30, [(20, 22)], rtl=False), free_gap((0, 100), 30, [(20, 22)], rtl=True)
    ((27, 100), (27, 100))
    """
    gaps, start = [], room[0]
    for low, high in taken:
        gaps.append((start, min(low - 5, room[1])))
        start = max(start, high + 5)
    gaps.append((start, room[1]))
    wide = [gap for gap in gaps if gap[1] - gap[0] >= width]
    return (wide[-1] if rtl else wide[0]) if wide else None
