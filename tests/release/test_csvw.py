"""CSV on the Web, judged by csvw, which cannot share an environment with frictionless."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import tools

from qantar.package import Resource
from qantar.release.content import Content
from qantar.release.formats import write_formats
from qantar.release.formats.csvw import is_table

ASK = """
import json, sys
from csvw import CSVW

found = CSVW(sys.argv[1], validate=True)
try:
    fault = None if found.is_valid else [str(one.message) for one in found.warnings]
except ValueError as error:
    fault = [str(error)]
tables = [
    {
        "url": one.url.string,
        "rows": None if fault else [dict(row) for row in one.iterdicts()],
        "primary": one.tableSchema.primaryKey,
        "foreign": [[*key.columnReference, key.reference.resource.string] for key in one.tableSchema.foreignKeys],
    }
    for one in found.tables
]
print(json.dumps({"fault": fault, "tables": tables}, default=lambda one: one.date().isoformat()))
"""


def ask(file: Path) -> dict[str, Any]:
    """What csvw reads."""
    command = [tools("csvw"), "-W", "ignore", "-c", ASK, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def found(built: Path) -> dict[str, Any]:
    """What csvw reads in a release."""
    return ask(built / "csv-metadata.json")


def test_csvw_finds_it_valid(found: dict[str, Any]) -> None:
    assert found["fault"] is None


def test_csvw_reads_the_typed_cells(content: Content, found: dict[str, Any]) -> None:
    for table, (name, frame) in zip(found["tables"], content.tables.items(), strict=True):
        assert table["url"] == f"data/{name}.csv"
        texts = frame.with_columns(pl.col(pl.Enum).cast(pl.String), pl.col(pl.Date).dt.to_string())
        assert table["rows"] == texts.rows(named=True)


def test_keys_are_those_that_every_row_has(content: Content, found: dict[str, Any]) -> None:
    tables = {one["url"]: one for one in found["tables"]}
    assert tables["data/participants.csv"]["primary"] == ["event_id", "organisation_id", "role"]
    assert ["source_id", "data/sources.csv"] in tables["data/figures.csv"]["foreign"]
    assert ["event_id", "data/events.csv"] not in tables["data/figures.csv"]["foreign"]
    assert content.tables["figures"]["event_id"].has_nulls()


def test_a_broken_table_is_found(built: Path, package: Path) -> None:
    (package / "csv-metadata.json").write_bytes((built / "csv-metadata.json").read_bytes())
    file = package / "data" / "figures.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",so-0005,", ",so-9999,", 1), encoding="utf-8")
    (fault,) = ask(package / "csv-metadata.json")["fault"]
    assert "`so-9999` not found in table data/sources.csv" in fault


def test_csvw_reads_what_is_written_otherwise(odd: Content, tmp_path: Path) -> None:
    write_formats(odd, tmp_path)
    found = ask(tmp_path / "csv-metadata.json")
    assert found["fault"] is None
    (table,) = found["tables"]
    names = ["the%20name", "day", "known", "share", "code", "note", "year", "at"]
    assert table["primary"] == ["the%20name"]
    assert [*map(list, table["rows"])] == [names] * 2
    assert [*table["rows"][0].values()][:-1] == ["a b", "05.01.2022", "nem", "1,5", "007", "#1é", "2022"]
    assert [*table["rows"][1].values()] == ["c", None, None, None, "NA", None, None, None]


@pytest.mark.parametrize(
    ("more", "table"),
    [
        ({}, True),
        ({"path": ["t.csv"], "dialect": {"headerRows": [1], "escapeChar": None}}, True),
        ({"path": ["t.csv", "u.csv"]}, False),
        ({"path": "t.xlsx"}, False),
        ({"path": "t.csv.gz"}, False),
        ({"path": "https://example.org/t.csv"}, False),
        ({"dialect": {"escapeChar": "!"}}, False),
        ({"dialect": {"headerRows": [1, 2]}}, False),
        ({"dialect": {"lineTerminator": ";"}}, False),
        ({"dialect": {"delimiter": "::"}}, False),
        ({"schema": {"fields": [], "fieldsMatch": "subset"}}, False),
    ],
)
def test_what_cannot_be_described_is_left_out(more: dict[str, Any], table: bool) -> None:  # noqa: FBT001
    descriptor = {"name": "t", "path": "t.csv", **more}
    assert is_table(Resource("t", descriptor, descriptor.get("schema", {}))) is table
