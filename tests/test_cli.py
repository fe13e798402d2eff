"""The command line: in this process where it can be, in one of its own where streams and exits matter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.templates import folder

GOOD = """team crm "CRM"
event order_placed
journey thanks {
  enter on order_placed
  stage early { task crm "Call" }
}
"""
BAD = GOOD.replace("task crm", "task crn")
JOURNEYS = folder() / "dsl"
Output = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, in which the command runs."""
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (tmp_path / "journeys").mkdir()
    (tmp_path / "journeys" / "thanks.journey").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def command(arguments: Sequence[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`safar` as its console script runs it."""
    script = Path(sys.executable).with_name("safar")
    env = {**os.environ, **environment}
    line = [str(script), *map(str, arguments)]
    return subprocess.run(line, cwd=cwd, env=env, capture_output=True, timeout=120, check=False)


# --- the group


@pytest.mark.smoke
def test_version(capsys: Output) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"safar {safar.__version__}\n"


@pytest.mark.smoke
def test_help_lists_every_command_and_imports_none(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['safar', '--help']\nfrom safar import cli\nassert cli.main() == 0\n"
        "heavy = {'click', 'lark', 'yaml', 'networkx', 'graphviz', 'numpy', 'msgspec'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in cli.COMMANDS)


def test_every_command_is_a_file_and_every_file_says_what_it_does(capsys: Output) -> None:
    for name in cli.COMMANDS:
        assert cli.main([name, "--help"]) == 0
        said = capsys.readouterr().out
        assert said.startswith(f"Usage: safar {name} ")
        assert f"safar {name} " in said.split("\n", 1)[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage: safar"),
        (["chek"], "did you mean `check`?"),
        (["--verbose"], "no command `--verbose`"),
        (["\x1b[2J"], "\\x1b[2J"),
        (["check", "--formt", "json"], "--formt"),
        (["explain"], "Missing argument"),
        (["explain", "unused-ignor"], "did you mean `unused-ignore`?"),
    ],
)
def test_wrong_use_is_2_in_a_line(arguments: list[str], said: str, capsys: Output) -> None:
    assert cli.main(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err
    assert "\x1b" not in shown.err


def test_a_fault_of_ours_is_3_with_a_paragraph(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret \x1b[2J")

    monkeypatch.setattr("safar.api.rules", broken)
    assert cli.main(["rules"]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "report" in said
    assert "\x1b" not in said
    monkeypatch.setenv("SAFAR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["rules"])


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("safar.api.rules", stopped)
    assert cli.main(["rules"]) == 130


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("command", ["--version", "rules", "check {}", "simulate {} -n 9", "simulate {} -n 9 --json -"])
def test_an_output_that_is_full_is_one_clear_error(command: str, shop: Path) -> None:
    (journey,) = shop.rglob("*.journey")
    arguments = command.format(journey).split()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "safar", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "the output cannot be written: No space left on device" in done.stderr and done.stderr.count("\n") == 1


def test_closed_outputs_are_silent(shop: Path) -> None:
    for closed in ("sys.stdout = None", "sys.stdout = sys.stderr = None"):
        program = f"import sys; {closed}\nfrom safar.cli import main; sys.exit(main(['check']))"
        done = subprocess.run([sys.executable, "-c", program], cwd=shop, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


# --- check


@pytest.mark.smoke
def test_check_of_the_whole_project(shop: Path, capsys: Output) -> None:
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().out == "no findings in 1 file\n"
    assert cli.main(["check", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_check_finds_and_exits_1(shop: Path, capsys: Output) -> None:
    (shop / "journeys" / "bad.journey").write_text(BAD, encoding="utf-8")
    assert cli.main(["check"]) == 1
    shown = capsys.readouterr().out
    assert "error[unknown-name]" in shown
    assert "--> journeys/bad.journey:5:22" in shown
    assert "did you mean `crm`?" in shown
    assert shown.splitlines()[-1] == "explain: safar explain unknown-name"
    assert cli.main(["check", "--exit-zero"]) == 0
    capsys.readouterr()
    assert cli.main(["check", "journeys/bad.journey", "--format", "concise", "-q"]) == 1
    assert capsys.readouterr().out.startswith("journeys/bad.journey:5:22: error[unknown-name] ")


def test_check_json_on_the_output_alone(shop: Path, capsys: Output) -> None:
    (shop / "journeys" / "bad.journey").write_text(BAD, encoding="utf-8")
    assert cli.main(["check", "--format", "json"]) == 1
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert shown.err == ""
    assert document["format_version"] == 1
    assert [f["rule"] for f in document["findings"]] == ["unknown-name"]
    assert document["findings"][0]["path"] == "journeys/bad.journey"
    assert document["findings"][0]["start"] == {"line": 5, "column": 22}
    assert document["summary"]["files"] == 2


@pytest.mark.parametrize("arguments", [["nowhere"], ["nowhere.journey"], ["empty"], ["--project", "empty"]])
def test_nothing_to_check_is_2(arguments: list[str], shop: Path, capsys: Output) -> None:
    (shop / "empty").mkdir()
    (shop / "empty" / "safar.toml").write_text("[project]\n", encoding="utf-8")
    assert cli.main(["check", *arguments]) == 2
    assert capsys.readouterr().err.startswith("safar check: ")


def test_check_selects_and_ignores(shop: Path, capsys: Output) -> None:
    text = GOOD.replace('task crm "Call"', "wait 0s")
    (shop / "journeys" / "thanks.journey").write_text(text, encoding="utf-8")
    assert cli.main(["check"]) == 1
    assert cli.main(["check", "--ignore", "zero-wait"]) == 0
    assert cli.main(["check", "--ignore", "SF1"]) == 0
    assert cli.main(["check", "--select", "SF4"]) == 0
    assert cli.main(["check", "--select", "zero-wait", "--ignore", "unused-declaration"]) == 1
    capsys.readouterr()
    assert cli.main(["check", "--select", "zero-wiat"]) == 2
    assert "did you mean `zero-wait`?" in capsys.readouterr().err


def test_check_fail_level_and_the_projects_severities(shop: Path, capsys: Output) -> None:
    (shop / "journeys" / "thanks.journey").write_text(GOOD + "tag lonely\n", encoding="utf-8")
    assert cli.main(["check"]) == 0
    assert "warning[unused-declaration]" in capsys.readouterr().out
    assert cli.main(["check", "--fail-level", "warning"]) == 1
    settings = '[project]\nname = "shop"\n[check.severity]\nunused-declaration = "{}"\n'
    (shop / "safar.toml").write_text(settings.format("error"), encoding="utf-8")
    assert cli.main(["check"]) == 1
    (shop / "safar.toml").write_text(settings.format("off"), encoding="utf-8")
    assert cli.main(["check", "--fail-level", "info"]) == 0
    (shop / "safar.toml").write_text('[check.paths]\n"journeys/**" = { ignore = ["unused-declaration"] }\n', "utf-8")
    assert cli.main(["check", "--fail-level", "info"]) == 0


def test_errors_of_reading_stay_whatever_is_ignored(shop: Path) -> None:
    (shop / "journeys" / "bad.journey").write_text(BAD, encoding="utf-8")
    assert cli.main(["check", "--ignore", "unknown-name"]) == 1
    assert cli.main(["check", "--select", "SF4"]) == 1


def test_wrong_settings_are_2(shop: Path, capsys: Output) -> None:
    (shop / "safar.toml").write_text('[project]\ncurrancy = "EUR"\n', encoding="utf-8")
    assert cli.main(["check"]) == 2
    shown = capsys.readouterr().out
    assert "error[unknown-setting]" in shown
    assert "--> safar.toml:2:1" in shown


def test_a_limit_is_5(shop: Path) -> None:
    (shop / "safar.toml").write_text("[limits]\nfile = 20\n", encoding="utf-8")
    assert cli.main(["check"]) == 5


def test_two_projects_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "safar.toml").write_text("[project]\n", encoding="utf-8")
        (tmp_path / name / "a.journey").write_text(BAD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", ".", "--format", "json"]) == 1
    paths = [finding["path"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert paths == ["one/a.journey", "two/a.journey"]


def test_hostile_file_names_and_texts_are_shown_not_obeyed(shop: Path) -> None:
    name = "::error::\x1b[2J\n\u202ex.journey"
    (shop / "journeys" / name).write_text(BAD.replace('"CRM"', '"\x1b]0;x\x07"'), encoding="utf-8")
    for form in ("full", "concise"):
        done = command(["check", "--format", form, "journeys"], shop)
        assert done.returncode == 1
        assert b"\x1b" not in done.stdout
        assert b"\x07" not in done.stdout
        assert not any(line.startswith(b"::") for line in done.stdout.splitlines())
        assert "\u202e".encode() not in done.stdout


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff\xfe", b"{" * 5000, b"journey", b"\xef\xbb\xbf", b'"' * 99])
@pytest.mark.parametrize("ending", [".journey", ".journey.yaml"])
def test_no_bytes_give_a_traceback(content: bytes, ending: str, shop: Path, capsys: Output) -> None:
    (shop / "journeys" / f"odd{ending}").write_bytes(content)
    assert cli.main(["check"]) in (0, 1, 5)
    assert capsys.readouterr().err == ""


def test_colour_when_asked_for(shop: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.main(["check", "--color", "always"]) == 0
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert cli.main(["check"]) == 0
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    assert cli.main(["check"]) == 0
    assert "\x1b[" not in capsys.readouterr().out


# --- explain and rules


@pytest.mark.smoke
def test_explain_and_rules(capsys: Output) -> None:
    assert cli.main(["explain", "SF051"]) == 0
    assert capsys.readouterr().out.startswith("# unused-ignore\n")
    assert cli.main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 30
    assert any(line.startswith("SF051  unused-ignore ") for line in lines)
    assert cli.main(["rules", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rules"]) == len(lines)


# --- init


@pytest.mark.smoke
@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_new_project_is_green(language: str, tmp_path: Path, capsys: Output) -> None:
    target = tmp_path / "new shop"
    assert cli.main(["init", str(target), "--lang", language]) == 0
    assert cli.main(["check", str(target), "--fail-level", "info"]) == 0
    assert "in 3 files" in capsys.readouterr().out
    before = {file: file.read_bytes() for file in target.rglob("*") if file.is_file()}
    assert cli.main(["init", str(target)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert before == {file: file.read_bytes() for file in target.rglob("*") if file.is_file()}


def test_every_template_is_green(tmp_path: Path, capsys: Output) -> None:
    assert cli.main(["init", "--template", "list"]) == 0
    names = capsys.readouterr().out.split()
    assert len(names) == 6
    for name in names:
        assert cli.main(["init", str(tmp_path / name), "--template", name, "-q"]) == 0
        assert cli.main(["check", str(tmp_path / name), "--fail-level", "info"]) == 0, capsys.readouterr().out
    assert cli.main(["init", str(tmp_path / "x"), "--template", "loyalti"]) == 2
    assert "did you mean `loyalty`?" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


# --- simulate and trace


@pytest.mark.smoke
def test_simulate_writes_json_that_is_the_same_each_time(tmp_path: Path, capsys: Output) -> None:
    journey = str(JOURNEYS / "abandoned_cart.journey")
    figures, traces = tmp_path / "figures.json", tmp_path / "traces.jsonl"
    arguments = ["simulate", journey, "-n", "200", "--seed", "7"]
    assert cli.main([*arguments, "--json", str(figures), "--traces", str(traces)]) == 0
    assert "200 customers" in capsys.readouterr().out
    assert cli.main([*arguments, "--json", "-"]) == 0
    shown = capsys.readouterr()
    assert shown.out == figures.read_text(encoding="utf-8")
    assert "200 customers" in shown.err
    document = json.loads(shown.out)
    assert document["format_version"] == 1
    assert document["entered"] == sum(document["outcomes"].values()) + document["unfinished"]
    lines = [json.loads(line) for line in traces.read_text(encoding="utf-8").splitlines()]
    assert {"customer", "journey", "entry", "n", "at", "step", "what", "event", "payload", "why"} <= set(lines[0])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["figures.json", "traces.jsonl"]


def test_traces_may_go_to_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["simulate", str(JOURNEYS / "abandoned_cart.journey"), "-n", "3", "--traces", "-"]
    assert cli.main(arguments) == 0
    shown = capsys.readouterr()
    assert {json.loads(line)["customer"] for line in shown.out.splitlines()} == {"1", "2", "3"}
    assert "3 customers" in shown.err
    assert cli.main([*arguments, "--json", "-"]) == 2
    assert "only one of" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_bar_on_a_terminal_and_none_in_a_pipe(tmp_path: Path) -> None:
    arguments = ["simulate", str(JOURNEYS / "loyalty.journey"), "-n", "300"]
    line = [str(Path(sys.executable).with_name("safar")), *arguments]
    assert command(arguments, tmp_path).stderr == b""
    ours, its = os.openpty()
    try:
        done = subprocess.run(line, stdout=subprocess.PIPE, stderr=its, timeout=120, check=False)
        drawn = os.read(ours, 1 << 16)
    finally:
        os.close(ours)
        os.close(its)
    assert done.returncode == 0 and b"300 customers" in done.stdout
    assert b"customers  [" in drawn and b"100%" in drawn and b"customers  [" not in done.stdout


def test_simulate_both_spellings_give_the_same_bytes(capsys: Output) -> None:
    for spelling, ending in (("dsl", ".journey"), ("yaml", ".journey.yaml")):
        assert cli.main(["simulate", str(folder() / spelling / f"loyalty{ending}"), "-n", "100", "--json", "-"]) == 0
    first, second = capsys.readouterr().out.split('{\n  "format_version"')[1:]
    assert first == second


def test_simulate_by_name_with_files_and_all(capsys: Output) -> None:
    shop = ["--customers", str(JOURNEYS / "customers" / "shop.csv")]
    assert cli.main(["simulate", "loyalty", "--project", str(JOURNEYS), *shop, "--json", "-", "-q"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["journey"] == "loyalty"
    assert cli.main(["simulate", str(JOURNEYS), "--all", "-n", "20", "--days", "30", "--json", "-", "-q"]) == 0
    assert len(json.loads(capsys.readouterr().out)["journeys"]) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["simulate", "nothing.journey"], "there is no file"),
        (["simulate", "thankz"], "did you mean `thanks`?"),
        (["simulate", "thanks", "--start", "tomorrow"], "no instant"),
        (["simulate", "thanks", "-n", "0"], "-n"),
        (["simulate", "thanks", "-n", "5", "--customers", "c.csv"], "cannot be given"),
        (["simulate", "thanks", "--customers", "none.csv"], "does not exist"),
        (["trace", "thanks", "--customer", "c1"], "made-up customers have numbers"),
        (["trace", "thanks"], "--customer"),
        (["trace", "thanks", "--customer", "c9", "--customers", "c.csv"], "no customer `c9`"),
        (["draw", "thanks", "-o", "map.gif"], "there are .svg, .png, .pdf, .html, .mmd, .md, .dot"),
        (["draw", "thanks", "-o", "link.svg"], "symbolic link"),
        (["draw", "thanks", "-o", "no/map.svg"], "no folder"),
        (["draw", "thanks", "--beside", "thanks"], "for the journey map"),
        (["draw", "thanks", "--as", "map", "--focus", "hello"], "for the flow"),
        (["draw", "thanks", "--stages", "earlz"], "did you mean `early`?"),
        (["draw", "thanks", "--focus", "nowhere"], "no step `nowhere`"),
        (["draw", "thanks", "--collapse", "early,lat"], "no stage `lat`"),
        (["draw", "thanks", "--trace", "c.csv"], "`--customer KEY`"),
        (["draw", "thanks", "--trace", "c.csv", "--customer", "c1"], "this is no trace"),
        (["draw", "thanks", "--focus", "early", "-o", "x.md"], "Markdown tells the whole journey"),
        (["draw", "thanks", "--as", "map", "--stages", "earlz"], "did you mean `early`?"),
        (["draw", "thanks", "--as", "map", "--persona", "p"], "no persona `p`; there are none"),
        (["draw", "thanks", "--as", "map", "--beside", "thankz"], "did you mean `thanks`?"),
        (["draw", "thanks", "--as", "map", "-o", "map.dot"], "not written as .dot"),
    ],
)
def test_wrong_arguments_are_2(arguments: list[str], said: str, shop: Path, capsys: Output) -> None:
    (shop / "c.csv").write_text("customer\nc1\n", encoding="utf-8")
    (shop / "target").write_text("kept", encoding="utf-8")
    (shop / "link.svg").symlink_to(shop / "target")
    assert cli.main(arguments) == 2
    assert said in capsys.readouterr().err
    assert (shop / "target").read_text(encoding="utf-8") == "kept"


def test_a_journey_with_errors_is_not_run(shop: Path, capsys: Output) -> None:
    (shop / "journeys" / "thanks.journey").write_text(BAD, encoding="utf-8")
    for verb in (["simulate", "thanks"], ["trace", "thanks", "--customer", "1"], ["draw", "thanks"]):
        assert cli.main(verb) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "error[unknown-name]" in shown.err


def test_bad_rows_are_told_and_strict_stops(shop: Path, capsys: Output) -> None:
    (shop / "c.csv").write_text("customer\nc1\n\nc1\n", encoding="utf-8")
    assert cli.main(["simulate", "thanks", "--customers", "c.csv", "--json", "-", "-q"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["rejected_rows"] == 1
    assert "c.csv:4:1: warning[duplicate-row]" in shown.err
    assert cli.main(["simulate", "thanks", "--customers", "c.csv", "--strict"]) == 1


@pytest.mark.smoke
def test_trace_tells_why(capsys: Output) -> None:
    shop, events = (JOURNEYS / "customers" / name for name in ("shop.csv", "abandoned_cart.events.csv"))
    journey = str(JOURNEYS / "abandoned_cart.journey")
    assert cli.main(["trace", journey, "--customer", "c1", "--customers", str(shop), "--events", str(events)]) == 0
    shown = capsys.readouterr().out
    assert "delivered" in shown
    assert "because" in shown
    assert cli.main(["trace", journey, "--customer", "17"]) == 0


# --- draw


@pytest.mark.smoke
def test_draw_by_ending_and_default_name(shop: Path, capsys: Output) -> None:
    journey = str(JOURNEYS / "birthday.journey")
    assert cli.main(["draw", journey]) == 0
    assert (shop / "birthday.svg").read_text(encoding="utf-8").startswith("<")
    assert capsys.readouterr().err == "wrote birthday.svg\n"
    assert cli.main(["draw", journey, "-o", "map.DOT", "-q"]) == 0
    assert "digraph" in (shop / "map.DOT").read_text(encoding="utf-8")
    assert cli.main(["draw", journey, "-o", "-"]) == 0
    assert capsys.readouterr().out == (shop / "birthday.svg").read_text(encoding="utf-8")


def test_draw_the_journey_map(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    first, second = str(JOURNEYS / "five_stages.journey"), str(JOURNEYS / "omnichannel.journey")
    wanted = ["--as", "map", "--persona", "hunter", "--stages", "awareness..purchase", "--beside", second]
    assert cli.main(["draw", first, *wanted, "-o", "map.svg", "-q"]) == 0
    map = (shop / "map.svg").read_text(encoding="utf-8")
    assert all(word in map for word in ("Consideration", "Browsing", "Bargain hunter", "only in"))
    assert "Retention" not in map
    assert cli.main(["draw", first, *wanted, "-o", "map.pdf", "-q"]) == 0
    assert cli.main(["simulate", first, "-n", "50", "--json", "result.json", "-q"]) == 0
    assert cli.main(["draw", first, "--as", "map", "--traffic", "result.json", "-o", "told.svg", "-q"]) == 0
    assert "50 come (100%)" in (shop / "told.svg").read_text(encoding="utf-8")
    assert cli.main(["draw", second, "--as", "map", "--traffic", "result.json"]) == 2
    assert "not of `omnichannel`" in capsys.readouterr().err
    assert cli.main(["draw", second, "--as", "map", "--traffic", "none.json"]) == 2
    assert "none.json" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert cli.main(["draw", first, "--as", "map", "-o", "map.png"]) == 2
    assert "install `safar[png]`" in capsys.readouterr().err


@pytest.mark.parametrize(("kind", "package"), [("pdf", "svg2pdf_py"), ("png", "resvg_py")])
def test_a_missing_extra_is_wrong_use(
    kind: str, package: str, shop: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert cli.main(["draw", "thanks", "-o", f"map.{kind}"]) == 2
    assert f"install `safar[{kind}]`" in capsys.readouterr().err
    assert not (shop / f"map.{kind}").exists()


# --- processes of their own


def test_a_reader_that_goes_away_is_no_fault(shop: Path) -> None:
    script = Path(sys.executable).with_name("safar")
    done = subprocess.run(
        ["bash", "-c", f"'{script}' rules --format json | head -c 10; echo; echo ${{PIPESTATUS[0]}}"],
        cwd=shop,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in ("0", "141")


@pytest.mark.smoke
def test_planted_modules_are_not_imported(shop: Path) -> None:
    for name in ("yaml", "lark", "msgspec", "engine", "click", "networkx"):
        (shop / f"{name}.py").write_text("raise SystemExit('planted')\n", encoding="utf-8")
    (shop / "journeys" / "more.journey.yaml").write_text("teams: {support: {title: S}}\n", encoding="utf-8")
    done = command(["check"], shop)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"in 2 files" in done.stdout


def test_output_is_utf8_in_any_locale(shop: Path) -> None:
    (shop / "journeys" / "thanks.journey").write_text(BAD.replace("crn", "گروه"), encoding="utf-8")
    done = command(["check"], shop, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "گروه".encode() in done.stdout


def test_python_minus_m(shop: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "safar", "check"], cwd=shop, capture_output=True, check=False)
    assert done.returncode == 0


def test_a_limit_can_be_another_for_one_call(shop: Path, capsys: Output) -> None:
    assert cli.main(["check", "--limit", "file=20"]) == 5
    (shop / "safar.toml").write_text("[limits]\nfile = 20\n", encoding="utf-8")
    assert cli.main(["check", "--limit", "file=2MiB"]) == 0
    assert cli.main(["draw", "thanks", "--limit", "file=2MiB", "-o", "-"]) == 0
    capsys.readouterr()
    for wrong, said in (("file", "NAME=VALUE"), ("fiel=1", "no limit"), ("file=much", "a whole number")):
        assert cli.main(["check", "--limit", wrong]) == 2
        assert said in capsys.readouterr().err


def test_the_project_of_a_path_with_dots(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    inner = shop / "inner"
    inner.mkdir()
    (inner / "safar.toml").write_text("[project]\ncurrancy = 'EUR'\n", encoding="utf-8")
    monkeypatch.chdir(inner)
    assert cli.main(["check", "../journeys/thanks.journey"]) == 0
    assert cli.main(["check"]) == 2
