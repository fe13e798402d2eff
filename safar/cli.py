"""The command line: one verb for one thing.  A command is found and loaded when it is called, not before.

Exit codes: 0 all well; 1 findings; 2 wrong use or nothing selected; 3 a fault in Safar; 4 undecided under
`--strict`; 5 a limit exceeded; 130 interrupted; 141 the reader of the output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import safar

FAULT, INTERRUPTED, NO_READER = 3, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give the exit code.  Bad input never shows a traceback; `SAFAR_DEBUG=1` shows ours."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return NO_READER
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as fault:
        if os.environ.get("SAFAR_DEBUG"):
            raise
        sys.stderr.write(_report(fault, given))
        return FAULT
    return code


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        sys.stdout.write(f"safar {safar.__version__}\n")
        return 0
    from safar.commands.group import run

    return run(arguments)


def _speak_utf8() -> None:
    """UTF-8 whatever the terminal's locale says; what cannot be encoded is spelled out."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _forget_output() -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere instead of failing."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None


def _report(fault: Exception, arguments: Sequence[str]) -> str:
    from safar.renderers.terminal import visible

    last = fault.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_globals.get('__name__')}:{last.tb_lineno}" if last else "?"
    said = visible(f"{type(fault).__name__}: {fault}")
    return (
        f"safar: a fault in Safar, not in your files: {said} (at {place}, safar {safar.__version__}, "
        f"Python {sys.version.split()[0]}). Please report it with this line, the command `safar "
        f"{visible(' '.join(arguments))}` and, if you may, the file; SAFAR_DEBUG=1 shows where it happened.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
