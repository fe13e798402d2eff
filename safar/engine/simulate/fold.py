"""Stories of customers folded into counts, one at a time; nothing of a customer is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from safar.engine.expression import Value
from safar.engine.moves import Deliver
from safar.engine.names import fold
from safar.engine.program import Program
from safar.engine.simulate import prices
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.happening import Happening, Run, Story, What
from safar.engine.simulate.leaves import ENTRY, Leaf, Mark, all_leaves
from safar.engine.simulate.ledger import Reckoning
from safar.engine.simulate.prices import Charge
from safar.engine.simulate.spread import (
    EVERYBODY,
    MESSAGES,
    UNTOLD,
    Formulas,
    Sample,
    counted,
    fractional,
    money,
    on_grid,
    summed,
)

ATTEMPTS = ("not_eligible", "inside", "too_soon", "held_out")


class _Course:
    """One run while its story is told: when it began, under which value of `per`, and what it counts."""

    __slots__ = ("began", "done", "figures", "marks", "own", "reached")

    def __init__(self, began: int, own: tuple[str, Value] | None) -> None:
        self.began = began
        self.own = own
        self.marks: list[Mark] = []
        self.done: set[str] = set()
        self.reached: dict[str, int] = {}
        self.figures: dict[tuple[str, str], int] = {}


class _Passage:
    """One customer in one journey: the runs by entry, the entry that met each touchpoint last, what is paid."""

    __slots__ = ("courses", "held_out", "met", "met_at", "out", "paid")

    def __init__(self) -> None:
        self.courses: dict[int, _Course] = {}
        self.met: dict[str, int] = {}
        self.met_at: dict[str, int] = {}
        self.paid: set[object] = set()
        self.out: dict[tuple[int, str], int] = {}
        self.held_out = False


Record = Callable[[Story, Run | None, Reckoning], object]
"""Told of each run, each held-out attempt, and of each customer without either."""


class Fold:
    """Counts of each journey in `journeys`, and in `total` what all of them together sent, cost and brought.

    `truths` says of a customer's last state which of the declared conditions hold, for measures that count them.
    Products are taken, for intervals, of the customers in `sample`.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        truths: Callable[[Story], Iterable[str]] | None = None,
        record: Record | None = None,
        *,
        sample: Sample = EVERYBODY,
    ) -> None:
        self.total = Counts()
        self.journeys = {program.journey.name: Counts() for program in programs}
        self.record = record
        self._folds = {
            p.journey.name: _JourneyFold(p, self.journeys[p.journey.name], self.total, record) for p in programs
        }
        self._sample = sample
        conditions = any(leaf.of == "condition" for one in self._folds.values() for leaf in one.leaves)
        self._truths = truths if conditions else None

    def add(self, story: Story) -> None:
        """One more customer."""
        passages = {name: _Passage() for name in self._folds}
        paid: set[object] = set()
        for happening in story.happenings:
            if happening.journey:
                journey = self._folds.get(happening.journey)
                if journey is not None:
                    journey.take(happening, passages[happening.journey], paid)
            elif happening.what is What.EVENT:
                self._hear(happening, passages, paid)
            self.total.last = max(self.total.last, happening.at)
        truths = {fold(name) for name in self._truths(story)} if self._truths else frozenset[str]()
        sampled = self._sample.every == 1 or self._sample.has(int(story.customer))
        for name, journey in self._folds.items():
            runs = [run for run in story.runs if run.journey == name]
            journey.close(story, runs, passages[name], truths)
            journey.spread(sampled)
        if self.record is not None and not story.runs:
            self.record(story, None, Reckoning())

    def _hear(self, happening: Happening, passages: dict[str, _Passage], paid: set[object]) -> None:
        """An event: an answer in the journey that met the touchpoint last, heard in all."""
        met = happening.touchpoint
        answered = max(
            (name for name in passages if met in passages[name].met), key=lambda n: passages[n].met_at[met], default=""
        )
        for name, journey in self._folds.items():
            journey.hear(happening, passages[name], paid, answer=name == answered)


