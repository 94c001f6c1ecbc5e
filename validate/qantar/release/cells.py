"""Typed cells as texts and numbers that every format can hold, and back."""

from __future__ import annotations

import polars as pl
from polars._typing import PolarsTemporalType

from qantar.dataset import coded, is_coded
from qantar.package import Json, Resource
from qantar.release.digest import canonical

KINDS: dict[str, type[pl.DataType] | pl.DataType] = {
    "integer": pl.Int64,
    "year": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "time": pl.Time,
    "datetime": pl.Datetime("us"),
}
"""The polars type of a field's cells as `qantar.load` gives them; that of all others is String."""

PARSED: dict[str, tuple[PolarsTemporalType, str]] = {
    "date": (pl.Date, "%Y-%m-%d"),
    "time": (pl.Time, "%H:%M:%S%.f"),
    "datetime": (pl.Datetime("us"), "%Y-%m-%dT%H:%M:%S%.fZ"),
}
"""The patterns that read the canonical texts of moments."""


def kind_of(field: dict[str, Json]) -> str:
    """The Table Schema type of a field."""
    return str(field.get("type", "any"))


def labelled_codes(field: dict[str, Json]) -> list[tuple[Json, Json, Json]]:
    """The codes of a field with label and definition."""
    listed = [one if isinstance(one, dict) else {"value": one} for one in field.get("categories", [])]
    return [(one["value"], one.get("label"), one.get("definition")) for one in listed]


def plain(frame: pl.DataFrame, resource: Resource, *kinds: str) -> pl.DataFrame:
    """A typed table with codes and months as texts, and fields of the given types as their canonical texts."""
    return frame.select(
        canonical(name, kind)
        if (kind := kind_of(field)) in {*kinds, "yearmonth"}
        else pl.col(name).cast(KINDS.get(kind, pl.String))
        for field in resource.fields
        if (name := field["name"])
    )


def typed(frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """What `plain` was made of, from a file that may hold numbers for booleans and texts for moments."""
    return frame.select(
        coded(field) if is_coded(field) else restored(pl.col(field["name"]), kind_of(field), frame.schema)
        for field in resource.fields
    )


def restored(column: pl.Expr, kind: str, schema: pl.Schema) -> pl.Expr:
    """A column in the polars type of its field."""
    if kind == "yearmonth":
        parts = [column.str.extract(r"\A(-?[0-9]+)-([0-9]{2})\z", part).cast(pl.Int64) for part in (1, 2)]
        return parts[0] * 12 + parts[1] - 1
    if kind in PARSED and schema[column.meta.output_name()] == pl.String:
        read, form = PARSED[kind]
        return column.str.strptime(read, form)
    return column.cast(KINDS.get(kind, pl.String))
