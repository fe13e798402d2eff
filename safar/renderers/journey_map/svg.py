"""A placed journey map as SVG, from left to right or, where its language is read so, from right to left."""

from __future__ import annotations

from collections.abc import Iterator

from safar.renderers import theme
from safar.renderers.journey_map import curve_marks
from safar.renderers.journey_map.layout import (
    AVATAR,
    BAR,
    CHEVRON,
    INSIDE,
    LANE_HEAD,
    Placed,
    SetColumn,
    SetHead,
    SetLane,
    SetNote,
)
from safar.renderers.journey_map.page import Page
from safar.renderers.journey_map.sheet import ADDED, CHANNEL, GONE, OWN
from safar.renderers.labels import Label, set_label
from safar.renderers.svg_parts import MARGIN, Heading, aligned, n, opening, text_line, text_of

_DASHES = {GONE: ' stroke-dasharray="4 3"', ADDED: "", OWN: ""}


def write(placed: Placed) -> str:
    """The map as the text of an SVG file."""
    sheet = placed.sheet
    page = Page(placed.width, sheet.rtl, sheet.key)
    foot, bottom = _foot(placed, page)
    heading = Heading(sheet.key, sheet.title, sheet.description, sheet.words.language)
    body = (
        *aligned(placed.title, (0.0, placed.width), 0.0, rtl=sheet.rtl),
        *(line for number, head in enumerate(placed.heads) for line in _head(page, number, head)),
        *_ground(placed, page),
        *(line for number, column in enumerate(placed.columns) for line in _stage(placed, page, number, column)),
        *(line for number, lane in enumerate(placed.lanes) for line in _lane(page, placed, number, lane)),
        *foot,
    )
    size = (placed.width + 2 * MARGIN, bottom + 2 * MARGIN)
    shift = f'<g transform="translate({n(MARGIN)} {n(MARGIN)})">'
    return "\n".join((opening(heading, size, body), shift, *body, "</g>", "</svg>", ""))


def _head(page: Page, number: int, head: SetHead) -> Iterator[str]:
    """A card with a figure: head and shoulders."""
    yield f'<g class="persona" {page.id(f"p{number}")}>'
    area = page.rect(head.left, head.top, head.width, head.height)
    yield f'<rect {area} rx="8" fill="{theme.STAGE_FILL}" stroke="{theme.STAGE_STROKE}"/>'
    x, y = page.x(head.left + AVATAR / 2 + 4), head.top + 18
    shoulders = f"M{n(x - 12)} {n(y + 21)}C{n(x - 12)} {n(y + 5)} {n(x + 12)} {n(y + 5)} {n(x + 12)} {n(y + 21)}Z"
    colour = theme.CURVES[head.head.hue % len(theme.CURVES)][0] if head.head.hue else theme.LINE
    yield f'<circle cx="{n(x)}" cy="{n(y)}" r="7.5" fill="{colour}"/><path d="{shoulders}" fill="{colour}"/>'
    side = page.side(head.left + AVATAR + 8, head.width - AVATAR - 12)
    yield from aligned(head.labels, side, head.top + 6, rtl=page.rtl)
    yield "</g>"


# --- stages


def _ground(placed: Placed, page: Page) -> Iterator[str]:
    """Every other lane tinted, and a line between stages."""
    for lane in placed.lanes[::2]:
        yield f'<rect {page.rect(0, lane.top, placed.width, lane.height)} fill="{theme.STAGE_FILL}"/>'
    for column in placed.columns[1:]:
        x = n(page.x(column.left))
        yield (
            f'<path d="M{x} {n(placed.top + placed.stages)}V{n(placed.bottom)}" fill="none" '
            f'stroke="{theme.STAGE_STROKE}" stroke-width="0.7" stroke-dasharray="2 3"/>'
        )


def _stage(placed: Placed, page: Page, number: int, column: SetColumn) -> Iterator[str]:
    """A piece of a band that points the way."""
    left, right = column.left + 1, column.left + column.width - 1
    top, bottom = placed.top, placed.top + placed.stages
    middle = (top + bottom) / 2
    corners = [(left, top), (right - CHEVRON, top), (right, middle), (right - CHEVRON, bottom), (left, bottom)]
    if number:
        corners.append((left + CHEVRON - 2, middle))
    outline = "L".join(f"{n(page.x(x))} {n(y)}" for x, y in corners)
    dashes = _DASHES.get(column.column.look, "")
    yield f'<g class="stage" {page.id(f"s{number}")}>'
    yield f"<title>{text_of(column.column.title)}</title>"
    fill, ink = (theme.PAPER, theme.INK) if dashes else (theme.STAGE_HEAD, theme.STAGE_HEAD_TEXT)
    yield f'<path d="M{outline}Z" fill="{fill}" stroke="{theme.STAGE_HEAD}"{dashes}/>'
    start = middle - column.label.height / 2
    yield from _centred(column.label, page.x((left + right) / 2), start, ink)
    yield "</g>"


