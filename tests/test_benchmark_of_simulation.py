"""The benchmark of simulations runs, and what it measures agrees with the exact figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "benchmarks" / "simulate.py"


@pytest.mark.skipif(sys.platform == "win32", reason="it asks the system for processor times by `resource`")
def test_it_runs_in_small() -> None:
    done = subprocess.run(
        [sys.executable, SCRIPT, "--scale", "0.0001", "--rounds", "1", "--only", "rates"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all within four standard errors" in done.stdout
    for tool in ("safar", "safar, R200", "safar, plain", "Python by hand"):
        assert f"\n{tool} " in done.stdout
