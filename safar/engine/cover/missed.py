"""Why nobody passes a part of a journey."""

from __future__ import annotations

import msgspec

from safar.engine.cover.turns import Turn, turning
from safar.engine.cover.walk import Walk
from safar.engine.moves import Branch, Place
from safar.engine.prove.arcs import Arc
from safar.engine.prove.system import System
from safar.engine.test.coverage import Part

NOBODY_FOUND = "somebody may pass it, but no customer was found whose replay does"
_BRANCHES = {"yes": "true", "no": "false"}
_WAITS = {"the time is up": "timeout", "in time": "next", "past or unknown": "passed"}


class Missed(msgspec.Struct, frozen=True):
    """A part that no sample passes, and why.  `known`: it is certain that nobody can."""

    part: Part
    reason: str
    known: bool


def reason(system: System, walk: Walk, part: Part, turn: Turn | None) -> Missed:
    """Why no sample passes a part; `turn` is the value that it is about."""
    if not walk.complete:
        return Missed(part, f"more than {walk.budget:,} combinations would have to be looked at", known=False)
    if not system.program.journey.entries:
        return Missed(part, "the journey has no `enter` line, and a scenario begins with one", known=False)
    why = _impossible(system, walk, part, turn)
    return Missed(part, why or NOBODY_FOUND, known=bool(why))


def _impossible(system: System, walk: Walk, part: Part, turn: Turn | None) -> str:
    """Why it is certain that nobody passes a part; empty where it is not."""
    if turn is not None:
        return "" if any(turning(system, walk, turn)) else "nobody comes here with this value"
    if part.kind == "interrupt":
        heard = any(arc.label == part.way for _, arc in walk.ways)
        return "" if heard else "nobody rests where it is listened for, or another takes the event before"
    came = next((place for place in system.program.places if _is_at(place, part) and walk.comes(place.id)), None)
    if came is None:
        return f"nobody comes to `{part.name}`"
    gone = [arc for at, arc in walk.ways if at == came.id]
    if (
        part.kind == "branch"
        and isinstance(came.move, Branch)
        and not any(arc.kind == _BRANCHES.get(part.way) for arc in gone)
    ):
        condition = " ".join(came.move.condition.span.text.split())
        return f"`{condition}` is {'never' if part.way == 'yes' else 'always'} true for those who come to it"
    if part.kind == "rounds":
        return "" if any(arc.kind == "done" for arc in gone) else "something always ends the loop before"
    if part.kind == "wait" and not any(_ends(arc, part) for arc in gone):
        return "something else always ends the wait before"
    return ""


def _ends(arc: Arc, part: Part) -> bool:
    """Whether a wait ends by the way that the part is."""
    return arc.kind == _WAITS[part.way] if part.way in _WAITS else arc.label == part.way


def _is_at(place: Place, part: Part) -> bool:
    if part.kind != "step":
        return place.node == part.name
    return place.step is not None and place.span.key == part.span.key
