"""Table Schema from end to end, on packages made for one thing each."""

from __future__ import annotations

import gzip
import json
import random
import time
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

import qantar
from qantar import source
from qantar.commands import cli
from qantar.errors import PackageError, QantarError, UnsafeDataError, UnsafePathError
from qantar.model import Report


def package(root: Path, data: object, schema: dict[str, Any], **resource: object) -> Report:
    """Write a package of one resource `t`, and validate it; `data` is text or bytes of its file, or inline."""
    given: dict[str, object] = {"name": "t", "schema": schema, **resource}
    if isinstance(data, str | bytes):
        given.setdefault("path", "t.csv")
        (root / str(given["path"])).write_bytes(data.encode() if isinstance(data, str) else data)
    elif data is not None:
        given["data"] = data
    descriptor = {"name": "p", "resources": [given]}
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return qantar.validate(root)


def places(report: Report) -> list[str]:
    return [f"{one.row}:{one.field} {one.rule}" for one in report.findings]


def fields(**types: str) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": kind} for name, kind in types.items()]}


ROWS = "a,b\n1,x\n2,\nthree,y\n"


def test_csv(tmp_path: Path) -> None:
    assert places(package(tmp_path, ROWS, fields(a="integer", b="string"))) == ["4:a type-error"]


def test_gz(tmp_path: Path) -> None:
    report = package(tmp_path, gzip.compress(ROWS.encode()), fields(a="integer", b="string"), path="t.csv.gz")
    assert places(report) == ["4:a type-error"]


def test_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        archive.writestr("t.csv", ROWS)
    report = package(tmp_path, None, fields(a="integer", b="string"), path="t.csv.zip")
    assert places(report) == ["4:a type-error"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeDataError, match=r"t\.csv\.gz  The file unpacks to more than is safe"):
        package(tmp_path, gzip.compress(bytes(20 << 20)), fields(a="string"), path="t.csv.gz")


def packages(root: Path, *paths: object) -> Path:
    """Write a package with a resource for each path."""
    listed = [{"name": f"t{at}", "path": one, "schema": fields(a="string")} for at, one in enumerate(paths)]
    (root / "datapackage.json").write_text(json.dumps({"name": "p", "resources": listed}), encoding="utf-8")
    return root


def test_many_small_bombs_are_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a\n" + b"x\n" * (4 << 20))
    for at in range(3):
        (tmp_path / f"{at}.csv.gz").write_bytes(bomb)
    with pytest.raises(UnsafeDataError, match=r"1\.csv\.gz  With this file, the package unpacks to more than is safe"):
        qantar.validate(packages(tmp_path, *(f"{at}.csv.gz" for at in range(3))))


def test_a_compressed_file_is_unpacked_once(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a\n" + b"x\n" * (4 << 20)))
    assert len(qantar.validate(packages(tmp_path, *["t.csv.gz"] * 5)).checked) == 5


def test_what_is_joined_again_and_again_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "WHOLE_LIMIT", 100_000)
    (tmp_path / "t.csv").write_text("a\n" + "x\n" * 10_000, encoding="utf-8")
    assert qantar.validate(packages(tmp_path, ["t.csv"] * 5)).checked
    for paths in ([["t.csv"] * 10], [["t.csv", "./t.csv"]] * 5):
        with pytest.raises(UnsafeDataError, match=r"t\.csv  The package is joined from more than is safe"):
            qantar.validate(packages(tmp_path, *paths))


def test_a_gz_that_is_none(tmp_path: Path) -> None:
    report = package(tmp_path, b"no gzip", fields(a="string"), path="t.csv.gz")
    assert [one.rule for one in report.findings] == ["scheme-error"]


@pytest.mark.parametrize("data", [[["a", "b"], [1, "x"], ["three", None]], [{"a": 1, "b": "x"}, {"a": "three"}]])
def test_inline_data(tmp_path: Path, data: object) -> None:
    assert places(package(tmp_path, data, fields(a="integer", b="string"))) == ["3:a type-error"]


def test_json_lines(tmp_path: Path) -> None:
    report = package(tmp_path, '{"a": 1}\n\n{"a": "three"}\n', fields(a="integer"), path="t.jsonl")
    assert places(report) == ["3:a type-error"]


