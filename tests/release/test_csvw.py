"""CSV on the Web, judged by csvw, which cannot share an environment with frictionless."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import tools

from qantar.release.content import Content

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
