"""Hostile files: each is one finding, fast and small, and never a fault."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
FILES = HERE / "files"
BIG = runpy.run_path(str(HERE / "big.py"))
SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
SECONDS, MEGABYTES = 2.0, 256

Job = dict[str, Any]
Row = dict[str, Any]

CHECK = ["check", "--ignore", "unused-declaration", "--fail-level", "warning", "--format", "json"]


def ran(jobs: list[Job]) -> dict[str, Row]:
    """What came of each command; a slow one has a second try, since a busy neighbour on a core doubles its time."""
    rows = _ran(jobs)
    slow = [job for job in jobs if rows[job["name"]]["seconds"] > SECONDS]
    return {**rows, **_ran(slow)} if slow else rows


def _ran(jobs: list[Job]) -> dict[str, Row]:
    """In a process of its own for all of them."""
    given = json.dumps(jobs)
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-P", str(HERE / "run.py")]
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, env=environment, timeout=600, check=False
    )
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    missing = [job["name"] for job in jobs if job["name"] not in rows]
    assert not missing, f"ended at {missing[0]}: {done.stderr[-500:]}"
    return rows


def unwell(row: Row, codes: tuple[int, ...]) -> list[str]:
    """What is wrong with the outcome of one command."""
    wrong = []
    if row["code"] not in codes:
        wrong.append(f"exit {row['code']}: {row['told'][:200]}")
    if row["seconds"] > SECONDS:
        wrong.append(f"{row['seconds']:.1f} s")
    if row["peak"] > MEGABYTES:
        wrong.append(f"{row['peak']} MB")
    said = row["out"] + row["told"]
    if "Traceback" in said or re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", row["told"]):
        wrong.append(f"says {said[:200]!r}")
    return [f"{row['name']}: {one}" for one in wrong]


def findings(row: Row) -> list[Any]:
    return list(json.loads(row["out"])["findings"])


def not_one(rows: dict[str, Row]) -> list[str]:
    """What is wrong with the outcomes of checks, each of which must give one finding."""
    wrong = [one for row in rows.values() for one in unwell(row, (1, 5))]
    told = {name: [one["rule"] for one in findings(row)] for name, row in rows.items()}
    return wrong + [f"{name}: {len(rules)} findings: {rules[:3]}" for name, rules in told.items() if len(rules) != 1]


def small(kind: str, name: str) -> list[Job]:
    return [
        {"name": str(file.relative_to(FILES)), "folder": str(file.parent), "arguments": [*CHECK, file.name]}
        for file in sorted((FILES / kind).glob(name))
    ]


@pytest.mark.parametrize("kind", ["dsl", "yaml", "expressions"])
def test_small_files(kind: str) -> None:
    assert not_one(ran(small(kind, "*.journey*"))) == []


def in_folders(kind: str, *what: str) -> list[Job]:
    return [
        {"name": f"{kind}/{folder.name}", "folder": str(folder), "arguments": [*CHECK, *what]}
        for folder in sorted((FILES / kind).iterdir())
    ]


def test_used_files() -> None:
    assert not_one(ran(in_folders("use", "main.journey"))) == []


def test_settings() -> None:
    rows = ran(in_folders("settings"))
    wrong = [one for row in rows.values() for one in unwell(row, (2,))]
    wrong += [name for name, row in rows.items() if len(findings(row)) != 1]
    assert wrong == []


def simulated(kind: str, files: list[Path]) -> list[Job]:
    arguments = ["simulate", "shop.journey", "--json", "-", "-q", f"--{kind}"]
    return [{"name": file.name, "folder": str(HERE), "arguments": [*arguments, str(file)]} for file in files]


@pytest.mark.parametrize("kind", ["customers", "events"])
def test_rows(kind: str) -> None:
    """Rows that cannot be used are set aside with a finding; without any other row nothing is run."""
    rows = ran(simulated(kind, sorted((FILES / kind).iterdir())))
    assert [one for row in rows.values() for one in unwell(row, (0, 1, 2))] == []
    assert [name for name, row in rows.items() if row["told"] == ""] == []


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def test_big_texts(tmp_path: Path) -> None:
    jobs = [
        {"name": file.name, "folder": str(tmp_path), "arguments": [*CHECK, file.name]}
        for file in written(tmp_path, BIG["texts"]())
    ]
    assert not_one(ran(jobs)) == []


def test_many_files(tmp_path: Path) -> None:
    jobs = []
    for name, texts in BIG["folders"]().items():
        (tmp_path / name).mkdir()
        written(tmp_path / name, texts)
        jobs.append({"name": name, "folder": str(tmp_path / name), "arguments": [*CHECK, "main.journey"]})
    assert not_one(ran(jobs)) == []


def test_graphs(tmp_path: Path) -> None:
    jobs = [
        {"name": file.name, "folder": str(tmp_path), "arguments": [*CHECK, file.name]}
        for file in written(tmp_path, BIG["graphs"]())
    ]
    assert not_one(ran(jobs)) == []


def test_big_rows(tmp_path: Path) -> None:
    rows = ran(simulated("customers", written(tmp_path, BIG["rows"]())))
    assert [one for row in rows.values() for one in unwell(row, (0, 1, 2, 5))] == []


def test_a_million_rows(tmp_path: Path) -> None:
    """Good rows are no attack and may take their time, in proportion, and hardly any memory: a tenth here, or fewer.

    A million take 100 s of a core and 152 MB (`SAFAR_TEST_SCALE=5`).
    """
    most = int(200_000 * min(SCALE, 5))
    counts = most // 4, most
    texts = {f"rows_{size}.csv": "customer,orders\n" + "".join(f"c{n},1\n" for n in range(size)) for size in counts}
    jobs = [{**job, "seconds": 10 + most / 2_000} for job in simulated("customers", written(tmp_path, texts))]
    few, many = ran(jobs).values()
    assert (few["code"], many["code"]) == (0, 0)
    assert many["seconds"] < 6 * few["seconds"] + 1
    assert many["peak"] < 128 + most / 2_000


def test_what_is_no_file(tmp_path: Path) -> None:
    """Links, pipes and folders with the names of files: none is followed, opened or waited for."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.journey").write_text("TOP-SECRET-TOKEN\n", encoding="utf-8")
    (outside / "secret.csv").write_text("customer,orders\nTOP-SECRET-TOKEN,x\n", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.journey").symlink_to(outside / "secret.journey")
    (inside / "dangling.journey").symlink_to(outside / "nothing.journey")
    (inside / "loop.journey").symlink_to(inside / "loop.journey")
    (inside / "folder.journey").mkdir()
    (inside / "linked").symlink_to(outside)
    (inside / "device.journey").symlink_to("/dev/zero")
    (inside / "link.csv").symlink_to(outside / "secret.csv")
    (inside / "folder.csv").mkdir()
    names = ["link", "folder", "device", "used_link", "used_through", "used_pipe"]
    (inside / "used_link.journey").write_text('use "link.journey"\n', encoding="utf-8")
    (inside / "used_through.journey").write_text('use "linked/secret.journey"\n', encoding="utf-8")
    (inside / "used_pipe.journey").write_text('use "pipe.journey"\n', encoding="utf-8")
    rows = ["link.csv", "folder.csv", "linked/secret.csv"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(inside / "pipe.journey")
        os.mkfifo(inside / "pipe.csv")
        names.append("pipe")
        rows.append("pipe.csv")
    jobs = [{"name": name, "folder": str(inside), "arguments": [*CHECK, f"{name}.journey"]} for name in names]
    arguments = ["simulate", str(HERE / "shop.journey"), "--json", "-", "--customers"]
    jobs += [{"name": name, "folder": str(inside), "arguments": [*arguments, name]} for name in rows]
    done = ran(jobs)
    assert [one for row in done.values() for one in unwell(row, (1, 2))] == []
    assert "TOP-SECRET-TOKEN" not in json.dumps(list(done.values()))


def test_each_file_of_the_guide_is_there() -> None:
    guide = (HERE / "README.md").read_text(encoding="utf-8")
    made = {*BIG["texts"](), *BIG["graphs"](), *BIG["rows"](), *BIG["folders"]()}
    root = HERE.parents[1]
    wrong = []
    for row in re.findall(r"^\|.*\|(.*)\|$", guide, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", row):
            known = name in made or (FILES / name).exists() or (root / name).exists() or name in globals()
            wrong += [] if known else [name]
    assert wrong == []


def test_there_are_three_hundred() -> None:
    kept = {file.parent if file.name == "main.journey" else file for file in FILES.rglob("*") if file.is_file()}
    assert len(kept) + len(BIG["texts"]()) + len(BIG["rows"]()) >= 300
