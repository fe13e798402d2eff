"""What a part of a population gives, to be sent elsewhere and added up: the same figures however it is divided."""

from __future__ import annotations

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


class _Wire(msgspec.Struct, array_like=True):
    """Counts on their way.  Whole numbers are texts: a sum of money may be longer than 64 bits."""

    numbers: list[tuple[Key, str]]
    times: dict[str, tuple[str, str, list[tuple[int, str, str]]]]
    sums: dict[str, str]
    last: int


def encode(part: Tally) -> bytes:
    """As MessagePack, exactly.

    >>> part = Tally({"j": Counts({("cost", "EUR"): 2**70}, sums={"x": Fraction(1, 3)})})
    >>> decode(encode(part)) == part
    True
    """
    return msgspec.msgpack.encode([{name: _packed(one) for name, one in part.journeys.items()}, _packed(part.total)])


def decode(data: bytes) -> Tally:
    """What `encode` wrote; raises `msgspec.DecodeError` for anything else."""
    journeys, total = msgspec.msgpack.decode(data, type=tuple[dict[str, _Wire], _Wire])
    return Tally({name: _unpacked(one) for name, one in journeys.items()}, _unpacked(total))


def _packed(counts: Counts) -> _Wire:
    return _Wire(
        numbers=[(key, str(number)) for key, number in counts.numbers.items()],
        times={
            goal: (
                str(one.count),
                str(one.total),
                [(n, str(count), str(sum)) for n, (count, sum) in one.classes.items()],
            )
            for goal, one in counts.times.items()
        },
        sums={name: str(value) for name, value in counts.sums.items()},
        last=counts.last,
    )


def _unpacked(wire: _Wire) -> Counts:
    return Counts(
        numbers={key: int(number) for key, number in wire.numbers},
        times={
            goal: Times(int(count), int(total), {n: (int(many), int(sum)) for n, many, sum in classes})
            for goal, (count, total, classes) in wire.times.items()
        },
        sums={name: Fraction(value) for name, value in wire.sums.items()},
        last=wire.last,
    )
