"""`safar pressure`: the table, machines' output, exit codes, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import safar
from safar import cli

Output = pytest.CaptureFixture[str]

SHOP = """customer { tier: one of bronze, gold = bronze fixed; name: text? private }
event came
event left
event order { id: text key }
channel email "Email" { outbound; at most 5 per 7d then skip }
channel پیامک { outbound }
journey alpha { enter on came; stage s { touchpoint a { send email { text "A" } }; wait 1d
  touchpoint b { send پیامک { text "B" } } } }
"""
OTHER = """use "shop.journey"
journey second { enter on left if customer.tier == gold; stage s { touchpoint c { send email { text "C" } } } }
journey third { enter on left if customer.tier == bronze; stage s { touchpoint d { send email { text "D" } } } }
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\njourneys = ["."]\n', encoding="utf-8")
    (tmp_path / "shop.journey").write_text(SHOP, encoding="utf-8")
    (tmp_path / "other.journey").write_text(OTHER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_and_who(shop: Path, capsys: Output) -> None:
    assert cli.main(["pressure", "--per", "7d", "--per", "day"]) == 0
    out = capsys.readouterr().out
    assert "per 7d  per calendar day" in out
    assert out.split("all messages")[1].split()[:2] == ["3", "2"]
    assert "second: c" in out or "third: d" in out
    assert "every number is exact" in out
    assert cli.main(["pressure", "--quiet", "--per", "7d", "--channel", "email"]) == 0
    assert capsys.readouterr().out.split()[-4:] == ["per", "7d", "email", "2"]


def test_the_whole_story(shop: Path, capsys: Output) -> None:
    assert cli.main(["pressure", "--who", "--per", "7d", "--channel", "پیامک"]) == 0
    out = capsys.readouterr().out
    assert "alpha: b" in out or "b   " in out
    assert "because" in out


def test_for_machines(shop: Path, capsys: Output) -> None:
    assert cli.main(["pressure", "other.journey", "--format", "json", "--per", "12h"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["format_version"] == 1
    assert told["journeys"] == ["alpha", "second", "third"]
    email, _, every = told["figures"]
    assert (email["channel"], email["per"], email["seconds"]) == ("email", "12h", 43_200)
    assert (email["bound"], email["reached"], email["exact"], email["by_limits"]) == (2, 2, True, False)
    assert set(email["journeys"].values()) == {1}
    assert len(email["example"]["counted"]) == 2
    assert {one["journey"] for one in every["example"]["entries"]} >= {"alpha"}


def test_nothing_bounds_it(shop: Path, capsys: Output) -> None:
    text = OTHER + 'journey each { enter on order per id; stage s { touchpoint e { send پیامک { text "E" } } } }\n'
    (shop / "other.journey").write_text(text, encoding="utf-8")
    assert cli.main(["pressure", "--strict", "--per", "7d"]) == 4
    out = capsys.readouterr().out
    assert "without bound" in out
    assert "nothing bounds what comes from each" in out
    assert cli.main(["pressure", "--format", "json", "--per", "7d"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"][1]["bound"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--channel", "emial"], "did you mean `email`"),
        (["--per", "7"], "`7` is no period"),
        (["--per", "0d"], "`0d` is no period"),
        (["--per", "d"], "`d` is no period"),
        (["nowhere"], "no file or folder nowhere"),
    ],
)
def test_what_there_is_not(shop: Path, capsys: Output, arguments: list[str], said: str) -> None:
    assert cli.main(["pressure", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_file_with_errors_and_a_project_without_journeys(shop: Path, capsys: Output) -> None:
    (shop / "other.journey").write_text(OTHER.replace("on left", "on lefd"), encoding="utf-8")
    assert cli.main(["pressure"]) == 1
    assert "lefd" in "".join(capsys.readouterr())
    (shop / "other.journey").unlink()
    (shop / "shop.journey").write_text("event came\n", encoding="utf-8")
    assert cli.main(["pressure"]) == 2
    assert "no journey" in capsys.readouterr().err


def test_in_python(shop: Path) -> None:
    heard: list[tuple[int, int]] = []
    found = safar.pressure(shop, per=["7d", "week"], progress=lambda done, every: heard.append((done, every)))
    assert found.exact
    assert [one.bound for one in found.figures] == [2, 2, 1, 1, 3, 3]
    assert heard[-1] == (6, 6)
