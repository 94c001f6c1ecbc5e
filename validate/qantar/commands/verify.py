"""`qantar verify`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND, shell_command


@shell_command("qantar verify --reports ../reports")
@click.argument("package", type=click.Path(path_type=Path), default=".")
@click.option(
    "--reports",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder with the texts of the reports, in any names.",
)
def command(package: Path, reports: Path) -> None:
    """Prove every mention against the reports' texts.

    The texts are found by their SHA-256. For each report it prints how many mentions are proven, the share of its
    characters that mentions cover, and the offsets of the stretches that nothing covers.

    Exit code: 0 all proven, 1 a digest differs, 2 wrong usage, 3 the package or a text cannot be read.
    """
    from qantar.package import Package  # noqa: PLC0415 -- start-up is a feature
    from qantar.provenance import verify  # noqa: PLC0415
    from qantar.reports.text import describe  # noqa: PLC0415
    from qantar.reports.wording import plural  # noqa: PLC0415

    findings = 0
    for one in verify(Package.read(package), reports):
        findings += len(one.findings)
        for finding in one.findings:
            click.echo("\n".join(describe(finding)))
        if one.characters:
            gaps = " ".join(f"{start}-{end}" for start, end in one.gaps) or "none"
            click.echo(
                f"{one.source}  {one.file.name}: {one.proven} of {plural(one.mentions, 'mention')} proven; "
                f"{one.share:.1%} of {one.characters:,} characters covered; not covered: {gaps}"
            )
        else:
            click.echo(
                f"{one.source}  {one.file.name}: {plural(one.mentions, 'mention')} not checked: the text differs"
            )
    sys.exit(FOUND if findings else CLEAN)
