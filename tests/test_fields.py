"""How fields are read and checked: the lexical rules one by one, and against Python's own readers."""

from __future__ import annotations

import json
import re
import time as clock
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qantar.fields import Column, NotCheckedError, field_checks, missing_values, read_field

LONG = "1" + "0" * 40


def frame(cells: list[str | None], name: str = "x") -> pl.LazyFrame:
    return pl.LazyFrame({name: cells}, schema={name: pl.String})


def faults(field: dict[str, Any], cells: list[str | None], missing: list[str] | None = None) -> list[list[str | None]]:
    """The cells that each check of a field faults; that of the type is first."""
    column = read_field({"name": "x", **field}, [""] if missing is None else missing)
    checks, _ = field_checks(column)
    found = frame(cells).select(pl.col("x"), *(one.faulty.alias(f"_{at}") for at, one in enumerate(checks)))
    table = found.collect(engine="streaming")
    assert not table.drop("x").null_count().pipe(lambda counts: sum(counts.row(0)) if counts.width else 0)
    return [table.filter(pl.col(f"_{at}"))["x"].to_list() for at in range(len(checks))]


def wrong(field: dict[str, Any], cells: list[str | None], missing: list[str] | None = None) -> list[str | None]:
    """The cells that are not of the type."""
    return faults(field, cells, missing)[0]


DRAFT = "http://json-schema.org/draft-07/schema#"


def doubling(levels: int) -> dict[str, Any]:
    """A JSON Schema that looks at a value twice as often with each level."""
    parts = {str(one): {"allOf": [{"$ref": f"#/$defs/{one + 1}"}] * 2} for one in range(levels)}
    return {"$ref": "#/$defs/0", "$defs": {**parts, str(levels): True}}


NESTED = {"$schema": DRAFT, "properties": {"a": {"$ref": "#"}, "b": {"type": "string", "pattern": "^x"}}}
OWN_NAMES = {
    "$id": "http://example.org/a",
    "$ref": "b",
    "$defs": {"b": {"$id": "b", "properties": {"b": {"$ref": "#c"}}}},
}
OWN_NAMES["$defs"]["b"]["$defs"] = {"c": {"$anchor": "c", "type": "string"}}  # type: ignore[index]


def reasons(field: dict[str, Any]) -> list[str]:
    """What of a field is not checked."""
    column = read_field({"name": "x", **field}, [""])
    return [*column.unchecked, *map(str, field_checks(column)[1])]


def read(field: dict[str, Any], cells: list[str | None], part: str = "value", missing: list[str] | None = None) -> Any:  # noqa: ANN401
    column: Column = read_field({"name": "x", **field}, [""] if missing is None else missing)
    found = frame(cells).select(part=getattr(column, part)).collect(engine="streaming")
    return found["part"].to_list()