def _centred(label: Label, x: float, top: float, colour: str) -> Iterator[str]:
    for number, text in enumerate(label.lines):
        y = top + label.line_height * (number + 0.5) + label.size * 0.36
        yield text_line(label, text, x, y, colour)


# --- lanes


def _lane(page: Page, placed: Placed, number: int, lane: SetLane) -> Iterator[str]:
    yield f'<g class="lane {lane.lane.kind.replace(" ", "-")}" {page.id(f"l{number}")}>'
    ground, edge = _colours(lane)
    yield f'<rect {page.rect(0, lane.top + 1, LANE_HEAD - 6, lane.height - 2)} rx="3" fill="{ground}"/>'
    yield f'<rect {page.rect(0, lane.top + 1, 4, lane.height - 2)} fill="{edge}"/>'
    side = page.side(9, LANE_HEAD - 17)
    yield from aligned((lane.label,), side, lane.top + 6, rtl=page.rtl)
    if lane.plot is not None:
        yield from curve_marks.draw(page, placed.sheet.curves, lane.plot, placed.sheet.words)
    for note in lane.notes:
        yield from _note(page, lane, note)
    yield "</g>"


def _colours(lane: SetLane) -> tuple[str, str]:
    if lane.lane.kind == CHANNEL:
        return theme.CHANNELS[lane.lane.hue % len(theme.CHANNELS)]
    return theme.NOTES.get(lane.lane.kind, (theme.STAGE_FILL, theme.LINE))


def _note(page: Page, lane: SetLane, note: SetNote) -> Iterator[str]:
    ground, edge = _colours(lane)
    said = " · ".join((note.note.text, *note.note.details))
    yield f'<g class="note {note.note.look}"><title>{text_of(said)}</title>'
    area = page.rect(note.left, note.top, note.width, note.height)
    yield f'<rect {area} rx="3" {_frame(note, ground, edge, solid=lane.lane.kind == CHANNEL)}/>'
    if note.note.bar is not None:
        yield f'<rect {page.rect(note.left, note.top, note.width * note.note.bar, note.height)} fill="{theme.BAR}"/>'
    if lane.lane.kind != CHANNEL:
        yield f'<rect {page.rect(note.left, note.top, BAR, note.height)} fill="{edge}"/>'
    side = page.side(note.left + BAR + INSIDE, note.width - BAR - 2 * INSIDE)
    yield from aligned(
        note.labels,
        side,
        note.top + INSIDE - 1,
        rtl=page.rtl,
        faint=theme.FAINT_INK if note.note.details else theme.INK,
    )
    yield "</g>"


def _frame(note: SetNote, ground: str, edge: str, *, solid: bool) -> str:
    """How a note's ground and line look: what is gone is dashed on paper, what is new or a persona's own is framed."""
    match note.note.look:
        case "gone":
            return f'fill="{theme.PAPER}" stroke="{edge}"{_DASHES[GONE]}'
        case "added" | "own":
            return f'fill="{ground}" stroke="{edge}" stroke-width="2.2"'
        case _:
            return f'fill="{ground}" stroke="{edge}"' if solid else f'fill="{ground}"'


# --- under the lanes


def _foot(placed: Placed, page: Page) -> tuple[list[str], float]:
    """What looks mean, and the footnotes; and where they end."""
    top = placed.bottom + 10
    drawn: list[str] = []
    left = 0.0
    for look, word in placed.sheet.legend:
        label = set_label(word, theme.TEXT_SIZE, 260, rtl=page.rtl, most=1)
        line = _DASHES[look] if look == GONE else ' stroke-width="2.2"'
        drawn.append(
            f'<rect {page.rect(left, top + 1, 22, 12)} rx="3" fill="{theme.PAPER}" stroke="{theme.LINE}"{line}/>'
        )
        drawn += aligned((label,), page.side(left + 28, label.width), top, rtl=page.rtl)
        left += 28 + label.width + 18
    top += 20 if placed.sheet.legend else 0
    drawn += aligned(placed.footnotes, (0.0, placed.width), top, rtl=page.rtl)
    return drawn, top + sum(label.height for label in placed.footnotes) + 2
