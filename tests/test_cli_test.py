"""`safar test`: exit codes, forms, selection, coverage, and what is written."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from safar import cli

SHOP = """
customer { email_ok: yes_no = yes; name: text? private }
event came
event paid { order_id: text key }
event opened
channel email { outbound; only if customer.email_ok }
journey cart {
  enter on came
  on paid exit won
  goal won { on paid within 14d }
  stage only {
    wait 1h
    touchpoint reminder { send email { subject "Still there" }; responds { opened 50% after 1h; paid 40% after 2h } }
    wait for opened(reminder) up to 2d as answer { touchpoint offer { send email { subject "10%" } } }
    split coupon { 50% a { }; 50% b { } }
    wait 3d
    exit lost
  }
}
"""
GOOD = """
scenario "Pays at once" for cart {
  start 2027-01-05 at 10:00 on came
  at +30m paid with (order_id = "1")
  expect exit won by +30m
  expect never email
}
"""
BAD = """
scenario "Opens <b>&" for cart {
  customer { name = "Sara"; email_ok = no }
  start 2027-01-05 at 10:00 on came
  take coupon.a
  expect path reminder, offer
  expect exit lost
}
"""
SURE = 'forecast "Sure" for cart { customers 400; seed 7; expect won at least 1% }\n'
UNSURE = 'forecast "Unsure" for cart { customers 40; seed 7; expect won at least 40% }\n'
MISSED = 'forecast "Missed" for cart { customers 800; seed 7; expect won at least 90% }\n'
Output = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a journey; `add` puts tests into a file of their own."""
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (tmp_path / "journeys").mkdir()
    (tmp_path / "journeys" / "cart.journey").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def add(shop: Path, text: str, name: str = "tests.journey") -> Path:
    file = shop / "journeys" / name
    file.write_text(f'use "cart.journey"\n{text}', encoding="utf-8")
    return file


def safar(*arguments: str | Path) -> int:
    return cli.main(["test", *map(str, arguments)])


@pytest.mark.parametrize(
    ("tests", "options", "code"),
    [
        (GOOD, [], 0),
        (GOOD + SURE, [], 0),
        (GOOD + BAD, [], 1),
        (GOOD + MISSED, [], 1),
        (UNSURE, [], 0),
        (UNSURE, ["--strict"], 4),
        (UNSURE + BAD, ["--strict"], 1),
        ("", [], 2),
        (GOOD, ["--only", "nothing such"], 2),
        (GOOD + BAD, ["--only", "at once"], 0),
        (GOOD + BAD, ["--only", "CART"], 1),
        (GOOD.replace("never email", "never emial"), [], 1),
        (GOOD.replace("start", "at +1h opened(nowhere)\nstart"), [], 1),
        (GOOD, ["--coverage-min", "99"], 1),
        (GOOD, ["--coverage-min", "10"], 0),
        (GOOD, ["--customer", "1"], 2),
        (GOOD, ["-n", "5"], 2),
        (GOOD, ["nowhere.journey"], 2),
    ],
)
def test_exit_codes(shop: Path, tests: str, options: list[str], code: int) -> None:
    add(shop, tests)
    assert safar(*options) == code


def test_a_scenario_may_stand_in_a_file_of_its_own_or_in_yaml(shop: Path, capsys: Output) -> None:
    add(shop, GOOD)
    yaml = "use: cart.journey\nscenarios:\n  - scenario: Too\n    for: cart\n    start: 2027-01-05 on came\n"
    file = shop / "journeys" / "more.journey.yaml"
    file.write_text(yaml + "    take: coupon.b\n    expect:\n      - exit: lost\n", encoding="utf-8")
    assert safar() == 0
    out = capsys.readouterr().out
    assert 'passed     scenario "Too"' in out
    assert out.splitlines()[-1].startswith("2 passed in ")
    assert safar(file) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 passed in ")


def test_failures_for_people(shop: Path, capsys: Output) -> None:
    add(shop, GOOD + BAD + MISSED)
    assert safar() == 1
    out = capsys.readouterr().out
    for said in (
        'failed     scenario "Opens <b>&"',
        'passed     scenario "Pays at once"',
        "worse       `won` is",
        "the path goes another way: nothing is delivered, and `reminder` is wanted",
        "journeys/tests.journey:14:3",
        "= note: `reminder` was not sent at +1h",
        "> 11:00     reminder     not sent (consent)",
        "1 passed, 2 failed in ",
    ):
        assert said in out, said
    assert "Sara" not in out
    assert "\x1b" not in out
    assert safar("--color", "always", "--only", "Opens") == 1
    assert "\x1b[31m" in capsys.readouterr().out


def test_errors_of_files_are_told_and_the_other_tests_run(shop: Path, capsys: Output) -> None:
    add(shop, GOOD.replace("exit won by", "exit wno by"))
    add(shop, GOOD, "good.journey")
    assert safar() == 1
    out = capsys.readouterr().out
    assert "error[unknown-name]" in out
    assert out.splitlines()[-1].startswith("1 passed, 1 error in files in ")


def test_errors_of_the_journey_keep_tests_in_other_files_from_running(shop: Path, capsys: Output) -> None:
    file = add(shop, GOOD)
    (shop / "journeys" / "cart.journey").write_text(SHOP.replace("wait 3d", "wait 3d\ngo to nowhere"), encoding="utf-8")
    assert safar(file) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 error in files in ")


