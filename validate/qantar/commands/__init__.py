"""The command line, a module for each command: parse, call one function, choose the exit code.

A command's module is imported only when it is called, so that `qantar --help` stays fast.
"""

from __future__ import annotations

import gc
import importlib
import os
import stat
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

import click

from qantar.catalogue import did_you_mean
from qantar.commands.output import open_outputs
from qantar.errors import MissingExtraError, QantarError, SettingsError

CLEAN, FOUND, USAGE, UNREADABLE, BROKEN = range(5)
"""Exit codes: nothing at fault, findings, wrong usage, the package or a report cannot be read, a defect of the tool."""

TRACEBACK = "QANTAR_TRACEBACK"
"""The variable of the environment that asks for the traceback of a defect."""

STOPPED = 130
"""Exit code of what was stopped by Ctrl-C, as shells have it: 128 and the number of the signal."""

LONGEST = 2000
"""Longest message that is shown whole: what it names may be the words of a hostile package."""

COMMANDS = {
    "completion": "Print what makes a shell complete commands, options and rules.",
    "config": "Show the settings in force, and where each comes from.",
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


NEXT = """Nothing was asked. What next?
  qantar validate{}
  qantar rule                list what is checked; qantar rule ID explains it
  qantar --help              list all commands"""


class Command(click.Command):
    """A command whose help shows its options in groups: their names by the group's title."""

    groups: Mapping[str, Sequence[str]] = MappingProxyType({})

    def get_help(self, ctx: click.Context) -> str:  # noqa: D102
        return rich_help(ctx)


def shell_command(
    example: str, groups: Mapping[str, Sequence[str]] | None = None
) -> Callable[[Callable[..., None]], Command]:
    """Make a function a command, with an example for its help."""

    def make(function: Callable[..., None]) -> Command:
        command = click.command("command", cls=Command, epilog=f"Example:  {example}")(function)
        command.groups = groups or {}
        return command

    return make


def rich_help(ctx: click.Context) -> str:
    """The help of a command, laid out for the terminal."""
    import rich_click  # noqa: PLC0415 -- most runs show no help, and it would double their start-up

    own = ctx.command
    if isinstance(own, Commands):
        listed = {name: click.Command(name, help=text) for name, text in COMMANDS.items()}
        twin: rich_click.RichCommand = rich_click.RichGroup(name=own.name, commands=listed)
    else:
        twin = rich_click.RichCommand(name=own.name)
    groups = own.groups if isinstance(own, Command) else {}
    twin.params, twin.help, twin.epilog = own.params, own.help, own.epilog
    twin.panels = [rich_click.RichOptionPanel(title, options=list(names)) for title, names in groups.items()]
    layout = {"text_paragraph_linebreaks": "\n\n", "options_table_column_types": ["opt_all", "metavar", "help"]}
    rich = rich_click.RichContext(twin, ctx.parent, ctx.info_name, rich_help_config=layout)
    rich.help_option_names = ctx.help_option_names
    return twin.get_help(rich)


class Commands(click.Group):
    """Finds a command by its name and imports it when it is called."""

    def get_help(self, ctx: click.Context) -> str:  # noqa: D102
        return rich_help(ctx)

    def invoke(self, ctx: click.Context) -> object:  # noqa: D102
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # which click would call a failure
            click.echo("error: Stopped.", err=True)
            ctx.exit(STOPPED)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, D102
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:  # a shell that completes wants no error
                return None
            ctx.fail(f"No such command {cmd_name!r}.{did_you_mean(cmd_name, COMMANDS, '')}")
        command = importlib.import_module(f"qantar.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qantar", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Qantar checks Data Packages of reported figures, and proves where each is written."""
    if ctx.invoked_subcommand is None:
        here = Path("datapackage.json").is_file()
        click.echo(
            NEXT.format("            check the package of this folder" if here else " FOLDER     check a Data Package"),
            err=True,
        )
        ctx.exit(USAGE)


def target(_ctx: click.Context, _param: click.Parameter, file: Path | None) -> Path | None:
    """An option's file that can be written, told before the work is done and not after."""
    try:
        if file and not file.parent.is_dir():
            raise click.BadParameter(f"{file}: its folder does not exist.")
        if file and file.exists() and not file.is_file():
            raise click.BadParameter(f"{file}: not a regular file.")
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}.") from None
    return file


def write_whole(file: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old one or the new one, and a failure leaves the old one."""
    file = file.resolve()  # a link stays one
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        # a lone surrogate, which JSON may hold and UTF-8 may not, is written as JSON escapes it
        new.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        if file.exists():
            new.chmod(stat.S_IMODE(file.stat().st_mode))
        new.replace(file)
    except OSError as error:
        raise SettingsError(f"{file}  The file cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):  # what stopped the writing stops this too, and was said
            new.unlink(missing_ok=True)


def main() -> None:
    """Run the command line; every known failure is one line on standard error."""
    try:
        cli(prog_name="qantar")
    except QantarError as error:
        complain(error)
        sys.exit(USAGE if isinstance(error, SettingsError) else UNREADABLE)
    except ModuleNotFoundError as error:
        if (error.name or "qantar").startswith("qantar"):
            raise
        complain(MissingExtraError(f"{error.name} is not installed. Run pip install 'qantar[release]'."))
        sys.exit(USAGE)
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 -- any defect, and polars panics with what is no Exception
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        said = " ".join(f"{type(error).__name__}: {error}".split())
        complain(QantarError(f"Qantar failed, not the package: {said}. Please report it, with {TRACEBACK}=1."))
        sys.exit(BROKEN)


def complain(error: QantarError) -> None:
    """Say in one line what stopped the run."""
    from qantar.reports.wording import visible  # noqa: PLC0415 -- most runs do not fail

    click.echo(f"error: {visible(str(error), LONGEST)}", err=True)


def run() -> NoReturn:
    """Run the command line in a process of its own, quickly begun and ended."""
    gc.disable()  # a run has few cycles to collect, and looking for them takes a tenth of its start
    code: str | int | None = 0
    try:
        open_outputs()
        main()
    except SystemExit as done:
        code = done.code
    with suppress(SettingsError):  # which was said before
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else bool(code))  # what is left, the system frees faster
