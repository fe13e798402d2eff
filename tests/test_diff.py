"""`safar diff`: files, folders and revisions of git; what is printed, saved and answered."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.engine.diff.change import Notice
from safar.errors import SelectionError

ROOT = Path(__file__).parent.parent

SHOP = """\
customer { email_ok: yes_no = no; vip: yes_no = no }
event came
event ordered
channel email { outbound; only if customer.email_ok; at most 2 per 7d then skip }
journey care {
  enter on came
  on ordered exit won
  rule ends { always exit within 3d }
  stage only {
    touchpoint mail { send email { text "a" } }
    wait 1d
    exit lost
  }
}
"""


def git(*words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project under git, with one journey."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "journeys").mkdir()
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    write("journeys/care.journey", SHOP)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


def test_nothing_changed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("journeys/care.journey", SHOP.replace("\n", "\n\n").replace("journey care", "# a comment\njourney care"))
    assert cli.main(["diff", "--strict", "--exit-code"]) == 0
    assert capsys.readouterr().out.startswith("nothing changed in meaning")


def test_what_is_weaker_comes_first_and_fails_a_build(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("journeys/care.journey", SHOP.replace("only if customer.email_ok; ", "").replace("wait 1d", "wait 5d"))
    assert cli.main(["diff"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("weakened: 1\n  channel email: `only if customer.email_ok` is gone\n")
    assert said.index("no longer proved: 1\n  rule ends of care") < said.index("`wait 1d` is now `wait 5d`")
    assert "HEAD" in said
    assert "01-05 10:00 mail not sent (consent)" in said
    assert cli.main(["diff", "--against", "HEAD", "--strict"]) == 1
    assert cli.main(["diff", "journeys", "--against", "HEAD", "--exit-code", "--quiet"]) == 1


def test_what_only_changed_passes_strict(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("journeys/care.journey", SHOP.replace('text "a"', 'text "b"'))
    assert cli.main(["diff", "--strict"]) == 0
    assert cli.main(["diff", "--exit-code"]) == 1
    assert "whatever a customer does, the same happens to him as before" in capsys.readouterr().out


def test_the_other_spelling_in_another_file_is_the_same_journey(shop: Path) -> None:
    assert cli.main(["convert", "journeys/care.journey", "--to", "yaml", "-o", "journeys/x.journey.yaml"]) == 0
    Path("journeys/care.journey").unlink()
    compared = safar.diff(against="HEAD")
    assert not compared.difference
    assert not safar.diff("journeys/x.journey.yaml", against="HEAD").difference


def test_a_journey_more_and_one_less(shop: Path) -> None:
    write("journeys/care.journey", SHOP.replace("journey care", "journey other").replace("mail", "letter"))
    changes = safar.diff(against="HEAD").difference.changes
    assert [
        (one.kind, one.message.split(" is ")[1].split(" ")[0]) for one in changes if one.subject.startswith("j")
    ] == [("renamed", "called")]
    write(
        "journeys/care.journey",
        SHOP.replace("journey care", "journey x").replace("wait 1d", "wait 2d\nwait until 09:00"),
    )
    Path("journeys/more.journey").write_text("event e\njourney y { enter on e; stage s { wait 1d } }", encoding="utf-8")
    told = {one.message for one in safar.diff(against="HEAD").difference.changes}
    assert "journey `y` is new" in told
    Path("journeys/care.journey").unlink()
    told = {one.message for one in safar.diff(against="HEAD").difference.changes}
    assert {"journey `care` is gone", "journey `y` is new"} <= told


def test_the_settings_are_those_of_the_revision(shop: Path) -> None:
    write("safar.toml", '[project]\nname = "shop"\ntimezone = "Asia/Tehran"\n')
    messages = [one.message for one in safar.diff().difference.changes]
    assert messages == ["the project's timezone: UTC -> Asia/Tehran"]


def test_errors_are_named_and_not_compared(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("journeys/care.journey", SHOP.replace("enter on came", "enter on cme"))
    assert cli.main(["diff"]) == 1
    said = capsys.readouterr().out
    assert "no event is called `cme`" in said
    assert "not compared: `journeys/care.journey` has errors in now" in said
    git("commit", "-q", "-a", "-m", "broken")
    write("journeys/care.journey", SHOP)
    assert cli.main(["diff"]) == 0
    assert "not compared: `journeys/care.journey` has errors in HEAD" in capsys.readouterr().out
    assert cli.main(["diff", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["not_compared"]


def test_a_customer_is_saved_as_a_test_that_passes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("journeys/care.journey", SHOP.replace("exit lost", "exit left"))
    assert cli.main(["diff", "--save", "tests"]) == 0
    assert "wrote tests" in capsys.readouterr().err
    assert cli.main(["test", "tests"]) == 0
    assert cli.main(["diff", "--save", "tests"]) == 2
    write("journeys/care.journey", SHOP)
    assert cli.main(["test", "tests"]) == 1


def test_json_and_markdown(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = 'touchpoint gift "<b>@all | x</b>" { send email { text "<script>" } }'
    write("journeys/care.journey", SHOP.replace("wait 1d", f"wait 1d\n{evil}").replace("at most 2", "at most 4"))
    assert cli.main(["diff", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["format_version"] == 1
    assert told["summary"]["weakened"] == 1
    assert told["changes"][0]["new"] == {"path": "journeys/care.journey", "line": 4, "column": 54}
    (experience,) = told["experiences"]
    assert experience["notice"] == "differs"
    first = experience["new"]["first_difference"]
    assert experience["new"]["timeline"][first - 1]["step"] == "gift"
    assert cli.main(["diff", "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("<!-- safar diff -->\n### Safar: 1 weakened, 1 changed, against `HEAD`\n")
    assert "<script>" not in said
    assert "| Before | Now |" in said


def test_two_files_of_other_names(shop: Path) -> None:
    write("one.journey", SHOP)
    write("two.journey", SHOP.replace("journey care", "journey ideal").replace("wait 1d", "wait 2d"))
    difference = safar.diff("one.journey", "two.journey").difference
    assert [one.kind for one in difference.others] == ["renamed", "changed"]
    assert difference.experiences[0].notice is Notice.DIFFERS
    assert not safar.diff("one.journey", "journeys/care.journey").difference
    assert not safar.diff("journeys", "journeys").difference
    assert not safar.diff("one.journey:care", "care").difference


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("one.journey",), "name two versions"),
        (("no.journey", "nor.journey"), "there is no file no.journey"),
        (("--against", "nowhere"), "git knows no revision `nowhere`"),
        (("--against", "--output=x"), "git knows no revision"),
        (("--against", ""), "a revision is a name"),
    ],
)
def test_wrong_use(shop: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    write("one.journey", SHOP)
    assert cli.main(["diff", *words]) == 2
    assert said in capsys.readouterr().err


def test_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write("one.journey", SHOP)
    with pytest.raises(SelectionError, match="`--against` needs a git repository"):
        safar.diff("one.journey", against="main")


@pytest.mark.skipif(not (ROOT / "journeys").exists(), reason="the example journeys are in the checkout only")
def test_both_spellings_of_the_examples_are_the_same() -> None:
    difference = safar.diff(ROOT / "journeys" / "dsl", ROOT / "journeys" / "yaml").difference
    assert not difference, [one.message for one in difference.changes]
