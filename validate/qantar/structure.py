"""The structure of a CSV file: how many records, which are ragged, on which line each starts.

polars pads short rows, takes a quotation mark inside an unquoted cell for the start of a quoted one, and counts
records where a curator sees lines. So the bytes are looked at once more, in chunks that fit the processor's cache: only
delimiters, line breaks and quotation marks matter, and whether each of them stands inside quotes is a running parity.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

CHUNK = 1 << 19
"""Bytes that are looked at together; more would leave the processor's cache."""

RELEASE = 8 << 20
"""Bytes of a mapped file after which those already seen are given back, so that memory does not grow with the file."""

MANY = 128
"""Bytes for each quotation mark, below which quoted cells are looked at one by one."""

NEWLINE, QUOTE, RETURN = 10, 34, 13


@dataclass
class Structure:
    """What the bytes say; `records` counts those below the header, and rows and records are counted from 0 there.

    `ragged` has (record, cells) for each record whose number of cells is not the header's. `broken` has the record of
    every line break inside quotes, in order. `loose` says that a quotation mark stands where it neither opens nor
    closes a cell, or is never closed, or that a carriage return ends a line alone: then only a reader that goes cell by
    cell gets the file right.
    """

    records: int = 0
    cells: int = 0
    ragged: list[tuple[int, int]] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    broken: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    header_lines: int = 1
    loose: bool = False
    stretches: list[Stretch] = field(default_factory=list)

    def texts(self, data: bytes | mmap.mmap, records: Ints) -> Iterator[bytes]:
        """The bytes of each of these records, its line break with them; they are given in order."""
        firsts = np.array([one.first for one in self.stretches])
        chunks = np.searchsorted(firsts, records, "right") - 1
        for at in np.unique(chunks).tolist():
            one = self.stretches[at]
            ends = one.start + np.cumsum(one.lengths, dtype=np.int64)
            for own in (records[chunks == at].astype(np.int64) - one.first).tolist():
                yield data[ends[own] - one.lengths[own] : ends[own]]

    def lines(self, records: Ints) -> Ints:
        """The file line on which each record starts, the header's being 1."""
        return records + 1 + self.header_lines + np.searchsorted(self.broken, records)


@dataclass(frozen=True)
class Stretch:
    """Where the records of a chunk are: the number of the first, its offset, and the bytes of each."""

    first: int
    start: int
    lengths: npt.NDArray[np.uint16] | npt.NDArray[np.uint32]


@dataclass
class Chunk:
    """The delimiters and line breaks outside quotes of some whole lines, and the quotes that stand wrong."""

    ends: Ints
    """Offsets of the line breaks that end a record."""
    cells: Ints
    """Cells of each of those records."""
    broken: Ints
    """For each line break inside quotes, the index of its record in the chunk."""
    loose: bool


def read_structure(data: bytes | mmap.mmap, delimiter: str = ",") -> Structure:
    """Look at all bytes of a file once; the delimiter is one byte, the quotation mark is `"`."""
    result = Structure()
    view = memoryview(data)
    broken: list[Ints] = []
    start, size, record, released = 0, len(view), -1, 0
    while start < size and not result.loose:
        reach, chunk = CHUNK, None
        while chunk is None:  # a record longer than the chunk wants a longer one
            end = whole_lines(data, start, min(start + reach, size))
            reach *= 2
            chunk = read_chunk(np.frombuffer(view[start:end], np.uint8), ord(delimiter), last=end == size)
        result.loose |= chunk.loose or bare_return(data, start, end)
        if record < 0 and chunk.ends.size:
            result.cells = int(chunk.cells[0])
        note(result, chunk, record, view[start:end])
        if chunk.ends.size:
            lengths = np.diff(chunk.ends, prepend=-1)
            narrow = lengths.astype(np.uint16) if lengths.max() < 1 << 16 else lengths.astype(np.uint32)
            result.stretches.append(Stretch(record, start, narrow))
        broken.append(chunk.broken + record)
        record += chunk.ends.size
        start += int(chunk.ends[-1]) + 1 if chunk.ends.size else end - start
        if start - released > RELEASE:
            released = release(data, released, start)
    result.records = max(record, 0)
    lines = np.concatenate(broken) if broken else result.broken
    result.header_lines += int((lines < 0).sum())
    result.broken = lines[lines >= 0]
    return result


@dataclass
class Survey:
    """What can be counted in the bytes without looking at each record, the header's included.

    `delimiters` stand outside quotes, `inner` counts line breaks inside them; `loose` is that of the structure.
    """

    records: int = 0
    delimiters: int = 0
    inner: int = 0
    loose: bool = False


def survey(data: bytes | mmap.mmap, delimiter: str = ",") -> Survey:
    """Count in all bytes of a file once, in half the time of `read_structure`."""
    result, view = Survey(), memoryview(data)
    start, size, released = 0, len(view), 0
    while start < size and not result.loose:
        reach, used = CHUNK, None
        while used is None:  # a record longer than the chunk wants a longer one
            end = whole_lines(data, start, min(start + reach, size))
            reach *= 2
            used = count_chunk(result, view[start:end], delimiter, last=end == size)
        result.loose |= bare_return(data, start, end)
        start += used
        if start - released > RELEASE:
            released = release(data, released, start)
    return result


