"""Changed files into each reader, a few in every run of the tests; and every input that was ever found, again."""

from __future__ import annotations

import os
import random
import runpy
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HERE = Path(__file__).parent
TARGETS = runpy.run_path(str(HERE / "targets.py"))["TARGETS"]
CHANGES = runpy.run_path(str(HERE / "changes.py"))
EXAMPLES = int(400 * float(os.environ.get("SAFAR_TEST_SCALE", "0.1")))
SECONDS = 2.0
FOUND = sorted((HERE / "found").iterdir())


def read_in_time(target: Any, text: str) -> None:
    begin = time.process_time()
    target.read(text)
    assert time.process_time() - begin < SECONDS


@pytest.mark.parametrize("name", TARGETS)
def test_changed_files(name: str) -> None:
    """No exception, findings inside the text, layouts that stay, and in time."""
    target = TARGETS[name]
    seeds = target.seeds()
    assert len(seeds) > 2

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def reads(seed: int) -> None:
        read_in_time(target, CHANGES["changed"](seeds, random.Random(seed)))  # noqa: S311 - repeatable, not secret

    reads()


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES // 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=200))
def test_any_text(name: str, text: str) -> None:
    read_in_time(TARGETS[name], text)


@pytest.mark.parametrize("file", FOUND, ids=[file.name for file in FOUND])
def test_what_was_found(file: Path) -> None:
    """The name begins with the target's."""
    target = max((name for name in TARGETS if file.name.startswith(name)), key=len)
    read_in_time(TARGETS[target], file.read_bytes().decode(errors="surrogatepass"))


def test_changes_are_repeatable_and_bounded() -> None:
    texts = ["team_of_somebody\n" * 4_000, 'journey j { enter on e }\n"x']
    for seed in range(60):
        one, two = (CHANGES["changed"](texts, random.Random(seed)) for _ in range(2))  # noqa: S311
        assert one == two
        assert len(one) <= CHANGES["LONGEST"]
    assert "".join(CHANGES["tokens"](texts[1])) == texts[1]
