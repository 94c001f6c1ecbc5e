"""`qantar diff`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND, UNREADABLE, shell_command


@shell_command("qantar diff v0.1.0 --output-format markdown")
@click.argument("old")
@click.argument("new", default=".")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json", "markdown", "changelog"]),
    default="text",
    show_default=True,
    help="Lines to read, one JSON object, Markdown, or the entry of the changelog that a release needs.",
)
@click.option(
    "--max-examples",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="Changes shown of each kind and resource; JSON has all.",
)
def command(old: str, new: str, output_format: str, max_examples: int) -> None:
    """Compare two packages by schema and by primary key, and name the version that the changes ask for.

    OLD and NEW are each a folder, a descriptor, a release, its archive, or a git revision of the package in this
    folder; NEW is by default the package in this folder.

    Exit code: 0 they are the same, 1 they differ, 2 wrong usage, 3 a package cannot be read or compared whole.
    """
    from qantar.release.changelog import generate  # noqa: PLC0415 -- start-up is a feature
    from qantar.release.diff import compare  # noqa: PLC0415
    from qantar.release.opening import opened  # noqa: PLC0415
    from qantar.reports import difference  # noqa: PLC0415

    beside = Path(new) if Path(new).exists() else Path()
    with opened(old, beside) as before, opened(new, Path()) as after:
        diff = compare(before, after, (old, new))
    renders = {
        "text": lambda: difference.render(diff, max_examples),
        "json": lambda: difference.render_json(diff),
        "markdown": lambda: difference.render_markdown(diff, max_examples),
        "changelog": lambda: generate(diff, datetime.now(UTC).date().isoformat()),
    }
    click.echo(renders[output_format]())
    sys.exit(UNREADABLE if diff.not_compared else FOUND if diff.changes else CLEAN)
