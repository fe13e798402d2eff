"""The customers that a person asks for: made up, or out of files."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

import msgspec

from safar.engine.diagnostic import Diagnostic
from safar.engine.model import Project
from safar.engine.names import nearest
from safar.engine.simulate import clock
from safar.engine.simulate.customers import as_error, whole_number, without_default
from safar.engine.simulate.draw import Population
from safar.engine.simulate.life import LimitExceededError
from safar.engine.simulate.world import Customer
from safar.errors import RowsError, RuntimeLimitError, SelectionError
from safar.filed import Crowd, Filed

__all__ = ["Crowd", "People", "found", "instant", "limits", "person"]


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


class People(msgspec.Struct, frozen=True):
    """Customers to live through: out of files, or made up (`customers` is None) `n` of them."""

    n: int
    customers: Filed | None = None
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
    filed = Filed(project, crowd)
    findings = tuple(filed.reader.findings)
    if findings and not filed.usable:
        raise RowsError(tuple(as_error(one) for one in findings))
    if not len(filed):
        raise SelectionError(f"no customers in {crowd.customers or crowd.events}")
    return People(len(filed), filed, filed.reader.rejected, findings)


def person(project: Project, crowd: Crowd, key: str, when: tuple[int, int]) -> tuple[Customer, int | None]:
    """One customer: of the files, with their number, or the made-up one of that key, by seed and start (`when`)."""
    if crowd.customers is None and crowd.events is None:
        if not isinstance(whole_number(key), int):
            raise SelectionError(f"made-up customers have numbers: `{key}` is none")
        persona, attributes = Population(project, *when).draw(key)
        return Customer(key=key, persona=persona, attributes=attributes), None
    several = found(project, crowd, otherwise=1)
    filed = several.customers or ()
    for one in filed:
        if whole_number(one.key) == whole_number(key):
            return one, several.n
    near = nearest(key, [one.key for one in filed])
    hint = f"; did you mean `{near}`?" if near else ""
    aside = f"; rows set aside: {several.rejected}, `safar simulate` lists them" if several.rejected else ""
    raise SelectionError(f"no customer `{key}`{hint}{aside}")


@contextlib.contextmanager
def limits() -> Iterator[None]:
    """A run without end, as an error of the API."""
    try:
        yield
    except LimitExceededError as wrong:
        raise RuntimeLimitError(str(wrong)) from None
