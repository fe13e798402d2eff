"""A picture with sizes and places: texts broken and measured, the skeleton for Graphviz, its answer read back.

The layout engine is given numbers only: fixed sizes and generated ids.  No text of the user ever reaches it, and no
font of the machine plays a part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import msgspec

from safar.renderers import theme
from safar.renderers.flow.figures import went
from safar.renderers.labels import Label, set_label
from safar.renderers.picture import Arrow, Box, Picture, StageView

TITLE_WIDTH, TEXT_WIDTH, START_WIDTH, ARROW_WIDTH, STAGE_WIDTH = 190.0, 210.0, 250.0, 130.0, 140.0
BOX_PADDING, PILL_PADDING, STAGE_PADDING = 7.0, 4.0, 12.0
ICON_ROOM = 17.0
"""Of an icon and the gap between it and a title."""
NOTE_WIDTH, NOTE_SIDE, NOTE_GAP = 190.0, 8.0, 5.0
PANEL_GAP, WIDTH_TO_HEIGHT = 36.0, 1.5
"""Between panels, and how much wider than high they stand together, unless one is higher."""
Point = tuple[float, float]


class SizedBox(msgspec.Struct, frozen=True):
    """Points; `labels` from the top, centred, then `notes`, each on a strip of its own."""

    box: Box
    labels: tuple[Label, ...]
    width: float
    height: float
    notes: tuple[Label, ...] = ()


class SizedArrow(msgspec.Struct, frozen=True):
    """Without `labels`: an arrow without text."""

    arrow: Arrow
    labels: tuple[Label, ...] = ()
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
    out: dict[int, int] = {}
    ways: dict[int, int] = {}
    for arrow in picture.arrows:
        ways[arrow.start] = ways.get(arrow.start, 0) + 1
        out[arrow.start] = out.get(arrow.start, 0) + (arrow.count or 0)
    return Sized(
        picture,
        tuple(_sized_box(box, rtl=rtl) for box in picture.boxes),
        tuple(_sized_arrow(arrow, _figure(picture, arrow, ways, out), rtl=rtl) for arrow in picture.arrows),
        tuple(_sized_stage(stage, rtl=rtl) for stage in picture.stages),
    )


def _figure(picture: Picture, arrow: Arrow, ways: dict[int, int], out: dict[int, int]) -> str:
    """How many went that way, where there is another way to go."""
    if arrow.count is None or (not arrow.label and ways[arrow.start] == 1):
        return ""
    return went(picture.words, arrow.count, out[arrow.start])


def _sized_box(box: Box, *, rtl: bool) -> SizedBox:
    labels = [set_label(box.title, theme.TITLE_SIZE, TITLE_WIDTH, rtl=rtl, bold=True)]
    room = START_WIDTH if box.family == "start" else TEXT_WIDTH
    labels += [set_label(text, theme.TEXT_SIZE, room, rtl=rtl, most=3) for text in box.details]
    labels += [set_label(text, theme.TEXT_SIZE, room, rtl=rtl, bold=True, most=2) for text in box.figures]
    notes = tuple(set_label(note.text, theme.TEXT_SIZE, NOTE_WIDTH, rtl=rtl, most=3) for note in box.notes)
    widths = [label.width for label in labels] + [note.width + 2 * NOTE_SIDE for note in notes]
    widths[0] += ICON_ROOM if box.icon else 0
    width = max(widths) + 2 * theme.style(box.family).side
    height = sum(label.height for label in labels) + sum(note.height + NOTE_GAP for note in notes) + 2 * BOX_PADDING
    return SizedBox(box, tuple(labels), math.ceil(max(width, 64.0)), math.ceil(height), notes)


def _sized_arrow(arrow: Arrow, figure: str, *, rtl: bool) -> SizedArrow:
    labels = [set_label(arrow.label, theme.ARROW_SIZE, ARROW_WIDTH, rtl=rtl)] if arrow.label else []
    labels += [set_label(figure, theme.ARROW_SIZE, ARROW_WIDTH, rtl=rtl, bold=True)] if figure else []
    if not labels:
        return SizedArrow(arrow)
    width, height = max(label.width for label in labels), sum(label.height for label in labels)
    return SizedArrow(arrow, tuple(labels), math.ceil(width + 2 * PILL_PADDING + 4), math.ceil(height + PILL_PADDING))


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


def place(sized: Sized, *answers: bytes) -> Placed:
    """Read the engine's JSON, one for each panel.  Raises `msgspec.DecodeError` or `ValueError` where it is none of
    ours.
    """
    panels = [_Panel(answer) for answer in answers]
    width, height = _in_columns(panels, rtl=sized.picture.rtl)
    boxes = [panel.boxes for panel in panels]
    points = {name: point for found in boxes for name, point in found.items()}
    curves = {name: curve for panel in panels for name, curve in panel.curves().items()}
    return Placed(
        sized,
        width,
        height,
        tuple(points[f"n{number}"] for number in range(len(sized.boxes))),
        {number: points[f"m{number}"] for number, arrow in enumerate(sized.arrows) if arrow.labels},
        {number: area for panel in panels for number, area in panel.stages().items()},
        tuple(_pieces(number, arrow, curves) for number, arrow in enumerate(sized.arrows)),
    )


def _in_columns(panels: Sequence[_Panel], *, rtl: bool) -> tuple[float, float]:
    """Give each panel its corner, in columns in reading order; the size of all together."""
    area = sum((panel.width + PANEL_GAP) * (panel.height + PANEL_GAP) for panel in panels)
    deepest = max(*(panel.height for panel in panels), math.sqrt(area / WIDTH_TO_HEIGHT)) if len(panels) > 1 else 0.0
    x = y = wide = height = 0.0
    for panel in panels:
        if y and y + panel.height > deepest:
            x, y, wide = x + wide + PANEL_GAP, 0.0, 0.0
        panel.left, panel.top = x, y
        y += panel.height + PANEL_GAP
        wide, height = max(wide, panel.width), max(height, y - PANEL_GAP)
    width = x + wide
    for panel in panels if rtl else ():
        panel.left = width - panel.left - panel.width
    return width, height


class _Panel:
    """One answer, read, and moved to where it stands."""

    def __init__(self, answer: bytes) -> None:
        self._read = msgspec.json.decode(answer, type=_Answer)
        _, _, self.width, self.height = _numbers(self._read.bb)
        self.left = self.top = 0.0

    @property
    def boxes(self) -> dict[str, Point]:
        """Boxes and labels, by their names."""
        return {one.name: self._moved(*_numbers(one.pos)) for one in self._read.objects if one.pos}

    def stages(self) -> dict[int, tuple[float, float, float, float]]:
        found = {}
        for one in self._read.objects:
            if one.bb and one.name.startswith("cluster_"):
                left, bottom, right, top = _numbers(one.bb)
                found[int(one.name.removeprefix("cluster_"))] = *self._moved(left, top), *self._moved(right, bottom)
        return found

    def curves(self) -> dict[str, Curve]:
        return {one.id: self._curve(one.pos) for one in self._read.edges if one.pos}

    def _moved(self, x: float, y: float) -> Point:
        return x + self.left, self.height - y + self.top

    def _curve(self, text: str) -> Curve:
        """Graphviz's `e,x,y x,y x,y ...` with the y axis turned."""
        tip, points = None, []
        for part in text.split():
            x, y = part.removeprefix("e,").removeprefix("s,").split(",")
            point = self._moved(float(x), float(y))
            if part.startswith(("e,", "s,")):
                tip = point
            else:
                points.append(point)
        return Curve(tuple(points), tip)


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


def _pieces(number: int, arrow: SizedArrow, edges: dict[str, Curve]) -> tuple[Curve, ...]:
    names: Sequence[str] = (f"e{number}",) if not arrow.labels else (f"a{number}", f"b{number}")
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
        ys = [y for _, y in curve.points]
        if max(ys) < top or min(ys) > bottom:  # a Bézier curve lies among its points
            continue
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
