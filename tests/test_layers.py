"""A foreign library is imported in one place; heavy ones only where they are needed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import safar

PACKAGE = Path(safar.__file__).parent
DOORS = {
    "lark": {"dsl/grammar.py", "dsl/parser.py"},
    "yaml": {"dsl/yaml_events.py", "dsl/yaml_errors.py"},
    "networkx": {"engine/graph.py"},
    "graphviz": {"renderers/graphviz_engine.py"},
    "graphviz_pure": {"renderers/graphviz_engine.py"},
    "resvg_py": {"renderers/map.py"},
    "tzdata": {"engine/simulate/clock.py"},
}
ROOMS = {
    "numpy": ("engine/simulate/columns/", "engine/simulate/exact/seconds.py"),
    "pyarrow": ("tables/",),
    "dask": ("scale/",),
    "distributed": ("scale/",),
}
"""Libraries that a folder is written in."""
LISTENS = {"http": {"serving/server.py"}, "urllib": {"serving/server.py"}}
"""The preview's own server, for the browser on this machine."""
NEVER = {"pickle", "marshal", "shelve", "socket", "urllib", "http", "asyncio", "rich", "dataclasses"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file} imports relatively"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_has_one_door(library: str) -> None:
    found = {file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py") if library in imports(file)}
    assert found <= DOORS[library]


@pytest.mark.parametrize("library", sorted(ROOMS))
def test_a_library_stays_in_its_room(library: str) -> None:
    found = [file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py") if library in imports(file)]
    assert found
    assert all(name.startswith(ROOMS[library]) for name in found)


def test_nothing_opens_the_network_or_unpickles() -> None:
    for file in PACKAGE.rglob("*.py"):
        own = file.relative_to(PACKAGE).as_posix()
        barred = {name for name in NEVER if own not in LISTENS.get(name, ())}
        assert not barred & set(imports(file)), file


def test_no_file_is_long() -> None:
    lengths = sorted(len(file.read_text(encoding="utf-8").split("\n")) for file in PACKAGE.rglob("*.py"))
    assert lengths[len(lengths) // 2] < 150
    assert lengths[-1] <= 500
