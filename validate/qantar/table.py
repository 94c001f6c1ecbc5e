"""A resource's file -> a table of text cells, with the faults of its structure.

A plain CSV file is left where it is: polars scans it, as often as it is asked to, and `structure` says what polars
cannot see. Every other file goes through `records`, which reads cell by cell. Both give the same table.
"""

from __future__ import annotations

import csv
import io
import mmap
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import numpy as np
import polars as pl

from qantar.header import match_header
from qantar.model import OWN, RECORD, Finding, NotChecked
from qantar.package import Json, Resource
from qantar.parquet import as_texts
from qantar.parts import Joined
from qantar.reading import named
from qantar.records import UNREADABLE, Source, blanks, placed, read_records
from qantar.structure import Structure, Survey, read_structure, survey

LAST = f"{OWN}last"
"""Column of a strict scan: the last of the file, without which polars would not look whether a row goes on."""

HEADER_LIMITS = (1 << 13, 1 << 20)
"""Bytes in which the header is looked for; where it ends in neither, polars does not scan the file."""

PLAIN = {
    "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "escapeChar": None, "skipInitialSpace": False,
    "commentChar": None, "header": True, "nullSequence": None, "headerRows": [1], "commentRows": None,
}  # fmt: skip
"""The dialect that polars reads; every other one is read cell by cell. `delimiter` may be any ASCII character."""


@dataclass
class Table:
    """The text cells of a resource: a String column for each field that the file has, one row a record.

    A null cell is one whose text is unknown. Records are counted from 0; `skipped` are those with too many or too few
    cells, which are targets of keys but never at fault themselves. `unknown` has, for each field, the records whose
    cell is faulty; `holes` are the fields with a cell that could not be decoded. Findings are kept up to
    `most` for each rule; `surplus` counts the others. `joined` says of which part a line is.

    Of a file that polars scans, `strict` fails where a record has more cells than the header, `survey` and `structure`
    look at the bytes, and `fetch` reads some records without reading it all; `columns` are the index and the name of
    those that are fields, of `width` in the header.
    """

    resource: Resource
    source: Source
    frame: pl.LazyFrame
    names: list[str]
    height: int
    lines: Callable[[list[int]], list[int]]
    most: int = 50
    joined: Joined | None = None
    header_line: int = 1
    skipped: set[int] = field(default_factory=set)
    unknown: dict[str, set[int]] = field(default_factory=dict)
    incomplete: bool = False
    holes: set[str] = field(default_factory=set)
    strict: pl.LazyFrame | None = None
    survey: Callable[[], Survey] | None = None
    structure: Callable[[], Structure] | None = None
    columns: list[tuple[int, str]] = field(default_factory=list)
    width: int = 0
    header_lines: int = 1
    fetch: Callable[[pl.Series], pl.DataFrame] | None = None
    findings: list[Finding] = field(default_factory=list)
    surplus: Counter[str] = field(default_factory=Counter)
    not_checked: list[NotChecked] = field(default_factory=list)

    def fault(self, rule: str, message: str, **place: Json) -> None:
        """Add a finding on this table."""
        path, place["row"] = self.place(place.get("row"))
        self.findings.append(Finding(rule, message, path, self.resource.name, **place))

    def fault_label(self, rule: str, message: str, **place: Json) -> None:
        """Add a finding on the header."""
        self.fault(rule, message, row=self.header_line, **place)

    def place(self, line: int | None) -> tuple[str, int | None]:
        """The path of a line, and its number there: a table may be of several files."""
        return placed(self.resource, self.joined, line)

    def miss(self, what: str, reason: str) -> None:
        """Say that a part of this table is not checked."""
        one = NotChecked(f"{self.resource.path}{what}", reason)
        if one not in self.not_checked:
            self.not_checked.append(one)

    def cells(self, records: Iterable[int]) -> pl.DataFrame:
        """The text cells of some records, with RECORD from 0, in order."""
        wanted = pl.Series(RECORD, sorted(records), dtype=pl.UInt32)
        if self.fetch:
            return self.fetch(wanted).select(wanted, pl.all())
        frame = self.frame.with_row_index(RECORD)
        if wanted.is_empty():
            return frame.head(0).collect()
        return frame.filter(pl.col(RECORD).is_in(wanted.implode())).collect().sort(RECORD)


