"""`qantar docs`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qantar.commands import CLEAN, FOUND, shell_command, write_whole

if TYPE_CHECKING:
    from qantar.package import Package


@shell_command("qantar docs --check")
@click.argument("package", type=click.Path(path_type=Path), default=".")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is stale.")
def command(package: Path, *, check: bool) -> None:
    """Write docs/codebook.md, docs/rules.md and docs/cli.md from the schemas, the rules and the commands' help.

    A CITATION.cff that is there is written from the descriptor, with its version and the day of its `created`.
    """
    from qantar.package import Package  # noqa: PLC0415 -- start-up is a feature

    read = Package.read(package)
    stale = stale_pages(read)
    for name, text in stale.items():
        if check:
            click.echo(f"{name}  The page is stale. Run qantar docs.")
        else:
            write_whole(read.root / name, text)
            click.echo(f"{name}  written")
    sys.exit(FOUND if check and stale else CLEAN)


def stale_pages(package: Package) -> dict[str, str]:
    """The generated pages that are not as they should be: by path, the text that each should have."""
    from qantar.codebook import codebook  # noqa: PLC0415 -- start-up is a feature
    from qantar.commands.manual import manual  # noqa: PLC0415
    from qantar.errors import PackageError  # noqa: PLC0415
    from qantar.rulebook import rulebook  # noqa: PLC0415

    rules = package.root / "docs" / "coding-rules.md"
    try:
        written = rules.read_text(encoding="utf-8")
    except OSError as error:
        raise PackageError(f"{rules}  The written coding rules cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise PackageError(f"{rules}  The written coding rules are not UTF-8.") from None
    pages = {"docs/codebook.md": codebook(package, written), "docs/rules.md": rulebook()}
    if (package.root / "validate" / "qantar").is_dir():  # the tool's own manual stands beside its source
        pages["docs/cli.md"] = manual()
    if (package.root / "CITATION.cff").exists() and citable(package):
        pages["CITATION.cff"] = cited(package)
    return {name: text for name, text in pages.items() if not same(package.root / name, text)}


def citable(package: Package) -> bool:
    """Whether the descriptor says what a citation needs, and nothing amiss; what it says is judged by `validate`."""
    from qantar.descriptor import check_descriptor  # noqa: PLC0415 -- start-up is a feature
    from qantar.model import Severity  # noqa: PLC0415
    from qantar.release.content import unfit  # noqa: PLC0415

    said = package.descriptor.get("created") is not None and not any(unfit(package))
    return said and all(one.severity is not Severity.ERROR for one in check_descriptor(package))


def cited(package: Package) -> str:
    """How to cite the package, as a release says it that is made at no other moment than the descriptor's."""
    from qantar.dataset import Dataset  # noqa: PLC0415 -- start-up is a feature
    from qantar.release.content import Content, created  # noqa: PLC0415
    from qantar.release.formats.citation import citation  # noqa: PLC0415

    version = str(package.descriptor.get("version"))
    return citation(Content(package, Dataset(package, {}), version, created(package))).decode()


def same(page: Path, text: str) -> bool:
    """Whether a page has this text."""
    return page.is_file() and page.read_bytes() == text.encode()
