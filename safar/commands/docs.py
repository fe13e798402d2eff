"""`safar docs`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from safar.commands import options
from safar.commands.options import HELP, say
from safar.commands.serve import look
from safar.renderers.terminal import visible

if TYPE_CHECKING:
    from safar.site.build import Built


def _languages(command: Callable[..., int]) -> Callable[..., int]:
    """`--lang`."""
    return click.option(
        "--lang",
        "languages",
        multiple=True,
        type=click.Choice(["en", "fa"]),
        help="Only pages in this language; may be given again. Default: both, beginning with the project's.",
    )(command)


@click.group(context_settings=HELP, invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int | None:
    """All journeys of a project as a site: to read, to search, to see what uses what.

    There is a page for every journey (its maps, stages, goals, promises, tests, findings, changes), and for every
    stage, touchpoint, channel, persona, owner, measure and whatever else the files declare: with what it says and where
    it is used. The project is the one around the current folder.

    \b
    safar docs build             write the site into the folder `site`; open site/index.html
    safar docs build -o public   into another folder
    safar docs serve             show it on this machine, always as the files are
    """
    if context.invoked_subcommand is not None:
        return None
    say(context.get_help())
    return 2


@command.command(context_settings=HELP)
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    default="site",
    type=click.Path(path_type=Path),
    help="Where to; default: site.",
)
@_languages
@options.quiet
@options.cached
@options.project
def build(folder: Path, quiet: bool, cache: Path | None, **asked: Any) -> int:
    """Write the site into a folder.

    The folder needs nothing else: it opens from a disk (index.html), from a memory stick, from any web server, and asks
    nothing of a network. It is new, empty, or a site of before, of which only what changed is written anew and what no
    page needs any more is taken away; in a folder with anything else nothing is touched. Drawings of journeys that did
    not change are kept in your cache folder (`--no-cache`: not). In a git repository the pages tell what changed when.

    Exit code 1 says that journeys cannot be read as a whole: they have a page with findings, and no maps.

    \b
    safar docs build
    safar docs build -o public --lang fa
    safar docs build --project shop -o /srv/www/journeys
    """
    from safar.site.build import docs

    with options.wrong_use(), options.bar(shown=not quiet, label="drawings") as progress:
        built = docs(folder, cache=cache, progress=progress, **asked)
    if not quiet:
        _tell(built)
    return 1 if built.broken else 0


@command.command(context_settings=HELP)
@click.option("--open/--no-open", "opened", default=None, help="Open a browser; default: where there is a screen.")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, metavar="N", help="The port; default: a free one.")
@_languages
@options.cached
@options.project
def serve(
    opened: bool | None,
    port: int,
    languages: tuple[str, ...],
    cache: Path | None,
    project: Path | None,
    limits: dict[str, str],
) -> int:
    """Show the site on this machine, without writing it.

    Pages are made when they are asked for, from the files as they are then: save a file, reload the page. It answers
    at 127.0.0.1 for this machine alone, at an address that nobody can guess, and gives nothing but the pages.
    Ctrl-C ends it.

    \b
    safar docs serve
    safar docs serve --lang fa --no-open
    """
    from safar.checking import Ground
    from safar.site.serve import Served

    with options.wrong_use(), Served(Ground(project, limits), languages=languages, cache=cache, port=port) as served:
        look(served, opened, "reload a page when files have changed; Ctrl-C ends it")
    return 0


def _tell(built: Built) -> None:
    written = built.written
    say(f"{built.journeys} journeys on {written.files} pages, {written.changed} of them changed, {written.gone} gone")
    for title in built.broken:
        say(f"without maps, for its file cannot be read: {visible(title)}")
    say(f"open {visible(str(built.start))}")
