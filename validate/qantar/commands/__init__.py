"""The command line, a module for each command: parse, call one function, choose the exit code.

A command's module is imported only when it is called, so that `qantar --help` stays fast.
"""

from __future__ import annotations

import difflib
import importlib
import sys

import click

from qantar.errors import MissingExtraError, QantarError, RevisionError, UnknownRuleError

CLEAN, FOUND, USAGE, UNREADABLE = range(4)
"""Exit codes: nothing at fault, findings, wrong usage, the package or a report cannot be read."""

COMMANDS = {
    "docs": "Write the generated documentation, or check that it is fresh.",
    "rule": "Explain a rule with its examples.",
    "stamp": "Write length and digest of each file into the descriptor.",
    "validate": "Check a Data Package.",
    "verify": "Prove every mention against the reports' texts.",
}


class Commands(click.Group):
    """Finds a command by its name and imports it when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"No such command {cmd_name!r}.{hint}")
        command = importlib.import_module(f"qantar.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002, D102
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qantar", message="%(prog)s %(version)s")
def cli() -> None:
    """Qantar checks Data Packages of reported figures, and proves where each is written."""


def main() -> None:
    """Run the command line; every known failure is one line on standard error."""
    try:
        cli(prog_name="qantar")
    except QantarError as error:
        click.echo(f"error: {error}", err=True)
        usage = isinstance(error, RevisionError | UnknownRuleError | MissingExtraError)
        sys.exit(USAGE if usage else UNREADABLE)