def test_parquet(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1, None, 3], "b": ["x", "y", None]}).write_parquet(tmp_path / "t.parquet")
    schema = {"fields": [{"name": "a", "type": "integer", "constraints": {"maximum": 2}}, {"name": "b"}]}
    assert places(package(tmp_path, None, schema, path="t.parquet")) == ["4:a constraint-error"]


def test_a_damaged_parquet_file_is_one_finding(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": range(200), "b": [f"x{one}" for one in range(200)]})
    frame.write_parquet(tmp_path / "t.parquet")
    sound, chance = (tmp_path / "t.parquet").read_bytes(), random.Random(1)  # noqa: S311 -- no secret
    for _ in range(150):
        damaged = bytearray(sound[: chance.choice([None, chance.randrange(len(sound))])])
        for at in chance.choices(range(len(damaged)), k=min(3, len(damaged))):
            damaged[at] = chance.randrange(256)
        report = package(tmp_path, bytes(damaged), fields(a="integer", b="string"), path="t.parquet")
        assert [one.rule for one in report.findings if one.rule not in {"type-error", "extra-label"}] in (
            [],
            ["source-error"],
            ["missing-label"],
        )


MOMENT = datetime(2022, 1, 5, 1, 2, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ([MOMENT.replace(tzinfo=None)], {"type": "datetime"}),
        ([MOMENT], {"type": "datetime"}),
        ([MOMENT.replace(tzinfo=None)], {"type": "datetime", "format": "%d/%m/%Y %H:%M:%S.%f"}),
        ([MOMENT.date()], {"type": "date", "format": "%d.%m.%Y"}),
        ([MOMENT.time().replace(microsecond=0)], {"type": "time"}),
        ([timedelta(days=1, microseconds=1)], {"type": "duration"}),
        ([True, False], {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}),
        ([1.5, 1e30, float("inf"), float("-inf"), float("nan")], {"type": "number"}),
        ([1.5], {"type": "number", "decimalChar": ","}),
        ([Decimal("1.50")], {"type": "number"}),
        ([5.0, -1e15], {"type": "integer"}),
        ([5, 2022], {"type": "year"}),
        ([[1, 2], [3]], {"type": "list", "itemType": "integer"}),
        ([[1, 2], [3]], {"type": "array"}),
        ([{"x": 1}], {"type": "object"}),
    ],
)
def test_what_parquet_types_is_read_by_its_field(tmp_path: Path, values: list[Any], field: dict[str, Any]) -> None:
    pl.DataFrame({"a": values, "b": range(len(values))}).write_parquet(tmp_path / "t.parquet")
    schema = {"fields": [{"name": "a", **field, "constraints": {"unique": True}}, {"name": "b", "type": "integer"}]}
    assert places(package(tmp_path, None, schema, path="t.parquet")) == []
    loaded = qantar.load(tmp_path)["t"].get_column("a")
    expected = pl.Series("a", values).drop_nulls()
    if field["type"] in {"datetime", "date", "time", "boolean", "number", "integer"}:
        assert loaded.cast(expected.dtype, strict=False).equals(expected, null_equal=True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ([1], {"type": "string"}),
        ([b"x"], {"type": "string"}),
        ([b"1"], {"type": "integer"}),
        ([5.5], {"type": "integer"}),
        ([timedelta(days=1)], {"type": "date"}),
        ([MOMENT], {"type": "date"}),
        ([MOMENT.time()], {"type": "time"}),
        ([True], {"type": "integer"}),
    ],
)
def test_what_parquet_types_otherwise_is_a_fault(tmp_path: Path, values: list[Any], field: dict[str, Any]) -> None:
    pl.DataFrame({"a": values}).write_parquet(tmp_path / "t.parquet")
    report = package(tmp_path, None, {"fields": [{"name": "a", **field}]}, path="t.parquet")
    assert places(report) == ["2:a type-error"]


def test_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    report = package(tmp_path, b"PAR1 no parquet", fields(a="integer"), path="t.parquet")
    assert [one.rule for one in report.findings] == ["source-error"]


