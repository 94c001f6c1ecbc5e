"""A file or inline data -> records of text cells, one by one: every dialect and format that polars does not scan."""

from __future__ import annotations

import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple, TypeAlias

import polars as pl

from qantar.delimited import CELL_LIMIT, line_breaks, split
from qantar.fields import missing_values
from qantar.header import Row, take_header
from qantar.model import NULL, Finding, NotChecked
from qantar.native import SHEETS, as_text, item_rows, json_items, json_lines, sheet_rows
from qantar.package import HALF, Json, Resource
from qantar.parquet import as_texts
from qantar.parts import Joined

Source: TypeAlias = Path | bytes
"""Where the data are: a file, or bytes that were unpacked or inline."""

JSON = {"json", "ndjson", "jsonl"}
"""The formats of JSON."""

UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What polars raises at a file that it cannot read; it panics at some that were damaged."""

UNDECODED = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` leaves in place of a byte that is not of the encoding."""

LOST = "\ufdd0"
"""What stands for such a byte in JSON, whose escapes write the others too: it is no character."""

CELL_SHOWN = 200
"""Characters of a cell that is no text which its finding has."""


@dataclass
class Records:
    """The records of a resource: labels of the header (None where there is none), cells, and the line of each record.

    A blank row is a record without cells; a null cell is one whose text is unknown. `joined` says of which part a line
    is. Findings are kept up to `most` for each rule; `surplus` counts the others.
    """

    resource: Resource
    joined: Joined | None = None
    most: int = 50
    labels: list[str] | None = None
    header_line: int = 1
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    incomplete: bool = False
    findings: list[Finding] = field(default_factory=list)
    surplus: Counter[str] = field(default_factory=Counter)
    not_checked: list[NotChecked] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def fault(self, rule: str, message: str, **place: Json) -> None:
        """Add a finding on this resource."""
        self.seen[rule] += 1
        if self.seen[rule] > self.most:
            self.surplus[rule] += 1
            return
        path, place["row"] = placed(self.resource, self.joined, place.get("row"))
        self.findings.append(Finding(rule, message, path, self.resource.name, **place))

    def broken(self, message: str, row: int | None = None, hint: str | None = None) -> None:
        """Say that the data cannot be read, or not to their end."""
        self.fault("source-error", message, row=row, hint=hint)
        self.give_up()

    def give_up(self) -> None:
        """Say that there is more than could be read, or all."""
        self.incomplete = True
        if not self.rows:
            self.not_checked.append(NotChecked(self.resource.path, "its data cannot be read"))

    def undecoded(self, wrong: Wrong, **place: Json) -> None:
        """Report a byte that is not of the encoding."""
        self.fault(
            "encoding-error",
            f"The byte at offset {wrong.offset} is not {self.resource.encoding}.",
            value=f"0x{wrong.value:02x}",
            expected="text in the encoding that the descriptor names",
            hint="Save the file in that encoding.",
            **{"row": wrong.line, **place},
        )

    def add(self, row: Row, cells: list[str | None]) -> None:
        """Add a record; one without cells is blank."""
        self.lines.append(row.line)
        self.rows.append(cells)


def placed(resource: Resource, joined: Joined | None, line: int | None) -> tuple[str, int | None]:
    """The path that a line is in, and its number there; without a line, of the whole resource."""
    return (resource.path, line) if joined is None or line is None else joined.place(line)


def read_records(resource: Resource, source: Source, joined: Joined | None = None, most: int = 50) -> Records:
    """All records of a resource, by its format, with findings up to `most` for each rule."""
    read = Records(resource, joined, most)
    if resource.format in SHEETS:
        read_sheet(read, source)
        return read
    data = source.read_bytes() if isinstance(source, Path) else source
    if resource.format == "parquet":
        read_parquet(read, data)
        return read
    try:
        text, wrong = decode(resource, data)
        (read_json if resource.format in JSON else read_delimited)(read, text, wrong)
    except UnicodeError as error:
        read.fault("encoding-error", f"The file cannot be decoded: {error}.", hint="Save the file in that encoding.")
        read.give_up()
    return read


