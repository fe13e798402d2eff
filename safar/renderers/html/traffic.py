"""How many customers passed the boxes and arrows of the map."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.moves import Count, Handler
from safar.engine.program import Program
from safar.engine.simulate.results import Json
from safar.renderers.boxes import Meaning, meanings
from safar.renderers.view import INTERRUPT, Arrow, Picture


class Traffic(msgspec.Struct, frozen=True):
    """By the numbers of boxes and arrows; None where nothing is counted, as at an interrupt that does not lead on."""

    boxes: tuple[int | None, ...]
    arrows: tuple[int, ...]


def traffic(program: Program, picture: Picture, figures: Json) -> Traffic:
    """Visits and ways from the figures of a journey as `results.as_json` gives them."""
    counter = _Counter(program, figures)
    arrows = tuple(counter.arrow(arrow) for arrow in picture.arrows)
    return Traffic(tuple(counter.box(number, picture, arrows) for number in range(len(picture.boxes))), arrows)


class _Counter:
    def __init__(self, program: Program, figures: Json) -> None:
        self._program, self._figures = program, figures
        self._meanings = meanings(program)
        self._stages = {place.node: place.stage for place in program.places}
        self._interrupts = {handler.label for scope in program.scopes for handler in scope.handlers}

    def box(self, number: int, picture: Picture, arrows: tuple[int, ...]) -> int | None:
        meaning = self._meanings[number]
        if number == 0:
            return int(self._figures["entered"])
        if meaning.handler is None:
            visits = self._figures["steps"].get(meaning.node)
            return None if visits is None else int(visits["visits"])
        leading = [count for arrow, count in zip(picture.arrows, arrows, strict=True) if arrow.start == number]
        return sum(leading) if leading else None

    def arrow(self, arrow: Arrow) -> int:
        start, end = self._meanings[arrow.start], self._meanings[arrow.end]
        if arrow.kind == INTERRUPT:
            labels = {handler.label for handler in self._handlers(start)}
            return sum(one["count"] for one in self._to(end) if one["label"] in labels and self._is_in(start, one))
        ways = (one for one in self._to(end) if one["from"] == start.node and one["label"] not in self._interrupts)
        return sum(one["count"] for one in ways)

    def _to(self, end: Meaning) -> Iterator[Json]:
        return (one for one in self._figures["edges"] if one["to"] == end.node)

    def _handlers(self, start: Meaning) -> tuple[Handler, ...]:
        if start.handler is not None:
            return (start.handler,)
        move = start.place.move if start.place is not None else None
        return self._program.scopes[move.loop].handlers if isinstance(move, Count) else ()

    def _is_in(self, start: Meaning, way: Json) -> bool:
        """Whether a way begins where an interrupt holds: in its stage, if it is a stage's."""
        return not start.stage or self._stages.get(way["from"]) == start.stage
