"""CSV on the Web, judged by csvw."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from csvw import CSVW

from qantar.release.content import Content


def test_csvw_finds_it_valid(built: Path) -> None:
    found = CSVW(str(built / "csv-metadata.json"), validate=True)
    assert found.is_valid, [str(one.message) for one in found.warnings]


def test_csvw_reads_the_typed_cells(content: Content, built: Path) -> None:
    found = CSVW(str(built / "csv-metadata.json"))
    for table, (name, frame) in zip(found.tables, content.tables.items(), strict=True):
        assert table.url.string == f"data/{name}.csv"
        expected = frame.with_columns(pl.col(pl.Enum).cast(pl.String)).rows(named=True)
        rows = [dict(row) for row in table.iterdicts()]
        assert [
            {key: getattr(one, "date", lambda one=one: one)() for key, one in row.items()} for row in rows
        ] == expected


def test_keys_are_those_that_every_row_has(content: Content, built: Path) -> None:
    found = {one.local_name: one.tableSchema for one in CSVW(str(built / "csv-metadata.json")).tables}
    assert found["data/participants.csv"].primaryKey == ["event_id", "organisation_id", "role"]
    keys = {
        (name, *one.columnReference, one.reference.resource.string)
        for name, each in found.items()
        for one in each.foreignKeys
    }
    assert ("data/figures.csv", "source_id", "data/sources.csv") in keys
    assert ("data/figures.csv", "event_id", "data/events.csv") not in keys
    assert content.tables["figures"]["event_id"].has_nulls()


def test_a_broken_table_is_found(built: Path, package: Path) -> None:
    (package / "csv-metadata.json").write_bytes((built / "csv-metadata.json").read_bytes())
    file = package / "data" / "figures.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",so-0005,", ",so-9999,", 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"`so-9999` not found in table data/sources\.csv"):
        _ = CSVW(str(package / "csv-metadata.json"), validate=True).is_valid
