"""The customers that a person asks for: made up, or out of files."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path

import msgspec

from safar.dsl.rows import read_rows
from safar.engine.diagnostic import Diagnostic
from safar.engine.model import Project
from safar.engine.names import fold, nearest
from safar.engine.simulate import clock
from safar.engine.simulate.customers import Reader, from_happenings, whole_number, without_default
from safar.engine.simulate.draw import Population
from safar.engine.simulate.life import LimitExceededError
from safar.engine.simulate.world import Customer
from safar.errors import RowsError, RuntimeLimitError, SelectionError


def instant(text: str, timezone: str) -> int:
    """Seconds UTC of an instant such as `2027-01-01T09:00`, in the project's zone where it names none.

    >>> instant("2027-01-01", "Asia/Tehran") - instant("2027-01-01T00:00Z", "UTC")
    -12600
    """
    try:
        when = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise SelectionError(f"`{text}` is no instant; write it as 2027-01-01T09:00") from None
    if when.tzinfo is not None:
        return int(when.timestamp())
    zone = clock.zone(timezone) or clock.utc()
    return zone.instant(clock.day_number(when.date()), when.hour * 3600 + when.minute * 60 + when.second)


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked for: a number of made-up customers, or files of customers and of what happens to them."""

    n: int | None = None
    customers: Path | None = None
    events: Path | None = None
    strict: bool = False


class People(msgspec.Struct, frozen=True):
    """Customers to live through: out of files, or made up (`customers` is None) `n` of them."""

    n: int
    customers: tuple[Customer, ...] | None = None
    rejected: int = 0
    findings: tuple[Diagnostic, ...] = ()


def found(project: Project, crowd: Crowd, *, otherwise: int) -> People:
    """The customers that are asked for: `otherwise` made-up ones where nothing is said.

    Raises `SelectionError` for no customers, `RowsError` where the files cannot be used.
    """
    if crowd.customers is None and crowd.events is None:
        if lacking := without_default(project):
            raise RowsError(lacking)
        return People(crowd.n or otherwise)
    if crowd.n is not None:
        raise SelectionError("customers come from a file: their number cannot be given too")
    reader = Reader(project, strict=crowd.strict)
    happenings = None if crowd.events is None else reader.occurrences(read_rows(crowd.events))
    if crowd.customers is not None:
        customers = tuple(reader.customers(read_rows(crowd.customers), happenings))
    else:
        customers = tuple(from_happenings(happenings or {}))
    if happenings is not None:
        customers = arriving(project, customers)
    findings = tuple(reader.findings)
    if reader.stopped or (findings and not customers):
        raise RowsError(findings)
    if not customers:
        raise SelectionError(f"no customers in {crowd.customers or crowd.events}")
    return People(len(customers), customers, reader.rejected, findings)


def arriving(project: Project, customers: tuple[Customer, ...]) -> tuple[Customer, ...]:
    """Where no happening of the file begins a run, the customers come by `arrive`, or all at the start."""
    begin = {fold(entry.event) for journey in project.journeys.values() for entry in journey.entries if entry.event}
    happened = {fold(one.event) for customer in customers for one in customer.occurrences or () if one.event}
    if begin & happened:
        return customers
    return tuple(msgspec.structs.replace(customer, arrives=True) for customer in customers)


def person(project: Project, crowd: Crowd, key: str, when: tuple[int, int]) -> tuple[Customer, int | None]:
    """One customer: of the files, with their number, or the made-up one of that key, by seed and start (`when`)."""
    if crowd.customers is None and crowd.events is None:
        persona, attributes = Population(project, *when).draw(key)
        return Customer(key=key, persona=persona, attributes=attributes), None
    several = found(project, crowd, otherwise=1).customers or ()
    for one in several:
        if whole_number(one.key) == whole_number(key):
            return one, len(several)
    near = nearest(key, [one.key for one in several])
    raise SelectionError(f"no customer `{key}`" + (f"; did you mean `{near}`?" if near else ""))


@contextlib.contextmanager
def limits() -> Iterator[None]:
    """A run without end, as an error of the API."""
    try:
        yield
    except LimitExceededError as wrong:
        raise RuntimeLimitError(str(wrong)) from None
