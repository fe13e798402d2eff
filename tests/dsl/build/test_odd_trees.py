"""Trees as no reader gives them: clauses missing, of the wrong kind, or from elsewhere.  Nothing is raised."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safar.dsl import tree
from safar.dsl.build import build
from safar.dsl.text import read_text
from safar.engine.model import Settings
from safar.engine.program import lower
from safar.engine.source import Source

CASES = Path(__file__).parent / "cases"
TEXTS = [path.read_text() for path in sorted(CASES.glob("*.journey"))]


def nodes(thing: Any) -> list[tree.Node]:
    if isinstance(thing, tree.Node):
        own = [part for name in thing.__struct_fields__ for part in nodes(getattr(thing, name))]
        return [thing, *own]
    if isinstance(thing, tuple):
        return [part for one in thing for part in nodes(one)]
    return [part for one in thing.values() for part in nodes(one)] if isinstance(thing, dict) else []


class Mess:
    """Copies a tree with some of its parts missing or swapped."""

    def __init__(self, seed: int, stock: list[tree.Node]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.stock = stock

    def copy(self, thing: Any) -> Any:
        if isinstance(thing, tree.Statement):
            values = {k: self.copy(v) for k, v in thing.values.items() if self.chance.random() > 0.05}
            for key in values:
                if self.chance.random() < 0.03:
                    values[key] = self.chance.choice(self.stock)
            return msgspec.structs.replace(thing, values=values)
        if isinstance(thing, tree.Cost):
            return thing
        if isinstance(thing, tree.Expr) and self.chance.random() < 0.05:
            return self.chance.choice([one for one in self.stock if isinstance(one, tree.Expr)])
        if isinstance(thing, tree.Node):
            parts = {name: self.copy(getattr(thing, name)) for name in thing.__struct_fields__}
            return type(thing)(**parts)
        if isinstance(thing, tuple):
            return tuple(self.copy(one) for one in thing)
        return thing


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_raised(seed: int) -> None:
    files = [read_text(Source("odd.journey", text))[0] for text in TEXTS]
    stock = [one for file in files for one in nodes(file.statements) if not isinstance(one, tree.Block)]
    mess = Mess(seed, stock)
    for file in files:
        project = build(mess.copy(file), [], Settings()).project
        for journey in project.journeys.values():
            lower(project, journey)


def test_a_file_with_nothing_in_it() -> None:
    file = read_text(Source("empty.journey", ""))[0]
    built = build(file, [], Settings())
    assert (built.project.journeys, built.findings, built.used) == ({}, (), frozenset())