class Wrong(NamedTuple):
    """A byte that is not of the encoding: its offset in the file, its line and its value."""

    offset: int
    line: int
    value: int


def decode(resource: Resource, data: bytes) -> tuple[str, deque[Wrong]]:
    """The text of a file, and each byte that is not of its encoding; what stands for one makes its cell unknown."""
    encoding = resource.encoding
    encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding
    text = data.decode(encoding, errors="surrogateescape" if "\n".encode(resource.encoding) == b"\n" else "strict")
    wrong: deque[Wrong] = deque()
    if UNDECODED.search(text):
        codec = "utf-8" if encoding == "utf-8-sig" else encoding
        at, line, last = len(data) - len(text.encode(codec, errors="surrogateescape")), 1, 0
        for match in UNDECODED.finditer(text):
            passed, last = text[last : match.start()], match.start()
            at += len(passed.encode(codec, errors="surrogateescape"))
            line += line_breaks(passed, resource.dialect)
            wrong.append(Wrong(at, line, ord(match[0]) - 0xDC00))
    return text, wrong


def read_delimited(read: Records, text: str, wrong: deque[Wrong]) -> None:
    """The records of delimited text, header first, by the dialect."""

    def broken(line: int, why: str) -> None:
        hint = "Close the quotation mark, or double it inside a quoted cell."
        read.broken(f"The file is not well-formed CSV from here on: {why}.", line, hint)
        path, row = placed(read.resource, read.joined, line)
        read.not_checked.append(NotChecked(f"{path} from line {row}", "the CSV cannot be split there"))

    rows, nothing = below_header(read, split(read.resource, text, broken)), read.resource.dialect.get("nullSequence")
    labels = read.labels or []
    empty, blank = blanks(read.resource, labels), [""] if len(labels) == 1 else []  # in a single column it is a cell
    for row in rows:
        cells: list[str | None] = [*(row.cells or blank)]
        while wrong and wrong[0].line < row.line:  # in the header, or in a comment
            read.undecoded(wrong.popleft())
        for at, cell in enumerate(row.cells) if wrong else ():
            place = {"row": row.line, "record": len(read.rows) + 1, "key": key_of(read, row)}
            place["field"] = labels[at] if at < len(labels) else None
            for _ in UNDECODED.findall(cell):
                read.undecoded(wrong.popleft(), **place)
                cells[at] = None
        if nothing:
            nulls = zip_longest(cells, empty[: len(cells)], fillvalue="")
            cells = [null if cell == nothing else cell for cell, null in nulls]
        read.add(row, cells)
    for one in wrong:
        read.undecoded(one)


