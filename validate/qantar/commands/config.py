"""`qantar config`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from qantar.commands import LONGEST, shell_command
from qantar.commands.options import SETTINGS, settings_options

if TYPE_CHECKING:
    from qantar.config import Given, Settings


@shell_command("qantar config my-package", groups={"Which findings count": SETTINGS})
@click.argument("package", type=click.Path(path_type=Path), default=".")
@settings_options
def command(package: Path, **given: Unpack[Given]) -> None:
    """Show the settings in force for PACKAGE, and where each comes from.

    They stand in qantar.toml, or in the table tool.qantar of pyproject.toml, beside the descriptor; an option of the
    command line replaces them.
    """
    from qantar.config import read_settings  # noqa: PLC0415 -- start-up is a feature
    from qantar.package import Package  # noqa: PLC0415
    from qantar.reports.wording import visible  # noqa: PLC0415

    settings = read_settings(Package.read(package).root, given)
    rows = list(values(settings))
    widths = [max(len(row[at]) for row in rows) for at in (0, 1)]
    for name, value, origin in rows:
        click.echo(visible(f"{name:{widths[0]}}  {value:{widths[1]}}  {origin}", LONGEST))
    for note in settings.notes:
        click.echo(f"note: {note}", err=True)


def values(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """The settings as (key, value, origin); those that are lists of their own have a line for each entry."""
    from qantar.config import READERS  # noqa: PLC0415

    for key in READERS:
        origin = settings.origins.get(key, "default")
        match getattr(settings, key.replace("-", "_")):
            case frozenset() as rules:
                yield key, ", ".join(sorted(rules)) or ("none" if key == "ignore" else "every rule"), origin
            case dict() as grades:
                said = [f"{rule}: {one.level}, because {one.reason}" for rule, one in grades.items()]
                yield from ((key, one, origin) for one in said or ["none"])
            case tuple() as listed:
                lines = [(f"{one.rule} {one.key}: {one.reason}", f"{one.file}:{one.line}") for one in listed]
                yield from ((key, said, place) for said, place in lines or [("none", origin)])
            case None:
                yield key, "none", origin
            case value:
                yield key, str(getattr(value, "name", value)), origin
