"""Layout by Graphviz: the program that comes with the package `graphviz-pure`, or a `dot` on the machine.

The one door to the `graphviz` package.  The program is started without a shell, reads its standard input only, and
has `TIME` seconds and `MEMORY` bytes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import IO

from safar.renderers.drawing_error import DrawingError as DrawingError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

TIME = 20
MEMORY = 1 << 30
_ROOM = 16 << 20
"""Bytes of layouts that are remembered."""
ENGINES = ("embedded", "system")


class NoLayoutError(DrawingError):
    """An engine is there and found no layout: it took too long, or failed."""


def lay_out(skeletons: Sequence[str], engine: str = "", seconds: float = TIME) -> tuple[bytes, ...]:
    """Graphviz's JSON with the place of everything, for each of several DOT texts.

    `engine`: `embedded`, `system`, or empty for the embedded one and, where that fails, `dot` on the machine.
    Raises `DrawingError` where there is none, `NoLayoutError` where none can do it within so many seconds.
    """
    tried, failed = [], False
    for name in (engine,) if engine else ENGINES:
        program = find(name)
        if program is None:
            tried.append(f"the {name} engine is not installed")
            continue
        failed = True
        try:
            return _remembered(program, skeletons, time.monotonic() + seconds)
        except subprocess.TimeoutExpired:
            tried.append(f"the {name} engine found no layout within {seconds:g} s")
            break  # another one would search the same way
        except (subprocess.CalledProcessError, OSError, RuntimeError):
            tried.append(f"the {name} engine failed")
    raise (NoLayoutError if failed else DrawingError)(
        f"cannot draw: {', '.join(tried)}; install `graphviz-pure` or Graphviz, or write DOT (`-o map.dot`) "
        "and draw it elsewhere"
    )


_known: dict[tuple[Path, str], bytes] = {}
"""Layouts of this process: who is writing a journey changes one stage of it and looks at all."""


def _remembered(program: Path, skeletons: Sequence[str], end: float) -> tuple[bytes, ...]:
    found = {one: _known[program, one] for one in skeletons if (program, one) in _known}
    missing = [one for one in dict.fromkeys(skeletons) if one not in found]
    found |= zip(missing, _run(program, missing, end), strict=True)
    if sum(map(len, _known.values())) > _ROOM:
        _known.clear()
    _known.update({(program, one): found[one] for one in missing})
    return tuple(found[one] for one in skeletons)


def find(engine: str) -> Path | None:
    """The program of an engine, or None.  Raises `ValueError` for another name."""
    if engine == "system":
        found = shutil.which("dot")
        return Path(found).resolve() if found else None
    if engine != "embedded":
        raise ValueError(f"no engine `{engine}`; there are {', '.join(ENGINES)}")
    return next((path for path in _embedded() if path.is_file()), None)


def _embedded() -> Iterator[Path]:
    name = "graphviz-pure.exe" if os.name == "nt" else "graphviz-pure"
    try:
        files = metadata.files("graphviz-pure") or ()
        yield from (Path(str(file.locate())) for file in files if file.name == name)
    except metadata.PackageNotFoundError:
        return
    yield Path(sysconfig.get_path("scripts")) / name


def _bounded() -> None:
    """In the new process before the program begins; where the system cannot bound memory, time alone does."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _run(program: Path, skeletons: Sequence[str], end: float) -> tuple[bytes, ...]:
    """Several at a time, where that can be."""
    from graphviz.backend import dot_command

    command = [str(program), *map(str, dot_command.command("dot", "json0")[1:])]
    answers: list[bytes] = []
    running: list[tuple[subprocess.Popen[bytes], bytes | None]] = []
    try:
        for skeleton in skeletons:
            running.append(_started(command, skeleton.encode("ascii")))
            if len(running) >= _AT_ONCE:
                answers.append(_finished(*running[0], end))
                running.pop(0)
        while running:
            answers.append(_finished(*running[0], end))
            running.pop(0)
    finally:
        for process, _ in running:
            process.kill()
            process.communicate()
    return tuple(answers)


_AT_ONCE = (os.cpu_count() or 1) if sys.platform == "linux" else 1


def _started(command: list[str], skeleton: bytes) -> tuple[subprocess.Popen[bytes], bytes | None]:
    """The process, and what it has to be told still.

    Linux gives it a file that is nowhere but in memory: it can begin while others are waited for.
    """
    if sys.platform != "linux":
        return _process(command, subprocess.PIPE), skeleton
    with open(os.memfd_create("skeleton"), "w+b") as given:  # noqa: PTH123 - it has no path
        given.write(skeleton)
        given.seek(0)
        return _process(command, given), None


def _process(command: list[str], given: IO[bytes] | int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=_bounded if resource else None,  # noqa: PLW1509 - no threads are started here
        env=os.environ | {"LC_ALL": "C"},
    )


def _finished(process: subprocess.Popen[bytes], skeleton: bytes | None, end: float) -> bytes:
    answer, _ = process.communicate(skeleton, timeout=max(end - time.monotonic(), 0.001))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return answer
