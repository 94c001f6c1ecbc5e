"""Table Dialect on delimited text, against the `csv` module where that can read the same."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine import fields, package, places

from qantar.delimited import read_head, split
from qantar.errors import UnsafePathError
from qantar.package import Resource

TYPES = fields(a="integer", b="string")


def rows(text: str, **dialect: object) -> list[tuple[int, int, list[str]]]:
    found: list[tuple[int, str]] = []
    resource = Resource("t", {"name": "t", "path": "t.csv", "dialect": dialect})
    read = [tuple(row) for row in split(resource, text, lambda line, why: found.append((line, why)))]
    assert not found
    return read  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "dialect", "found"),
    [
        ("a||b\n1||x|y\nz||y\n", {"delimiter": "||"}, ["3:a=z type-error"]),
        ('a||b\n1||"x||y"\nz||y\n', {"delimiter": "||"}, ["3:a=z type-error"]),
        ("a::b\n1::x\n2::x::y\n", {"delimiter": "::"}, ["3:None=3 cells extra-cell"]),
        ("a,b;1,x\ny;z,y;", {"lineTerminator": ";"}, ["3:a=z type-error"]),
        ('a,b;"1",";";z,y', {"lineTerminator": ";"}, ["4:a=z type-error"]),
        ("a,b\r1,x\rz,y\r", {"lineTerminator": "\r"}, ["3:a=z type-error"]),
        ("a||b;;1||x;;z||y;;", {"lineTerminator": ";;", "delimiter": "||"}, ["3:a=z type-error"]),
        ("A table\n\na,b\n1,x\nz,y\n", {"headerRows": [3]}, ["5:a=z type-error"]),
        ("a table\nx,b\n1,x\n", {"headerRows": [2]}, ["2:a=x incorrect-label"]),
        ("z,y\n1,x\n", {"headerRows": []}, ["1:a=z type-error"]),
        ("# of 2022\n# in units\na,b\nunits,text\nz,y\n", {"commentRows": [1, 2, 4]}, ["5:a=z type-error"]),
        ("a,b\n1,x\nnote\nz,y\n", {"commentRows": [3]}, ["4:a=z type-error"]),
        ('//,"open\na,b\n// "\n1,x\nz,y\n', {"commentChar": "//"}, ["5:a=z type-error"]),
        ('a,b\n"#1",x\n#,x\n', {"commentChar": "#"}, ["2:a=#1 type-error"]),
        ("a,b\n1,x\u2028y\n# no\nz,y\n", {"commentChar": "#"}, ["4:a=z type-error"]),
        ("a,b\n\\N,x\nz,\\N\n", {"nullSequence": "\\N"}, ["3:a=z type-error"]),
        ("a,b\n", {"headerRows": [2]}, ["1:None=None source-error"]),
        ("a b\n1 x\nz y\n", {"delimiter": " "}, ["3:a=z type-error"]),
        ("a,b\n1,x\nz,y\n", {"table": "t", "itemKeys": ["x"], "sheetNumber": 2}, ["3:a=z type-error"]),
    ],
)
def test_a_dialect_is_applied(tmp_path: Path, text: str, dialect: dict[str, Any], found: list[str]) -> None:
    report = package(tmp_path, text, TYPES, dialect=dialect)
    assert [f"{one.row}:{one.field}={one.value} {one.rule}" for one in report.findings] == found


def test_a_header_of_several_rows_is_joined(tmp_path: Path) -> None:
    schema = fields(**{"fruit-id": "integer", "fruit-name": "string"})
    report = package(tmp_path, "fruit\nid,name\n1,x\nz,y\n", schema, dialect={"headerRows": [1, 2], "headerJoin": "-"})
    assert [(one.row, one.field, one.value) for one in report.findings] == [(4, "fruit-id", "z")]


def test_labels_are_joined_by_a_blank_and_empty_ones_by_nothing(tmp_path: Path) -> None:
    schema = fields(id="integer", **{"cost eur": "integer", "cost usd": "integer"})
    report = package(tmp_path, ",cost,\nid,eur,usd\n1,2,z\n", schema, dialect={"headerRows": [1, 2]})
    assert places(report) == ["3:cost usd type-error"]


def test_a_null_sequence_is_a_missing_value_whatever_the_missing_values_are(tmp_path: Path) -> None:
    schema = fields(a="integer", b="string") | {"missingValues": ["NA"]}
    assert places(package(tmp_path, "a,b\n-,x\nNA,x\n,x\n", schema, dialect={"nullSequence": "-"})) == [
        "4:a type-error"
    ]


def test_a_dialect_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "dialect.json").write_text(json.dumps({"delimiter": ";", "quoteChar": "''"}), encoding="utf-8")
    report = package(tmp_path, "a;b\n1;x\nz;y\n", TYPES, dialect="dialect.json")
    assert [one.rule for one in report.findings] == ["dialect-error"]
    assert (report.findings[0].path, report.findings[0].field) == ("dialect.json", "quoteChar")
    (tmp_path / "dialect.json").write_text(json.dumps({"delimiter": ";"}), encoding="utf-8")
    assert places(package(tmp_path, "a;b\n1;x\nz;y\n", TYPES, dialect="dialect.json")) == ["3:a type-error"]


@pytest.mark.parametrize(
    ("content", "says"), [("[]", "Expected a JSON object"), ('{"a": ', "dialect.json:1:7"), (None, "No such file")]
)
def test_a_dialect_that_cannot_be_read_is_one_finding(tmp_path: Path, content: str | None, says: str) -> None:
    if content:
        (tmp_path / "dialect.json").write_text(content, encoding="utf-8")
    report = package(tmp_path, "a;b\nz;y\n", TYPES, dialect="dialect.json")
    assert [one.rule for one in report.findings] == ["dialect-error"]
    assert says in report.findings[0].message
    assert ("t.csv", "its dialect cannot be read") in [(one.what, one.reason) for one in report.not_checked]


def test_a_dialect_outside_of_the_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError):
        package(tmp_path, "a;b\n", TYPES, dialect="../dialect.json")


@pytest.mark.parametrize(
    "dialect",
    [{"delimiter": "\n"}, {"headerRows": [0]}, {"commentRows": "1"}, {"quoteChar": "ab"}, {"escapeChar": "ab"}],
)
def test_what_cannot_be_applied_is_said(tmp_path: Path, dialect: dict[str, Any]) -> None:
    report = package(tmp_path, "a,b\nz,y\n", TYPES, dialect=dialect)
    reason = f"of its dialect, {next(iter(dialect))} cannot be applied"
    assert ("t.csv", reason) in [(one.what, one.reason) for one in report.not_checked]
    assert report.checked == []


def test_a_header_that_cannot_be_split_ends_the_table(tmp_path: Path) -> None:
    report = package(tmp_path, 'a,"b"x\n1,y\n', TYPES | {"primaryKey": "a"})
    assert places(report) == ["1:None source-error"]
    assert ("t.csv from line 1", "the CSV cannot be split there") in [
        (one.what, one.reason) for one in report.not_checked
    ]


CELLS = st.text(st.sampled_from('ab|;", \n\r\u2028'), max_size=4)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=8))
def test_any_delimiter_and_line_end_give_the_cells_that_were_written(table: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL, delimiter="\x01").writerows(table)
    plain = [row for _, _, row in rows(text.getvalue(), delimiter="\x01")]
    assert plain == table
    odd = "\x02".join("<>".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    assert rows(odd, delimiter="<>", lineTerminator="\x02") == [
        (number, number, row) for number, row in enumerate(table, 1)
    ]


def test_a_line_is_one_of_the_file(tmp_path: Path) -> None:
    report = package(tmp_path, 'a||b\n1||"x\ny"\n# no\nz||y\n', TYPES, dialect={"delimiter": "||", "commentChar": "#"})
    assert [(one.row, one.record) for one in report.findings] == [(5, 2)]


def test_the_head_of_a_file_is_its_labels_and_their_lines() -> None:
    resource = Resource("t", {"path": "t.csv", "dialect": {"headerRows": [2], "commentChar": "#"}})
    assert read_head(resource, b'\xef\xbb\xbf#x\n"a\nb",c\n1,2\n') == (["a\nb", "c"], 3)
    assert read_head(resource, b"") == ([], 0)
