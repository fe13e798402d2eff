"""`safar serve`."""

from __future__ import annotations

import os
import sys
from typing import Any, Protocol

import click

from safar import api
from safar.commands import options
from safar.commands.options import HELP, say


@click.command(context_settings=HELP)
@click.argument("journey")
@click.option("--open/--no-open", "opened", default=None, help="Open a browser; default: where there is a screen.")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, metavar="N", help="The port; default: a free one.")
@options.project
def command(journey: str, opened: bool | None, port: int, **place: Any) -> int:
    """Look at a journey while it is being written: its map and what was found, drawn anew at each saving.

    JOURNEY is FILE, FILE:name (a file with several), or a name in the project. The page is for this machine alone: it
    answers at 127.0.0.1, at an address that nobody can guess, and changes nothing. Ctrl-C ends it.

    \b
    safar serve journeys/cart.journey
    safar serve cart --no-open
    """
    with options.wrong_use(), api.serve(journey, port=port, **place) as served:
        look(served, opened, "drawn anew when the file is saved; Ctrl-C ends it")
    return 0


class Serving(Protocol):
    """What answers at an address until it is closed."""

    @property
    def url(self) -> str: ...

    def wait(self) -> None: ...


def look(served: Serving, opened: bool | None, told: str) -> None:
    """Say where it is, open a browser if wanted, wait for Ctrl-C."""
    sys.stdout.write(f"{served.url}\n")
    sys.stdout.flush()
    say(told)
    if opened if opened is not None else _has_screen():
        _open(served.url)
    try:
        served.wait()
    except KeyboardInterrupt:
        say("")


def _has_screen() -> bool:
    """Whether a person sits there who sees a window open; a browser in a terminal would take the terminal."""
    windows = sys.platform in ("win32", "darwin") or any(os.environ.get(one) for one in ("DISPLAY", "WAYLAND_DISPLAY"))
    return sys.stdout.isatty() and windows


def _open(url: str) -> None:
    import webbrowser

    if not webbrowser.open(url):
        say("no browser was found; open the address in one")
