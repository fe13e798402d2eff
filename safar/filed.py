"""The customers of files: all of them, one at a time, or some of them."""

from __future__ import annotations

import bisect
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping

import msgspec

from safar.engine.model import Project
from safar.engine.names import fold
from safar.engine.simulate.customers import Reader, Rejected, from_happenings, whole_number
from safar.engine.simulate.keys import Keys
from safar.engine.simulate.world import Customer, Occurrence
from safar.tables.location import Location
from safar.tables.read import read_rows
from safar.tables.stretch import Rows


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked for: a number of made-up customers, or files of customers and of what happens to them."""

    n: int | None = None
    customers: Location | None = None
    events: Location | None = None
    strict: bool = False
    aside: Callable[[Rejected], object] | None = None
    """Given each row that is set aside."""


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the customers, for somebody who reads the same files; `size` is about how many.

    Of a file of customers the stretch `rows` without the rows `left_out`, which repeat a customer of another portion;
    else those of the numbers `first` to `last`: of made-up customers, or in the order of a file of happenings.
    `arrive`: they come by themselves.
    """

    size: int
    first: int = 0
    last: int = 0
    rows: Rows | None = None
    left_out: tuple[int, ...] = ()
    arrive: bool = False


def even(count: int, parts: int) -> Iterator[tuple[int, int]]:
    """The numbers 1 to `count` in so many ranges, or in fewer, none of them empty.

    >>> list(even(7, 3))
    [(1, 2), (3, 4), (5, 7)]
    """
    cuts = sorted({count * number // parts for number in range(parts + 1)})
    return ((start + 1, end) for start, end in itertools.pairwise(cuts))


class Filed:
    """The customers of files.  They are read once to be counted and checked, and again each time they are asked for,
    so that never all of them are held at once; what happens to them is held.

    Where no happening begins a run, they come by `arrive`, or all at the start.
    """

    def __init__(self, project: Project, crowd: Crowd) -> None:
        self._project, self._rows = project, crowd.customers
        self.reader = Reader(project, strict=crowd.strict, aside=crowd.aside)
        self._happenings = None if crowd.events is None else self.reader.occurrences(read_rows(crowd.events))
        begin = {fold(entry.event) for journey in project.journeys.values() for entry in journey.entries if entry.event}
        self._length, begun = 0, False
        self._read_first = Rows()
        for customer in self._read(self.reader, self._read_first):
            self._length += 1
            begun = begun or any(fold(one.event) in begin for one in customer.occurrences or () if one.event)
        self._arrive = self._happenings is not None and not begun

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Customer]:
        for customer in self._read(Reader(self._project)):
            yield msgspec.structs.replace(customer, arrives=True) if self._arrive else customer

    def _read(self, reader: Reader, wanted: Rows | None = None) -> Iterator[Customer]:
        if self._rows is None:
            return from_happenings(self._happenings or {})
        return reader.customers(read_rows(self._rows, wanted=wanted), self._happenings)

    def portions(self, parts: int) -> Iterator[Portion]:
        """All of them in about so many portions of about equal size, or in fewer."""
        if self._rows is None:
            for first, last in even(self._length, parts):
                yield Portion(size=last - first + 1, first=first, last=last, arrive=self._arrive)
            return
        stretches = tuple(self._read_first.parts(parts))
        again = self.reader.again
        for rows in stretches:
            begin = rows.begin.row if rows.begin else 0
            left_out = again[bisect.bisect_left(again, begin) : bisect.bisect_left(again, rows.end or sys.maxsize)]
            size = max(1, self._length // len(stretches))
            yield Portion(size=size, rows=rows, left_out=tuple(left_out), arrive=self._arrive)

    @property
    def usable(self) -> bool:
        """Whether there is somebody, and something happens where a file says so."""
        reader = self.reader
        return not reader.stopped and self._length > 0 and not (self._happenings == {} and reader.rejected)


def some(project: Project, crowd: Crowd, portion: Portion) -> Iterator[Customer]:
    """The customers of one portion, read anew."""
    for customer in _some(project, crowd, portion):
        yield msgspec.structs.replace(customer, arrives=True) if portion.arrive else customer


def _some(project: Project, crowd: Crowd, portion: Portion) -> Iterator[Customer]:
    if crowd.customers is None or portion.rows is None:
        happenings = Reader(project).occurrences(read_rows(crowd.events)) if crowd.events else {}
        return itertools.islice(from_happenings(happenings), portion.first - 1, portion.last)
    found = None
    if crowd.events is not None:
        keys = Keys()
        for customer in _from_rows(project, crowd.customers, portion):
            keys.add(whole_number(customer.key))
        found = Reader(project).occurrences(read_rows(crowd.events), keys)
    return _from_rows(project, crowd.customers, portion, found)


def _from_rows(
    project: Project,
    path: Location,
    portion: Portion,
    happenings: Mapping[int | str, tuple[Occurrence, ...]] | None = None,
) -> Iterator[Customer]:
    rows = portion.rows or Rows()
    reader = Reader(project, left_out=frozenset(portion.left_out))
    return reader.customers(read_rows(path, wanted=Rows(rows.begin, rows.end)), happenings)
