"""What `check --watch` does: it checks again when a file is saved, until it is interrupted."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from safar.checking import Ground, gather
from safar.commands.options import say
from safar.dsl.project import FILE_NAMES
from safar.dsl.read import journey_files
from safar.errors import SelectionError
from safar.serving.watching import changes

_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def run(check: Callable[[], int], paths: Sequence[Path], choice: Mapping[str, Any]) -> int:
    """The exit code of the last check; raises what the first one raises."""
    ground = Ground(choice["project"], choice["limits"] or {})
    code = check()
    looks = changes(lambda: _files(paths, ground), threading.Event())
    with contextlib.suppress(KeyboardInterrupt):
        next(looks)
        say("checked again when a file is saved; Ctrl-C ends it")
        for _ in looks:
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
            try:
                code = check()
            except click.ClickException as wrong:
                code = wrong.exit_code
                say(f"safar check: {wrong.format_message()}")
            sys.stdout.flush()
    return code


def _files(paths: Sequence[Path], ground: Ground) -> Iterator[Path]:
    """What was asked for, with the other journey files of its projects, which it may use, and their settings."""
    with contextlib.suppress(SelectionError):
        for home, files in gather(paths, ground):
            yield from files
            yield from journey_files(home)
            yield from (home.root / name for name in FILE_NAMES)
