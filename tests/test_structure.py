"""The structure of CSV bytes, against the `csv` module record by record."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar import structure
from qantar.structure import read_structure, survey

CELL = st.text(st.sampled_from('ab é",\n\r'), max_size=4)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=12)


def written(rows: list[list[str]], end: str, *, final: bool) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue() if final else text.getvalue().removesuffix(end)


def expected(text: str) -> tuple[list[int], list[tuple[int, int]], list[int], int]:
    """Lines, ragged and blank records, and width, by the `csv` module."""
    reader = csv.reader(io.StringIO(text, newline=""))
    lines, ragged, blank, width, line = [], [], [], 0, 1
    for number, record in enumerate(reader, -1):
        if number < 0:
            width = max(len(record), 1)
        else:
            lines.append(line)
            if not record and width > 1:
                blank.append(number)
            elif max(len(record), 1) != width:
                ragged.append((number, len(record)))
        line = (
            text[: sum(map(len, text.splitlines(keepends=True)))].count("\n", 0) + 1 if False else reader.line_num + 1
        )
    return lines, ragged, blank, width


@pytest.mark.parametrize("chunk", [7, 64, 1 << 20])
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n"]), final=st.booleans())
def test_structure_is_that_of_the_csv_module(chunk: int, rows: list[list[str]], end: str, *, final: bool) -> None:
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    text = written(rows, end, final=final)
    structure.CHUNK = chunk
    found = read_structure(text.encode())
    lines, ragged, blank, width = expected(text)
    assert not found.loose
    assert (found.cells, found.records) == (width, len(lines))
    assert found.ragged == ragged
    seen = survey(text.encode())
    assert (seen.records, seen.loose, seen.inner) == (
        len(lines) + 1,
        False,
        text.count("\n") - seen.records + (not final),
    )
    assert seen.delimiters == sum(len(row) - 1 for row in rows)
    assert found.blank == blank
    assert found.lines(np.arange(found.records)).tolist() == lines


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ('a,b\n1,"x"\n', False),
        ('a,b\n1,"x""y"\n', False),
        ('a,b\n1,"x\n', True),
        ('a,b\n1,x"y\n', True),
        ('a,b\n1,x""y\n', True),
        ('a,b\n1,"x"y\n', True),
        ('a,b\n1, "x"\n', True),
        ('"a","b"\r\n"1",""\r\n', False),
    ],
)
def test_quotes_that_neither_open_nor_close_a_cell_are_loose(text: str, *, loose: bool) -> None:
    assert read_structure(text.encode()).loose is loose
    assert survey(text.encode()).loose is loose


def test_an_empty_file_has_no_records() -> None:
    found = read_structure(b"")
    assert (found.records, found.cells) == (0, 0)
