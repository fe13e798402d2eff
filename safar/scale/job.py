"""What a worker is told, and what it answers: paths, settings and ranges there, counts back; no code and no objects."""

from __future__ import annotations

import msgspec

from safar.engine.simulate.fast import Wanted
from safar.engine.simulate.partition import Tally, decode, encode
from safar.filed import Crowd, Portion
from safar.tables.location import location


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A simulation, the same for all its portions.  `size` is that of the whole population.

    `spool` is a folder that all workers share, for what each portion has to write: results and traces, where they are
    wanted; empty where nothing is.
    """

    version: str
    journey: str
    together: bool
    project: str | None
    limits: dict[str, int | str]
    customers: str | None
    events: str | None
    size: int
    seed: int
    start: int
    days: int | None
    spool: str = ""
    results: bool = False
    traces: bool = False
    engine: Wanted = "auto"

    @property
    def crowd(self) -> Crowd:
        """The files that the customers come from, if any."""
        files = (self.customers, self.events)
        customers, events = (None if one is None else location(one) for one in files)
        return Crowd(customers=customers, events=events)


class Task(msgspec.Struct, frozen=True):
    """One portion, by its number."""

    number: int
    portion: Portion


class Answer(msgspec.Struct, frozen=True):
    """Counts (as `partition.encode` writes them), or what went wrong: a `limit` exceeded, or anything else that is no
    fault of Safar.
    """

    counts: bytes = b""
    wrong: str = ""
    limit: bool = False

    @classmethod
    def of(cls, part: Tally) -> Answer:
        return cls(encode(part))

    def tally(self) -> Tally:
        return decode(self.counts)
