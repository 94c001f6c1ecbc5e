"""`qantar publish`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND, LONGEST, shell_command
from qantar.errors import masked


def given(_ctx: click.Context, _param: click.Parameter, target: str) -> str:
    """A target that is not empty, as that of an unset variable is."""
    if not target.strip():
        raise click.BadParameter("it is empty. Expected a folder or a URL.")
    return target


@shell_command("qantar publish /srv/data")
@click.argument("target", callback=given)
@click.option(
    "--release",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The release; by default that of this package's version in dist/.",
)
@click.option("--break-lock", is_flag=True, help="Take a remote target from a publisher that is gone.")
def command(target: str, folder: Path | None, *, break_lock: bool) -> None:
    """Publish a release to TARGET, a folder or any URL that fsspec can write to.

    The files come first, then index.json in one step: readers see the old state or the new one. A published version
    never changes. A release that is not whole, or has a secret-shaped string in it, is refused.

    Exit code: 0 published or there already, 1 refused, 2 wrong usage, 3 something cannot be read or written.
    """
    from qantar.package import Package  # noqa: PLC0415 -- start-up is a feature
    from qantar.release.publish import publish  # noqa: PLC0415
    from qantar.reports.wording import visible  # noqa: PLC0415

    release = folder or Path("dist", str(Package.read(Path()).descriptor.get("version")))
    published = publish(release, target, break_lock=break_lock)
    for refusal in published.refusals:
        click.echo(f"refused: {visible(refusal, LONGEST)}")
    if not published.refusals:
        done = "is there already" if published.unchanged else "published"
        click.echo(f"{visible(masked(target), LONGEST)}  {visible(published.version)} {done}")
    sys.exit(FOUND if published.refusals else CLEAN)
