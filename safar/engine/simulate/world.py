"""What a simulation is given: the journeys, the seed, the calendar's beginning, and one customer at a time."""

from __future__ import annotations

import msgspec

from safar.engine.expression import Value
from safar.engine.program import Program
from safar.engine.simulate.spread import EVERYBODY, Sample


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a file of happenings: an event at an instant (seconds UTC), or, without one, changed attributes.

    `touchpoint` is what the event answers, if anything: a touchpoint, or the step that meets one.
    """

    at: int
    event: str | None = None
    payload: dict[str, Value] = {}
    touchpoint: str | None = None
    changes: dict[str, Value] = {}


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One customer.  What `attributes` leaves out has its default, else is unknown.

    With `occurrences` what the customer does is taken from there, in that order at one instant, and nothing is drawn
    but splits and hold-out.  `arrives`: whether he comes by `arrive` or at the start; None: if he has no `occurrences`.
    A file of happenings without any event that begins a run wants it to be true.
    """

    key: str
    persona: str | None = None
    attributes: dict[str, Value] = {}
    occurrences: tuple[Occurrence, ...] | None = None
    arrives: bool | None = None


class World(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All that customers share; two worlds are the same only if they are one object.

    One program is a journey alone; several are all journeys of a project on one timeline.
    `start` is an instant (seconds UTC); `customers` the size of the population, which `arrive` needs;
    `days` how long entries by calendar and arrivals go on (None: the longest horizon, and a year at least where a
    journey is entered by the calendar).
    `keyed_by` gives a journey the name by which its chances are drawn, so that two journeys can be compared.
    `sample` says of whom products are taken for intervals, where the customers are made up.
    Without `words` no reasons are written (`why` is empty): faster, where only figures are wanted.
    """

    programs: tuple[Program, ...]
    seed: int = 1
    start: int
    customers: int = 1
    days: int | None = None
    keyed_by: dict[str, str] = {}
    sample: Sample = EVERYBODY
    words: bool = True
