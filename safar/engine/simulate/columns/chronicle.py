"""An engine that also tells what happened to each customer and what came of each run, in the order of the customers."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import itemgetter

import msgspec

from safar.engine.simulate.columns.cells import Array, spread
from safar.engine.simulate.columns.chunk import Chunk
from safar.engine.simulate.columns.engine import SCRIPTED, Engine, Plain, is_drawn
from safar.engine.simulate.columns.joined import joined
from safar.engine.simulate.columns.people import Crowd
from safar.engine.simulate.columns.recorder import Recorder
from safar.engine.simulate.columns.runs import Runs
from safar.engine.simulate.columns.sayings import Heard
from safar.engine.simulate.columns.stories import Stories
from safar.engine.simulate.columns.teller import Teller
from safar.engine.simulate.fold import Record
from safar.engine.simulate.happening import Happening, Story
from safar.engine.simulate.ledger import Reckoning
from safar.engine.simulate.plain import live
from safar.engine.simulate.world import Customer, World

BLOCK = 2_048
"""Customers whose happenings are kept until they are told."""

Turn = tuple[int, Callable[[], object]]
"""A customer's place among those of a block, and what tells of him."""


class Told(msgspec.Struct, frozen=True):
    """Who is told: `record` of each run, as a `Ledger` is, `trace` of all happenings of each customer."""

    record: Record | None = None
    trace: Callable[[Sequence[Happening]], object] | None = None


class Chronicle(Engine):
    """`plain` tells by itself of those whom it lives."""

    def __init__(self, world: World, plain: Plain, told: Told) -> None:
        super().__init__(world, plain, BLOCK, recorded=True)
        self._world, self._told = world, told
        self._tellers = [Teller(plan, words=world.words) for plan in self._plans]

    def _chunk(self, number: int, crowd: Crowd, kept: Array | None, heard: Heard) -> Chunk:
        chunk = super()._chunk(number, crowd, kept, heard)
        chunk.recorder = Recorder(self._tellers[number], chunk)
        return chunk

    def generated(self, first: int, last: int, done: Callable[[int], None]) -> None:
        for begin in range(first, last + 1, BLOCK):
            end = min(begin + BLOCK - 1, last)
            crowds = [*self._crowds(begin, end)]
            _tell([self._turns(crowd, crowd.places) for crowd in crowds])
            done(end - first + 1)
        self._flush()

    def given(self, customers: Iterable[Customer], done: Callable[[int], None]) -> None:
        coming, number = iter(customers), 0
        while block := list(islice(coming, BLOCK)):
            drawn = [place for place, one in enumerate(block) if is_drawn(one)]
            crowd = self._people.given([block[place] for place in drawn]) if drawn else None
            _tell([self._scripted(block), *([self._turns(crowd, drawn)] if crowd is not None else [])])
            number += len(block)
            done(number)
        self._flush()

    def _scripted(self, block: list[Customer]) -> Iterator[Turn]:
        for place, one in enumerate(block):
            if not is_drawn(one):
                yield place, partial(self._step, one, SCRIPTED)

    def _turns(self, crowd: Crowd, places: Sequence[int]) -> Iterator[Turn]:
        stepped, recorders = self._followed(crowd)
        for recorder in recorders:
            recorder.chunk.recorder = None  # no circle, so that both are given up at once
        tell = _Crowd(self._world, self._told, crowd, recorders).tell if recorders else None
        for row, place in enumerate(places):
            if tell is None or row in stepped:
                yield place, partial(self._step, crowd.customer(row), stepped[row])
            else:
                yield place, partial(tell, row)


def _tell(turns: list[Iterator[Turn]]) -> None:
    for _, tell in heapq.merge(*turns, key=itemgetter(0)):
        tell()


class _Crowd:
    """Customers of whom is told."""

    def __init__(self, world: World, told: Told, crowd: Crowd, recorders: list[Recorder]) -> None:
        self._world, self._told, self._crowd = world, told, crowd
        self._stories = [Stories(one) for one in recorders] if told.trace is not None else []
        self._runs = [Runs(one) for one in recorders] if told.record is not None else []
        self._names = crowd.names
        personas = (*recorders[0].teller.plan.persona_names, None)
        self._personas = [personas[number] for number in spread(crowd.persona(), crowd.n).tolist()]

    def tell(self, row: int) -> None:
        if self._told.record is not None:
            story = Story(customer=self._names[row], persona=self._personas[row], happenings=(), runs=(), attributes={})
            runs = [one for journey in self._runs for one in journey.of_row(row)]
            for run, reckoning in runs:
                self._told.record(story, run, reckoning)
            if not runs:
                self._told.record(story, None, Reckoning())
        if self._told.trace is not None:
            happenings = joined([one.of_row(row) for one in self._stories])
            if happenings is None:
                happenings = live(self._world, self._crowd.customer(row)).happenings
            self._told.trace(happenings)
