"""What SECURITY.md promises: nothing of a stranger's file is run, nothing outside of the project is read or shown."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest

import safar
from safar import cli
from safar.engine.diagnostic import Diagnostic
from safar.output import OutputError, slug, write
from safar.tables.read import read_rows

PACKAGE = Path(safar.__file__).parent
SECRET = "TOP-SECRET-TOKEN"  # noqa: S105

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill", "socket", "urllib", "http", "requests", "ssl", "ftplib"}
LISTENS = [("serving/server.py", name) for name in ("http.server", "http", "urllib.parse")]
"""The preview's server: it answers the browser on this machine (`tests/serving`), and asks nobody."""
FORBIDDEN_OF_YAML = {"load", "load_all", "full_load", "unsafe_load", "compose", "safe_load"}


def trees() -> list[tuple[str, ast.AST]]:
    files = sorted(PACKAGE.rglob("*.py"))
    return [(file.relative_to(PACKAGE).as_posix(), ast.parse(file.read_text(encoding="utf-8"))) for file in files]


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_nothing_is_evaluated_or_unpickled() -> None:
    wrong = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
                wrong.append(f"{path}:{node.lineno} {node.func.id}")
            taken = [name for name in modules(node) if (path, name) not in LISTENS]
            wrong += [f"{path} imports {name}" for name in taken if name.split(".")[0] in FORBIDDEN_MODULES]
    assert wrong == []


def test_yaml_is_read_from_events_alone() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in FORBIDDEN_OF_YAML
        and isinstance(node.value, ast.Name)
        and node.value.id == "yaml"
    ]
    assert wrong == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of an attacker, with a secret beside it."""
    (tmp_path / "secret.journey").write_text(f"{SECRET}\n", encoding="utf-8")
    root = tmp_path / "project"
    (root / "journeys").mkdir(parents=True)
    (root / "safar.toml").write_text('[project]\nname = "p"\n', encoding="utf-8")
    return root


def test_no_connection_is_made(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert cli.main(["init", str(project / "new")]) == 0
    assert cli.main(["check", str(project / "new")]) == 0
    journey = str(project / "new" / "journeys" / "first_purchase.journey")
    assert cli.main(["draw", journey, "-o", str(project / "map.svg")]) == 0
    assert cli.main(["simulate", journey, "-n", "10", "-q"]) == 0


@pytest.mark.parametrize(
    "said", ["../../secret.journey", "../secret.journey", "linked.journey", "folder/secret.journey"]
)
def test_nothing_outside_is_read_or_quoted(project: Path, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "journeys" / "linked.journey").symlink_to(project.parent / "secret.journey")
    (project / "journeys" / "folder").symlink_to(project.parent)
    main = project / "journeys" / "main.journey"
    main.write_text(f'use "{said}"\n', encoding="utf-8")
    assert cli.main(["check", str(main)]) == 1
    shown = capfd.readouterr()
    assert SECRET not in shown.out + shown.err


def test_rows_over_links_are_not_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.parent / "secret.csv").write_text(f"{SECRET}\n", encoding="utf-8")
    (project / "linked.csv").symlink_to(project.parent / "secret.csv")
    (project / "folder").symlink_to(project.parent)
    monkeypatch.chdir(project)
    for path in (project / "linked.csv", Path("linked.csv"), Path("folder/secret.csv")):
        (found,) = read_rows(path)
        assert isinstance(found, Diagnostic)
        assert (found.rule, "symbolic link" in found.message) == ("unreadable-file", True)


def test_output_stays_where_it_is_told(project: Path) -> None:
    (project / "map.svg").symlink_to(project.parent / "secret.journey")
    with pytest.raises(OutputError):
        write(project / "map.svg", "x")
    assert SECRET in (project.parent / "secret.journey").read_text(encoding="utf-8")
    assert {slug(name) for name in ("../../x", "/x", "-x", "x\n", "x\\")} == {"x"}
