"""The settings of a project: found upward, each key known, each value of its kind."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from safar.dsl.limits import DEFAULT_LIMITS
from safar.dsl.project import Home, find_home
from safar.engine.model import Settings

WHOLE = """
[project]
name = "shop"
timezone = "Asia/Tehran"
currency = "IRT"
week_starts = "saturday"
language = "fa"
journeys = ["journeys", "drafts"]
[rates]
IRT_per_EUR = 120000
[check]
select = ["default"]
ignore = ["no-owner"]
[check.severity]
unused-declaration = "error"
[check.paths]
"journeys/drafts/**" = { ignore = ["no-target"] }
[simulate]
customers = 500
seed = 7
start = 2027-01-05T09:00:00
[limits]
file = "512KiB"
depth = 20
"""


def home_of(folder: Path, text: str, name: str = "safar.toml") -> Home:
    (folder / name).write_text(text, encoding="utf-8")
    return find_home(folder)


def wrong(folder: Path, text: str) -> list[tuple[str, str, int]]:
    """Rule, marked text and line of what is wrong in a `safar.toml`."""
    return [(f.rule, f.span.text, f.span.source.position(f.span.start)[0]) for f in home_of(folder, text).findings]


def test_every_setting(tmp_path: Path) -> None:
    home = home_of(tmp_path, WHOLE)
    assert home.findings == ()
    assert home.settings == Settings(
        name="shop",
        timezone="Asia/Tehran",
        currency="IRT",
        week_starts="saturday",
        language="fa",
        rates={"IRT_per_EUR": Fraction(120_000)},
    )
    assert home.journeys == ("journeys", "drafts")
    assert home.ignore == ("no-owner",)
    assert home.severities == {"unused-declaration": "error"}
    assert [(p.pattern, p.ignore) for p in home.paths] == [("journeys/drafts/**", ("no-target",))]
    assert (home.simulation.customers, home.simulation.seed) == (500, 7)
    assert home.simulation.start == "2027-01-05T09:00:00"
    assert (home.limits.file, home.limits.depth) == (524_288, 20)


def test_without_settings_the_folder_is_the_project(tmp_path: Path) -> None:
    home = find_home(tmp_path / "a.journey")
    assert (home.root, home.file, home.settings, home.limits) == (tmp_path, None, Settings(), DEFAULT_LIMITS)


def test_the_nearest_file_upward(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    home_of(tmp_path, '[project]\nname = "outer"\n')
    assert find_home(inner / "x.journey").settings.name == "outer"
    home_of(tmp_path / "a", '[project]\nname = "inner"\n')
    home = find_home(inner / "x.journey")
    assert (home.settings.name, home.root) == ("inner", tmp_path / "a")


def test_a_table_in_pyproject(tmp_path: Path) -> None:
    home = home_of(tmp_path, '[tool.safar.project]\nname = "shop"\ntimezon = "UTC"\n', "pyproject.toml")
    assert home.settings.name == "shop"
    assert [(f.rule, f.span.text) for f in home.findings] == [("unknown-setting", "timezon")]


def test_a_pyproject_of_others_is_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    home_of(tmp_path, '[project]\nname = "outer"\n')
    assert home_of(inner, '[project]\nname = "x"\n', "pyproject.toml").root == tmp_path


MISTAKES = {
    "misspelled key": ('[project]\ntimezon = "UTC"', "unknown-setting", "timezon", 2),
    "misspelled table": ("[projcet]\n", "unknown-setting", "projcet", 1),
    "unknown zone": ('[project]\ntimezone = "Asia/Teheran_"', "wrong-setting", "timezone", 2),
    "zone as a path": ('[project]\ntimezone = "../../etc/passwd"', "wrong-setting", "timezone", 2),
    "unknown currency": ('[project]\ncurrency = "EURO"', "wrong-setting", "currency", 2),
    "unknown weekday": ('[project]\nweek_starts = "Saturday"', "wrong-setting", "week_starts", 2),
    "list expected": ('[project]\njourneys = "journeys"', "wrong-setting", "journeys", 2),
    "folder outside": ('[project]\njourneys = ["../.."]', "wrong-setting", "journeys", 2),
    "text expected": ("[project]\nname = 3", "wrong-setting", "name", 2),
    "table expected": ("project = 3", "wrong-setting", "project", 1),
    "rate of unknown": ("[rates]\nIRT_per_EURO = 3", "wrong-setting", "IRT_per_EURO", 2),
    "rate below zero": ("[rates]\nIRT_per_EUR = -3", "wrong-setting", "IRT_per_EUR", 2),
    "rate without end": ("[rates]\nIRT_per_EUR = inf", "wrong-setting", "IRT_per_EUR", 2),
    "severity": ('[check.severity]\nno-owner = "fatal"', "wrong-setting", "no-owner", 2),
    "path rules": ('[check.paths]\n"a/**" = 3', "wrong-setting", '"a/**"', 2),
    "customers": ("[simulate]\ncustomers = 0", "wrong-setting", "customers", 2),
    "start": ('[simulate]\nstart = "today"', "wrong-setting", "start", 2),
    "loosened": ('[limits]\n# first\nfile = "10MiB"', "loosened-limit", "file", 3),
    "limit unknown": ("[limits]\nfiel = 3", "unknown-setting", "fiel", 2),
    "limit of nothing": ("[limits]\nfile = 0", "wrong-setting", "file", 2),
    "no TOML": ("[project]\nname = shop", "settings-syntax", "s", 2),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_finding(tmp_path: Path, name: str) -> None:
    text, rule, marked, line = MISTAKES[name]
    assert wrong(tmp_path, text) == [(rule, marked, line)]


def test_the_nearest_name_is_shown(tmp_path: Path) -> None:
    home = home_of(tmp_path, '[project]\ntimezone = "Asia/Tehrann"\nlangauge = "fa"\n')
    assert {f.help for f in home.findings} == {"did you mean `Asia/Tehran`?", "did you mean `language`?"}


def test_limits_are_never_loosened(tmp_path: Path) -> None:
    home = home_of(tmp_path, "[limits]\nfile = 10000000000\ndepth = 5\n")
    assert (home.limits.file, home.limits.depth) == (DEFAULT_LIMITS.file, 5)


def test_what_is_right_holds_beside_what_is_wrong(tmp_path: Path) -> None:
    home = home_of(tmp_path, '[project]\nname = "shop"\ncurrency = "XXX"\n')
    assert (home.settings.name, home.settings.currency) == ("shop", "EUR")


def test_hostile_files(tmp_path: Path) -> None:
    file = tmp_path / "safar.toml"
    for raw, rule in [
        (b"\xff\xfe", "not-text"),
        (b"#" * 70_000, "settings-syntax"),
        (b"a = " + b"[" * 30_000, "settings-syntax"),
    ]:
        file.write_bytes(raw)
        assert [f.rule for f in find_home(tmp_path).findings] == [rule]
    file.unlink()
    other = tmp_path / "other.toml"
    other.write_text("password = 3")
    file.symlink_to(other)
    home = find_home(tmp_path)
    assert [f.rule for f in home.findings] == ["symbolic-link-used"]
    assert "password" not in repr(home)


@example_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([*WHOLE.split("\n"), "x = 1", "[", '"', "= 3", "[[a]]", "a.b = {}"]), max_size=25))
def test_any_lines_give_a_project(tmp_path: Path, lines: list[str]) -> None:
    home = home_of(tmp_path, "\n".join(lines))
    assert home.root == tmp_path
    assert all(f.message and f.span.start <= f.span.end for f in home.findings)


GUIDE = (Path(__file__).parents[2] / "docs" / "language" / "project.md").read_text(encoding="utf-8")


def test_the_settings_in_the_guide(tmp_path: Path) -> None:
    assert wrong(tmp_path, GUIDE.split("```toml\n")[1].split("```")[0]) == []


@pytest.mark.parametrize("name", DEFAULT_LIMITS.__struct_fields__)
def test_the_guide_lists_each_limit(name: str) -> None:
    assert f"| `{name}` |" in GUIDE
