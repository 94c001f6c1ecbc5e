"""Qantar: every reported figure with who said it, and the tool that makes such data trustworthy.

>>> import qantar
>>> data = qantar.load()                     # the dataset, as typed polars frames
>>> data.claims                              # one row a figure, with who said it through whom
>>> data = qantar.load("qantar-1.0.0.zip")   # a release: an archive, its URL, or a version with index=…
>>> report = qantar.validate("my-package")   # any Data Package: findings, and what was not checked
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qantar.dataset import Dataset
    from qantar.model import Report

__all__ = ["load", "validate"]


def load(path: str | Path | None = None, *, index: str | None = None) -> Dataset:
    """Load a Data Package (folder, ZIP archive, its URL, or a published version); else the dataset of the tool."""
    from qantar import dataset  # noqa: PLC0415 -- start-up is a feature

    return dataset.load(path, index=index)


def validate(path: str | Path = ".", max_examples: int = 50, *, allow_remote: bool = False) -> Report:
    """Check a Data Package; PackageError where it cannot be read at all.

    With `allow_remote`, what its descriptor names by http and https is fetched and checked too.
    """
    from qantar.checker import check  # noqa: PLC0415
    from qantar.package import Package  # noqa: PLC0415

    return check(Package.read(Path(path), allow_remote=allow_remote), max_examples)
