"""The header of a table: which rows it is, and which column is which field of the schema."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from qantar.catalogue import Hints
from qantar.model import OWN
from qantar.package import Json

if TYPE_CHECKING:
    from qantar.table import Table

OTHER_DELIMITERS = (";", "\t", "|", ",")
"""Delimiters that are looked for where the declared one does not part the header."""


class Row(NamedTuple):
    """A row of a file: the line on which it starts, its number among all rows, comments too, and its cells."""

    line: int
    number: int
    cells: list[Json]


class Header(NamedTuple):
    """The labels of the columns, and the line of the last row that they stand in."""

    labels: list[str]
    line: int


def take_header(dialect: dict[str, Json], rows: Iterator[Row]) -> tuple[Header | None, Iterator[Row]]:
    """The header by the dialect, None where it says that there is none; and the rows below, without comments.

    A header whose rows are not there has no labels.
    """
    comments = set(dialect.get("commentRows", ()))
    rows = (row for row in rows if row.number not in comments)
    numbers = dialect.get("headerRows", [1]) if dialect.get("header", True) else []
    if not numbers:
        return None, rows
    found: list[Row] = []
    for row in rows:
        if numbers == [1] or row.number in numbers:  # comments may stand before the first row that counts
            found.append(row)
        elif row.number > max(numbers):
            rows = chain([row], rows)
            break
        if numbers == [1] or row.number >= max(numbers):
            break
    labels = joined([row.cells for row in found], dialect.get("headerJoin", " "))
    return Header(labels, found[-1].line if found else 1), rows


def joined(rows: list[list[Json]], between: str) -> list[str]:
    """One label a column from the rows of a header.

    Above the last row a label holds until the next one, so that a row may be shorter than the one below.
    """
    if not rows:
        return []
    width = max(map(len, rows))
    last = [text(cell) for cell in rows[-1]]
    above = [spread(row, width) for row in rows[:-1]]
    columns = zip(*above, last + [""] * (width - len(last)), strict=True)
    return [between.join(one for one in column if one) for column in columns]


def spread(row: list[Json], width: int) -> list[str]:
    """The labels of an upper row, each repeated until the next one."""
    labels, last = [], ""
    for at in range(width):
        last = (text(row[at]) if at < len(row) else "") or last
        labels.append(last)
    return labels


def text(cell: Json) -> str:
    """A label as text; an empty cell has none."""
    return "" if cell is None else str(cell)


def match_header(table: Table, labels: list[str]) -> list[tuple[int, str]]:
    """Which column of the file is which field of the schema, as (index, field name); every mismatch is a finding.

    A label that is no field, where the field of that position has no label, is taken for a misspelling of it:
    the column's cells are then checked all the same.
    """
    fields = [one["name"] for one in table.resource.fields] or [
        one for one in dict.fromkeys(labels) if not one.startswith(OWN)
    ]
    if undeclared_delimiter(table, labels, fields):
        return []
    how, hints = table.resource.fields_match, Hints()
    columns = dict(name_columns(table, labels, fields))
    if how == "exact" and [one for one in dict.fromkeys(fields) if one in columns] != list(columns):
        message = "The columns are not in the order of the schema."
        table.fault_label("incorrect-label", message, value=", ".join(labels), expected=", ".join(fields))
    for index, label in enumerate(labels):
        if not label or label in fields:
            continue
        if how == "exact" and index < len(fields) and fields[index] not in columns:
            columns[fields[index]] = index
            message = "A label is not the name of its field."
            table.fault_label("incorrect-label", message, field=fields[index], value=label, expected=fields[index])
        elif how not in {"subset", "partial"}:
            hint = hints.nearest(label, fields)
            message = "A label is no field of the schema."
            table.fault_label("extra-label", message, field=label, value=label, expected=", ".join(fields), hint=hint)
    miss_labels(table, fields, columns, how)
    return sorted((index, name) for name, index in columns.items())


def miss_labels(table: Table, fields: list[str], columns: dict[str, int], how: str) -> None:
    """Report the fields that should have a column and have none."""
    if not columns:
        table.miss("", "none of its columns is a field of the schema")
    if how == "partial" and not columns:
        message = "No field of the schema has a column."
        table.fault_label("missing-label", message, expected=f"one of {', '.join(fields)}")
    for name in fields if how not in {"superset", "partial"} else ():
        if name not in columns:
            table.fault_label("missing-label", "A field of the schema has no column.", field=name, expected=name)
            table.miss(f":{name}", "the file has no such column")


def undeclared_delimiter(table: Table, labels: list[str], fields: list[str]) -> bool:
    """Whether the header is one label that another delimiter would split into the fields: one finding, no cascade."""
    given = table.resource.dialect.get("delimiter", ",")
    for other in OTHER_DELIMITERS:
        parts = labels[0].split(other) if len(labels) == 1 < len(fields) else []
        if len({part.strip(' "') for part in parts} & set(fields)) > len(fields) / 2:
            message = "The cells are parted by a delimiter that the descriptor does not declare."
            hint = f'Declare "dialect": {{"delimiter": {json.dumps(other)}}}, or write the file with {given!r}.'
            table.fault_label("undeclared-delimiter", message, value=other, expected=given, hint=hint)
            table.miss("", "its delimiter is not declared")
            table.incomplete = True
            return True
    return False


def name_columns(table: Table, labels: list[str], fields: list[str]) -> Iterator[tuple[str, int]]:
    """The columns whose label is the name of a field; blank and repeated labels are findings."""
    seen: Counter[str] = Counter()
    for index, label in enumerate(labels):
        if not label:
            table.fault_label("blank-label", "A column has no label.", value=f"column {index + 1}", expected="a label")
        elif seen[label] and seen[label] < fields.count(label):
            table.miss(f":{label}", "two fields have this name, and only the first column of it is checked")
        elif seen[label]:
            message = "A label stands twice in the header."
            table.fault_label("duplicate-label", message, field=label, value=label, expected="each label once")
        elif label in fields:
            yield label, index
        seen[label] += 1
