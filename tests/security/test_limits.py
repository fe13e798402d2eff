"""Each limit ends the reading with exit code 5 and a finding that names it and the option that sets another."""

from __future__ import annotations

from pathlib import Path

import pytest

from safar import cli
from safar.dsl.limits import DEFAULT_LIMITS

_JOURNEY = "event e\njourney j {{ enter on e; stage s {{ {} }} }}\n"

OVER: dict[str, tuple[int, dict[str, str]]] = {
    "file": (20, {"a.journey": "team a\n" * 5}),
    "depth": (2, {"a.journey": _JOURNEY.format("if today is known { if today is known { wait 1d } }; exit x")}),
    "nodes": (20, {"a.journey.yaml": "teams: {" + ", ".join(f"t{n}: x" for n in range(20)) + "}\n"}),
    "text": (20, {"a.journey.yaml": f"teams: {{crm: {'x' * 30}}}\n"}),
    "statements": (3, {"a.journey": "team a\nteam b\nteam c\nteam d\n"}),
    "mistakes": (3, {"a.journey": "".join(f"team t{n}\nteem a{n}\n" for n in range(5))}),
    "expression_nodes": (10, {"a.journey": "condition c = today is known" + " or today is known" * 9 + "\n"}),
    "expression_depth": (10, {"a.journey": "condition c = " + "(" * 20 + "today is known" + ")" * 20 + "\n"}),
    "name": (10, {"a.journey": "team abcdefghijkl\n"}),
    "title": (10, {"a.journey": 'team a "abcdefghijkl"\n'}),
    "integer": (1_000, {"a.journey": "customer { n: integer = 2000 }\n"}),
    "duration": (86_400, {"a.journey": _JOURNEY.format("wait 2d; exit x")}),
    "uses": (1, {"a.journey": 'use "b.journey"\nuse "c.journey"\n', "b.journey": "team b", "c.journey": "team c"}),
    "use_depth": (1, {"a.journey": 'use "b.journey"\n', "b.journey": 'use "c.journey"\n', "c.journey": "team c"}),
    "rounds": (5, {"a.journey": _JOURNEY.format("repeat up to 6 times every 1d { wait 1h }; exit x")}),
    "files": (1, {"a.journey": "team a\n", "b.journey": "team b\n"}),
}


OF_READING = [name for name in DEFAULT_LIMITS.__struct_fields__ if name not in ("states", "combinations")]
"""All but the limits of exact answers and of proofs, which the tests of those try."""


@pytest.mark.parametrize("name", OF_READING)
def test_it_is_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    most, files = OVER[name]
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    what = tmp_path if name == "files" else tmp_path / next(iter(files))
    arguments = ["check", "--no-cache", "--ignore", "unused-declaration", str(what)]
    assert cli.main(arguments) in (0, 1)
    capsys.readouterr()
    assert cli.main([*arguments, "--limit", f"{name}={most}"]) == 5
    said = " ".join(capsys.readouterr().out.split())
    assert said.count("limit-exceeded") >= 1
    assert f"the limit is `{name} = {most:_}`; `--limit {name}=N` sets another for one call" in said


def test_all_are_listed_where_one_is_misspelt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.journey").write_text("team a\n", encoding="utf-8")
    assert cli.main(["check", str(tmp_path), "--limit", "fiels=1"]) == 2
    said = capsys.readouterr().err
    assert [name for name in DEFAULT_LIMITS.__struct_fields__ if name not in said] == []


def test_a_project_can_only_lower_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in DEFAULT_LIMITS.__struct_fields__:
        (tmp_path / "safar.toml").write_text(f"[limits]\n{name} = {10**15 if name != 'integer' else 2**60}\n")
        (tmp_path / "a.journey").write_text("team a\n", encoding="utf-8")
        assert cli.main(["check", str(tmp_path)]) == 2, name
        assert "loosened-limit" in capsys.readouterr().out, name
