"""The command line: one verb for one thing.  A command is found and loaded when it is called, not before.

Exit codes: 0 all well; 1 findings; 2 wrong use or nothing selected; 3 a fault in Safar; 4 undecided under
`--strict`; 5 a limit exceeded; 130 interrupted; 141 the reader of the output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import safar

if TYPE_CHECKING:
    from typing import TextIO

COMMANDS = {
    "init": "Start a project with a journey that is green at once.",
    "check": "Find what is wrong in journeys: syntax, names, types, rules.",
    "fmt": "Lay journeys out in the one way, comments kept.",
    "convert": "Write a journey in the other spelling, YAML or .journey.",
    "test": "Run scenarios and forecasts, and say what happened instead.",
    "prove": "Prove the rules that must always hold, or show a customer who breaks them.",
    "diff": "Tell what an edit weakens, what changed, and whose experience changes.",
    "pressure": "Tell the most messages one customer can get, over all journeys.",
    "cover": "Find the fewest customers who pass everything that can be passed.",
    "simulate": "Send a population through a journey and tell the figures.",
    "experiment": "Compare the arms of a split, and say how long a real test takes.",
    "sensitivity": "Say which assumption moves a goal most.",
    "compare": "Compare two journeys customer by customer, over a period.",
    "trace": "Follow one customer: what happened, when and why.",
    "draw": "Draw the map of a journey as SVG, PNG or DOT.",
    "serve": "Look at a journey in the browser while it is being written.",
    "docs": "Write all journeys of a project as a site, or show it on this machine.",
    "explain": "Show the page of a rule: why it matters, bad and good examples.",
    "rules": "List all rules.",
    "schema": "Print the JSON Schema of .journey.yaml or safar.toml, for editors.",
}
"""In the order of the help; each is the file of its name in `commands/`, whose `command` is the click command."""

WRONG_USE, FAULT, INTERRUPTED, NO_READER = 2, 3, 130, 141

_HELP = """\
Usage: safar COMMAND [OPTIONS] [ARGUMENTS]

  Customer journeys as code: checked, proved, simulated, drawn.

  safar init shop                              start a project
  safar check shop                             find what is wrong in it
  safar simulate shop/first_purchase.journey   see what comes of it
  safar draw shop/first_purchase.journey       look at it

Commands:
{commands}

  --version   show the version
  --help      show this; `safar COMMAND --help` teaches a command with examples
"""


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
        if _is_full(fault):
            return WRONG_USE
        if os.environ.get("SAFAR_DEBUG"):
            raise
        sys.stderr.write(_report(fault, given))
        return FAULT
    return code


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else "--help"
    if first in COMMANDS:
        return _command(first, arguments[1:])
    if first == "--version":
        sys.stdout.write(f"safar {safar.__version__}\n")
        return 0
    if first in ("--help", "-h"):
        width = max(map(len, COMMANDS)) + 2
        commands = "\n".join(f"  {name:<{width}}{said}" for name, said in COMMANDS.items())
        (sys.stdout if arguments else sys.stderr).write(_HELP.format(commands=commands))
        return 0 if arguments else WRONG_USE
    return _unknown(first)


def _unknown(word: str) -> int:
    from safar.engine.names import nearest
    from safar.renderers.terminal import visible

    near = nearest(word, COMMANDS)
    said = f"no command `{visible(word)}`" + (f"; did you mean `{near}`?" if near else "")
    sys.stderr.write(f"safar: {said}\nTry `safar --help`.\n")
    return WRONG_USE


def _command(name: str, arguments: list[str]) -> int:
    """Load a command and run it; click's own complaints become a line and an exit code."""
    import gc
    import importlib

    gc.set_threshold(100_000)  # what is loaded and read stays, and looking for what does not costs a tenth of a start
    import click

    from safar.renderers.terminal import visible

    command = importlib.import_module(f"safar.commands.{name}").command
    try:
        code = command.main(arguments, prog_name=f"safar {name}", standalone_mode=False)
    except click.UsageError as wrong:
        sys.stderr.write(f"safar {name}: {visible(wrong.format_message())}\nTry `safar {name} --help`.\n")
        return wrong.exit_code
    except click.ClickException as wrong:
        sys.stderr.write(f"safar {name}: {visible(wrong.format_message())}\n")
        return wrong.exit_code
    except click.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _speak_utf8() -> None:
    """UTF-8 whatever the terminal's locale says; what cannot be encoded is spelled out.  What is closed is silent."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _is_full(fault: Exception) -> bool:
    """Whether the output goes to a disk that is full, which is told then."""
    from safar.errors import NO_ROOM

    full = isinstance(fault, OSError) and fault.errno in NO_ROOM and fault.filename is None
    if full:
        _forget_output()
        sys.stderr.write(f"safar: the output cannot be written: {getattr(fault, 'strerror', '')}\n")
    return full


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
