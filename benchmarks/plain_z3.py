"""The questions of rules put to z3 plainly: one formula per rule over all places of a journey, nothing tuned.

A model is a run that breaks the rule; without one the rule is proved.  It is a yardstick for times and a second opinion
for verdicts, no part of Safar: it knows journeys without loops, caps, quiet hours and re-entry, and says so of others
(`UnsupportedError`).

    z3_refutes(program, claim, seconds=60)      # True: broken, False: proved, None: the time is up
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from benchmarks.plain_z3_runs import DAY, WEEK, Runs, Sent, UnsupportedError
from safar.engine.moves import Exit, Wait
from safar.engine.names import fold
from safar.engine.program import Edge, Program
from safar.engine.promises import (
    Apart,
    AtMost,
    Claim,
    Deed,
    Ends,
    Follows,
    Never,
    NotBefore,
    NotInStage,
    OffHours,
    OnlyIf,
    Reachable,
)

Z3 = Any  # z3 has no types

_LAST = 1 << 20
"""An event in a rest comes after everything that is done at the place."""


def z3_refutes(program: Program, claim: Claim, seconds: float = 60) -> bool | None:
    """Whether a run breaks a claim (of `Reachable`: whether a persona cannot come there); None: not known in time."""
    if isinstance(claim, Reachable):
        found = [_solve(program, claim, seconds, persona) for persona in program.project.vocabulary.personas]
        return None if None in found else False in found
    return _solve(program, claim, seconds, "")


def _solve(program: Program, claim: Claim, seconds: float, persona: str) -> bool | None:
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    runs = Runs(program)
    solver.add(*runs.constraints())
    if persona:
        solver.add(runs.persona == [*program.project.vocabulary.personas].index(persona))
    rules = Rules(runs)
    solver.add(rules.broken(claim), *rules.events)
    found = solver.check()
    return None if found == z3.unknown else bool(found == z3.sat)


class Rules:
    """What breaks rules in the runs of a journey; `events` says when what a rule speaks of can happen by itself."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self.events: list[Z3] = []

    def broken(self, claim: Claim) -> Z3:
        """That a run breaks a claim; of `Reachable`, that it comes there."""
        match claim:
            case OnlyIf(deed=deed, condition=condition):
                return z3.Or(
                    *(z3.And(s.happens, z3.Not(self._runs.true(condition, s.place))) for s in self._told(deed))
                )
            case NotInStage(deed=deed, stage=stage):
                own = [s for s in self._told(deed) if fold(self._runs.program.places[s.place].stage) == fold(stage)]
                return z3.Or(*(s.happens for s in own))
            case NotBefore(deed=deed, other=other):
                return self._too_early(deed, other)
            case OffHours(deed=deed, start=start, end=end):
                return z3.Or(*(z3.And(s.happens, self._is_between(s.at, start, end)) for s in self._told(deed)))
            case Apart(deed=deed, other=other):
                pairs = [(a, b) for a in self._told(deed) for b in self._told(other, after=True) if a.order != b.order]
                return z3.Or(*(z3.And(a.happens, b.happens, self._is_near(a.at, b.at, claim.within)) for a, b in pairs))
            case AtMost():
                return self._too_many(claim)
            case Follows():
                return self._missing(claim)
            case Ends(within=within):
                exits = [p for p in self._runs.places if isinstance(self._runs.program.places[p].move, Exit)]
                return z3.Or(*(z3.And(self._runs.passed[place], self._runs.at[place] > within) for place in exits))
            case Reachable():
                return self._comes(claim)
            case Never(deed=deed) if type(claim) is Never:
                return z3.Or(*(s.happens for s in self._told(deed)))
        raise UnsupportedError(f"a rule like {type(claim).__name__}")

    def _too_early(self, deed: Deed, other: Deed) -> Z3:
        others = self._told(other)
        before = [(s, [o.happens for o in others if o.order < s.order]) for s in self._told(deed)]
        return z3.Or(*(z3.And(s.happens, z3.Not(z3.Or(*earlier))) for s, earlier in before))

    def _too_many(self, claim: AtMost) -> Z3:
        sent = self._told(claim.deed)
        if claim.per in ("", "run", "customer"):
            return z3.PbGe([(one.happens, 1) for one in sent], claim.count + 1) if sent else z3.BoolVal(False)
        windows = [[(z3.And(one.happens, self._in_one(claim, first.at, one.at)), 1) for one in sent] for first in sent]
        return z3.Or(*(z3.And(f.happens, z3.PbGe(own, claim.count + 1)) for f, own in zip(sent, windows, strict=True)))

    def _in_one(self, claim: AtMost, first: Z3, at: Z3) -> Z3:
        """Whether what happens is in the stretch that begins with the first, or on its day or week."""
        if claim.window is not None:
            return z3.And(at >= first, at - first < claim.window)
        return z3.And(at >= first, self._stretch(at, claim.per) == self._stretch(first, claim.per))

    def _missing(self, claim: Follows) -> Z3:
        effects = self._told(claim.effect)
        causes = self._told(claim.cause)
        return z3.Or(*(z3.And(c.happens, *(z3.Not(_follows(c, one, claim.within)) for one in effects)) for c in causes))

    def _comes(self, claim: Reachable) -> Z3:
        name, places = fold(claim.name), self._runs.program.places
        if claim.kind == "touchpoint":
            return z3.Or(*(s.happens for s in self._told(Deed(span=claim.span, kind="touchpoint", name=claim.name))))
        match claim.kind:
            case "stage":
                found = [p for p in self._runs.places if fold(places[p].stage) == name]
            case "outcome":
                moves = {p: places[p].move for p in self._runs.places}
                found = [p for p, move in moves.items() if isinstance(move, Exit) and fold(move.outcome) == name]
            case "step" | "split":
                found = [p for p in self._runs.places if fold(places[p].node) == name]
            case _:
                raise UnsupportedError(f"a rule about a {claim.kind}")
        return z3.Or(*(self._runs.passed[p] for p in found))

    # --- clocks

    def _stretch(self, at: Z3, per: str) -> Z3:
        """Which day or week it is, counted from the Monday before the entry."""
        return (self._runs.began + at) / (DAY if per == "day" else WEEK)

    def _is_between(self, at: Z3, start: int, end: int) -> Z3:
        time = (self._runs.began + at) % DAY
        return z3.And(time >= start, time < end) if start < end else z3.Or(time >= start, time < end)

    def _is_near(self, one: Z3, other: Z3, within: int | None) -> Z3:
        if within is None:
            return self._stretch(one, "day") == self._stretch(other, "day")
        return z3.And(one - other < within, other - one < within)

    # --- events

    def _told(self, deed: Deed, *, after: bool = False) -> list[Sent]:
        """Where a deed may happen; of an event inside the run, and `after` it has left."""
        if deed.kind == "entry":
            return [Sent(-1, (-1, 0), z3.BoolVal(True), z3.IntVal(0))]
        if deed.kind != "event":
            return self._runs.sent(deed)
        if deed.answers:
            raise UnsupportedError("a rule about an answer")
        found = [*self._taken(deed), *self._by_itself(deed)]
        return [*found, *self._afterwards()] if after else found

    def _taken(self, deed: Deed) -> Iterator[Sent]:
        """Where an event takes the run on."""
        runs = self._runs
        for taken, (edge, handler) in zip(runs.taken, runs.edges, strict=True):
            if handler is None and edge.kind != "pattern":
                continue
            heard = [one.form for one in runs.heard(edge) if one.form is not None]
            if any(form.name == deed.name for form in heard):
                sure = all(form.name == deed.name and deed.where in (None, form.where) for form in heard)
                happens = taken if sure else z3.And(taken, z3.FreshBool())
                yield Sent(edge.start, (runs.rank[edge.start], _LAST), happens, runs.at[edge.end])

    def _by_itself(self, deed: Deed) -> Iterator[Sent]:
        """Where an event comes while the run rests, and leaves it there."""
        runs = self._runs
        for place in runs.places:
            if isinstance(runs.program.places[place].move, Wait) and self._is_left(deed, place):
                happens, at = z3.FreshBool(), z3.FreshInt()
                ways = [
                    (taken, edge)
                    for taken, (edge, _) in zip(runs.taken, runs.edges, strict=True)
                    if edge.start == place
                ]
                self.events.append(z3.Implies(happens, z3.And(runs.passed[place], at >= runs.at[place])))
                for taken, edge in ways:
                    self.events.append(
                        z3.Implies(z3.And(happens, taken), z3.And(at <= runs.at[edge.end], *self._sets(deed, edge)))
                    )
                yield Sent(place, (runs.rank[place], _LAST), happens, at)

    def _is_left(self, deed: Deed, place: int) -> bool:
        """Whether such an event can come without anybody at the place taking it."""
        asked = [one for edge, _ in self._runs.edges if edge.start == place for one in self._runs.heard(edge)]
        for one in asked:
            if one.form is None or one.form.name != deed.name:
                continue
            if one.form.where is None and one.condition is None:
                return False
            if one.condition is not None or (deed.where is not None and deed.where != one.form.where):
                raise UnsupportedError("an event that is taken or not")
            if deed.where is not None:
                return False
        return True

    def _sets(self, deed: Deed, edge: Edge) -> Iterator[Z3]:
        """What an event that leaves the run where it is does to attributes: growing ones have grown at least so far."""
        runs = self._runs
        for assign in runs.program.project.vocabulary.events[deed.name].then_set:
            name = fold(assign.attribute)
            if runs.program.project.vocabulary.attributes[assign.attribute].change != "growing":
                raise UnsupportedError("an event that sets what may change")
            if name in runs.values[edge.start]:
                grown = runs.term(assign.value, edge.start)
                yield z3.Implies(grown.known, runs.values[edge.end][name].value >= grown.value)

    def _afterwards(self) -> Iterator[Sent]:
        """After the run has left an event may come at any time."""
        runs = self._runs
        for place in runs.places:
            if isinstance(runs.program.places[place].move, Exit):
                happens, at = z3.FreshBool(), z3.FreshInt()
                self.events.append(z3.Implies(happens, z3.And(runs.passed[place], at >= runs.at[place])))
                yield Sent(place, (runs.rank[place], _LAST), happens, at)


def _follows(cause: Sent, effect: Sent, within: int) -> Z3:
    return z3.And(effect.happens, effect.at >= cause.at, effect.at - cause.at <= within)


__all__ = ["UnsupportedError", "z3_refutes"]
