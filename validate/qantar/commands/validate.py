"""`qantar validate`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND
from qantar.model import Severity
from qantar.reports import FORMATS, renderer


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
@click.option("--allow-remote", is_flag=True, help="Fetch data, schemas and dialects that are named by http or https.")
def command(package: Path, max_examples: int, output_format: str, *, allow_remote: bool) -> None:
    """Check a Data Package: its descriptor, files, cells, keys and, for claims, the rules of the model.

    PACKAGE is a folder with datapackage.json, or a descriptor; by default this folder.

    Exit code: 0 no error (there may be warnings), 1 errors, 2 wrong usage, 3 the package cannot be read.
    """
    from qantar.checker import check  # noqa: PLC0415 -- start-up is a feature
    from qantar.package import Package  # noqa: PLC0415

    render = renderer(output_format, colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    report = check(Package.read(package, allow_remote=allow_remote), max_examples)
    click.echo(render(report))
    sys.exit(FOUND if report.count(Severity.ERROR) else CLEAN)
