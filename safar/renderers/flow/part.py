"""Which part of a flow is drawn: for whom, which stages, what is around which steps, which stages closed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import msgspec

from safar.engine.moves import Deliver
from safar.engine.names import fold, nearest
from safar.engine.program import Program
from safar.renderers.flow.closing import closed
from safar.renderers.flow.cutting import around, cut
from safar.renderers.journey_map.cut import CutError, met_by, named, persona_of, stages_of
from safar.renderers.picture import Box, Picture

ALL = "all"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Empty fields ask for nothing.

    `stages` as `A..B`; `closed` the names of stages, with commas between, or `all`; `focus` the name of a step, an
    outcome, or `channel:NAME`, `owner:NAME`, `tag:NAME` for all touchpoints of that kind; `depth` in arrows.
    """

    persona: str = ""
    stages: str = ""
    closed: str = ""
    focus: str = ""
    depth: int = 2


WHOLE = Part()


def part_of(program: Program, picture: Picture, part: Part) -> Picture:
    """The picture of a part.  Raises `CutError` for a persona, stage or step that is not there."""
    if part.persona:
        picture = _met(program, picture, persona_of(program, part.persona))
    if part.stages:
        picture = _of_stages(program, picture, part.stages)
    if part.closed:
        picture = closed(picture, _numbers(program, part.closed))
    if part.focus:
        picture = cut(picture, around(picture, _found(program, picture, part.focus), part.depth))
    return picture


def _met(program: Program, picture: Picture, persona: str) -> Picture:
    """Without what a condition on the persona keeps from it."""
    met = met_by(program, persona)
    met |= {program.resolve(place) for place in met}
    boxes = [n for n, box in enumerate(picture.boxes) if box.meaning.place is None or box.meaning.place.id in met]
    at = {old: new for new, old in enumerate(boxes)}
    arrows = [
        msgspec.structs.replace(arrow, start=at[arrow.start], end=at[arrow.end])
        for arrow in picture.arrows
        if arrow.start in at and arrow.end in at
    ]
    return _reached(msgspec.structs.replace(picture, boxes=tuple(picture.boxes[n] for n in boxes), arrows=arrows))


def _reached(picture: Picture) -> Picture:
    """Without outcomes to which nothing leads."""
    ends = {arrow.end for arrow in picture.arrows}
    kept = [n for n, box in enumerate(picture.boxes) if box.family != "end" or n in ends]
    at = {old: new for new, old in enumerate(kept)}
    arrows = (msgspec.structs.replace(one, start=at[one.start], end=at[one.end]) for one in picture.arrows)
    return msgspec.structs.replace(picture, boxes=tuple(picture.boxes[n] for n in kept), arrows=tuple(arrows))


def _of_stages(program: Program, picture: Picture, wanted: str) -> Picture:
    stages = program.journey.stages
    numbers = [stages.index(stage) for stage in stages_of(program, wanted)]
    kept = {number for number, box in enumerate(picture.boxes) if box.stage in numbers}
    for arrow in picture.arrows:
        if arrow.start in kept and picture.boxes[arrow.end].family == "end":
            kept.add(arrow.end)
        if arrow.end in kept and picture.boxes[arrow.start].family in ("start", "interrupt"):
            kept.add(arrow.start)
    return cut(picture, kept)


def _numbers(program: Program, wanted: str) -> set[int]:
    names = [stage.name for stage in program.journey.stages]
    if fold(wanted) == ALL and ALL not in map(fold, names):
        return set(range(len(names)))
    return {names.index(named(name, names, "stage")) for name in wanted.split(",") if name.strip()}


# --- what is meant by a step


def _found(program: Program, picture: Picture, wanted: str) -> Collection[int]:
    kind, colon, name = wanted.partition(":")
    if colon and (of := _SELECTORS.get(fold(kind.strip()))) is not None:
        found = [n for n, box in enumerate(picture.boxes) if fold(name.strip()) in map(fold, of(program, box))]
        if not found:
            there = {one for box in picture.boxes for one in of(program, box) if one}
            named(name, sorted(there), kind.strip())
        return found
    names: dict[str, int] = {}
    for number, box in enumerate(picture.boxes):
        for one in _names(box):
            names.setdefault(fold(one), number)
    if (found_at := names.get(fold(wanted.strip()))) is not None:
        return [found_at]
    near = nearest(wanted, names)
    said = f"did you mean `{near}`?" if near else "`safar draw` shows them all, `safar simulate --json` lists them"
    raise CutError(f"no step `{wanted}`; {said}")


def _names(box: Box) -> Iterator[str]:
    """What a step is called: by its writer, in outputs, by its touchpoint's name; an outcome by its own."""
    meaning = box.meaning
    if meaning.place is not None:
        yield from (name for name in (meaning.place.name, meaning.place.node) if name)
        if isinstance(meaning.place.move, Deliver):
            yield meaning.place.move.touchpoint.name
    elif meaning.outcome:
        yield from (f"exit:{meaning.outcome}", meaning.outcome)


def _channel(_program: Program, box: Box) -> tuple[str, ...]:
    move = box.meaning.place.move if box.meaning.place is not None else None
    contact = move.touchpoint.contact if isinstance(move, Deliver) else None
    return (contact.channel,) if contact is not None else ()


def _owner(program: Program, box: Box) -> tuple[str, ...]:
    move = box.meaning.place.move if box.meaning.place is not None else None
    if not isinstance(move, Deliver):
        return ()
    stage = program.journey.stages[box.stage]
    return (move.touchpoint.owner or stage.owner or program.journey.owner,)


def _tag(_program: Program, box: Box) -> tuple[str, ...]:
    move = box.meaning.place.move if box.meaning.place is not None else None
    return move.touchpoint.tags if isinstance(move, Deliver) else ()


_SELECTORS: dict[str, Callable[[Program, Box], tuple[str, ...]]] = {"channel": _channel, "owner": _owner, "tag": _tag}
