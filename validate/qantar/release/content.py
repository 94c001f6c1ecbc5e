"""What a release holds, read once and handed to every format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import polars as pl

from qantar.dataset import Dataset, read_tables
from qantar.errors import PackageError
from qantar.package import Json, Package, Resource
from qantar.release.bump import is_version
from qantar.release.digest import content_digest

LATEST = 2107
"""The last year that a ZIP archive can name."""

FILE_NAME = "Expected none of slash, backslash, #, ?, %, control characters, and no dot or blank at the start."
"""What is said of a name that cannot be that of a file."""


@dataclass(frozen=True)
class Content:
    """A package without a fault in its cells, and what names and dates its release.

    `tables` are as `qantar.load` gives them, in the order of the resources, each sorted by its primary key.
    """

    package: Package
    tables: Dataset
    version: str
    moment: datetime

    @property
    def name(self) -> str:
        """The name of the release's files: that of the package and the version."""
        return release_name(self.package.descriptor.get("name"), self.version)

    @cached_property
    def digests(self) -> dict[str, str]:
        """The content digest of each resource."""
        return {name: content_digest(frame, self.package.resources[name].schema) for name, frame in self.tables.items()}

    @property
    def claims(self) -> pl.DataFrame | None:
        """The claims, where the package has the model that has them."""
        return self.tables.claims if self.package.is_claims else None


def release_name(name: Json, version: Json) -> str:
    """The name of a release, and of those of its files that are of the whole package."""
    return f"{name or 'datapackage'}-{version}"


def unsafe_names(package: Package) -> list[str]:
    """The names, of the package and its resources, that files cannot have: with them they would lie elsewhere."""
    own = package.descriptor.get("name")
    return [one for one in (*([str(own)] if own else []), *package.resources) if not is_file_name(one)]


def is_file_name(name: str) -> bool:
    """Whether a name can be that of a file, in any folder and in a line of sums."""
    plain = name.isprintable() and name == name.strip() and not name.startswith(".")
    return bool(name) and plain and not {*name} & {*"/\\#?%"}


def unfit(package: Package) -> Iterator[str]:
    """A reason for each thing without which no release can be named or dated."""
    version = package.descriptor.get("version")
    if not is_version(version):
        yield f"{package.file}  version={version}. Expected three numbers, as 1.0.0."
    for name in unsafe_names(package):
        yield f"{package.file}  name={name!r} cannot be that of a file. {FILE_NAME}"
    try:
        moment_of(package)
    except PackageError as error:
        yield str(error)


def read_content(package: Package) -> Content:
    """Read the tables of a package to be released; PackageError where a cell, a name or the moment is amiss."""
    for name in unsafe_names(package):
        raise PackageError(f"{package.file}  name={name!r} cannot be that of a file. {FILE_NAME}")
    version = package.descriptor.get("version")
    if not isinstance(version, str):
        raise PackageError(f'{package.file}  The descriptor has no version. Expected "version": "1.0.0".')
    tables = {name: by_key(package.resources[name], frame) for name, frame in read_tables(package).items()}
    return Content(package, Dataset(package, tables), version, moment_of(package))


def by_key(resource: Resource, frame: pl.DataFrame) -> pl.DataFrame:
    """A table sorted by its primary key, codes as their texts, else as it stands."""
    texts = [pl.col(name).cast(pl.String) if frame.schema[name] == pl.Enum else pl.col(name) for name in resource.key]
    return frame.sort(texts, maintain_order=True) if texts else frame


def moment_of(package: Package) -> datetime:
    """The moment that stands for now in a release: `SOURCE_DATE_EPOCH`, else the descriptor's `created`."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return created(package)
    return moment(lambda: datetime.fromtimestamp(int(epoch), UTC), f"SOURCE_DATE_EPOCH={epoch}")


def created(package: Package) -> datetime:
    """The moment that the descriptor names; PackageError where it names none."""
    said = str(package.descriptor.get("created"))
    return moment(lambda: datetime.fromisoformat(said).astimezone(UTC), f"{package.file}  created={said}")


def moment(read: Callable[[], datetime], place: str) -> datetime:
    """A moment as it is read, if an archive can name it."""
    with suppress(ValueError, OverflowError, OSError):
        if (found := read()).year <= LATEST:
            return found
    wanted = f"seconds from 1970 to {LATEST}, or created as 2026-11-22T00:00:00Z"
    raise PackageError(f"{place}  No moment. Expected {wanted}.")
