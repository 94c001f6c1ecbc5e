"""Columns of Parquet -> the texts that their fields read, where polars writes them so."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from qantar.package import Json, Resource
from qantar.reading import named

WRITTEN: dict[type[pl.DataType], tuple[str, ...]] = {
    **dict.fromkeys((pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128), ("integer", "number", "year")),
    **dict.fromkeys((pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64), ("integer", "number", "year")),
    **dict.fromkeys((pl.Float32, pl.Float64, pl.Decimal), ("number",)),
    pl.Boolean: ("boolean",),
    pl.Date: ("date",),
    pl.Datetime: ("datetime",),
}
"""For each type of polars, the types of fields that read its values as polars writes them."""


def as_texts(resource: Resource, schema: Mapping[str, pl.DataType]) -> dict[str, pl.Expr]:
    """The columns that polars writes as their fields read them, by their labels."""
    fields = {one["name"]: one for one in resource.fields}
    made = ((label, written(label, kind, fields.get(label, {}))) for label, kind in schema.items())
    return {label: text.alias(label) for label, text in made if text is not None}


def written(label: str, kind: pl.DataType, field: dict[str, Json]) -> pl.Expr | None:
    """A column of Parquet as the text that its field reads, None where polars writes it otherwise."""
    column, wanted = named(label), str(field.get("type", "any"))
    plain = field.get("format", "default") == "default" and not {"trueValues", "falseValues", "decimalChar"} & {*field}
    if isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Null):
        return column.cast(pl.String)
    read = WRITTEN.get(kind.base_type())
    if read is None or not plain or wanted not in {*read, "any"}:
        return None
    if kind.is_float():
        return column.cast(pl.String).replace({"inf": "INF", "-inf": "-INF"})
    if wanted == "year":
        return (
            pl.when(column < 0).then(column.cast(pl.String).str.zfill(5)).otherwise(column.cast(pl.String).str.zfill(4))
        )
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S%.f" + ("%:z" if kind.time_zone else ""))
    return column.cast(pl.String)
