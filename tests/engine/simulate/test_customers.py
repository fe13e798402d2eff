from __future__ import annotations

from pathlib import Path

import pytest

from safar.engine.expression import Base, Type, Value
from safar.engine.model import Attribute, AttributeDraw, Event, Field, PersonaDeclared, Project, Touchpoint, Vocabulary
from safar.engine.simulate.customers import Reader, from_happenings, without_default
from safar.engine.simulate.world import Customer
from safar.engine.source import NOWHERE
from safar.tables.read import read_rows

TEXT = Type(Base.TEXT)


def attribute(name: str, type: Type, default: object = None) -> Attribute:
    return Attribute(span=NOWHERE, name=name, type=type, default=default)  # type: ignore[arg-type]


PROJECT = Project(
    vocabulary=Vocabulary(
        attributes={
            "first_name": attribute("first_name", TEXT.but(unknown=True)),
            "email_ok": attribute("email_ok", Type(Base.YES_NO), False),
            "stars": attribute("stars", Type(Base.INTEGER)),
            "interests": attribute("interests", Type(Base.LIST, item=TEXT)),
        },
        personas={"planner": PersonaDeclared(span=NOWHERE, name="planner")},
        events={
            "opened": Event(span=NOWHERE, name="opened"),
            "order_placed": Event(
                span=NOWHERE,
                name="order_placed",
                fields=(
                    Field(span=NOWHERE, name="order_id", type=TEXT, key=True),
                    Field(span=NOWHERE, name="total", type=Type(Base.MONEY, currency="EUR")),
                ),
            ),
        },
        touchpoints={"thanks": Touchpoint(span=NOWHERE, name="thanks")},
    )
)


def read(path: Path, text: str | bytes, *, strict: bool = False) -> tuple[list[Customer], Reader]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reader = Reader(PROJECT, strict=strict)
    return list(reader.customers(read_rows(path, path.name))), reader


def told(reader: Reader) -> list[tuple[str, int, int, str]]:
    """Rule, line, column and the text that the finding points at."""
    return [(f.rule, *f.span.source.position(f.span.start), f.span.text) for f in reader.findings]


def test_csv(tmp_path: Path) -> None:
    text = 'customer,persona,first_name,email_ok,stars,interests\nc1,Planner,"Sara, ""S""",yes,۵,a;b\n\nc2,,,,3,\n'
    customers, reader = read(tmp_path / "c.csv", text)
    assert not reader.findings
    assert customers[0] == Customer(
        key="c1",
        persona="planner",
        attributes={"first_name": 'Sara, "S"', "email_ok": True, "stars": 5, "interests": ("a", "b")},
    )
    assert customers[1] == Customer(key="c2", attributes={"stars": 3})


@pytest.mark.parametrize("sign", [";", "\t"])
def test_spreadsheets_write_other_delimiters_and_a_mark_at_the_beginning(tmp_path: Path, sign: str) -> None:
    text = f"\ufeffcustomer{sign}stars\r\nc1{sign}3\r\n"
    customers, reader = read(tmp_path / "c.csv", text)
    assert not reader.findings
    assert customers == [Customer(key="c1", attributes={"stars": 3})]


def test_json_lines_keep_numbers_exact(tmp_path: Path) -> None:
    text = '{"customer": 7, "stars": 3, "email_ok": true, "first_name": null, "interests": ["a", "b"]}\n'
    customers, reader = read(tmp_path / "c.jsonl", text)
    assert not reader.findings
    assert customers == [Customer(key="7", attributes={"stars": 3, "email_ok": True, "interests": ("a", "b")})]


def test_bad_rows_are_pointed_at_and_set_aside(tmp_path: Path) -> None:
    text = (
        "customer,persona,email_ok,stars\n"
        "c1,plannr,yes,3\n"
        "c2,,perhaps,3\n"
        "c3,,yes,\n"
        "c4,,yes,3,extra\n"
        "c5,,yes,5\n"
        "c5,,yes,5\n"
        ",,yes,5\n"
        '"c\n6",,yes,x\n'
    )
    customers, reader = read(tmp_path / "c.csv", text)
    assert [c.key for c in customers] == ["c5"]
    assert reader.rejected == 7
    assert told(reader) == [
        ("unknown-in-row", 2, 4, "plannr"),
        ("unreadable-value", 3, 5, "perhaps"),
        ("missing-value", 4, 9, ""),
        ("broken-row", 5, 1, "c4,,yes,3,extra"),
        ("duplicate-row", 7, 1, "c5"),
        ("missing-value", 8, 1, ""),
        ("unreadable-value", 10, 9, "x"),
    ]
    assert "planner" in reader.findings[0].help
    assert {f.severity.value for f in reader.findings} == {"warning"}


def test_strict_stops_at_the_first_bad_row(tmp_path: Path) -> None:
    customers, reader = read(tmp_path / "c.csv", "customer,stars\nc1,3\nc2,x\nc3,3\nc4,x\n", strict=True)
    assert [c.key for c in customers] == ["c1"]
    assert reader.stopped
    assert [f.severity.value for f in reader.findings] == ["error"]


def test_unknown_column_is_told_once_with_the_nearest(tmp_path: Path) -> None:
    customers, reader = read(tmp_path / "c.csv", "customer,stars,emial_ok\nc1,3,yes\nc2,4,no\n")
    assert len(customers) == 2
    assert told(reader) == [("unknown-column", 1, 16, "emial_ok")]
    assert "email_ok" in reader.findings[0].help
    assert reader.rejected == 0


