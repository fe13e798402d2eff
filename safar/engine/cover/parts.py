"""What there is to pass in a journey, and what of it a customer's story passed."""

from __future__ import annotations

import msgspec

from safar.engine.cover.turns import ENTRY, Turn, turns
from safar.engine.expression import Literal, Value
from safar.engine.moves import Count, Place
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.promises import Scenario
from safar.engine.prove.system import System
from safar.engine.simulate.happening import Story, What
from safar.engine.simulate.words import value as in_words
from safar.engine.test.coverage import Part, Passed, coverage


class Parts:
    """All parts of a journey, in a fixed order; stories are told which of them they passed, by number."""

    def __init__(self, system: System) -> None:
        self._program: Program = system.program
        attributes = system.project.vocabulary.attributes
        self._types = {one.name: one.type for one in attributes.values()}
        self._defaults: dict[str, Value] = {one.name: one.default for one in attributes.values()}
        self._declared = {fold(one.name): one.name for one in attributes.values()}
        own = coverage(self._program, Passed(self._program.journey.name)).parts
        reachable = self._program.reachable()
        self._loops = [
            (place, place.move)
            for place in self._program.places
            if isinstance(place.move, Count) and place.id in reachable
        ]
        self.turns = turns(system, len(own) + len(self._loops))
        self.all: tuple[Part, ...] = (*own, *(_loop(*one) for one in self._loops), *map(self._turn, self.turns))

    def turn_of(self, number: int) -> Turn | None:
        """The value that a part is about."""
        first = len(self.all) - len(self.turns)
        return self.turns[number - first] if number >= first else None

    def _turn(self, one: Turn) -> Part:
        way = f"customer.{one.attribute} = {in_words(one.value, self._types[one.attribute])}"
        return Part(kind="value", name=one.node, way=way, span=one.span, covered=False)

    def passed(self, scenario: Scenario, story: Story) -> frozenset[int]:
        """The numbers of the parts that a story passed."""
        passed = Passed(self._program.journey.name)
        passed.add(story)
        own = [part.covered for part in coverage(self._program, passed).parts]
        gone = {(way.start, way.end) for run in story.runs for way in run.passages}
        loops = [(place.node, self._done(move)) in gone for place, move in self._loops]
        met = self._met(scenario, story) if self.turns else set()
        turns = [(turn.node, turn.attribute, turn.value) in met for turn in self.turns]
        return frozenset(number for number, covered in enumerate((*own, *loops, *turns)) if covered)

    def _done(self, move: Count) -> str:
        return self._program.places[self._program.resolve(move.done)].node

    def _met(self, scenario: Scenario, story: Story) -> set[tuple[str, str, Value]]:
        """At which nodes the customer was asked with which values: attributes are followed from change to change."""
        now = dict(self._defaults)
        for trait in scenario.traits:
            if isinstance(trait.value, Literal):
                now[self._declared[fold(trait.attribute)]] = trait.value.value
        watched = {turn.attribute for turn in self.turns}
        met: set[tuple[str, str, Value]] = set()
        for one in story.happenings:
            if one.what is What.SET and one.payload is not None:
                now.update(one.payload)
            elif one.what in (What.BRANCH, What.ENTERED):
                node = ENTRY if one.what is What.ENTERED else one.step
                met |= {(node, name, now[name]) for name in watched}
        return met


def _loop(place: Place, move: Count) -> Part:
    return Part(kind="rounds", name=place.node, way=f"all {move.limit} rounds", span=place.span, covered=False)


def marked(parts: tuple[Part, ...], passed: frozenset[int]) -> tuple[Part, ...]:
    """The parts, told which of them were passed."""
    return tuple(msgspec.structs.replace(part, covered=number in passed) for number, part in enumerate(parts))