def open_table(resource: Resource, source: Source | Joined, most: int = 50) -> Table:
    """The table of a resource: by polars where its dialect is plain, else read cell by cell."""
    joined = source if isinstance(source, Joined) else None
    source = source.file if isinstance(source, Joined) else source
    table = Table(resource, source, pl.LazyFrame(), [], 0, lambda records: [record + 2 for record in records], most)
    table.joined = joined
    if resource.format == "parquet":
        scan_parquet(table)
        return table
    if is_plain(resource, resource.dialect):
        data, delimiter = mapped(source), resource.dialect.get("delimiter", ",")
        labels, lines = read_header(data, delimiter)
        if labels:
            columns = match_header(table, labels)
            if not columns:
                return table
            table.names = [name for _, name in columns]
            table.frame = scanned(resource, source, columns, len(labels), lines)
            with_last = [*columns, (len(labels) - 1, LAST)]
            table.strict = scanned(resource, source, with_last, len(labels), lines, strict=True)
            table.survey, table.structure = (
                partial(survey, data, delimiter),
                cache(partial(read_structure, data, delimiter)),
            )
            table.columns, table.width, table.header_lines = columns, len(labels), lines
            table.fetch = partial(fetched, table, data)
            return table
    record_table(table)
    return table


def is_plain(resource: Resource, dialect: dict[str, Json]) -> bool:
    """Whether polars reads the dialect as the specification says."""
    delimiter = dialect.get("delimiter", ",")
    odd = [name for name, usual in PLAIN.items() if name != "delimiter" and dialect.get(name, usual) != usual]
    return (
        resource.encoding.lower().replace("_", "-") in {"utf-8", "utf8"}
        and isinstance(delimiter, str)
        and len(delimiter) == 1
        and delimiter.isascii()
        and not odd
        and dialect.get("lineTerminator", "\n") in {"\n", "\r\n"}
        and resource.format in {"csv", "tsv"}
    )


def mapped(file: Source) -> bytes | mmap.mmap:
    """The bytes of a file, mapped into memory."""
    if isinstance(file, bytes):
        return file
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) if file.stat().st_size else b""


def read_header(data: bytes | mmap.mmap, delimiter: str) -> tuple[list[str], int]:
    """The labels of the first record, and the lines that it takes; none where it is longer than is looked at."""
    for limit in HEADER_LIMITS:
        text = data[:limit].decode("utf-8-sig", errors="replace")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        labels = next(reader, [])
        if len(data) <= limit or reader.line_num < text.count("\n"):
            return labels, reader.line_num
    return [], 0


def scanned(  # noqa: PLR0913 -- what a scan needs to know
    resource: Resource,
    source: Source,
    columns: list[tuple[int, str]],
    width: int,
    lines: int,
    *,
    strict: bool = False,
) -> pl.LazyFrame:
    """The columns, (index, name) each, of delimited text of some width that begins with some lines to be skipped.

    A strict scan fails at a row that has more cells, where its last column is asked for.
    """
    frame = pl.scan_csv(
        source,
        has_header=False,
        skip_lines=lines,
        separator=resource.dialect.get("delimiter", ","),
        schema={str(index): pl.String for index in range(width)},
        truncate_ragged_lines=not strict,
        extra_columns="raise" if strict else "ignore",
        empty_string_is_null=False,
        raise_if_empty=False,
        glob=False,
    )
    return frame.select(pl.col(str(index)).alias(name) for index, name in columns)


def fetched(table: Table, data: bytes | mmap.mmap, records: pl.Series) -> pl.DataFrame:
    """The text cells of some records: those alone are read once more, below a line that has the width of the header."""
    structure = table.structure() if table.structure else Structure()
    first = table.resource.dialect.get("delimiter", ",").join("0" * table.width) + "\n"
    texts = b"".join([first.encode(), *structure.texts(data, records.to_numpy())])
    return scanned(table.resource, texts, table.columns, table.width, 0).slice(1).collect()


