"""Files of customers as rows: each format alike, from the beginning and from the middle, whole and broken."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from safar.dsl.read import read_text
from safar.engine.diagnostic import Diagnostic
from safar.engine.simulate.customers import Reader
from safar.engine.simulate.rows import Row
from safar.tables import parquet
from safar.tables.location import location
from safar.tables.read import read_rows
from safar.tables.stretch import MOST_MARKS, Mark, Rows

PROJECT = read_text(
    """customer { orders: integer = 0; share: percent?; likes: list of text; since: date?; member: yes_no = no
  شهر: text?; spent: money?; seen: time? }
journey j { stage s { wait 1d } }"""
).project
COUNT = 8_300


def rows(path: Path, wanted: Rows | None = None) -> list[Row | Diagnostic]:
    return list(read_rows(path, wanted=wanted))


def write_csv(path: Path) -> Path:
    lines = (f'c{n},"{n % 7}\n"' if n == 5 else f"c{n},{n % 7}" for n in range(COUNT))
    path.write_text("customer,orders\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_gzip(path: Path) -> Path:
    write_csv(path.with_suffix(""))
    path.write_bytes(gzip.compress(path.with_suffix("").read_bytes()))
    return path


def write_utf_16(path: Path) -> Path:
    text = write_csv(path).read_text(encoding="utf-8").replace(",", "\t")
    path.write_text(text, encoding="utf-16")
    return path


def write_json(path: Path) -> Path:
    path.write_text("".join(json.dumps({"customer": f"c{n}", "orders": n % 7}) + "\n" for n in range(COUNT)))
    return path


def write_parquet(path: Path) -> Path:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow.parquet import write_table

    table = pyarrow.table({"customer": [f"c{n}" for n in range(COUNT)], "orders": [n % 7 for n in range(COUNT)]})
    write_table(table, path, row_group_size=3000)
    return path


FILES = [
    pytest.param(write_csv, "c.csv", id="csv"),
    pytest.param(write_gzip, "c.csv.gz", id="gzip"),
    pytest.param(write_utf_16, "c.tsv", id="utf-16"),
    pytest.param(write_json, "c.jsonl", id="jsonl"),
    pytest.param(write_parquet, "c.parquet", id="parquet"),
]


@pytest.mark.parametrize(("write", "name"), FILES)
def test_a_file_read_in_parts_is_the_file(write: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name)
    marking = Rows()
    whole = [(row.number, row.cells) for row in rows(path, marking) if isinstance(row, Row)]
    assert len(whole) == COUNT
    for count in (1, 2, 7):
        parts = [rows(path, part) for part in marking.parts(count)]
        assert len(parts) == count
        assert [(row.number, row.cells) for part in parts for row in part if isinstance(row, Row)] == whole
        assert min(map(len, parts)) > 0.8 * COUNT / count


def test_marks_of_a_long_file_stay_few() -> None:
    marking = Rows()
    for row in range(1_000_000):
        marking.reach(row, row, lambda: 0)
    assert 2000 < len(marking.marks) <= MOST_MARKS and marking.every == 256
    begins = [part.begin.row for part in marking.parts(4) if part.begin]
    assert [round(row, -3) for row in begins] == [0, 250_000, 500_000, 750_000]


@pytest.mark.parametrize(("write", "name"), FILES)
def test_customers_are_the_same_whatever_the_format(write: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    reader = Reader(PROJECT)
    customers = list(reader.customers(read_rows(write(tmp_path / name))))
    assert reader.findings == []
    assert [(one.key, one.attributes["orders"]) for one in customers] == [(f"c{n}", n % 7) for n in range(COUNT)]


def customers(path: Path) -> tuple[list[dict[str, object]], list[Diagnostic]]:
    reader = Reader(PROJECT)
    found: list[dict[str, object]] = [
        {"customer": one.key, **one.attributes} for one in reader.customers(read_rows(path))
    ]
    return found, reader.findings


def parquet_of(folder: Path, **columns: object) -> Path:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow.parquet import write_table

    write_table(pyarrow.table(columns), folder / "c.parquet")
    return folder / "c.parquet"


def test_values_of_parquet_columns_are_spelled_as_the_language_spells_them(tmp_path: Path) -> None:
    path = parquet_of(
        tmp_path,
        customer=[7, 8],
        orders=[3.0, None],
        since=[datetime.datetime(2027, 1, 5), None],
        member=[True, False],
        likes=[["sport", "books"], []],
        seen=[datetime.datetime(2027, 1, 5, 9, tzinfo=datetime.UTC), None],
        شهر=["تهران", None],
    )
    (first, second), findings = customers(path)
    assert findings == []
    assert first == {
        "customer": "7",
        "orders": 3,
        "since": datetime.date(2027, 1, 5),
        "member": True,
        "likes": ("sport", "books"),
        "seen": 1_799_139_600,
        "شهر": "تهران",
    }
    assert second == {"customer": "8", "member": False, "likes": ()} | {
        name: value for name, value in second.items() if name not in ("customer", "member", "likes")
    }


def test_a_bad_value_in_parquet_names_row_and_column(tmp_path: Path) -> None:
    found, findings = customers(parquet_of(tmp_path, customer=["a", "b"], orders=["1", "x"]))
    assert [one["customer"] for one in found] == ["a"]
    assert findings[0].message.startswith("row 2, column `orders`")
    assert findings[0].span.source.position(findings[0].span.start)[0] == 2


@pytest.mark.parametrize("length", [0, 3, 200, 0.5])
def test_parquet_cut_short_is_one_finding(length: float, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "c.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(length * len(whole)) if isinstance(length, float) else length])
    found, findings = customers(path)
    assert found == []
    assert [(one.rule, "is no whole Parquet file" in one.message) for one in findings] == [("unreadable-file", True)]


def test_damage_in_the_middle_of_parquet_is_told_and_stops(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "c.parquet")
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 3 : len(damaged) // 2] = b"\xff" * (len(damaged) // 2 - len(damaged) // 3)
    path.write_bytes(damaged)
    _, findings = customers(path)
    assert findings and findings[-1].rule == "unreadable-file"


def test_columns_that_hold_no_plain_values_are_named(tmp_path: Path) -> None:
    _, findings = customers(parquet_of(tmp_path, customer=["a"], more=[{"a": 1}]))
    assert [(one.rule, "column `more`" in one.message) for one in findings] == [("unreadable-file", True)]


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_parquet(tmp_path / "c.parquet")
    monkeypatch.setattr(parquet, "is_installed", lambda: False)
    _, (finding,) = customers(path)
    assert "pyarrow" in finding.message and "pip install safar[parquet]" in finding.help


def test_decimals_and_floats_are_not_rounded() -> None:
    spelled = [parquet._plain(value) for value in (Decimal("12.500"), 1e21, -0.1, float("inf"))]
    assert spelled == ["12.5", "1000000000000000000000", "-0.1", ""]


def test_persian_headings_and_digits(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("\ufeffcustomer;orders;شهر;share;since\nc1;۱۲;تهران;۱۲٪;۲۰۲۷-۰۳-۲۱\n", encoding="utf-8")
    (one,), findings = customers(path)
    assert findings == []
    assert (one["orders"], one["شهر"], one["share"], one["since"]) == (12, "تهران", 0.12, datetime.date(2027, 3, 21))


@pytest.mark.parametrize("end", [b"", b"\xff", b"\xff\xfe\x00\xd8", b"\xff\xfea"])
def test_odd_beginnings_are_read_or_told(end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(end)
    found, findings = customers(path)
    assert found == [] and all(one.message for one in findings)


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"no gzip" + b, lambda b: b[:40] + b[60:]])
def test_damaged_gzip_is_told(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = write_gzip(tmp_path / "c.csv.gz")
    path.write_bytes(damage(path.read_bytes()))
    _, findings = customers(path)
    assert "unreadable-file" in {one.rule for one in findings}


@pytest.mark.parametrize("name", ["c.jsonl", "c.csv"])
def test_empty_rows_come_to_an_end(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((b"" if "jsonl" in name else b"customer\n") + b"\n" * 1_100_000)
    found, findings = customers(path)
    assert found == []
    assert "row 10485" in findings[0].message and "nothing behind it is read" in findings[0].message


def test_a_packed_file_that_grows_without_bound_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"customer": "a"}' + b" " * 80_000_000 + b"\n", 9))
    _, findings = customers(path)
    assert "unpacks to more than" in findings[0].message


@pytest.mark.parametrize("name", ["c.txt", "c", "c.gz", "c.parquet.gz", "c.yaml.gz", "c.xlsx"])
def test_other_endings_are_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"customer\na\n")
    _, (finding,) = customers(tmp_path / name)
    assert finding.rule == "unreadable-file" and ".parquet" in finding.help


@pytest.mark.parametrize(("write", "name"), FILES)
def test_files_are_read_by_their_address_too(write: Callable[[Path], Path], name: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = write(tmp_path / name)
    address = location(path.as_uri())
    assert isinstance(address, str)
    begin = Rows(begin=Mark(2, 2, 16)) if name == "c.csv" else None
    cells = [row.cells for row in read_rows(address, wanted=begin) if isinstance(row, Row)]
    assert cells == [row.cells for row in rows(path) if isinstance(row, Row)]


@pytest.mark.parametrize("address", ["file:///nowhere/c.csv", "nothing://b/c.csv", "file:///nowhere/c.xlsx"])
def test_addresses_where_nothing_is_are_told(address: str) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    (finding,) = read_rows(location(address))
    assert isinstance(finding, Diagnostic) and finding.rule == "unreadable-file" and address in finding.message
