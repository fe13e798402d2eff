"""A large flow in pieces, a stage beside the other: ways between stages become links that name the other end.

One picture of hundreds of steps has arrows as long as itself; they make it slow to lay out and hard to read.
"""

from __future__ import annotations

import msgspec

from safar.renderers.picture import BACK, OUTSIDE, Arrow, Box, Picture

MANY = 100
"""Boxes from which on a flow is drawn in pieces."""

_MOST_NAMED = 3


def grouped(picture: Picture) -> Picture:
    """Each stage by itself, its ways out beside the steps that take them; at last all outcomes, with their reasons."""
    return _Grouping(picture).picture()


class _Grouping:
    def __init__(self, picture: Picture) -> None:
        self.old = picture
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.at: dict[int, int] = {}
        self.from_: dict[int, list[Arrow]] = {}

    def picture(self) -> Picture:
        outcomes = len(self.old.stages)
        for number, box in enumerate(self.old.boxes):
            panel = outcomes if box.family == "end" else max(box.stage, 0)
            self.at[number] = len(self.boxes)
            self.boxes.append(msgspec.structs.replace(box, panel=panel))
        for arrow in self.old.arrows:
            self._arrow(arrow)
        for end, arrows in self.from_.items():
            self._came(end, arrows)
        return msgspec.structs.replace(self.old, boxes=tuple(self.boxes), arrows=tuple(self.arrows))

    def _panel(self, number: int) -> int:
        return self.boxes[self.at[number]].panel

    def _arrow(self, arrow: Arrow) -> None:
        end = self.old.boxes[arrow.end]
        if end.family == "end":
            self._link(arrow, msgspec.structs.replace(end, details=(), figures=(), count=arrow.count))
        elif self._panel(arrow.start) == self._panel(arrow.end):
            self.arrows.append(msgspec.structs.replace(arrow, start=self.at[arrow.start], end=self.at[arrow.end]))
        else:
            stage = self._name(end)
            self._link(arrow, Box("link", self.old.words.say("to part", stage=stage), (end.title,)))
            self.from_.setdefault(arrow.end, []).append(arrow)

    def _link(self, arrow: Arrow, link: Box) -> None:
        """A leaf beside the box that an arrow leaves, in place of where it leads."""
        start = self.boxes[self.at[arrow.start]]
        leaf = msgspec.structs.replace(link, stage=start.stage, panel=start.panel, on_way=arrow.on_way, marks=())
        kind = "plain" if arrow.kind == BACK else arrow.kind
        self.arrows.append(msgspec.structs.replace(arrow, start=self.at[arrow.start], end=len(self.boxes), kind=kind))
        self.boxes.append(leaf)

    def _name(self, box: Box) -> str:
        return self.old.stages[box.stage].title if box.stage != OUTSIDE else box.title

    def _came(self, end: int, arrows: list[Arrow]) -> None:
        """One link above a box that is come to from other stages."""
        box = self.boxes[self.at[end]]
        names = list(dict.fromkeys(self._name(self.old.boxes[arrow.start]) for arrow in arrows))
        told = self.old.words.say("comma").join(names[:_MOST_NAMED]) + ("…" if len(names) > _MOST_NAMED else "")
        counts = [arrow.count for arrow in arrows if arrow.count is not None]
        on_way = any(arrow.on_way for arrow in arrows)
        came = self.old.words.say("from part", stage=told)
        self.arrows.append(Arrow(len(self.boxes), self.at[end], count=sum(counts) if counts else None, on_way=on_way))
        self.boxes.append(Box("link", came, stage=box.stage, panel=box.panel, on_way=on_way))
