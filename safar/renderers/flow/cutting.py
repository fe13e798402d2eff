"""A piece of the flow: some of its boxes, and where ways lead on or come from, a stub that says how much is there."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from safar.renderers.flow.closing import steps
from safar.renderers.picture import OUTSIDE, Arrow, Box, Picture, joined

BEFORE, AFTER = "before", "after"
_Key = tuple[str, int]
_LEAVES = ("start", "end", "interrupt")


def around(picture: Picture, middle: Collection[int], depth: int) -> set[int]:
    """The boxes at most so many arrows away from some, either way.

    The search goes through steps only: outcomes and interrupts join what is far apart.  Outcomes next to it and the
    interrupts that hold there are in it.
    """
    near: dict[int, set[int]] = {}
    for arrow in picture.arrows:
        near.setdefault(arrow.start, set()).add(arrow.end)
        near.setdefault(arrow.end, set()).add(arrow.start)
    found, edge = set(middle), set(middle)
    for _ in range(depth):
        inner = {number for number in edge if picture.boxes[number].family not in _LEAVES or number in middle}
        edge = {one for number in inner for one in near.get(number, ())} - found
        found |= {number for number in edge if picture.boxes[number].family not in _LEAVES}
    return found | set(_leaves(picture, found))


def _leaves(picture: Picture, found: set[int]) -> set[int]:
    """The start and the outcomes beside some boxes, and the interrupts that hold in their stages."""
    boxes = picture.boxes
    stages = {boxes[number].stage for number in found}
    leaves = {n for n, box in enumerate(boxes) if box.family == "interrupt" and box.stage in (OUTSIDE, *stages)}
    for arrow in picture.arrows:
        if arrow.start in found | leaves and boxes[arrow.end].family == "end":
            leaves.add(arrow.end)
        if arrow.end in found and boxes[arrow.start].family == "start":
            leaves.add(arrow.start)
    return leaves


def cut(picture: Picture, kept: Collection[int]) -> Picture:
    """The picture of some of its boxes.  One stub for each stage from which ways come, one for each they lead to."""
    stubs: dict[_Key, set[int]] = {}
    for arrow in picture.arrows:
        if arrow.start in kept and arrow.end not in kept:
            stubs.setdefault((AFTER, picture.boxes[arrow.end].stage), set()).add(arrow.end)
        elif arrow.end in kept and arrow.start not in kept:
            stubs.setdefault((BEFORE, picture.boxes[arrow.start].stage), set()).add(arrow.start)
    there = {picture.boxes[number].stage for number in kept}
    beyond = {key: _beyond(picture, key, first, kept) for key, first in stubs.items()}
    same = {key for key in stubs if key[0] == BEFORE and beyond[key] == beyond.get((AFTER, key[1]))}
    boxes: list[Box] = []
    at: dict[int | _Key, int] = {}
    for side, numbers in ((BEFORE, ()), ("", sorted(kept)), (AFTER, ())):
        for number in numbers:
            at[number] = len(boxes)
            boxes.append(picture.boxes[number])
        for key in (key for key in stubs if key[0] == side and key not in same):
            at[key] = len(boxes)
            boxes.append(_stub(picture, key, beyond[key], inside=key[1] in there))
    at |= {key: at[AFTER, key[1]] for key in same}
    arrows = (_redirected(picture, arrow, at) for arrow in picture.arrows)
    kept_arrows = joined([arrow for arrow in arrows if arrow is not None], picture.words.say("or"))
    return msgspec.structs.replace(picture, boxes=tuple(boxes), arrows=tuple(kept_arrows))


def _redirected(picture: Picture, arrow: Arrow, at: dict[int | _Key, int]) -> Arrow | None:
    start, end = at.get(arrow.start), at.get(arrow.end)
    if start is None and end is None:
        return None
    if start is None:
        start = at[BEFORE, picture.boxes[arrow.start].stage]
    if end is None:
        end = at[AFTER, picture.boxes[arrow.end].stage]
    return msgspec.structs.replace(arrow, start=start, end=end)


def _beyond(picture: Picture, key: _Key, first: set[int], kept: Collection[int]) -> set[int]:
    """What lies behind a stub in its stage: all that can be reached through boxes that are not drawn."""
    side, stage = key
    onward: Callable[[Arrow], tuple[int, int]] = (
        (lambda arrow: (arrow.start, arrow.end)) if side == AFTER else (lambda arrow: (arrow.end, arrow.start))
    )
    near: dict[int, list[int]] = {}
    for arrow in picture.arrows:
        one, other = onward(arrow)
        if other not in kept and picture.boxes[other].stage == stage:
            near.setdefault(one, []).append(other)
    found, waiting = set(first), list(first)
    while waiting:
        for one in near.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _stub(picture: Picture, key: _Key, beyond: set[int], *, inside: bool) -> Box:
    """Within a stage that is drawn it says how many steps, elsewhere also of which stage."""
    _, stage = key
    boxes = [picture.boxes[number] for number in sorted(beyond)]
    on_way = any(box.on_way for box in boxes)
    if stage == OUTSIDE:
        return Box("stub", boxes[0].title, on_way=on_way)
    said = steps(picture.words, boxes, more=inside)
    if inside:
        return Box("stub", said, (), stage, on_way=on_way)
    return Box("stub", picture.stages[stage].title, (said,), OUTSIDE, on_way=on_way)
