"""What was found, as numbered marks at the steps and as footnotes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safar.engine.diagnostic import Diagnostic
from safar.engine.program import Program
from safar.renderers.flow.located import located
from safar.renderers.labels import apart
from safar.renderers.picture import Note, Picture


def marked(program: Program, picture: Picture, findings: Sequence[Diagnostic]) -> Picture:
    """The picture with the findings of its journey's file: those of a step at its box, all below it by number."""
    own = [one for one in findings if one.span.source.path == program.journey.span.source.path]
    own.sort(key=lambda one: (one.span.start, one.code))
    numbers = {id(one): picture.words.number(number) for number, one in enumerate(own, 1)}
    boxes = list(picture.boxes)
    for box, found in located(program, picture, own).items():
        marks = tuple(Note(one.severity.value, numbers[id(one)]) for one in found)
        boxes[box] = msgspec.structs.replace(boxes[box], marks=marks)
    said = (_said(picture, one, numbers[id(one)]) for one in own)
    return msgspec.structs.replace(picture, boxes=tuple(boxes), footnotes=(*picture.footnotes, *said))


def _said(picture: Picture, one: Diagnostic, number: str) -> str:
    severity = picture.words.say("severity " + one.severity.value)
    return picture.words.say("finding", number=number, severity=severity, text=apart(one.message))
