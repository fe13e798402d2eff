"""`safar docs build`: the folder, what is kept between builds, what git tells, and what the command says."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.errors import SelectionError
from safar.output import OutputError
from safar.renderers.words import Words
from safar.site.folder import LIST, write
from safar.site.history import changes, read

SHOP = """
event e; team crm "Customer relations"; channel mail "Mail" { outbound }
"""
CART = """use "shop.journey"
journey cart "Cart" {
  owner crm
  enter on e
  stage s "Begin" { touchpoint hello "Hello" { send mail { text "x" } }; wait 1d }
}
"""
OTHER = """use "shop.journey"
journey other { enter on e; stage s { wait 2d } }
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "safar.toml").write_text('[project]\nname = "Shop"\njourneys = ["."]\n', encoding="utf-8")
    for name, text in (("shop", SHOP), ("cart", CART), ("other", OTHER)):
        (folder / f"{name}.journey").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# --- building


@pytest.mark.smoke
def test_a_site_is_built_from_the_command_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["docs", "build", "--no-cache"]) == 0
    said = capsys.readouterr().err
    assert "2 journeys" in said and f"open {Path('site', 'index.html')}" in said
    for page in ("index.html", "en/index.html", "fa/journeys/cart.html", "en/teams/crm.html", "site.js"):
        assert (shop / "site" / page).is_file(), page
    assert "<svg" in (shop / "site" / "en" / "journeys" / "cart.html").read_text("utf-8")
    assert cli.main(["check"]) in (0, 1)


def test_what_did_not_change_is_neither_drawn_nor_written_again(
    shop: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = safar.docs(cache=cache)
    assert (first.journeys, first.drawn) == (2, 8)
    before = {path: (shop / "site" / path).stat().st_mtime_ns for path in contents(shop / "site")}
    again = safar.docs(cache=cache)
    assert (again.drawn, again.written.changed, again.written.gone) == (0, 0, 0)
    assert {path: (shop / "site" / path).stat().st_mtime_ns for path in before if path != LIST} == {
        path: at for path, at in before.items() if path != LIST
    }
    (shop / "other.journey").write_text(OTHER.replace("2d", "3d"), encoding="utf-8")
    third = safar.docs(cache=cache)
    assert third.drawn == 4
    assert 0 < third.written.changed < 12
    whole = contents(shop / "site")
    assert safar.docs(shop / "fresh").drawn == 8
    assert contents(shop / "fresh") == whole
    with monkeypatch.context() as patch:
        patch.setattr("safar.site.pictures.draw", lambda *_args: 1 / 0)
        assert safar.docs(cache=cache).drawn == 0


def test_what_is_kept_is_used_only_if_it_is_whole(shop: Path, cache: Path) -> None:
    safar.docs(cache=cache)
    good = contents(shop / "site")
    for file in (cache / "drawings").glob("*/*"):
        file.write_text(file.read_text("utf-8").replace("<svg", "<script>alert(1)</script><svg"), encoding="utf-8")
    assert safar.docs(cache=cache).drawn == 8
    assert contents(shop / "site") == good
    inside = safar.docs(cache=shop / "kept")
    assert inside.drawn == 8 and not (shop / "kept").exists()


def test_languages(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["docs", "build", "-q", "--no-cache", "--lang", "fa"]) == 0
    site = shop / "site"
    assert not (site / "en").exists()
    page = (site / "fa" / "index.html").read_text("utf-8")
    assert 'lang="fa" dir="rtl"' in page and "hreflang" not in page
    with pytest.raises(SelectionError, match="no pages in `tlh`"):
        safar.docs(languages=["tlh"])
    (shop / "safar.toml").write_text('[project]\nlanguage = "fa"\njourneys = ["."]\n', encoding="utf-8")
    safar.docs()
    assert "url=fa/index.html" in (site / "index.html").read_text("utf-8")


def test_a_broken_journey_has_a_page_and_its_findings(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "cart.journey").write_text(CART.replace("enter on e", "enter on nothing"), encoding="utf-8")
    assert cli.main(["docs", "build", "--no-cache"]) == 1
    assert "without maps, for its file cannot be read: Cart" in capsys.readouterr().err
    page = (shop / "site" / "en" / "journeys" / "cart.html").read_text("utf-8")
    assert "<svg" not in page and "unknown-name" in page
    assert "<svg" in (shop / "site" / "en" / "journeys" / "other.html").read_text("utf-8")


def test_what_was_found_stands_at_its_step(shop: Path, cache: Path) -> None:
    (shop / "cart.journey").write_text(CART.replace("wait 1d", "wait 1d; wait 2d"), encoding="utf-8")
    before = safar.docs(cache=cache)
    assert "adjacent-waits" in [one.rule for one in before.checked.findings]
    page = shop / "site" / "en" / "journeys" / "cart.html"
    text = page.read_text("utf-8")
    assert "this wait follows on another one" in text.partition("</svg>")[2].partition("</svg>")[0]
    assert "adjacent-waits" in text.partition('id="findings"')[2]
    settings = (shop / "safar.toml").read_text("utf-8")
    (shop / "safar.toml").write_text(f'{settings}[check]\nignore = ["adjacent-waits"]\n', encoding="utf-8")
    assert safar.docs(cache=cache).drawn == 2
    assert "adjacent-waits" not in page.read_text("utf-8")


def test_nothing_to_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["docs", "build"]) == 2
    assert "no journey files" in capsys.readouterr().err
    assert cli.main(["docs"]) == 2
    assert "safar docs build" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