GOOD_AND_BAD: list[tuple[dict[str, Any], str, str]] = [
    # type and format | valid cells, by " | " | faulty cells
    ({}, "anything | 1_000 |  ", ""),
    ({"type": "string"}, "anything |  x ", ""),
    (
        {"type": "integer"},
        "1 | -1 | +1 | 007 | -0 | 9223372036854775807 | 9223372036854775808 | -99999999999999999999999999 | "
        + "9" * 5000,
        "1.0 | 1e3 | 1_000 |  1 | 1  | ٣ | \uff11 | - | + | --1 | 1\n | 0x1 | ² | NaN | 1,000",
    ),
    (
        {"type": "number"},
        "1 | .5 | 5. | +1 | 007 | 1e5 | 1E-5 | -1.5e+3 | NaN | nan | INF | inf | -INF | 1e999999999 | 1e-400 | 2.4E-06",
        "+INF | Infinity | -Infinity | -NaN | +nan | sNaN | nan123 | 1_000 | ٣ |  1 | 1  | . | e5 | 1e | 1,0 | 0x1",
    ),
    ({"type": "number", "groupChar": ","}, "1,000 | 1,0,0 | 1000 | 1,000.5", "1,,0 | ,1 | 1000, | 1.5,0 | 1,.5"),
    ({"type": "number", "groupChar": "", "decimalChar": "."}, "1000.5 | 1", "1,000"),
    ({"type": "number", "decimalChar": ","}, "1,5 | ,5 | 5, | NaN | -INF | 1,5e3", "1.5"),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, "1.000,5 | 1,5", "1,5.0 | 1..0"),
    ({"type": "integer", "groupChar": "-"}, "10-123 | -5 | 5", "10--1 | 5-"),
    (
        {"type": "number", "bareNumber": False},
        "Rs. 95 | 95% | €95 | EUR 95 | $-5 | .5 | NaN | -INF | 1.5e3 km | 5",
        "-€5 | 1.5.2 | abc | 10-5 | a1b2 | €NaN",
    ),
    ({"type": "integer", "bareNumber": False}, "95% | €95 | $-5", "-€5 | 1.5 | abc | 10-5"),
    ({"type": "boolean"}, "true | True | TRUE | 1 | false | False | FALSE | 0", "tRUE | yes |  1 | 1.0"),
    ({"type": "boolean", "trueValues": ["ja"]}, "ja | false | 0", "true | 1"),
    (
        {"type": "date"},
        "2024-02-29 | 0001-01-01 | 9999-12-31 | 2000-02-29 | 2024-12-31",
        (
            "2024-1-1 | 2024-01-1 |  2024-01-01 | +2024-01-01 | 2024-02-30 | 2023-02-29 | 1900-02-29 | 0000-01-01"
            " | 12024-01-01 | -2024-01-01 | 2024-13-01 | 2024-00-10 | 2024-01-01Z | \uff12\uff10\uff12\uff14-01-01"
            " |  2024-1-01 | 2024- 1-01"
        ),
    ),
    (
        {"type": "time"},
        "00:00:00 | 23:59:59 | 24:00:00",
        "1:01:30 | 24:00:01 | 15:00:00.5 | 15:00:00Z | 15:00 | 23:59:60 | 12:60:00 | 15:00:00+01:00 | 1\uff12:00:0",
    ),
    (
        {"type": "datetime"},
        (
            "2024-02-29T12:00:00 | 2024-01-01T00:00:00Z | 2024-01-01T00:00:00.123456789+14:00"
            " | 2024-01-01T24:00:00 | -0044-03-15T12:00:00Z | 12024-01-01T00:00:00Z | 2024-01-01T24:00:00.000-05:30"
        ),
        (
            "2024-01-01 00:00:00 | 2024-01-01t00:00:00 | 2024-01-01T00:00:00+0500 | 2024-01-01T00:00:00+05"
            " | 2024-01-01T00:00:00,5 | 2024-01-01T00:00:60 | 2024-01-01T00:00 | 2024-01-01T24:00:01"
            " | 2024-01-01T00:00:00+15:00 | 2023-02-29T00:00:00 | 0000-01-01T00:00:00 | 02024-01-01T00:00:00"
            " | 2024-W04-5T15:00:00 | 2024-01-01"
        ),
    ),
    (
        {"type": "year"},
        "2024 | 0910 | 0777 | 12024 | -0044 | 2024Z | 2024+02:00",
        "901 |  910 | +910 | 1_00 | ٢٠٢٤ | 0000 | 01234 | 2024z | 2024+15:00 | 20.4",
    ),
    (
        {"type": "yearmonth"},
        "2024-01 | -0044-03 | 2024-01Z | 12024-12",
        "2024-1 | 24-1 | 1_0-1 |  2024 - 1 | +2024-+1 | 2024-13 | 2024-00 | 0000-01 | 2024",
    ),
    (
        {"type": "duration"},
        "P1Y | P1Y2M3DT4H5M6.7S | -P1D | PT1.5S | P12M | PT0S | P1347M",
        "PT | P1DT | P1W | P1.5Y | PT1.5H | +P1D | PT1,5S | P0001-01-01T00:00:00 | P2Y3W | P-1347M | P1Y2MT | P | 1D",
    ),
    ({"type": "string", "format": "email"}, 'a@b | a.b@c.org | "a b"@c.de | é@c.de', "a | a@ | @b | a..b@c | a@b@c"),
    (
        {"type": "string", "format": "uri"},
        "http://ex.com/a#b | urn:x | mailto:a@b",
        "ex.com | http://ex.com/a b | http://ex.com/é | http://e/%zz | http://e/#a#b | //a",
    ),
    (
        {"type": "string", "format": "uuid"},
        "123e4567-e89b-12d3-a456-426614174000 | 123E4567-E89B-12D3-A456-426614174000",
        "123e4567e89b12d3a456426614174000 | {123e4567-e89b-12d3-a456-426614174000} | urn:uuid:1",
    ),
    ({"type": "string", "format": "binary"}, "YWJj | YWI= | YQ==", "!! | _-__ | YW Jj | YWJ"),
    (
        {"type": "geopoint"},
        "90,45 | 90, 45 | -180,-90 | +1.5e1, .5",
        "90 , 45 | 1_0,2 | 181,0 | 0,91 | 90,  45 | 90 | NaN,1",
    ),
    (
        {"type": "geopoint", "format": "array"},
        "[90, 45] | [1.5,-2]",
        '["90", "45"] | [1] | [1,2,3] | [true,1] | [NaN,1]',
    ),
    ({"type": "geopoint", "format": "object"}, '{"lon": 1, "lat": 2}', '{"lon": 1} | {"lon": "1", "lat": 2} | [1,2]'),
    ({"type": "object"}, '{} | {"a": [1]} | {"a":1,"a":2}', '[] | {"a": NaN} | {a:1} | 1 | {"a":1}}'),
    ({"type": "array"}, "[] | [1, [2]]", "{} | [Infinity] | [1,] | 1 | " + "[" * 200 + "]" * 200 + " | " + "[" * 9**5),
    ({"type": "list"}, "a | a,b | a,,b", ""),
    ({"type": "list", "itemType": "integer"}, "1,2 | 1", "1, 2 | 1,,2 | a"),
    ({"type": "list", "itemType": "date", "delimiter": ";;"}, "2024-01-01;;2024-01-02", "2024-01-01;2024-01-02"),
    (
        {"type": "geojson"},
        (
            '{"type":"Point","coordinates":[1,2]} | {"type":"FeatureCollection","features":[]}'
            ' | {"type":"Feature","geometry":null,"properties":{}} | {"type":"LineString","coordinates":[[1,2],[3,4]]}'
            ' | {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]} | {"type":"Polygon","coordinates":[]}'
            ' | {"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}'
            ' | {"type":"MultiLineString","coordinates":[[[1,2],[3,4,5]]]}'
            ' | {"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[1,2]]}]}'
        ),
        (
            '{"type":"LineString","coordinates":[[1,2]]} | {"type":"Polygon","coordinates":[[[0,0],[0,0]]]}'
            ' | {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]} | {"type":"Polygon","coordinates":[[]]}'
            ' | {"type":"MultiLineString","coordinates":[[[1,2]]]} | {"type":"Point","coordinates":[1]}'
            ' | {"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[0,0]]]]} | {"type":["Point"],"coordinates":[1,2]}'
            ' | {} | {"features":[]} | {"type":"Point"} | {"type":"Feature"} | 1'
            ' | {"type":"Point","coordinates":["1",2]}'
        ),
    ),
    (
        {"type": "geojson", "format": "topojson"},
        (
            '{"type":"Topology","objects":{},"arcs":[]} | {"type":"Topology","objects":{"a":'
            '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},'
            '{"type":"Polygon","arcs":[[-1]]}]}},"arcs":[[[1,2],[3,4]]]}'
        ),
        (
            '{"type":"Topology"} | {"type":"Topology","objects":{"x":5},"arcs":["q"]}'
            ' | {"type":"Point","coordinates":[1,2]}'
            ' | {"type":"Topology","objects":{},"arcs":[[[1,2]]]} | 1'
            ' | {"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[0]}},"arcs":[]}'
            ' | {"type":"Topology","objects":{"a":{"type":"Point"}},"arcs":[]}'
        ),
    ),
    ({"type": "date", "format": "%d-%m-%Y"}, "8-8-2008 | 29-02-2024 |  8-08-2008", "29-02-2023 | 8-8-08 | 8-8-0000"),
    ({"type": "date", "format": "%m/%d/%y"}, "7/28/08 | 07/28/69", "28/7/08 | 7/28/2008"),
    ({"type": "date", "format": "fmt:%Y年%m月%d日"}, "2024年1月31日", "2024年2月31日 | 2024-01-01"),
    ({"type": "date", "format": "%d %B %Y"}, "1 January 2024 | 01 JANUARY 2024", "1 Jan 2024 | \u0661 January 2024"),
    ({"type": "date", "format": "%Y-%m"}, "2024-01", "2024"),
    ({"type": "time", "format": "%H%M"}, "101 | 2359", "2400 | 9"),
    ({"type": "time", "format": "%H:%M:%S"}, "8:43:00 | 08:43:0", "24:00:00 | 8:43 | 8:43:60"),
    ({"type": "time", "format": "any"}, "1:01am | 15:00", "24:00pm | 01:01fm"),
    ({"type": "date", "format": "any"}, "1958-03 | 3 March 2020", "yesterday | 2020-13-45"),
    (
        {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
        "2024-01-01T00:00:00Z | 2024-01-01T00:00:00+0200 | 2024-01-01T00:00:00+02:00 | 2024-01-01T00:00:00-02:00:30",
        "2024-01-01T00:00:00 | 2024-01-01T00:00:00z | 2024-01-01T00:00:00+25:00 | 2024-02-30T00:00:00Z",
    ),
    ({"type": "datetime", "format": "%Y-%m-%dT%H:%M"}, "2024-01-01T00:00 | 2024-1-1t0:0", "2024-01-01 00:00"),
    ({"type": "unheard of"}, "a | b", ""),
    ({"type": "date", "format": "%q"}, "a | b", ""),
]