class _JourneyFold:
    def __init__(self, program: Program, counts: Counts, total: Counts, record: Record | None) -> None:
        self.counts, self._total, self._record = counts, total, record
        self._program = program
        self._project = program.project
        touchpoints = [place.move.touchpoint for place in program.places if isinstance(place.move, Deliver)]
        self._contacts = {one.name: prices.contact(program.project, one) for one in touchpoints}
        self._actions = {name: prices.action(program.project, name) for name in program.project.vocabulary.actions}
        self._per = {entry.event: entry.per for entry in program.journey.entries if entry.per}
        self.leaves = all_leaves(program)
        self._keys = {leaf: leaf.key for leaf in self.leaves}
        self._fractional = {leaf for leaf in self.leaves if leaf.of == "average" and fractional(program.project, leaf)}
        self._by_mark: dict[tuple[str, str], list[Leaf]] = {}
        self._formulas = Formulas(program)
        self._own: dict[str, int] = {}
        """What the customer at hand adds to each factor."""
        for leaf in self.leaves:
            for mark in leaf.marks():
                self._by_mark.setdefault(mark, []).append(leaf)

    # --- what happens in the journey

    def take(self, one: Happening, passage: _Passage, paid: set[object]) -> None:
        what = one.what
        if what is What.DELIVERED:
            self._delivered(one, passage, paid)
        elif what is What.SUPPRESSED:
            self._suppressed(one, passage)
        elif what is What.GOAL:
            self._goal(one, passage, paid)
        elif what is What.ENTERED:
            self._entered(one, passage)
        elif what is What.DONE:
            self._done(one, passage, paid)
        elif what is What.HELD_OUT or what is What.INSIDE or what is What.TOO_SOON or what is What.NOT_ELIGIBLE:
            self.counts.add("attempt", what.value)
            passage.held_out = passage.held_out or what is What.HELD_OUT

    def _entered(self, one: Happening, passage: _Passage) -> None:
        self.counts.add("entered")
        per = self._per.get(one.event or "")
        own = (per, (one.payload or {}).get(per)) if per else None
        course = passage.courses[one.entry] = _Course(one.at, own)
        self._mark(course, "figure", "entered", one)
        self._mark(course, ENTRY, one.event or "", one)

    def _delivered(self, one: Happening, passage: _Passage, paid: set[object]) -> None:
        contact = self._contacts[one.touchpoint]
        course = passage.courses.get(one.entry)
        passage.met[one.touchpoint] = one.entry
        passage.met_at[one.touchpoint] = one.n
        self.counts.add("delivered", one.touchpoint)
        self._mark(course, "touchpoint", one.touchpoint, one)
        self._mark(course, "figure", "delivered", one)
        if contact.marketing:
            self._mark(course, "figure", "messages", one)
            self._of_customer(MESSAGES)
        if contact.channel:
            self._both("channel_delivered", contact.channel)
        self._charge(contact.message, contact.channel, course, one)
        self._charge_once(contact.customer, contact.channel, passage, one, paid)

    def _suppressed(self, one: Happening, passage: _Passage) -> None:
        self.counts.add("suppressed", one.touchpoint, one.detail)
        channel = self._contacts[one.touchpoint].channel
        if channel:
            self._both("channel_suppressed", channel, one.detail)
        self._mark(passage.courses.get(one.entry), "figure", "suppressed", one)

    def _goal(self, one: Happening, passage: _Passage, paid: set[object]) -> None:
        """A goal is reached once per run; its value comes with every event, an event's revenue once per customer."""
        if one.held_out:
            if (one.entry, one.detail) not in passage.out:
                passage.out[one.entry, one.detail] = one.at
                self.counts.add("held_out_goal", one.detail)
            return
        course = passage.courses.get(one.entry)
        if course is not None and one.detail not in course.reached:
            course.reached[one.detail] = one.at
            self.counts.add("goal", one.detail)
            self.counts.time(one.detail, one.at - course.began)
            self._mark(course, "goal", one.detail, one)
        if one.value is None:
            return
        self.counts.add("goal_value", one.detail, one.currency, by=one.value)
        event = ("revenue", one.number)
        if not one.number or event not in passage.paid:
            passage.paid.add(event)
            self.counts.add("revenue", one.currency, by=one.value)
            self._of_customer(money("revenue", one.currency), by=one.value)
            self._mark(course, "figure", "revenue", one, one.currency, one.value)
        if not one.number or event not in paid:
            paid.add(event)
            self._total.add("revenue", one.currency, by=one.value)

    def _done(self, one: Happening, passage: _Passage, paid: set[object]) -> None:
        """An action; tasks and starts of journeys, which are done too, cost nothing."""
        doing, course = self._actions.get(one.detail), passage.courses.get(one.entry)
        self._mark(course, "action", one.detail, one)
        if doing is not None:
            self._charge(doing.done, "", course, one)
            self._charge_once(doing.customer, "", passage, one, paid)
            if course is not None and doing.events:
                course.done.add(one.detail)

    # --- events, which belong to no run

    def hear(self, one: Happening, passage: _Passage, paid: set[object], *, answer: bool) -> None:
        event = one.event or ""
        if answer:
            contact = self._contacts[one.touchpoint]
            course = passage.courses.get(passage.met[one.touchpoint])
            self.counts.add("answer", one.touchpoint, event)
            self._charge(contact.answers.get(fold(event), ()), contact.channel, course, one)
        else:
            course = self._listening(one, passage)
        for action in sorted(course.done) if course is not None else ():
            self._charge(self._actions[action].events.get(fold(event), ()), "", course, one)
        self._mark(course, "event", event, one)

    def _listening(self, one: Happening, passage: _Passage) -> _Course | None:
        """The latest run that is still followed and, under `per`, has the event's value."""
        for course in reversed(passage.courses.values()):
            if one.at - course.began > self._program.journey.horizon:
                continue
            payload = one.payload or {}
            if course.own is None or course.own[0] not in payload or payload[course.own[0]] == course.own[1]:
                return course
        return None

    # --- money and marks

    def _both(self, *key: str, by: int = 1) -> None:
        self.counts.add(*key, by=by)
        self._total.add(*key, by=by)

    def _charge(
        self, charges: tuple[Charge, ...], channel: str, course: _Course | None, one: Happening, *, total: bool = True
    ) -> None:
        for currency, units in charges:
            keys = [("cost", currency), *([("channel_cost", channel, currency)] if channel else [])]
            for key in keys:
                self.counts.add(*key, by=units)
                if total:
                    self._total.add(*key, by=units)
            self._of_customer(money("cost", currency), by=units)
            self._mark(course, "figure", "cost", one, currency, units)

    def _of_customer(self, factor: str, by: int = 1) -> None:
        self._own[factor] = self._own.get(factor, 0) + by

    def _charge_once(
        self,
        charges: tuple[tuple[str, Charge], ...],
        channel: str,
        passage: _Passage,
        one: Happening,
        paid: set[object],
    ) -> None:
        """What is paid once per customer, at the first time."""
        for key in charges:
            if key not in passage.paid:
                passage.paid.add(key)
                self._charge((key[1],), channel, passage.courses.get(one.entry), one, total=key not in paid)
                paid.add(key)

    def _mark(
        self, course: _Course | None, of: str, name: str, one: Happening, currency: str = "", units: int = 0
    ) -> None:
        if course is not None and self._record is not None and of == "figure":
            key = name, currency
            course.figures[key] = course.figures.get(key, 0) + (units if currency else 1)
        if course is None or (of, folded := fold(name)) not in self._by_mark:
            return
        where = (fold(one.touchpoint), fold(one.step)) if one.touchpoint else ("", "")
        course.marks.append(Mark(of, folded, one.at - course.began, *where, currency, units, one.payload))

    # --- when the story is told

    def close(self, story: Story, runs: list[Run], passage: _Passage, truths: Iterable[str]) -> None:
        counts, persona = self.counts, story.persona or ""
        counts.add("customers")
        counts.last = max(counts.last, self._total.last)
        if passage.held_out:
            counts.add("held_out_customers")
        for run in runs:
            if self._record is not None:
                self._record(story, run, _reckoning(run, passage))
            if run.held_out:
                continue
            counts.add(*(("outcome", run.outcome) if run.outcome else ("unfinished",)))
            counts.add_all(("visit", node) for node in run.visits)
            counts.add_all(("edge", way.start, way.end, way.label) for way in run.passages)
            course = passage.courses.get(run.entry)
            reached = course.reached if course else {}
            self._of_group(("persona", persona), reached)
            for split, arm in run.arms.items():
                self._of_group(("arm", split, arm), reached)
            if course is not None and self.leaves:
                _end_marks(course, run)
        if self.leaves and passage.courses:
            self._leaves(fold(persona), {run.entry: run for run in runs}, passage, frozenset(truths))

    def spread(self, sampled: bool) -> None:
        """The customer at hand is over: what he adds to intervals, if he is in the sample."""
        if sampled:
            self._formulas.take(self.counts, self._own)
        self._own.clear()

    def _of_group(self, group: tuple[str, ...], reached: Iterable[str]) -> None:
        if group[-1]:
            self.counts.add(*group)
            for goal in reached:
                self.counts.add(f"{group[0]}_goal", *group[1:], goal)

    def _leaves(self, persona: str, runs: dict[int, Run], passage: _Passage, truths: frozenset[str]) -> None:
        courses = [(course, runs[entry]) for entry, course in passage.courses.items() if entry in runs]
        for leaf in self.leaves:
            about_customers = leaf.of == "condition" or (leaf.of, leaf.name) == ("figure", "customers")
            if not (about_customers or leaf.of == "time") or (leaf.persona and leaf.persona != persona):
                continue
            own = [course for course, run in courses if _in_arms(leaf, run)]
            if own and about_customers and (leaf.of == "figure" or leaf.name in truths):
                self._add(leaf)
            for course in own if leaf.of == "time" else ():
                self._time(leaf, course)
        for course, run in courses:
            for mark in course.marks:
                for leaf in self._by_mark.get((mark.of, mark.name), ()):
                    if (not leaf.persona or leaf.persona == persona) and mark.counts_for(leaf) and _in_arms(leaf, run):
                        self._leaf(leaf, mark)

    def _leaf(self, leaf: Leaf, mark: Mark) -> None:
        if leaf.of == "time":
            return
        if leaf.of == "average":
            payload = {fold(name): value for name, value in (mark.payload or {}).items()}
            value = payload.get(leaf.field)
            if isinstance(value, int | float):
                self._add_value(leaf, value)
        elif mark.currency:
            self.counts.add("leaf", self._keys[leaf], mark.currency, by=mark.units)
            self._of_formula(counted(leaf, mark.currency), by=mark.units)
        else:
            self._add(leaf)

    def _add(self, leaf: Leaf) -> None:
        self.counts.add("leaf", self._keys[leaf])
        self._of_formula(counted(leaf))

    def _add_value(self, leaf: Leaf, value: int | float) -> None:
        """One more of what a mean is taken of."""
        self._add(leaf)
        self.counts.add_exact(self._keys[leaf], Fraction(value))
        parts = on_grid(value) if leaf in self._fractional else int(value)
        if parts is None:
            self.counts.add(UNTOLD, summed(leaf))
        else:
            self._of_formula(summed(leaf), by=parts)

    def _of_formula(self, factor: str, by: int = 1) -> None:
        if self._formulas.has(factor):
            self._of_customer(factor, by)

    def _time(self, leaf: Leaf, course: _Course) -> None:
        """From the first of the one to the first of the other that is not before it."""
        start = _first(leaf.name, course.marks, None)
        end = None if start is None else _first(leaf.field, course.marks, start)
        if start is None or end is None or (leaf.within is not None and end > leaf.within):
            return
        self._add_value(leaf, end - start)


def _reckoning(run: Run, passage: _Passage) -> Reckoning:
    if run.held_out:
        return Reckoning({goal: at for (entry, goal), at in passage.out.items() if entry == run.entry})
    course = passage.courses.get(run.entry)
    return Reckoning() if course is None else Reckoning(course.reached, course.figures)


def _end_marks(course: _Course, run: Run) -> None:
    offset = run.ended - run.began
    name = ("outcome", fold(run.outcome)) if run.outcome else ("figure", "unfinished")
    course.marks.append(Mark(*name, offset))


def _in_arms(leaf: Leaf, run: Run) -> bool:
    if not leaf.arms:
        return True
    arms = {(fold(split), fold(arm)) for split, arm in run.arms.items()}
    return all(arm in arms for arm in leaf.arms)


def _first(word: str, marks: list[Mark], start: int | None) -> int | None:
    """When something first happened, from `start` on; without `start` the entry event counts too."""
    of, _, name = word.partition(":")
    kinds = ("event", ENTRY) if of == "event" and start is None else (of,)
    found = [mark.offset for mark in marks if mark.of in kinds and mark.name == name and mark.offset >= (start or 0)]
    return min(found, default=None)
