"""Typed Parquet, one file a resource; each column carries its title and description, the file its schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from qantar.package import Package, Resource
from qantar.release.cells import plain, typed
from qantar.release.content import Content

ROWS = 1 << 17
"""Rows of a row group: the same wherever the file is written."""


def write(content: Content, folder: Path) -> None:
    """Write `parquet/<resource>.parquet` for each resource."""
    (folder / "parquet").mkdir()
    for name, frame in content.tables.items():
        resource = content.package.resources[name]
        table = plain(frame, resource).to_arrow(compat_level=pl.CompatLevel.oldest())
        file = place(folder, resource)
        parquet.write_table(
            table.cast(explained(table.schema, resource, content)).combine_chunks(),
            file,
            row_group_size=ROWS,
            compression="zstd",
            compression_level=9,
            version="2.6",
            write_statistics=True,
        )


def read(folder: Path, package: Package) -> Mapping[str, pl.DataFrame]:
    """The tables of a release, read from its Parquet files."""
    return {
        name: typed(pl.read_parquet(place(folder, one), use_pyarrow=True), one)
        for name, one in package.resources.items()
    }


def place(folder: Path, resource: Resource) -> Path:
    """Where the file of a resource is."""
    return folder / "parquet" / f"{resource.name}.parquet"


def explained(schema: pa.Schema, resource: Resource, content: Content) -> pa.Schema:
    """A schema with short texts, and with the words that explain the columns and the table."""
    fields = []
    for field, arrow in zip(resource.fields, schema, strict=True):
        kind = pa.string() if pa.types.is_large_string(arrow.type) else arrow.type
        words = {key: field[key] for key in ("title", "description") if isinstance(field.get(key), str)}
        fields.append(pa.field(arrow.name, kind, metadata=words))
    about = {"package": content.name, "resource": resource.name, "schema": json.dumps(resource.schema)}
    words = {key: value for key in ("title", "description") if isinstance(value := resource.descriptor.get(key), str)}
    return pa.schema(fields, metadata=about | words)
