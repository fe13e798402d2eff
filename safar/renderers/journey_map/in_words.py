"""The journey map as a table in Markdown: stages as columns, lanes as rows."""

from __future__ import annotations

from collections.abc import Iterator

from safar.renderers.journey_map.sheet import FEELING, Curve, Note, Sheet
from safar.renderers.prose import cell, prose

_BREAK = "<br>"


def write(sheet: Sheet) -> str:
    """The text; what is said in the head and of personas stands above the table, evidence below it."""
    lines = [f"# {prose(sheet.title)}", "", *(f"- {prose(text)}" for text in sheet.details), ""]
    lines += (f"- **{prose(head.title)}**: {'; '.join(map(prose, head.details))}" for head in sheet.heads)
    lines += ["", *_table(sheet), "", *(f"- {prose(text)}" for text in sheet.footnotes), ""]
    if sheet.rtl:
        lines = ['<div dir="rtl">', "", *lines, "</div>", ""]
    return _without_gaps(lines)


def _without_gaps(lines: list[str]) -> str:
    """No two empty lines after one another."""
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept)


def _table(sheet: Sheet) -> Iterator[str]:
    yield _row("", *(_column(sheet, number) for number in range(len(sheet.columns))))
    yield "|" + "---|" * (len(sheet.columns) + 1)
    words = dict(sheet.legend)
    for lane in sheet.lanes:
        if lane.kind == FEELING:
            told = [_BREAK.join(_felt(sheet, number)) for number in range(len(sheet.columns))]
        else:
            told = [_BREAK.join(_note(note, words) for note in one.notes) for one in lane.cells]
        yield _row(f"**{cell(lane.title)}**", *told)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _column(sheet: Sheet, number: int) -> str:
    column = sheet.columns[number]
    word = dict(sheet.legend).get(column.look, "")
    said = " ".join(cell(part) for part in (column.title, *column.marks) if part)
    return f"{said} ({cell(word)})" if word else said


def _note(note: Note, words: dict[str, str]) -> str:
    """What is said, what is said under it, which footnotes it has, and which journey or persona it is of alone."""
    apart = [*note.details, *([words[note.look]] if note.look in words else [])]
    said = cell(note.text) + (f" ({'; '.join(map(cell, apart))})" if apart else "")
    return " ".join((said, *map(cell, note.marks)))


def _felt(sheet: Sheet, number: int) -> Iterator[str]:
    """The points of all curves in a column, each with the curve's name where there are several."""
    start = sum(column.slots for column in sheet.columns[:number])
    end = start + sheet.columns[number].slots
    for curve in sheet.curves:
        for point in curve.points:
            if point.said and start <= point.slot < end:
                yield _point(sheet, curve, point.score, point.text)


def _point(sheet: Sheet, curve: Curve, score: int, text: str) -> str:
    whose = f"{cell(curve.title)}: " if len(sheet.curves) > 1 else ""
    return f"{whose}{cell(sheet.words.signed(score))} {cell(text)}".rstrip()
