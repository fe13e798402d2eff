"""Two versions compared, for people: what is weaker first, then what changed, then a customer side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from safar.engine.diff.change import About, Change, Effect, Experience, Notice, Promise
from safar.engine.diff.diff import Difference
from safar.engine.source import Span
from safar.renderers import terminal
from safar.renderers.findings import Where
from safar.renderers.lives import headings, rows
from safar.renderers.proofs_text import message
from safar.renderers.table import padded, shown
from safar.renderers.terminal import BOLD, CYAN, GREEN, RED, YELLOW, Style

_TITLES = {Effect.WEAKENED: "weakened", Effect.STRENGTHENED: "strengthened", Effect.CHANGED: "changed"}
_COLOURS = {Effect.WEAKENED: RED, Effect.STRENGTHENED: GREEN, Effect.CHANGED: CYAN}
_ABOUT = {
    About.GUARD: "",
    About.BEHAVIOUR: "",
    About.TEXT: "text: ",
    About.MAP: "map: ",
    About.ASSUMPTION: "assumption: ",
}
_NARROW = 44
"""Columns that one of two timelines takes at least; with fewer they stand below each other."""
_GAP = 3


def diff_text(difference: Difference, style: Style, width: int, where: Where, name: str) -> str:
    """All parts that are not empty; `name` is what the old version is called."""
    lines = [
        *_changes(difference.weakened, Effect.WEAKENED, style, where, name),
        *_promises(difference.lost, "no longer proved", RED, style, where),
        *_promises([one for one in difference.promises if one.won], "proved now", GREEN, style, where),
        *_changes(difference.strengthened, Effect.STRENGTHENED, style, where, name),
        *_changes(difference.others, Effect.CHANGED, style, where, name),
    ]
    for one in difference.experiences:
        if one.notice is not Notice.SAME:
            lines += [*_experience(one, style, width, name), ""]
    lines += _unnoticed([one for one in difference.experiences if one.notice is Notice.SAME], style)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def summary(difference: Difference, style: Style, seconds: float) -> str:
    """How much of each, in a line."""
    if not difference:
        return f"nothing changed in meaning, told in {seconds:.1f} s"
    numbers = [
        (len(difference.weakened), "weakened", RED),
        (len(difference.lost), "no longer proved", RED),
        (len(difference.strengthened), "strengthened", GREEN),
        (len(difference.others), "changed", CYAN),
    ]
    parts = [style(f"{n:,} {word}", colour, BOLD) for n, word, colour in numbers if n]
    return f"{', '.join(parts)} in {seconds:.1f} s"


# --- changes


def _changes(changes: Sequence[Change], effect: Effect, style: Style, where: Where, name: str) -> Iterator[str]:
    if not changes:
        return
    yield style(f"{_TITLES[effect]}: {len(changes)}", _COLOURS[effect], BOLD)
    journey = None
    for one in sorted(changes, key=lambda one: bool(one.journey)):
        if one.journey != journey:
            journey = one.journey
            if journey:
                yield f"  {style(shown(journey), BOLD)}"
        yield f"  {'  ' if journey else ''}{_ABOUT[one.about]}{terminal.prose(one.message)}"
        yield f"  {'  ' if journey else ''}  {places(one, where, name)}"
    yield ""


def places(one: Change, where: Where, name: str) -> str:
    """Where it stands, and where it stood."""
    new, old = (_place(span, where) for span in (one.new, one.old))
    if one.new is None:
        return f"{terminal.path(old)} in {terminal.visible(name)}" if old else ""
    if one.old is None or not old:
        return terminal.path(new)
    return f"{terminal.path(new)}, was {terminal.path(old)}"


def _place(span: Span | None, where: Where) -> str:
    if span is None or not span.source.path:
        return ""
    return f"{where(span.source.path)}:{span.source.position(span.start)[0]}"


# --- rules


def _promises(promises: Sequence[Promise], title: str, colour: str, style: Style, where: Where) -> Iterator[str]:
    if not promises:
        return
    yield style(f"{title}: {len(promises)}", colour, BOLD)
    for one in promises:
        new = one.new
        if new is None:
            continue
        of = f" of {shown(one.journey)}" if one.journey else ""
        was = one.old.outcome.value if one.old is not None else "not there"
        yield f"  rule {shown(one.name)}{of}: was {was}, is {new.outcome.value}"
        if not one.is_proved:
            yield f"    {terminal.prose(message(new))}"
        yield f"    {terminal.path(_place(new.rule.span, where))}"
    yield ""


# --- customers


def _unnoticed(same: Sequence[Experience], style: Style) -> Iterator[str]:
    """The journeys whose customers notice nothing."""
    if same:
        yield f"{style(', '.join(shown(one.journey) for one in same), BOLD)}: {style(same[0].reason, GREEN)}"
        yield ""


def _experience(one: Experience, style: Style, width: int, name: str) -> Iterator[str]:
    journey = shown(one.journey)
    if one.notice is not Notice.DIFFERS or one.old is None or one.new is None:
        tried = f" ({one.tried:,} were tried)" if one.tried else ""
        colour = {Notice.NOT_FOUND: YELLOW}.get(one.notice, GREEN)
        yield f"{style(journey, BOLD)}: {style(one.reason, colour)}{tried}"
        return
    yield f"{style(journey, BOLD)}: {style('a customer whose experience changes', RED, BOLD)}"
    yield ""
    yield from (f"  {terminal.visible(line)}" for line in headings(one))
    yield ""
    yield from _side_by_side(one, style, width - 2, name)


def _side_by_side(one: Experience, style: Style, width: int, name: str) -> Iterator[str]:
    told = rows(one)
    column = (width - _GAP) // 2
    if column < _NARROW:
        for title, texts in ((name, [row.old for row in told]), ("now", [row.new for row in told])):
            yield style(f"  {shown(title)}", BOLD)
            yield from (f"  {_cell(text, row.differs, style)}" for text, row in zip(texts, told, strict=True) if text)
        return
    yield f"  {style(padded(shown(name), column + _GAP), BOLD)}{style('now', BOLD)}"
    for row in told:
        cells = [_fitting(text, column) for text in (row.old, row.new)]
        for left, right in _lines(cells):
            text = padded(left, column + _GAP)
            yield f"  {_cell(text, row.differs, style)}{_cell(right, row.differs, style)}"


def _cell(text: str, differs: bool, style: Style) -> str:
    return style(text, YELLOW) if differs and text.strip() else text


def _fitting(text: str, column: int) -> list[str]:
    if not text:
        return []
    first, *others = terminal.wrapped(text, column)
    return [first, *(f"      {line}" for other in others for line in terminal.wrapped(other, column - 6))]


def _lines(cells: Sequence[list[str]]) -> Iterable[tuple[str, str]]:
    for number in range(max(map(len, cells))):
        yield tuple(cell[number] if number < len(cell) else "" for cell in cells)  # type: ignore[misc]
