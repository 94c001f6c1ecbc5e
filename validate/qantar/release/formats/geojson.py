"""GeoJSON (RFC 7946) of the places, and of the events whose place has coordinates."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from qantar.package import Json
from qantar.release.content import Content

AXES = ("longitude", "latitude")
"""The order that the standard wants."""


def write(content: Content, folder: Path) -> None:
    """Write `places.geojson`, unlocated ones without geometry, and `events.geojson`."""
    if content.claims is None:
        return
    places, events = content.tables["places"], content.tables["events"]
    write_features(folder / "places.geojson", places, "place_id")
    located = events.join(
        places.drop_nulls(AXES).select("place_id", pl.col("name").alias("place"), *AXES), on="place_id"
    )
    write_features(folder / "events.geojson", located.sort("event_id"), "event_id")


def write_features(file: Path, frame: pl.DataFrame, key: str) -> None:
    """Write a table as features, one a row, its key their id, with as many digits as the data have."""
    dates = pl.col(pl.Date).dt.to_string("%Y-%m-%d")
    rows = frame.with_columns(dates, pl.col(pl.Enum).cast(pl.String)).iter_rows(named=True)
    features = ",\n".join(json.dumps(feature(row, key), ensure_ascii=False) for row in rows)
    file.write_bytes(f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'.encode())


def feature(row: dict[str, Json], key: str) -> dict[str, Json]:
    """A row as a feature: a point where it has both degrees."""
    point = [row[one] for one in AXES]
    geometry = None if None in point else {"type": "Point", "coordinates": point}
    properties = {name: value for name, value in row.items() if name not in AXES}
    return {"type": "Feature", "id": row[key], "geometry": geometry, "properties": properties}
