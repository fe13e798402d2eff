"""One box of the flow as SVG: its shape, icon, texts, notes and marks."""

from __future__ import annotations

from collections.abc import Iterator

from safar.renderers import icons, theme
from safar.renderers.labels import Label, measure
from safar.renderers.layout import BOX_PADDING, ICON_ROOM, NOTE_GAP, SizedBox, centres
from safar.renderers.picture import Note
from safar.renderers.svg_parts import n, text_line, text_of

_CUT, _POINT, _SHEET = 12.0, 7.0, 2.0
"""What is cut from the corners of a hexagon, the point of a tag, the distance of sheets that lie on one another."""
_MARK, _MOST_MARKS = 15.0, 4
_SOLID, _WEAK, _MARKER = 1.3, 3.4, 9.0


def draw_box(sized: SizedBox, left: float, top: float, *, rtl: bool) -> Iterator[str]:
    """The box with its corner at a place."""
    box, style = sized.box, theme.style(sized.box.family)
    said = (box.title, *box.details, *box.figures, *(note.text for note in box.notes))
    yield f"<title>{text_of(' · '.join(said))}</title>"
    yield shape(style, left, top, sized.width, sized.height, weak=box.weak)
    middle = left + sized.width / 2
    title, *others = sized.labels
    shift = 0.0
    if box.icon:
        shift = -ICON_ROOM / 2 if rtl else ICON_ROOM / 2
        at = middle + shift + (title.width / 2 + ICON_ROOM - icons.SIZE if rtl else -title.width / 2 - ICON_ROOM)
        yield icons.draw(box.icon, at, top + BOX_PADDING + (title.line_height - icons.SIZE) / 2, style.stroke)
    yield from _lines((title,), middle + shift, top + BOX_PADDING, style)
    yield from _lines(tuple(others), middle, top + BOX_PADDING + title.height, style)
    yield from _notes(sized, left, top + BOX_PADDING + sum(label.height for label in sized.labels))
    yield from _marks(box.marks, left if rtl else left + sized.width, top, 1 if rtl else -1)


def _lines(labels: tuple[Label, ...], x: float, top: float, style: theme.Style) -> Iterator[str]:
    for label, line, base in centres(labels, top):
        yield text_line(label, line, x, base, style.text if label.bold else style.faint)


def _notes(sized: SizedBox, left: float, top: float) -> Iterator[str]:
    """Strips with a bar at the side where reading begins, in the colours of the lanes of the journey map."""
    for note, label in zip(sized.box.notes, sized.notes, strict=True):
        ground, edge = theme.NOTES.get(note.kind, (theme.STAGE_FILL, theme.LINE))
        x, width, y = left + 6, sized.width - 12, top + NOTE_GAP - 1
        yield f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(label.height)}" rx="2" fill="{ground}"/>'
        bar = x + width - 3 if label.rtl else x
        yield f'<rect x="{n(bar)}" y="{n(y)}" width="3" height="{n(label.height)}" fill="{edge}"/>'
        for one, line, base in centres((label,), y):
            yield text_line(one, line, left + sized.width / 2, base, theme.INK)
        top += label.height + NOTE_GAP


def _marks(marks: tuple[Note, ...], corner: float, top: float, way: int) -> Iterator[str]:
    """From a corner inwards; what is too much is told by its number."""
    shown = marks if len(marks) <= _MOST_MARKS else marks[: _MOST_MARKS - 1]
    more = len(marks) - len(shown)
    told = (*shown, Note("info", f"+{more}")) if more else shown
    for number, mark in enumerate(reversed(told)):
        yield from draw_mark(mark, corner + way * number * (_MARK + 5), top)