def below_header(read: Records, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows below the header, which is taken by the dialect; none where it is missing."""
    header, rows = take_header(read.resource.dialect, rows)
    if header is None:
        read.labels = [one["name"] for one in read.resource.fields]
    elif header.labels:
        read.labels, read.header_line = header
    elif not read.incomplete:
        expected = ", ".join(one["name"] for one in read.resource.fields)
        read.fault("source-error", "The file has no header.", row=header.line, expected=expected)
        read.give_up()
    return rows if read.labels else iter(())


def blanks(resource: Resource, labels: list[str]) -> list[str]:
    """The text of a missing value in each column: of a null, which has none of its own, or of the null sequence."""
    fields = {one["name"]: one for one in resource.fields}
    texts = (missing_values(resource.schema, fields.get(label, {})) for label in labels)
    return ["" if "" in one else [*one, NULL][0] for one in texts]


def read_json(read: Records, text: str, wrong: deque[Wrong]) -> None:
    """The records of a JSON array, or of JSON Lines, of objects or of arrays."""
    for one in wrong:
        read.undecoded(one, **({"row": None} if read.resource.format == "json" else {}))
    text = UNDECODED.sub(LOST, text.removeprefix("\ufeff")) if wrong else text.removeprefix("\ufeff")
    try:
        items = json_items(read.resource, text) if read.resource.format == "json" else json_lines(text, read.broken)
    except (ValueError, RecursionError) as error:
        if wrong:  # which may be why
            read.give_up()
        else:
            read.broken(f"The file is not well-formed JSON: {str(error)[:200]}.")
        return
    except TypeError:
        read.fault("source-error", "The data are no table.", expected="an array of objects or of arrays")
        read.give_up()
        return
    labels, rows = item_rows(read.resource, items, read.broken)
    if labels is None:
        rows = below_header(read, rows)
    else:
        read.labels = labels
    fill_typed(read, rows)


def read_sheet(read: Records, source: Source) -> None:
    """The records of a sheet; what is empty to the right of the header is no cell, and a row may end before it."""
    try:
        rows = below_header(read, sheet_rows(read.resource, source))
        width = len(read.labels or ())
        fill_typed(read, (padded(row, width) for row in rows))
    except Exception as error:  # noqa: BLE001 -- a file of any form, a library with errors of its own
        said = " ".join(str(error).split())[:200]
        read.broken(f"The sheet cannot be read: {said or type(error).__name__}.")


def read_parquet(read: Records, data: bytes) -> None:
    """The records of a Parquet file, counted from 2 as rows below a header are."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
        frame = frame.with_columns(as_texts(read.resource, frame.schema).values())
    except UNREADABLE as error:
        read.broken(f"The file is not well-formed Parquet: {str(error).partition(chr(10))[0]}.")
        return
    read.labels = frame.columns
    fill_typed(read, (Row(number + 1, number, list(row)) for number, row in enumerate(frame.iter_rows(), 1)))


def padded(row: Row, width: int) -> Row:
    """A row of a sheet with the empty cells at its end; a blank one of a table of several columns stays blank."""
    blank = not row.cells and width > 1
    return row if blank else row._replace(cells=row.cells + [None] * (width - len(row.cells)))


def fill_typed(read: Records, rows: Iterator[Row]) -> None:
    """Add records of typed values as texts."""
    fields = {one["name"]: one for one in read.resource.fields}
    columns = [fields.get(label, {}) for label in read.labels or ()]
    missing = [missing_values(read.resource.schema, one) for one in columns]
    empty = blanks(read.resource, read.labels or [])
    for row in rows:
        cells: list[str | None] = []
        for at, value in enumerate(row.cells):
            column, null, texts = (columns[at], empty[at], missing[at]) if at < len(columns) else ({}, "", [])
            text = as_text(value, column, null)
            unknown = bool(read.seen["encoding-error"] and LOST in text)  # which was told by its byte
            wrong = None if unknown else not_text(value, text, column, texts)
            if wrong:
                rule, message, expected = wrong
                place = {"record": len(read.rows) + 1, "key": key_of(read, row), "field": column.get("name")}
                shown = HALF.sub("\ufffd", text[:CELL_SHOWN])
                read.fault(rule, message, row=row.line, value=shown, expected=expected, **place)
            cells.append(None if wrong or unknown else text)
        read.add(row, cells)


def key_of(read: Records, row: Row) -> str | None:
    """The primary key of a row, its parts joined by a slash."""
    cells = dict(zip(read.labels or (), row.cells, strict=False))
    return "/".join(as_text(cells.get(name), {}, "") for name in read.resource.key) or None


def not_text(value: Json, text: str, column: dict[str, Json], missing: list[str]) -> tuple[str, str, str] | None:
    """Why a typed value is no cell, as rule, message and expectation; its other faults are those of its text."""
    if len(text) > CELL_LIMIT:
        return "source-error", "The cell is too long to be read.", f"{CELL_LIMIT:,} characters at most"
    if HALF.search(text):
        return "encoding-error", "The cell has half of a character, which is no text.", "whole characters"
    if column.get("type") == "string" and not isinstance(value, str | None) and text not in missing:
        return "type-error", "The cell is not of the field's type.", "text"
    return None
