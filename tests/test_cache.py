"""Findings that are kept: the same as those read anew, whatever happened in between, and never somebody else's."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import safar
from safar import cache, cli
from safar.commands import options, report
from safar.dsl import read
from safar.engine.diagnostic import Severity
from safar.renderers.findings import forms
from safar.renderers.terminal import Style

SETTINGS = '[project]\nname = "shop"\n'
WORDS = """team crm "CRM"
team web "Web"
event order_placed
channel sms "SMS" { outbound; cost 0.04 EUR per message }
"""
JOURNEY = """use "../words.journey"
tag gift
journey NAME {
  enter on order_placed
  stage early {
    touchpoint thanks { send sms { text "Thank you" } }
    task crm "Call" # safar: ignore[zero-wait] nothing to ignore
    wait 0s
  }
}
"""
BROKEN = 'use "../words.journey"\njourney NAME {\n  stage s { task crn "Call" }\n'
YAML = """use: [../words.journey]
journeys:
  NAME:
    enter: [{event: order_placed}]
    stages: [{stage: s, steps: [{task: web, text: "Anruf \\u0001"}, {wait: 1d}]}]
"""
LONE = 'use: [../words.journey]\nteams:\n  crm: "\\ud800"\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return _shop(tmp_path / "shop")


def _shop(folder: Path) -> Path:
    (folder / "journeys").mkdir(parents=True)
    (folder / "safar.toml").write_text(SETTINGS)
    (folder / "words.journey").write_text(WORDS)
    for name in ("a", "b", "c"):
        (folder / "journeys" / f"{name}.journey").write_text(JOURNEY.replace("NAME", name))
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    work = read._work

    def told(path: Path, *rest: Any) -> read.Outcome:
        names.append(path.name)
        return work(path, *rest)

    monkeypatch.setattr(read, "_work", told)
    return names


def printed(shop: Path, kept: Path | None, *paths: Path, select: Sequence[str] = ()) -> list[str]:
    """Everything that `check` can tell, in every form."""
    checked = safar.check(*paths, project=shop, select=select, cache=kept)
    counts = [checked.files, checked.suppressed, report.exit_code(checked, Severity.ERROR)]
    return [str(counts), *(report.text(checked, form, Style(), width=100) for form in forms())]


def stored(kept: Path) -> Any:
    (file,) = kept.glob("*.kept")
    return json.loads(file.read_text(encoding="utf-8").split("\n", 1)[1])


def restore(kept: Path, store: Any) -> None:
    """With a checksum that fits."""
    (file,) = kept.glob("*.kept")
    content = json.dumps(store)
    file.write_text(f"{read.digest(content)}\n{content}", encoding="utf-8")


# --- what is read again


def test_nothing_is_read_twice(shop: Path, kept: Path, readings: list[str]) -> None:
    anew = printed(shop, None)
    assert "zero-wait" in anew[1]
    readings.clear()
    assert printed(shop, kept) == anew
    assert readings == ["a.journey", "b.journey", "c.journey"]
    readings.clear()
    assert printed(shop, kept) == anew
    assert readings == []


def test_only_what_depends_on_a_change_is_read_again(shop: Path, kept: Path, readings: list[str]) -> None:
    (shop / "journeys" / "own.journey").write_text("team own\n")
    printed(shop, kept)
    readings.clear()
    (shop / "journeys" / "b.journey").write_text(BROKEN)
    assert printed(shop, kept) == printed(shop, None)
    assert readings[0] == "b.journey"
    assert len(readings) == 1 + 4
    readings.clear()
    (shop / "words.journey").write_text(WORDS.replace("web", "net"))
    printed(shop, kept)
    assert readings == ["a.journey", "b.journey", "c.journey"]


def test_a_use_of_a_use_counts(shop: Path, kept: Path, readings: list[str]) -> None:
    (shop / "more.journey").write_text("team late\n")
    (shop / "words.journey").write_text('use "more.journey"\n' + WORDS)
    printed(shop, kept)
    readings.clear()
    (shop / "more.journey").write_text("team later\n")
    printed(shop, kept)
    assert len(readings) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: (shop / "safar.toml").write_text(SETTINGS + 'currency = "IRT"\n'),
        lambda shop: (shop / "safar.toml").write_text(SETTINGS + "[limits]\nname = 100\n"),
        lambda shop: (shop / "safar.toml").unlink(),
    ],
    ids=["settings", "limits", "root"],
)
def test_settings_count(shop: Path, kept: Path, readings: list[str], change: Callable[[Path], object]) -> None:
    printed(shop, kept)
    readings.clear()
    change(shop)
    printed(shop, kept)
    assert len(readings) >= 3


def test_safar_itself_counts(shop: Path, kept: Path, readings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    printed(shop, kept)
    readings.clear()
    monkeypatch.setattr(cache, "tool", lambda: ("another",))
    printed(shop, kept)
    assert len(readings) == 3


def test_a_package_more_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.tool()
    (tmp_path / "holidays-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert cache.tool() != before


def test_a_file_that_was_missing_is_looked_for_again(shop: Path, kept: Path) -> None:
    (shop / "words.journey").rename(shop / "elsewhere.txt")
    assert "missing-file" in printed(shop, kept)[1]
    (shop / "elsewhere.txt").rename(shop / "words.journey")
    assert printed(shop, kept) == printed(shop, None)


def test_a_link_instead_of_the_file_is_found(shop: Path, kept: Path) -> None:
    printed(shop, kept)
    (shop / "words.journey").rename(shop / "elsewhere.journey")
    (shop / "words.journey").symlink_to(shop / "elsewhere.journey")
    assert "symbolic-link-used" in printed(shop, kept)[1]
    (shop / "journeys" / "a.journey").rename(shop / "a.txt")
    (shop / "journeys" / "a.journey").symlink_to(shop / "a.txt")
    assert printed(shop, kept) == printed(shop, None)


def test_one_file_and_then_all(shop: Path, kept: Path, readings: list[str]) -> None:
    """Whether all files are checked together decides only what is told of them."""
    one = shop / "journeys" / "a.journey"
    assert "unused-declaration" not in printed(shop, kept, one)[1]
    assert "unused-declaration" in printed(shop, kept)[1]
    assert readings == ["a.journey", "b.journey", "c.journey"]
    assert printed(shop, kept, one) == printed(shop, None, one)


def test_another_selection_is_another_question(shop: Path, kept: Path) -> None:
    for select in ((), ("SF",), ("SF5",), (), ("default",)):
        assert printed(shop, kept, select=select) == printed(shop, None, select=select)


def test_what_is_asked_is_part_of_the_key(shop: Path, kept: Path) -> None:
    home = read.find_home(shop)
    for path in sorted((shop / "journeys").iterdir()):
        cache.Cache(kept, home, (False,)).keep([read._work(path, home, None)])
        assert cache.Cache(kept, home, (False,)).known(path) is not None
        assert cache.Cache(kept, home, (True,)).known(path) is None


def test_the_time_and_size_of_a_file_say_nothing(shop: Path, kept: Path) -> None:
    words = shop / "words.journey"
    printed(shop, kept)
    before = words.stat()
    words.write_text(WORDS.replace("crm", "crn"))
    os.utime(words, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "unknown-name" in printed(shop, kept)[1]
    assert printed(shop, kept) == printed(shop, None)


# --- any edits

NAMES = st.sampled_from(["words.journey", *(f"journeys/{n}" for n in ("a.journey", "b.journey", "d.journey.yaml"))])
TEXTS = st.sampled_from(
    [WORDS, JOURNEY, BROKEN, YAML, LONE, "", "wait\n", WORDS.replace("team crm", "team crn"), "؟\n"]
)
INI = [
    'currency = "IRT"\n',
    "[check]\nignore = ['SF5']\n",
    "[check.severity]\nzero-wait = 'error'\n",
    "[limits]\nuses = 0\n",
]


class Edit(msgspec.Struct, frozen=True):
    """A change of a project: a new text, or (None) none; of settings where there is no name."""

    name: str
    text: str | None
    to: str = ""

    def do(self, shop: Path) -> None:
        path = shop / self.name
        if self.text is not None:
            path.write_text(self.text.replace("NAME", "n" + path.name[0]), encoding="utf-8")
        elif self.to and path.exists():
            path.rename(shop / self.to)
        else:
            path.unlink(missing_ok=True)


EDITS = st.one_of(
    st.builds(Edit, NAMES, TEXTS),
    st.builds(Edit, NAMES, st.none(), st.one_of(st.just(""), NAMES)),
    st.builds(Edit, st.just("safar.toml"), st.sampled_from([SETTINGS + more for more in ("", *INI)])),
)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(EDITS, max_size=3), min_size=1, max_size=4), st.booleans())
def test_kept_is_as_read_anew_after_any_edits(rounds: list[list[Edit]], one_by_one: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop, kept = _shop(Path(folder, "shop")), Path(folder, "kept")
        printed(shop, kept)
        for edits in rounds:
            for edit in edits:
                edit.do(shop)
            paths = sorted((shop / "journeys").iterdir()) if one_by_one else []
            assert printed(shop, kept, *paths[:1]) == printed(shop, None, *paths[:1])
            assert printed(shop, kept) == printed(shop, None)


def _every_part(thing: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    for key in thing if isinstance(thing, dict) else range(len(thing)) if isinstance(thing, list) else ():
        yield from _every_part(thing[key], (*way, key))


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, -1, 0, 1, 10**30, "", "x", "words.journey", [], [0], {}, True, 1.5]
)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_forged_store_is_no_store(data: st.DataObject) -> None:
    """Where a part is replaced, there is no fault; and where it no longer fits, the files are read."""
    with tempfile.TemporaryDirectory() as folder:
        shop, kept = _shop(Path(folder, "shop")), Path(folder, "kept")
        anew = printed(shop, kept)
        store = stored(kept)
        parts = [way for way in _every_part(store) if way and not ("findings" in way[:1] and len(way) > 1)]
        *way, last = data.draw(st.sampled_from(parts))
        inner = store
        for key in way:
            inner = inner[key]
        inner[last] = data.draw(JUNK)
        restore(kept, store)
        now = printed(shop, kept)
        if way[:1] not in (["entries"], ["used"]):
            assert now == anew


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_spoilt_store_is_no_store(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop, kept = _shop(Path(folder, "shop")), Path(folder, "kept")
        anew = printed(shop, kept)
        (file,) = kept.iterdir()
        content = file.read_bytes()
        at = data.draw(st.integers(0, len(content) - 1))
        file.write_bytes(content[:at] + data.draw(st.binary(max_size=3)) + content[at + data.draw(st.integers(0, 3)) :])
        assert printed(shop, kept) == anew


SPOILT = ["", "{", "null", "[]", "[" * 100_000, '{"key": ' * 100_000, "\0", "\udcff", '{"key": "x"}']


@pytest.mark.parametrize("text", SPOILT, ids=range(len(SPOILT)))
def test_what_is_no_store_is_replaced(shop: Path, kept: Path, text: str) -> None:
    anew = printed(shop, kept)
    (file,) = kept.iterdir()
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert printed(shop, kept) == anew
    assert len(stored(kept)["entries"]) == 3


@pytest.mark.parametrize("span", [[-1, 2], [3, 2], [0, 10**6], ["0", 1]], ids=str)
def test_a_place_outside_the_text_is_not_believed(shop: Path, kept: Path, span: list[Any]) -> None:
    anew = printed(shop, kept)
    store = stored(kept)
    for finding in store["findings"]:
        finding["span"]["start"], finding["span"]["end"] = span
    restore(kept, store)
    assert printed(shop, kept) == anew


@pytest.mark.parametrize("path", ["safar.toml", "../../etc/passwd", "/etc/passwd", "journeys/a.journey", None])
def test_a_finding_shows_no_other_file(shop: Path, kept: Path, path: str | None) -> None:
    anew = printed(shop, kept)
    store = stored(kept)
    spans = [finding["span"] for finding in store["findings"] if "c.journey" in finding["span"]["source"]]
    assert spans
    for span in spans:
        span["source"], span["start"], span["end"] = path, 0, 0
    restore(kept, store)
    assert printed(shop, kept) == anew


def test_it_is_plain_data(shop: Path, kept: Path) -> None:
    printed(shop, kept)
    store = stored(kept)
    assert sorted(store) == ["entries", "findings", "key", "texts", "used"]
    assert "Thank you" not in json.dumps(store), "texts are not kept"
    assert [file.suffix for file in kept.iterdir()] == [".kept"]


# --- where it is


def test_a_stranger_cannot_send_findings(shop: Path, tmp_path: Path, readings: list[str]) -> None:
    """Whatever a checked project holds: nothing in it, or in the repository that it is in, is taken for ours."""
    (tmp_path / ".git").mkdir()
    for inside in (shop / ".safar_cache", shop / ".cache" / "safar", tmp_path / ".cache" / "safar"):
        inside.mkdir(parents=True, mode=0o700)
        inside.chmod(0o700)
        readings.clear()
        printed(shop, inside)
        printed(shop, inside)
        assert len(readings) == 6
        assert list(inside.iterdir()) == []


def test_a_link_into_the_project_is_seen_through(shop: Path, tmp_path: Path) -> None:
    (shop / "theirs").mkdir(mode=0o700)
    (tmp_path / "linked").symlink_to(shop / "theirs")
    printed(shop, tmp_path / "linked" / "safar")
    assert list((shop / "theirs").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="folders have owners and modes")
def test_a_folder_of_others_is_refused(shop: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    printed(shop, mine)
    assert mine.stat().st_mode & 0o777 == 0o700
    (tmp_path / "linked").symlink_to(mine)
    assert printed(shop, tmp_path / "linked") == printed(shop, None)
    assert not cache._is_own(tmp_path / "linked")
    mine.chmod(0o770)
    assert not cache._is_own(mine)
    (tmp_path / "file").write_text("")
    assert not cache._is_own(tmp_path / "file")
    assert not cache._is_own(tmp_path / "file" / "below")


def test_a_linked_store_is_not_followed(shop: Path, kept: Path, tmp_path: Path) -> None:
    anew = printed(shop, kept)
    (file,) = kept.iterdir()
    file.rename(tmp_path / "victim")
    file.symlink_to(tmp_path / "victim")
    (tmp_path / "victim").write_text("precious")
    assert printed(shop, kept) == anew
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written(shop: Path, kept: Path) -> None:
    anew = printed(shop, None)
    kept.mkdir(mode=0o500)
    assert printed(shop, kept) == anew


def test_a_disk_that_is_full(shop: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safar.output.write", full)
    assert printed(shop, kept) == printed(shop, None)


def test_the_number_of_stores_is_bounded(shop: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_FILES", 3)
    for number in range(5):
        (shop / "safar.toml").write_text(SETTINGS + f"rates = {{}}\n[limits]\nname = {number + 10}\n")
        printed(shop, kept)
    assert len(list(kept.iterdir())) == 3


def test_the_number_of_entries_is_bounded(shop: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 4)
    printed(shop, kept)
    for number in range(3):
        (shop / "journeys" / f"{number}.journey").write_text(f"team t{number}\n")
        printed(shop, kept)
        assert len(stored(kept)["entries"]) == 4
        (shop / "journeys" / f"{number}.journey").unlink()


def test_what_is_gone_is_no_burden(shop: Path, kept: Path) -> None:
    """Texts and findings of earlier contents of a file do not pile up."""
    sizes = []
    for number in range(4):
        (shop / "words.journey").write_text(WORDS + f"tag t{number}\n")
        printed(shop, kept)
        sizes.append(len(stored(kept)["used"]) + len(stored(kept)["findings"]))
    assert len(set(sizes)) == 1


# --- the command


def test_the_command_keeps_and_no_cache_does_not(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], readings: list[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.chdir(shop)
    shutil.copytree(shop, tmp_path / "copy")
    for form in forms():
        assert cli.main(["check", "--no-cache", "--format", form]) == 1
        anew = capsys.readouterr()
        assert not (tmp_path / "user").exists() or form != forms()[0]
        assert cli.main(["check", "--format", form]) == 1
        assert cli.main(["check", "--format", form]) == 1
        assert capsys.readouterr().out == anew.out * 2
    assert len(readings) == 3 * len(forms()) + 3
    before = sorted((tmp_path / "user").rglob("*"))
    monkeypatch.chdir(tmp_path / "copy")
    readings.clear()
    assert cli.main(["check", "--no-cache"]) == 1
    assert sorted((tmp_path / "user").rglob("*")) == before
    assert cli.main(["check"]) == 1
    assert len(readings) == 6, "another folder is another project"


@pytest.mark.parametrize("variable", ["", "relative/folder"])
def test_the_users_folder(variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", variable)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert options._cache() == tmp_path / ".cache" / "safar"
    monkeypatch.setattr("sys.platform", "darwin")
    assert options._cache() == tmp_path / "Library" / "Caches" / "safar"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "")
    assert options._cache() is None