def draw_mark(mark: Note, x: float, y: float) -> Iterator[str]:
    """A number in the sign of its severity, its middle at a place: eight corners, a triangle, a circle."""
    ground, ink = theme.MARKS.get(mark.kind, theme.MARKS["info"])
    half, edge = _MARK / 2, f'fill="{ground}" stroke="{theme.PAPER}" stroke-width="1"'
    if mark.kind == "warning":
        yield f'<path d="M{n(x)} {n(y - half - 3)}L{n(x + half + 3)} {n(y + half)}H{n(x - half - 3)}Z" {edge}/>'
    elif mark.kind == "error":
        cut = half * 0.41
        points = ((-cut, -half), (cut, -half), (half, -cut), (half, cut), (cut, half), (-cut, half), (-half, cut))
        outline = "L".join(f"{n(x + a)} {n(y + b)}" for a, b in (*points, (-half, -cut)))
        yield f'<path d="M{outline}Z" {edge}/>'
    else:
        yield f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(half)}" {edge}/>'
    size = 8.5 if measure(mark.text, 8.5, bold=True) <= _MARK - 3 else 6.5
    label = Label((mark.text,), size, True, False)
    yield text_line(label, mark.text, x, y + size * 0.36, ink)


# --- shapes


def marker(sized: SizedBox, left: float, top: float) -> str:
    """What lies under a box that a customer passed, and is seen around it."""
    area = f'x="{n(left - 2)}" y="{n(top - 2)}" width="{n(sized.width + 4)}" height="{n(sized.height + 4)}"'
    return f'<rect {area} rx="8" fill="{theme.WAY}" stroke="{theme.WAY}" stroke-width="{n(_MARKER)}"/>'


def shape(style: theme.Style, left: float, top: float, width: float, height: float, *, weak: bool = False) -> str:
    """The form of a family; `weak`: with the edge of a bottleneck."""
    right, bottom, middle = left + width, top + height, top + height / 2
    edge, thick = (theme.WEAK, _WEAK) if weak else (style.stroke, _SOLID)
    paint = f'fill="{style.fill}" stroke="{edge}" stroke-width="{n(thick)}"'
    match style.shape:
        case "hexagon":
            cut = min(_CUT, height / 2)
            corners = ((left, middle), (left + cut, top), (right - cut, top), (right, middle), (right - cut, bottom))
            outline = "L".join(f"{n(x)} {n(y)}" for x, y in (*corners, (left + cut, bottom)))
            return f'<path d="M{outline}Z" {paint}/>'
        case "tag":
            low = bottom - min(_POINT, height / 3)
            tip = f"L{n(left + width / 2)} {n(bottom)}L{n(left)} {n(low)}"
            return f'<path d="M{n(left)} {n(top)}H{n(right)}V{n(low)}{tip}Z" {paint}/>'
        case "folded":
            ear = right - 9
            outline = f"M{n(left)} {n(top)}H{n(ear)}L{n(right)} {n(top + 9)}V{n(bottom)}H{n(left)}Z"
            fold = f"M{n(ear)} {n(top)}V{n(top + 9)}H{n(right)}"
            return f'<path d="{outline}" {paint}/><path d="{fold}" fill="none" stroke="{style.stroke}"/>'
    if style.shape == "stacked":
        right, bottom = right - 2 * _SHEET, bottom - 2 * _SHEET
    dashes = {"dashed": ' stroke-dasharray="5 3"', "dotted": ' stroke-dasharray="1.5 2.5"'}.get(style.shape, "")
    radius = min(height / 2, 15.0) if style.shape == "pill" else 4
    area = f'x="{n(left)}" y="{n(top)}" width="{n(right - left)}" height="{n(bottom - top)}"'
    return f'<rect {area} rx="{n(radius)}" {paint}{dashes}/>' + _more(style, (left, top, right, bottom))


def _more(style: theme.Style, corners: tuple[float, float, float, float]) -> str:
    """The bars of a loop; the sheets under a closed stage."""
    left, top, right, bottom = corners
    if style.shape == "barred":
        bars = "".join(f"M{n(at)} {n(top)}V{n(bottom)}" for at in (left + 6, right - 6))
        return f'<path d="{bars}" stroke="{style.stroke}"/>'
    if style.shape == "stacked":
        sheets = "".join(
            f"M{n(left + by)} {n(bottom + by)}H{n(right + by)}V{n(top + by)}" for by in (_SHEET, 2 * _SHEET)
        )
        return f'<path d="{sheets}" fill="none" stroke="{style.stroke}"/>'
    return ""
