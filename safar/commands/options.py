"""Options that several commands share, and the streams they print on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from safar.errors import NO_ROOM, SelectionError
from safar.renderers.drawing_error import DrawingError
from safar.renderers.terminal import Style

Command = TypeVar("Command", bound=Callable[..., object])

HELP = {"help_option_names": ["-h", "--help"]}


def color(command: Command) -> Command:
    """`--color auto|always|never`."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colours; auto: on a terminal, unless NO_COLOR is set.",
    )(command)


def quiet(command: Command) -> Command:
    """`--quiet`."""
    return click.option("-q", "--quiet", is_flag=True, help="Print only what was asked for.")(command)


def cached(command: Command) -> Command:
    """`--no-cache`: `cache` is the folder in which findings are kept, or None."""
    return click.option(
        "--no-cache",
        "cache",
        is_flag=True,
        callback=lambda _context, _option, unwanted: None if unwanted else _cache(),
        help="Read everything anew, and keep nothing for the next time.",
    )(command)


def _cache() -> Path | None:
    """The user's folder for what may be lost; None where there is none.  Each system has its own custom."""
    custom = {"win32": (os.environ.get("LOCALAPPDATA", ""), "cache"), "darwin": ("~/Library/Caches", "")}
    folder, below = custom.get(sys.platform, ("~/.cache", ""))
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    path = Path(chosen if os.path.isabs(chosen) else os.path.expanduser(folder), "safar", below)  # noqa: PTH111, PTH117
    return path if path.is_absolute() else None


def _limits(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if any(not sign for _, sign, _ in pairs):
        raise click.BadParameter("write NAME=VALUE, such as file=2MiB")
    return {name: value for name, _, value in pairs}


def project(command: Command) -> Command:
    """`--project DIR` and `--limit NAME=VALUE`."""
    limit = click.option(
        "--limit",
        "limits",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_limits,
        help="Another limit for this call, such as file=2MiB.",
    )
    return limit(_project(command))


def _project(command: Command) -> Command:
    return click.option(
        "--project",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="The project's folder; default: the nearest one upward with a safar.toml.",
    )(command)


FILE = click.Path(path_type=Path, dir_okay=False)


class _Rows(click.Path):
    """A file, or an address in object storage."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if "://" in str(value) else super().convert(value, param, ctx)


_ROWS = _Rows(path_type=Path, dir_okay=False, exists=True)


def made_up(command: Command) -> Command:
    """How many made-up customers, by which chance, from when on."""
    for option in (
        click.option("--start", metavar="TIME", help="When it begins; default: the first of 2027."),
        click.option("--seed", type=click.IntRange(0), metavar="S", help="Another seed is other chance; default 1."),
        click.option("-n", type=click.IntRange(1), metavar="N", help="How many made-up customers; default 10000."),
    ):
        command = option(command)
    return command


def share(text: str) -> float:
    """A share such as `80%` or `0.8`.

    >>> share("0.5%"), share("0.8")
    (0.005, 0.8)
    """
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise SelectionError(f"`{text}` is no share; write it as 80% or 0.8, less than 100%")
    return value


def population(command: Command) -> Command:
    """Who goes through a journey, and from when on."""
    for option in (
        click.option(
            "--start", metavar="TIME", help="When it begins, as 2027-01-01T09:00; default: the first of 2027."
        ),
        click.option("--seed", type=click.IntRange(0), metavar="S", help="Another seed is other chance; default 1."),
        click.option("--events", type=_ROWS, metavar="FILE", help="What happens to them: nothing is drawn but splits."),
        click.option("--customers", type=_ROWS, metavar="FILE", help="Customers: .csv, .jsonl, .parquet or .yaml."),
        click.option("-n", type=click.IntRange(1), metavar="N", help="How many made-up customers; default 10000."),
    ):
        command = option(command)
    return command


def scale(command: Command) -> Command:
    """Who does the work; none of it changes a bit of the result."""
    for option in (
        click.option(
            "--cluster", metavar="ADDRESS", default="", help="A Dask scheduler's workers, as tcp://host:8786."
        ),
        click.option("--partitions", type=click.IntRange(1), metavar="N", help="Parts that the customers come in."),
        click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes for the work; default 1."),
    ):
        command = option(command)
    return command


@contextlib.contextmanager
def bar(*, shown: bool, label: str = "customers") -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, on a terminal only; to be told how many are done, and of how many."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as drawn:

        def tell(done: int, total: int) -> None:
            drawn.length = total or done
            drawn.update(done - drawn.pos)

        yield tell


def style(choice: str, stream: TextIO) -> Style:
    """Colours or none: as chosen, else as the environment and the stream say."""
    if choice != "auto":
        return Style(colour=choice == "always")
    if os.environ.get("NO_COLOR"):
        return Style()
    if os.environ.get("FORCE_COLOR"):
        return Style(colour=True)
    return Style(colour=stream.isatty() and os.environ.get("TERM") != "dumb")


def width(stream: TextIO) -> int:
    """Columns of the terminal; 120 where there is none."""
    if not stream.isatty():
        return 120
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, 40)
    except (OSError, ValueError):
        return 80


def say(text: str) -> None:
    """A line to standard error, for people."""
    sys.stderr.write(text + "\n")


class _FileError(click.ClickException):
    exit_code = click.UsageError.exit_code


@contextlib.contextmanager
def wrong_use() -> Iterator[None]:
    """What the API says of wrong arguments and of files, as click's errors with exit code 2."""
    try:
        yield
    except SelectionError as wrong:
        raise click.UsageError(str(wrong)) from None
    except DrawingError as wrong:
        raise _FileError(str(wrong)) from None
    except BrokenPipeError:  # nobody reads on, which is no mistake
        raise
    except OSError as wrong:
        said = f"the output cannot be written: {wrong.strerror}" if wrong.errno in NO_ROOM else str(wrong)
        raise _FileError(said) from None
