"""`safar test --create`: a customer's life becomes a scenario, in either spelling, which passes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from safar import api, cli
from safar.engine.test import results
from safar.errors import SelectionError

EXAMPLES = Path(__file__).parents[1] / "journeys"
JOURNEYS = ("abandoned_cart", "birthday", "first_purchase", "five_stages", "loyalty", "omnichannel")
SHOP = """
customer { name: text? private; code: text?; spent: money = 0 EUR; interests: list of text }
event came { why: text? }
event paid { order_id: text key; total: money }
journey cart {
  enter on came
  stage only {
    if customer.name is known as named { touchpoint hello { } }
    wait for paid up to 5d as answer { touchpoint thanks { }; exit won } otherwise { exit lost }
  }
}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\njourneys = ["."]\n', encoding="utf-8")
    (tmp_path / "cart.journey").write_text(SHOP, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("ending", ["journey", "journey.yaml"])
def test_lives_of_the_examples_become_scenarios_that_pass(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(EXAMPLES / ("dsl" if ending == "journey" else "yaml"), folder)
    written = 0
    for journey in JOURNEYS:
        for customer in ("1", "4", "7"):
            file = folder / f"{journey}_{customer}.{ending}"
            try:
                text = api.create_scenario(folder / f"{journey}.{ending}", customer, file, seed=3)
            except SelectionError as refused:
                assert "never enters" in str(refused) or "held out" in str(refused)
                assert not file.exists()
                continue
            written += 1
            assert file.read_text(encoding="utf-8") == text
            [tested] = api.test(file).tested
            assert tested.verdict is results.Verdict.PASSED
            assert not [laid for laid in api.fmt(file, write=False) if laid.text.changed]
            assert api.check(file).errors == ()
    assert written >= 12


def test_a_scenario_tells_what_the_customer_did(shop: Path) -> None:
    (shop / "c.csv").write_text('customer,code,spent,interests\na,"x ""{y}\\",12.50 EUR,"run;swim"\n', encoding="utf-8")
    rows = [
        "customer,at,event,why,order_id,total",
        "a,2027-01-05T09:00:07Z,came,ad,,",
        "a,2027-01-06T10:30:00Z,paid,,A1,9 EUR",
    ]
    (shop / "e.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    people = ["--customers", "c.csv", "--events", "e.csv"]
    assert cli.main(["test", "cart", "--customer", "a", *people, "--create", "tests/a.journey"]) == 0
    text = (shop / "tests" / "a.journey").read_text(encoding="utf-8")
    assert (
        text
        == (
            'use "../cart.journey"\n\n'
            'scenario "Customer a exits won" for cart {\n'
            '  customer { code = "x \\"\\{y\\}\\\\"; spent = 12.50 EUR; interests = ["run", "swim"] }\n'
            '  start 2027-01-05 at 09:00 on came with (why = "ad")\n'
            '  at +25h paid with (order_id = "A1", total = 9.00 EUR)\n'
            "  expect path thanks\n"
            "  expect exit won by +2d\n"
            "}\n"
        )
        or text.splitlines()[0] == 'use "../cart.journey"'
    )
    assert 'at +25h paid with (order_id = "A1", total = 9.00 EUR)' in text
    assert cli.main(["test", "tests"]) == 0


def test_private_values_of_real_customers_are_not_written(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "c.csv").write_text("customer,name\na,Sara\n", encoding="utf-8")
    (shop / "e.csv").write_text("customer,at,event\na,2027-01-05T09:00:00Z,came\n", encoding="utf-8")
    people = ["--customers", "c.csv", "--events", "e.csv", "--create", "tests/a.journey"]
    assert cli.main(["test", "cart", "--customer", "a", *people]) == 2
    said = capsys.readouterr()
    assert "it depends on private values (customer.name), which are not written into files" in said.err
    assert "Sara" not in said.err + said.out
    assert not (shop / "tests" / "a.journey").exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("cart.journey", "is there already"),
        ("tests/a.txt", "does not end as a journey file does"),
        ("nowhere/a.journey", "there is no folder"),
        ("../a.journey", "is outside of the project"),
    ],
)
def test_files_that_are_not_written(shop: Path, file: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in shop.parent.rglob("*"))
    assert cli.main(["test", "cart.journey", "--customer", "1", "--create", file]) == 2
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in shop.parent.rglob("*")) == before


def test_without_a_project_a_scenario_stands_beside_its_journey(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "safar.toml").unlink()
    assert cli.main(["test", "cart.journey", "--customer", "1", "--create", "tests/a.journey"]) == 2
    assert "without a `safar.toml`" in capsys.readouterr().err
    assert cli.main(["test", "cart.journey", "--customer", "1", "--create", "a.journey"]) == 0


def test_a_dangling_link_is_not_overwritten(shop: Path) -> None:
    (shop / "tests" / "a.journey").symlink_to(shop / "elsewhere.journey")
    assert cli.main(["test", "cart.journey", "--customer", "1", "--create", "tests/a.journey"]) == 2
    assert not (shop / "elsewhere.journey").exists()


def test_wrong_use(shop: Path) -> None:
    assert cli.main(["test", "--customer", "1", "--create", "tests/a.journey"]) == 2
    assert cli.main(["test", "cart", "--create", "tests/a.journey", "--seed", "2"]) == 2
    assert cli.main(["test", "cart", "--customer", "x", "--create", "tests/a.journey"]) == 2
    assert cli.main(["test", "nothing", "--customer", "1", "--create", "tests/a.journey"]) == 2
