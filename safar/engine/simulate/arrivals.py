"""How customers come: by `arrive`, all at the start, by the calendar, or as the file of happenings says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safar.engine.names import fold
from safar.engine.simulate import chance, entries, phrases
from safar.engine.simulate.answers import Answer
from safar.engine.simulate.draw import Fields
from safar.engine.simulate.order import CALENDAR, FILE
from safar.engine.simulate.situation import Payload
from safar.engine.simulate.track import Arriving, Track
from safar.engine.simulate.world import Customer, Occurrence

if TYPE_CHECKING:
    from safar.engine.simulate.life import Life

_ARRIVE = chance.name_part("arrive")


def plan(life: Life, customer: Customer) -> None:
    """Put everything that is due from outside on the customer's time line."""
    shared = life.shared
    for number, occurrence in enumerate(customer.occurrences or ()):
        life.schedule(occurrence.at, FILE, (number,), Filed(life).come, occurrence)
    if life.draws if customer.arrives is None else customer.arrives:
        _come(life)
    order = len(shared.tracks)
    for track in shared.tracks:
        for line in track.lines:
            if line.entry.kind != "event":
                one = entries.Calendar(life, track, line, order)
                if line.entry.kind == "yearly":
                    life.on_set.setdefault(line.entry.attribute, []).append(one.replan)
                one.plan(shared.start - 1)
                order += 1


# --- arrivals


def _come(life: Life) -> None:
    """Alone, each customer comes once; with all journeys to each that has `arrive`, again and again."""
    shared = life.shared
    rates = [_rate(life, track) for track in shared.tracks]
    if shared.alone or not any(rates):
        _come_once(life, rates[0])
        return
    for order, (track, rate) in enumerate(zip(shared.tracks, rates, strict=True)):
        if rate is not None:
            _Visitor(life, track, order, rate).plan()


def _rate(life: Life, track: Track) -> Arriving | None:
    """The journey's `arrive`, or that of the customer's persona."""
    persona = life.shared.personas.get(life.persona or "")
    return persona.arriving if persona is not None and persona.arriving is not None else track.arriving


def _first_event(track: Track) -> str:
    return next((line.event for line in track.lines if line.event), "")


def _come_once(life: Life, rate: Arriving | None) -> None:
    """Uniform over the time in which all customers come, or all at the start; the same event only once."""
    shared = life.shared
    came = set()
    for order, track in enumerate(shared.tracks):
        event = _first_event(track)
        if (event and event not in came) or (shared.alone and not track.lines):
            came.add(event)
            visitor = _Visitor(life, track, order, rate)
            life.schedule(visitor.once(), CALENDAR, (order,), visitor.come, 0)


class _Visitor:
    """One customer on his way to one journey."""

    def __init__(self, life: Life, track: Track, order: int, rate: Arriving | None) -> None:
        self._life, self._track, self._order, self._rate = life, track, order, rate
        self._key = chance.mix(life.key, chance.together(track.part, _ARRIVE))
        self._elapsed = 0.0

    def once(self) -> int:
        """When he comes, if he comes once."""
        if self._rate is None:
            return self._life.shared.start
        u = chance.uniform(self._key) * 2.0**-53
        return self._life.shared.start + int(u * (self._rate.gap * self._life.shared.customers))

    def plan(self, number: int = 1) -> None:
        """His next arrival, of a Poisson process at his share of the rate."""
        assert self._rate is not None
        u = chance.uniform(chance.mix(self._key, number)) * 2.0**-53
        self._elapsed += self._rate.gap * self._life.shared.customers * chance.minus_log(1.0 - u)
        at = self._life.shared.start + int(self._elapsed)
        if at < self._life.shared.end:
            self._life.schedule(at, CALENDAR, (self._order,), self.come, number)

    def come(self, number: int) -> None:
        life, event = self._life, _first_event(self._track)
        if event:
            key = chance.mix(self._key, number) if number else self._key
            fields: Fields | None = self._rate.payload if self._rate is not None else None
            given = fields(life, None, key) if fields is not None else {}
            life.event(event, dict.fromkeys(life.shared.events[event].fields) | given)
        else:
            entries.admit(life, self._track, None, None, phrases.AT_START)
        if number:
            self.plan(number + 1)


# --- the file of happenings


class Filed:
    """Takes what a file says of a customer."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def come(self, one: Occurrence) -> None:
        life = self._life
        if one.event is None:
            for name, value in one.changes.items():
                life.set(life.shared.attributes[name], value, None, "")
            return
        event = fold(one.event)
        fields = life.shared.events[event].fields
        payload = {field: one.payload.get(field) for field in fields}
        life.event(event, payload, self._answer(fold(one.touchpoint), event, payload) if one.touchpoint else None)

    def _answer(self, place: str, event: str, payload: Payload) -> Answer | None:
        """It answers the run that met the touchpoint last, if its latest visit there was delivered."""
        met = [run for run in self._life.runs if run.followed and place in run.delivered and run.hears(payload)]
        if not met:
            return None
        run = max(met, key=lambda one: one.delivered[place])
        _, visit, touchpoint, step = run.delivered[place]
        if run.latest[touchpoint] != visit:
            return None
        return Answer(run, visit, touchpoint, step, event, payload)
