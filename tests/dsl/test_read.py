"""Reading files with what they use: found, refused with the reason, each read once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from safar.dsl import files
from safar.dsl.limits import Limits
from safar.dsl.project import Home
from safar.dsl.read import Reading, find_home, journey_files, read_all, read_file, read_text
from safar.engine.diagnostic import Diagnostic, Severity
from safar.engine.source import Source

JOURNEYS = Path(__file__).parents[2] / "journeys"
NAMES = sorted(path.name.removesuffix(".journey") for path in (JOURNEYS / "dsl").glob("*.journey"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with a vocabulary and a place for journeys."""
    (tmp_path / "safar.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "journeys").mkdir()
    (tmp_path / "vocabulary.journey").write_text("team crm\ntag offer\n")
    return tmp_path


def write(shop: Path, text: str, name: str = "journeys/a.journey") -> Path:
    path = shop / name
    path.write_text(text, encoding="utf-8")
    return path


def found(reading: Reading) -> list[tuple[str, str]]:
    return [(f.rule, f.span.text) for f in reading.findings]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_journeys_mean_the_same_in_both_spellings(name: str) -> None:
    left = read_file(JOURNEYS / "dsl" / f"{name}.journey")
    right = read_file(JOURNEYS / "yaml" / f"{name}.journey.yaml")
    assert left.findings == ()
    assert right.findings == ()
    assert left.project.journeys == right.project.journeys
    assert left.project.vocabulary == right.project.vocabulary


def test_a_used_file_gives_its_declarations(shop: Path) -> None:
    reading = read_file(
        write(shop, 'use "../vocabulary.journey"\ntouchpoint t { at web; tag offer }\nchannel web { inbound }\n')
    )
    assert reading.findings == ()
    assert ("vocabulary.journey", 13, 18) in reading.used


def test_both_spellings_use_each_other() -> None:
    text = "use: [a.journey]\ntouchpoints: {t: {at: web}}\n"
    reading = read_text(text, "b.journey.yaml", files={"a.journey": "channel web { inbound }"})
    assert reading.findings == ()


REFUSED = {
    "missing": ("../vocabulery.journey", "missing-file"),
    "outside": ("../../other.journey", "use-outside-project"),
    "absolute": ("/etc/passwd.journey", "use-outside-project"),
    "home": ("~/a.journey", "use-outside-project"),
    "drive": ("C:/a.journey", "use-outside-project"),
    "share": ("//host/a.journey", "use-outside-project"),
    "backslash": ("..\\\\vocabulary.journey", "use-outside-project"),
    "address": ("file:///etc/a.journey", "use-outside-project"),
    "ending": ("../safar.toml", "unknown-file-ending"),
    "no name": (".journey/", "unknown-file-ending"),
    "empty": ("", "unknown-file-ending"),
    "folder": ("../folder.journey", "not-a-file"),
    "pipe": ("../pipe.journey", "not-a-file"),
    "link": ("../link.journey", "symbolic-link-used"),
    "link on the way": ("../linked/vocabulary.journey", "symbolic-link-used"),
    "not text": ("../latin.journey", "not-text"),
    "too large": ("../large.journey", "limit-exceeded"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_one_finding_at_its_use(shop: Path, name: str) -> None:
    said, rule = REFUSED[name]
    (shop / "folder.journey").mkdir()
    os.mkfifo(shop / "pipe.journey")
    (shop / "link.journey").symlink_to(shop / "vocabulary.journey")
    (shop / "linked").symlink_to(shop)
    (shop / "latin.journey").write_bytes("team caf\xe9".encode("latin-1"))
    (shop / "large.journey").write_text("#" * 3_000)
    home = Home(root=shop, limits=Limits(file=2_000))
    reading = read_file(write(shop, f'team web\nuse "{said}"\n'), home)
    assert found(reading) == [(rule, f'"{said}"')]


def test_no_finding_shows_a_file_that_is_refused(shop: Path) -> None:
    secret = shop.parent / "secret.journey"
    secret.write_text("password hunter2")
    (shop / "link.journey").symlink_to(secret)
    reading = read_file(write(shop, 'use "../link.journey"\nuse "../../secret.journey"\n'))
    assert len(reading.findings) == 2
    assert "hunter2" not in repr(reading.findings)


@pytest.mark.parametrize("main", ["a", "b", "c"])
def test_a_cycle_is_one_finding_wherever_one_begins(main: str) -> None:
    texts = {"a.journey": 'use "b.journey"', "b.journey": 'use "c.journey"', "c.journey": 'use "a.journey"'}
    reading = read_text(texts[f"{main}.journey"], f"{main}.journey", files=texts)
    (finding,) = reading.findings
    assert finding.rule == "use-cycle"
    assert finding.span.source.path == "c.journey"
    assert "`a.journey` -> `b.journey` -> `c.journey` -> `a.journey`" in finding.message


def test_a_file_that_uses_itself() -> None:
    reading = read_text('use "text.journey"', files={"text.journey": ""})
    assert [f.rule for f in reading.findings] == ["use-cycle"]


def test_a_diamond_of_uses_is_read_once_each() -> None:
    depth = 25
    texts = {f"f{n}.journey": f'use "f{n + 1}.journey"\nuse "g{n + 1}.journey"\n' for n in range(depth)}
    texts |= {f"g{n}.journey": f'use "f{n + 1}.journey"\nuse "g{n + 1}.journey"\n' for n in range(depth)}
    texts |= {f"f{depth}.journey": "team f", f"g{depth}.journey": "team g"}
    assert read_text(texts["f0.journey"], "f0.journey", files=texts).findings == ()


def test_a_long_chain_ends_with_a_finding() -> None:
    texts = {f"f{n}.journey": f'use "f{n + 1}.journey"' for n in range(2_000)}
    reading = read_text(texts["f0.journey"], "f0.journey", files=texts)
    assert [f.rule for f in reading.findings] == ["limit-exceeded"]


def test_a_file_used_twice_is_a_warning() -> None:
    reading = read_text('use "a.journey"\nuse "./a.journey"\n', files={"a.journey": "team crm"})
    assert found(reading) == [("used-twice", '"./a.journey"')]


def test_findings_in_a_used_file_are_told_with_the_one_that_uses_it() -> None:
    reading = read_text('use "a.journey"\nteam web\n', files={"a.journey": "taem crm\n"})
    assert [f.span.source.path for f in reading.findings] == ["a.journey"]


@pytest.mark.parametrize("name", ["gone.journey", "folder.journey", "link.journey", "latin.journey"])
def test_a_file_that_cannot_be_read_is_one_finding(shop: Path, name: str) -> None:
    (shop / "folder.journey").mkdir()
    (shop / "link.journey").symlink_to(shop / "vocabulary.journey")
    (shop / "latin.journey").write_bytes(b"\xff\xfet\x00")
    reading = read_file(shop / name)
    assert len(reading.findings) == 1
    assert reading.source.path == name
    assert reading.tree.statements == ()


def test_a_byte_order_mark_at_the_beginning_is_no_text(shop: Path) -> None:
    reading = read_file(write(shop, "\ufeffteam web\n"))
    assert reading.findings == ()
    assert reading.tree.statements[0].span.start == 0


def test_a_used_file_is_read_once_in_a_process(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    parse = files.parse

    def counted(source: Source, limits: Limits) -> files.Loaded:
        read.append(source.path)
        return parse(source, limits)

    monkeypatch.setattr(files, "parse", counted)
    for number in range(5):
        read_file(write(shop, 'use "../vocabulary.journey"\n', f"journeys/{number}.journey"))
    assert read.count("vocabulary.journey") == 1


def test_a_file_that_changed_is_read_again(shop: Path) -> None:
    path = write(shop, "team web\n")
    assert read_file(path).findings == ()
    path.write_text("team web team\n")
    assert read_file(path).findings != ()


def test_files_of_a_project_in_order(shop: Path) -> None:
    write(shop, "", "journeys/b.journey.yaml")
    write(shop, "", "journeys/a.journey")
    write(shop, "", "journeys/notes.yaml")
    (shop / "journeys" / ".hidden").mkdir()
    write(shop, "", "journeys/.hidden/c.journey")
    assert [path.name for path in journey_files(find_home(shop))] == ["a.journey", "b.journey.yaml"]


def judge(reading: Reading) -> tuple[Diagnostic, ...]:
    return ()


def test_two_processes_find_what_one_finds(shop: Path) -> None:
    write(shop, "taem crm\n", "vocabulary.journey")
    paths = [write(shop, 'use "../vocabulary.journey"\nwait\n', f"journeys/{n:03}.journey") for n in range(24)]
    home = find_home(shop)
    one = read_all(paths, home, judge=judge, processes=1)
    two = read_all(paths, home, judge=judge, processes=2)
    assert [outcome.path for outcome in two] == [home.relative(path) for path in paths]
    assert [[(f.rule, f.span.key) for f in o.findings] for o in one] == [
        [(f.rule, f.span.key) for f in o.findings] for o in two
    ]
    assert sum(f.span.source.path == "vocabulary.journey" for o in two for f in o.findings) == 1


BROKEN = {
    "event": (
        "a.journey",
        "event bought ordered\njourney j { enter on bought; stage s { wait 1d; wait for bought up to 2d } }\n",
        1,
    ),
    "events": (
        "a.journey.yaml",
        (
            "events:\n  bought: 'Ordered\n  left: @home\n"
            "journeys: {j: {enter: [{event: bought}], stages: [{stage: s, steps: [{wait for: left, up to: 2d}]}]}}\n"
        ),
        2,
    ),
    "conditions": (
        "a.journey.yaml",
        (
            "conditions:\n  late: customer.x > >\n  old: [a]\ncustomer: {x: no_type_}\n"
            "journeys: {j: {stages: [{stage: s, steps: [{if: late and old and customer.x, then: [{exit: e}]}]}]}}\n"
        ),
        3,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_broken_line_declares_is_not_unknown(name: str) -> None:
    path, text, count = BROKEN[name]
    findings = read_text(text, path).findings
    assert len([f for f in findings if f.severity is Severity.ERROR]) == count, [f.message for f in findings]