@pytest.mark.parametrize(
    ("text", "dialect", "found"),
    [
        ("a\tb\n1\tx\nz\ty\n", {"delimiter": "\t"}, ["3:a type-error"]),
        ("a;b\n1;x\nz;y\n", {"delimiter": ";"}, ["3:a type-error"]),
        ("a;b\n1;x\nz;y\n", {}, ["1:None undeclared-delimiter"]),
        ("a,b\n1,'x,y'\nz,y\n", {"quoteChar": "'"}, ["3:a type-error"]),
        ("a,b\n# 1,x\n1,x\nz,y\n", {"commentChar": "#"}, ["4:a type-error"]),
        ("a, b\n1, x\nz, y\n", {"skipInitialSpace": True}, ["3:a type-error"]),
        ("1,x\nz,y\n", {"header": False}, ["2:a type-error"]),
        ('a,b\n1,x\\"y\nz,y\n', {"escapeChar": "\\"}, ["3:a type-error"]),
        ("a,b\r\n1,x\r\nz,y\r\n", {}, ["3:a type-error"]),
        ('a,b\n1,"x\ny"\nz,5" pipe\n', {}, ["4:a type-error"]),
    ],
)
def test_dialects(tmp_path: Path, text: str, dialect: dict[str, Any], found: list[str]) -> None:
    assert places(package(tmp_path, text, fields(a="integer", b="string"), dialect=dialect)) == found


def test_latin_1(tmp_path: Path) -> None:
    report = package(tmp_path, "a,b\n1,é\nz,é\n".encode("latin-1"), fields(a="integer", b="string"), encoding="latin-1")
    assert places(report) == ["3:a type-error"]


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    assert places(package(tmp_path, "\ufeffa,b\nz,é\n", fields(a="integer", b="string"))) == ["2:a type-error"]


def test_keys(tmp_path: Path) -> None:
    schema = fields(a="integer", b="integer", c="string") | {
        "primaryKey": ["a", "b"],
        "uniqueKeys": [["c"]],
        "foreignKeys": [{"fields": "c", "reference": {"fields": "a"}}],
    }
    text = "a,b,c\n1,1,1\n1,2,2\n01,1,\n2,,3\n2,3,\n,,\n"
    assert [one for one in places(package(tmp_path, text, schema)) if not one.startswith("None")] == [
        "4:a, b primary-key",
        "5:b primary-key",
        "5:c foreign-key",
        "7:a primary-key",
        "7:b primary-key",
    ]


def test_a_field_may_be_named_like_a_pattern(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "^a.*$", "type": "integer"}, {"name": "*"}], "primaryKey": "^a.*$"}
    assert places(package(tmp_path, "^a.*$,*\n1,x\n1,y\nz,y\n", schema)) == [
        "3:^a.*$ primary-key",
        "4:^a.*$ type-error",
    ]


@pytest.mark.parametrize(
    ("names", "cells", "constraints"),
    [(2_000, [f"x{one}" for one in range(8_000)], {}), (1, ["ba" * 6_000] * 3, {"enum": ["ab" * 6_000 + "c"] * 5})],
)
def test_no_hint_takes_long(tmp_path: Path, names: int, cells: list[str], constraints: dict[str, Any]) -> None:
    listed = [{"name": f"a{one}", "type": "string", "constraints": constraints} for one in range(names)]
    text = "a0\n" + "\n".join(cells) if names == 1 else ",".join(cells) + "\n" + "," * (len(cells) - 1)
    start = time.monotonic()
    report = package(tmp_path, text + "\n", {"fields": listed, "fieldsMatch": ["equal"]})
    assert len(report.findings) >= 3
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    ("match", "text", "found"),
    [
        ("exact", "b,a\n1,2\n", ["1:None incorrect-label"]),
        ("equal", "b,a\n1,2\n", []),
        ("subset", "a,b,c\n1,2,3\n", []),
        ("superset", "a\n1\n", []),
        ("partial", "a,c\n1,3\n", []),
        ("equal", "a\n1\n", ["1:b missing-label"]),
    ],
)
def test_fields_match(tmp_path: Path, match: str, text: str, found: list[str]) -> None:
    assert places(package(tmp_path, text, fields(a="integer", b="integer") | {"fieldsMatch": match})) == found


