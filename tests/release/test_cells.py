"""One content in CSV, Parquet and SQLite: the same typed frames, the same digest."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.errors import PackageError
from qantar.package import Package
from qantar.release import formats
from qantar.release.content import Content, read_content
from qantar.release.digest import content_digest
from qantar.release.formats import READABLE, read_format, write_formats

MISSING = "∅"

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(
    [
        "",
        " ",
        "=1+1",
        "+1",
        "-1",
        "@x",
        "null",
        "NaN",
        "0",
        "a,b",
        'q"q',
        "l\nl",
        "l\r\nl",
        "\ufeff",
        "é",
        "e\u0301",
        "𝄞",
    ]
)

CELLS: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT.filter(lambda one: one != MISSING),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats() | st.sampled_from([-0.0, 0.1, 1e21, 1e-7, 5e-324, 2.0**53]),
    "boolean": st.booleans(),
    "date": st.dates(),
    "time": st.times().map(lambda one: one.replace(microsecond=0)),
    "datetime": st.datetimes(),
    "year": st.integers(1000, 9999),
    "yearmonth": st.tuples(st.integers(1, 9999), st.integers(1, 12)),
}

ROWS = st.lists(st.tuples(*(st.none() | one for one in CELLS.values())), max_size=6)


def lexical(cell: Any) -> str:  # noqa: ANN401 -- cells of nine types
    """A cell as Table Schema has it in CSV."""
    match cell:
        case None:
            return MISSING
        case bool():
            return "true" if cell else "false"
        case float() if not math.isfinite(cell):
            return {"inf": "INF", "-inf": "-INF"}.get(str(cell), "NaN")
        case (year, month):
            return f"{year:04}-{month:02}"
        case date() | time():
            return cell.isoformat() + ("Z" if isinstance(cell, datetime) else "")
        case _:
            return str(cell)


def package_of(folder: Path, rows: list[tuple[Any, ...]]) -> Package:
    """A package of one table with a field of each type."""
    fields = [{"name": "n", "type": "integer"}, *({"name": f"a {kind}", "type": kind} for kind in CELLS)]
    schema = {"fields": fields, "primaryKey": "n", "missingValues": [MISSING]}
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    descriptor = {"name": "p", "version": "1.0.0", "created": "2022-01-06T00:00:00Z", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        table.writerow(one["name"] for one in fields)
        table.writerows((number, *map(lexical, row)) for number, row in enumerate(rows))
    return Package.read(folder)


def read(folder: Path, package: Package) -> dict[str, Mapping[str, pl.DataFrame]]:
    """The tables of a release by each format that holds them whole."""
    return {name: read_format(name, folder, package) for name in READABLE}


def from_formats(content: Content) -> dict[str, str]:
    """The digest of the table as each format has it."""
    schema = content.package.resources["t"].schema
    with tempfile.TemporaryDirectory() as folder:
        write_formats(content, Path(folder))
        tables = read(Path(folder), content.package)
        for name in READABLE:
            assert tables[name]["t"].equals(content.tables["t"])
        return {name: content_digest(tables[name]["t"], schema) for name in READABLE}


@settings(max_examples=50)
@given(ROWS)
def test_every_format_gives_the_same_digest(rows: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        digests = from_formats(read_content(package_of(Path(folder), rows)))
    assert set(digests) == {"csv", "parquet", "sqlite"}
    assert set(digests.values()) == {by_the_book(rows)}


def by_the_book(rows: list[tuple[Any, ...]]) -> str:
    """The digest as docs/formats.md defines it, without a line of the tool."""
    lines = [
        json.dumps([str(at), *map(book, row)], ensure_ascii=False, separators=(",", ":")) for at, row in enumerate(rows)
    ]
    header = json.dumps([["n", "integer"], *([f"a {kind}", kind] for kind in CELLS)], separators=(",", ":"))
    whole = b"".join(one + b"\n" for one in [header.encode(), *sorted(one.encode() for one in lines)])
    return hashlib.sha256(whole).hexdigest()


def book(cell: Any) -> str | None:  # noqa: ANN401
    """The canonical text of a cell."""
    if cell is None:
        return None
    if isinstance(cell, datetime):
        text = cell.replace(tzinfo=None).isoformat()
        return (text.rstrip("0").rstrip(".") if "." in text else text) + "Z"
    if isinstance(cell, float) and math.isfinite(cell):
        return shortest(cell)
    return lexical(cell)


def shortest(value: float) -> str:
    """A float64 by ECMAScript's Number::toString, from Python's shortest digits."""
    number = Decimal(repr(value)).normalize().as_tuple()
    digits, sign = "".join(map(str, number.digits)), "-" * (value < 0)
    point = len(digits) + int(number.exponent)
    if len(digits) <= point <= 21 or digits == "0":
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e21, "1e+21"), (1e20, "100000000000000000000"), (1e-7, "1e-7"), (1e-6, "0.000001"), (-1.5, "-1.5"), (0.0, "0")],
)
def test_the_book_writes_numbers_as_the_standard_does(value: float, text: str) -> None:
    assert shortest(value) == text


def test_the_dataset_has_one_digest_in_every_format(content: Content, built: Path) -> None:
    tables = read(built, content.package)
    manifest = json.loads((built / "MANIFEST.json").read_text(encoding="utf-8"))
    for name, resource in content.package.resources.items():
        digests = {content_digest(tables[one][name], resource.schema) for one in READABLE}
        assert digests == {manifest["resources"][name]["content"]}
        assert manifest["resources"][name]["rows"] == content.tables[name].height


def test_packages_of_others_have_one_digest_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = ROOT.parent / "shared" / "corpus"
    if not corpus.is_dir():
        pytest.skip("the packages of others are not published with the project")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setattr(formats, "FORMATS", tuple(READABLE.values()))
    released = 0
    for at, file in enumerate(sorted(corpus.glob("*/datapackage.json"))):
        package = Package.read(file.parent)
        package.descriptor["version"] = "1.0.0"
        with suppress(PackageError):  # faulty: then it is no release
            content = read_content(package)
            (tmp_path / str(at)).mkdir()
            write_formats(content, tmp_path / str(at))
            tables = read(tmp_path / str(at), package)
            for name, resource in package.resources.items():
                digests = {content_digest(each[name], resource.schema) for each in (content.tables, *tables.values())}
                assert len(digests) == 1, (file.parent.name, name)
            released += 1
    assert released == 48


def test_the_digest_sees_a_changed_cell(content: Content) -> None:
    schema = content.package.resources["figures"].schema
    frame = content.tables["figures"]
    changed = frame.with_columns(frame["low"].set(frame["low"] == 748, 749))
    assert content_digest(changed, schema) != content_digest(frame, schema)
