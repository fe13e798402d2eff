"""What the shapes, lines and signs of a flow mean: of those that are in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from safar.engine.moves import Deliver
from safar.renderers import icons, theme
from safar.renderers.box_svg import draw_mark, shape
from safar.renderers.labels import Label, set_label
from safar.renderers.picture import BACK, TIME, Box, Note, Picture
from safar.renderers.svg_parts import MARGIN, n, text_line

_FAMILIES = (
    "contact", "wait", "choice", "chance", "loop", "effect", "interrupt", "stage", "stub", "link", "end",
)  # fmt: skip
_WIDTH, _HEIGHT, _ROW = 26.0, 13.0, 20.0


class _Entry(msgspec.Struct, frozen=True):
    """`draw` gives the sign with its corner at a place, in `_WIDTH` by `_HEIGHT`."""

    text: str
    draw: Callable[[float, float], str]


def legend(picture: Picture, width: float, top: float) -> tuple[list[str], float]:
    """The entries in rows, and where they end."""
    drawn: list[str] = []
    at, row = MARGIN, top
    for entry in _entries(picture):
        label = set_label(entry.text, theme.TEXT_SIZE, 260, rtl=picture.rtl, most=1)
        needs = _WIDTH + 6 + label.width + 16
        if at + needs > width - MARGIN and at > MARGIN:
            at, row = MARGIN, row + _ROW
        drawn += _drawn(entry, label, (width - at - _WIDTH) if picture.rtl else at, row, rtl=picture.rtl)
        at += needs
    return drawn, row + 16


def _drawn(entry: _Entry, label: Label, left: float, top: float, *, rtl: bool) -> Iterator[str]:
    yield entry.draw(left, top)
    middle = left - 6 - label.width / 2 if rtl else left + _WIDTH + 6 + label.width / 2
    yield text_line(label, label.lines[0], middle, top + 10, theme.INK)


def _entries(picture: Picture) -> Iterator[_Entry]:
    say = picture.words.say
    families = {box.family for box in picture.boxes}
    for family in _FAMILIES:
        if family in families:
            yield _Entry(say(f"legend {family}"), _shape(theme.style(family)))
    yield from _icons(picture)
    yield from _lines(picture)
    kinds = {note.kind for box in picture.boxes for note in box.notes}
    if "pain" in kinds:
        yield _Entry(say("legend pain"), _note("pain"))
    if any(box.weak for box in picture.boxes):
        yield _Entry(say("legend weak"), _shape(theme.PLAIN, weak=True))
    if any(box.on_way for box in picture.boxes):
        yield _Entry(say("legend on way"), _line(theme.WAY, 9.0))
    severities = {mark.kind for box in picture.boxes for mark in box.marks}
    for severity in ("error", "warning", "info"):
        if severity in severities:
            yield _Entry(say(f"severity {severity}"), _mark(severity))


def _icons(picture: Picture) -> Iterator[_Entry]:
    """The sign of each channel, by what the box says of it."""
    found: dict[str, str] = {}
    for box in picture.boxes:
        if box.family == "contact" and box.icon and isinstance(_move(box), Deliver) and box.details:
            found.setdefault(box.details[0].partition(" · ")[0], box.icon)
    for text, icon in found.items():
        yield _Entry(text, _icon(icon))


def _move(box: Box) -> object:
    return box.meaning.place.move if box.meaning.place is not None else None


def _lines(picture: Picture) -> Iterator[_Entry]:
    say = picture.words.say
    kinds = {arrow.kind for arrow in picture.arrows}
    if TIME in kinds:
        yield _Entry(say("legend time"), _line(theme.TIME_LINE, 1.4))
    if BACK in kinds:
        yield _Entry(say("legend back"), _line(theme.BACK_LINE, 1.4))
    counts = {arrow.count for arrow in picture.arrows if arrow.count is not None}
    if counts - {0}:
        yield _Entry(say("legend count"), _line(theme.LINE, 6.0))
    if 0 in counts:
        yield _Entry(say("legend none"), _line(theme.LINE, 0.8, ' stroke-dasharray="1 3"'))


def _shape(style: theme.Style, *, weak: bool = False) -> Callable[[float, float], str]:
    return lambda left, top: shape(style, left, top, _WIDTH, _HEIGHT, weak=weak)


def _line(colour: str, width: float, dashes: str = "") -> Callable[[float, float], str]:
    def draw(left: float, top: float) -> str:
        across = f"M{n(left)} {n(top + _HEIGHT / 2)}H{n(left + _WIDTH)}"
        return f'<path d="{across}" fill="none" stroke="{colour}" stroke-width="{n(width)}"{dashes}/>'

    return draw


def _icon(icon: str) -> Callable[[float, float], str]:
    return lambda left, top: icons.draw(icon, left + (_WIDTH - icons.SIZE) / 2, top, theme.style("contact").stroke)


def _mark(severity: str) -> Callable[[float, float], str]:
    return lambda left, top: "".join(draw_mark(Note(severity, ""), left + _WIDTH / 2, top + _HEIGHT / 2))


def _note(kind: str) -> Callable[[float, float], str]:
    ground, edge = theme.NOTES[kind]

    def draw(left: float, top: float) -> str:
        area = f'x="{n(left)}" y="{n(top)}" height="{n(_HEIGHT)}"'
        return f'<rect {area} width="{n(_WIDTH)}" rx="2" fill="{ground}"/><rect {area} width="3" fill="{edge}"/>'

    return draw
