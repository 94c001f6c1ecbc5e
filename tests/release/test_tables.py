"""`claims.csv` and the HXL variants, opened by polars and libhxl."""

from __future__ import annotations

import csv
from pathlib import Path

import hxl
import hxl.model
import polars as pl
import pytest

from qantar.release.content import Content


def read(file: Path) -> hxl.Dataset:
    """A file as libhxl sees it; it leaves files open that it opens itself."""
    with file.open(encoding="utf-8", newline="") as opened:
        return hxl.data(list(csv.reader(opened))).cache()


def test_the_claims_are_those_of_the_dataset(content: Content, built: Path) -> None:
    assert content.claims is not None
    expected = content.claims.with_columns(pl.col("chain").list.join(" "), pl.col(pl.Enum).cast(pl.String))
    found = pl.read_csv(built / "claims.csv", schema=expected.schema)
    assert found.equals(expected)


@pytest.mark.parametrize("name", ["claims", "events", "figures", "organisations", "people", "places", "sources"])
def test_libhxl_reads_every_variant(built: Path, name: str) -> None:
    data = read(built / "hxl" / f"{name}.csv")
    plain = pl.read_csv(built / "hxl" / f"{name}.csv", skip_rows_after_header=1, infer_schema=False)
    tags = [one.display_tag or "" for one in data.columns]
    assert [one.header for one in data.columns] == plain.columns
    assert any(tags)
    rows = [row.values for row in data]
    assert rows == [[cell or "" for cell in row] for row in plain.rows()]


def test_the_core_schema_of_hxl_finds_no_fault(built: Path) -> None:
    for file in sorted((built / "hxl").glob("*.csv")):
        faults: list[hxl.HXLException] = []
        assert hxl.schema(callback=faults.append).validate(read(file)), (file.name, [str(one) for one in faults])


def test_hashtags_are_those_of_the_schemas(content: Content, built: Path) -> None:
    for name, resource in content.package.resources.items():
        file = built / "hxl" / f"{name}.csv"
        wanted = [hxl.model.Column.parse(one.get("hxl", "")) for one in resource.fields]
        assert file.exists() == any(wanted)
        if file.exists():
            found = read(file).columns
            assert [one.display_tag for one in found] == [one.display_tag if one else "" for one in wanted]


def test_the_affected_are_found_by_their_hashtag(content: Content, built: Path) -> None:
    data = read(built / "hxl" / "claims.csv")
    assert content.claims is not None
    for measure in ("killed", "injured", "detained"):
        expected = content.claims.filter(pl.col("measure").cast(pl.String) == measure)["low"].drop_nulls()
        found = [one for one in data.get_value_set(f"#affected+{measure}+min") if one]
        assert {int(one) for one in found} == set(expected)
    assert data.with_rows("#event+type=ASSAULT").columns[2].tag == "#event"
