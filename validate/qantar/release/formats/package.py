"""The Data Package itself: as loose files, and as one archive with all that explains it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from qantar.package import Package, local_paths
from qantar.release.content import Content

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can name."""

EXPLAINING = ("README.md", "CHANGELOG.md", "LICENSE", "LICENSE-DATA")
"""What goes along with a package where it is there."""


def write(content: Content, folder: Path) -> Iterator[Path]:
    """Write the package's archive."""
    yield write_zip(content, folder / f"{content.name}.zip", members(content.package))


def members(package: Package) -> dict[str, Path]:
    """The files of a package's archive by their names in it: what the descriptor names, and what explains it."""
    explaining = [*EXPLAINING, *(f"docs/{one.name}" for one in sorted((package.root / "docs").glob("*.md")))]
    named = [package.file]
    for resource in package.resources.values():
        schema = resource.descriptor.get("schema")
        named += local_paths(resource.descriptor.get("path"))
        named += [schema] if isinstance(schema, str) else []
    there = [one for one in explaining if (package.root / one).is_file()]
    return {one: package.locate(one) for one in sorted({*named, *there})}


def write_zip(content: Content, archive: Path, files: dict[str, Path]) -> Path:
    """Write files into an archive, their order, moment and mode fixed; repro-zipfile knows SOURCE_DATE_EPOCH alone."""
    moment = max(EARLIEST, content.moment.timetuple()[:6])
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, file in files.items():
            info = zipfile.ZipInfo(name, moment)
            info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            opened.writestr(info, file.read_bytes())
    return archive
