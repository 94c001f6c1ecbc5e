"""Packages in ZIP archives, unpacked where nothing else is and only as much as is safe."""

from __future__ import annotations

import io
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qantar.errors import PackageError, UnsafeDataError, UnsafePathError
from qantar.package import DESCRIPTOR, Package, inside
from qantar.source import unpacked

MEMBERS_LIMIT = 10_000
"""Most files of an archive that are unpacked."""

WHOLE_LIMIT = 4 << 30
"""Most bytes that an archive is unpacked to; each of its files has the bounds of any compressed file besides."""


@contextmanager
def opened_package(archive: Path | bytes, name: str) -> Iterator[Package]:
    """The package in an archive, for as long as the context lasts; `name` is what messages call the archive."""
    with tempfile.TemporaryDirectory(prefix="qantar-") as folder:
        try:
            with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as opened:
                unpack_members(opened, Path(folder), name)
        except OSError as error:
            raise PackageError(f"{name}  The archive cannot be read: {error.strerror or error}.") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise PackageError(f"{name}  Not a ZIP archive that can be unpacked ({error}).") from None
        if not Path(folder, DESCRIPTOR).is_file():
            raise PackageError(f"{name}  The archive has no {DESCRIPTOR}. Expected the archive of a Data Package.")
        try:
            package = Package.read(Path(folder))
        except PackageError as error:  # shall name the archive, not where it is unpacked
            raise type(error)(str(error).replace(folder, name)) from None
        yield package


def unpack_members(opened: zipfile.ZipFile, folder: Path, name: str) -> None:
    """Write the files of an archive below a folder: plain files only, none outside of it, and not too many bytes."""
    members = [one for one in opened.infolist() if not one.is_dir()]
    if len(members) > MEMBERS_LIMIT:
        raise UnsafeDataError(f"{name}  The archive has {len(members):,} files, more than is safe.")
    whole = 0
    for member in members:
        place = f"{name}:{member.filename}"
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise UnsafePathError(f"{place}  Not a regular file. Expected files of a Data Package alone.")
        file = inside(folder, member.filename)
        with opened.open(member) as packed:
            data = b"".join(unpacked(packed, place, member.compress_size))
        whole += len(data)
        if whole > WHOLE_LIMIT:
            raise UnsafeDataError(f"{name}  The archive unpacks to more than is safe: {whole:,} bytes and more.")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as written:
            written.write(data)