@pytest.mark.parametrize(("field", "good", "bad"), GOOD_AND_BAD)
def test_a_type_takes_what_its_rule_takes(field: dict[str, Any], good: str, bad: str) -> None:
    valid, faulty = (part.split(" | ") if part else [] for part in (good, bad))
    assert wrong(field, [*valid, *faulty, "", None]) == faulty
    # A single faulty or valid cell is judged as it is among others.
    assert all(wrong(field, [one]) == [one] for one in faulty)
    assert all(wrong(field, [one]) == [] for one in valid)


@pytest.mark.parametrize(
    ("field", "cells", "values"),
    [
        ({"type": "integer"}, ["007", "+1", "x", "", None, LONG], [7, 1, None, None, None, None]),
        ({"type": "number"}, [".5", "1e3", "INF", "-inf", "x"], [0.5, 1000.0, float("inf"), float("-inf"), None]),
        ({"type": "number"}, ["Infinity", "+nan"], [None, None]),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.000,5"], [1000.5]),
        ({"type": "number", "bareNumber": False}, ["Rs. 95.", "95%", ".5", "$-5"], [95.0, 95.0, 0.5, -5.0]),
        ({"type": "boolean"}, ["1", "False", "x"], [True, False, None]),
        ({"type": "date"}, ["2024-02-29", "2024-2-9"], [date(2024, 2, 29), None]),
        ({"type": "date", "format": "%Y-%m-%d %H:%M"}, ["2024-02-29 12:30"], [date(2024, 2, 29)]),
        ({"type": "date", "format": "%m/%d/%y"}, ["1/2/69", "1/2/68"], [date(1969, 1, 2), date(2068, 1, 2)]),
        ({"type": "date", "format": "any"}, ["1958-03"], [date(1958, 3, 1)]),
        ({"type": "time"}, ["24:00:00", "15:04:05", "x"], [time(0), time(15, 4, 5), None]),
        ({"type": "time", "format": "%H%M"}, ["101"], [time(10, 1)]),
        ({"type": "year"}, ["0910", "-0044", "2024Z", "12024"], [910, -44, 2024, 12024]),
        ({"type": "yearmonth"}, ["2024-03", "-0001-12Z"], [2024 * 12 + 2, -1]),
        (
            {"type": "datetime"},
            [
                "2024-01-01T24:00:00Z",
                "2024-01-01T01:00:00.5+02:00",
                "2024-01-01T01:00:00-00:30",
                "1969-12-31T23:59:59.5",
            ],
            [
                datetime(2024, 1, 2),  # noqa: DTZ001 -- UTC
                datetime(2023, 12, 31, 23, 0, 0, 500_000),  # noqa: DTZ001
                datetime(2024, 1, 1, 1, 30),  # noqa: DTZ001
                datetime(1969, 12, 31, 23, 59, 59, 500_000),  # noqa: DTZ001
            ],
        ),
        (
            {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
            ["2024-01-01T01:00:00Z", "2024-01-01T01:00:00+02:00"],
            [datetime(2024, 1, 1, 1), datetime(2023, 12, 31, 23)],  # noqa: DTZ001
        ),
    ],
)
def test_values_have_the_natural_type(field: dict[str, Any], cells: list[str | None], values: list[Any]) -> None:
    assert read(field, cells) == values


@pytest.mark.parametrize(
    ("field", "equal", "others"),
    [
        ({"type": "integer"}, ["1", "+1", "001"], ["2", "-1"]),
        ({"type": "integer"}, [LONG, "+0" + LONG], [LONG + "0", "-" + LONG, "9223372036854775807"]),
        ({"type": "number"}, ["1", "1.0", "1e0", "+01", "0.1E1", "1" + "." + "0" * 60], ["1.1", "10", "-1"]),
        ({"type": "number"}, ["0", "-0", "0.000", "0e5", ".0"], ["1e-400", "NaN"]),
        ({"type": "number"}, ["123456789012345678", "123456789012345678.0"], ["123456789012345679"]),
        ({"type": "number"}, ["NaN", "nan"], ["INF"]),
        ({"type": "number"}, ["1e39", "1" + "0" * 39, "10e38"], ["1e40", "1e999999999"]),
        ({"type": "number"}, ["-.50", "-0.5", "-5e-1", "-00.5"], ["0.5", "-5"]),
        ({"type": "number", "groupChar": ","}, ["1,000", "1000.0"], ["1"]),
        ({"type": "boolean"}, ["true", "1"], ["0"]),
        ({"type": "time"}, ["24:00:00", "00:00:00"], ["00:00:01"]),
        ({"type": "year"}, ["2024", "2024Z"], ["2025"]),
        ({"type": "duration"}, ["P1Y", "P12M"], ["P365D"]),
        ({"type": "duration"}, ["P1D", "PT24H", "PT86400.0S"], ["P1M", "-P1D"]),
        ({"type": "geopoint"}, ["1,2", "1.0, 2e0"], ["2,1"]),
        ({"type": "object"}, ['{"a":1,"b":2}', '{"b": 2.0, "a": 1}'], ['{"a":1}']),
        ({"type": "list", "itemType": "integer"}, ["1,2", "01,+2"], ["2,1"]),
        (
            {"type": "datetime"},
            ["2024-01-01T00:00:00Z", "2024-01-01T02:00:00.0+02:00"],
            ["2024-01-01T00:00:00.0000001Z"],
        ),
        ({"type": "string"}, ["a"], ["A", "a "]),
    ],
)
def test_keys_are_equal_where_values_are(field: dict[str, Any], equal: list[str], others: list[str]) -> None:
    keys = read(field, [*equal, *others], "key")
    assert len(set(keys[: len(equal)])) == 1
    assert len(set(keys)) == 1 + len(others)
    assert None not in keys
    # One by one too: a batch of one kind takes other ways than a mixed one.
    assert [read(field, [one], "key")[0] for one in [*equal, *others]] == keys


@pytest.mark.parametrize(
    ("field", "constraints", "good", "bad"),
    [
        ({"type": "string"}, {"required": True}, ["a", None], [""]),
        ({"type": "string"}, {"required": False}, ["a", "", None], []),
        ({"type": "string"}, {"enum": ["a", "b"]}, ["a", "b", "", None], ["c", "A"]),
        ({"type": "string"}, {"enum": list("abcdefghijk")}, ["a", "k", ""], ["l"]),
        ({"type": "integer"}, {"enum": ["1", 2, int(LONG)]}, ["1", "+01", "2", LONG, "x"], ["3", LONG + "1"]),
        ({"type": "number"}, {"enum": [1, "2.50"]}, ["1.0", "1e0", "2.5", "x"], ["3", "NaN"]),
        ({"type": "boolean"}, {"enum": [True]}, ["true", "1"], ["0"]),
        ({"type": "date"}, {"enum": ["2024-01-01"]}, ["2024-01-01", "x"], ["2024-01-02"]),
        ({"type": "year"}, {"enum": [910, "2024"]}, ["0910", "2024Z"], ["2025"]),
        ({"type": "time"}, {"enum": ["24:00:00"]}, ["00:00:00"], ["00:00:01"]),
        ({"type": "duration"}, {"enum": ["P1Y"]}, ["P12M"], ["P1M"]),
        ({"type": "object"}, {"enum": [{"a": 1}]}, ['{"a": 1.0}'], ["{}"]),
        ({"type": "string"}, {"pattern": "a|bc"}, ["a", "bc"], ["axx", "abc", "ab\n", "a\n"]),
        ({"type": "string"}, {"pattern": "^a.*$"}, ["a", "abc"], ["ba", "a\nb"]),
        ({"type": "string"}, {"pattern": "[a-z-[aeiou]]+"}, ["xyz"], ["a", "-", "["]),
        ({"type": "string"}, {"pattern": "[^a-z-[0]]"}, ["1", "A"], ["a", "0"]),
        ({"type": "string"}, {"pattern": r"\i\c*"}, ["a-1", "_é"], ["1a", "-"]),
        ({"type": "string"}, {"pattern": r"[\d~&&]+"}, ["1~", "٣"], ["a"]),
        ({"type": "string"}, {"pattern": r"\w\W\s\S\D"}, ["+- x~"], ["--  1"]),
        ({"type": "string"}, {"pattern": r"\<a[\<\>]"}, ["<a>", "<a<"], ["a", "a>"]),
        ({"type": "string"}, {"pattern": r"\p{IsBasicLatin}\P{IsBasicLatin}\p{Lu}"}, ["aéÉ"], ["éaa"]),
        (
            {"type": "string"},
            {"pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"},
            ["a", "a.b/c.d", "https://x/y."],
            ["/a", "./a", "a..b", "~a", "a\nb", "a/.."],
        ),
        ({"type": "string"}, {"minLength": 2}, ["ab", "éé", ""], ["é", "a"]),
        ({"type": "string"}, {"maxLength": 2}, ["ab", "éé"], ["abc"]),
        ({"type": "array"}, {"minLength": 1, "maxLength": 2}, ["[1]", "x"], ["[]"]),
        ({"type": "object"}, {"maxLength": 1}, ['{"a": 1}'], ['{"a": 1, "b": 2}']),
        ({"type": "list"}, {"maxLength": 2}, ["a,b"], ["a,b,c"]),
        ({"type": "integer"}, {"minimum": "2"}, ["2", LONG, "x", ""], ["1", "-5", "-" + LONG]),
        ({"type": "integer"}, {"maximum": 2}, ["2", "-" + LONG], ["3", LONG]),
        ({"type": "integer"}, {"maximum": int(LONG)}, ["2", LONG, "-" + LONG], [LONG + "0"]),
        ({"type": "integer"}, {"minimum": int(LONG)}, [LONG], ["2", "-" + LONG]),
        ({"type": "integer"}, {"exclusiveMinimum": 2}, ["3"], ["2", "1"]),
        ({"type": "integer"}, {"exclusiveMaximum": 2}, ["1"], ["2", "3"]),
        ({"type": "integer", "groupChar": ","}, {"maximum": 1000}, ["1,000", "2,,000"], ["1,001"]),
        (
            {"type": "number"},
            {"minimum": 0},
            ["0", "-0", "1e-400", "INF", "x", "-Infinity"],
            ["-1e-400", "-INF", "NaN"],
        ),
        (
            {"type": "number"},
            {"maximum": 0.1},
            ["0.1", "0.10000000000000000000", "-INF"],
            ["0.10000000000000000001", "NaN"],
        ),
        ({"type": "number"}, {"exclusiveMinimum": "1e-15"}, ["1.1e-15"], ["0.000000000000001", "1E-15"]),
        ({"type": "number"}, {"exclusiveMaximum": 5}, ["4.99", "4." + "9" * 30], ["5", "5.0", "5." + "0" * 30]),
        ({"type": "number"}, {"maximum": "INF"}, ["1", "INF", "1e999"], ["NaN"]),
        ({"type": "number"}, {"maximum": "1e400"}, ["1", "1e399", "10e399"], ["2e400", "INF"]),
        ({"type": "number", "decimalChar": ","}, {"maximum": 1.5}, ["1,5"], ["1,6"]),
        ({"type": "number", "bareNumber": False}, {"maximum": 1.5}, ["€1.5"], ["€1.6"]),
        ({"type": "date"}, {"minimum": "2024-01-01"}, ["2024-01-01", "1-1-1"], ["2023-12-31"]),
        ({"type": "date", "format": "%d-%m-%Y"}, {"maximum": "1-2-2024"}, ["01-02-2024"], ["2-2-2024"]),
        ({"type": "time"}, {"minimum": "11:59:00"}, ["11:59:00"], ["24:00:00", "11:58:59"]),
        ({"type": "year"}, {"minimum": 901, "maximum": "2024"}, ["0901", "2024Z"], ["0900"]),
        ({"type": "yearmonth"}, {"exclusiveMaximum": "2024-01"}, ["2023-12", "-0044-03"], ["2024-01"]),
        (
            {"type": "datetime"},
            {"minimum": "2024-01-01T00:00:00Z"},
            ["2024-01-01T00:00:00"],
            ["2024-01-01T01:00:00+02:00"],
        ),
        ({"type": "duration"}, {"maximum": "P1M"}, ["P27D", "P30D", "P1M"], ["P32D", "P2M"]),
        ({"type": "array"}, {"jsonSchema": {"items": {"type": "integer"}}}, ["[1]", "x"], ['["a"]']),
        ({"type": "object"}, {"jsonSchema": {"properties": {"a": {"pattern": "^b"}}}}, ['{"a": "b"}'], ['{"a": "c"}']),
        (
            {"type": "array"},
            {"jsonSchema": {"uniqueItems": True}},
            ['[1, "1", true]'],
            ["[1, 2, 1.0]", '[{"a": 1}, {"a": 1}]'],
        ),
        (
            {"type": "object"},
            {"jsonSchema": NESTED},
            ["{}", '{"a": {"b": "x"}}'],
            ['{"a": {"b": 1}}', '{"a": {"a": {"b": 1}}}'],
        ),
        ({"type": "object"}, {"jsonSchema": OWN_NAMES}, ['{"b": "x"}'], ['{"b": 1}']),
    ],
)
def test_constraints_hold_of_logical_values(
    field: dict[str, Any], constraints: dict[str, Any], good: list[str | None], bad: list[str]
) -> None:
    found = faults({**field, "constraints": constraints}, [*good, *bad])[1:]
    assert {one for cells in found for one in cells} == {*bad}
    assert not reasons({**field, "constraints": constraints})
    for cell in [*good, *bad]:
        assert any(faults({**field, "constraints": constraints}, [cell])[1:]) == (cell in bad)


@pytest.mark.parametrize("end", ["", "\\"])
def test_a_string_that_is_never_closed_takes_no_time(end: str) -> None:
    cell = "[" * 101 + '"' + '\\"' * 100_000 + end
    start = clock.monotonic()
    assert wrong({"type": "array"}, [cell]) == [cell]
    assert clock.monotonic() - start < 5


def test_categories_are_codes() -> None:
    field = {"type": "integer", "categories": [{"value": 1, "label": "one"}, {"value": "2"}]}
    (_, code), _ = field_checks(read_field({"name": "x", **field}, [""]))
    assert (code.rule, code.codes) == ("unknown-code", ("1", "2"))
    assert faults(field, ["01", "2", "", "3", "x"])[1] == ["3"]


@pytest.mark.parametrize(
    ("schema", "field", "missing"),
    [
        ({}, {}, [""]),
        ({"missingValues": ["NA"]}, {}, ["NA"]),
        ({"missingValues": ["NA"]}, {"missingValues": []}, []),
        ({"missingValues": [{"value": "-", "label": "none"}, "", ""]}, {}, ["-", ""]),
        ({"missingValues": "NA"}, {}, [""]),
        ({"missingValues": [1, None, {}]}, {}, []),
    ],
)
def test_missing_values_of_the_field_replace_the_schemas(
    schema: dict[str, Any], field: dict[str, Any], missing: list[str]
) -> None:
    assert missing_values(schema, field) == missing


@pytest.mark.parametrize("kind", ["string", "integer", "number", "date", "year", "boolean", "any", "array"])
def test_missing_comes_before_the_type(kind: str) -> None:
    field = {"type": kind, "constraints": {"required": True}}
    many = ["-999", "NA", "99999999999999999999", *map(str, range(20_000, 20_010))]
    for missing in (["-999", "99999999999999999999"], many):
        assert faults(field, ["-999", "99999999999999999999", None], missing) == [[], ["-999", "99999999999999999999"]]
        for part in ("text", "value", "key"):
            assert read(field, ["-999", "99999999999999999999", None], part, missing) == [None, None, None]
    assert wrong({"type": kind}, [""], []) == ([] if kind in {"string", "any"} else [""])
    assert faults(field, [None], [])[1] == []


@pytest.mark.parametrize(
    "field",
    [
        {"type": "color"},
        {"type": 5},
        {"type": "year", "format": "any"},
        {"type": "date", "format": "%q"},
        {"type": "date", "format": "%d %d"},
        {"type": "date", "format": []},
        {"type": "number", "groupChar": "."},
        {"type": "number", "decimalChar": ""},
        {"type": "boolean", "trueValues": "ja"},
        {"type": "boolean", "trueValues": ["0"]},
        {"type": "list", "itemType": "list"},
        {"constraints": []},
        {"constraints": {"odd": 1}},
        {"constraints": {"required": "yes"}},
        {"constraints": {"enum": "abc"}},
        {"constraints": {"enum": []}},
        {"type": "integer", "constraints": {"enum": ["x"]}},
        {"type": "integer", "constraints": {"minimum": "x"}},
        {"type": "integer", "constraints": {"minimum": True}},
        {"type": "number", "constraints": {"minimum": "NaN"}},
        {"type": "date", "constraints": {"minimum": 2024}},
        {"type": "string", "constraints": {"minimum": 1}},
        {"type": "integer", "constraints": {"minLength": 1}},
        {"type": "string", "constraints": {"minLength": "1"}},
        {"type": "integer", "constraints": {"pattern": "1"}},
        {"type": "string", "constraints": {"pattern": "(?=a)"}},
        {"type": "string", "constraints": {"pattern": r"(a)\1"}},
        {"type": "string", "constraints": {"pattern": "a++"}},
        {"type": "string", "constraints": {"pattern": "a{1000}{1000}"}},
        {"type": "string", "constraints": {"pattern": r"\p{IsKlingon}"}},
        {"type": "string", "constraints": {"pattern": "["}},
        {"type": "string", "constraints": {"pattern": ["a"]}},
        {"type": "string", "constraints": {"jsonSchema": {}}},
        {"type": "array", "constraints": {"jsonSchema": {"type": "klingon"}}},
        {"type": "array", "constraints": {"jsonSchema": {"$ref": "https://example.org/schema"}}},
        {"type": "array", "constraints": {"jsonSchema": {"$ref": "#"}}},
        {"type": "object", "constraints": {"jsonSchema": {"properties": {"a": {"$ref": "#/nope"}}}}},
        {"type": "object", "constraints": {"jsonSchema": {"properties": {"a": {"$ref": "http://example.org/a"}}}}},
        {"type": "object", "constraints": {"jsonSchema": {"properties": {"a": {"pattern": "^(?!b)a"}}}}},
        {"type": "object", "constraints": {"jsonSchema": {"properties": {"a": {"$schema": DRAFT, "pattern": "a"}}}}},
        {"type": "object", "constraints": {"jsonSchema": doubling(30)}},
        {"type": "date", "categories": ["2024-01-01"]},
        {"type": "string", "categories": "a"},
        {"type": "integer", "categories": [{"label": "a"}]},
    ],
)
def test_what_cannot_be_checked_is_said(field: dict[str, Any]) -> None:
    assert reasons(field)
    faults(field, ["a", "1", "", None])


@pytest.mark.parametrize("name", ["*", "^a$", "^.*$", "", "é \n", "__"])
def test_names_are_no_patterns(name: str) -> None:
    column = read_field({"name": name, "type": "integer", "constraints": {"pattern": "a"}}, [""])
    table = pl.LazyFrame({name: ["1", "x"], "a": ["x", "x"]}).select(faulty=column.faulty).collect(engine="streaming")
    assert table["faulty"].to_list() == [False, True]


# Against Python's own readers.

CHARS = st.text(st.sampled_from("0123456789+-.eE_ naNiIfFT:Z٣\uff11\n,"), max_size=12)
INTEGERS = CHARS | st.integers().map(str) | st.integers(-(10**45), 10**45).map(str)
DECIMALS = CHARS | st.decimals(allow_nan=False, allow_infinity=False).map(str) | INTEGERS | st.floats().map(str)


def strict(cell: str, pattern: str, reader: Callable[[str], Any]) -> Any:  # noqa: ANN401
    """What Python reads of a cell that matches a pattern, None of another."""
    if not re.fullmatch(pattern, cell):
        return None
    try:
        return reader(cell)
    except (ValueError, ArithmeticError):
        return None


def agree(field: dict[str, Any], cells: list[str], oracle: Callable[[str], Any]) -> None:
    """The cells that Python does not read are faulty, and the others have its value."""
    values = [oracle(cell) for cell in cells]
    assert wrong(field, list(cells), []) == [cell for cell, value in zip(cells, values, strict=True) if value is None]
    assert read(field, list(cells), missing=[]) == values


@given(st.lists(INTEGERS, max_size=6))
def test_integers_are_pythons(cells: list[str]) -> None:
    values = [strict(cell, "[+-]?[0-9]+", int) for cell in cells]
    assert wrong({"type": "integer"}, list(cells), []) == [
        cell for cell, one in zip(cells, values, strict=True) if one is None
    ]
    assert read({"type": "integer"}, list(cells), missing=[]) == [
        one if one is not None and -(2**63) <= one < 2**63 else None for one in values
    ]
    keys = read({"type": "integer"}, list(cells), "key", [])
    assert all((keys[a] == keys[b]) == (values[a] == values[b]) for a in range(len(keys)) for b in range(a))


@given(st.lists(DECIMALS, max_size=6))
@example(["1e-400", "0", "-0", ".5", "00.50"])
def test_numbers_are_decimals(cells: list[str]) -> None:
    number = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
    values = [strict(cell, number, Decimal) for cell in cells if not re.fullmatch("(?i)nan|-?inf", cell)]
    cells = [cell for cell in cells if not re.fullmatch("(?i)nan|-?inf", cell)]
    assert wrong({"type": "number"}, list(cells), []) == [
        cell for cell, one in zip(cells, values, strict=True) if one is None
    ]
    floats = [None if one is None else float(cell) for cell, one in zip(cells, values, strict=True)]
    assert read({"type": "number"}, list(cells), missing=[]) == floats
    keys = read({"type": "number"}, list(cells), "key", [])
    assert all((keys[a] == keys[b]) == (values[a] == values[b]) for a in range(len(keys)) for b in range(a))


BOUNDS = {
    "minimum": Decimal.__ge__,
    "maximum": Decimal.__le__,
    "exclusiveMinimum": Decimal.__gt__,
    "exclusiveMaximum": Decimal.__lt__,
}
EXACT = st.integers(-(10**25), 10**25).map(str) | st.decimals(-9, 9, places=20).map(lambda one: f"{one:f}")


@given(
    st.lists(EXACT | st.sampled_from(["0", "0.1", "0.10000000000000000001", "-0.0"])), EXACT, st.sampled_from([*BOUNDS])
)
@settings(max_examples=200)
def test_bounds_of_numbers_are_exact(cells: list[str], bound: str, constraint: str) -> None:
    field = {"type": "number", "constraints": {constraint: bound}}
    cells = [*cells, bound, bound.rstrip("0") or "0"]
    assert faults(field, list(cells))[1] == [
        one for one in cells if not BOUNDS[constraint](Decimal(one), Decimal(bound))
    ]


@given(st.lists(INTEGERS), st.integers(-(10**25), 10**25), st.sampled_from([*BOUNDS]))
def test_bounds_of_integers_are_exact(cells: list[str], bound: int, constraint: str) -> None:
    cells = [cell for cell in cells if re.fullmatch("[+-]?[0-9]+", cell)] + [str(bound), str(bound + 1), str(bound - 1)]
    field = {"type": "integer", "constraints": {constraint: bound}}
    assert faults(field, list(cells))[1] == [
        one for one in cells if not BOUNDS[constraint](Decimal(one), Decimal(bound))
    ]


def mutated(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts, and texts with one character changed, left out or put in."""

    def change(one: str, at: int, new: str, drop: int) -> str:
        at = at % (len(one) + 1)
        return one[:at] + new + one[at + drop :]

    changed = st.builds(
        change, text, st.integers(0, 30), st.sampled_from([*"0123456789-+:TZ .", "", "٣"]), st.integers(0, 1)
    )
    return text | changed


DATES = mutated(st.dates().map(str))


@given(st.lists(DATES))
@example(["2000-02-29", "1900-02-29", "2100-02-29", "0400-02-29", "0004-02-29", "0100-02-29"])
def test_dates_are_pythons(cells: list[str]) -> None:
    agree({"type": "date"}, cells, lambda cell: strict(cell, "[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat))


@given(st.lists(mutated(st.times().map(lambda one: one.isoformat("seconds")))))
def test_times_are_pythons(cells: list[str]) -> None:
    cells = [cell for cell in cells if cell != "24:00:00"]
    agree({"type": "time"}, cells, lambda cell: strict(cell, "[0-9]{2}:[0-9]{2}:[0-9]{2}", time.fromisoformat))


ZONES = st.sampled_from(["", "Z", "+02:00", "-05:30", "+14:00", "-00:30"])
SPAN = (datetime(2, 1, 1), datetime(9998, 1, 1))  # noqa: DTZ001 -- room for a zone's hours
MOMENTS = st.builds(lambda one, zone: one.isoformat() + zone, st.datetimes(*SPAN), ZONES)
STAMP = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3}|\.[0-9]{6})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)


def utc(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found - found.utcoffset()).replace(tzinfo=None) if found.tzinfo else found  # type: ignore[operator]


@given(st.lists(mutated(MOMENTS)))
def test_datetimes_are_pythons(cells: list[str]) -> None:
    odd = re.compile(r".*T24:.*|.*\.([0-9]{1,2}|[0-9]{4,5}|[0-9]{7,})([Z+-].*)?|[0-9]{5,}-.*|-.*")
    cells = [cell for cell in cells if not odd.fullmatch(cell)]
    agree({"type": "datetime"}, cells, lambda cell: strict(cell, STAMP, utc))


FORMS = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%d %b %Y", "%j/%Y", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y %H:%M", "%Y"]


@given(st.sampled_from(FORMS), st.lists(st.datetimes(datetime(1000, 1, 1)), max_size=4), st.data())  # noqa: DTZ001
@settings(max_examples=200)
def test_patterns_of_dates_are_pythons(form: str, moments: list[datetime], data: st.DataObject) -> None:
    plain = [one.strftime(form) for one in moments]
    cells = [data.draw(mutated(st.sampled_from([one, re.sub(r"\b0", "", one)]))) for one in plain]

    def oracle(cell: str) -> datetime | None:
        try:
            return None if re.search("[٣]", cell) else datetime.strptime(cell, form)  # noqa: DTZ007
        except ValueError:
            return None

    agree({"type": "datetime", "format": form}, cells, oracle)


@given(st.lists(mutated(st.integers(-20_000, 20_000).map(lambda one: f"{one:05d}" if one < 0 else f"{one:04d}"))))
def test_years_are_of_four_digits_and_more(cells: list[str]) -> None:
    cells = [cell for cell in cells if not re.search("[Z:]", cell)]
    agree(
        {"type": "year"}, cells, lambda cell: strict(cell, "-?([1-9][0-9]{3,}|0[0-9]{3})", lambda one: int(one) or None)
    )


@given(st.lists(mutated(st.dates().map(lambda one: f"{one:%Y-%m}".zfill(7)))))
def test_months_are_counted(cells: list[str]) -> None:
    def oracle(cell: str) -> Any:  # noqa: ANN401
        return strict(cell, "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])", lambda one: int(one[:4]) * 12 + int(one[5:]) - 1)

    agree({"type": "yearmonth"}, [one for one in cells if re.fullmatch("[0-9]{4}-[^Z]*|[^-]*", one)], oracle)


@given(
    st.lists(st.text(st.sampled_from("tTrueYesno01"), max_size=4)),
    st.lists(st.text("ab", max_size=2), max_size=12),
    st.lists(st.text("cd", min_size=1, max_size=2), max_size=12),
)
def test_booleans_are_the_words_listed(cells: list[str], true: list[str], false: list[str]) -> None:
    words = {"true": True, "True": True, "TRUE": True, "1": True} | dict.fromkeys(
        ("false", "False", "FALSE", "0"), False
    )
    agree({"type": "boolean"}, cells, words.get)
    own = dict.fromkeys(true, True) | dict.fromkeys(false, False)
    field = {"type": "boolean", "trueValues": true, "falseValues": false}
    agree(field, [*cells, *true, *false], own.get)


@given(
    st.lists(st.text("ab\n.", max_size=4)),
    st.sampled_from(["a|bc", "a+b?", "[ab]{2}", r"a\.b", "(a|b)*", "^a$", ".", ""]),
)
def test_patterns_match_whole(cells: list[str], pattern: str) -> None:
    field = {"type": "string", "constraints": {"pattern": pattern}}
    found = faults(field, list(cells), [])[1]
    exact = pattern.removesuffix("$") if pattern == "^a$" else pattern
    assert found == [one for one in cells if not re.fullmatch(exact, one)]


@given(st.lists(st.text(max_size=5)), st.lists(st.text(max_size=3), min_size=1), st.integers(0, 5), st.integers(0, 5))
def test_enum_and_lengths_of_strings(cells: list[str], allowed: list[str], least: int, most: int) -> None:
    constraints = {"enum": allowed, "minLength": least, "maxLength": most}
    _, outside, short, long = faults({"type": "string", "constraints": constraints}, [*cells, *allowed], [])
    cells = [*cells, *allowed]
    assert outside == [one for one in cells if one not in allowed]
    assert short == [one for one in cells if len(one) < least]
    assert long == [one for one in cells if len(one) > most]


# No descriptor and no cell ends in a traceback.

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1", "a", "P1D", "%Y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
SIMPLE = ["string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year"]
TYPES = st.sampled_from([*SIMPLE, "yearmonth", "duration", "geopoint", "geojson", "any", "x"])
FORMATS = st.sampled_from(
    ["default", "any", "email", "uri", "array", "object", "topojson", "%Y-%m-%d", "%H%M", "fmt:%d", "%"]
)
NAMES = ["required", "unique", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "jsonSchema"]
FIELD = st.fixed_dictionaries(
    {"type": TYPES | JSON},
    optional={
        "format": FORMATS | st.text(st.sampled_from("%YmdHMSzbyj -/"), max_size=6) | JSON,
        "groupChar": st.text(max_size=1) | JSON,
        "decimalChar": st.text(max_size=1) | JSON,
        "bareNumber": st.booleans() | JSON,
        "trueValues": st.lists(st.text(max_size=2)) | JSON,
        "delimiter": st.text(max_size=2) | JSON,
        "itemType": TYPES | JSON,
        "categories": st.lists(JSON | st.text(max_size=2)) | JSON,
        "constraints": st.dictionaries(
            st.sampled_from([*NAMES, "exclusiveMinimum", "exclusiveMaximum"]),
            JSON | st.lists(st.text(max_size=2)) | st.text("ab[]-^\\pi{}()+*?1", max_size=6) | st.integers(-5, 10**30),
        )
        | JSON,
    },
)
CELLS = (
    st.none() | st.text(max_size=8) | CHARS | JSON.map(json.dumps) | MOMENTS | st.sampled_from(["P1M", "1,2", "NaN"])
)


@given(FIELD, st.lists(CELLS, max_size=5), st.lists(st.text(max_size=2), max_size=10))
@settings(max_examples=600, deadline=None)
def test_nothing_ends_in_a_traceback(field: dict[str, Any], cells: list[str | None], missing: list[str]) -> None:
    column = read_field({"name": "x", **field}, missing)
    checks, why = field_checks(column)
    assert all(isinstance(one, str) for one in column.unchecked)
    assert all(isinstance(one, NotCheckedError) for one in why)
    parts = {"text": column.text, "value": column.value, "key": column.key, "faulty": column.faulty}
    parts |= {f"_{at}": one.faulty for at, one in enumerate(checks)}
    lazy = frame(cells).select(pl.col("x"), **parts)
    table = lazy.collect(engine="streaming")
    judged = table.select(pl.col("faulty"), pl.col("^_.*$"))
    assert not sum(judged.null_count().row(0)) if judged.height else True
    assert not table.filter(pl.col("x").is_null() & pl.any_horizontal(judged.columns)).height
    assert not table.filter(pl.col("faulty") & (pl.col("value").is_not_null() | pl.col("key").is_not_null())).height
