"""Delimited text -> records of text cells, by any Table Dialect."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from qantar.header import Row, take_header
from qantar.package import Json, Resource

CELL_LIMIT = 10_000_000
"""Longest cell in characters that is read; a longer one is an unclosed quote or an attack."""

DELIMITER, END, FEED, RETURN = "\ud800", "\ud801", "\ud802", "\ud803"
"""What stands for a delimiter of several characters, for an end of line of one's own, and then for LF and CR: these
are in no text that was decoded."""

Broken = Callable[[int, str], None]
"""What is told the line from which on the text cannot be split, and why."""


class Lines(Iterator[str]):
    """The lines of a text for a reader that takes them one by one; a comment where a record would start is left out.

    `start` is the line on which the record at hand starts, `number` counts the records and comments.
    """

    def __init__(self, text: str, comment: str | None) -> None:
        self.lines, self.comment = io.StringIO(text, newline=""), comment
        self.line = self.start = self.number = 0

    def record(self) -> None:
        """Say that the next line starts a record."""
        self.start = 0

    def __next__(self) -> str:
        line = next(self.lines)
        self.line += 1
        while self.comment and not self.start and line.startswith(self.comment):
            line = next(self.lines)
            self.line += 1
            self.number += 1
        if not self.start:
            self.start = self.line
            self.number += 1
        return line


def split(resource: Resource, text: str, broken: Broken) -> Iterator[Row]:
    """The records of a text; at what cannot be split it ends."""
    csv.field_size_limit(CELL_LIMIT)
    dialect = resource.dialect
    text, delimiter, back = simplified(text, dialect)
    lines, quote = Lines(text, dialect.get("commentChar")), dialect.get("quoteChar", '"') or None
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        doublequote=dialect.get("doubleQuote", True),
        escapechar=dialect.get("escapeChar"),
        skipinitialspace=dialect.get("skipInitialSpace", False),
        strict=True,
    )
    try:
        for cells in reader:
            yield Row(lines.start, lines.number, [cell.translate(back) for cell in cells] if back else cells)
            lines.record()
    except csv.Error as error:
        broken(lines.start, str(error))


def line_breaks(text: str, dialect: dict[str, Json]) -> int:
    """How many lines end in a text, as `Lines` counts them."""
    end = dialect.get("lineTerminator", "\n")
    if end not in {"\n", "\r\n"}:
        return text.count(end)
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def simplified(text: str, dialect: dict[str, Json]) -> tuple[str, str, dict[int, str]]:
    """The text with one character for its delimiter and with LF for its ends of line; what then stands for what."""
    delimiter, end = dialect.get("delimiter", ","), dialect.get("lineTerminator", "\n")
    back = {}
    if end not in {"\n", "\r\n"}:
        text = text.replace(end, END).replace("\n", FEED).replace("\r", RETURN).replace(END, "\n")
        back = {ord("\n"): end, ord(FEED): "\n", ord(RETURN): "\r"}
    if len(delimiter) > 1:
        text, back = text.replace(delimiter, DELIMITER), back | {ord(DELIMITER): delimiter}
    return text, delimiter if len(delimiter) == 1 else DELIMITER, back


def read_head(resource: Resource, data: bytes) -> tuple[list[str], int]:
    """The labels at the head of a file, and the lines down to them; none where the dialect says that it has none."""
    text = data.decode(resource.encoding, errors="replace").removeprefix("\ufeff")
    broken: list[int] = []
    header, rows = take_header(resource.dialect, split(resource, text, lambda line, _: broken.append(line)))
    if header is None or not header.labels:
        return [], 0
    after = next(rows, None)
    below = after.line if after else broken[0] if broken else text.count("\n") + 1 + (not text.endswith("\n"))
    return header.labels, below - 1
