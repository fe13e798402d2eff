"""Why something did not happen: it was not sent, or the way to it was left, and where."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.claims.judge import Told
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate.happening import Happening, Run, What

_DECISIONS = (What.BRANCH, What.ARM, What.WOKEN, What.INTERRUPTED)
_EXIT = "exit:"


class Reason(msgspec.Struct, frozen=True):
    """A sentence, and the happening (`n`) that it is about; 0 where it is about none."""

    text: str
    about: int = 0


def why_not(program: Program, told: Told, wanted: str) -> Iterator[Reason]:
    """Why a touchpoint, a step, or an exit (`exit:NAME`) did not come; none if it is neither."""
    places = _places(program, wanted)
    if not places:
        return
    said = wanted.removeprefix(_EXIT)
    refused = [one for one in told.happenings if one.what is What.SUPPRESSED and _is(one, wanted)]
    for one in refused[-1:]:
        yield Reason(f"`{said}` was not sent {told.when(one.at)}, because of its {_checked(one)}", one.n)
    if not refused and told.runs:
        yield from _left(program, told, places, said)


def _is(one: Happening, wanted: str) -> bool:
    return fold(wanted) in (fold(one.step), fold(one.touchpoint))


def _checked(one: Happening) -> str:
    words = {"quiet": "quiet hours", "closed": "closed days", "held": "longest hold"}
    return f"{words.get(one.detail, one.detail)}: {one.why}"


def _places(program: Program, wanted: str) -> set[int]:
    folded = fold(wanted)
    found = set()
    for place in program.places:
        names = {fold(place.node)}
        if isinstance(place.move, Deliver):
            names.add(fold(place.move.touchpoint.name))
        if folded in names:
            found.add(place.id)
    return found


def _left(program: Program, told: Told, places: set[int], wanted: str) -> Iterator[Reason]:
    """Where the last run took the way from which the place cannot be reached any more."""
    run = told.runs[-1]
    if places & {place.id for place in program.places if place.node in run.visits}:
        return
    by_node: dict[str, list[int]] = {}
    for place in program.places:
        by_node.setdefault(place.node, []).append(place.id)
    ahead = {node: _leads(program, by_node.get(node, []), places) for node in dict.fromkeys(run.visits)}
    last = max((number for number, node in enumerate(run.visits) if ahead[node]), default=None)
    if last is None:
        yield Reason(f"no way leads to `{wanted}` from where the run begins")
        return
    node = run.visits[last]
    if last + 1 == len(run.visits):
        yield Reason(f"the run was still at `{node}`, on the way to `{wanted}`")
        return
    decision = _decision(told, run, node)
    said = f", {told.when(decision.at)}: {_why(decision)}" if decision is not None else ""
    yield Reason(f"the way to `{wanted}` was left at `{node}`{said}", decision.n if decision is not None else 0)


def _leads(program: Program, starts: list[int], places: set[int]) -> bool:
    return any(program.passed(start) & places for start in starts)


def _decision(told: Told, run: Run, node: str) -> Happening | None:
    own = [
        one
        for one in told.happenings
        if one.what in _DECISIONS and one.step == node and (one.journey, one.entry) == (run.journey, run.entry)
    ]
    return own[-1] if own else None


def _why(one: Happening) -> str:
    match one.what:
        case What.BRANCH:
            return ("yes, " if one.detail == "true" else "no, ") + one.why
        case What.ARM:
            return f"the arm is `{one.detail}`" if one.detail else one.why
        case What.INTERRUPTED:
            return f"`{one.detail}`"
        case _:
            return one.why
