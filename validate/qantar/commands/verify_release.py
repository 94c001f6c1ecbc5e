"""`qantar verify-release`."""

from __future__ import annotations

import sys

import click

from qantar.commands import CLEAN, FOUND, LONGEST, shell_command
from qantar.errors import masked


@shell_command("qantar verify-release dist/1.0.0")
@click.argument("place", metavar="PATH|URL")
@click.option("--key", metavar="PUBKEY", help="Public key of minisign, or a file with it, that must have signed.")
def command(place: str, key: str | None) -> None:
    """Check a release: sums, manifest, the content of each format, and the signature if there is one.

    PATH is the folder of a release or one of its files; URL, http, https or file, that folder, its archive or sums.
    Each file that is missing, extra or other is named.

    Exit code: 0 it is whole, 1 it is not, 2 wrong usage or no public key, 3 there is no release.
    """
    from qantar.release.verify import verify_release  # noqa: PLC0415 -- start-up is a feature
    from qantar.reports.text import describe  # noqa: PLC0415
    from qantar.reports.wording import plural, visible  # noqa: PLC0415

    verdict = verify_release(place, key)
    for finding in verdict.findings:
        click.echo("\n".join(describe(finding)))
    for note in verdict.notes:
        click.echo(visible(note, LONGEST))
    read = f", contents in {', '.join(verdict.contents)}" if verdict.contents else ""
    faults = plural(len(verdict.findings), "fault")
    name = visible(verdict.name or masked(place), LONGEST)
    click.echo(f"{name}: {plural(verdict.files, 'file')}{read}; {faults}.")
    sys.exit(FOUND if verdict.findings else CLEAN)
