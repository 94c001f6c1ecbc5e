"""What a release holds, read once and handed to every format."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from qantar.dataset import Dataset, read_tables
from qantar.errors import PackageError
from qantar.package import Json, Package, Resource


@dataclass(frozen=True, slots=True)
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
        return f"{self.package.descriptor.get('name') or 'datapackage'}-{self.version}"

    @property
    def claims(self) -> pl.DataFrame | None:
        """The claims, where the package has the model that has them."""
        return self.tables.claims if self.package.is_claims else None

    @property
    def creators(self) -> list[dict[str, Json]]:
        """Who made the package: the contributors whose role that is, else all who have a name."""
        listed = [
            one for one in self.package.descriptor.get("contributors", []) if "title" in one or "familyName" in one
        ]
        return [one for one in listed if "creator" in one.get("roles", [])] or listed


def read_content(package: Package) -> Content:
    """Read the tables of a package to be released; PackageError where a cell, the version or the moment is amiss."""
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
    epoch, created = os.environ.get("SOURCE_DATE_EPOCH"), package.descriptor.get("created")
    try:
        if epoch is not None:
            return datetime.fromtimestamp(int(epoch), UTC)
        return datetime.fromisoformat(str(created)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        place = f"SOURCE_DATE_EPOCH={epoch}" if epoch is not None else f"{package.file}  created={created}"
        raise PackageError(
            f"{place}  No moment. Expected seconds from 1970, or created as 2026-11-22T00:00:00Z."
        ) from None