def test_a_pattern_that_cannot_run_is_said(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "(?=x)y"}}]}
    report = package(tmp_path, "a\nx\n", schema)
    assert any(one.what == "t.csv:a" and "linear time" in one.reason for one in report.not_checked)
    assert [(one.rule, one.field, str(one.severity)) for one in report.findings] == [("schema-error", "a", "warning")]


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"path": "https://example.org/t.csv"}, "its data are remote"),
        ({"path": ["https://example.org/t.csv", "a.csv"]}, "its paths are neither all local nor all remote"),
        ({"path": "ftp://example.org/t.csv"}, "its data are remote, over neither http nor https"),
        ({"path": "a.csv", "schema": "https://example.org/schema.json"}, "its schema is remote: --allow-remote"),
        ({"path": "a.csv", "dialect": "https://example.org/dialect.json"}, "its dialect is remote: --allow-remote"),
        ({"path": ["a.json", "b.json"]}, "data of the format json in several parts cannot be joined"),
        ({"path": ["a.csv", "b.csv"], "encoding": "utf-16"}, "parts in utf-16 are not joined"),
        ({"path": "t.ods"}, "the format ods is not read"),
        ({"path": "t.sqlite", "dialect": {"table": "t"}}, "the format sqlite is not read"),
    ],
)
def test_what_is_out_of_reach_is_said(tmp_path: Path, resource: dict[str, Any], reason: str) -> None:
    for name in ("a.csv", "b.csv", "a.json", "b.json", "t.ods", "t.sqlite"):
        (tmp_path / name).touch()
    given = {"name": "t", "schema": fields(a="string"), **resource}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [given]}), encoding="utf-8")
    report = qantar.validate(tmp_path)
    assert report.checked == []
    assert any(one.reason.startswith(reason) for one in report.not_checked)


ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=2), st.lists(st.integers(), max_size=2))
NAMES = [
    "delimiter",
    "quoteChar",
    "doubleQuote",
    "escapeChar",
    "skipInitialSpace",
    "header",
    "commentChar",
    "nullSequence",
]
NAMES += [
    "lineTerminator",
    "headerRows",
    "property",
    "itemType",
    "itemKeys",
    "commentRows",
    "headerJoin",
    "sheetNumber",
    "sheetName",
]


@given(
    dialect=st.one_of(ODD, st.dictionaries(st.sampled_from(NAMES), ODD)),
    encoding=st.one_of(ODD, st.sampled_from(["utf-8", "utf-16", "cp1250", "rot13", "base64", "idna", "punycode"])),
    data=st.one_of(st.just(ROWS.encode()), st.binary(max_size=30), st.text(max_size=30).map(str.encode)),
    path=st.sampled_from(["t.csv", "t.tsv", "t.json", "t.jsonl", "t.parquet", "t.csv.gz", "t.csv.zip", "t.xlsx"]),
)
def test_nothing_that_a_descriptor_says_ends_in_a_traceback(
    dialect: object, encoding: object, data: bytes, path: str
) -> None:
    with TemporaryDirectory() as folder, suppress(UnsafePathError):  # a dialect may be a path too
        schema = fields(a="integer", b="string")
        package(Path(folder), data, schema, path=path, dialect=dialect, encoding=encoding)


@pytest.mark.parametrize("given", [{"bytes": [1]}, {"hash": "shake_128:00"}, {"hash": "nothing:00"}, {"hash": 7}])
def test_a_length_or_digest_that_cannot_be_one_is_no_traceback(tmp_path: Path, given: dict[str, Any]) -> None:
    assert "4:a type-error" in places(package(tmp_path, ROWS, fields(a="integer", b="string"), **given))


def test_counts_are_exact_without_examples(tmp_path: Path) -> None:
    package(tmp_path, ROWS + "four,z,\nfive\n", fields(a="integer", b="string"))
    report = qantar.validate(tmp_path, max_examples=0)
    assert report.findings == []
    counts = {(rule, resource): count for (rule, resource, _), count in report.counts.items()}
    assert counts == {("type-error", "t"): 1, ("extra-cell", "t"): 1, ("missing-cell", "t"): 1}


