"""The content digest: one text for one content, whatever the file."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT

from qantar import load
from qantar.release.digest import canonical_text, content_digest

NIGHT = datetime.fromisoformat("2022-01-06T00:00:00")

CELLS = [
    ("string", ["a", ""], '"a"', '""'),
    ("string", ['"\\\n\t\x01\x7f', "é€𝄞\u2028"], r'"\"\\\n\t\u0001' + '\x7f"', '"é€𝄞\u2028"'),
    ("integer", [-3, 0], '"-3"', '"0"'),
    ("number", [-0.0, 1e21], '"0"', '"1e+21"'),
    ("number", [0.1 + 0.2, 1e-7], '"0.30000000000000004"', '"1e-7"'),
    ("number", [float("inf"), float("nan")], '"INF"', '"NaN"'),
    ("boolean", [True, False], '"true"', '"false"'),
    ("date", [date(2022, 1, 6), date(1, 1, 1)], '"2022-01-06"', '"0001-01-01"'),
    ("time", [time(1, 2, 3), time(1, 2, 3, 40)], '"01:02:03"', '"01:02:03.00004"'),
    ("datetime", [NIGHT, NIGHT.replace(microsecond=500000)], '"2022-01-06T00:00:00Z"', '"2022-01-06T00:00:00.5Z"'),
    ("yearmonth", [24264, 0], '"2022-01"', '"0000-01"'),
]


@pytest.mark.parametrize(("kind", "values", "first", "second"), CELLS)
def test_each_type_has_one_text(kind: str, values: list[object], first: str, second: str) -> None:
    frame = pl.DataFrame({"n": [1, 2], "c": values})
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "c", "type": kind}]}
    wanted = f'[["n","integer"],["c","{kind}"]]\n["1",{first}]\n["2",{second}]\n'
    assert canonical_text(frame, schema).decode() == wanted
    assert content_digest(frame, schema) == hashlib.sha256(wanted.encode()).hexdigest()


def test_null_is_no_empty_text_and_rows_have_no_order() -> None:
    schema = {"fields": [{"name": "c", "type": "string"}]}
    frame = pl.DataFrame({"c": ["b", None, "", "ä"]})
    assert canonical_text(frame, schema).decode() == '[["c","string"]]\n[""]\n["b"]\n["ä"]\n[null]\n'
    assert content_digest(frame.reverse(), schema) == content_digest(frame, schema)
    assert content_digest(frame.drop_nulls(), schema) != content_digest(frame, schema)


def test_the_page_works_an_example(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").partition("## The content digest")[2]
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    schema = json.loads(blocks["json"])
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    (tmp_path / "t.csv").write_text(blocks["csv"], encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    frame = load(tmp_path)["t"]
    assert canonical_text(frame, schema).decode() == blocks["text"]
    assert f"content digest: `{content_digest(frame, schema)}`" in page


def test_the_page_lists_every_file(built: Path) -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").partition("## The same bytes")[0]
    named = set(re.findall(r"`([\w.-]+/?)`", page))
    for file in built.iterdir():
        assert re.sub(r"\d+\.\d+\.\d+", "1.0.0", file.name) + "/" * file.is_dir() in named
