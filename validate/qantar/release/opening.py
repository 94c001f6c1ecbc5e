"""A package wherever it lies: a folder, a descriptor, a release, its archive, a git revision."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qantar.errors import PackageError, UnsafeDataError, UnsafePathError
from qantar.package import DESCRIPTOR, Package, inside
from qantar.release.manifest import SUMS
from qantar.source import RATIO_FROM, RATIO_LIMIT, UNPACKED_LIMIT

PREFIX = "qantar-"
"""How the names of temporary folders begin."""


@contextmanager
def opened(place: str, beside: Path) -> Iterator[Package]:
    """Read the package at `place`: a path, else a revision of the git repository in which the folder `beside` lies.

    An archive or a revision is unpacked into a temporary folder, which lives as long as the context.
    """
    path = Path(place)
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        if path.is_dir() and not (path / DESCRIPTOR).exists() and (path / SUMS).is_file():
            path = archive_of(path)
        if path.is_file() and zipfile.is_zipfile(path):
            unpack(path, Path(folder))
            yield Package.read(Path(folder))
        elif path.exists():
            yield Package.read(path)
        else:
            check_out(place, beside, Path(folder))
            yield Package.read(Path(folder))


def archive_of(release: Path) -> Path:
    """The archive of the package in the folder of a release."""
    archives = sorted(one for one in release.glob("*.zip") if holds_package(one))
    if len(archives) != 1:
        raise PackageError(
            f"{release}  The release has {len(archives)} archives of packages. Name the one that is meant."
        )
    return archives[0]


def holds_package(archive: Path) -> bool:
    """Whether a file is an archive with a descriptor at its top."""
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(archive) as opened:
        return DESCRIPTOR in opened.namelist()
    return False


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into an empty folder; UnsafePathError and UnsafeDataError where it would do harm."""
    try:
        with zipfile.ZipFile(archive) as opened:
            total = 0
            for one in opened.infolist():
                total += one.file_size
                if total > UNPACKED_LIMIT or (total > RATIO_FROM and total > RATIO_LIMIT * archive.stat().st_size):
                    raise UnsafeDataError(f"{archive}  The archive unpacks to more than is safe.")
                extract(opened, one, folder)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise PackageError(f"{archive}  The archive cannot be read: {error}.") from None


def extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    """Write one file of an archive; zipfile never unpacks more than the size that the archive states."""
    if member.is_dir():
        return
    if "\\" in member.filename or member.external_attr >> 28 not in {0, 0o10}:
        raise UnsafePathError(f"{archive.filename}: {member.filename}  Not a plain file. Expected only such.")
    file = inside(folder, member.filename)
    file.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, file.open("xb") as target:
        shutil.copyfileobj(source, target)


def check_out(revision: str, beside: Path, folder: Path) -> None:
    """Unpack the folder `beside` as it was at a git revision."""
    where = beside if beside.is_dir() else beside.parent
    known = not revision.startswith("-") and git(where, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if not known:
        raise PackageError(f"{revision}  No such folder, descriptor, archive or git revision.")
    packed = git(where, "archive", "--format=tar", known.decode().strip())
    if packed is None:
        raise PackageError(f"{revision}  The revision has no such folder as {where}.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def git(where: Path, *arguments: str) -> bytes | None:
    """What git prints, None where it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(where), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