def scan_parquet(table: Table) -> None:
    """Let polars scan a Parquet file, its cells as the text that they would be in a CSV file.

    A file with a column that polars does not write as its field has it is read cell by cell, as is one that is none.
    """
    source = table.source if isinstance(table.source, Path) else io.BytesIO(table.source)
    try:
        frame = pl.scan_parquet(source, glob=False)
        schema = frame.collect_schema()
        height = frame.select(pl.len()).collect().item()
    except UNREADABLE:
        record_table(table)
        return
    texts, labels = as_texts(table.resource, schema), schema.names()
    if not {one["name"] for one in table.resource.fields} & {*labels} <= texts.keys():
        record_table(table)
        return
    columns = match_header(table, labels)
    empty = blanks(table.resource, [name for _, name in columns])
    table.frame = frame.select(
        texts.get(label := labels[index], named(label).cast(pl.String)).fill_null(pl.lit(null)).alias(name)
        for (index, name), null in zip(columns, empty, strict=True)
    )
    table.names, table.height = [name for _, name in columns], height


def settle(table: Table, height: int | None, *, strict: bool) -> bool:
    """Complete a table that polars scanned with what its bytes say; false where polars saw other records.

    `height` is how many records polars saw, None where it could not read them; `strict` says that none of them had more
    cells than the header. Then the number of delimiters tells whether one has fewer.
    """
    if table.survey is None or table.structure is None:
        return True
    if strict:
        seen = table.survey()
        if seen.loose or seen.records - 1 != height:
            return False
        table.height, table.lines = seen.records - 1, partial(lines_of, table, inner=seen.inner)
        if seen.delimiters == seen.records * (table.width - 1):
            return True
    structure = table.structure()
    if structure.loose or structure.records != height:
        return False
    table.height, table.lines = structure.records, partial(lines_of, table, inner=structure.broken.size)
    report_ragged(table, [*structure.ragged, *((record, 0) for record in structure.blank)], structure.cells)
    shortest = min((cells for _, cells in structure.ragged), default=table.width)
    table.holes = {name for index, name in table.columns if index >= shortest}
    return True


def lines_of(table: Table, records: list[int], *, inner: int) -> list[int]:
    """The lines of some records; where there are line breaks inside quotes, the file is looked at once more."""
    if not records:
        return []
    if not inner or table.structure is None:
        return [record + 1 + table.header_lines for record in records]
    lines: list[int] = table.structure().lines(np.array(records, np.int64)).tolist()
    return lines


def reread(table: Table) -> None:
    """Read a table anew, cell by cell."""
    table.strict = table.survey = table.structure = table.fetch = None
    table.holes.clear()
    table.skipped.clear()
    table.findings.clear()
    table.surplus.clear()
    table.frame = pl.LazyFrame(schema=dict.fromkeys(table.names, pl.String))  # where not even the header can be read
    record_table(table)


def record_table(table: Table) -> None:
    """Fill the table of a file that is read cell by cell."""
    read = read_records(table.resource, table.source, table.joined, table.most)
    table.header_line = read.header_line
    table.findings += read.findings
    table.surplus += read.surplus
    table.not_checked += read.not_checked
    table.incomplete = read.incomplete
    table.lines = lambda records: [read.lines[record] for record in records]
    if read.labels is None:
        return
    columns = match_header(table, read.labels)
    if not columns:
        return
    cells = {
        name: pl.Series(name, [row[index] if index < len(row) else None if row else "" for row in read.rows], pl.String)
        for index, name in columns
    }
    width = len(read.labels)
    table.holes = {name for name, column in cells.items() if column.has_nulls()}
    table.frame, table.names, table.height = pl.DataFrame(cells).lazy(), list(cells), len(read.rows)
    ragged = [(record, len(row)) for record, row in enumerate(read.rows) if len(row) != width]
    report_ragged(table, [(record, cells if read.rows[record] else 0) for record, cells in ragged], width)


def report_ragged(table: Table, ragged: Iterable[tuple[int, int]], width: int) -> None:
    """Report the records with more or fewer cells than the header, and leave them out of further checks."""
    seen: Counter[str] = Counter()
    for record, cells in sorted(ragged):
        table.skipped.add(record)
        rule = "blank-row" if not cells else "extra-cell" if cells > width else "missing-cell"
        seen[rule] += 1
        if seen[rule] > table.most:
            table.surplus[rule] += 1
            continue
        place = {"row": table.lines([record])[0], "record": record + 1}
        if not cells:
            table.fault(rule, "The row is blank.", hint="Remove the line.", **place)
            continue
        hint = "Quote a cell that holds the delimiter; write every delimiter, also of empty cells."
        message = f"The row has too {'many' if cells > width else 'few'} cells."
        table.fault(rule, message, value=f"{cells} cells", expected=f"{width} cells", hint=hint, **place)
