"""The curves of feelings with their points and texts, none of them on another."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence

import msgspec

from safar.renderers import theme
from safar.renderers.journey_map.sheet import Curve, Point, Sheet
from safar.renderers.labels import Label, set_label

HIGHEST = 5
STEP = 16.5
"""Points from one score to the next."""
RADIUS = 8.0
_EDGE, _BETWEEN = 26.0, 2.0


Way = Sequence[tuple[float, float]]
"""The places that a curve leads through."""


class Mark(msgspec.Struct, frozen=True):
    """A point that is drawn; `curve` is the number of its curve, `label_top` where its text begins."""

    point: Point
    curve: int
    x: float
    middle: float
    """Of its slot, where the text stands."""
    y: float
    label: Label | None
    label_top: float


class Plot(msgspec.Struct, frozen=True):
    """`zero` is the height of 0; `ways` the places that each curve leads through."""

    top: float
    height: float
    zero: float
    marks: tuple[Mark, ...]
    ways: tuple[tuple[tuple[float, float], ...], ...]

    def level(self, score: int) -> float:
        return self.zero - score * STEP


class Seats(msgspec.Struct, frozen=True):
    """What points and texts are placed by: the middles of slots, the curves, a text's room, the height of 0."""

    middles: Sequence[float]
    ways: Sequence[Way]
    traced: Sequence[Sequence[tuple[float, float]]]
    """Each curve as points close to each other."""
    room: float
    zero: float

    def crossed(self, middle: float, half: float) -> Iterator[tuple[float, float]]:
        """From where to where each curve reaches, so far to both sides of a place."""
        for points in self.traced:
            start = bisect.bisect_left(points, middle - half, key=lambda point: point[0])
            end = bisect.bisect_right(points, middle + half, key=lambda point: point[0])
            heights = [y for _, y in points[start:end]]
            if heights:
                yield min(heights) - 1, max(heights) + 1


def plot(sheet: Sheet, middles: Sequence[float], room: float, top: float) -> Plot:
    """Points at the middles of their slots, each with its text above or under it; `room` is a text's width."""
    zero = top + _EDGE + HIGHEST * STEP
    ways = [[(middles[point.slot], zero - point.score * STEP) for point in curve.points] for curve in sheet.curves]
    seats = Seats(middles, ways, [list(along(way)) for way in ways], room, zero)
    marks = [mark for slot in range(len(middles)) for mark in _marks(sheet, slot, seats)]
    texts = [(one.label_top, one.label_top + one.label.height) for one in marks if one.label is not None]
    lowest = max([zero + HIGHEST * STEP + _EDGE, *(end + 6 for _, end in texts)])
    down = top - min([top, *(start - 6 for start, _ in texts)])
    return Plot(
        top,
        lowest - top + down,
        zero + down,
        tuple(msgspec.structs.replace(one, y=one.y + down, label_top=one.label_top + down) for one in marks),
        tuple(tuple((x, y + down) for x, y in way) for way in ways),
    )


def _marks(sheet: Sheet, slot: int, seats: Seats) -> Iterator[Mark]:
    """The points of one slot, side by side where they are equal, their texts where nothing else is."""
    middle, zero = seats.middles[slot], seats.zero
    found = [
        (number, point)
        for number, curve in enumerate(sheet.curves)
        for point in curve.points
        if point.slot == slot and point.said
    ]
    heights = [zero - point.score * STEP for _, point in found]
    taken = [(y - RADIUS, y + RADIUS) for y in heights] + [(zero - 1, zero + 1)]
    for (number, point), y in zip(found, heights, strict=True):
        alike = [one for one, other in found if other.score == point.score]
        x = middle + (alike.index(number) - (len(alike) - 1) / 2) * 2 * (RADIUS + 1)
        label = set_label(point.text, theme.SMALL_SIZE, seats.room, rtl=sheet.rtl, most=4) if point.text else None
        start = y
        if label is not None:
            crossed = seats.crossed(middle, label.width / 2 + 5)
            start = _free(y, label.height, [*taken, *crossed], above=_is_high(sheet.curves[number], point))
            taken.append((start, start + label.height))
        yield Mark(point, number, x, middle, y, label, start)


def along(way: Way, steps: int = 24) -> Iterator[tuple[float, float]]:
    """Points of a curve: from place to place level at both ends, so never higher or lower than its places."""
    for (x, y), (to_x, to_y) in itertools.pairwise(way):
        middle = (x + to_x) / 2
        for step in range(steps + 1):
            t = step / steps
            u = 1 - t
            p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
            yield p * x + (q + r) * middle + s * to_x, (p + q) * y + (r + s) * to_y


def _is_high(curve: Curve, point: Point) -> bool:
    """Whether the curve runs under its point, so that a text stands better above it."""
    at = curve.points.index(point)
    beside = [curve.points[other].score for other in (at - 1, at + 1) if 0 <= other < len(curve.points)]
    mean = sum(beside) / len(beside) if beside else 0
    return point.score > mean or (point.score == mean and point.score >= 0)


def _free(y: float, height: float, taken: Sequence[tuple[float, float]], *, above: bool) -> float:
    """The top of the free strip of this height that is nearest to a point, above it or under it."""
    over, under = y - RADIUS - _BETWEEN - height, y + RADIUS + _BETWEEN
    tops = [over, under] if above else [under, over]
    for away in range(200):
        for at in (tops[0], tops[1]):
            start = at - away * 3 if at == over else at + away * 3
            if all(start + height <= low or start >= high for low, high in taken):
                return start
    return max(high for _, high in taken)
