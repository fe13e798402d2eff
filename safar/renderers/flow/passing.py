"""How many customers passed the boxes and arrows of the flow."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.moves import Count, Handler
from safar.engine.program import Program
from safar.renderers.picture import INTERRUPT, Arrow, Meaning, Picture
from safar.renderers.traffic import Traffic, Way


class Passed(msgspec.Struct, frozen=True):
    """By the numbers of boxes and arrows; None where nothing is counted, as at an interrupt that does not lead on."""

    boxes: tuple[int | None, ...]
    arrows: tuple[int, ...]


def passing(program: Program, picture: Picture, traffic: Traffic) -> Passed:
    """Visits and ways, out of the result of a simulation."""
    counter = _Counter(program, picture, traffic)
    arrows = tuple(counter.arrow(arrow) for arrow in picture.arrows)
    return Passed(tuple(counter.box(number, arrows) for number in range(len(picture.boxes))), arrows)


class _Counter:
    def __init__(self, program: Program, picture: Picture, traffic: Traffic) -> None:
        self._program, self._picture, self._traffic = program, picture, traffic
        self._stages = {place.node: place.stage for place in program.places}
        self._interrupts = {handler.label for scope in program.scopes for handler in scope.handlers}
        self._to: dict[str, list[Way]] = {}
        for way in traffic.edges:
            self._to.setdefault(way.end, []).append(way)

    def box(self, number: int, arrows: tuple[int, ...]) -> int | None:
        meaning = self._picture.boxes[number].meaning
        if number == 0:
            return self._traffic.entered
        if meaning.handler is None:
            found = self._traffic.steps.get(meaning.node)
            return None if found is None else found.visits
        leading = [count for arrow, count in zip(self._picture.arrows, arrows, strict=True) if arrow.start == number]
        return sum(leading) if leading else None

    def arrow(self, arrow: Arrow) -> int:
        return sum(way.count for way in self._ways(arrow))

    def _ways(self, arrow: Arrow) -> Iterator[Way]:
        start, end = (self._picture.boxes[number].meaning for number in (arrow.start, arrow.end))
        ways = self._to.get(end.node, [])
        if arrow.kind == INTERRUPT:
            labels = {handler.label for handler in self._handlers(start)}
            return (way for way in ways if way.label in labels and self._is_in(start, way))
        return (way for way in ways if way.start == start.node and way.label not in self._interrupts)

    def _handlers(self, start: Meaning) -> tuple[Handler, ...]:
        if start.handler is not None:
            return (start.handler,)
        move = start.place.move if start.place is not None else None
        return self._program.scopes[move.loop].handlers if isinstance(move, Count) else ()

    def _is_in(self, start: Meaning, way: Way) -> bool:
        """Whether a way begins where an interrupt holds: in its stage, if it is a stage's."""
        return not start.stage or self._stages.get(way.start) == start.stage