def count_chunk(result: Survey, view: memoryview, delimiter: str, *, last: bool) -> int | None:
    """Count in a chunk that starts with a record; how many bytes were counted, None where no record ends in it."""
    data = np.frombuffer(view, np.uint8)
    quotes = sparse(data == QUOTE)
    if quotes.size % 2 or quotes.size > data.size // MANY:
        chunk = read_chunk(data, ord(delimiter), last=last)
        if chunk is None:
            return None
        result.loose |= chunk.loose
        result.records += chunk.ends.size
        result.delimiters += int(chunk.cells.sum()) - chunk.ends.size
        result.inner += chunk.broken.size
        return int(chunk.ends[-1]) + 1 if chunk.ends.size else data.size
    pairs = zip(quotes[::2].tolist(), quotes[1::2].tolist(), strict=True)
    quoted = [view[start:end].tobytes() for start, end in pairs]
    inner, parting = (sum(text.count(mark) for text in quoted) for mark in (b"\n", delimiter.encode()))
    result.loose |= bool(quoted) and misplaced(data, quotes[::2], quotes[1::2], ord(delimiter))
    result.records += int(np.count_nonzero(data == NEWLINE)) - inner + bool(last and data[-1] != NEWLINE)
    result.delimiters += int(np.count_nonzero(data == ord(delimiter))) - parting
    result.inner += inner
    return data.size


def sparse(marks: npt.NDArray[np.bool_]) -> Ints:
    """Where the marks stand, of which there are few: eight are looked at together."""
    whole = marks.size - marks.size % 8
    some = np.flatnonzero(marks[:whole].view(np.uint64) != 0)
    rows, columns = np.nonzero(marks[:whole].reshape(-1, 8)[some])
    return np.concatenate([some[rows] * 8 + columns, whole + np.flatnonzero(marks[whole:])])


def release(data: bytes | mmap.mmap, start: int, end: int) -> int:
    """Give back the pages of a mapped file up to `end`; where they begin from then on."""
    if not isinstance(data, mmap.mmap) or not hasattr(data, "madvise"):
        return end
    whole = end - end % mmap.PAGESIZE
    data.madvise(mmap.MADV_DONTNEED, start, whole - start)
    return whole


def whole_lines(data: bytes | mmap.mmap, start: int, end: int) -> int:
    """The end of the last line that ends before `end`, or of the file."""
    if end == len(data):
        return end
    last = data.rfind(b"\n", start, end)
    if last < 0:
        last = data.find(b"\n", end)
    return last + 1 if last >= 0 else len(data)


def read_chunk(data: Bytes, delimiter: int, *, last: bool) -> Chunk | None:
    """The records of a chunk that starts with a record; None where no record ends in it and more bytes follow."""
    ends, quotes = np.flatnonzero(data == NEWLINE), np.flatnonzero(data == QUOTE)
    opening, closing = quotes[::2], quotes[1::2]
    odd = opening.size > closing.size
    inside = (np.searchsorted(quotes, ends) & 1).astype(bool) if quotes.size else np.zeros(ends.size, bool)
    within, ends = ends[inside], ends[~inside]
    if last and data.size and (not ends.size or ends[-1] != data.size - 1):
        ends = np.append(ends, data.size)
    elif not ends.size and data.size:
        return None
    loose = (last and odd) or (quotes.size > 0 and misplaced(data, opening, closing, delimiter))
    before = counted(data == delimiter)
    seen = before(ends)
    if quotes.size:
        hidden = np.cumsum(before(closing) - before(opening[: closing.size]))
        seen -= np.append(0, hidden)[np.minimum(np.searchsorted(opening, ends), hidden.size)]
    return Chunk(ends, np.diff(seen, prepend=0) + 1, np.searchsorted(ends, within[within < ends[-1:]]), loose)


def counted(marks: npt.NDArray[np.bool_]) -> Callable[[Ints], Ints]:
    """How many of the marks stand before each of some offsets; by their bits, since there may be one in ten bytes."""
    bits = np.zeros(marks.size // 64 * 8 + 8, np.uint8)
    packed = np.packbits(marks, bitorder="little")
    bits[: packed.size] = packed
    words = bits.view("<u8")
    sums = np.cumsum(np.bitwise_count(words), dtype=np.int64) - np.bitwise_count(words)

    def before(at: Ints) -> Ints:
        lower = words[at >> 6] & ((np.uint64(1) << (at & 63).astype(np.uint64)) - np.uint64(1))
        there: Ints = sums[at >> 6] + np.bitwise_count(lower)
        return there

    return before


def bare_return(data: bytes | mmap.mmap, start: int, end: int) -> bool:
    """Whether a stretch of a file has a carriage return that no line feed follows."""
    if data.find(b"\r", start, end) < 0:
        return False
    some = np.frombuffer(data[start : end + 1], np.uint8)
    returns = np.flatnonzero(some[: end - start] == RETURN)
    return not (some[np.minimum(returns + 1, some.size - 1)] == NEWLINE).all()


def misplaced(data: Bytes, opening: Ints, closing: Ints, delimiter: int) -> bool:
    """Whether a quotation mark opens a cell elsewhere than at its start, or closes one elsewhere than at its end."""
    before = np.where(opening > 0, data[opening - 1], NEWLINE)
    after = np.where(closing < data.size - 1, data[np.minimum(closing + 1, data.size - 1)], NEWLINE)
    opened = (before == delimiter) | (before == NEWLINE) | (before == QUOTE)
    closed = (after == delimiter) | (after == NEWLINE) | (after == QUOTE) | (after == RETURN)
    return not (opened.all() and closed.all())


def note(result: Structure, chunk: Chunk, record: int, data: memoryview) -> None:
    """Note the records of a chunk that have another number of cells than the header."""
    for index in np.flatnonzero(chunk.cells != result.cells).tolist():
        own = record + index
        start = int(chunk.ends[index - 1]) + 1 if index else 0
        end = int(chunk.ends[index])
        if own >= 0:
            if bytes(data[start:end]).strip(b"\r") == b"":
                result.blank.append(own)
            else:
                result.ragged.append((own, int(chunk.cells[index])))
