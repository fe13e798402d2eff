"""Layout by Graphviz: the program that comes with the package `graphviz-pure`, or a `dot` on the machine.

The one door to the `graphviz` package.  The program is started without a shell, reads its standard input only, and
has `TIME` seconds and `MEMORY` bytes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from safar.renderers.drawing_error import DrawingError as DrawingError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

TIME = 20
MEMORY = 1 << 30
ENGINES = ("embedded", "system")


def lay_out(skeleton: str, engine: str = "") -> bytes:
    """Graphviz's JSON with the place of everything in a DOT text.

    `engine`: `embedded`, `system`, or empty for the embedded one and, where that fails, `dot` on the machine.
    Raises `DrawingError` where none can do it.
    """
    tried = []
    for name in (engine,) if engine else ENGINES:
        program = find(name)
        if program is None:
            tried.append(f"the {name} engine is not installed")
            continue
        try:
            return _run(program, skeleton)
        except subprocess.TimeoutExpired:
            tried.append(f"the {name} engine found no layout within {TIME} s")
        except (subprocess.CalledProcessError, OSError, RuntimeError):
            tried.append(f"the {name} engine failed")
    raise DrawingError(
        f"cannot draw: {', '.join(tried)}; install `graphviz-pure` or Graphviz, or write DOT (`-o map.dot`) "
        "and draw it elsewhere"
    )


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


def _run(program: Path, skeleton: str) -> bytes:
    from graphviz.backend import dot_command, execute

    command = [program, *dot_command.command("dot", "json0")[1:]]
    done = execute.run_check(
        command,
        input=skeleton.encode("ascii"),
        capture_output=True,
        quiet=True,
        timeout=TIME,
        preexec_fn=_bounded if resource else None,
        env=os.environ | {"LC_ALL": "C"},
    )
    return bytes(done.stdout)
