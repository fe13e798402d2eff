"""The state of some thousand customers while they are lived through together."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from safar.engine.simulate.columns.batch import Batch, merge
from safar.engine.simulate.columns.cells import (
    ALL,
    Array,
    Cell,
    Pool,
    Pooled,
    Rows,
    Values,
    count,
    least,
    part,
    pick,
    spread,
)
from safar.engine.simulate.columns.checks import Sent
from safar.engine.simulate.columns.column import UNKNOWN, Column, differ, is_true
from safar.engine.simulate.columns.deeds import Deeds
from safar.engine.simulate.columns.history import Past
from safar.engine.simulate.columns.lines import Line, every
from safar.engine.simulate.columns.look import Look, Payload
from safar.engine.simulate.columns.marks import Counting, Marked, Point
from safar.engine.simulate.columns.own import Own
from safar.engine.simulate.columns.payloads import drawn
from safar.engine.simulate.columns.products import taken
from safar.engine.simulate.columns.sayings import Heard
from safar.engine.simulate.columns.sources import Answering
from safar.engine.simulate.columns.stamps import NEVER, Stamps, answer, following, instant
from safar.engine.simulate.columns.streams import Flow
from safar.engine.simulate.columns.tally import Tally
from safar.engine.simulate.columns.traffic import Traffic
from safar.engine.simulate.counts import Key

if TYPE_CHECKING:
    from safar.engine.simulate.columns.calendar import Zones
    from safar.engine.simulate.columns.people import Crowd
    from safar.engine.simulate.columns.plan import Plan
    from safar.engine.simulate.columns.recorder import Recorder
    from safar.engine.simulate.columns.ways import Way

MOST_STEPS = 5_000
MOST_RESTS = 100_000
"""Runs that may have gone further are lived through by the plain interpreter, which counts exactly."""


class Timed(NamedTuple):
    """Seconds from the entry to the first of a thing, whether another came after it, and to its last before."""

    start: Cell
    over: Cell
    before: Cell


class Attributes:
    """What is known of the customers, drawn when it is first asked for."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._cells: dict[str, tuple[Cell, Cell]] = {}

    def _of(self, name: str) -> tuple[Cell, Cell]:
        cells = self._cells.get(name)
        if cells is None:
            values, known = self._crowd.attribute(name)
            dtype = np.asarray(values).dtype
            cells = Cell(self._crowd.n, values, dtype), Cell(self._crowd.n, known, np.bool_)
            self._cells[name] = cells
        return cells

    def load(self, name: str, rows: Rows) -> Column:
        values, known = self._of(name)
        return Column(values.load(rows), known.load(rows))

    def store(self, name: str, rows: Rows, new: Column) -> None:
        values, known = self._of(name)
        values.store(rows, new.values)
        known.store(rows, new.known)


