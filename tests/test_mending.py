"""`check --fix`, `--unsafe-fixes` and `--diff`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

import safar
from safar import checking, cli, mending
from safar.api import Fixed
from safar.dsl import read
from safar.dsl.project import Home
from safar.engine.diagnostic import Diagnostic, Edit, Fix, Rule, Severity
from safar.engine.source import Source, Span

Output = pytest.CaptureFixture[str]

GOOD = """event order_placed {{ total: money }}
event visited
journey cart "Cart" {{
  enter on {enter}
  on {exit} exit won
  stage first_one {{
    wait {wait}
    exit lost
  }}
}}
"""


def journey(enter: str = "visited", exit: str = "order_placed", wait: str = "2d") -> str:
    return GOOD.format(enter=enter, exit=exit, wait=wait)


def project(folder: Path, files: Mapping[str, str]) -> Path:
    (folder / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (folder / "journeys").mkdir()
    for name, text in files.items():
        (folder / "journeys" / name).write_bytes(text.encode())
    return folder / "journeys"


def fixed(folder: Path, *, unsafe: bool = False) -> Fixed:
    return safar.fix(folder, project=folder.parent, unsafe=unsafe)


def rules(done: Fixed) -> list[str]:
    return [rule for change in done.changes for rule in change.rules]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"wait": "2 days"}, {"wait": "2d"}),
        ({"wait": "3 d"}, {"wait": "3d"}),
        ({"wait": "until 9pm"}, {"wait": "until 21:00"}),
        ({"exit": "Order_Placed"}, {}),
        ({"exit": "Order_Placed", "wait": "2 hours"}, {"wait": "2h"}),
        ({"exit": "order_placed where total = 20€"}, {"exit": "order_placed where total == 20 EUR"}),
    ],
)
def test_certain_slips_are_mended(tmp_path: Path, said: dict[str, str], meant: dict[str, str]) -> None:
    folder = project(tmp_path, {"cart.journey": journey(**said)})
    done = fixed(folder)
    assert (folder / "cart.journey").read_text(encoding="utf-8") == journey(**meant)
    assert not done.report.errors
    assert fixed(folder).changes == ()


@pytest.mark.parametrize("said", [{"wait": "2 months"}, {"enter": "visted"}])
def test_guesses_are_made_only_when_told(tmp_path: Path, said: dict[str, str]) -> None:
    folder = project(tmp_path, {"cart.journey": journey(**said)})
    assert fixed(folder).changes == ()
    assert fixed(folder, unsafe=True).report.findings == ()
    assert (folder / "cart.journey").read_text(encoding="utf-8") in (journey(), journey(wait="60d"))


def test_in_yaml_too(tmp_path: Path) -> None:
    text = (
        "events:\n  order_placed: {}\nteams:\n  crm: {title: CRM}\njourneys:\n  cart:\n"
        "    enter: [{event: Order_Placed}]\n    ownr: crm\n    stages:\n      - stage: first_one\n        steps:\n"
        '          - {task: "crn", what: Ask}\n          - exit: lost\n'
    )
    folder = project(tmp_path, {"cart.journey.yaml": text})
    assert rules(fixed(folder)) == ["look-alike-name"]
    assert sorted(rules(fixed(folder, unsafe=True))) == ["unknown-key", "unknown-name"]
    written = (folder / "cart.journey.yaml").read_text(encoding="utf-8")
    assert written == text.replace("Order_Placed", "order_placed").replace("ownr", "owner").replace("crn", "crm")


def test_an_ignore_without_use_goes_with_its_line_and_nothing_else(tmp_path: Path) -> None:
    lonely = journey().replace("    wait", "    # safar: ignore[zero-wait] not any more\n    wait")
    behind = journey().replace("2d", "2d  # safar: ignore[zero-wait, zero-share] not any more")
    folder = project(tmp_path, {"a.journey": lonely, "b.journey": behind.replace("cart", "other")})
    done = fixed(folder)
    assert (folder / "a.journey").read_text(encoding="utf-8") == journey()
    assert (folder / "b.journey").read_text(encoding="utf-8") == journey().replace("cart", "other")
    assert rules(done) == ["unused-ignore"] * 3


def test_bytes_around_a_fix_stay(tmp_path: Path) -> None:
    text = "\ufeff" + journey(wait="3 d").replace("\n", "\r\n") + "# سفر\u200c no end"
    folder = project(tmp_path, {"cart.journey": text})
    fixed(folder)
    assert (folder / "cart.journey").read_bytes() == text.replace("3 d", "3d").encode()


@pytest.mark.skipif(os.name == "nt", reason="permissions of this kind are not everywhere")
def test_permissions_stay(tmp_path: Path) -> None:
    file = project(tmp_path, {"cart.journey": journey(wait="3 d")}) / "cart.journey"
    file.chmod(0o640)
    fixed(file.parent)
    assert file.read_text(encoding="utf-8") == journey(wait="3d")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_file_outside_of_the_asked_ones_is_left_alone(tmp_path: Path) -> None:
    use = 'use "words.journey"\n' + journey().split("\n", 2)[2]
    folder = project(tmp_path, {"cart.journey": use, "words.journey": "event visited\nevent order_placed\nwait: 3 d\n"})
    before = (folder / "words.journey").read_bytes()
    safar.fix(folder / "cart.journey", unsafe=True)
    assert (folder / "words.journey").read_bytes() == before


# --- fixes that make things worse


class _Planted:
    """Checks as ever, with one more finding whose fix puts `text` in place of the first `old`."""

    def __init__(self, *plans: tuple[str, str, bool]) -> None:
        self.plans = plans

    def __call__(self, home: Home, files: tuple[Path, ...], choice: checking.Choice) -> checking.Checked:
        checked = checking.check_home(home, files, choice)
        source = Source("journeys/cart.journey", home.texts.get("journeys/cart.journey") or self._text(files))
        return checked.only(
            [*checked.findings, *(self._finding(source, *plan) for plan in self.plans if plan[0] in source.text)]
        )

    def _text(self, files: tuple[Path, ...]) -> str:
        return files[0].read_text(encoding="utf-8")

    def _finding(self, source: Source, old: str, text: str, safe: bool) -> Diagnostic:
        at = source.text.index(old)
        span = Span(source, at, at + len(old))
        rule = Rule("planted", "SF999", Severity.WARNING)
        return rule.at(span, f"not `{old}`", fix=Fix((Edit(span, text),), safe=safe))


def planted(folder: Path, monkeypatch: pytest.MonkeyPatch, *plans: tuple[str, str, bool]) -> mending.Mended:
    monkeypatch.setattr(mending, "check_home", _Planted(*plans))
    home = read.find_home(folder)
    return mending.mend(home, read.journey_files(home), checking.Choice(), unsafe=True)


def test_what_breaks_a_file_is_taken_back_and_the_rest_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path, {"cart.journey": journey()})
    plans = (("enter", "entr {", True), ("2d", "3d", False), ("first_one", "the_first", False))
    done = planted(folder, monkeypatch, *plans)
    (change,) = done.changes
    assert change.after == journey(wait="3d").replace("first_one", "the_first")
    assert done.left_out == 1


def test_a_safe_fix_that_changes_the_meaning_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path, {"cart.journey": journey()})
    done = planted(folder, monkeypatch, ("2d", "3d", True))
    assert (done.changes, done.left_out) == ((), 1)


def test_fixes_in_each_others_way_come_one_after_the_other_and_an_end_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, {"cart.journey": journey()})
    done = planted(folder, monkeypatch, ("wait 2d", "wait 3d", False), ("2d", "4d", False))
    (change,) = done.changes
    assert change.after == journey(wait="3d")
    round_and_round = planted(folder, monkeypatch, ("2d", "3d", False), ("3d", "2d", False))
    assert len(round_and_round.changes) <= 1


def test_a_file_changed_meanwhile_is_not_written(tmp_path: Path) -> None:
    folder = project(tmp_path, {"cart.journey": journey(wait="3 d")})
    done = safar.fix(folder, write=False)
    (folder / "cart.journey").write_text("# another\n", encoding="utf-8")
    with pytest.raises(OSError, match="changed by somebody else"):
        mending.write(done.changes)
    assert (folder / "cart.journey").read_text(encoding="utf-8") == "# another\n"


# --- the command


def test_diff_shows_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    folder = project(tmp_path, {"cart.journey": journey(wait="3 d")})
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "--diff"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == ["--- journeys/cart.journey", "+++ journeys/cart.journey"]
    assert "-    wait 3 d\n+    wait 3d\n" in said.out
    assert said.err == "would mend journeys/cart.journey: 1 foreign-spelling\n"
    assert "3 d" in (folder / "cart.journey").read_text(encoding="utf-8")
    assert cli.main(["check", "--fix"]) == 0
    said = capsys.readouterr()
    assert said.err == "mended journeys/cart.journey: 1 foreign-spelling\n"
    assert said.out == "no findings in 1 file\n"
    assert cli.main(["check", "--diff"]) == 0
    assert capsys.readouterr() == ("", "")


def test_what_can_be_mended_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    project(tmp_path, {"cart.journey": journey(wait="3 d", enter="visted")})
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "--format", "concise"]) == 1
    assert "\nmendable: 1 with `safar check --fix`, 1 with `--unsafe-fixes`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--unsafe-fixes"], "goes with --fix or --diff"),
        (["--fix", "--diff"], "--diff changes nothing"),
        (["--diff", "--format", "json"], "--diff changes nothing"),
        (["--write-baseline"], "needs --baseline FILE"),
        (["--write-baseline", "--baseline", "b.json", "--fix"], "not with --fix"),
    ],
)
def test_what_does_not_go_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, arguments: list[str], said: str
) -> None:
    project(tmp_path, {"cart.journey": journey()})
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", *arguments]) == 2
    assert said in capsys.readouterr().err
