"""A file or inline data -> records of text cells, one by one: every dialect and format that polars does not scan."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from qantar.model import Finding, NotChecked
from qantar.package import Json, Resource

Source: TypeAlias = Path | bytes
"""Where the data are: a file, or bytes that were unpacked, joined or inline."""

CELL_LIMIT = 10_000_000
"""Longest cell in characters that is read; a longer one is an unclosed quote or an attack."""

UNDECODED = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` leaves in place of a byte that is not of the encoding."""


@dataclass
class Records:
    """The records of a resource: labels of the header (None where there is none), cells, and the line of each record.

    A blank row is a record without cells; a null cell is one whose text is unknown.
    """

    resource: Resource
    labels: list[str] | None = None
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    incomplete: bool = False
    findings: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)

    def fault(self, rule: str, message: str, **place: Json) -> None:
        """Add a finding on this resource."""
        self.findings.append(Finding(rule, message, self.resource.path, self.resource.name, **place))


def read_records(resource: Resource, source: Source) -> Records:
    """All records of a resource, by its format."""
    read = Records(resource)
    data = source.read_bytes() if isinstance(source, Path) else source
    if resource.format in {"json", "ndjson", "jsonl"}:
        read_json_records(read, data)
    else:
        try:
            text = decode(read, data)
        except UnicodeError as error:
            read.fault(
                "encoding-error", f"The file cannot be decoded: {error}.", hint="Save the file in that encoding."
            )
            read.incomplete = True
        else:
            read_delimited(read, text)
    return read


def decode(read: Records, data: bytes) -> str:
    """The text of the file; each byte that is not of its encoding becomes a finding and makes its cell unknown."""
    named = str(read.resource.descriptor.get("encoding") or "utf-8")
    encoding = "utf-8-sig" if named.lower().replace("_", "-") in {"utf-8", "utf8"} else named
    text = data.decode(encoding, errors="surrogateescape")
    if UNDECODED.search(text):
        skipped = len(data) - len(text.encode("utf-8", errors="surrogateescape")) if encoding == "utf-8-sig" else 0
        for match in UNDECODED.finditer(text):
            before = text[: match.start()]
            at = skipped + len(
                before.encode("utf-8" if encoding == "utf-8-sig" else encoding, errors="surrogateescape")
            )
            read.fault(
                "encoding-error",
                f"The byte at offset {at} is not {named}.",
                row=before.count("\n") + 1,
                value=f"0x{ord(match[0]) - 0xDC00:02x}",
                expected="text in the encoding that the descriptor names",
                hint="Save the file in that encoding.",
            )
    return text


def read_delimited(read: Records, text: str) -> None:
    """The records of delimited text, header first, by the dialect."""
    dialect = read.resource.dialect
    records = split(read, text, dialect)
    if dialect.get("header", True):
        first = next(records, None)
        if first is None:
            expected = ", ".join(one["name"] for one in read.resource.fields)
            read.fault("source-error", "The file has no header.", row=1, expected=expected)
            return
        read.labels = [cell or "" for cell in first[1]]
    else:
        read.labels = [one["name"] for one in read.resource.fields]
    nothing = dialect.get("nullSequence")
    for line, cells in records:
        read.lines.append(line)
        blank = len(cells) <= 1 < len(read.labels) and not any(cells)
        read.rows.append([] if blank else [known("" if cell == nothing else cell) for cell in cells] or [""])


def known(cell: str) -> str | None:
    """The cell, or None where some of its bytes could not be decoded."""
    return None if UNDECODED.search(cell) else cell


def split(read: Records, text: str, dialect: dict[str, Json]) -> Iterator[tuple[int, list[str]]]:
    """The records with the line on which each starts; what cannot be split ends in a finding."""
    csv.field_size_limit(CELL_LIMIT)
    comment = dialect.get("commentChar")
    lines = text.splitlines(keepends=True) if comment else io.StringIO(text, newline="")
    quote = dialect.get("quoteChar", '"') or None
    reader = csv.reader(
        lines,
        delimiter=dialect.get("delimiter", "\t" if read.resource.format == "tsv" else ","),
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=dialect.get("doubleQuote", True),
        escapechar=dialect.get("escapeChar"),
        skipinitialspace=dialect.get("skipInitialSpace", False),
        strict=True,
    )
    start = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "Close the quotation mark, or double it inside a quoted cell."
            read.fault("source-error", f"The file is not well-formed CSV from here on: {error}.", row=start, hint=hint)
            read.incomplete = True
            what = f"{read.resource.path} from line {start}"
            read.not_checked.append(NotChecked(what, "the CSV cannot be split there"))
            return
        if not (
            comment
            and record
            and record[0].startswith(comment)
            and isinstance(lines, list)
            and lines[start - 1].startswith(comment)
        ):
            yield start, record
        start = reader.line_num + 1


def read_json_records(read: Records, data: bytes) -> None:
    """The records of a JSON array, or of JSON Lines, of objects or of arrays."""
    try:
        if read.resource.format == "json":
            items = json.loads(data.decode("utf-8-sig"))
            items = items.get(read.resource.dialect["property"]) if "property" in read.resource.dialect else items
        else:
            items = [json.loads(line) for line in data.decode("utf-8-sig").splitlines() if line.strip()]
    except (ValueError, RecursionError, AttributeError) as error:
        read.fault("source-error", f"The file is not well-formed JSON: {str(error)[:200]}.")
        read.incomplete = True
        return
    if not isinstance(items, list) or not all(isinstance(one, dict | list) for one in items):
        read.fault("source-error", "The data are no table.", expected="an array of objects or of arrays")
        read.incomplete = True
        return
    fill(read, items)


def fill(read: Records, items: list[Json]) -> None:
    """Rows as objects, or as arrays with the header first, made text."""
    if items and isinstance(items[0], list):
        read.labels, items = [str(one) for one in items[0]], items[1:]
        read.rows = [[as_text(cell) for cell in item] if isinstance(item, list) else [] for item in items]
    else:
        labels = dict.fromkeys(key for item in items if isinstance(item, dict) for key in item)
        named = [one["name"] for one in read.resource.fields]
        read.labels = [one for one in named if one in labels or not items] + [one for one in labels if one not in named]
        read.rows = [
            [as_text(item.get(label)) for label in read.labels] if isinstance(item, dict) else [] for item in items
        ]
    read.lines = list(range(2, len(read.rows) + 2))


def as_text(value: Json) -> str:
    """A JSON value as the text that it would be in a CSV file; null is empty."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
