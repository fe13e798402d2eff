"""Stages closed: all boxes of a stage as one, with what goes in and out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from safar.renderers.flow.figures import went
from safar.renderers.picture import BACK, OUTSIDE, PLAIN, TIME, Arrow, Box, Picture, joined
from safar.renderers.words import Words

_MOST_LABELS = 2


def closed(picture: Picture, stages: Collection[int]) -> Picture:
    """The picture with these stages, by their numbers, as one box each."""
    if not stages:
        return picture
    members: dict[int, list[int]] = {}
    for number, box in enumerate(picture.boxes):
        if box.stage in stages:
            members.setdefault(box.stage, []).append(number)
    boxes: list[Box] = []
    new: dict[int, int] = {}
    for number, box in enumerate(picture.boxes):
        if box.stage not in members:
            new[number] = len(boxes)
            boxes.append(box)
        elif members[box.stage][0] == number:
            new |= dict.fromkeys(members[box.stage], len(boxes))
            boxes.append(_stage(picture, box.stage, members[box.stage]))
    arrows = [_between(arrow, new[arrow.start], new[arrow.end]) for arrow in picture.arrows]
    kept = [arrow for arrow in arrows if arrow.start != arrow.end or boxes[arrow.start].family != "stage"]
    kept = joined(_short(kept, boxes, picture.words), picture.words.say("or"))
    return msgspec.structs.replace(picture, boxes=tuple(_counted(boxes, kept, picture.words)), arrows=tuple(kept))


def steps(words: Words, boxes: Sequence[Box], *, more: bool = False) -> str:
    """How many steps these boxes are."""
    count = sum(box.meaning.place is not None for box in boxes)
    key = ("one more step" if more else "one step") if count == 1 else ("more steps" if more else "steps")
    return words.say(key, count=words.count(count))


def _stage(picture: Picture, stage: int, members: list[int]) -> Box:
    boxes = [picture.boxes[number] for number in members]
    view = picture.stages[stage]
    return Box(
        "stage",
        view.title,
        (steps(picture.words, boxes), *view.details),
        OUTSIDE,
        marks=tuple(mark for box in boxes for mark in box.marks),
        weak=any(box.weak for box in boxes),
        on_way=any(box.on_way for box in boxes),
    )


def _between(arrow: Arrow, start: int, end: int) -> Arrow:
    kind = BACK if end <= start and arrow.kind in (PLAIN, TIME) else PLAIN if arrow.kind == BACK else arrow.kind
    return msgspec.structs.replace(arrow, start=start, end=end, kind=kind)


def _short(arrows: list[Arrow], boxes: list[Box], words: Words) -> list[Arrow]:
    """Several ways out of a closed stage to one place are told by their number."""
    ways: dict[tuple[int, int], list[Arrow]] = {}
    for arrow in arrows:
        ways.setdefault((arrow.start, arrow.end), []).append(arrow)
    found = []
    for (start, _), some in ways.items():
        labels = {one.label for one in some}
        if boxes[start].family == "stage" and (len(labels) > _MOST_LABELS or labels > {""}):
            label = words.say("ways", count=words.count(len(some)))
            found += [msgspec.structs.replace(one, label=label, kind=some[0].kind) for one in some]
        else:
            found += some
    return found


def _counted(boxes: list[Box], arrows: list[Arrow], words: Words) -> list[Box]:
    """Into a closed stage come as many as its arrows bring."""
    came: dict[int, int] = {}
    for arrow in arrows:
        if arrow.count is not None:
            came[arrow.end] = came.get(arrow.end, 0) + arrow.count
    return [_told(boxes, number, came.get(number), words) for number in range(len(boxes))]


def _told(boxes: list[Box], number: int, came: int | None, words: Words) -> Box:
    box = boxes[number]
    if box.family != "stage" or came is None:
        return box
    return msgspec.structs.replace(box, count=came, figures=(went(words, came, boxes[0].count or 0),))
