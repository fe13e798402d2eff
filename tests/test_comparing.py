"""`safar experiment`, `sensitivity`, `compare` and `simulate --engine exact` from the command line and from Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import safar
from safar import cli
from safar.errors import SelectionError

SHOP = """
event joined
event ordered { total: money }
channel email { outbound; cost 0.50 EUR per message }
journey plain {
  enter on joined
  goal won { on ordered within 40d; value ordered.total }
  stage s {
    touchpoint hello { send email; responds { ordered 20% after 10d with (total = 10 EUR) } }
    wait 60d
  }
}
journey سبد {
  enter on joined
  goal won { on ordered within 40d; value ordered.total }
  goal stays
  stage s {
    split آزمون {
      50% بیشتر { touchpoint more { send email; responds { ordered 60% after 10d with (total = 10 EUR) } } }
      50% کمتر { touchpoint less { send email; responds { ordered 20% after 10d with (total = 10 EUR) } } }
    }
    wait 60d
    exit stays
  }
}
journey empty_one { enter on joined; stage s { wait 1d } }
"""


@pytest.fixture
def shop(tmp_path: Path) -> str:
    file = tmp_path / "shop.journey"
    file.write_text(SHOP, encoding="utf-8")
    return str(file)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_experiment(shop: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    words = ("experiment", f"{shop}:سبد", "--goal", "won", "-n", "300", "--per-day", "50", "--json", str(file))
    code, out, _ = run(capsys, *words)
    assert code == 0 and "better" in out and "days at 50 a day" in out
    figures = json.loads(file.read_text(encoding="utf-8"))
    (found,) = figures["comparisons"]
    assert figures["format_version"] == 1 and figures["split"] == "آزمون" and list(figures["arms"]) == ["بیشتر", "کمتر"]
    assert found["verdict"] == "better" and found["paired"]["value"] == pytest.approx(0.4, abs=0.1)
    assert found["customers_in_all"] >= found["customers_in_arm"] + found["customers_in_other_arm"] - 1
    assert found["days"] == -(-found["customers_in_all"] // 50) + 40


def test_a_margin_makes_arms_equivalent(shop: str) -> None:
    found = safar.experiment(f"{shop}:سبد", goal="won", margin=0.9, n=200).figures
    assert found["comparisons"][0]["verdict"] == "equivalent"
    assert found["comparisons"][0]["days"] is None and found["per_day"] is None


def test_sensitivity_and_exact(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "sensitivity", f"{shop}:plain")
    assert code == 0
    lines = out.splitlines()
    assert "20.0%" in lines[0] and "(exact)" in lines[0]
    assert "-2.00 to +2.00 points" in lines[1] and lines[1].endswith("shop.journey:9")
    code, out, _ = run(capsys, "simulate", f"{shop}:plain", "--engine", "exact", "--json", "-", "-n", "1000")
    figures: dict[str, Any] = json.loads(out)
    assert code == 0 and figures["goals"]["won"]["reached"] == pytest.approx(200) and figures["customers"] == 1000
    assert figures["revenue"] == {"EUR": pytest.approx(2000)} and figures["cost"] == {"EUR": pytest.approx(500)}


def test_compare(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("compare", f"{shop}:plain", f"{shop}:سبد", "-n", "200", "--period", "26w", "--discount", "10%")
    code, out, _ = run(capsys, *words, "--json", "-")
    figures = json.loads(out)
    assert code == 0 and figures["first"] == "plain" and figures["period"]["value"] == 26 * 7 * 86_400
    assert figures["all"]["revenue"]["verdict"] == "more" and figures["all"]["cost"]["verdict"] == "undecided"
    assert figures["personas"] == {} and figures["discount"] == 0.1
    code, out, _ = run(capsys, *words)
    assert code == 0 and "lifetime value" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("experiment", "{}:plain"), "journey `plain` has no split"),
        (("experiment", "{}:سبد"), "several goals: won, stays; say --goal NAME"),
        (("experiment", "{}:سبد", "--goal", "wan"), "no goal `wan` in journey `سبد`; did you mean `won`?"),
        (("experiment", "{}:سبد", "--goal", "won", "--split", "x"), "no split `x`"),
        (("experiment", "{}:سبد", "--goal", "won", "--power", "1.5"), "`1.5` is no share"),
        (("experiment", "{}:سبد", "--goal", "won", "--power", "0"), "a power of 0 cannot be had"),
        (("sensitivity", "{}:empty_one"), "journey `empty_one` has no goal"),
        (("compare", "{}:plain", "{}:nothing"), "no journey `nothing`"),
        (("compare", "{}:plain", "{}:plain", "--period", "1 year"), "`1 year` is no period"),
        (("compare", "{}:plain", "{}:plain", "--period", "0d"), "`0d` is no period"),
        (("compare", "{}:plain", "{}:plain", "--discount", "much"), "`much` is no share"),
        (("simulate", "{}:plain", "--engine", "exact", "--seed", "3"), "leave out --seed"),
    ],
)
def test_wrong_use_is_one_line(
    words: tuple[str, ...], said: str, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *(word.format(shop) for word in words))
    assert code == 2 and out == "" and said in err
    assert len(err.strip().splitlines()) == 2


def test_python_raises_what_the_command_says(shop: str) -> None:
    with pytest.raises(SelectionError, match="has no split"):
        safar.experiment(f"{shop}:plain")
    with pytest.raises(SelectionError, match="is no period"):
        safar.compare(f"{shop}:plain", f"{shop}:plain", period="soon")
