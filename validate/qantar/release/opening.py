"""A package wherever it lies: a folder, a descriptor, a release, its archive, a git revision."""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qantar.archive import opened_package
from qantar.errors import PackageError
from qantar.git import output
from qantar.package import Package
from qantar.release.manifest import SUMS


@contextmanager
def opened(place: str, beside: Path) -> Iterator[Package]:
    """Read the package at `place`: a path, else a revision of the git repository in which the folder `beside` lies.

    An archive or a revision is unpacked into a temporary folder, which lives as long as the context.
    """
    path = Path(place)
    if (path / SUMS).is_file():
        path = archive_of(path)
    if path.is_file() and zipfile.is_zipfile(path):
        with opened_package(path, place) as package:
            yield package
    elif path.exists():
        yield Package.read(path)
    else:
        with tempfile.TemporaryDirectory(prefix="qantar-") as folder:
            check_out(place, beside, Path(folder))
            yield Package.read(Path(folder))


def archive_of(release: Path) -> Path:
    """The archive of the package in the folder of a release."""
    archives = sorted(release.glob("*.zip"))
    if len(archives) != 1:
        raise PackageError(f"{release}  The release has {len(archives)} archives. Expected one, that of the package.")
    return archives[0]


def check_out(revision: str, beside: Path, folder: Path) -> None:
    """Unpack the folder `beside` as it was at a git revision."""
    where = beside if beside.is_dir() else beside.parent
    commit = None if revision.startswith("-") else output(where, "rev-parse", "--verify", f"{revision}^{{commit}}")
    if commit is None:
        raise PackageError(f"{revision}  No such folder, descriptor, archive or git revision.")
    packed = output(where, "archive", "--format=tar", commit.decode().strip())
    if packed is None:
        raise PackageError(f"{revision}  The revision has no folder {where}.")
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
    except tarfile.TarError as error:  # a link that leads out of it, say
        raise PackageError(f"{revision}  The revision cannot be unpacked: {error}.") from None
