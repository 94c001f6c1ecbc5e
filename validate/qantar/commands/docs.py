"""`qantar docs`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qantar.commands import CLEAN, FOUND, shell_command


@shell_command("qantar docs --check")
@click.argument("package", type=click.Path(path_type=Path), default=".")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
def command(package: Path, *, check: bool) -> None:
    """Write docs/codebook.md, docs/rules.md and docs/cli.md from the schemas, the rules and the commands' help."""
    from qantar.codebook import codebook  # noqa: PLC0415 -- start-up is a feature
    from qantar.commands.manual import manual  # noqa: PLC0415
    from qantar.errors import PackageError  # noqa: PLC0415
    from qantar.package import Package  # noqa: PLC0415
    from qantar.rulebook import rulebook  # noqa: PLC0415

    read = Package.read(package)
    docs = read.root / "docs"
    try:
        written = (docs / "coding-rules.md").read_text(encoding="utf-8")
    except OSError as error:
        raise PackageError(
            f"{docs / 'coding-rules.md'}  The written coding rules cannot be read: {error.strerror}."
        ) from None
    stale = False
    for name, text in (("codebook.md", codebook(read, written)), ("rules.md", rulebook()), ("cli.md", manual())):
        page = docs / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        if check:
            stale = True
            click.echo(f"docs/{name}  The page is stale. Run qantar docs.")
        else:
            page.write_text(text, encoding="utf-8")
            click.echo(f"docs/{name}  written")
    sys.exit(FOUND if stale else CLEAN)
