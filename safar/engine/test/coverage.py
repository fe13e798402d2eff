"""What scenarios pass of a journey: its steps, both ways of each branch, arms, ends of waits, interrupts."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safar.engine.moves import Branch, Draw, Exit, Handler, Jump, Scope, Wait
from safar.engine.program import Edge, Program
from safar.engine.simulate.happening import Story, What
from safar.engine.source import Span

_WAYS = {"timeout": "the time is up", "next": "in time", "passed": "past or unknown"}
"""Ways out of a wait that have no label of their own."""

KINDS = ("step", "branch", "arm", "wait", "interrupt")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a journey, and whether a scenario passed it.  `name` is the step's, `way` which way of it."""

    kind: str
    name: str
    way: str
    span: Span
    covered: bool


class Coverage(msgspec.Struct, frozen=True):
    """The parts of one journey, in file order."""

    journey: str
    span: Span
    parts: tuple[Part, ...]

    def count(self, kind: str = "") -> tuple[int, int]:
        """How many are passed, and how many there are; of one kind or of all."""
        own = [part for part in self.parts if kind in ("", part.kind)]
        return sum(part.covered for part in own), len(own)

    @property
    def percent(self) -> float:
        """Of all parts; a journey without parts is covered."""
        passed, every = self.count()
        return 100 * passed / every if every else 100.0


class Passed:
    """The ways that stories went in one journey; told story by story."""

    def __init__(self, journey: str) -> None:
        self._journey = journey
        self.ways: set[tuple[str, str, str]] = set()
        self.done: set[str] = set()
        self.runs = 0

    def add(self, story: Story) -> None:
        for run in story.runs:
            if run.journey == self._journey and not run.held_out:
                self.runs += 1
                self.ways.update((way.start, way.end, way.label) for way in run.passages)
        self.done.update(one.step for one in story.happenings if one.what is What.DONE and one.journey == self._journey)


def coverage(program: Program, passed: Passed) -> Coverage:
    """Each part of a journey that a customer can come to, and whether the stories passed it."""
    counted = _Counted(program, passed)
    parts = sorted(counted.parts(), key=lambda part: (part.span.start, KINDS.index(part.kind)))
    return Coverage(program.journey.name, program.journey.span, tuple(parts))


class _Counted:
    def __init__(self, program: Program, passed: Passed) -> None:
        self._program, self._passed = program, passed
        self._places = sorted(program.reachable())

    def _node(self, place: int) -> str:
        return self._program.places[place].node

    def _gone(self, edge: Edge) -> bool:
        return (self._node(edge.start), self._node(edge.end), edge.label) in self._passed.ways

    def parts(self) -> Iterator[Part]:
        yield from self._steps()
        for number in self._places:
            yield from self._ways(number)
        for scope in self._program.scopes:
            for handler in scope.handlers:
                yield self._interrupt(scope, handler)

    def _steps(self) -> Iterator[Part]:
        program = self._program
        edges = [edge for number in self._places for edge in (*program.edges(number), *program.interrupts(number))]
        came = {edge.end for edge in edges if self._gone(edge)}
        if self._passed.runs:
            came.add(program.resolve(program.start))
        for number in self._places:
            place = program.places[number]
            if place.step is not None and not isinstance(place.move, Jump):
                name = f"exit {place.move.outcome}" if isinstance(place.move, Exit) else place.node
                yield Part(kind="step", name=name, way="", span=place.span, covered=number in came)

    def _ways(self, number: int) -> Iterator[Part]:
        place = self._program.places[number]
        kinds = {Branch: "branch", Draw: "arm", Wait: "wait"}
        kind = kinds.get(type(place.move))
        edges = self._program.edges(number)
        if kind is None or len(edges) < 2:
            return
        for edge in edges:
            way = _WAYS.get(edge.kind, edge.label)
            yield Part(kind=kind, name=place.node, way=way, span=place.span, covered=self._gone(edge))

    def _interrupt(self, scope: Scope, handler: Handler) -> Part:
        if handler.to is None:
            covered = handler.node in self._passed.done
        else:
            inside = {place.node for place in self._program.places if scope in self._program.around(place.id)}
            covered = any(label == handler.label and start in inside for start, _, label in self._passed.ways)
        name = scope.name or scope.kind
        return Part(kind="interrupt", name=name, way=handler.label, span=handler.pattern.span, covered=covered)
