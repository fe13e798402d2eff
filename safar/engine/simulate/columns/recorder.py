"""What happens to the customers of a chunk, noted by whole batches while they are lived through together.

Nobody is followed for it: a note says what happened to which rows and when, and keeps the columns of which its words
are made.  `stories.py` puts the notes of each row in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from safar.engine import spelling
from safar.engine.expression import Heard, Value
from safar.engine.moves import Deliver, Draw, Exit
from safar.engine.simulate import phrases
from safar.engine.simulate.clock import Zone
from safar.engine.simulate.columns.arrivals import Arrivals
from safar.engine.simulate.columns.cells import Array, Cell, Rows, Values, numbers, part, spread
from safar.engine.simulate.columns.column import Column
from safar.engine.simulate.columns.echoes import Echo
from safar.engine.simulate.columns.listening import Origin, parted
from safar.engine.simulate.columns.look import Look, Payload
from safar.engine.simulate.columns.notes import ANOTHER, EVENT, LAST, NONE, Note, Part, Why
from safar.engine.simulate.columns.stamps import instant
from safar.engine.simulate.columns.teller import Teller
from safar.engine.simulate.columns.teller import part as read
from safar.engine.simulate.happening import What

if TYPE_CHECKING:
    from safar.engine.simulate.columns.batch import Batch
    from safar.engine.simulate.columns.checks import Check
    from safar.engine.simulate.columns.chunk import Chunk
    from safar.engine.simulate.columns.effects import Action, Setting, Telling
    from safar.engine.simulate.columns.entries import Entrance
    from safar.engine.simulate.columns.goals import GoalPlan
    from safar.engine.simulate.columns.marks import Marked
    from safar.engine.simulate.columns.meeting import Meeting
    from safar.engine.simulate.columns.resting import Resting
    from safar.engine.simulate.columns.rounds import Rounds
    from safar.engine.simulate.columns.sources import Answering
    from safar.engine.simulate.columns.spots import Branching, Drawing, Leaving
    from safar.engine.simulate.columns.streams import Stream
    from safar.engine.simulate.columns.waits import Waiting
    from safar.engine.simulate.columns.ways import Way

    Bringing = Answering | Stream | Arrivals | Echo


class Recorder:
    """The notes of one chunk, in the order in which those of each row were made.

    `amounts` are figures by name and currency: of which rows and entries, and how much.
    """

    def __init__(self, teller: Teller, chunk: Chunk) -> None:
        self.teller = teller
        self.notes: list[Note] = []
        self.amounts: list[tuple[tuple[str, str], Array, Values, Values]] = []
        self.chunk = chunk
        self._place = Cell(chunk.n, -1)

    def _note(self, what: What, batch: Batch | Marked, **rest: Any) -> None:
        now = batch.now
        if isinstance(now, np.ndarray) and isinstance(batch.rows, slice):
            now = now.copy()  # it may be a borrowed column, which is given back
        self.notes.append(Note(what=what, rows=numbers(batch.rows, self.chunk.n), now=now, **rest))

    def _run(self, what: What, batch: Batch, **rest: Any) -> None:
        """It happens in the run."""
        self._note(what, batch, entry=self.chunk.entry.load(batch.rows), **rest)

    # --- where runs are

    def stands(self, rows: Rows, place: int) -> None:
        """The runs come to that place."""
        self._place.store(rows, place)

    def _node(self, rows: Rows) -> str | Array:
        place = self._place.load(rows)
        if isinstance(place, np.ndarray):
            return place
        return self.teller.nodes[place] if place >= 0 else ""

    def amount(self, what: tuple[str, ...], rows: Rows, units: Values) -> None:
        """So much more of a figure for each of these runs."""
        name, currency = (*what, "")[:2]
        which = numbers(rows, self.chunk.n)
        self.amounts.append(((name, currency), which, self.chunk.entry.load(rows), units))

    # --- steps

    def branch(self, place: Branching, look: Look, met: Any) -> None:
        teller, condition = self.teller, place.condition

        def why(zone: Zone, at: int, values: Sequence[Value]) -> str:
            return teller.say(condition, values)

        for mine, word in zip(parted(look, met), ("true", "false"), strict=True):
            if mine is not None:
                parts = teller.because(condition, mine)
                step = teller.nodes[place.number]
                self._run(What.BRANCH, mine.batch, step=step, detail=word, parts=parts, why=why)

    def arm(self, place: Drawing, batch: Batch, arm: int) -> None:
        written = self.teller.places[place.number]
        assert isinstance(written.move, Draw)
        taken = written.move.arms[arm]
        why = f"{spelling.percent(taken.share)} {taken.name}"
        self._run(What.ARM, batch, step=written.node, detail=taken.name, split=written.move.split, why=why)

    def exit(self, place: Leaving, batch: Batch) -> None:
        written = self.teller.places[place.number]
        assert isinstance(written.move, Exit)
        self._run(What.EXIT, batch, step=written.node, detail=written.move.outcome, why=written.move.why)
        self._place.store(batch.rows, -1)

    def unfinished(self, batch: Batch) -> None:
        self._run(What.UNFINISHED, batch, step=self._node(batch.rows))
        self._place.store(batch.rows, -1)

    # --- waits

    def waiting(self, place: Waiting, batch: Batch, until: Values) -> None:
        hoped = self.teller.hoped[place.number]

        def why(zone: Zone, at: int, values: Sequence[Value]) -> str:
            return phrases.waiting(hoped, _whole(values[0]), zone)

        step = self.teller.nodes[place.number]
        self._run(What.WAITING, batch, step=step, parts=[Part(Column(until))], why=why)

    def between(self, place: Rounds, batch: Batch, until: Values, begun: Values) -> None:
        """A wait for the next round, of which so many have begun."""

        def why(zone: Zone, at: int, values: Sequence[Value]) -> str:
            return phrases.between_rounds(_whole(values[1]) + 1, place.limit, _whole(values[0]), zone)

        parts = [Part(Column(until)), Part(Column(begun))]
        self._run(What.WAITING, batch, step=self.teller.nodes[place.number], parts=parts, why=why)

    def until(self, place: Waiting, batch: Batch, ends: Column) -> None:
        """A wait until an instant that may be unknown, past, or now."""
        values, known = np.broadcast_to(ends.values, batch.n), np.broadcast_to(ends.known, batch.n)
        now, step = instant(batch.now), self.teller.nodes[place.number]
        kinds = [(~known, "passed", "unknown"), (known & (values < now), "passed", "past")]
        for met, detail, why in (*kinds, (known & (values == now), "time", "now")):
            index = np.flatnonzero(met)
            if len(index):
                self._run(What.WOKEN, batch.some(index), step=step, detail=detail, why=why)
        index = np.flatnonzero(known & (values > now))
        if len(index):
            self.waiting(place, batch.some(index), values.take(index))

    def raced(self, place: Waiting, batch: Batch, answered: tuple[Array, Values], by: tuple[Answering, Way]) -> None:
        """A wait for one answer: which of the runs it ends the wait of, and when it comes; it may have come already."""
        index, due = answered[0], spread(answered[1], len(answered[0]))
        came = due <= part(batch.now, index)
        waits = np.ones(batch.n, np.bool_)
        waits[index[came]] = False
        if came.any():
            self.taken(by[1], batch.some(index[came]), already=True)
        if waits.any():
            waiting = batch.some(np.flatnonzero(waits))
            self.waiting(place, waiting, instant(waiting.now) + place.seconds)
        if not came.all():
            self.taken(by[1], batch.some(index[~came], due[~came]), by[0])

    def time_up(self, place: Resting, batch: Batch) -> None:
        step = self.teller.nodes[place.number]
        self._run(What.WOKEN, batch, step=step, detail="time", why=phrases.TIME_IS_UP)

    def taken(self, way: Way, batch: Batch, origin: Origin | None = None, *, already: bool = False) -> None:
        """Runs are taken from where they rest: by something that happens, or by a condition."""
        event = None
        if origin is not None and origin.name[0] is Heard.EVENT:
            event = self.teller.plan.shared.events[origin.name[1]].name
        why = phrases.already(way.label) if already else way.label
        self._run(way.what, batch, step=way.edge[1], detail=way.label, why=why, event=event)

    # --- messages

    def delivered(self, place: Meeting, batch: Batch, arrived: Values | None) -> None:
        written, channel = self.teller.places[place.number], place.refusals.channel
        assert isinstance(written.move, Deliver)

        def passed(zone: Zone, at: int, values: Sequence[Value]) -> str:
            return phrases.passed(channel, _whole(values[0]), at, zone)

        why: str | Why = passed if place.checks else ""
        self._run(
            What.DELIVERED,
            batch,
            step=written.node,
            detail=channel,
            touchpoint=place.refusals.touchpoint,
            history=ANOTHER,
            why=phrases.TRANSACTIONAL if written.move.touchpoint.transactional else why,
            parts=[Part(Column(instant(batch.now) if arrived is None else arrived))],
        )

    def suppressed(self, place: Meeting, batch: Batch, check: Check, arrived: Values = None) -> None:
        """By a check; with `arrived` because they are held since then."""
        teller, held = self.teller, arrived is not None

        def why(zone: Zone, at: int, values: Sequence[Value]) -> str:
            refused = check.why(teller.say(check.may, values[1:]), zone, at)
            return phrases.held_too_long(_whole(values[0]), refused, zone) if held else refused

        said = Part(Column(arrived if held else 0)), why
        self._refused(What.SUPPRESSED, place, batch, (check, "held" if held else check.reason), *said)

    def held(self, place: Meeting, batch: Batch, check: Check, until: Values) -> None:
        teller = self.teller

        def why(zone: Zone, at: int, values: Sequence[Value]) -> str:
            return phrases.held(check.why(teller.say(check.may, values[1:]), zone, at), _whole(values[0]), zone)

        self._refused(What.HELD, place, batch, (check, check.reason), Part(Column(until)), why)

    def _refused(
        self, what: What, place: Meeting, batch: Batch, by: tuple[Check, str], instants: Part, why: Why
    ) -> None:
        check, detail = by
        parts = [instants, *self.teller.because(check.may, Look(self.chunk, batch, place.stage))]
        step, touchpoint = self.teller.nodes[place.number], place.refusals.touchpoint
        self._run(what, batch, step=step, detail=detail, touchpoint=touchpoint, parts=parts, why=why)

    # --- what takes no time

    def told(self, telling: Telling, look: Look) -> None:
        self._run(What.DONE, look.batch, step=telling.node, detail=telling.detail, why=telling.why)

    def done(self, action: Action, look: Look) -> None:
        hides = self.teller.hides
        payload = {
            name: Part(None) if hides(name, action.word, value) else read(value, look)
            for name, value in action.arguments
        }
        step, detail = action.node, action.word
        self._run(What.DONE, look.batch, step=step, detail=detail, payload=payload or None, history=ANOTHER)

    def set(self, setting: Setting, look: Look) -> None:
        attribute = setting.attribute
        parts = [Part(look.attribute(attribute.name), attribute.type.base), read(setting.value, look)]
        rest = {"detail": attribute.name, "parts": parts, "shown": setting.shown, "why": setting.why}
        if look.place_stage is None:
            self._note(What.SET, look.batch, of_journey=False, **rest)
        else:
            self._run(What.SET, look.batch, step=setting.node, **rest)

    def goal(self, goal: GoalPlan, look: Look, first: Rows, of: tuple[bool, bool]) -> None:
        """Runs reach it, of which those of `first` do so for the first time; `of`: whether they are held out, and
        whether it is by an exit.
        """
        held_out, exits = of
        if goal.value is None or goal.first:
            rows = numbers(look.batch.rows, self.chunk.n)
            look = look.some(np.flatnonzero(np.isin(rows, numbers(first, self.chunk.n))))
        if not look.n:
            return
        self._run(
            What.GOAL,
            look.batch,
            step=self._node(look.batch.rows),
            why=self.teller.goals[goal.name],
            detail=goal.name,
            history=NONE if exits else LAST,
            value=goal.value(look) if goal.value is not None else None,
            currency=goal.currency,
            held_out=held_out,
        )

    # --- events and entries

    def event(self, look: Look, origin: Bringing) -> None:
        """It happens in its turn."""
        self._event(look.batch, origin, look.values)

    def answers(self, source: Answering, at: Marked) -> None:
        """Answers that did nothing but end waits."""
        if at.n:
            self._event(at, source, source.payload(self.chunk, at.rows), late=True)

    def _event(self, batch: Batch | Marked, origin: Bringing, values: Payload, *, late: bool = False) -> None:
        shared = self.teller.plan.shared
        event = shared.events[origin.name[1]]
        names, carried, has = event.fields, "", True
        if not isinstance(origin, Arrivals | Echo):
            names = tuple(one.field for one in origin.fields)
            if origin.carries and origin.carries not in names:
                names = (*names, origin.carries)
                if origin.carries not in event.private:
                    carried, has = origin.carries, self.chunk.own.by(batch.rows)
        self._note(
            What.EVENT,
            batch,
            of_journey=False,
            event=event.name,
            payload=self.teller.payload(event, names, values),
            carried=carried,
            has=has,
            touchpoint=shared.touchpoints.get(origin.touchpoint, ""),
            history=ANOTHER,
            late=late,
        )

    def attempt(self, what: What, look: Look, lines: Sequence[Entrance | None]) -> None:
        """Attempts to enter, by these lines, that are no entries."""
        why: str | Why = phrases.INSIDE
        parts: list[Part] = []
        if what is What.NOT_ELIGIBLE:
            parts, why = self._lines(look, lines)
        elif what is What.TOO_SOON:
            parts, why = [Part(Column(self.chunk.began.load(look.batch.rows)))], self._too_soon
        self._attempt(what, look.batch, lines[0], parts=parts, why=why)

    def begun(self, look: Look, line: Entrance | None, out: Any) -> None:
        """Runs begin, or (where they are kept `out`) held-out attempts."""
        words = self.teller.plan.track.hold_out_words
        for mine, what in zip(parted(look, out), (What.HELD_OUT, What.ENTERED), strict=True):
            if mine is not None:
                parts, why = self._lines(mine, (line,))
                if what is What.HELD_OUT:
                    why = _held_out(why, words)
                entry = self.chunk.entry.load(mine.batch.rows)
                self._attempt(what, mine.batch, line, entry=entry, parts=parts, why=why)

    def _attempt(self, what: What, batch: Batch, line: Entrance | None, **rest: Any) -> None:
        plan = self.teller.plan
        folded = plan.track.lines[line.number].event if line is not None else ""
        event = plan.shared.events[folded].name if folded else None
        self._note(what, batch, step="entry", event=event, history=EVENT if event else NONE, **rest)

    def _too_soon(self, zone: Zone, at: int, values: Sequence[Value]) -> str:
        return phrases.too_soon(self.teller.plan.track.reentry, _whole(values[0]), zone)

    def _lines(self, look: Look, lines: Sequence[Entrance | None]) -> tuple[list[Part], Why]:
        """Lines that were asked, in words, with the values that decided."""
        teller, asked = self.teller, [line for line in lines if line is not None]
        parts = [teller.because(line.condition, look) for line in asked]
        ready = teller.plan.track.lines

        def why(zone: Zone, at: int, values: Sequence[Value]) -> str:
            left, said = list(values), []
            for line, own in zip(asked, parts, strict=True):
                said.append(phrases.entry(ready[line.number].words, teller.say(line.condition, left[: len(own)])))
                left = left[len(own) :]
            return phrases.entries(said) if asked else phrases.AT_START

        return [one for own in parts for one in own], why


def _held_out(why: Why, words: str) -> Why:
    return lambda zone, at, values: phrases.held_out(why(zone, at, values), words)


def _whole(value: Value) -> int:
    assert isinstance(value, int)
    return value
