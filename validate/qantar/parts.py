"""The parts of a table that is given in several files -> one file, and where each of its lines came from."""

from __future__ import annotations

import io
import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from qantar.delimited import read_head
from qantar.package import Resource

LINES = ("csv", "tsv", "jsonl", "ndjson")
"""The formats of lines: files of the others cannot be joined end to end."""

HEAD = 1 << 20
"""Bytes in which the header of a part must end to be known for one."""

ANY, FEED = re.compile(rb"\r\n?|\n"), re.compile(rb"\n")
"""What ends a line: of delimited text as in `delimited`, of JSON a line feed alone."""

MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""


@dataclass(frozen=True)
class Joined:
    """A file made of parts; for each, the line on which it starts there and the lines of its own that were left out."""

    file: Path
    paths: list[str]
    starts: list[int]
    dropped: list[int]

    def place(self, line: int) -> tuple[str, int]:
        """The part that a line came from, and its number there."""
        at = bisect_right(self.starts, line) - 1
        return self.paths[at], line - self.starts[at] + 1 + self.dropped[at]


def unjoinable(resource: Resource) -> str | None:
    """Why the parts of a resource cannot be joined, or None."""
    if resource.format not in LINES:
        return f"data of the format {resource.format or 'that is not named'} in several parts cannot be joined"
    if resource.dialect.get("lineTerminator", "\n") not in {"\n", "\r\n"}:
        return "parts with line ends other than LF and CRLF are not joined"
    if "\n".encode(resource.encoding) != b"\n":
        return f"parts in {resource.encoding} are not joined"
    return None


def join(resource: Resource, parts: Iterable[Path | bytes], target: Path) -> Joined:
    """Join the parts of a resource end to end.

    A part after the first that begins with the header of the first is read without it; a last line that does not end
    is ended.
    """
    joined, line, first = Joined(target, resource.paths, [], []), 1, None
    end = FEED if resource.format in {"jsonl", "ndjson"} else ANY
    with target.open("wb") as file:
        for number, part in enumerate(parts):
            with io.BytesIO(part) if isinstance(part, bytes) else part.open("rb") as opened:
                labels, lines = header(resource, opened)
                first = labels if number == 0 else first
                dropped = lines if number and labels and labels == first else 0
                skip(opened, dropped, end, mark=number > 0)
                joined.starts.append(line)
                joined.dropped.append(dropped)
                line += copy(opened, file, end)
    return joined


def header(resource: Resource, part: IO[bytes]) -> tuple[list[str], int]:
    """The labels of a part and the lines that they take; none where it has no header."""
    data = part.read(HEAD)
    if resource.format not in {"jsonl", "ndjson"}:
        return read_head(resource, data)
    try:
        item = json.loads(data.partition(b"\n")[0].decode(resource.encoding).removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return [], 0
    return ([json.dumps(one) for one in item], 1) if isinstance(item, list) else ([], 0)


def skip(part: IO[bytes], lines: int, end: re.Pattern[bytes], *, mark: bool) -> None:
    """Go to where the copy of a part starts: after some lines, or after its byte order mark."""
    part.seek(0)
    head = part.read(HEAD)
    ends = [one.end() for one in islice(end.finditer(head), lines)]
    marked = len(MARK) if mark and head.startswith(MARK) else 0
    part.seek(marked if not lines else ends[-1] if len(ends) == lines else len(head))


def copy(part: IO[bytes], target: IO[bytes], end: re.Pattern[bytes]) -> int:
    """Copy the rest of a part, its last line ended; how many lines it has."""
    lines, last = 0, b"\n"
    while chunk := part.read(1 << 20):
        target.write(chunk)
        lines += chunk.count(b"\n")
        if end is ANY and b"\r" in last + chunk:
            lines += chunk.count(b"\r") - (last[-1:] + chunk).count(b"\r\n")
        last = chunk[-1:]
    if last != b"\n":
        target.write(b"\n")
    return lines + (end.fullmatch(last) is None)
