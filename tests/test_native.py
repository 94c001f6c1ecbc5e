"""Sheets and JSON: typed values by Table Schema's types."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from test_engine import fields, package, places

import qantar
from qantar import native
from qantar.errors import UnsafeDataError
from qantar.model import Report

DAY, NOON = dt.date(2022, 1, 5), dt.datetime(2022, 1, 5, 12, 0, 0)  # noqa: DTZ001 -- a sheet has no zones


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook of these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(whole := io.BytesIO())
    return whole.getvalue()


def sheet(root: Path, rows: list[list[Any]], schema: dict[str, Any], **resource: object) -> Report:
    return package(root, book({"t": rows}), schema, path="t.xlsx", **resource)


def found(report: Report) -> list[tuple[int | None, str | None, str | None, str]]:
    return [(one.row, one.field, one.value, one.rule) for one in report.findings]


@pytest.mark.parametrize(
    ("field", "good", "bad", "value"),
    [
        ({"type": "integer"}, [1, 2.0, "3", None, -4], [1.5, True, "x"], ["1.5", "true", "x"]),
        ({"type": "number"}, [1, 2.5, 1e300, "3"], [False, DAY], ["false", "2022-01-05T00:00:00"]),
        ({"type": "number", "decimalChar": ","}, [2.5], ["2.5"], ["2.5"]),
        ({"type": "string"}, ["x", None], [1, 1.5, True, DAY], ["1", "1.5", "true", "2022-01-05T00:00:00"]),
        ({"type": "string", "missingValues": ["", "-99"]}, ["x", -99], [-9], ["-9"]),
        ({"type": "integer", "missingValues": ["NA"]}, [1, None, "NA"], ["na"], ["na"]),
        ({"type": "boolean"}, [True, False, 1], ["yes", 2], ["yes", "2"]),
        ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, [True, False, "ja"], ["true"], ["true"]),
        ({"type": "date"}, [DAY, "2022-01-05"], [NOON, 44562], ["2022-01-05T12:00:00", "44562"]),
        ({"type": "date", "format": "%d/%m/%Y"}, [DAY, "05/01/2022"], ["2022-01-05"], ["2022-01-05"]),
        ({"type": "datetime"}, [NOON, DAY], ["2022-01-05 12:00"], ["2022-01-05 12:00"]),
        ({"type": "time"}, [dt.time(12, 30)], [NOON], ["2022-01-05T12:00:00"]),
        ({"type": "duration"}, [dt.timedelta(hours=30)], ["30 h"], ["30 h"]),
        ({"type": "year"}, [2022, 2022.0], [22.5], ["22.5"]),
        ({"type": "any"}, [1, "x", True, DAY], [], []),
    ],
    ids=lambda one: one["type"] if isinstance(one, dict) else "",
)
def test_typed_cells_of_a_sheet(
    tmp_path: Path, field: dict[str, Any], good: list[Any], bad: list[Any], value: list[str]
) -> None:
    rows: list[list[Any]] = [["a", "b"], *([one, "x"] for one in [*good, *bad])]
    schema = {"fields": [{"name": "a", **field}, {"name": "b"}]}
    start = 2 + len(good)
    assert found(sheet(tmp_path, rows, schema)) == [
        (start + at, "a", one, "type-error") for at, one in enumerate(value)
    ]


def test_rows_are_those_of_the_sheet_and_keys_are_checked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["a", "b", None], [1, "x"], [], [1, 5], [3], [4, "x", None, "!"], [None, None]]
    schema = fields(a="integer", b="string") | {"primaryKey": "a"}
    report = sheet(tmp_path, rows, schema)
    assert found(report) == [
        (3, None, None, "blank-row"),
        (4, "a", "1", "primary-key"),
        (4, "b", "5", "type-error"),
        (6, None, "4 cells", "extra-cell"),
    ]
    assert [one.key for one in report.findings] == [None, "1", "1", None]
    assert report.checked == ["t.xlsx"]


ITEMS = ['{"a": "é", "b": 1}', '{"a": "x", "b": "z"}']


@pytest.mark.parametrize("encoding", ["latin-1", "cp1250", "utf-16", "utf-16-le", "utf-32", "utf-8", "utf-8-sig", None])
@pytest.mark.parametrize(
    ("path", "text", "row"), [("t.json", f"[{', '.join(ITEMS)}]", 3), ("t.jsonl", "\n".join(ITEMS), 2)]
)
def test_json_is_read_in_its_encoding(tmp_path: Path, path: str, text: str, row: int, encoding: str | None) -> None:
    given = {} if encoding is None else {"encoding": encoding}
    report = package(tmp_path, text.encode(encoding or "utf-8"), fields(a="string", b="integer"), path=path, **given)
    assert found(report) == [(row, "b", "z", "type-error")]
    assert qantar.load(package_of(tmp_path, ITEMS[:1], path, encoding))["t"]["a"].to_list() == ["é"]


def package_of(root: Path, items: list[str], path: str, encoding: str | None) -> Path:
    """The package with these items alone."""
    text = "\n".join(items) if path.endswith("l") else f"[{','.join(items)}]"
    (root / path).write_bytes(
        ("\ufeff" if encoding == "utf-16-le" else "").encode("utf-16-le") + text.encode(encoding or "utf-8")
    )
    return root


@pytest.mark.parametrize(("path", "row"), [("t.json", None), ("t.jsonl", 1)])
def test_a_byte_of_json_that_is_not_of_its_encoding(tmp_path: Path, path: str, row: int | None) -> None:
    text = ("[" + ", ".join(ITEMS) + "]" if row is None else "\n".join(ITEMS)).encode("latin-1")
    report = package(tmp_path, text, fields(a="integer", b="integer"), path=path)
    assert found(report)[:1] == [(row, None, "0xe9", "encoding-error")]
    assert [one[1:] for one in found(report)[1:]] == [("a", "x", "type-error"), ("b", "z", "type-error")]
    (broken,) = package(tmp_path, b"\xff\xfe[", fields(a="integer"), path=path, encoding="utf-16").findings
    assert broken.rule == "encoding-error"
    report = package(tmp_path, text.decode("latin-1").encode("utf-16"), fields(a="integer"), path=path)
    assert {one.rule for one in report.findings} == {"encoding-error"} | ({"source-error"} if row else set())


def test_inline_data_have_no_encoding(tmp_path: Path) -> None:
    text = {"name": "t", "data": "a\né\n", "format": "csv", "encoding": "utf-16", "schema": fields(a="integer")}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [text]}), encoding="utf-8")
    assert found(qantar.validate(tmp_path)) == [(2, "a", "é", "type-error")]
    assert found(package(tmp_path, [{"a": "é"}], fields(a="integer"), encoding="latin-1")) == [
        (2, "a", "é", "type-error")
    ]


def test_a_label_of_a_sheet_that_is_no_field_is_found(tmp_path: Path) -> None:
    assert found(sheet(tmp_path, [["a", 7], [1, "x"]], fields(a="integer", b="string"))) == [
        (1, "b", "7", "incorrect-label")
    ]


@pytest.mark.parametrize(
    ("dialect", "row"),
    [
        ({}, 2),
        ({"sheetNumber": 1}, 2),
        ({"sheetNumber": 2, "headerRows": [2, 3]}, 5),
        ({"sheetName": "second", "headerRows": [2, 3], "commentRows": [4]}, 5),
        ({"sheetName": "third", "header": False}, 1),
    ],
)
def test_the_sheet_and_its_header_are_those_of_the_dialect(tmp_path: Path, dialect: dict[str, Any], row: int) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "first": [["a b"], ["z"]],
        "second": [["A title"], ["a"], ["b"], [1], ["z"]],
        "third": [["z"]],
    }
    report = package(tmp_path, book(sheets), fields(**{"a b": "integer"}), path="t.xlsx", dialect=dialect)
    assert found(report) == [(row, "a b", "z", "type-error")]


@pytest.mark.parametrize(
    ("dialect", "says"), [({"sheetName": "two"}, "no sheet two, only t"), ({"sheetNumber": 2}, "1 sheets, none")]
)
def test_a_sheet_that_is_not_there(tmp_path: Path, dialect: dict[str, Any], says: str) -> None:
    report = sheet(tmp_path, [["a"], [1]], fields(a="integer"), dialect=dialect)
    assert [one.rule for one in report.findings] == ["source-error"]
    assert says in report.findings[0].message


def test_the_error_of_a_formula_is_a_cell_that_is_no_value(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["a"])
    made.active.append(["#DIV/0!"])
    made.active["A2"].data_type = "e"
    made.save(tmp_path / "t.xlsx")
    assert found(package(tmp_path, None, fields(a="integer"), path="t.xlsx")) == [(2, "a", "#DIV/0!", "type-error")]


@pytest.mark.parametrize("data", [b"no workbook", b"PK\x05\x06" + bytes(18), book({"t": []})])
def test_a_workbook_that_is_none(tmp_path: Path, data: bytes) -> None:
    report = package(tmp_path, data, fields(a="integer"), path="t.xlsx")
    assert [one.rule for one in report.findings] in (["source-error"], ["scheme-error"])


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(whole := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(20 << 20))
    with pytest.raises(UnsafeDataError, match=r"t\.xlsx  The file unpacks to more than is safe"):
        package(tmp_path, whole.getvalue(), fields(a="integer"), path="t.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_workbook_with_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    text = " " * ((1 << 20) - 4) + '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with zipfile.ZipFile(whole := io.BytesIO(), "w") as archive:
        archive.writestr("xl/sharedStrings.xml", text.encode(encoding))
    with pytest.raises(UnsafeDataError, match=r"t\.xlsx  The workbook defines entities of its own"):
        package(tmp_path, whole.getvalue(), fields(a="integer"), path="t.xlsx")


def test_a_cell_in_the_farthest_corner_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "AREA_LIMIT", 100_000)
    made = openpyxl.Workbook()
    made.active["A1"] = "a"
    for row in range(2, 20):
        made.active.cell(row, 16_384, 1)
    made.save(tmp_path / "t.xlsx")
    report = package(tmp_path, None, fields(a="integer"), path="t.xlsx")
    found = [one.message for one in report.findings if one.rule == "source-error"]
    assert found == ["The sheet cannot be read: its row 8 is beyond 1,048,576 rows or 100,000 cells."]


def test_without_its_library_a_sheet_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "openpyxl" else object())
    report = sheet(tmp_path, [["a"], ["z"]], fields(a="integer"))
    reason = 'a sheet is read with openpyxl: pip install "qantar[xlsx]"'
    assert ("t.xlsx", reason) in [(one.what, one.reason) for one in report.not_checked]
    assert report.checked == []


@pytest.mark.parametrize(
    ("data", "dialect", "expected"),
    [
        ({"x": {"y": [{"a": "z"}]}}, {"property": "x.y"}, [(2, "a", "z", "type-error")]),
        ({"x.y": [{"a": "z"}]}, {"property": "x.y"}, [(2, "a", "z", "type-error")]),
        ({"x": 1}, {"property": "y"}, [(None, None, None, "source-error")]),
        ([[1, "x"], ["z", "y"]], {"header": False}, [(2, "a", "z", "type-error")]),
        ([["A"], ["a", "b"], ["z", "y"]], {"headerRows": [2]}, [(3, "a", "z", "type-error")]),
        ([["a", "b"], {"a": 1}, ["z", "y"]], {}, [(2, None, None, "source-error"), (3, "a", "z", "type-error")]),
        ([["a", "b"]], {"itemType": "object"}, [(1, None, None, "source-error")]),
        ([{"b": "y", "c": 1, "a": "z"}], {"itemKeys": ["a", "b"]}, [(2, "a", "z", "type-error")]),
        ([{"a": 1, "b": 2}], {}, [(2, "b", "2", "type-error")]),
        ([{"a": 2.0, "b": {"c": 1}}], {}, [(2, "b", '{"c": 1}', "type-error")]),
        ([{"a": 1, "b": "\ud800"}], {}, [(2, "b", "\ufffd", "encoding-error")]),
    ],
)  # fmt: skip
def test_json_by_its_dialect(tmp_path: Path, data: object, dialect: dict[str, Any], expected: list[Any]) -> None:
    report = package(tmp_path, json.dumps(data), fields(a="integer", b="string"), path="t.json", dialect=dialect)
    assert [one for one in found(report) if one[3] != "missing-label"] == expected


def test_a_line_that_is_no_json_hides_no_other(tmp_path: Path) -> None:
    text = '{"a": 1}\n{"a": \n\n{"a": "z\u2028"}\n7\n'
    assert found(package(tmp_path, text, fields(a="integer"), path="t.jsonl")) == [
        (2, None, None, "source-error"),
        (4, "a", "z\u2028", "type-error"),
        (5, None, None, "source-error"),
    ]


@pytest.mark.parametrize("depth", [100, 900, 960, 990, 5000, 100_000])
def test_deep_json_is_no_traceback(tmp_path: Path, depth: int) -> None:
    text = '[{"a": ' + "[" * depth + "]" * depth + "}]"
    report = package(tmp_path, text, fields(a="array"), path="t.json")
    assert [one.rule for one in report.findings] in ([], ["source-error"], ["type-error"])


def test_a_null_of_parquet_is_missing_whatever_the_missing_values_are(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1, None]}).write_parquet(tmp_path / "t.parquet")
    schema = fields(a="integer") | {"missingValues": ["NA"]}
    assert places(package(tmp_path, None, schema, path="t.parquet")) == []


def test_the_format_may_be_that_of_the_media_type(tmp_path: Path) -> None:
    data = book({"t": [["a"], ["z"]]})
    mediatype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert found(package(tmp_path, data, fields(a="integer"), path="t", mediatype=mediatype)) == [
        (2, "a", "z", "type-error")
    ]
    given = {"name": "t", "data": "a\nz\n", "mediatype": "text/csv", "schema": fields(a="integer")}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [given]}), encoding="utf-8")
    assert found(qantar.validate(tmp_path)) == [(2, "a", "z", "type-error")]
