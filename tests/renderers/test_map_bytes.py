"""A map is the same everywhere, is there quickly, and says what to do where it cannot be drawn."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from safar.dsl.read import read_text
from safar.engine.program import Program, lower
from safar.renderers import graphviz_engine
from safar.renderers.graphviz_engine import DrawingError, find, lay_out
from safar.renderers.map import draw

SMALL = """
event cart_updated "سبد پر شد"; event opened "Opened"; channel email "Email" { outbound }
journey j "سبد\u200cخرید" {
  enter on cart_updated
  on opened exit won
  stage s "یادآوری" {
    touchpoint reminder "یادآور" { send email { subject "x" }; feeling +2 "خوشحال" }
    wait for opened(reminder) up to 3d otherwise { exit lost }
  }
}
"""


def program(text: str = SMALL) -> Program:
    reading = read_text(text)
    assert [finding.message for finding in reading.findings if finding.severity.value == "error"] == []
    return lower(reading.project, next(iter(reading.project.journeys.values())))


def test_twice_the_same() -> None:
    for kind in ("svg", "dot", "png"):
        assert draw(program(), kind=kind) == draw(program(), kind=kind)


@pytest.mark.parametrize(
    "changes",
    [
        {"PYTHONHASHSEED": "7", "TZ": "Asia/Tehran"},
        {"LC_ALL": "de_DE.UTF-8", "LANG": "fa_IR.UTF-8", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "C", "PATH": "", "HOME": "/nowhere"},
    ],
)
def test_the_same_in_another_environment(changes: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "one.py"
    script.write_text(
        "import hashlib, sys\n"
        "from safar.dsl.read import read_text\n"
        "from safar.engine.program import lower\n"
        "from safar.renderers.map import draw\n"
        "project = read_text(sys.stdin.buffer.read().decode()).project\n"
        "print(hashlib.sha256(draw(lower(project, project.journeys['j']), kind='svg').encode()).hexdigest())\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script], input=SMALL.encode(), capture_output=True, env=os.environ | changes, check=True
    )
    here = hashlib.sha256(draw(program(), kind="svg").encode()).hexdigest()
    assert done.stdout.decode().strip() == here


def large(steps: int) -> str:
    lines = []
    for number in range(steps // 5):
        lines.append(f'touchpoint t{number} "Touchpoint number {number}" {{ send email {{ subject "x" }} }}')
        lines.append(f"wait for opened(t{number}) up to 2d {{ wait {number + 1}h }} otherwise {{")
        lines.append(f"  if customer.orders > {number} {{ exit out{number % 3} }}")
        lines.append("}")
        lines.append(f'task crm "Look at {number}"')
    per = len(lines) // 4
    stages = "\n".join(f"stage s{n} {{\n" + "\n".join(lines[n * per : (n + 1) * per]) + "\n}" for n in range(4))
    return f"""
    customer {{ orders: integer = 0 }}
    event opened; event visited; channel email {{ outbound }}; team crm
    journey j {{ enter on visited
    {stages}
    }}
    """


@pytest.mark.parametrize("steps", [300, 700])
def test_hundreds_of_boxes_within_seconds(steps: int) -> None:
    one = program(large(steps))
    begin = time.process_time(), time.monotonic()
    svg = draw(one, kind="svg")
    assert svg.count('class="box') >= steps
    assert time.monotonic() - begin[1] < 15
    assert time.process_time() - begin[0] < 3


@pytest.mark.smoke
def test_the_embedded_engine_needs_no_dot_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert find("system") is None
    assert draw(program(), kind="svg").startswith("<svg ")


def test_no_engine_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz_engine, "find", lambda engine: None)
    with pytest.raises(DrawingError, match=r"not installed.*install `graphviz-pure`.*write DOT"):
        draw(program(), kind="svg")
    assert draw(program(), kind="dot").startswith("digraph")


def test_an_engine_that_fails_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    good = find("embedded")
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="ascii")
    broken.chmod(0o755)
    monkeypatch.setattr(graphviz_engine, "find", {"embedded": broken, "system": good}.get)
    assert draw(program(), kind="svg").startswith("<svg ")
    with pytest.raises(DrawingError, match="the embedded engine failed"):
        draw(program(), kind="svg", engine="embedded")


@pytest.mark.skipif(sys.platform != "linux", reason="only there can the memory of a program be limited")
def test_an_engine_has_so_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lay_out(["digraph { a -> b }"], "embedded")
    monkeypatch.setattr(graphviz_engine, "MEMORY", 4 << 20)
    monkeypatch.setattr(graphviz_engine, "_known", {})
    with pytest.raises(DrawingError, match="the embedded engine failed"):
        lay_out(["digraph { a -> b }"], "embedded")


def test_an_engine_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n", encoding="ascii")
    slow.chmod(0o755)
    monkeypatch.setattr(graphviz_engine, "find", lambda engine: slow)
    monkeypatch.setattr(graphviz_engine, "TIME", 0.2)
    with pytest.raises(DrawingError, match="no layout within"):
        draw(program(), kind="svg")


def test_another_engine_or_kind_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no engine `neato`"):
        lay_out(["digraph {}"], "neato")
    with pytest.raises(ValueError, match="no kind of map `gif`"):
        draw(program(), kind="gif")


def test_png_is_one_and_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    assert draw(program(), kind="png").startswith(b"\x89PNG")
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(DrawingError, match=r"install `safar\[png\]`"):
        draw(program(), kind="png")
