"""What git knows.  No hook, filter, pager or helper program of the repository runs, nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from safar.errors import SelectionError

_SECONDS = 60
_QUIET = (
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
    *("--no-optional-locks", "--no-replace-objects", "--literal-pathspecs", "--no-pager"),
)
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX")
"""What git sets for hooks, about the repository of the hook."""


def ask(folder: Path, *arguments: str, wrong: str, given: bytes = b"", missing: str = "") -> bytes:
    """What git answers about the repository that a folder is in.

    Raises `SelectionError`: `wrong` where git refuses or takes over a minute, `missing` where it is not installed.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _PLACES}
    environment = {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    line = ["git", *_QUIET, "-C", str(folder), *arguments]
    try:
        done = subprocess.run(line, input=given, capture_output=True, env=environment, timeout=_SECONDS, check=False)
    except FileNotFoundError:
        raise SelectionError(missing or wrong) from None
    except (subprocess.TimeoutExpired, ValueError):
        raise SelectionError(wrong) from None
    if done.returncode:
        raise SelectionError(wrong)
    return done.stdout