def test_concise(shop: Path, capsys: Output) -> None:
    add(shop, GOOD + BAD + UNSURE)
    assert safar("--format", "concise", "-q") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1].split(" ")[0] for line in lines] == [
        "error[scenario]",
        "warning[forecast]",
    ]


def test_json(shop: Path, capsys: Output) -> None:
    add(shop, GOOD + BAD + SURE)
    assert safar("--format", "json", "--coverage") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["format_version"] == 1
    assert told["summary"] | {"seconds": 0} == {"passed": 2, "failed": 1, "undecided": 0, "seconds": 0}
    good, bad, sure = told["tests"]
    assert (good["verdict"], good["timeline"], good["failures"]) == ("passed", None, [])
    assert bad["path"] == "journeys/tests.journey"
    assert bad["failures"][0]["start"] == {"line": 14, "column": 3}
    assert {one["what"] for one in bad["timeline"]} >= {"entered", "suppressed", "exit"}
    assert any(one["n"] in bad["failures"][0]["about"] for one in bad["timeline"])
    assert sure["measured"][0]["verdict"] == "better"
    [cart] = told["coverage"]
    assert cart["kinds"]["step"]["of"] == 8
    assert {kind: cart["kinds"][kind]["of"] for kind in ("arm", "wait", "interrupt", "branch")} == {
        "arm": 2,
        "wait": 2,
        "interrupt": 1,
        "branch": 0,
    }
    missed = {(one["kind"], one["way"]) for one in cart["uncovered"]}
    assert ("wait", "opened(reminder)") in missed
    assert ("arm", "50% b") in missed
    assert ("interrupt", "on paid") not in missed


def test_junit(shop: Path, capsys: Output) -> None:
    add(shop, GOOD + BAD + UNSURE)
    assert safar("--junit", "report.xml") == 1
    assert 'failed     scenario "Opens <b>&"' in capsys.readouterr().out
    root = ElementTree.parse(shop / "report.xml").getroot()  # noqa: S314 - our own
    [suite] = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (
        "cart",
        "3",
        "1",
        "1",
    )
    good, bad, unsure = suite
    assert bad.get("name") == "Opens <b>&"
    assert bad.get("file") == "journeys/tests.journey"
    assert "what happened:" in (bad.findtext("failure") or "")
    assert len(good) == 0
    assert unsure[0].tag == "skipped"
    assert safar("--junit", "-") == 1
    assert ElementTree.fromstring(capsys.readouterr().out).get("tests") == "3"  # noqa: S314 - our own
    assert safar("--junit", "nowhere/report.xml") == 2


def test_github_and_markdown(shop: Path, capsys: Output) -> None:
    add(shop, GOOD + BAD + UNSURE)
    assert safar("--format", "github") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::error file=journeys/tests.journey,line=14")
    assert lines[1].startswith("::warning file=journeys/tests.journey")
    assert safar("--format", "markdown", "--coverage") == 1
    out = capsys.readouterr().out
    assert out.startswith("<!-- safar test -->\n### Safar: 1 passed, 1 failed, 1 undecided in ")
    assert "**failed** scenario `Opens <b>&` (`journeys/tests.journey`, line 10)" in out
    assert "| `cart` |" in out


def test_titles_of_others_give_no_orders(shop: Path, capsys: Output) -> None:
    add(shop, BAD.replace("Opens <b>&", "::error::x \u202e ]]> ``` |"))
    for form in ("full", "concise", "github", "json", "junit", "markdown"):
        assert safar("--format", form) == 1
        out = capsys.readouterr().out
        assert not [line for line in out.splitlines() if line.lstrip().startswith("::error::x")]
        assert "\u202e" not in out


def test_coverage_as_a_table(shop: Path, capsys: Output) -> None:
    add(shop, GOOD)
    assert safar("--coverage") == 0
    out = capsys.readouterr().out
    assert "coverage  steps  branches  arms  waits  interrupts" in out
    assert "journeys/cart.journey:14  wait answer: the time is up" in out
    assert safar("--coverage-min", "100") == 1
    assert "coverage of cart is" in capsys.readouterr().err


def test_all_can_be_covered(shop: Path) -> None:
    more = """
    scenario "Opens" for cart {
      start 2027-01-05 at 10:00 on came
      take coupon.a
      at +2h opened(reminder)
      expect path reminder, offer
    }
    scenario "Does not" for cart {
      start 2027-01-05 at 10:00 on came
      take coupon.b
      expect path reminder
    }
    """
    add(shop, GOOD + more)
    assert safar("--coverage-min", "100") == 0


def test_ten_thousand_scenarios(shop: Path, capsys: Output) -> None:
    """In linear time: as many as a large shop has, in one file."""
    import time

    def seconds(number: int) -> float:
        add(shop, "".join(GOOD.replace("at once", f"at once {n}") for n in range(number)))
        began = time.process_time()
        assert safar("--limit", "file=64MiB", "--limit", "nodes=10000000") == 0
        return time.process_time() - began

    small = seconds(50)
    assert seconds(400) < 8 * small * 2 + 2
    out = capsys.readouterr().out
    assert "passed     375 more scenarios" in out
    assert out.splitlines()[-1].startswith("400 passed in ")
