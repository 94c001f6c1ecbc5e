"""`qantar release`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND, LONGEST, shell_command
from qantar.commands.docs import stale_pages


@shell_command("qantar release --dry-run --since v0.1.0")
@click.argument("package", type=click.Path(path_type=Path), default=".")
@click.option(
    "--target", type=click.Path(path_type=Path), default="dist", show_default=True, help="Folder of the releases."
)
@click.option(
    "--since", metavar="OLD", help="The release before, as diff takes it; else the newest lower one in the target."
)
@click.option("--reports", type=click.Path(path_type=Path), metavar="DIR", help="Prove the mentions by these texts.")
@click.option(
    "--sign", "key", type=click.Path(path_type=Path), metavar="KEY", help="Sign with this secret key of minisign."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
def command(  # noqa: PLR0913 -- an option each
    package: Path, target: Path, since: str | None, reports: Path | None, key: Path | None, *, dry_run: bool
) -> None:
    """Build the release of the version that the descriptor names, in a folder of its own below the target.

    The same package gives the same bytes, whenever and wherever. All that speaks against a release is said at once, and
    nothing is then written: errors, unproven mentions, a version too low, a changelog that does not tell it, ids lost,
    stale pages, other bytes under the same version. Where the release is there already, nothing is done.
    The password of a key is asked for, or taken from QANTAR_SIGN_PASSWORD.

    Exit code: 0 built or there already, 1 refused, 2 wrong usage, 3 something cannot be read or written.
    """
    from qantar.package import Package  # noqa: PLC0415 -- start-up is a feature
    from qantar.release.build import Order, release  # noqa: PLC0415
    from qantar.reports.wording import visible  # noqa: PLC0415

    read = Package.read(package)
    stale = tuple(stale_pages(read)) if (read.root / "docs" / "coding-rules.md").exists() else ()
    outcome = release(read, Order(target, since, reports, dry_run, key, password, stale))
    for note in outcome.notes:
        click.echo(visible(note, LONGEST))
    for refusal in outcome.refusals:
        click.echo(f"refused: {visible(refusal, LONGEST)}")
    if not outcome.refusals:
        done = "is there already, the same" if outcome.unchanged else "would be built" if dry_run else "built"
        click.echo(f"{visible(str(outcome.folder), LONGEST)}  {done}")
    sys.exit(FOUND if outcome.refusals else CLEAN)


def password() -> str:
    """The password of a secret key: from the environment, else from the person at the terminal."""
    given = os.environ.get("QANTAR_SIGN_PASSWORD")
    return given if given is not None else str(click.prompt("Password of the key", hide_input=True, err=True))
