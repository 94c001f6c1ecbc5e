"""`qantar validate`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qantar.commands import CLEAN, FOUND
from qantar.model import Severity
from qantar.reports import FORMATS, renderer

if TYPE_CHECKING:
    from qantar.changes import Changes
    from qantar.package import Package


def destination(given: str) -> tuple[str, Path]:
    """A format and the file that a report is written to in it."""
    name, _, file = given.partition("=")
    if name not in FORMATS or not file:
        raise click.BadParameter(f"{given!r}: expected FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}.")
    if not Path(file).parent.is_dir() or Path(file).is_dir():
        raise click.BadParameter(f"{given!r}: no file can be written there.")
    return name, Path(file)


@click.command()
@click.argument("package", type=click.Path(path_type=Path), default=".")
@click.option(
    "--max-examples",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="Findings shown of each rule and resource.",
)
@click.option(
    "--output-format",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help=f"What for: {'; '.join(f'{name}, {use}' for name, use in FORMATS.items())}.",
)
@click.option(
    "--also",
    metavar="FORMAT=FILE",
    multiple=True,
    callback=lambda _ctx, _param, values: [destination(one) for one in values],
    help="Write the report into a file, in this format too; may be given more than once.",
)
@click.option(
    "--changed-since",
    metavar="REV",
    help="Check what changed since a git revision, and its relations to the rest.",
)
def command(
    package: Path, max_examples: int, output_format: str, also: list[tuple[str, Path]], changed_since: str | None
) -> None:
    """Check a Data Package: its descriptor, files, cells, keys and, for claims, the rules of the model.

    PACKAGE is a folder with datapackage.json, or a descriptor; by default this folder.

    Exit code: 0 no error (there may be warnings), 1 errors, 2 wrong usage, 3 the package cannot be read.
    """
    from qantar.checker import check  # noqa: PLC0415 -- start-up is a feature
    from qantar.package import Package  # noqa: PLC0415

    render = renderer(output_format, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    others = [(file, renderer(name)) for name, file in also]
    read = Package.read(package)
    report = check(read, max_examples, since(read, changed_since))
    click.echo(render(report))
    for file, other in others:
        write_whole(file, other(report) + "\n")
    sys.exit(FOUND if report.count(Severity.ERROR) else CLEAN)


def write_whole(file: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old one or the new one, and a failure leaves the old one."""
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="")
        new.replace(file)
    except OSError as error:
        raise click.UsageError(f"{file}: the file cannot be written: {error.strerror}.") from None
    finally:
        new.unlink(missing_ok=True)


def since(package: Package, revision: str | None) -> Changes | None:
    """What changed since a revision, where one is given."""
    if revision is None:
        return None
    from qantar.changes import read_changes  # noqa: PLC0415 -- start-up is a feature

    return read_changes(package, revision)