def test_keys_that_are_one_number_are_one_customer(tmp_path: Path) -> None:
    customers, reader = read(tmp_path / "c.csv", "customer,stars\n7,3\n007,3\n")
    assert len(customers) == 1
    assert [f.rule for f in reader.findings] == ["duplicate-row"]


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("c.csv", b"customer,stars\nc1,\xff\xfe\n", "unreadable-value"),
        ("c.csv", b"customer,customer\nc1,c2\n", "broken-row"),
        ("c.csv", b"key,stars\nc1,3\n", "missing-column"),
        ("c.csv", b'customer,stars\n"c1,3\n', "broken-row"),
        ("c.jsonl", b"{" + b'"a":[' * 100_000 + b"\n", "broken-row"),
        ("c.jsonl", b'{"customer": "a", "customer": "b"}\n', "broken-row"),
        ("c.jsonl", b'{"customer": {"a": 1}}\n', "broken-row"),
        ("c.jsonl", b"[1]\n", "broken-row"),
        ("c.xls", b"", "unreadable-file"),
    ],
)
def test_hostile_files_give_one_finding(tmp_path: Path, name: str, text: bytes, rule: str) -> None:
    customers, reader = read(tmp_path / name, text)
    assert not customers
    assert rule in [f.rule for f in reader.findings]
    assert len(reader.findings) <= 2


def test_empty_files_have_no_customers(tmp_path: Path) -> None:
    for name in ("c.csv", "c.jsonl"):
        customers, reader = read(tmp_path / name, "")
        assert not customers
        assert not reader.findings


def test_the_same_findings_stop_being_kept(tmp_path: Path) -> None:
    rows = "".join(f"c{n},x\n" for n in range(3000))
    _, reader = read(tmp_path / "c.csv", "customer,stars\n" + rows)
    assert reader.rejected == 3000
    assert len(reader.findings) == 1000


def test_happenings(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "customer,at,event,touchpoint,total,order_id,email_ok\n"
        "c1,2027-01-02T09:00:00Z,order_placed,,80 EUR,A1,\n"
        "c1,2027-01-01T09:00:00Z,opened,thanks,,,\n"
        "c1,2027-01-03T09:00:00Z,order_placed,,80 EUR,A1,\n"
        "c2,2027-01-01T09:00:00,opened,,,,\n"
        "c2,2027-01-01T09:00:00Z,openned,,,,\n"
        "c2,2027-01-01T09:00:00Z,order_placed,,,A2,\n"
        "c2,2027-01-01T09:00:00Z,set,,,,no\n"
        "c2,2027-01-01T09:00:00Z,set,,,,\n"
        "c2,2027-01-01T09:00:00Z,opened,thank,,,\n"
        "c2,2027-01-01T09:00:00Z,,,,,\n"
    )
    reader = Reader(PROJECT)
    found = reader.occurrences(read_rows(path, "events.csv"))
    assert [(o.event, o.touchpoint) for o in found["c1"]] == [("opened", "thanks"), ("order_placed", None)]
    assert found["c1"][1].payload == {"total": 800_000, "order_id": "A1"}
    assert [o.changes for o in found["c2"]] == [{"email_ok": False}]
    assert told(reader) == [
        ("duplicate-row", 4, 46, "A1"),
        ("unreadable-value", 5, 4, "2027-01-01T09:00:00"),
        ("unknown-in-row", 6, 25, "openned"),
        ("missing-value", 7, 39, ""),
        ("missing-value", 9, 1, "c2,2027-01-01T09:00:00Z,set,,,,"),
        ("unknown-in-row", 10, 32, "thank"),
        ("missing-value", 11, 25, ""),
    ]
    assert [c.key for c in from_happenings(found)] == ["c1", "c2"]


def test_customers_do_only_what_is_written_once_happenings_are_given(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("customer,stars\nc1,3\n")
    reader = Reader(PROJECT)
    customers = list(reader.customers(read_rows(path), {"c9": ()}))
    assert customers[0].occurrences == ()
    assert [f.rule for f in reader.findings] == ["unknown-in-row"]


def test_made_up_customers_need_defaults() -> None:
    assert [f.rule for f in without_default(PROJECT)] == ["missing-value"]
    draw = AttributeDraw(span=NOWHERE, attribute="stars", type=Type(Base.INTEGER), cases=())
    persona = PersonaDeclared(span=NOWHERE, name="planner", draws=(draw,))
    vocabulary = Vocabulary(attributes=PROJECT.vocabulary.attributes, personas={"planner": persona})
    assert not without_default(Project(vocabulary=vocabulary))


def test_yaml_texts_are_never_resolved(tmp_path: Path) -> None:
    text = 'customers:\n  - {customer: 007, stars: 3, email_ok: no, interests: [a, "b"], first_name: ~}\n'
    customers, reader = read(tmp_path / "c.yaml", text + "  - customer: c2\n    stars: x\n")
    attributes: dict[str, Value] = {"stars": 3, "email_ok": False, "interests": ("a", "b")}
    assert customers == [Customer(key="007", attributes=attributes)]
    assert told(reader) == [("unreadable-value", 4, 12, "x")]


@pytest.mark.parametrize(
    "text",
    ["- [a]\n", "a\n", "- {customer: {a: b}}\n", "- &a {customer: c1}\n- *a\n", "- {customer: c1\n", "- !!x y\n"],
)
def test_hostile_yaml_gives_findings(tmp_path: Path, text: str) -> None:
    _, reader = read(tmp_path / "c.yml", text)
    assert reader.findings


def test_a_missing_column_is_told_once(tmp_path: Path) -> None:
    customers, reader = read(tmp_path / "c.csv", "key,stars\n" + "c1,3\n" * 50)
    assert not customers
    assert [f.rule for f in reader.findings] == ["unknown-column", "missing-column"]
    assert reader.rejected == 50
