"""The way of one customer, shown on the flow."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safar.engine.moves import Count, Handler
from safar.engine.program import Program
from safar.renderers.flow.traces import Stop
from safar.renderers.labels import apart
from safar.renderers.picture import INTERRUPT, Arrow, Box, Picture

_MOST_TOLD = 3


def followed(program: Program, picture: Picture, stops: Sequence[Stop], customer: str) -> Picture:
    """The picture with what the customer passed, and when: so long after the beginning."""
    return _Follower(program, picture, stops).picture(customer)


class _Follower:
    def __init__(self, program: Program, picture: Picture, stops: Sequence[Stop]) -> None:
        self.program, self.old, self.stops = program, picture, stops
        self.at = {box.node: n for n, box in enumerate(picture.boxes) if box.meaning.handler is None}
        self.visits: dict[int, list[str]] = {}
        self.arrows: set[int] = set()
        self.passed: set[int] = set()
        self.ways: dict[int, list[int]] = {}
        for number, arrow in enumerate(picture.arrows):
            self.ways.setdefault(arrow.start, []).append(number)

    def picture(self, customer: str) -> Picture:
        last: int | None = None
        before = self.stops[0]
        for stop in self.stops:
            box = self.at.get(stop.step)
            if box is not None and box != last:
                if last is not None:
                    self._go(last, box, before.detail)
                self._visit(box, stop)
                last = box
            before = stop
        boxes = [self._told(number, box) for number, box in enumerate(self.old.boxes)]
        arrows = [
            msgspec.structs.replace(arrow, on_way=True) if number in self.arrows else arrow
            for number, arrow in enumerate(self.old.arrows)
        ]
        head = self.old.words.say("way of", customer=apart(customer))
        return msgspec.structs.replace(
            self.old, boxes=tuple(boxes), arrows=tuple(arrows), details=(*self.old.details, head)
        )

    def _visit(self, box: int, stop: Stop) -> None:
        words = self.old.words
        number = words.number(sum(map(len, self.visits.values())) + 1)
        after = stop.at - self.stops[0].at
        time = words.say("since", time=words.about(after))
        self.visits.setdefault(box, []).append(words.say("visit", number=number, time=time) if after else number)
        self.passed.add(box)

    def _told(self, number: int, box: Box) -> Box:
        told = self.visits.get(number, [])
        if number not in self.passed:
            return box
        more = ("…",) if len(told) > _MOST_TOLD else ()
        return msgspec.structs.replace(box, on_way=True, figures=(*box.figures, *told[:_MOST_TOLD], *more))

    # --- between two steps

    def _go(self, start: int, end: int, label: str) -> None:
        """By an interrupt of that label, or else by the fewest arrows: steps that leave no trace lie between."""
        for number, arrow in enumerate(self.old.arrows):
            if arrow.kind == INTERRUPT and arrow.end == end and self._is_of(arrow, start, label):
                self.arrows.add(number)
                self.passed.add(arrow.start)
                return
        self._walk(start, end)

    def _is_of(self, arrow: Arrow, start: int, label: str) -> bool:
        meaning = self.old.boxes[arrow.start].meaning
        stage = self.old.boxes[start].stage
        inside = not meaning.stage or self.old.boxes[arrow.start].stage == stage
        return inside and any(handler.label == label for handler in self._handlers(arrow))

    def _handlers(self, arrow: Arrow) -> tuple[Handler, ...]:
        meaning = self.old.boxes[arrow.start].meaning
        if meaning.handler is not None:
            return (meaning.handler,)
        move = meaning.place.move if meaning.place is not None else None
        return self.program.scopes[move.loop].handlers if isinstance(move, Count) else ()

    def _walk(self, start: int, end: int) -> None:
        came: dict[int, int] = {}
        edge = [start]
        while edge and end not in came:
            onward = [number for box in edge for number in self.ways.get(box, ())]
            edge = []
            for number in onward:
                to = self.old.arrows[number].end
                if (to not in came and self.old.boxes[to].family != "end") or to == end:
                    came.setdefault(to, number)
                    edge.append(to)
        at = end
        while at in came:
            self.arrows.add(came[at])
            self.passed.add(self.old.arrows[came[at]].start)
            at = self.old.arrows[came[at]].start
            if at == start:
                break
