"""`safar prove`: what it prints, saves and answers; the examples are proved, in both spellings."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.engine.prove.verdict import Outcome
from safar.errors import SelectionError

ROOT = Path(__file__).parent.parent

SHOP = """\
customer { email_ok: yes_no = no; vip: yes_no = no }
event came
event ordered
channel email { outbound; only if customer.email_ok }
channel letter { outbound; at most 1 per 7d then skip }
persona planner { share 100% }
rule consent "Mail only with consent" { never email unless customer.email_ok }
journey care {
  enter on came
  rule ends { always exit within 3d }
  rule vip { never gift unless customer.vip }
  rule note_comes { after entry always note within 1d }
  stage only {
    touchpoint mail { send email { text "a" } }
    touchpoint note { send letter { text "b" } }
    if customer.vip { wait 2d; touchpoint gift { send email { text "c" } } }
    exit done
  }
}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "care.journey").write_text(SHOP)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("spelling", ["dsl", "yaml"])
def test_every_rule_of_the_examples_is_proved(spelling: str) -> None:
    proofs = safar.prove(ROOT / "journeys" / spelling)
    assert [(one.rule.name, one.reason) for one in proofs.verdicts if one.outcome is not Outcome.PROVED] == []
    assert {"fast_thanks", "apart", "no_early_offers", "not_a_flood", "mail_consent"} <= {
        one.rule.name for one in proofs.verdicts
    }


def test_what_is_printed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "care.journey"]) == 1
    said = capsys.readouterr().out
    assert "proved     consent" in said and "refuted    vip" in said and "undecided  note_comes" in said
    assert "`gift` happens at +2d" in said
    assert "3 rules" not in said and "2 proved, 1 refuted, 1 undecided" in said


def test_exit_codes(shop: Path) -> None:
    assert cli.main(["prove", "--rule", "ends", "-q"]) == 0
    assert cli.main(["prove", "--rule", "vip", "-q"]) == 1
    assert cli.main(["prove", "--rule", "note_comes", "-q"]) == 0
    assert cli.main(["prove", "--rule", "note_comes", "-q", "--strict"]) == 4
    assert cli.main(["prove", "--rule", "nobody", "-q"]) == 2
    assert cli.main(["prove", "nowhere.journey", "-q"]) == 2
    (shop / "care.journey").write_text(SHOP + "journey {")
    assert cli.main(["prove", "-q"]) == 1


def test_a_counterexample_is_a_test_until_the_journey_is_mended(shop: Path) -> None:
    assert cli.main(["prove", "--rule", "vip", "--save", "tests", "-q"]) == 1
    saved = shop / "tests" / "care_vip.journey"
    assert "expect never gift unless customer.vip" in saved.read_text()
    assert cli.main(["test", "tests", "-q"]) == 1
    mended = SHOP.replace("wait 2d; touchpoint gift", "wait 2d; if not customer.vip { exit gone }; touchpoint gift")
    (shop / "care.journey").write_text(mended)
    assert cli.main(["prove", "--rule", "vip", "-q"]) == 0
    assert cli.main(["test", "tests", "-q"]) == 0


def test_json(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "care.journey", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    rules = {one["rule"]: one for one in told["rules"]}
    assert told["format_version"] == 1
    assert rules["consent"]["journey"] is None and rules["ends"]["journey"] == "care"
    assert rules["ends"]["verdict"] == "proved" and rules["ends"]["counterexample"] is None
    example = rules["vip"]["counterexample"]
    assert example["customer"] == {"email_ok": True, "vip": True}
    assert [change["attribute"] for change in example["changes"]] == ["vip"]
    assert example["entries"][0]["event"] == "came"
    assert example["timeline"][-1]["what"] == "exit"


def test_why_tells_the_argument(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", "--rule", "consent", "--why"]) == 0
    said = capsys.readouterr().out
    assert "`email` is at 2 places: `mail`, `gift`" in said
    assert "`customer.email_ok` is not true at the instant of delivery" in said


def test_a_rule_of_the_project_speaks_of_all_its_journeys(shop: Path) -> None:
    (shop / "other.journey").write_text(
        'use "care.journey"\n'
        'journey news { enter on came; stage only { touchpoint news_mail { send letter { text "n" } } } }\n'
    )
    (shop / "rules.journey").write_text('use "care.journey"\nrule quiet { at most 0 letter per run }\n')
    found = safar.prove(shop / "other.journey", rule=["consent"]).verdicts
    assert [one.outcome for one in found] == [Outcome.PROVED]


def test_nothing_to_prove(tmp_path: Path) -> None:
    (tmp_path / "a.journey").write_text("event came\njourney a { enter on came; stage b { wait 1d } }\n")
    with pytest.raises(SelectionError, match="no rule in these files"):
        safar.prove(tmp_path / "a.journey")


def test_persian_names(tmp_path: Path) -> None:
    shutil.copy(ROOT / "journeys" / "dsl" / "vocabulary.journey", tmp_path)
    (tmp_path / "سفر.journey").write_text(
        'use "vocabulary.journey"\n'
        "journey سفر {\n enter on visited\n rule قاعده { never نامه unless customer.member }\n"
        " stage آغاز { touchpoint نامه { at website } }\n}\n",
        encoding="utf-8",
    )
    (found,) = safar.prove(tmp_path / "سفر.journey", rule=["قاعده"]).verdicts
    assert found.outcome is Outcome.REFUTED and found.counterexample is not None
    assert "نامه" in found.counterexample.broken.message
