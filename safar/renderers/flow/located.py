"""Findings by the box of the flow that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safar.engine.diagnostic import Diagnostic
from safar.engine.moves import Exit
from safar.engine.program import Program
from safar.engine.source import Span
from safar.renderers.picture import Picture


def located(program: Program, picture: Picture, findings: Sequence[Diagnostic]) -> dict[int, list[Diagnostic]]:
    """Findings by the box of the innermost step in which they are; those that are in none are left out."""
    spans = list(_spans(program, picture))
    found: dict[int, list[Diagnostic]] = {}
    for one in findings:
        around = [(span.end - span.start, box) for span, box in spans if _is_in(one.span, span)]
        if around:
            found.setdefault(min(around)[1], []).append(one)
    return found


def _spans(program: Program, picture: Picture) -> Iterator[tuple[Span, int]]:
    meanings = [(number, box.meaning) for number, box in enumerate(picture.boxes)]
    boxes = {meaning.place.id: number for number, meaning in meanings if meaning.place is not None}
    outcomes = {meaning.outcome: number for number, meaning in meanings if meaning.outcome}
    for place in program.places:
        box = outcomes.get(place.move.outcome) if isinstance(place.move, Exit) else boxes.get(place.id)
        if place.step is not None and box is not None:
            yield place.step.span, box


def _is_in(one: Span, span: Span) -> bool:
    return span.source.path == one.source.path and span.start <= one.start < span.end
