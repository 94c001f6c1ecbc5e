"""The formats of a release, in the order in which they are written: one module each, `write(content, folder)`.

A module writes its files into the folder, none where the content has nothing for it. The same content gives the same
bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from qantar.package import Package
from qantar.release.content import Content

FORMATS = (
    *("datapackage", "citation", "parquet", "sqlite", "xlsx", "tables", "geojson"),
    *("datasette", "csvw", "croissant", "datacite", "linked", "crate"),
)
"""The modules that write them: first what holds data, then what describes it, last the crate, which lists all files.

They are imported when they are asked to write: their libraries are heavy.
"""


READABLE = {"csv": "datapackage", "parquet": "parquet", "sqlite": "sqlite"}
"""The formats that hold every table whole, and the modules that read them back: `read(folder, package)`."""


def write_formats(content: Content, folder: Path) -> None:
    """Write every format of a release into an existing folder; `write_manifest` then closes it."""
    for module in FORMATS:
        importlib.import_module(f"{__name__}.{module}").write(content, folder)


def read_format(name: str, folder: Path, package: Package) -> Mapping[str, pl.DataFrame]:
    """The tables of a release by a format that holds them whole, typed as `qantar.load` gives them."""
    read: Mapping[str, pl.DataFrame] = importlib.import_module(f"{__name__}.{READABLE[name]}").read(folder, package)
    return read
