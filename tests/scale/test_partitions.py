"""A population in portions gives the same bits as in one piece, whoever lives through them."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

import safar
from safar.engine.simulate import life
from safar.engine.simulate.counts import Counts
from safar.engine.simulate.partition import Tally, decode, encode
from safar.engine.simulate.statistics import Times
from safar.errors import RuntimeLimitError, SelectionError, WorkerLostError
from safar.filed import Filed
from safar.scale import cluster, divided, starting

TEXT = """
customer { orders: integer = 0; email_ok: yes_no = yes }
event joined
event order_placed { total: money; id: text? key }
channel email { outbound; cost 0.002 EUR per message; cost 0.01 EUR per customer; only if customer.email_ok }
persona planner { share 60% }
persona hunter { share 40%; set customer.orders = 1 to 5 }
journey buying {
  enter on joined
  hold out 10%
  reenter after 10d
  goal won { on order_placed within 14d; target at least 30%; value order_placed.total }
  measure paid = average(order_placed.total)
  measure slow = time from joined to order_placed
  horizon 30d
  stage meeting {
    touchpoint hello {
      send email { text "Hello" }
      responds { order_placed 60% after 2h with (total = 5 EUR to 50 EUR) }
    }
    split test { 50% a { wait 1d }; 50% b { wait 2d } }
    exit lost
  }
}
journey second { enter on order_placed
 stage s { wait 3d } }
