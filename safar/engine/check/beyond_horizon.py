"""Steps that nobody comes to before the journey's horizon."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from safar.engine import spelling
from safar.engine.check.subject import Subject, first_line
from safar.engine.diagnostic import Diagnostic, Rule
from safar.engine.program import Program

RULE = Rule("beyond-horizon", "SF113")


def find(subject: Subject) -> Iterator[Diagnostic]:
    for program in subject.whole():
        horizon = program.journey.horizon
        late = {place: at for place, at in _soonest(program).items() if at > horizon}
        steps = [program.places[place] for place in sorted(late) if program.places[place].step is not None]
        if steps and horizon > 0:
            first = min(steps, key=lambda place: (late[place.id], place.id))
            at = spelling.duration(late[first.id])
            yield RULE.at(
                first_line(first.span),
                f"nobody comes here before the horizon of {spelling.duration(horizon)}",
                label=f"{at} after the entry at the soonest",
                help=f"wait less, or set `horizon` to more than {at}",
            )


def _soonest(program: Program) -> dict[int, int]:
    """The least number of seconds from the entry to every place."""
    found: dict[int, int] = {}
    todo = [(0, program.start)]
    while todo:
        at, place = heapq.heappop(todo)
        if place not in found:
            found[place] = at
            for edge in (*program.ways(place), *program.interrupts(place)):
                heapq.heappush(todo, (at + edge.low, edge.end))
    return found
