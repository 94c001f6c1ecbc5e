"""Qantar: every reported figure with who said it, and the tool that makes such data trustworthy.

>>> import qantar
>>> data = qantar.load()                     # the dataset, as typed polars frames
>>> data.claims                              # one row a figure, with who said it through whom
>>> data = qantar.load("qantar-1.0.0.zip")   # a release: an archive, its URL, or a version with index=…
>>> report = qantar.validate("my-package")   # any Data Package: findings, and what was not checked
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

if TYPE_CHECKING:
    from qantar.config import Given
    from qantar.dataset import Dataset
    from qantar.model import Report

__all__ = ["load", "validate"]


def load(path: str | Path | None = None, *, index: str | Path | None = None) -> Dataset:
    """Load a Data Package (folder, ZIP archive, its URL, or a published version); else the dataset of the tool."""
    from qantar import dataset  # noqa: PLC0415 -- start-up is a feature

    return dataset.load(path, index=index)


def validate(path: str | Path = ".", *, allow_remote: bool = False, **given: Unpack[Given]) -> Report:
    """Check a Data Package, by the settings beside its descriptor, as `qantar validate` does.

    What is given replaces a setting: `select`, `ignore`, `max_examples`, `baseline`; `isolated=True` leaves the files
    of settings unread. With `allow_remote`, what the descriptor names by http and https is fetched and checked too.
    Raises PackageError where the package cannot be read at all, SettingsError where a setting is
    wrong.
    """
    from qantar.checker import check  # noqa: PLC0415
    from qantar.config import read_settings  # noqa: PLC0415
    from qantar.package import Package  # noqa: PLC0415

    package = Package.read(Path(path), allow_remote=allow_remote)
    return check(package, read_settings(package.root, given))