"""
PORTIONS = (2, 7)


@pytest.fixture
def journey(tmp_path: Path) -> Path:
    (tmp_path / "j.journey").write_text(TEXT, encoding="utf-8")
    return tmp_path / "j.journey"


def run(journey: Path, **options: Any) -> tuple[str, bytes, str]:
    """Figures, results and traces."""
    out = journey.with_name("out.csv")
    traces: list[str] = []
    name = journey if options.get("together") else f"{journey}:buying"
    made = safar.simulate(name, out=out, traces=traces.append, **options)
    return json.dumps(made.figures), out.read_bytes(), "".join(traces)


def customers(folder: Path) -> Path:
    """With bad rows, and customers that stand there twice, also far from each other."""
    rows = [f"{n},{n % 5},yes" for n in range(600)]
    rows[400], rows[30], rows[599], rows[300] = "3,1,yes", "31,x,yes", "3,1,yes", "c300"
    (folder / "c.csv").write_text("customer,orders,email_ok\n" + "\n".join(rows) + "\n")
    return folder / "c.csv"


def events(folder: Path) -> Path:
    lines = [f"{n},2027-01-0{1 + n % 9}T00:00Z,joined,," for n in range(0, 600, 3)]
    lines += [f"{n},2027-01-1{n % 9}T00:00Z,order_placed,12 EUR,{n % 4}" for n in range(0, 600, 6) for _ in range(2)]
    (folder / "e.csv").write_text("customer,at,event,total,id\n" + "\n".join(lines) + "\n")
    return folder / "e.csv"


def made_up(_: Path) -> dict[str, Any]:
    return {"n": 300}


def all_together(_: Path) -> dict[str, Any]:
    return {"n": 200, "together": True}


def of_csv(folder: Path) -> dict[str, Any]:
    return {"customers": customers(folder)}


def with_events(folder: Path) -> dict[str, Any]:
    return {"customers": customers(folder), "events": events(folder)}


def of_events(folder: Path) -> dict[str, Any]:
    return {"events": events(folder)}


def of_parquet(folder: Path) -> dict[str, Any]:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow.parquet import write_table

    table = pyarrow.table({"customer": [n % 590 for n in range(600)], "orders": [n % 5 for n in range(600)]})
    write_table(table, folder / "c.parquet", row_group_size=80)
    return {"customers": folder / "c.parquet"}


@pytest.mark.parametrize("kind", [made_up, all_together, of_csv, with_events, of_events, of_parquet])
def test_portions_change_no_bit(kind: Callable[[Path], dict[str, Any]], journey: Path) -> None:
    options = kind(journey.parent)
    whole = run(journey, **options)
    assert len(whole[2]) > 10_000
    for parts in PORTIONS:
        assert run(journey, partitions=parts, **options) == whole
    assert not list(journey.parent.glob(".safar-*"))


def test_the_fast_engine_too_gives_the_same_in_portions(journey: Path) -> None:
    name, n = f"{journey}:buying", 2_000
    plain = safar.simulate(name, n=n, engine="plain").figures
    fast = [
        safar.simulate(name, n=n, engine="fast", partitions=parts, workers=workers).figures
        for parts, workers in ((1, 1), (2, 1), (7, 1), (4, 2))
    ]
    assert fast[0]["engine"] == "fast" and fast[1:] == [fast[0]] * 3
    about = ("engine", "stepped")
    assert [{k: v for k, v in one.items() if k not in about} for one in (fast[0], plain)] == [
        {k: v for k, v in plain.items() if k not in about}
    ] * 2


def test_counts_are_sent_exactly() -> None:
    times = Times()
    for seconds in (1, 86_400, 10**12):
        times.add(seconds)
    counts = Counts({("cost", "EUR"): 2**80, ("a", "ب", ""): -1}, {"g": times}, {"x": Fraction(1, 3)}, 2**70)
    part = Tally({"j": counts}, Counts())
    assert decode(encode(part)) == part
    with pytest.raises(ValueError):
        decode(b'[{"j": {}}, 1]')


def test_processes_change_no_bit_and_neither_does_the_loss_of_one(journey: Path) -> None:
    options = of_csv(journey.parent)
    whole = run(journey, **options)
    killed: list[int] = []

    def kill_one(_done: int, _total: int) -> None:
        if not killed and (children := multiprocessing.active_children()):
            killed.append(children[0].pid or 0)
            os.kill(killed[0], signal.SIGKILL)

    assert run(journey, workers=2, partitions=7, progress=kill_one, **options) == whole
    assert killed


def test_the_loss_of_the_process_that_workers_are_copies_of(journey: Path) -> None:
    """Workers that are begun already go on; others begin from a new one."""
    if starting.METHOD != "forkserver":
        pytest.skip("each worker is a process of its own here")
    whole = run(journey, n=400)
    starting.warm_up()
    pid = getattr(forkserver, "_forkserver")._forkserver_pid  # noqa: B009
    os.kill(pid, signal.SIGKILL)
    assert run(journey, n=400, workers=2, partitions=7) == whole


@pytest.mark.parametrize(("n", "workers"), [(1, 2), (999, 3), (10_000, 1), (54_321, 7), (40_000_000, 2)])
def test_falling_portions_are_all_of_them(n: int, workers: int) -> None:
    found = divided.falling(n, workers)
    assert [one.first for one in found] == [1, *(one.last + 1 for one in found[:-1])] and found[-1].last == n
    assert all(one.size == one.last - one.first + 1 > 0 for one in found)
    sizes = [one.size for one in found]
    assert max(sizes) <= divided.LARGEST and min(sizes[:-workers], default=n) >= min(n, divided.SMALLEST)
    assert sum(sizes[-workers:]) <= max(n / 8, workers * divided.SMALLEST)


@pytest.mark.skipif(sys.platform != "linux", reason="needs ulimit of bash")
@pytest.mark.parametrize(
    ("option", "words"),
    [("--out full.csv", "full.csv cannot be written: "), ("--traces full.jsonl", "traces cannot be kept in ")],
)
def test_a_full_disk_is_told_by_the_name_that_was_given(option: str, words: str, journey: Path) -> None:
    command = f"ulimit -f 1; exec {sys.executable} -m safar simulate {journey}:second -n 2000 -q --workers 2 {option}"
    done = subprocess.run(["bash", "-c", command], cwd=journey.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert words in done.stderr and ".safar-" not in done.stderr
    assert not {".csv", ".jsonl"} & {path.suffix for path in journey.parent.iterdir()}


def test_progress_comes_to_its_end(journey: Path) -> None:
    told: list[tuple[int, int]] = []
    run(journey, n=300, partitions=7, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (300, 300) and len(told) == 7 and told == sorted(told)


def test_processes_that_are_lost_every_time_are_an_error(journey: Path) -> None:
    over = threading.Event()

    def kill_all() -> None:
        while not over.is_set():
            for child in multiprocessing.active_children():
                child.kill()
            time.sleep(0.01)

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(WorkerLostError, match="lost 3 times over"):
            run(journey, n=100, workers=2)
    finally:
        over.set()
        killer.join()
    assert not list(journey.parent.glob(".safar-*"))
    assert not journey.with_name("out.csv").exists()


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_changes_no_bit(journey: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: portions by a cluster are not tried")
    options = of_csv(journey.parent)
    whole = run(journey, **options)
    with cluster.local(2) as address:
        for parts in PORTIONS:
            assert run(journey, cluster=address, partitions=parts, **options) == whole


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "foo://bar"])
def test_an_address_where_no_scheduler_answers(address: str, journey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    with pytest.raises(SelectionError, match="no Dask scheduler answers"):
        safar.simulate(f"{journey}:buying", n=10, cluster=address)


def test_without_dask_a_cluster_says_what_to_install(journey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "is_installed", lambda: False)
    with pytest.raises(SelectionError, match=r"pip install safar\[dask\]"):
        safar.simulate(f"{journey}:buying", n=10, cluster="tcp://127.0.0.1:9")


def test_a_file_that_changes_meanwhile_is_told(journey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = customers(journey.parent)
    portions = Filed.portions

    def change_first(self: Filed, parts: int) -> Iterator[Any]:
        path.write_text("\n".join(path.read_text().splitlines()[:-100]))
        return portions(self, parts)

    monkeypatch.setattr(Filed, "portions", change_first)
    with pytest.raises(SelectionError, match=r"596 customers were counted, but 4.. found"):
        safar.simulate(f"{journey}:buying", customers=path, partitions=3)


def test_a_limit_is_told_as_in_one_piece(journey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "MOST_STEPS", 1)
    said = set()
    for parts in (1, 3):
        with pytest.raises(RuntimeLimitError) as wrong:
            safar.simulate(f"{journey}:buying", n=10, partitions=parts)
        said.add(str(wrong.value))
    assert len(said) == 1 and "steps at one instant" in said.pop()


def test_results_into_a_folder_that_is_not_there(journey: Path) -> None:
    with pytest.raises(OSError, match="there is no folder"):
        safar.simulate(f"{journey}:buying", n=10, partitions=2, out=journey.with_name("no") / "out.csv")