class Chunk:
    """`due` is what comes next from each source, `soonest` never later than the first of the loud ones.

    `came` says whether an answer to the latest visit has come, `done` which actions were done in the run.
    `mixed`: there are things of several generations.
    `reasons` say which customers the plain interpreter must live through, and why.
    """

    def __init__(
        self, plan: Plan, crowd: Crowd, pool: Pool, kept: Array | None = None, heard: Heard | None = None
    ) -> None:
        n = crowd.n
        self._kept = kept
        self.plan = plan
        self.crowd = crowd
        self.n = n
        self.tally = Tally()
        self.attributes = Attributes(crowd)
        self.personas = Cell(n, crowd.persona(), np.int64)
        self.thresholds: dict[int, Array] = {}
        self.entry, self.began, self.until = Cell(n, 0), Cell(n, 0), Cell(n, 0)
        self.due = [Pooled(n, pool) for _ in range(plan.sources)]
        self.soonest = Cell(n, NEVER)
        self.came = [Cell(n, False, np.bool_) for _ in plan.lines]
        self.reached = [Cell(n, False, np.bool_) for _ in plan.goals]
        self.arms = [Cell(n, -1, np.min_scalar_type(-1 - len(split.arms))) for split in plan.splits]
        self.done = [Cell(n, False, np.bool_) for _ in range(plan.actions)]
        self.timed = {one.key: Timed(Cell(n, NEVER), Cell(n, False, np.bool_), Cell(n, NEVER)) for one in plan.timings}
        self.flows = [Flow(n) for _ in plan.streams]
        self.visits = [Flow(n) for _ in plan.visits]
        self.traffic = Traffic(n) if plan.together else None
        self.heard: Heard = heard or {}
        self.echoed = {one.event.folded: Cell(n, 0) for one in plan.echoes}
        self.sent = {counter: Sent(n, kept) for counter, kept in plan.counters.items()}
        self.past = Past(plan.memory, n)
        self.own = Own(n)
        self.deeds = Deeds(n if plan.deeds else 0)
        self.dirty, self.courses = Cell(n, False, np.bool_), Cell(n, False, np.bool_)
        self.paid_for = Cell(n, 0)
        self.deliveries = self.occasion = 0
        self.recorder: Recorder | None = None
        self.mixed = False
        self.reasons: dict[str, Array] = {}
        self._paid: dict[object, Cell] = {}
        self._sampled = crowd.sampled and plan.world.sample.every > 0
        self._of_customer: dict[str, Cell] = {}
        self._gathered: dict[Key, tuple[Counting, Array]] = {}
        self._counted = {one: (Cell(n, False, np.bool_), test) for one, test in plan.customers.items()}
        self._payloads: dict[tuple[int | str, str], tuple[Cell, Cell]] = {}
        self._waiting: list[list[Batch]] = [[] for _ in plan.spots]
        self._turns: list[int] = []
        self._zones: Zones | None = None

    # --- who goes where

    def go(self, way: Way, batch: Batch) -> None:
        """The runs go on; what happens at the place happens when its turn comes."""
        if not batch.n:
            return
        numbers = self.tally.numbers
        numbers[way.edge] += batch.n
        numbers[way.visit] += batch.n
        if self.recorder is not None:
            self.recorder.stands(batch.rows, way.to)
        if batch.tokens:
            batch.tokens = {name: value for name, value in batch.tokens.items() if name in way.keeps}
        batch.steps += 1
        if batch.steps > MOST_STEPS or batch.rests > MOST_RESTS:
            self.step(batch.rows, "steps")
            return
        self.put(way.to, batch)

    def put(self, place: int, batch: Batch) -> None:
        if not batch.n:
            return
        waiting = self._waiting[place]
        if not waiting:
            heapq.heappush(self._turns, self.plan.turns[place])
        waiting.append(batch)

    def live(self) -> None:
        """Until nobody has anything to do: always at the first place where somebody waits for his turn."""
        plan, turns = self.plan, self._turns
        everybody = Batch(ALL, self.n, 0, {}) if self._kept is None else Batch(self._kept, len(self._kept), 0, {})
        self.tally.numbers[("customers",)] += everybody.n
        if not everybody.n:
            return
        plan.begin(self, everybody)
        while turns:
            place = plan.order[heapq.heappop(turns)]
            waiting, self._waiting[place] = self._waiting[place], []
            plan.spots[place].come(self, merge(waiting, plan.needed[place]))
        self.close(everybody.rows, None)
        for due in self.due:
            due.release()
        self._customers(everybody)
        if self._sampled:
            own = {factor: cell.load(everybody.rows) for factor, cell in self._of_customer.items()}
            taken(self.tally, plan.formulas, own, everybody.n)

    def amount(self, what: Key, rows: Rows, units: Values) -> None:
        """So much more sent, cost or brought for each of these runs."""
        if self.recorder is not None:
            self.recorder.amount(what, rows, units)
        self.spread(" ".join(what), rows, units)

    def spread(self, factor: str, rows: Rows, units: Values) -> None:
        """So much more of something for each of these customers, of which products are taken in the end."""
        if self._sampled:
            cell = self._of_customer.get(factor)
            if cell is None:
                cell = self._of_customer[factor] = Cell(self.n, 0)
            cell.store(rows, cell.load(rows) + units)

    def of_customer(self, factor: str) -> Values:
        """What the customers added to a factor that stands in a formula: of all the same, or of each."""
        cell = self._of_customer.get(factor)
        return 0 if cell is None else cell.value

    def step(self, rows: Rows, reason: str) -> None:
        """These customers are to be lived through by the plain interpreter."""
        marked = self.reasons.setdefault(reason, np.zeros(self.n, np.bool_))
        marked[rows] = True

    # --- what becomes due

    def following(self, due: Stamps, now: Stamps) -> Stamps:
        """Stamps of what becomes due from now on."""
        found = following(due, now)
        self.mixed = self.mixed or found is not due
        return found

    def expect(self, source: int, rows: Rows, due: Stamps) -> None:
        """Something loud becomes due."""
        self.due[source].store(rows, due)
        self.soonest.store(rows, least(self.soonest.load(rows), due))

    def answered(self, line: Line, look: Look, comes: Values, drawn_from: tuple[int, Array]) -> Stamps:
        """Answers that will come, drawn at a delivery of that number under their keys: when."""
        source, rows = self.plan.lines[line.column], look.batch.rows
        due = self.following(answer(comes, drawn_from[0], line.number), look.batch.now)
        if source.fields:
            for field, column in drawn(source.fields, look, drawn_from[1]).items():
                self.keep_payload(source.number, field, rows, column)
        if source.at_once:
            source.count(self, Marked(rows, look.n, due, payload=source.payload(self, rows)))
        if source.loud:
            self.expect(source.number, rows, due)
        elif source.kept and not source.handed:
            self.due[source.number].store(rows, due)
        return due

    def keep_payload(self, source: int, field: str, rows: Rows, column: Column) -> None:
        cells = self._payloads.get((source, field))
        if cells is None:
            cells = Cell(self.n, 0, np.asarray(column.values).dtype), Cell(self.n, False, np.bool_)
            self._payloads[(source, field)] = cells
        if column.known is not False:
            if not isinstance(cells[0].value, np.ndarray):
                cells[0].dtype = np.asarray(column.values).dtype
            cells[0].store(rows, column.values)
        cells[1].store(rows, column.known)

    def kept_payload(self, source: int, fields: Iterable[str], rows: Rows) -> Payload:
        found = {}
        for field in fields:
            cells = self._payloads.get((source, field))
            if cells is not None:
                found[field] = Column(cells[0].load(rows), cells[1].load(rows))
        return found

    def withdraw(self, lines: Sequence[Line], rows: Rows, now: Stamps) -> None:
        """Answers to earlier visits that have not come yet come no more."""
        for line in every(lines):
            source, due = self.plan.lines[line.column], self.due[line.column]
            self.came[line.column].store(rows, False)
            if not due.same(NEVER):
                due.store(self._came(source, rows, now), NEVER)

    # --- runs

    def leave(self, outcome: str, batch: Batch) -> None:
        self.tally.numbers[("outcome", outcome)] += batch.n
        self._ended(batch, self.plan.ended[outcome])

    def expire(self, batch: Batch) -> None:
        """The runs are followed no longer, and have not left."""
        self.tally.numbers[("unfinished",)] += batch.n
        if self.recorder is not None:
            self.recorder.unfinished(batch)
        self._ended(batch, self.plan.unfinished)
        self.plan.gone.take(self, batch)

    def _ended(self, batch: Batch, points: tuple[Point, ...]) -> None:
        self.tally.seen(batch.now)
        for point in points:
            point.mark(self, Marked(batch.rows, batch.n, batch.now))

    def happened(self, batch: Batch) -> None:
        """Something joins the history while the runs act: conditions are looked at once they rest."""
        if self.plan.watches:
            self.dirty.store(batch.rows, True)

    def did(self, number: int, look: Look) -> None:
        """The runs did something that they hear once they rest."""
        rows = look.batch.rows
        self._many(self.deeds.add(rows, number))
        for field, column in look.values.items():
            self.keep_payload(number, field, rows, column)

    def taken(self, rows: Rows) -> None:
        """The runs go elsewhere: what they have not heard yet they would hear there."""
        self._many(pick(rows, np.flatnonzero(self.deeds.any(rows))))

    def _many(self, rows: Array) -> None:
        if len(rows):
            self.step(rows, "several own deeds at once")

    def hold_out(self, batch: Batch) -> None:
        first = int(np.broadcast_to(np.equal(self.entry.load(batch.rows), 1), batch.n).sum())
        if first:
            self.tally.numbers[("held_out_customers",)] += first
        self.plan.held_out.take(self, batch)

    def begin_anew(self, rows: Rows) -> None:
        """Another run: what was the last one's is forgotten."""
        for cells, begin in ((self.came, False), (self.reached, False), (self.arms, -1), (self.done, False)):
            for cell in cells:
                cell.store(rows, begin)
        for line in self.plan.lines:
            self.due[line.number].store(rows, NEVER)
        for timed in self.timed.values():
            for cell, begin in zip(timed, (NEVER, False, NEVER), strict=True):
                cell.store(rows, begin)
        self.past.begin(rows)

    def close(self, rows: Rows, now: Stamps | None) -> None:
        """The runs are over, by now or (None) at the end: what was to be counted then."""
        for source in self.plan.lines:
            if source.late and not self.due[source.number].same(NEVER):
                self._came(source, rows, now)
        for key, (counting, units) in self._gathered.items():
            mine = units[rows] * counting.in_arms(self, rows, len(units[rows]))
            total = int(mine.sum())
            units[rows] = 0
            if key[0] == "sum":
                self.tally.sums[key[1]] += total
                counting.mean_of(self, rows, mine)
                continue
            counting.spread(self, rows, mine, *key[2:])
            if total:
                self.tally.numbers[key] += total
        for one, (went, _) in self._counted.items():
            if one.arms:
                mine = one.in_arms(self, rows, count(rows, self.n))
                went.store(rows, np.logical_or(went.load(rows), mine))

    def _came(self, source: Answering, rows: Rows, now: Stamps | None) -> Rows:
        """Count the answers that have come, if not when they were drawn; the rows of those that come or came."""
        due = spread(self.due[source.number].load(rows), count(rows, self.n))
        index = (due != NEVER).nonzero()[0]
        rows = pick(rows, index)
        if source.late and len(index):
            at = Marked(rows, len(rows), due.take(index), payload=source.payload(self, rows))
            at = at if now is None else at.some(np.flatnonzero(at.now <= part(now, index)))
            source.count(self, at)
            if self.recorder is not None:
                self.recorder.answers(source, at)
        return rows

    def _customers(self, batch: Batch) -> None:
        """Leaves that count customers, by what they are when all is over."""
        for one, (went, test) in self._counted.items():
            met: Any = self.courses.load(batch.rows) if not one.arms else went.load(batch.rows)
            if one.persona is not None:
                met = met & (self.personas.load(batch.rows) == one.persona)
            if test is not None:
                met = met & is_true(test(Look(self, batch)), batch.n)
            number = int(np.count_nonzero(np.broadcast_to(met, batch.n)))
            if number:
                self.tally.numbers[("leaf", one.key)] += number
                one.spread(self, batch.rows, met + 0)

    # --- what is known of them

    def persona(self, rows: Rows) -> Column:
        numbers = self.personas.load(rows)
        return Column(numbers, numbers >= 0)

    def zones(self, rows: Rows) -> Zones:
        """The clocks that they read: as the attribute said at the beginning."""
        if self._zones is None:
            name = self.plan.shared.zone_attribute
            self._zones = self.plan.atlas.zones(self.crowd.attribute(name) if name else None)
        return self._zones if isinstance(rows, slice) else self._zones.take(rows)

    def paid(self, key: object) -> Cell:
        return self._paid.setdefault(key, Cell(self.n, False, np.bool_))

    def set(self, attribute: str, look: Look, new: Column) -> None:
        """An attribute becomes that."""
        rows = look.batch.rows
        if self.plan.watches or attribute in self.plan.planned_by:
            changed = differ(look.attribute(attribute), new, look.n)
            self.attributes.store(attribute, rows, new)
            rows = pick(rows, np.flatnonzero(changed))
            self.dirty.store(rows, True)
            for one in self.plan.planned_by.get(attribute, ()):
                one.plan(self, rows, part(instant(look.batch.now), np.flatnonzero(changed)))
            return
        self.attributes.store(attribute, rows, new)

    def entry_payload(self, field: str, rows: Rows) -> Column:
        return self.kept_payload(-1, (field,), rows).get(field, UNKNOWN)

    def gather(self, counting: Counting, key: Key, rows: Rows, units: Values) -> None:
        """Add up by run what counts only if the run goes into some arms."""
        if key not in self._gathered:
            self._gathered[key] = counting, np.zeros(self.n, np.int64)
        self._gathered[key][1][rows] += units
