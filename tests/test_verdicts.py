"""docs/verdicts.md: each small difference from frictionless on it is one, by both tools."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_engine import fields

import qantar
from qantar.model import Severity

PAGE = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
STRICT, LAX = "frictionless accepts, qantar reports", "frictionless reports, qantar accepts"


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the table below a heading of the page, as the cells between its bars."""
    section = PAGE.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    for line in section.splitlines():
        if line.startswith("| ") and not line.startswith(("| field |", "| what |")):
            yield [one.replace("\\|", "|") for one in re.split(r"(?<!\\) ?\| ?", line)[1:-1]]


def cases(heading: str) -> list[tuple[str, list[str]]]:
    """The fields of such a table, each with its cells."""
    return [(row[0].strip("`"), re.findall(r"`([^`]+)`", row[1])) for row in rows(heading)]


def write(root: Path, files: dict[str, bytes], resources: list[dict[str, Any]]) -> None:
    """Write a package."""
    for name, data in files.items():
        (root / name).write_bytes(data)
    named = [{"name": f"t{at}", **one} for at, one in enumerate(resources)]
    (root / "datapackage.json").write_text(json.dumps({"name": "p", "resources": named}), encoding="utf-8")


def write_cells(root: Path, field: str, cells: list[str]) -> None:
    """Write a package of one table with a cell in each row."""
    with (root / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["a", "b"], *([one, "x"] for one in cells)])
    write(root, {}, [{"path": "t.csv", "schema": {"fields": [{"name": "a", **json.loads(field)}, {"name": "b"}]}}])


def ours(root: Path) -> list[int | None]:
    """The lines in which qantar finds an error."""
    return [one.row for one in qantar.validate(root).findings if one.severity is Severity.ERROR]


def theirs(root: Path) -> bool:
    """Whether frictionless finds an error, or ends in one."""
    frictionless = pytest.importorskip("frictionless")
    try:
        return not frictionless.validate(str(root / "datapackage.json")).valid
    except re.error:
        return True


def test_the_page_has_its_tables() -> None:
    assert len(cases(STRICT)) > 25
    assert len(cases(LAX)) > 14


@pytest.mark.parametrize(("field", "cells"), cases(STRICT))
def test_cells_that_frictionless_accepts(tmp_path: Path, field: str, cells: list[str]) -> None:
    write_cells(tmp_path, field, cells)
    assert ours(tmp_path) == [at + 2 for at in range(len(cells))]
    assert not theirs(tmp_path)


@pytest.mark.parametrize(("field", "cell"), [(field, one) for field, cells in cases(LAX) for one in cells])
def test_cells_that_frictionless_reports(tmp_path: Path, field: str, cell: str) -> None:
    write_cells(tmp_path, field, [cell])
    assert ours(tmp_path) == []
    assert theirs(tmp_path)


TYPES = fields(a="integer", b="string")
Case = tuple[dict[str, str | bytes], list[dict[str, Any]]]


def table(text: str | bytes, schema: dict[str, Any] | None = None, **resource: object) -> Case:
    """A package of one CSV file."""
    return {"t.csv": text}, [{"path": "t.csv", "schema": TYPES | (schema or {}), **resource}]


def inline(data: list[Any], kind: str = "integer") -> Case:
    """A package of inline data."""
    return {}, [{"data": data, "schema": fields(a=kind, b="string")}]


REFERENCE = {"foreignKeys": [{"fields": ["a", "b"], "reference": {"resource": "t1", "fields": ["a", "b"]}}]}
TABLES: dict[str, dict[str, list[Case]]] = {
    f"{STRICT} these": {
        "a primary key with an empty part": [table("a,b\n1,\n", {"primaryKey": ["a", "b"]})],
        "a unique key that stands twice": [table("a,b\n1,x\n2,x\n", {"uniqueKeys": [["b"]]})],
        "a wrong sha1 or sha512": [
            table("a,b\n1,x\n", hash=f"{one}:{hashlib.new(one, b'').hexdigest()}") for one in ("sha1", "sha512")
        ],
        "text after a closing quotation mark": [table('a,b\n1,"x"y\n')],
        "a quotation mark that is never closed": [table('a,b\n1,"x\n')],
        "a label that ends with a space": [table("a,b \n1,x\n")],
        "a delimiter that is not declared": [table("a;b\n1;x\n")],
        "Latin-1 that is not declared": [table("a,b\n1,é\n".encode("latin-1"))],
    },
    f"{LAX} these": {
        "a foreign key with an empty part": [
            ({"t.csv": "a,b\n1,\n", "u.csv": "a,b\n1,x\n"}, [
                {"path": "t.csv", "schema": TYPES | REFERENCE}, {"path": "u.csv", "schema": TYPES},
            ])
        ],
        "a row of empty cells": [table("a,b\n1,x\n,\n")],
        "`fieldsMatch` as an array of one": [
            table("a,b,c\n1,x,y\n", {"fieldsMatch": ["subset"]}), table("b,a\nx,1\n", {"fieldsMatch": ["equal"]}),
        ],
        "missing values with labels": [table("a,b\n-,x\n", {"missingValues": [{"value": "-", "label": "none"}]})],
        "a `lineTerminator` of one's own": [table("a,b;1,x;", dialect={"lineTerminator": ";"})],
        "numbers of JSON in a list": [inline([{"a": [1, 2], "b": "x"}], "list")],
        "the number 1 of JSON as a boolean": [inline([{"a": 1, "b": "x"}], "boolean")],
        "inline data without a row": [inline([])],
    },
}  # fmt: skip


@pytest.mark.parametrize("heading", TABLES)
def test_each_table_of_the_page_is_tried(heading: str) -> None:
    assert [row[0] for row in rows(heading)] == list(TABLES[heading])


@pytest.mark.parametrize(
    ("heading", "case"),
    [(heading, one) for heading, tried in TABLES.items() for many in tried.values() for one in many],
)
def test_tables_on_which_the_two_differ(tmp_path: Path, heading: str, case: Case) -> None:
    files, resources = case
    write(tmp_path, {name: one.encode() if isinstance(one, str) else one for name, one in files.items()}, resources)
    assert bool(ours(tmp_path)) == heading.startswith(STRICT)
    assert theirs(tmp_path) == heading.startswith(LAX)
