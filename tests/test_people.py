"""Customers out of files: read row by row, the same each time; what makes files unusable; one customer of them."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Severity
from safar.errors import RowsError, SelectionError
from safar.people import Crowd, found, person

PROJECT = read_text(
    """customer { points: integer = 0; name: text? private; born: date? private }
event came { id: text? key }
event paid { card: integer? private }
journey j { enter on came\n stage s { wait 1d } }"""
).project


def crowd(folder: Path, customers: str = "", events: str = "", *, strict: bool = False) -> Crowd:
    """Files with this content; none where it is empty."""
    paths: dict[str, Path | None] = {}
    for name, content in (("customers", customers), ("events", events)):
        paths[name] = folder / f"{name}.csv" if content else None
        if content:
            (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return Crowd(customers=paths["customers"], events=paths["events"], strict=strict)


def test_customers_may_be_asked_for_again_and_again(tmp_path: Path) -> None:
    people = found(PROJECT, crowd(tmp_path, "customer,points\na,1\nb,x\nc,3\n"), otherwise=1)
    assert people.customers is not None
    first, second = list(people.customers), list(people.customers)
    assert [one.key for one in first] == ["a", "c"] and first == second
    assert (people.n, len(people.customers), people.rejected, len(people.findings)) == (2, 2, 1, 1)


def test_not_all_customers_are_held_at_once(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number}\n" for number in range(20_000))
    asked = crowd(tmp_path, "customer,points\n" + rows)
    tracemalloc.start()
    people = found(PROJECT, asked, otherwise=1)
    assert people.customers is not None
    total = sum(1 for _ in people.customers)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == people.n == 20_000
    assert peak < 10_000_000, "their keys, but not the customers"


@pytest.mark.parametrize(
    ("events", "arrives"),
    [("a,2027-01-01T00:00Z,paid\n", True), ("a,2027-01-01T00:00Z,paid\na,2027-01-02T00:00Z,came\n", None), ("", True)],
)
def test_they_come_by_themselves_where_no_happening_begins_a_run(
    tmp_path: Path, events: str, arrives: bool | None
) -> None:
    people = found(PROJECT, crowd(tmp_path, "customer\na\nb\n", "customer,at,event\n" + events), otherwise=1)
    assert people.customers is not None
    assert {one.arrives for one in people.customers} == {arrives}


def test_a_beginning_of_somebody_who_is_in_no_row_does_not_count(tmp_path: Path) -> None:
    people = found(
        PROJECT, crowd(tmp_path, "customer\na\n", "customer,at,event\nz,2027-01-02T00:00Z,came\n"), otherwise=1
    )
    assert people.customers is not None and people.rejected == 1
    assert [one.arrives for one in people.customers] == [True]


@pytest.mark.parametrize(
    ("customers", "events", "rules"),
    [
        ("name\na\n", "", {"missing-column"}),
        ("customer,points\na,x\n", "", {"unreadable-value"}),
        ("customer\na\n", "customer,at\na,2027-01-01T00:00Z\n", {"missing-column"}),
        ("customer\na\n", "customer,at,event\na,yesterday,came\n", {"unreadable-value"}),
    ],
)
def test_files_that_leave_nobody_or_nothing_are_errors(
    tmp_path: Path, customers: str, events: str, rules: set[str]
) -> None:
    with pytest.raises(RowsError) as wrong:
        found(PROJECT, crowd(tmp_path, customers, events), otherwise=1)
    errors = {one.rule for one in wrong.value.findings if one.severity is Severity.ERROR}
    assert errors >= rules and errors - rules <= {"unknown-in-row"}


def test_a_file_of_happenings_that_is_not_there_is_no_file_in_which_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("customer\na\n", encoding="utf-8")
    with pytest.raises(RowsError) as wrong:
        found(PROJECT, Crowd(customers=tmp_path / "c.csv", events=tmp_path / "none.csv"), otherwise=1)
    assert [one.rule for one in wrong.value.findings] == ["unreadable-file"]


def test_a_strict_reading_ends_at_the_first_bad_row(tmp_path: Path) -> None:
    with pytest.raises(RowsError) as wrong:
        found(PROJECT, crowd(tmp_path, "customer,points\na,1\nb,x\nc,y\n", strict=True), otherwise=1)
    assert [one.message[:5] for one in wrong.value.findings] == ["row 3"]


def test_one_customer_of_a_file_and_why_there_is_none(tmp_path: Path) -> None:
    asked = crowd(tmp_path, "customer,points\nc1,1\nc2,x\n007,2\n")
    one, number = person(PROJECT, asked, "7", (1, 0))
    assert (one.key, number) == ("007", 2)
    with pytest.raises(SelectionError, match=r"no customer `c2`; did you mean `c1`.; rows set aside: 1"):
        person(PROJECT, asked, "c2", (1, 0))
    with pytest.raises(SelectionError, match="`c1` is none"):
        person(PROJECT, Crowd(), "c1", (1, 0))


def test_private_cells_are_not_told(tmp_path: Path) -> None:
    rows = "customer,born,name\na,SECRET,x\nb,1999-01-01,x\n"
    events = "customer,at,event,card\na,2027-01-01T00:00Z,paid,SECRET\n"
    people = found(PROJECT, crowd(tmp_path, rows, events + "b,2027-01-01T00:00Z,paid,4\n"), otherwise=1)
    assert [one.rule for one in people.findings] == ["unreadable-value", "unreadable-value"]
    assert not any("SECRET" in one.message + one.help for one in people.findings)