def test_json_output_has_every_part_of_a_finding(tmp_path: Path) -> None:
    package(tmp_path, ROWS, fields(a="integer", b="string") | {"primaryKey": ["a"]})
    result = CliRunner().invoke(cli, ["validate", str(tmp_path), "--output-format", "json"])
    whole = json.loads(result.output)
    assert result.exit_code == 1
    assert whole["errors"] == 1
    assert whole["findings"] == [
        {
            "rule": "type-error",
            "message": "The cell is not of the field's type.",
            "path": "t.csv",
            "resource": "t",
            "row": 4,
            "record": 3,
            "key": "three",
            "field": "a",
            "value": "three",
            "expected": "a whole number",
            "hint": None,
            "severity": "error",
        }
    ]
    lines = CliRunner().invoke(cli, ["validate", str(tmp_path), "--output-format", "jsonl"]).output.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["finding", "not_checked", "summary"]


@pytest.mark.parametrize("name", ["_row", "_record", "_last", "_fault", "_key0", "*", "^a$"])
def test_a_field_may_have_any_name(tmp_path: Path, name: str) -> None:
    schema = fields(**{name: "integer", "b": "string"}) | {"primaryKey": [name, "b"], "uniqueKeys": [[name]]}
    assert places(package(tmp_path, f"{name},b\n1,x\n1,x\nz,y\n", schema)) == [
        f"3:{name} unique-error",
        f"3:{name}, b primary-key",
        f"4:{name} type-error",
    ]
    package(tmp_path, f"{name},b\n1,x\n2,y\n", schema)
    assert qantar.load(tmp_path)["t"].columns == [name, "b"]


@pytest.mark.parametrize(
    "schema",
    [
        fields(a="integer") | {"uniqueKeys": [[]]},
        fields(a="integer") | {"foreignKeys": [{"fields": [], "reference": {"resource": "", "fields": []}}]},
        {"fields": [{"name": "a", "constraints": 1}]},
        {"fields": [{"name": "\x1frow"}]},
        {"fields": [{"name": "a", "categories": None}]},
        {"fields": [{"name": "a", "categories": [{"label": "x"}]}]},
        {"fields": [{"name": "a", "type": "string", "categories": ["1", "1"]}]},
        {"fields": [{"name": "a"}], "fieldsMatch": ["subset", "superset"]},
        {"fields": [{"name": "a"}], "fieldsMatch": {"a": 1}},
    ],
)
def test_an_odd_schema_is_a_finding(tmp_path: Path, schema: dict[str, Any]) -> None:
    assert "schema-error" in [one.rule for one in package(tmp_path, "a\n1\n", schema).findings]
    with suppress(QantarError):
        qantar.load(tmp_path)


@pytest.mark.parametrize("how", ["subset", ["subset"]])
def test_how_fields_match_may_be_a_text_or_an_array(tmp_path: Path, how: object) -> None:
    assert places(package(tmp_path, "a,b\nz,1\n", fields(a="integer") | {"fieldsMatch": how})) == ["2:a type-error"]


@pytest.mark.parametrize("part", ["path", "schema", "dialect"])
def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path, part: str) -> None:
    given = {"name": "t", "path": "t.csv", part: "\ud800"}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [given]}), encoding="utf-8")
    with pytest.raises(PackageError, match=r"\\ud800  The path cannot be resolved"):
        qantar.validate(tmp_path)


def test_wrong_bytes_are_counted_all_and_found_at_their_place(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfa,b\n" + b"1,\xe9\xe9\n" * 40
    report = package(tmp_path, data, fields(a="integer", b="string"), dialect={"commentChar": "#"})
    wrong = [one for one in report.findings if one.rule == "encoding-error"]
    assert [(one.row, one.message) for one in wrong[:3]] == [
        (2, "The byte at offset 9 is not utf-8."),
        (2, "The byte at offset 10 is not utf-8."),
        (3, "The byte at offset 14 is not utf-8."),
    ]
    assert len(wrong) == 50
    assert sum(report.counts[one] for one in report.counts if one[0] == "encoding-error") == 80


def test_a_file_that_is_not_read_is_there_and_whole_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"text")
    given = [{"name": "a", "path": "a.pdf"}, {"name": "b", "path": "b.pdf", "bytes": 3}]
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "p", "resources": given}), encoding="utf-8")
    assert [(one.rule, one.path) for one in qantar.validate(tmp_path).findings] == [
        ("missing-file", "a.pdf"),
        ("byte-count", "b.pdf"),
    ]