# --- the folder


def test_files_that_are_not_ours_stay(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert write(folder, [("index.html", "a"), ("en/x.html", "b"), ("en/a/y.html", "c")]).changed == 3
    (folder / "CNAME").write_text("mine", encoding="utf-8")
    (folder / "en" / "a" / "mine.html").write_text("mine", encoding="utf-8")
    done = write(folder, [("index.html", "a2")])
    assert (done.files, done.changed, done.gone) == (1, 1, 2)
    assert sorted(contents(folder)) == [LIST, "CNAME", "en/a/mine.html", "index.html"]
    with pytest.raises(OutputError, match="not ours"):
        write(folder, [("index.html", "a3"), ("en/a/mine.html", "theirs")])
    assert (folder / "index.html").read_text("utf-8") == "a2"
    (folder / "index.html").write_text("changed by hand", encoding="utf-8")
    assert write(folder, [("other.html", "x")]).gone == 0
    assert (folder / "index.html").read_text("utf-8") == "changed by hand"


def test_a_folder_with_other_things_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not empty"):
        write(tmp_path, [("index.html", "a")])
    assert list(tmp_path.iterdir()) == [tmp_path / "thesis.txt"]
    with pytest.raises(OutputError):
        write(tmp_path / "thesis.txt", [("index.html", "a")])


def test_a_build_that_breaks_leaves_the_old_site(tmp_path: Path) -> None:
    def breaking() -> object:
        yield "index.html", "new"
        yield "more.html", "new"
        raise RuntimeError

    write(tmp_path / "site", [("index.html", "old")])
    before = contents(tmp_path / "site")
    with pytest.raises(RuntimeError):
        write(tmp_path / "site", breaking())  # type: ignore[arg-type]
    assert contents(tmp_path / "site") == before
    assert [file.name for file in (tmp_path / "site").iterdir() if file.name != LIST] == ["index.html"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_nothing_is_written_or_taken_away_over_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.html").write_text("theirs", encoding="utf-8")
    site = tmp_path / "site"
    write(site, [("index.html", "a")])
    (site / "en").symlink_to(outside)
    with pytest.raises(OutputError, match="symbolic link"):
        write(site, [("index.html", "b"), ("en/x.html", "b")])
    listed = json.loads((site / LIST).read_text("utf-8"))
    import hashlib

    mark = hashlib.blake2b(b"theirs", digest_size=16).hexdigest()
    listed["files"] |= {"en/x.html": mark, "../outside/x.html": mark, str(outside / "x.html"): mark}
    (site / LIST).write_text(json.dumps(listed), encoding="utf-8")
    assert write(site, [("index.html", "c")]).gone == 0
    assert (outside / "x.html").read_text("utf-8") == "theirs"
    (tmp_path / "link").symlink_to(site)
    with pytest.raises(OutputError, match="symbolic link"):
        write(tmp_path / "link", [("index.html", "d")])


# --- git


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Lena & Co", "-c", "user.email=l@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_changes_come_from_git_and_run_nothing_of_it(shop: Path) -> None:
    git(shop, "init", "-q")
    git(shop, "add", ".")
    git(shop, "commit", "-qm", "First <script>alert(1)</script>")
    (shop / "cart.journey").write_text(CART.replace("1d", "2d"), encoding="utf-8")
    git(shop, "commit", "-qam", "یک روز بیشتر\n\nlong")
    planted = shop / "planted.sh"
    planted.write_text(f"#!/bin/sh\ntouch '{shop}/ran'\ncat\n", encoding="utf-8")
    planted.chmod(0o755)
    for name in (
        "core.pager",
        "core.fsmonitor",
        "diff.external",
        "gpg.program",
        "core.sshCommand",
        "diff.evil.textconv",
    ):
        git(shop, "config", name, str(planted))
    for name in ("log.showSignature", "log.mailmap", "log.follow"):
        git(shop, "config", name, "true")
    (shop / ".gitattributes").write_text("* diff=evil filter=evil\n", encoding="utf-8")
    found = changes(shop, ["cart.journey", "other.journey", "shop.journey"])
    assert found is not None and found.whole
    assert [(one.subject, one.author) for one in found.of["cart.journey"]] == [
        ("یک روز بیشتر", "Lena & Co"),
        ("First <script>alert(1)</script>", "Lena & Co"),
    ]
    assert len(found.of["other.journey"]) == 1
    safar.docs()
    page = (shop / "site" / "fa" / "journeys" / "cart.html").read_text("utf-8")
    year = datetime.datetime.now(datetime.UTC).year
    assert any(Words("fa").number(one) in page for one in (year - 621, year - 622))
    assert "یک روز بیشتر" in page and "<script>alert" not in page
    assert not (shop / "ran").exists()


def test_without_git_nothing_is_known(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert changes(shop, ["cart.journey"]) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert changes(shop, ["cart.journey"]) is None
    safar.docs()
    assert "git is not installed" in (shop / "site" / "en" / "changes.html").read_text("utf-8")


def test_a_log_that_is_no_log() -> None:
    assert list(read(b"")) == []
    assert list(read(b"\0\0\0\0")) == []
    assert list(read(b"\0c\0a\0not a date\0s\0\nx\0")) == []
    (one,) = read(b"\0c\0\0002027-01-05\0\0\na\0b\0")
    assert (one.author, one.subject, one.paths) == ("", "", ("a", "b"))
