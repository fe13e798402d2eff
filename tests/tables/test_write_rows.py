"""Results by customer and rows set aside, written to files: the same in every format, whole or not at all."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import safar
from safar import output
from safar.engine.simulate.ledger import Column
from safar.errors import RowsError, SelectionError
from safar.tables.write import writing_to

TEXT = """
customer { email_ok: yes_no = yes; name: text? private }
event joined
event order_placed { total: money }
channel email { outbound; cost 0.002 EUR per message; cost 0.01 EUR per customer; only if customer.email_ok }
persona planner "برنامه‌ریز" { share 60% }
persona hunter { share 40%; set customer.email_ok = no }
action coupon { cost 1 EUR }
journey buying {
  enter on joined
  hold out 10%
  reenter after 10d
  goal won { on order_placed within 14d; value order_placed.total }
  horizon 30d
  stage meeting {
    touchpoint hello { send email { text "Hello" }; responds { order_placed 60% after 2h with (total = 50 EUR) } }
    split test { 50% a { do coupon }; 50% b { wait 2d } }
    exit lost
  }
}
"""


@pytest.fixture
def journey(tmp_path: Path) -> Path:
    (tmp_path / "j.journey").write_text(TEXT, encoding="utf-8")
    return tmp_path / "j.journey"


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    from pyarrow.parquet import read_table

    return read_table(path).to_pylist()  # type: ignore[no-any-return]


def test_results_add_up_to_the_figures(journey: Path) -> None:
    out = journey.with_name("out.jsonl")
    figures = safar.simulate(journey, n=400, out=out).figures
    rows = read(out)
    runs = [row for row in rows if row["status"] in ("left", "unfinished")]
    assert len(runs) == figures["entered"]
    assert {row["customer"] for row in rows} == {str(n) for n in range(1, 401)}
    assert sum(row["status"] == "held_out" for row in rows) == figures["attempts"]["held_out"]
    assert sum(row["goal_won"] is not None for row in runs) == figures["goals"]["won"]["reached"]
    assert round(sum(row["cost_EUR"] for row in runs), 6) == figures["cost"]["EUR"]
    assert sum(row["revenue_EUR"] for row in runs) == figures["revenue"]["EUR"]
    assert sum(row["delivered"] for row in runs) == figures["channels"]["email"]["delivered"]
    assert sum(row["suppressed"] for row in runs) == sum(figures["channels"]["email"]["suppressed"].values())
    arms = figures["splits"]["test"]
    assert {arm: sum(row["arm_test"] == arm for row in runs) for arm in arms} == {
        arm: one["entered"] for arm, one in arms.items()
    }
    assert all(row["entered_at"] <= (row["goal_won"] or "9") for row in runs)


def spelled(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return text.replace(" ", "T").replace("+00:00", "Z").removesuffix(".0")


def test_every_format_has_the_same(journey: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    found = {}
    for ending in ("jsonl", "csv", "parquet"):
        out = journey.with_name(f"out.{ending}")
        safar.simulate(journey, n=60, out=out)
        found[ending] = [
            [
                str(cell).replace(" ", "T").replace("+00:00", "Z") if cell not in (None, "") else ""
                for cell in row.values()
            ]
            for row in read(out)
        ]
    assert found["csv"] == found["jsonl"]
    assert [[c.removesuffix(".0") for c in row] for row in found["parquet"]] == found["csv"]


def test_nobody_who_enters_is_a_row_of_his_own(journey: Path) -> None:
    (journey.with_name("c.csv")).write_text("customer\nc1\nc2\n")
    (journey.with_name("e.csv")).write_text("customer,at,event\nc1,2027-01-01T00:00Z,joined\n")
    out = journey.with_name("out.csv")
    safar.simulate(journey, customers=journey.with_name("c.csv"), events=journey.with_name("e.csv"), out=out)
    assert [(row["customer"], row["status"] != "not_entered") for row in read(out)] == [("c1", True), ("c2", False)]


def test_private_attributes_are_in_no_result(journey: Path) -> None:
    customers = journey.with_name("c.csv")
    customers.write_text("customer,name,email_ok\nc1,SECRET,yes\nc2,SECRET,perhaps\n")
    out, rejected = journey.with_name("o.csv"), journey.with_name("r.csv")
    safar.simulate(journey, customers=customers, out=out, rejected=rejected)
    assert "SECRET" not in out.read_text() + rejected.read_text()


def test_rows_set_aside_have_file_row_column_and_reason(journey: Path) -> None:
    customers = journey.with_name("c.csv")
    customers.write_text('customer,name,email_ok\nc1,"a\nb",yes\nc2,x,perhaps\nc1,x,yes\nc3,x\n,x,yes\n')
    rejected = journey.with_name("r.jsonl")
    assert safar.simulate(journey, customers=customers, rejected=rejected).figures["rejected_rows"] == 4
    assert [(row["line"], row["row"], row["column"], row["rule"]) for row in read(rejected)] == [
        (4, 3, "email_ok", "unreadable-value"),
        (5, 4, "customer", "duplicate-row"),
        (6, 5, None, "broken-row"),
        (7, 6, "customer", "missing-value"),
    ]
    assert all(row["file"] == customers.as_posix() and row["reason"] for row in read(rejected))


def test_of_rows_without_a_needed_column_each_is_set_aside(journey: Path) -> None:
    customers = journey.with_name("c.jsonl")
    customers.write_text('{"name": "a"}\n{"name": "b"}\n{"customer": "c"}\n')
    rejected = journey.with_name("r.csv")
    safar.simulate(journey, customers=customers, rejected=rejected)
    assert [(row["row"], row["rule"]) for row in read(rejected)] == [("1", "missing-column"), ("2", "missing-column")]


@pytest.mark.parametrize("strict", [False, True])
def test_rows_set_aside_are_written_also_where_nothing_is_left(journey: Path, strict: bool) -> None:
    customers = journey.with_name("c.csv")
    customers.write_text("customer,email_ok\nc1,perhaps\nc2,perhaps\n")
    with pytest.raises(RowsError):
        safar.simulate(journey, customers=customers, strict=strict, rejected=journey.with_name("r.csv"))
    assert len(read(journey.with_name("r.csv"))) == (1 if strict else 2)


def test_an_ending_that_tells_no_format_is_told_before_anything_is_done(journey: Path) -> None:
    with pytest.raises(SelectionError, match=r"out\.xlsx has no ending .* \.parquet"):
        safar.simulate(journey, out=journey.with_name("out.xlsx"))
    with pytest.raises(SelectionError, match=r"r\.txt has no ending"):
        safar.simulate(journey, rejected=journey.with_name("r.txt"))


class _Full(output._Told):
    """A disk on which there is room for 2,000 bytes."""

    written = 0

    def write(self, data: Any, /) -> int:
        type(self).written += len(data)
        if type(self).written > 2000:
            with output._faults(self._known_as):
                raise OSError(28, os.strerror(28))
        return super().write(data)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_on_a_full_disk_the_old_file_stays(ending: str, journey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if ending == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    out = journey.with_name(f"out.{ending}")
    out.write_text("old")
    monkeypatch.setattr(_Full, "written", 0)
    monkeypatch.setattr(output, "_Told", _Full)
    with pytest.raises(OSError, match=rf"out\.{ending} cannot be written: No space left on device"):
        safar.simulate(journey, n=300, out=out)
    assert out.read_text() == "old"
    assert {path.name for path in journey.parent.iterdir()} == {"j.journey", out.name}


@pytest.mark.skipif(sys.platform != "linux", reason="needs ulimit of bash")
@pytest.mark.parametrize("option", ["--out full.csv", "--traces full.jsonl", "--json full.json"])
def test_the_command_says_so_in_one_line_with_exit_code_2(option: str, journey: Path) -> None:
    command = f"ulimit -f 1; exec {sys.executable} -m safar simulate j.journey -n 100 -q {option}"
    done = subprocess.run(["bash", "-c", command], cwd=journey.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "cannot be written: File too large" in done.stderr
    assert [path.name for path in journey.parent.iterdir()] == ["j.journey"]


def test_an_unknown_engine_is_told(journey: Path) -> None:
    with pytest.raises(SelectionError, match="there is no engine `turbo`; take one of auto, fast, plain"):
        safar.simulate(journey, n=10, engine="turbo")  # type: ignore[arg-type]
    command = [sys.executable, "-m", "safar", "simulate", str(journey), "--engine", "turbo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "'turbo' is not one of" in done.stderr


def test_a_writer_that_gives_up_is_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A Parquet file that is broken off would write its end, into a file that is closed, when it is forgotten."""
    for ending in (".csv", ".jsonl", ".parquet"):
        if ending == ".parquet":
            pytest.importorskip("pyarrow", reason="pyarrow is not installed")
        path = tmp_path / f"out{ending}"
        with pytest.raises(KeyboardInterrupt), writing_to(path, [Column("a", "whole")]) as add:
            add({"a": 1})
            raise KeyboardInterrupt
        gc.collect()
        assert not list(tmp_path.iterdir())
    assert capsys.readouterr().err == ""