def test_one_field_at_least_must_have_a_column(tmp_path: Path) -> None:
    report = package(tmp_path, "x,y\n1,2\n", fields(a="integer", b="string") | {"fieldsMatch": "partial"})
    assert places(report) == ["1:None missing-label"]
    assert report.checked == []


def test_two_fields_of_one_name_are_said(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "a", "type": "string"}]}
    report = package(tmp_path, "a,a\nz,xx\n", schema)
    assert [one for one in places(report) if "schema" not in one] == ["2:a type-error"]
    assert ("t.csv:a", "two fields have this name, and only the first column of it is checked") in [
        (one.what, one.reason) for one in report.not_checked
    ]


def test_ascii_is_ascii(tmp_path: Path) -> None:
    report = package(tmp_path, "a\né\n", fields(a="string"), encoding="us-ascii")
    assert places(report) == ["2:a encoding-error", "2:a encoding-error"]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ({"type": "integer", "constraints": {"enum": [1, 2, "x"]}}, "7"),
        ({"type": "date", "constraints": {"minimum": "01/01/2020"}}, "2019-01-01"),
        ({"type": "integer", "constraints": {"maximum": "NaN"}}, "7"),
    ],
)
def test_a_constraint_whose_value_is_none_of_the_type_is_a_finding(
    tmp_path: Path, field: dict[str, Any], cell: str
) -> None:
    report = package(tmp_path, f"a\n{cell}\n", {"fields": [{"name": "a", **field}]})
    assert [(one.rule, one.field, str(one.severity)) for one in report.findings] == [("schema-error", "a", "error")]
    assert "t.csv:a" in [one.what for one in report.not_checked]


@pytest.mark.parametrize(
    ("constraint", "bound", "cell", "faulty"),
    [
        ("minimum", 2**63 - 1, 2**63 - 1, False),
        ("exclusiveMaximum", 2**63 - 1, 2**63 - 1, True),
        ("maximum", 2**63 - 508, 2**63 - 1, True),
        ("minimum", -(2**63), -(2**63), False),
        ("exclusiveMinimum", -(2**63), -(2**63), True),
        ("maximum", 2**63, 2**63, False),
        ("exclusiveMaximum", 2**63, 2**63, True),
        ("maximum", "0" * 5000 + "7", 8, True),
        ("maximum", "9" * 5000, 8, False),
    ],
)
def test_bounds_near_the_end_of_64_bits(
    tmp_path: Path,
    constraint: str,
    bound: object,
    cell: int,
    faulty: bool,  # noqa: FBT001
) -> None:
    schema = {"fields": [{"name": "a", "type": "integer", "constraints": {constraint: bound}}]}
    assert places(package(tmp_path, f"a\n{cell}\n", schema)) == ["2:a constraint-error"] * faulty


def test_a_null_is_missing_where_no_text_is(tmp_path: Path) -> None:
    schema: dict[str, Any] = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "missingValues": []}
    data = '[{"a": null, "b": null}, {"a": 1, "b": ""}]'
    assert places(package(tmp_path, data, schema, path="t.json")) == []
    schema["fields"][1] |= {"type": "string", "constraints": {"required": True}}
    (finding,) = package(tmp_path, data, schema, path="t.json").findings
    assert (finding.row, finding.field, finding.rule, finding.value) == (2, "b", "constraint-error", "")


def test_what_could_not_be_read_is_not_checked(tmp_path: Path) -> None:
    for data, path in (("\na,b\n", "t.csv"), ('[{"a": 1', "t.json"), ("a".encode("utf-16") + b"a", "t.csv")):
        encoding = "utf-16" if isinstance(data, bytes) else "utf-8"
        report = package(tmp_path, data, fields(a="integer", b="string"), path=path, encoding=encoding)
        assert report.checked == []
        assert (path, "its data cannot be read") in [(one.what, one.reason) for one in report.not_checked]


