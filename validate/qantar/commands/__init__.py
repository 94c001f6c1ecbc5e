"""The command line, a module for each command: parse, call one function, choose the exit code.

A command's module is imported only when it is called, so that `qantar --help` stays fast.
"""

from __future__ import annotations

import difflib
import gc
import importlib
import os
import sys
from contextlib import suppress
from typing import NoReturn

import click

from qantar.errors import KeyFileError, QantarError, UnknownRuleError

CLEAN, FOUND, USAGE, UNREADABLE = range(4)
"""Exit codes: nothing at fault, findings, wrong usage, the package or a report cannot be read."""

COMMANDS = {
    "diff": "Compare two packages, and name the version that the changes ask for.",
    "docs": "Write the generated documentation, or check that it is fresh.",
    "publish": "Publish a release to a folder or a server.",
    "release": "Build a release, reproducibly, or say all that speaks against it.",
    "rule": "Explain a rule with its examples.",
    "stamp": "Write length and digest of each file into the descriptor.",
    "validate": "Check a Data Package.",
    "verify": "Prove every mention against the reports' texts.",
    "verify-release": "Check the sums, contents and signature of a release.",
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
        command = importlib.import_module(f"qantar.commands.{cmd_name.replace('-', '_')}").command
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
        sys.exit(USAGE if isinstance(error, KeyFileError | UnknownRuleError) else UNREADABLE)
    except ModuleNotFoundError as error:
        if (error.name or "qantar").startswith("qantar"):
            raise
        click.echo(f"error: {error.name} is not installed. Run pip install 'qantar[release]'.", err=True)
        sys.exit(USAGE)


def run() -> NoReturn:
    """Run the command line in a process of its own, quickly begun and ended."""
    gc.disable()  # a run has few cycles to collect, and looking for them takes a tenth of its start
    code: str | int | None = 0
    try:
        main()
    except SystemExit as done:
        code = done.code
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else bool(code))  # what is left, the system frees faster
