"""The workbook, opened by openpyxl."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.content import Content, read_content
from qantar.release.formats import xlsx

TRICKY = [
    "=1+1",
    '=HYPERLINK("http://a.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "http://a.example",
    "{=1}",
    "1",
    "1e5",
    "TRUE",
    "a\nb",
]


@pytest.fixture(scope="module")
def workbook(content: Content, built: Path) -> Iterator[Workbook]:
    opened = load_workbook(built / f"{content.name}.xlsx")
    yield opened
    opened.close()


def rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The cells of a sheet below the header, dates as dates."""
    return [
        tuple(one.date() if isinstance(one, dt.datetime) else one for one in row)
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


def test_every_resource_is_a_sheet_of_typed_cells(content: Content, workbook: Workbook) -> None:
    assert workbook.sheetnames == ["_README", "_columns", "_codes", *content.tables]
    for name, frame in content.tables.items():
        sheet = workbook[name]
        assert [one.value for one in sheet[1]] == frame.columns
        assert rows(sheet) == frame.with_columns(pl.col(pl.Enum).cast(pl.String)).rows()
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, frame.width).column_letter}{frame.height + 1}"
        assert all(8 <= one.width <= 61 for one in sheet.column_dimensions.values())


def test_nothing_is_a_formula_or_a_link(workbook: Workbook) -> None:
    for sheet in workbook:
        assert not [one.coordinate for row in sheet.iter_rows() for one in row if one.data_type == "f" or one.hyperlink]


def test_everything_is_explained(content: Content, workbook: Workbook) -> None:
    fields = {(name, one["name"]): one for name, each in content.package.resources.items() for one in each.fields}
    explained = {row[:2]: row[2:5] for row in rows(workbook["_columns"])}
    assert explained == {at: (one["type"], one["title"], one["description"]) for at, one in fields.items()}
    refers = {row[:2]: row[6] for row in rows(workbook["_columns"])}
    assert (refers["figures", "part_of"], refers["figures", "source_id"]) == ("figures.figure_id", "sources.source_id")
    defined = {row[:3]: row[3:] for row in rows(workbook["_codes"])}
    assert defined["figures", "comparator", "="] == ("Equal", "Exactly the value.")
    assert defined["events", "where_prec", 6] == ("Country", "The country is known.")
    assert ("version", content.version, None) in rows(workbook["_README"])


def test_the_moment_is_that_of_the_release(content: Content, workbook: Workbook) -> None:
    assert workbook.properties.created == workbook.properties.modified == content.moment.replace(tzinfo=None)


def small(folder: Path, cells: list[Any], kind: str = "string") -> Content:
    """What a package of one column holds."""
    schema = {"fields": [{"name": "c", "type": kind}], "missingValues": ["-"]}
    table = {"data": [["c"], *([one] for one in cells)], "schema": schema}
    resources = [{"name": name} | table for name in ("a" * 40, "A" * 40, "_codes")]
    descriptor = {"name": "p", "version": "1.0.0", "created": "2022-01-06T00:00:00Z", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return read_content(Package.read(folder))


def written(content: Content, folder: Path) -> Workbook:
    """The workbook of a content, opened."""
    xlsx.write(content, folder)
    return load_workbook(folder / f"{content.name}.xlsx")


def test_a_text_stays_a_text(tmp_path: Path) -> None:
    workbook = written(small(tmp_path, TRICKY), tmp_path)
    assert workbook.sheetnames[3:] == ["a" * 31, "A" * 30 + "2", "_codes2"]
    cells = [row[0] for row in workbook["a" * 31].iter_rows(min_row=2)]
    assert [(one.value, one.data_type, one.number_format) for one in cells] == [(one, "s", "@") for one in TRICKY]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("date", "1899-12-31", "1899-12-31"),
        ("date", "1900-03-01", dt.datetime.fromisoformat("1900-03-01")),
        ("datetime", "2022-01-06T07:08:09Z", dt.datetime.fromisoformat("2022-01-06T07:08:09")),
        ("time", "07:08:09", "07:08:09"),
        ("yearmonth", "2022-01", "2022-01"),
        ("integer", "1234567890123456", "1234567890123456"),
        ("integer", "123456789012345", 123456789012345),
        ("number", "INF", "inf"),
        ("number", "0.1", 0.1),
        ("boolean", "true", True),
    ],
)
def test_what_a_spreadsheet_would_change_is_text(tmp_path: Path, kind: str, given: str, expected: object) -> None:
    sheet = written(small(tmp_path, [given], kind), tmp_path)["a" * 31]
    assert sheet["A2"].value == expected


def test_what_does_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PackageError, match="32,768 characters do not fit"):
        written(small(tmp_path, ["a" * 32_768]), tmp_path)
    monkeypatch.setattr(xlsx, "ROWS", 3)
    with pytest.raises(PackageError, match="3 rows do not fit in a sheet of 3"):
        written(small(tmp_path, ["a", "b", "c"]), tmp_path)
