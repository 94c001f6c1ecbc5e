"""Bounds that XML Schema leaves open are said, neither passed nor faulted."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engine import package
from test_fields import doubling

from qantar.model import Report, Severity

ZULU, NAIVE = "2020-01-10T12:00:00Z", "2020-01-10T12:00:00"


def bounded(root: Path, cells: list[str], kind: str, **constraints: str) -> Report:
    schema: dict[str, Any] = {"fields": [{"name": "a", "type": kind, "constraints": constraints}, {"name": "b"}]}
    return package(root, "a,b\n" + "".join(f"{cell},x\n" for cell in cells), schema)


@pytest.mark.parametrize(
    ("bound", "cells", "faulty"),
    [
        (ZULU, ["2020-01-09T21:59:59", "2020-01-09T22:00:00", "2020-01-11T02:00:00", "2020-01-11T02:00:01"], [1]),
        (ZULU, ["2020-01-10T11:59:59Z", "2020-01-10T13:00:00+01:00", "2020-01-10T13:00:00+01:01", ""], [1, 3]),
        (NAIVE, ["2020-01-09T21:59:59Z", "2020-01-10T12:00:00Z", "2020-01-10T08:00:00-18:00", "no"], [1, 3, 4]),
        (NAIVE, ["2020-01-10T11:59:59", NAIVE, "2020-01-10T12:00:00.5"], [1]),
        ("2020-01-10T12:00:00-05:00", ["2020-01-10T03:00:00", "2020-01-10T02:59:59"], [2]),
    ],
)
def test_datetimes_with_and_without_a_zone(tmp_path: Path, bound: str, cells: list[str], faulty: list[int]) -> None:
    report = bounded(tmp_path, cells, "datetime", minimum=bound)
    assert [one.record for one in report.findings] == faulty


@pytest.mark.parametrize(
    ("constraint", "value", "faulty", "open_ones"),
    [
        ("minimum", ZULU, [3], 2),
        ("exclusiveMinimum", ZULU, [3, 5], 2),
        ("maximum", ZULU, [4], 2),
        ("exclusiveMaximum", ZULU, [4, 5], 2),
        ("minimum", NAIVE, [1, 3], 1),
        ("maximum", "2030-01-01T00:00:00Z", [], 0),
    ],
)
def test_how_many_are_left_open_is_said(
    tmp_path: Path, constraint: str, value: str, faulty: list[int], open_ones: int
) -> None:
    cells = ["2020-01-10T01:00:00", "2020-01-11T01:00:00", "2020-01-01T00:00:00", "2020-02-01T00:00:00", ZULU, "", "z"]
    report = bounded(tmp_path, cells, "datetime", **{constraint: value})
    assert [one.record for one in report.findings if one.rule == "constraint-error"] == faulty
    why = "(one of the two has no time zone, and they are not more than 14 hours apart)"
    reason = f"{constraint} {value}: XML Schema leaves open on which side of it {open_ones} of the values are {why}"
    assert [one.reason for one in report.not_checked if one.what == "t.csv:a"] == [reason][: min(open_ones, 1)]


def test_durations(tmp_path: Path) -> None:
    cells = ["P27D", "P28D", "P30D", "P31D", "P32D", "P1M", "", "x"]
    report = bounded(tmp_path, cells, "duration", minimum="P1M")
    assert [(one.record, one.value) for one in report.findings] == [(1, "P27D"), (8, "x")]
    (one,) = [one for one in report.not_checked if one.what == "t.csv:a"]
    assert one.reason == (
        "minimum P1M: XML Schema leaves open on which side of it 3 of the values are "
        "(months and years have no fixed length)"
    )


@given(cell=st.integers(-20, 20), bound=st.integers(-20, 20), cell_zone=st.booleans(), bound_zone=st.booleans())
def test_a_comparison_holds_in_every_zone_or_is_open(
    cell: int, bound: int, tmp_path_factory: pytest.TempPathFactory, *, cell_zone: bool, bound_zone: bool
) -> None:
    def written(hours: int, *, zone: bool) -> str:
        return f"2020-01-{10 + hours // 24:02d}T{hours % 24:02d}:00:00{'Z' if zone else ''}"

    zones = range(-14, 15) if cell_zone != bound_zone else [0]
    sides = {cell + zone < bound for zone in zones}
    text, limit = written(cell, zone=cell_zone), written(bound, zone=bound_zone)
    report = bounded(tmp_path_factory.mktemp("p"), [text], "datetime", minimum=limit)
    assert bool(report.findings) == (sides == {True})
    strictly = sides == {False} and all(cell + zone > bound for zone in zones)
    left_open = cell_zone != bound_zone and sides != {True} and not strictly
    assert any(one.what == "t.csv:a" for one in report.not_checked) == left_open


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (doubling(40), "it takes more time than the size of the cells lets expect"),
        ({"$ref": "#"}, "it ends in RecursionError"),
        ({"properties": {"b": {"allOf": [{"$ref": "#"}] * 2}}}, "it takes more time"),
    ],
)
def test_a_json_schema_that_fails_as_it_runs_is_said_once(tmp_path: Path, then: dict[str, Any], why: str) -> None:
    schema = {"if": {"type": "object", "required": ["a"]}, "then": then, "$defs": then.get("$defs", {})}
    field = {"name": "a", "type": "object", "constraints": {"jsonSchema": schema}}
    deep = '{""a"": 1, ""b"": ' * 40 + "{}" + "}" * 40
    start = time.monotonic()
    report = package(tmp_path, f'a\n"{deep}"\n{{}}\nx\n', {"fields": [field]})
    assert time.monotonic() - start < 5
    assert [(one.row, one.rule) for one in report.findings] == [(4, "type-error")]
    assert len([one for one in report.not_checked if one.reason.startswith(f"jsonSchema: {why}")]) == 1


def test_a_pattern_of_a_json_schema_that_cannot_run_is_a_warning(tmp_path: Path) -> None:
    schema = {"properties": {"x": {"pattern": "^(?!b)a"}}}
    field = {"name": "a", "type": "object", "constraints": {"jsonSchema": schema}}
    report = package(tmp_path, 'a\n"{""x"": ""zzz""}"\n', {"fields": [field]})
    assert [(one.rule, one.value, one.severity) for one in report.findings] == [
        ("schema-error", "^(?!b)a", Severity.WARNING)
    ]
    (one,) = [one for one in report.not_checked if one.what == "t.csv:a"]
    assert one.reason.startswith("jsonSchema: the pattern ^(?!b)a cannot be run in linear time: look-around")


def test_json_schema_without_its_library_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def without(name: str) -> ModuleType:
        if name == "jsonschema":
            raise ImportError(name)
        return real(name)

    monkeypatch.setattr(importlib, "import_module", without)
    field = {"name": "a", "type": "object", "constraints": {"jsonSchema": {"type": "object"}}}
    report = package(tmp_path, "a\n{}\n", {"fields": [field]})
    reason = 'jsonSchema: the package jsonschema is not installed: pip install "qantar[json]"'
    assert ("t.csv:a", reason) in [(one.what, one.reason) for one in report.not_checked]
