"""Croissant, validated and loaded by mlcroissant."""

from __future__ import annotations

import json
import shutil
from datetime import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qantar.release.content import Content
from qantar.release.formats import write_formats

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of rdflib, within mlcroissant
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # mlcroissant leaves files open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def dataset(built: Path) -> Any:  # noqa: ANN401 -- mlcroissant has no types
    import mlcroissant  # noqa: PLC0415 -- its import alone warns

    return mlcroissant.Dataset(jsonld=str(built / "croissant.json"))


def test_mlcroissant_has_nothing_to_say(built: Path) -> None:
    issues = dataset(built).metadata.ctx.issues
    assert not issues.errors
    assert not issues.warnings


@pytest.mark.parametrize("name", ["figures", "events", "sources", "places", "participants", "retired"])
def test_mlcroissant_loads_the_records(content: Content, built: Path, name: str) -> None:
    days = pl.col(pl.Date).cast(pl.String)
    expected = content.tables[name].with_columns(days, pl.col(pl.Enum).cast(pl.String)).to_dicts()
    found = [
        {key.partition("/")[2]: cell(one) for key, one in record.items()} for record in dataset(built).records(name)
    ]
    assert found == expected


def cell(value: Any) -> Any:  # noqa: ANN401
    """A cell without mlcroissant's wrapping: texts are bytes, dates are pandas' moments, some missing values NaN."""
    if isinstance(value, bytes):
        return value.decode()
    if value is None or value != value or str(value) == "NaT":  # noqa: PLR0124
        return None
    return value.date().isoformat() if hasattr(value, "date") else value


def test_other_bytes_are_refused(built: Path, package: Path) -> None:
    (package / "croissant.json").write_bytes((built / "croissant.json").read_bytes())
    shutil.copytree(built / "parquet", package / "parquet")
    with (package / "parquet" / "people.parquet").open("ab") as file:
        file.write(b"\n")
    with pytest.raises(Exception, match=r"Download\(parquet/people\.parquet\)"):
        list(dataset(package).records("people"))


def test_records_refer_to_each_other(built: Path) -> None:
    said = json.loads((built / "croissant.json").read_text(encoding="utf-8"))
    fields = {one["@id"]: one for each in said["recordSet"] for one in each["field"]}
    assert fields["figures/source_id"]["references"] == {"field": {"@id": "sources/source_id"}}
    assert fields["figures/low"]["dataType"] == "sc:Integer"


def test_mlcroissant_loads_what_is_written_otherwise(odd: Content, tmp_path: Path) -> None:
    write_formats(odd, tmp_path)
    found = dataset(tmp_path)
    assert not found.metadata.ctx.issues.errors
    (record, other) = ([cell(one) for one in each.values()] for each in found.records("odd"))
    assert record == ["a b", "2022-01-05", False, 1.5, "007", "#1é", 2022, time(7, 8, 9)]
    assert other == ["c", None, None, None, "NA", None, None, None]
