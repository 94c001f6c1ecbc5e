"""Bytes of a CSV file -> a table of text cells, with its structural faults.

Structure first: polars pads short rows, accepts a wrong header and counts records where a curator sees lines,
so the file is split by the `csv` module, and every record keeps the line on which it starts.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from qantar.model import Finding, NotChecked
from qantar.package import Json, Resource

ROW = "_row"
"""Column with the file line on which a record starts; the header's is 1."""

RECORD = "_record"
"""Column with the number of a record, from 1 below the header."""

FIELD_LIMIT = 10_000_000
"""Longest cell in characters that is read; a longer one is an unclosed quote or an attack."""

UNDECODED = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` leaves in place of a byte that is not of the encoding."""


@dataclass
class Table:
    """The text cells of a resource, one String column for each field that the file has, and `_row` and `_record`.

    A null cell is one whose text is unknown: its record is too short, or its bytes are not text.
    `ragged` holds the rows with too many or too few cells; they are targets of keys, never at fault themselves.
    `unknown` holds, for each field, the rows whose cell is faulty; `incomplete` says that the file breaks off.
    """

    resource: Resource
    cells: pl.DataFrame
    ragged: set[int] = field(default_factory=set)
    unknown: dict[str, set[int]] = field(default_factory=dict)
    incomplete: bool = False
    findings: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)

    @property
    def subjects(self) -> pl.Expr:
        """Filter for the rows that are checked: those that are not ragged."""
        return ~pl.col(ROW).is_in(sorted(self.ragged))

    def fault(self, rule: str, message: str, **place: Json) -> None:
        """Add a finding on this table."""
        self.findings.append(Finding(rule, message, self.resource.path, self.resource.name, **place))


def read_table(resource: Resource, data: bytes) -> Table:
    """Split a CSV file into cells; faults of encoding, header and structure become findings."""
    table = Table(resource, pl.DataFrame())
    text = decode(table, data)
    records = split(table, text)
    header = next(records, None)
    if header is None:
        table.fault(
            "source-error", "The file has no header.", row=1, expected=", ".join(one["name"] for one in resource.fields)
        )
        return table
    columns = match_header(table, header[1])
    rows: list[int] = []
    numbers: list[int] = []
    cells: list[list[str | None]] = [[] for _ in columns]
    for number, (row, record) in enumerate(records, 1):
        if not any(record) and len(record) <= 1 < len(header[1]):
            table.fault("blank-row", "The row is blank.", row=row, record=number, hint="Remove the line.")
            continue
        rows.append(row)
        numbers.append(number)
        if len(record) != len(header[1]):
            table.ragged.add(row)
            report_ragged(table, header[1], record, row, number)
        for (index, _), column in zip(columns, cells, strict=True):
            column.append(record[index] if index < len(record) else None)
    series = [
        pl.Series(name, [known(one) for one in column], pl.String)
        for (_, name), column in zip(columns, cells, strict=True)
    ]
    table.cells = pl.DataFrame([pl.Series(ROW, rows, pl.Int64), pl.Series(RECORD, numbers, pl.Int64), *series])
    return table


def known(cell: str | None) -> str | None:
    """The cell, or None where some of its bytes could not be decoded."""
    return None if cell is None or UNDECODED.search(cell) else cell


def decode(table: Table, data: bytes) -> str:
    """The text of the file; each byte that is not of its encoding becomes a finding and makes its cell unknown."""
    encoding = str(table.resource.descriptor.get("encoding", "utf-8"))
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        encoding = "utf-8-sig"
    text = data.decode(encoding, errors="surrogateescape")
    if UNDECODED.search(text):
        offset = len(data) - len(text.encode("utf-8", errors="surrogateescape")) if encoding == "utf-8-sig" else 0
        for match in UNDECODED.finditer(text):
            before = text[: match.start()]
            at = offset + len(before.encode("utf-8", errors="surrogateescape"))
            table.fault(
                "encoding-error",
                f"The byte at offset {at} is not {table.resource.descriptor.get('encoding', 'utf-8')}.",
                row=before.count("\n") + 1,
                value=f"0x{ord(match[0]) - 0xDC00:02x}",
                expected="text in the encoding that the descriptor names",
                hint="Save the file in that encoding.",
            )
    return text


def split(table: Table, text: str) -> Iterator[tuple[int, list[str]]]:
    """The records with the line on which each starts, header first; what cannot be split ends in a finding."""
    dialect = table.resource.descriptor.get("dialect") or {}
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.get("delimiter", ","),
        quotechar=dialect.get("quoteChar", '"'),
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
            table.fault(
                "source-error",
                f"The file is not well-formed CSV from here on: {error}.",
                row=start,
                hint="Close the quotation mark, or double it inside a quoted cell.",
            )
            table.incomplete = True
            table.not_checked.append(
                NotChecked(f"{table.resource.path} from line {start}", "the CSV cannot be split there")
            )
            return
        yield start, record
        start = reader.line_num + 1


def report_ragged(table: Table, header: list[str], record: list[str], row: int, number: int) -> None:
    """Report a record with more or fewer cells than the header."""
    rule, word = ("extra-cell", "many") if len(record) > len(header) else ("missing-cell", "few")
    table.fault(
        rule,
        f"The row has too {word} cells.",
        row=row,
        record=number,
        value=f"{len(record)} cells",
        expected=f"{len(header)} cells",
        hint="Quote a cell that holds the delimiter; write every delimiter, also of empty cells.",
    )


def match_header(table: Table, labels: list[str]) -> list[tuple[int, str]]:
    """Which column of the file is which field of the schema, as (index, field name); every mismatch is a finding.

    A label that is no field, where the field of that position has no label, is taken for a misspelling of it:
    the column's cells are then checked all the same.
    """
    fields = [one["name"] for one in table.resource.fields] or list(dict.fromkeys(labels))
    how = table.resource.schema.get("fieldsMatch", "exact")
    columns = dict(name_columns(table, labels, fields))
    if how == "exact" and [one for one in fields if one in columns] != list(columns):
        message = "The columns are not in the order of the schema."
        table.fault("incorrect-label", message, row=1, value=", ".join(labels), expected=", ".join(fields))
    for index, label in enumerate(labels):
        if not label or label in fields:
            continue
        if index < len(fields) and fields[index] not in columns:
            columns[fields[index]] = index
            message = "A label is not the name of its field."
            table.fault("incorrect-label", message, row=1, field=fields[index], value=label, expected=fields[index])
        elif how not in {"subset", "partial"}:
            near = difflib.get_close_matches(label, fields, 1)
            hint = f"Did you mean {near[0]}?" if near else None
            message = "A label is no field of the schema."
            table.fault("extra-label", message, row=1, field=label, value=label, expected=", ".join(fields), hint=hint)
    if how not in {"superset", "partial"}:
        for name in (one for one in fields if one not in columns):
            table.fault("missing-label", "A field of the schema has no column.", row=1, field=name, expected=name)
            table.not_checked.append(NotChecked(f"{table.resource.path}:{name}", "the file has no such column"))
    return sorted((index, name) for name, index in columns.items())


def name_columns(table: Table, labels: list[str], fields: list[str]) -> Iterator[tuple[str, int]]:
    """The columns whose label is the name of a field; blank and repeated labels are findings."""
    seen = set()
    for index, label in enumerate(labels):
        if not label:
            table.fault("blank-label", "A column has no label.", row=1, value=f"column {index + 1}", expected="a label")
        elif label in seen:
            message = "A label stands twice in the header."
            table.fault("duplicate-label", message, row=1, field=label, value=label, expected="each label once")
        elif label in fields:
            yield label, index
        seen.add(label)
