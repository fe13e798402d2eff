"""The group of commands.  Its table is all that `--help` needs, so that no command is imported for it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from safar.renderers.terminal import visible

COMMANDS = {
    "init": "Start a project with a journey that is green at once.",
    "check": "Find what is wrong in journeys: syntax, names, types, rules.",
    "simulate": "Send a population through a journey and tell the figures.",
    "trace": "Follow one customer: what happened, when and why.",
    "draw": "Draw the map of a journey as SVG, PNG or DOT.",
    "explain": "Show the page of a rule: why it matters, bad and good examples.",
    "rules": "List all rules.",
}
"""In the order of the help; each is the file of its name, whose `command` is the click command."""

INTERRUPTED = 130


class Verbs(click.Group):
    """Loads a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"safar.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from safar.engine.names import nearest

            near = nearest(args[0], COMMANDS)
            said = f"no command `{visible(args[0])}`" + (f"; did you mean `{near}`?" if near else "")
            raise click.UsageError(said, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Verbs,
    name="safar",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`safar COMMAND --help` teaches a command with examples.",
    no_args_is_help=True,
)
@click.version_option(package_name="safar", message="%(prog)s %(version)s")
def group() -> None:
    """Customer journeys as code: checked, simulated, drawn.

    \b
    safar init shop                        start a project
    safar check                            find what is wrong in it
    safar simulate shop/cart.journey       see what comes of it
    safar draw shop/cart.journey           look at it
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code; wrong use is 2, as everywhere."""
    try:
        code = group.main(list(arguments), prog_name="safar", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as nothing:
        nothing.show()
        return nothing.exit_code
    except click.UsageError as wrong:
        _show(wrong)
        return wrong.exit_code
    except click.ClickException as wrong:
        click.echo(f"safar: {visible(wrong.format_message())}", err=True)
        return wrong.exit_code
    except click.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _show(wrong: click.UsageError) -> None:
    """The message in one line, then where help is."""
    path = wrong.ctx.command_path if wrong.ctx else "safar"
    sys.stderr.write(f"safar: {visible(wrong.format_message())}\nTry `{path} --help`.\n")
