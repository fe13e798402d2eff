"""The journey map for Mermaid, as its diagram `journey`: stages, touchpoints, how customers feel there, who they are.

Mermaid scores from 1 to 5, so -5 to +5 become that; a touchpoint of which nothing is felt has a score between those
of its neighbours.  All other lanes are left out: the diagram has no place for them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from safar.renderers.journey_map.sheet import CHANNEL, Curve, Point, Sheet
from safar.renderers.mermaid import coded

_WORDS = re.compile(r"(section|title|acctitle|accdescr|journey)\b", re.IGNORECASE)
"""What begins a line of Mermaid's own."""
_APART = "\u2068"
"""What a text begins with that stands in a sentence of ours; a text by itself needs none of it."""


def write(sheet: Sheet) -> str:
    """The diagram's text."""
    lines = ["journey", f"  title {_said(sheet.title, sheet)}"]
    slot = 0
    for number, column in enumerate(sheet.columns):
        lines.append(f"  section {_said(column.title, sheet)}")
        for within in range(column.slots):
            title = _touchpoint(sheet, number, within)
            lines += (f"    {line}" for line in _tasks(sheet, title or column.title, slot, met=bool(title)))
            slot += 1
    return "\n".join((*lines, ""))


def _touchpoint(sheet: Sheet, column: int, slot: int) -> str:
    """The title of the touchpoint in a slot; empty where there is none."""
    lanes = (lane for lane in sheet.lanes if lane.kind == CHANNEL)
    return next((note.text for lane in lanes for note in lane.cells[column].slots[slot]), "")


def _tasks(sheet: Sheet, title: str, slot: int, *, met: bool) -> Iterator[str]:
    """One for all customers, and one for each curve of a persona or another journey that says otherwise."""
    everybody = ", ".join(_said(head.title, sheet) for head in sheet.heads) or _said(sheet.words.say("everyone"), sheet)
    common, *others = sheet.curves or (Curve("", ()),)
    if met or any(point.slot == slot for point in common.points):
        yield f"{_said(title, sheet)}: {_score(common, slot)}: {everybody}"
    for curve in others:
        if any(point.slot == slot and point.said for point in curve.points):
            yield f"{_said(title, sheet)}: {_score(curve, slot)}: {_said(curve.title, sheet)}"


def _score(curve: Curve, slot: int) -> str:
    score = 3 + 2 * _felt(curve.points, slot) / 5
    return f"{score:.1f}".removesuffix(".0")


def _felt(points: tuple[Point, ...], slot: int) -> float:
    """From -5 to +5; on the line between the nearest points that are known, 0 where there is none."""
    if not points:
        return 0.0
    after = bisect.bisect_left([point.slot for point in points], slot)
    left, right = points[max(after - 1, 0)], points[min(after, len(points) - 1)]
    if right.slot <= slot or left.slot >= slot:
        return float(right.score if right.slot <= slot else left.score)
    return left.score + (right.score - left.score) * (slot - left.slot) / (right.slot - left.slot)


def _said(text: str, sheet: Sheet) -> str:
    """A text that stands for nothing of Mermaid's: not even at the beginning of a line, or in a list."""
    alone = text[1:-1] if text.count(_APART) == 1 and text.startswith(_APART) else text
    shown = coded(alone, rtl=sheet.rtl).replace(",", "#44;") or "-"
    return f"#{ord(shown[0])};{shown[1:]}" if _WORDS.match(shown) else shown
