"""What each command opens, starts and connects to, as the interpreter itself reports it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zoneinfo
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import safar

HERE = Path(__file__).parent
PACKAGE = Path(safar.__file__).parent
SECRET = "TOP-SECRET-TOKEN"  # noqa: S105

JOURNEY = """\
use "vocabulary.journey"
channel mail { outbound }
touchpoint hello { send mail { subject "a"; body file "../../secret.md" } }
journey j { enter on e; stage s { touchpoint hello; wait 1d; exit x } }
"""
GOOD = JOURNEY.replace("../../secret.md", "hello.md")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made(tmp_path)


def made(tmp_path: Path) -> Path:
    """A project of an attacker beside what is none of its business."""
    for name in ("secret.md", "secret.journey", "secret.csv", "secret.toml"):
        (tmp_path / name).write_text(f"{SECRET}\n", encoding="utf-8")
    root = tmp_path / "project"
    (root / "journeys").mkdir(parents=True)
    (root / "safar.toml").write_text('[project]\nname = "p"\n', encoding="utf-8")
    (root / "journeys" / "vocabulary.journey").write_text("event e\n", encoding="utf-8")
    (root / "journeys" / "good.journey").write_text(GOOD, encoding="utf-8")
    (root / "journeys" / "bad.journey").write_text(f'use "../../secret.journey"\n{JOURNEY}', encoding="utf-8")
    (root / "journeys" / "linked.journey").symlink_to(tmp_path / "secret.journey")
    (root / "people.csv").write_text("customer\na\nb\n", encoding="utf-8")
    (root / "linked.csv").symlink_to(tmp_path / "secret.csv")
    return root


def commands(root: Path) -> list[list[str]]:
    """Each command, also on what is not to be read."""
    good, bad = str(root / "journeys" / "good.journey"), str(root / "journeys" / "bad.journey")
    out = str(root / "out")
    return [
        ["check", str(root), "--format", "json"],
        ["check", bad, "--diff", "--unsafe-fixes"],
        ["check", good, "--fix"],
        ["fmt", good, bad],
        ["convert", good, "--to", "yaml", "-o", f"{out}/good.journey.yaml"],
        ["draw", good, "-o", f"{out}/map.svg"],
        ["draw", good, "-o", f"{out}/map.dot"],
        ["simulate", good, "-n", "20", "--json", f"{out}/run.json"],
        ["simulate", good, "--customers", str(root / "people.csv"), "-q"],
        ["simulate", good, "--customers", str(root / "linked.csv"), "-q"],
        ["trace", good, "1"],
        ["docs", "build", "--project", str(root), "-o", f"{out}/site"],
        ["rules"],
        ["explain", "unknown-name"],
        ["schema"],
        ["init", f"{out}/new"],
    ]


class Watched(NamedTuple):
    root: Path
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    root = made(tmp_path_factory.mktemp("watched"))
    (root / "out").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "XDG_CACHE_HOME": str(root.parent / "cache")}
    done = subprocess.run(
        [sys.executable, "-P", str(HERE / "watched.py")],
        input=json.dumps(commands(root)),
        capture_output=True,
        text=True,
        cwd=root,
        env=environment,
        timeout=300,
        check=True,
    )
    return Watched(root, [json.loads(line) for line in done.stdout.splitlines()])


def test_nothing_else_is_opened(watched: Watched) -> None:
    project, rows = watched
    own = [project, project.parent / "cache", PACKAGE, *map(Path, (sys.prefix, sys.base_prefix, *zoneinfo.TZPATH))]
    own += [PACKAGE.parent / "journeys"]  # what `init` writes; in an installed package it lies inside
    own += [Path(path) for path in sysconfig.get_paths().values()]
    readable = [*own, Path("/dev/null"), Path("/proc/self"), Path("/etc/localtime"), Path("/etc/mime.types")]
    writable = [project, project.parent / "cache", Path("/dev/null")]
    assert [row["arguments"] for row in rows if row["code"] not in (0, 1, 2)] == []
    read = {path for row in rows for path in row.get("read", ())}
    written = {path for row in rows for path in row.get("written", ())}
    assert str(project / "journeys" / "good.journey") in read
    assert str(project / "out" / "map.dot") in written
    assert [path for path in sorted(read) if not _below(path, readable)] == []
    assert [path for path in sorted(written) if not _below(path, writable)] == []
    assert [path for path in read | written if "secret" in path or "linked" in path] == []
    assert SECRET not in json.dumps(rows)
    pages = [file.read_text("utf-8") for file in (project / "out" / "site").rglob("*.html")]
    assert len(pages) > 20 and not any(SECRET in page for page in pages)


def test_nothing_is_connected_to_and_only_the_drawing_program_and_git_run(watched: Watched) -> None:
    rows = watched.rows
    assert [row["arguments"] for row in rows if "connections" in row] == []
    programs = {(row["arguments"][0], Path(program).name) for row in rows for program in row.get("programs", ())}
    started = {(command, name.removesuffix(".exe")) for command, name in programs}
    drawing = {(command, program) for command in ("draw", "docs") for program in ("graphviz-pure", "dot")}
    assert started <= {*drawing, ("docs", "git")}


def _below(path: str, folders: list[Path]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


PLANTED = ("yaml", "lark", "click", "msgspec", "networkx", "numpy", "graphviz", "safar", "json", "sitecustomize")


def test_modules_in_the_checked_folder_are_not_imported(project: Path, tmp_path: Path) -> None:
    """As the console script does it, which begins with its own folder and not with the one it is called in."""
    script = tmp_path / "bin" / "safar"
    script.parent.mkdir()
    script.write_text("import sys\nfrom safar.cli import main\nsys.exit(main())\n", encoding="utf-8")
    mark = tmp_path / "executed"
    said = f"import pathlib\npathlib.Path({str(mark)!r}).write_text('x')\n"
    for name in PLANTED:
        (project / f"{name}.py").write_text(said, encoding="utf-8")
        (project / name).mkdir()
        (project / name / "__init__.py").write_text(said, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    convert = ["convert", "journeys/good.journey", "--to", "yaml", "-o", "a.journey.yaml"]
    for command in (["check", "journeys/good.journey"], convert, ["draw", "journeys/good.journey", "-o", "a.svg"]):
        done = subprocess.run(
            [sys.executable, str(script), *command],
            capture_output=True,
            text=True,
            cwd=project,
            env=environment,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not mark.exists()


@pytest.mark.parametrize(
    "said",
    [
        '[check]\nplugins = ["./evil.py"]\n',
        '[render]\ndot_path = "./evil"\n',
        '[simulate]\nengine = "./evil.py:run"\n',
        '[project]\nhooks = ["./evil.py"]\n',
        'extends = "./evil.py"\n',
    ],
)
def test_settings_name_no_code(project: Path, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What would name code is no setting: the check ends as with every wrong setting, and nothing is run."""
    from safar import cli

    (project / "safar.toml").write_text(said, encoding="utf-8")
    (project / "evil.py").write_text(f"open({str(project / 'executed')!r}, 'w')\n", encoding="utf-8")
    assert cli.main(["check", str(project / "journeys" / "good.journey")]) == 2
    assert "unknown-setting" in capsys.readouterr().out
    assert not (project / "executed").exists()
