"""One table in several files: every finding names the part and the line in it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from test_engine import fields

import qantar
from qantar.commands import cli
from qantar.errors import UnsafeDataError, UnsafePathError
from qantar.model import Report

TYPES = fields(a="integer", b="string")


def parted(root: Path, parts: Mapping[str, str | bytes], schema: dict[str, Any], **resource: object) -> Report:
    """Write a package of one resource in several files, and validate it."""
    for name, data in parts.items():
        (root / name).write_bytes(data.encode() if isinstance(data, str) else data)
    given = {"name": "t", "path": list(parts), "schema": schema, **resource}
    (root / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [given]}), encoding="utf-8")
    return qantar.validate(root)


def places(report: Report) -> list[tuple[str, int | None, str | None, str | None, str]]:
    return [(one.path, one.row, one.field, one.value, one.rule) for one in report.findings]


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("a,b\n1,x\n", "2,y\nz,y\n", 2),
        ("a,b\n1,x", "2,y\nz,y\n", 2),
        ("a,b\n1,x\n", "a,b\n2,y\nz,y\n", 3),
        ("a,b\r\n1,x\r\n", '\ufeff"a","b"\r\n2,y\r\nz,y', 3),
        ("\ufeffa,b\n1,x\n", "\ufeff2,y\nz,y\n", 2),
        ('a,b\n1,"x\ny"\n', '2,"\n\n"\nz,y\n', 4),
        ("a,b\r1,x\r", "a,b\r2,y\rz,y\r", 3),
        ("a,b\r1,x", "\ufeffa,b\r2,y\rz,y", 3),
        ('a,b\n1,"x\ry"\n', "a,b\n2,y\nz,y\n", 3),
    ],
    ids=[
        *("no-header", "no-final-line-end", "header", "mark-and-quoted-header", "marks", "line-breaks"),
        *("returns", "returns-and-mark", "quoted-return"),
    ],
)
def test_parts_are_one_table(tmp_path: Path, first: str, second: str, line: int) -> None:
    report = parted(tmp_path, {"1.csv": first, "2.csv": second}, TYPES)
    assert places(report) == [("2.csv", line, "a", "z", "type-error")]
    assert [one.record for one in report.findings] == [3]
    assert report.checked == ["t"]


def test_findings_stand_in_the_order_of_the_parts(tmp_path: Path) -> None:
    parts = {"b.csv": "a,b\n1,x\nz,x\n", "a.csv": "z,y\n"}
    assert [(one[0], one[1]) for one in places(parted(tmp_path, parts, TYPES))] == [("b.csv", 3), ("a.csv", 1)]


def test_a_part_that_cannot_be_split_is_not_passed_over(tmp_path: Path) -> None:
    report = parted(tmp_path, {"1.csv": "a,b\n1,x\n", "2.csv": 'a,b\n"2,y\n3,z\n'}, TYPES)
    assert places(report) == [("2.csv", 2, None, None, "source-error")]


@pytest.mark.parametrize("dialect", [{}, {"delimiter": "||"}], ids=["scanned", "cell-by-cell"])
def test_each_fault_is_placed_in_its_part(tmp_path: Path, dialect: dict[str, Any]) -> None:
    end = dialect.get("delimiter", ",")
    parts = {
        "1.csv": "a,c\n1,x\none,x\n".replace(",", end),
        "2.csv": "a,c\n\n2,x\n".replace(",", end),
        "3.csv": "",
        "4.csv": "4,x,y\n5\n1,x\n".replace(",", end),
    }
    schema = TYPES | {"primaryKey": "a"}
    assert set(places(parted(tmp_path, parts, schema, dialect=dialect))) == {
        ("1.csv", 1, "b", "c", "incorrect-label"),
        ("1.csv", 3, "a", "one", "type-error"),
        ("2.csv", 2, None, None, "blank-row"),
        ("4.csv", 1, None, "3 cells", "extra-cell"),
        ("4.csv", 2, None, "1 cells", "missing-cell"),
        ("4.csv", 3, "a", "1", "primary-key"),
    }


def test_a_part_that_starts_with_another_header_is_data(tmp_path: Path) -> None:
    report = parted(tmp_path, {"1.csv": "a,b\n1,x\n", "2.csv": "b,a\n2,x\n"}, TYPES)
    assert places(report) == [("2.csv", 1, "a", "b", "type-error")]


def test_the_header_of_a_part_of_json_lines_is_read_in_its_encoding(tmp_path: Path) -> None:
    parts = {"1.jsonl": '["é"]\n[1]\n'.encode("latin-1"), "2.jsonl": '["é"]\n["z"]\n'.encode("latin-1")}
    report = parted(tmp_path, parts, fields(é="integer"), encoding="latin-1")
    assert [(one.path, one.row, one.value) for one in report.findings] == [("2.jsonl", 2, "z")]


def test_compressed_parts_and_those_of_json_lines(tmp_path: Path) -> None:
    parts: Mapping[str, str | bytes] = {"1.csv.gz": gzip.compress(b"a,b\n1,x"), "2.csv": "z,x\n"}
    assert places(parted(tmp_path, parts, TYPES)) == [("2.csv", 1, "a", "z", "type-error")]
    lines: Mapping[str, str | bytes] = {
        "1.jsonl": '["a", "b"]\n[1, "x"]',
        "2.jsonl": '["a", "b"]\n[2, "x"]\n["z", "x"]\n',
    }
    assert places(parted(tmp_path, lines, TYPES)) == [("2.jsonl", 3, "a", "z", "type-error")]


def test_a_byte_that_is_no_text_and_a_quotation_mark_that_stays_open(tmp_path: Path) -> None:
    assert places(parted(tmp_path, {"1.csv": "a,b\n1,x\n", "2.csv": b"2,x\n3,\xff\n"}, TYPES)) == [
        ("2.csv", 2, "b", "0xff", "encoding-error")
    ]
    report = parted(tmp_path, {"1.csv": "a,b\n1,x\n", "2.csv": '2,x\n3,"y\n'}, TYPES)
    assert places(report) == [("2.csv", 2, None, None, "source-error")]
    assert "2.csv from line 2" in [one.what for one in report.not_checked]


def test_a_part_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").touch()
    report = parted(tmp_path, {"1.csv": "a,b\n"}, TYPES, path=["1.csv", "2.csv"])
    assert places(report) == [("2.csv", None, None, None, "missing-file")]
    report = parted(tmp_path, {"1.csv": "a,b\n", "2.csv.gz": b"no gz"}, TYPES)
    assert places(report) == [("2.csv.gz", None, None, None, "scheme-error")]


def test_bytes_are_those_of_all_parts_and_a_digest_is_not_checked(tmp_path: Path) -> None:
    parts: Mapping[str, str | bytes] = {"1.csv": "a,b\n1,x\n", "2.csv": "a,b\n2,x\n"}
    assert places(parted(tmp_path, parts, TYPES, bytes=16)) == []
    report = parted(tmp_path, parts, TYPES, bytes=15, hash="0" * 32)
    assert places(report) == [("t", None, None, "16", "byte-count")]
    assert ("t: hash", "a digest of several files is not defined") in [
        (one.what, one.reason) for one in report.not_checked
    ]


def test_stamp_writes_the_length_of_all_parts_and_no_digest(tmp_path: Path) -> None:
    parted(tmp_path, {"1.csv": "a,b\n1,x\n", "2.csv": "2,x\n"}, TYPES, hash="0" * 32)
    assert CliRunner().invoke(cli, ["stamp", str(tmp_path)]).exit_code == 0
    (resource,) = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert (resource["bytes"], "hash" in resource) == (12, False)


def test_parts_are_as_safe_as_files(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError):
        parted(tmp_path, {"1.csv": "a,b\n"}, TYPES, path=["1.csv", "../2.csv"])
    with pytest.raises(UnsafeDataError, match=r"2\.csv\.gz"):
        parted(tmp_path, {"1.csv": "a,b\n", "2.csv.gz": gzip.compress(bytes(20 << 20))}, TYPES)


def test_a_table_in_parts_is_loaded_as_one(tmp_path: Path) -> None:
    parted(tmp_path, {"1.csv": "a,b\n1,x\n", "2.csv": "a,b\n2,y\n"}, TYPES)
    assert qantar.load(tmp_path)["t"].rows() == [(1, "x"), (2, "y")]


def test_a_rule_of_the_model_names_the_part(package: Path) -> None:
    head, *lines = (package / "data" / "event_links.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    for name, rows in {"1": lines[:9], "2": [lines[10], lines[9], *lines[11:]]}.items():
        (package / "data" / f"{name}.csv").write_text(head + "".join(rows), encoding="utf-8", newline="")
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    (links,) = [one for one in descriptor["resources"] if one["name"] == "event_links"]
    links |= {"path": ["data/1.csv", "data/2.csv"], "bytes": None, "hash": None}
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    report = qantar.validate(package)
    assert [(one.place, one.rule) for one in report.findings if one.resource == "event_links" and one.row] == [
        ("data/2.csv:3:link_id", "unsorted-rows")
    ]


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["x", "y\nz", "", 'q"'])), max_size=8),
    cuts=st.lists(st.integers(0, 8), max_size=3),
    headers=st.booleans(),
)
def test_the_verdict_on_parts_is_that_on_the_whole(
    rows: list[tuple[int, str]], cuts: list[int], *, headers: bool
) -> None:
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "primaryKey": "a"}
    written = [f'{a},"{b.replace(chr(34), chr(34) * 2)}"\n' for a, b in rows]
    ends = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    slices = [written[start:end] for start, end in pairwise(ends)]
    parts = {
        f"{number}.csv": ("a,b\n" if headers or not number else "") + "".join(one) for number, one in enumerate(slices)
    }
    with TemporaryDirectory() as whole, TemporaryDirectory() as apart:
        expected = parted(Path(whole), {"t.csv": "a,b\n" + "".join(written)}, schema)
        found = parted(Path(apart), parts, schema)
        assert {(one.record, one.rule, one.value) for one in found.findings} == {
            (one.record, one.rule, one.value) for one in expected.findings
        }
        for one in found.findings:
            text = (Path(apart) / one.path).read_text(encoding="utf-8").split("\n")
            assert text[(one.row or 0) - 1].startswith(f"{one.value},")


DIALECTS = st.fixed_dictionaries(
    {},
    optional={
        "delimiter": st.sampled_from([",", "||", "a"]),
        "lineTerminator": st.sampled_from(["\n", "\r", "||"]),
        "quoteChar": st.sampled_from(['"', "'", ""]),
        "escapeChar": st.sampled_from(["\\", "|"]),
        "header": st.booleans(),
        "headerRows": st.lists(st.integers(1, 4), max_size=3),
        "commentRows": st.lists(st.integers(1, 4), max_size=3),
        "commentChar": st.sampled_from(["#", "||"]),
        "itemType": st.sampled_from(["array", "object"]),
        "property": st.just("a.b"),
    },
)
ODD = st.text(st.sampled_from('ab1,|;"\n #-\\\ufeff'), max_size=40) | st.sampled_from(
    ['[{"a": 1}]', '{"a": {"b": [{"b": null}]}}', "[[], [1], 5]", '["a", "b"]\n[1]\n']
)


@given(dialect=DIALECTS, texts=st.lists(ODD, min_size=1, max_size=3), ending=st.sampled_from(["csv", "json", "jsonl"]))
def test_nothing_in_parts_and_dialects_ends_in_a_traceback(
    dialect: dict[str, object], texts: list[str], ending: str
) -> None:
    with TemporaryDirectory() as folder:
        parts = {f"{number}.{ending}": text for number, text in enumerate(texts)}
        for one in parted(Path(folder), parts, TYPES | {"primaryKey": "a"}, dialect=dialect).findings:
            assert one.row is None or one.row > 0
            assert one.path in {"datapackage.json", "t", *parts}
