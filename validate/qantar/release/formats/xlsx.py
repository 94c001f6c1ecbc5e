"""One workbook: what it is, what columns and codes mean, and a sheet a resource."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from qantar.errors import PackageError
from qantar.package import Json, Resource
from qantar.release.cells import kind_of, labelled_codes, plain
from qantar.release.content import Content

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}

ROWS, LONGEST, NAME, EXACT = 1_048_576, 32_767, 31, 15
"""Excel's limits: rows of a sheet, characters of a cell and of a sheet's name, digits of a number."""

EPOCH = dt.date(1900, 3, 1)
"""The first day that every spreadsheet counts alike; a column with an earlier one is text."""

NARROW, WIDE = 8, 60
"""Bounds of a column's width, in characters; longer texts are wrapped where they are seen."""

LOOKED_AT = 200
"""Rows from which a width is taken."""

ABOUT = ("what", "value", "description")
COLUMNS = ("sheet", "column", "type", "title", "description", "required", "refers to")
CODES = ("sheet", "column", "code", "label", "definition")


def write(content: Content, folder: Path) -> None:
    """Write `<name>.xlsx`."""
    file = folder / f"{content.name}.xlsx"
    sheets = sheet_names(content)
    with xlsxwriter.Workbook(file, OPTIONS) as workbook:
        descriptor = content.package.descriptor
        created = content.moment.replace(tzinfo=None)
        workbook.set_properties({"title": str(descriptor.get("title") or content.name), "created": created})
        workbook.set_size(24_000, 14_000)
        formats = {
            "header": workbook.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "text": workbook.add_format({"num_format": "@", "valign": "top"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "datetime": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
            "other": workbook.add_format({"valign": "top"}),
        }
        write_sheet(workbook.add_worksheet("_README"), ABOUT, describe(content, sheets), formats)
        write_sheet(workbook.add_worksheet("_columns"), COLUMNS, columns(content, sheets), formats)
        write_sheet(workbook.add_worksheet("_codes"), CODES, codes(content, sheets), formats)
        for name, resource in content.package.resources.items():
            frame = plain(content.tables[name], resource, "time")
            if frame.height >= ROWS:
                raise PackageError(f"{resource.path}  {frame.height:,} rows do not fit in a sheet of {ROWS:,}.")
            write_sheet(workbook.add_worksheet(sheets[name]), frame.columns, frame.rows(), formats)


def sheet_names(content: Content) -> dict[str, str]:
    """The sheet of each resource: its name without the characters that Excel refuses, short enough, and its own."""
    taken = {"_readme", "_columns", "_codes", "history"}  # the last is Excel's
    sheets = {}
    for name in content.package.resources:
        short = re.sub(r"[\[\]:*?/\\']", "_", name)
        endings = ("", *map(str, range(2, len(taken) + 2)))
        names = (f"{short[: NAME - len(one)]}{one}" for one in endings)
        sheets[name] = next(one for one in names if one.lower() not in taken)
        taken.add(sheets[name].lower())
    return sheets


def describe(content: Content, sheets: Mapping[str, str]) -> Iterator[tuple[Json, ...]]:
    """What the first sheet says: the package, and each sheet."""
    descriptor = content.package.descriptor
    yield "title", descriptor.get("title") or content.name, descriptor.get("description")
    yield "version", content.version, None
    for one in descriptor.get("licenses", []):
        yield "licence", one.get("name"), one.get("title") or one.get("path")
    yield "sheet", "_columns", "What each column of each sheet means."
    yield "sheet", "_codes", "What each code of a column means."
    for name, resource in content.package.resources.items():
        yield "sheet", sheets[name], resource.descriptor.get("description")


def columns(content: Content, sheets: Mapping[str, str]) -> Iterator[tuple[Json, ...]]:
    """What each column means, and whither it refers."""
    for name, resource in content.package.resources.items():
        for field in resource.fields:
            required = "yes" if field.get("constraints", {}).get("required") else None
            words = (field.get("title"), field.get("description"))
            yield sheets[name], field["name"], kind_of(field), *words, required, reference(resource, field["name"])


def reference(resource: Resource, name: str) -> str | None:
    """The tables that a column refers to."""
    found = [
        f"{target}.{to}"
        for fields, target, others in resource.relations
        for one, to in zip(fields, others, strict=True)
        if one == name
    ]
    return ", ".join(found) or None


def codes(content: Content, sheets: Mapping[str, str]) -> Iterator[tuple[Json, ...]]:
    """What each code means."""
    for name, resource in content.package.resources.items():
        yield from ((sheets[name], field["name"], *code) for field in resource.fields for code in labelled_codes(field))


def write_sheet(
    sheet: Worksheet, header: Iterable[str], rows: Iterable[tuple[Json, ...]], formats: dict[str, Format]
) -> None:
    """Write a sheet: a frozen header that filters, then rows, each cell of its own type."""
    header, rows = list(header), list(rows)
    for at, name in enumerate(header):
        sheet.write_string(0, at, name, formats["header"])
        cells = [row[at] for row in rows]
        early = any(isinstance(one, dt.date) and before(one) for one in cells)
        for down, cell in enumerate(cells, 1):
            write_cell(sheet, (down, at), str(cell) if early and cell is not None else cell, formats)
        longest = max((len(str(one)) for one in cells[:LOOKED_AT] if one is not None), default=0)
        sheet.set_column(at, at, min(max(NARROW, len(name) + 3, longest + 1), WIDE))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS}"})  # it is meant
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(header) - 1)


def before(day: dt.date) -> bool:
    """Whether spreadsheets do not agree on a day's number."""
    return (day.date() if isinstance(day, dt.datetime) else day) < EPOCH


def write_cell(sheet: Worksheet, place: tuple[int, int], cell: Json, formats: dict[str, Format]) -> None:
    """Write a cell by its type; a text is a text whatever it begins with, and so is a number that Excel would round."""
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(*place, cell, formats["other"])
        case dt.datetime():
            sheet.write_datetime(*place, cell, formats["datetime"])
        case dt.date():
            sheet.write_datetime(*place, cell, formats["date"])
        case int() | float() if math.isfinite(cell) and (isinstance(cell, float) or abs(cell) < 10**EXACT):
            sheet.write_number(*place, cell, formats["other"])
        case _ if len(str(cell)) > LONGEST:
            raise PackageError(
                f"{sheet.name}:{place[0] + 1}  {len(str(cell)):,} characters do not fit in a cell of {LONGEST:,}."
            )
        case _:
            sheet.write_string(*place, str(cell), formats["text"])
