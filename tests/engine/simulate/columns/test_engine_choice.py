"""Which engine is taken, what it says of itself, and whom it leaves to the plain interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.simulate.columns import chronicle
from safar.engine.simulate.columns.column import NotInColumns
from safar.engine.simulate.columns.effects import Setting
from safar.engine.simulate.ledger import Record
from safar.engine.simulate.population import Generated, simulate
from safar.engine.simulate.results import as_json
from safar.engine.simulate.world import Customer, Occurrence

ROOT = Path(__file__).parents[4]
SHOP = """
customer { visits: integer = 0 }
event came { order: text? }
event bought { total: money?; then set customer.visits = customer.visits + 1 }
channel email { outbound; cost 0.01 EUR per message }
persona one { share 40% }
persona two { share 60% }
journey shop {
  enter on came
  goal sold { on bought within 5d; value bought.total }
  horizon 30d
  behaves { bought 2% per day with (total = 3 EUR) }
  stage asking {
    touchpoint offer {
      send email { text "Hello" }
      responds { bought 30% after about 1d with (total = 9 EUR to 20 EUR) }
    }
    wait for bought(offer) up to 2d { exit won }
    touchpoint again { send email { text "Hello" } }
    wait 3d
    exit lost
  }
}
"""


@pytest.fixture
def shop() -> Project:
    return read_text(SHOP).project


def told(project: Project, journey: str = "shop", **options: Any) -> dict[str, Any]:
    return as_json(simulate(project, journey, **options))


def without_engine(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if name not in ("engine", "stepped")}


def test_many_customers_are_lived_through_in_columns(shop: Project) -> None:
    few, many = told(shop, n=999), told(shop, n=1_000)
    assert (few["engine"], few["stepped"]) == ("plain", {"customers": 999, "share": 1, "reasons": {}})
    assert (many["engine"], many["stepped"]) == ("fast", {"customers": 0, "share": 0, "reasons": {}})
    assert told(shop, n=1_000, engine="plain")["engine"] == "plain"
    assert told(shop, n=5, engine="fast")["engine"] == "fast"


def test_engines_give_the_same_figures(shop: Project) -> None:
    assert without_engine(told(shop, n=1_500)) == without_engine(told(shop, n=1_500, engine="plain"))


def test_what_cannot_be_had_in_columns_is_said() -> None:
    project = read_text(SHOP.replace("enter on came", "enter on came per order; enter on came if no")).project
    found = told(project, n=1_200)
    reason = "entries `per` several fields, or by one event with and without `per`"
    assert found["engine"] == "plain"
    assert found["stepped"] == {
        "customers": 1_200,
        "share": 1,
        "reasons": {reason: 1_200},
    }


@pytest.mark.parametrize("of_a_file", [False, True])
def test_stories_and_rows_come_in_the_order_of_the_customers(
    shop: Project, of_a_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several blocks, of personas in turn, and of customers with happenings of their own between the others."""
    monkeypatch.setattr(chronicle, "BLOCK", 17)

    def lived(engine: str) -> tuple[list[str], list[Record]]:
        lines, records = list[str](), list[Record]()
        given: dict[str, Any] = {"customers": customers_of_a_file()} if of_a_file else {}
        wanted: dict[str, Any] = {"traces": lines.append, "results": lambda named: records.append}
        found = told(shop, n=90, engine=engine, **wanted, **given)
        assert found["engine"] == engine
        return lines, records

    fast, plain = lived("fast"), lived("plain")
    assert len(plain[0]) > 100 and len(plain[1]) > 40
    assert fast == plain


def customers_of_a_file() -> list[Customer]:
    ordinary = [Customer(key=f"c{n}", persona="one" if n % 3 else None, attributes={"visits": n}) for n in range(40)]
    bought = Occurrence(at=1_800_000_000, event="bought", payload={"total": 70_000})
    scripted = Customer(key="scripted", occurrences=(Occurrence(at=1_799_000_000, event="came"), bought))
    return [*ordinary[:20], scripted, *ordinary[20:], Customer(key="absent", arrives=False)]