def test_with_and_without_a_zone_are_two_moments(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "datetime", "constraints": {"unique": True}}]}
    data = "a\n2022-01-05T00:00:00\n2022-01-05T00:00:00Z\n2022-01-05T01:00:00+01:00\n"
    assert places(package(tmp_path, data, schema)) == ["4:a unique-error"]


def test_keys_of_unequal_length_are_not_compared(tmp_path: Path) -> None:
    schema = fields(a="integer", b="integer") | {
        "foreignKeys": [{"fields": ["a", "b"], "reference": {"resource": "", "fields": ["a"]}}]
    }
    report = package(tmp_path, "a,b\n1,2\n", schema)
    assert [one.rule for one in report.findings] == ["schema-error"]
    assert "t.csv: foreign-key a, b -> t" in [one.what for one in report.not_checked]


@pytest.mark.parametrize(
    "field",
    [
        {"name": "a", "type": "boolean", "trueValues": [0]},
        {"name": "a", "type": "boolean", "falseValues": [[]]},
        {"name": "a", "type": "boolean", "trueValues": None},
        {"name": "a", "type": "date", "format": "\ud800"},
        {"name": "a", "type": "date", "format": "%Y" * 150_000},
        {"name": "a", "type": "string", "missingValues": ["\ud800"]},
        {"name": "\ud800", "type": "string"},
    ],
)
def test_an_odd_field_is_no_traceback(tmp_path: Path, field: dict[str, Any]) -> None:
    for cell in ("z", "true", ""):
        package(tmp_path, f"a\n{cell}\n1\n", {"fields": [field]})


def test_half_a_character_is_told_beside_a_wrong_byte(tmp_path: Path) -> None:
    data = b'{"a": "\xff"}\n{"a": "\\udc80"}\n'
    report = package(tmp_path, data, fields(a="string"), path="t.jsonl")
    assert places(report) == ["1:None encoding-error", "2:a encoding-error"]


def test_a_wrong_byte_of_utf16_is_placed(tmp_path: Path) -> None:
    data = "a\nx\n".encode("utf-16-le") + b"\xff"
    (finding,) = package(tmp_path, data, fields(a="string"), encoding="utf-16-le").findings
    assert (finding.rule, "0xff in position 8" in finding.message) == ("encoding-error", True)


def test_a_float_of_parquet_has_its_own_digits_whatever_stands_beside(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [0.1], "b": [[1]], "c": [-44]}, schema_overrides={"a": pl.Float32})
    frame.write_parquet(tmp_path / "t.parquet")
    schema = {
        "fields": [
            {"name": "a", "type": "number", "constraints": {"maximum": 0.1}},
            {"name": "b", "type": "array"},
            {"name": "c", "type": "year", "constraints": {"enum": ["-0044"]}},
        ]
    }
    assert places(package(tmp_path, None, schema, path="t.parquet")) == []


def test_nan_is_no_json(tmp_path: Path) -> None:
    report = package(tmp_path, '[{"a": NaN}]', fields(a="number"), path="t.json")
    assert [one.message for one in report.findings] == ["The file is not well-formed JSON: NaN is no JSON."]


SCHEMA = fields(a="integer", b="string", c="string") | {
    "primaryKey": ["a"],
    "uniqueKeys": [["b", "c"]],
    "foreignKeys": [{"fields": "c", "reference": {"fields": "b"}}],
}
LINE = st.sampled_from(["1,x,x", "2,y,", "3,,y", "x,z,", '4,"a\nb",', '5,"c,d",', "6", "7,a,b,c", "", ",,", '8,"",a"'])
LINES = st.one_of(st.text(st.sampled_from('a1,"\n\r '), max_size=30), st.lists(LINE).map("\n".join))


@given(text=LINES, end=st.sampled_from(["", "\n"]))
@example(text=',,1\n"', end="")
def test_polars_and_the_reader_of_cells_find_the_same(text: str, end: str) -> None:
    found = []
    for plain in (True, False):
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
            if not plain:
                patched.setattr("qantar.table.is_plain", lambda *_: False)
            report = package(Path(folder), f"a,b,c\n{text}{end}", SCHEMA)
            cells = [(one.row, one.record, one.field, one.rule, one.value) for one in report.findings]
            found.append((cells, sorted({(one.what, one.reason) for one in report.not_checked})))
    assert found[0] == found[1]
