"""Parquet, opened by pyarrow, DuckDB and pandas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from qantar.dataset import Dataset
from qantar.release.content import Content
from qantar.release.formats.parquet import write

TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def test_pyarrow_sees_types_and_words(content: Content, built: Path) -> None:
    for name, resource in content.package.resources.items():
        schema = parquet.read_schema(built / "parquet" / f"{name}.parquet")
        assert schema.types == [TYPES[one["type"]] for one in resource.fields]
        words = [(field.metadata[b"title"].decode(), field.metadata[b"description"].decode()) for field in schema]
        assert words == [(one["title"], one["description"]) for one in resource.fields]
        assert schema.metadata[b"description"].decode() == resource.descriptor["description"]


def test_every_column_has_statistics(built: Path) -> None:
    group = parquet.ParquetFile(built / "parquet" / "events.parquet").metadata.row_group(0)
    assert all(group.column(at).is_stats_set for at in range(group.num_columns))
    start = group.column(7).statistics
    assert (start.min.isoformat(), group.column(7).path_in_schema) == ("2022-01-02", "date_start")


def test_duckdb_reads_dates_and_joins(content: Content, built: Path) -> None:
    place = f"{built}/parquet"
    question = f"""
        SELECT count(*), min(date_start), sum(low) FROM '{place}/figures.parquet' JOIN '{place}/events.parquet' USING (event_id)
    """  # noqa: S608, E501 -- the test's own folder
    figures = content.tables["figures"].join(content.tables["events"], on="event_id")
    expected = figures.select(pl.len(), pl.col("date_start").min(), pl.col("low").sum()).row(0)
    assert duckdb.execute(question).fetchall() == [expected]


@pytest.mark.parametrize("name", ["figures", "places", "sources", "retired"])
def test_pandas_reads_what_was_written(content: Content, built: Path, name: str) -> None:
    frame = pd.read_parquet(built / "parquet" / f"{name}.parquet", dtype_backend="pyarrow")
    expected = content.tables[name].with_columns(pl.col(pl.Enum).cast(pl.String))
    assert pl.from_pandas(frame).rows() == expected.rows()


def test_chunks_leave_no_trace(content: Content, tmp_path: Path) -> None:
    frame = content.tables["people"]
    grown = pl.concat([frame] * (300_000 // frame.height), rechunk=True)
    made = []
    for at, chunked in enumerate((grown, pl.concat([grown[:7], grown[7:150_001], grown[150_001:]], rechunk=False))):
        tables = Dataset(content.package, {**content.tables, "people": chunked})
        (tmp_path / str(at)).mkdir()
        write(replace(content, tables=tables), tmp_path / str(at))
        made.append((tmp_path / str(at) / "parquet" / "people.parquet").read_bytes())
        assert parquet.ParquetFile(tmp_path / str(at) / "parquet" / "people.parquet").num_row_groups == 3
    assert made[0] == made[1]