def test_customers_of_a_file(shop: Project) -> None:
    """Those to whom something of their own happens are stepped, the others are not."""
    fast, plain = (told(shop, customers=customers_of_a_file(), engine=engine) for engine in ("fast", "plain"))
    assert without_engine(fast) == without_engine(plain)
    assert fast["stepped"] == {"customers": 2, "share": 0.047619, "reasons": {"happenings of their own": 2}}


def test_portions_add_up(shop: Project) -> None:
    whole = simulate(shop, "shop", n=2_000)
    parts = [
        simulate(shop, "shop", n=2_000, customers=Generated(shop, 1, whole.start, first, last))
        for first, last in ((1, 700), (701, 701), (702, 2_000))
    ]
    for part in parts[1:]:
        parts[0].counts["shop"].merge(part.counts["shop"])
        parts[0].total.merge(part.total)
    assert as_json(parts[0]) == as_json(whole)


def test_progress_is_told(shop: Project) -> None:
    seen: list[tuple[int, int]] = []
    told(shop, n=1_000, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (1_000, 1_000)


def test_whom_columns_cannot_follow_is_stepped(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk is lived through again without him, and he by himself: the figures are the same."""
    original = Setting.do

    def doubtful(self: Setting, chunk: Any, look: Any) -> None:
        rows = [row for row in range(3, chunk.n, 50) if row in set(look.batch.rows.tolist())]
        if rows:
            chunk.step(rows, "doubt")
        original(self, chunk, look)

    monkeypatch.setattr(Setting, "do", doubtful)
    found = told(shop, n=1_000)
    monkeypatch.undo()
    assert 0 < found["stepped"]["customers"] <= 20
    assert found["stepped"]["reasons"] == {"doubt": found["stepped"]["customers"]}
    assert without_engine(found) == without_engine(told(shop, n=1_000, engine="plain"))


def test_a_chunk_that_fails_is_stepped(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Setting, chunk: Any, look: Any) -> None:
        raise NotInColumns("a value that has no column")

    monkeypatch.setattr(Setting, "do", fails)
    found = told(shop, n=1_000)
    assert found["stepped"] == {"customers": 1_000, "share": 1, "reasons": {"a value that has no column": 1_000}}
    monkeypatch.undo()
    assert without_engine(found) == without_engine(told(shop, n=1_000, engine="plain"))


# --- the same bits everywhere

DIGESTS = ROOT / "tests" / "engine" / "simulate" / "columns" / "digests.json"
PROGRAM = """
import hashlib, json, sys
from tests.engine.simulate.columns.test_engines_agree import example
from safar.engine.simulate.partition import encode, tally
from safar.engine.simulate.population import simulate
found = {}
for name in sys.argv[1:]:
    result = simulate(example(name), name, n=3_000)
    assert result.total.numbers.pop(("fast",)) == 3_000
    for counts in (result.total, *result.counts.values()):
        counts.numbers = dict(sorted(counts.numbers.items()))
        counts.times = {goal: counts.times[goal] for goal in sorted(counts.times)}
        counts.sums = dict(sorted(counts.sums.items()))
        for times in counts.times.values():
            times.classes = dict(sorted(times.classes.items()))
    found[name] = hashlib.sha256(encode(tally(result))).hexdigest()
print(json.dumps(found, indent=2))
"""
NAMES = ("reference", "abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")


def digests(**environment: str) -> dict[str, str]:
    """Of the figures of all, as a process of its own finds them."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *NAMES], env=given, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "TZ": "UTC"},
        {"PYTHONHASHSEED": "7", "TZ": "America/New_York", "LC_ALL": "fa_IR.UTF-8", "LANG": "fa_IR.UTF-8"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3"},
    ],
    ids=["plain", "another clock and language", "an old processor"],
)
def test_the_same_bits_everywhere(environment: dict[str, str]) -> None:
    """A change here changes every result: then say so in CHANGELOG.md, and write the new digests."""
    assert digests(**environment) == json.loads(DIGESTS.read_text(encoding="utf-8"))
