"""GeoJSON, read by the models of geojson-pydantic and by DuckDB's JSON reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from geojson_pydantic import Feature, FeatureCollection, Point

from qantar.release.content import Content

Collection = FeatureCollection[Feature[Point, dict[str, Any]]]


def read(file: Path) -> dict[str, tuple[Any, dict[str, Any]]]:
    """The features of a file by id: their coordinates and properties."""
    collection = Collection.model_validate_json(file.read_bytes())
    return {
        str(one.id): (one.geometry and tuple(one.geometry.coordinates), one.properties or {})
        for one in collection.features
    }


def test_every_place_is_a_feature(content: Content, built: Path) -> None:
    features = read(built / "places.geojson")
    for row in content.tables["places"].iter_rows(named=True):
        point, properties = features.pop(row["place_id"])
        longitude, latitude = row.pop("longitude"), row.pop("latitude")
        assert point == (None if longitude is None else (longitude, latitude))
        assert properties == row
    assert not features


def test_longitude_goes_first(built: Path) -> None:
    point, _ = read(built / "places.geojson")["almaty"]
    assert point == pytest.approx((76.9115, 43.25249))


def test_every_located_event_is_a_feature(content: Content, built: Path) -> None:
    features = read(built / "events.geojson")
    places = {one["place_id"]: one for one in content.tables["places"].iter_rows(named=True)}
    located = [
        one
        for one in content.tables["events"].iter_rows(named=True)
        if one["place_id"] and places[one["place_id"]]["latitude"] is not None
    ]
    assert set(features) == {one["event_id"] for one in located}
    for row in located:
        point, properties = features[row["event_id"]]
        place = places[row["place_id"]]
        assert point == (place["longitude"], place["latitude"])
        assert properties["place"] == place["name"]
        assert (properties["where_prec"], properties["date_start"]) == (
            row["where_prec"],
            row["date_start"] and str(row["date_start"]),
        )
