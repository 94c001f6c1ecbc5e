"""The Data Package itself: loose files, which the catalogues describe, and an archive of all that belongs to it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from qantar.archive import opened_package
from qantar.dataset import read_tables
from qantar.package import DESCRIPTOR, Package
from qantar.release.content import Content, by_key
from qantar.release.formats import citation

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can name."""

EXPLAINING = ("README.md", "CHANGELOG.md", "LICENSE", "LICENSE-DATA", "docs/*.md")
"""What goes along with a package where it is there."""


def write(content: Content, folder: Path) -> None:
    """Write the files that the descriptor names, and the archive of them and of what explains them."""
    named = described(content.package)
    for name, data in named.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    archive = folder / f"{content.name}.zip"
    members = explaining(content.package.root) | {citation.NAME: citation.citation(content)} | named
    write_zip(content, archive, dict(sorted(members.items())))


def described(package: Package) -> dict[str, bytes]:
    """The descriptor and the files that it names, by their paths; the descriptor under its usual name."""
    files = sorted({path for resource in package.resources.values() for path in resource.files})
    descriptor = (package.root / package.file).read_bytes()
    return {DESCRIPTOR: descriptor} | {path: package.locate(path).read_bytes() for path in files}


def explaining(root: Path) -> dict[str, bytes]:
    """The files that explain a package, by their paths; a link that leads out of it does not."""
    files = sorted(file for pattern in EXPLAINING for file in root.glob(pattern) if file.is_file())
    own = [file for file in files if file.resolve().is_relative_to(root.resolve())]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in own}


def write_zip(content: Content, archive: Path, files: Mapping[str, bytes]) -> None:
    """Write files into an archive, their order, moment and mode fixed.

    repro-zipfile would do, but knows no other moment than that of the environment.
    """
    moment = max(EARLIEST, content.moment.timetuple()[:6])
    with zipfile.ZipFile(archive, "w") as opened:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, moment)
            info.create_system, info.external_attr, info.compress_type = 3, 0o100644 << 16, zipfile.ZIP_DEFLATED
            opened.writestr(info, data, compresslevel=9)


def read(folder: Path, package: Package) -> Mapping[str, pl.DataFrame]:
    """The tables of a release, read from the CSV files of its archive."""
    (archive,) = folder.glob("*.zip")
    with opened_package(archive, archive.name) as opened:
        return {name: by_key(package.resources[name], frame) for name, frame in read_tables(opened).items()}
