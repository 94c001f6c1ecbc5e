"""`qantar validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND
from qantar.model import Severity


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
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="Lines to read, one JSON object, or one a line.",
)
@click.option("--allow-remote", is_flag=True, help="Fetch data, schemas and dialects that are named by http or https.")
def command(package: Path, max_examples: int, output_format: str, *, allow_remote: bool) -> None:
    """Check a Data Package: its descriptor, files, cells, keys and, for claims, the rules of the model.

    PACKAGE is a folder with datapackage.json, or a descriptor; by default this folder.

    Exit code: 0 no error (there may be warnings), 1 errors, 2 wrong usage, 3 the package cannot be read.
    """
    from qantar.checker import check  # noqa: PLC0415 -- start-up is a feature
    from qantar.package import Package  # noqa: PLC0415
    from qantar.reports import json, text  # noqa: PLC0415

    report = check(Package.read(package, allow_remote=allow_remote), max_examples)
    render = {"text": text.render, "json": json.render, "jsonl": json.render_lines}[output_format]
    click.echo(render(report))
    sys.exit(FOUND if report.count(Severity.ERROR) else CLEAN)
