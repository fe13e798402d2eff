"""What a part of a population gives, to be sent elsewhere and added up: the same figures however it is divided."""

from __future__ import annotations

import json
from fractions import Fraction

import msgspec

from safar.engine.simulate.counts import Counts, Key
from safar.engine.simulate.results import Result
from safar.engine.simulate.statistics import Times


class Tally(msgspec.Struct):
    """The counts of some of the customers, of each journey and of all together."""

    journeys: dict[str, Counts] = {}
    total: Counts = msgspec.field(default_factory=Counts)

    def merge(self, other: Tally) -> None:
        for name, counts in other.journeys.items():
            self.journeys.setdefault(name, Counts()).merge(counts)
        self.total.merge(other.total)


def tally(result: Result) -> Tally:
    """What is to be added up of a result."""
    return Tally(result.counts, result.total)


class _Wire(msgspec.Struct):
    """Counts on their way."""

    numbers: list[tuple[Key, int]]
    times: dict[str, Times]
    sums: dict[str, str]
    last: int


def encode(part: Tally) -> bytes:
    """As JSON, exactly: a whole number may be longer than the 64 bits that other formats have room for.

    >>> part = Tally({"j": Counts({("cost", "EUR"): 2**70}, sums={"x": Fraction(1, 3)})})
    >>> decode(encode(part)) == part
    True
    """
    wires = {name: _packed(one) for name, one in part.journeys.items()}, _packed(part.total)
    return json.dumps(msgspec.to_builtins(wires)).encode()


def decode(data: bytes) -> Tally:
    """What `encode` wrote; raises `ValueError` for anything else."""
    journeys, total = msgspec.convert(json.loads(data), tuple[dict[str, _Wire], _Wire], str_keys=True)
    return Tally({name: _unpacked(one) for name, one in journeys.items()}, _unpacked(total))


def _packed(counts: Counts) -> _Wire:
    sums = {name: str(value) for name, value in counts.sums.items()}
    return _Wire([*counts.numbers.items()], counts.times, sums, counts.last)


def _unpacked(wire: _Wire) -> Counts:
    sums = {name: Fraction(value) for name, value in wire.sums.items()}
    return Counts(dict(wire.numbers), wire.times, sums, wire.last)
