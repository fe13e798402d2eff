"""Runs commands and tells of every file that is opened, every program and every connection that is begun.

Standard input: a list of argument lists; standard output: a line of JSON for each.  The interpreter's own audit
events are listened to: nothing that Python does gets past them.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from typing import Any

from safar import cli

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate"}
PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"}


class Watch:
    """What was done since it was last asked."""

    def __init__(self) -> None:
        self.done: dict[str, set[str]] = {}

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            mode, flags = arguments[1], arguments[2] or 0
            writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(flags & WRITING)
            self._note("written" if writes else "read", os.fsdecode(arguments[0]))
        elif event in CHANGING:
            for one in arguments[:2]:
                if isinstance(one, str | bytes):
                    self._note("written", os.fsdecode(one))
        elif event in PROGRAMS:
            self._note("programs", str(arguments[0]))
        elif event.startswith("socket.") and event != "socket.__new__":
            self._note("connections", event)

    def _note(self, kind: str, what: str) -> None:
        path = os.path.abspath(what) if kind in ("read", "written") else what  # noqa: PTH100 - links stay
        self.done.setdefault(kind, set()).add(path)

    def taken(self) -> dict[str, list[str]]:
        done, self.done = self.done, {}
        return {kind: sorted(what) for kind, what in done.items()}


def main() -> None:
    jobs = json.load(sys.stdin)
    watch = Watch()
    sys.addaudithook(watch.hear)
    out = sys.stdout
    for arguments in jobs:
        watch.taken()
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = cli.main(arguments)
        done = watch.taken()
        out.write(json.dumps({"arguments": arguments, "code": code, "said": said.getvalue(), **done}) + "\n")


if __name__ == "__main__":
    main()
