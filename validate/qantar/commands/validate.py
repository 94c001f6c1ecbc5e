"""`qantar validate`."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click
from click.core import ParameterSource

from qantar.commands import CLEAN, FOUND, shell_command, target, write_whole
from qantar.commands.options import SETTINGS, settings_options
from qantar.reports import FORMATS, Render, renderer

if TYPE_CHECKING:
    from qantar.changes import Changes
    from qantar.config import Given, Settings
    from qantar.package import Package

SHOWN = ["--output-format", "--output", "--also", "--statistics", "--quiet", "--max-examples"]

IDLE = {"baseline", "changed_since", "output_format", "output", "also", "statistics", "quiet"}
"""The parameters that --write-baseline has no use for."""


def destination(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Formats, each with the file that a report is written to in it."""
    found = []
    for value in values:
        name, _, file = value.partition("=")
        if name not in FORMATS or not file:
            raise click.BadParameter(f"{value!r}: expected FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}.")
        target(ctx, param, Path(file))
        found.append((name, Path(file)))
    return found


@shell_command(
    "qantar validate my-package --ignore unsorted-rows --output report.txt",
    groups={
        "What is checked": ["--changed-since", "--allow-remote"],
        "Which findings count": [*SETTINGS, "--write-baseline"],
        "How they are shown": SHOWN,
    },
)
@click.argument("package", type=click.Path(path_type=Path), default=".")
@click.option(
    "--changed-since", metavar="REV", help="Check only what changed since a git revision, its relations whole."
)
@click.option("--allow-remote", is_flag=True, help="Fetch data, schemas and dialects that are named by http or https.")
@settings_options
@click.option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    callback=target,
    help="Write all findings into a baseline instead of reporting them.",
)
@click.option(
    "--output-format",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help=f"What for: {'; '.join(f'{name}, {use}' for name, use in FORMATS.items())}.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    callback=target,
    help="Write the report into a file, in one step.",
)
@click.option(
    "--also",
    metavar="FORMAT=FILE",
    multiple=True,
    callback=destination,
    help="Write the report into a file, in this format too; may be given more than once.",
)
@click.option("--statistics", is_flag=True, help="Show how often each rule was broken, instead of where.")
@click.option("--quiet", "-q", is_flag=True, help="Show neither the summary, nor notes on the settings, nor progress.")
@click.pass_context
def command(  # noqa: PLR0913 -- the options of the command
    ctx: click.Context,
    package: Path,
    *,
    write_baseline: Path | None,
    output_format: str,
    output: Path | None,
    also: list[tuple[str, Path]],
    changed_since: str | None,
    statistics: bool,
    quiet: bool,
    allow_remote: bool,
    **given: Unpack[Given],
) -> None:
    """Check a Data Package: its descriptor, files, cells, keys and, for claims, the rules of the model.

    PACKAGE is a folder with datapackage.json, or a descriptor; by default this folder.

    Exit code: 0 nothing that --fail-on names, 1 findings, 2 wrong usage, 3 the package cannot be read.
    """
    from qantar.checker import check  # noqa: PLC0415 -- start-up is a feature
    from qantar.commands.progress import watching  # noqa: PLC0415
    from qantar.config import read_settings  # noqa: PLC0415
    from qantar.package import Package  # noqa: PLC0415
    from qantar.reports.wording import summary  # noqa: PLC0415

    read = Package.read(package, allow_remote=allow_remote)
    settings = read_settings(read.root, given)
    if not quiet:
        click.echo("".join(f"note: {one}\n" for one in settings.notes), err=True, nl=False)
    if write_baseline:
        refuse_idle(ctx)
        write_known(read, settings, write_baseline)
        sys.exit(CLEAN)
    if ctx.get_parameter_source("output_format") is ParameterSource.DEFAULT:
        output_format = settings.output_format
    refuse_twice([*([output] if output else []), *(file for _, file in also)])
    render = counter(output_format) if statistics else renderer(output_format, colour=not output and colourful())
    others = [(file, renderer(name)) for name, file in also]
    changes = since(read, changed_since)
    with watching(read, quiet=quiet) as watch:
        report = check(read, settings, watch, changes)
    shown = render(report)
    if quiet and output_format in {"text", "concise"}:
        shown = shown.rpartition("\n")[0]
    for file, other in others:
        write_whole(file, other(report) + "\n")
    if output:
        write_whole(output, shown + "\n")
        shown = "" if quiet else summary(report)
    click.echo(shown, nl=bool(shown))
    sys.exit(FOUND if report.fails(settings.fail_on) else CLEAN)


def refuse_idle(ctx: click.Context) -> None:
    """UsageError for an option that has no effect where a baseline is written: there is no report."""
    for one in ctx.command.params:
        if one.name in IDLE and ctx.get_parameter_source(one.name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"{one.opts[0]} and --write-baseline exclude each other.")


def refuse_twice(files: list[Path]) -> None:
    """UsageError where two reports would be written into one file."""
    for number, file in enumerate(files):
        if file.resolve() in {one.resolve() for one in files[:number]}:
            raise click.UsageError(f"{file}: Two reports cannot be written into one file.")


def colourful() -> bool:
    """Whether standard output is a terminal that wants colours (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def counter(output_format: str) -> Render:
    """What shows how often each rule was broken."""
    from qantar.reports import statistics  # noqa: PLC0415

    counting: dict[str, Render] = dict.fromkeys(("text", "concise"), statistics.render)
    counting["json"] = statistics.render_json
    if output_format not in counting:
        raise click.UsageError("--statistics are shown as text or json only.")
    return counting[output_format]


def since(package: Package, revision: str | None) -> Changes | None:
    """What changed since a revision, where one is given."""
    if revision is None:
        return None
    from qantar.changes import read_changes  # noqa: PLC0415 -- start-up is a feature

    return read_changes(package, revision)


def write_known(package: Package, settings: Settings, file: Path) -> None:
    """Write all findings of a package into a baseline."""
    from qantar.baseline import render  # noqa: PLC0415
    from qantar.catalogue import STALE  # noqa: PLC0415
    from qantar.checker import check  # noqa: PLC0415
    from qantar.reports.wording import plural, summary  # noqa: PLC0415

    report = check(package, replace(settings, baseline=None, max_examples=sys.maxsize))
    findings = [one for one in report.findings if one.rule not in STALE]
    write_whole(file, render(findings))
    click.echo(f"{file}  {plural(len(findings), 'finding')} written.")
    click.echo(summary(report))
