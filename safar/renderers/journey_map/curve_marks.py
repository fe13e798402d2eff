"""The lane of feelings: ground for good and bad, the curves, their points with score and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.renderers import theme
from safar.renderers.journey_map.layout import GUTTER, LANE_HEAD
from safar.renderers.journey_map.page import Page
from safar.renderers.journey_map.plot import HIGHEST, RADIUS, Mark, Plot
from safar.renderers.journey_map.sheet import Curve
from safar.renderers.labels import Label, set_label
from safar.renderers.layout import centres
from safar.renderers.svg_parts import aligned, n, text_line, text_of
from safar.renderers.words import Words


def draw(page: Page, curves: Sequence[Curve], plot: Plot, words: Words) -> Iterator[str]:
    """The whole lane without its head, but with the curves' names under that."""
    yield from _ground(page, plot, words)
    for curve, way in zip(curves, plot.ways, strict=True):
        colour, dashes = look(curve)
        stroke = colour if len(curves) > 1 else theme.LINE
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield (f'<path class="curve" d="{_path(page, way)}" fill="none" stroke="{stroke}" stroke-width="2"{dashed}/>')
    if len(curves) > 1:
        yield from _names(page, curves, plot)
    for mark in plot.marks:
        yield from _mark(page, mark, words, None if len(curves) == 1 else curves[mark.curve])


def look(curve: Curve) -> tuple[str, str]:
    """Colour and dashes of a curve."""
    return theme.CURVES[curve.hue % len(theme.CURVES)]


def _ground(page: Page, plot: Plot, words: Words) -> Iterator[str]:
    left, width = LANE_HEAD + GUTTER, page.width - LANE_HEAD - GUTTER
    high, low = plot.level(HIGHEST), plot.level(-HIGHEST)
    yield f'<rect {page.rect(left, high, width, plot.zero - high)} fill="{theme.GOOD_GROUND}"/>'
    yield f'<rect {page.rect(left, plot.zero, width, low - plot.zero)} fill="{theme.BAD_GROUND}"/>'
    start, end = page.side(left, width)
    yield f'<path d="M{n(start)} {n(plot.zero)}H{n(end)}" stroke="{theme.STAGE_STROKE}" stroke-width="0.8"/>'
    for score in (HIGHEST, 0, -HIGHEST):
        y = plot.level(score)
        label = set_label(words.signed(score), theme.SMALL_SIZE, 30, rtl=page.rtl)
        yield text_line(label, label.lines[0], page.x(LANE_HEAD + GUTTER / 2 - 3), y + 3, theme.INK)


def _names(page: Page, curves: Sequence[Curve], plot: Plot) -> Iterator[str]:
    """Under the lane's own name: a piece of each line, and whose it is."""
    top = plot.top + 30
    for curve in curves:
        colour, dashes = look(curve)
        start, end = page.side(10, 26)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<path d="M{n(start)} {n(top + 3)}H{n(end)}" stroke="{colour}" stroke-width="2"{dashed}/>'
        label = set_label(curve.title, theme.SMALL_SIZE, LANE_HEAD - 22, rtl=page.rtl, most=3)
        yield from aligned((label,), page.side(10, LANE_HEAD - 22), top + 6, rtl=page.rtl)
        top += label.height + 14


def _path(page: Page, way: Sequence[tuple[float, float]]) -> str:
    """Smooth, and never higher or lower than its points."""
    (x, y), *rest = [(page.x(x), y) for x, y in way]
    drawn = f"M{n(x)} {n(y)}"
    for to_x, to_y in rest:
        middle = (x + to_x) / 2
        drawn += f"C{n(middle)} {n(y)} {n(middle)} {n(to_y)} {n(to_x)} {n(to_y)}"
        x, y = to_x, to_y
    return drawn


def _mark(page: Page, mark: Mark, words: Words, curve: Curve | None) -> Iterator[str]:
    """A round point, or for other curves one with corners, with its score in it."""
    x, score = page.x(mark.x), mark.point.score
    said = words.signed(score)
    by_score = theme.GOOD if score > 0 else theme.BAD if score < 0 else theme.NEITHER
    colour = by_score if curve is None else look(curve)[0]
    yield f'<g class="feeling"><title>{text_of(f"{said} {mark.point.text}")}</title>'
    around = f'stroke="{theme.PAPER}" stroke-width="1.2"'
    if curve is not None and curve.hue % 2:
        area = f'x="{n(x - RADIUS)}" y="{n(mark.y - RADIUS)}" width="{n(2 * RADIUS)}" height="{n(2 * RADIUS)}"'
        yield f'<rect {area} rx="2" fill="{colour}" {around}/>'
    else:
        yield f'<circle cx="{n(x)}" cy="{n(mark.y)}" r="{n(RADIUS)}" fill="{colour}" {around}/>'
    label = set_label(said, theme.SMALL_SIZE, 30, rtl=page.rtl, bold=True)
    yield text_line(label, label.lines[0], x, mark.y + label.size * 0.36, theme.STAGE_HEAD_TEXT)
    if mark.label is not None:
        yield from _words(mark.label, page.x(mark.middle), mark.label_top)
    yield "</g>"


def _words(label: Label, x: float, top: float) -> Iterator[str]:
    for one, text, y in centres((label,), top):
        yield text_line(one, text, x, y, theme.INK)
