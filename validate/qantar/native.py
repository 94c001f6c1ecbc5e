"""Values with a type of their own, in JSON and in sheets -> rows of them, and the text that each would be in CSV."""

from __future__ import annotations

import importlib
import io
import json
import math
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from qantar.header import Row
from qantar.lexical import decoded
from qantar.package import Json, Resource

SHEETS = ("xlsx", "xlsm")
"""The formats of workbooks that are read."""

ROW_LIMIT = 1 << 20
"""Most rows of a sheet, by its format."""

AREA_LIMIT = 50_000_000
"""Most cells of a sheet up to the last one of each row: a file of some bytes may name the cell XFD1048576."""

Told = Callable[[str, int | None], None]
"""What is told of a fault, and of the line that it is on."""


def json_items(resource: Resource, text: str) -> list[tuple[int, Json]]:
    """The items of a JSON array, numbered from 2 as rows below a header are; ValueError where there is none."""
    found = decoded(text)
    way = resource.dialect.get("property")
    if way is not None:
        for step in [way] if isinstance(found, dict) and way in found else way.split("."):
            if not isinstance(found, dict) or step not in found:
                raise ValueError(f"it has no property {way}")
            found = found[step]
    if not isinstance(found, list):
        raise TypeError("the data are no array")
    first = found[0] if found else None
    return list(enumerate(found, 1 if isinstance(first, list) else 2))


def json_lines(whole: str, told: Told) -> list[tuple[int, Json]]:
    """The items of JSON Lines with the line of each; what is none is told, and left out."""
    items = []
    for line, text in enumerate(whole.split("\n"), 1):
        try:
            items += [(line, decoded(text))] if text.strip() else []
        except (ValueError, RecursionError) as error:
            told(f"The line is not well-formed JSON: {str(error)[:200]}.", line)
    return items


def item_rows(resource: Resource, items: list[tuple[int, Json]], told: Told) -> tuple[list[str] | None, Iterator[Row]]:
    """The rows that items are, and their labels where they are objects; an item of another kind is told.

    What kind they are is said by the dialect's `itemType`, or by the first.
    """
    named = resource.dialect.get("itemType", "array" if items and isinstance(items[0][1], list) else "object")
    kind = list if named == "array" else dict
    for line, item in items:
        if not isinstance(item, kind):
            told(f"The item is no {named}.", line)
    sound: list[tuple[int, Json]] = [(line, item) for line, item in items if isinstance(item, kind)]
    if kind is list:
        return None, (Row(line, number, item) for number, (line, item) in enumerate(sound, 1))
    labels = resource.dialect.get("itemKeys") or keys_of(resource, [item for _, item in sound])
    return labels, (Row(line, number, list(map(item.get, labels))) for number, (line, item) in enumerate(sound, 1))


def keys_of(resource: Resource, items: list[dict[str, Json]]) -> list[str]:
    """The keys of objects: those that are fields in the order of the schema, then the others."""
    found = dict.fromkeys(key for item in items for key in item)
    fields = [one["name"] for one in resource.fields]
    return [one for one in fields if one in found or not items] + [one for one in found if one not in fields]


def sheet_rows(resource: Resource, source: Path | bytes) -> Iterator[Row]:
    """The rows of the sheet that the dialect names, without what is empty at the ends; ValueError where there is none.

    Formulas stand for the values that the file stores with them.
    """
    library = importlib.import_module("openpyxl")
    opened = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts of a workbook that are not data
        book = library.load_workbook(opened, read_only=True, data_only=True, keep_links=False)
        sheet = sheet_of(book, resource.dialect)
        sheet.reset_dimensions()  # what the file says of its own size need not be so
        yield from solid(sheet.iter_rows(values_only=True))


def sheet_of(book: Json, dialect: dict[str, Json]) -> Json:
    """The sheet of a workbook by its name or number; ValueError where there is none."""
    sheets = {one.title: one for one in book.worksheets}
    name, number = dialect.get("sheetName"), dialect.get("sheetNumber", 1)
    if name is not None and name not in sheets:
        raise ValueError(f"it has no sheet {name}, only {', '.join(sheets)}")
    if name is None and number > len(sheets):
        raise ValueError(f"it has {len(sheets)} sheets, none of the number {number}")
    return sheets[name] if name is not None else list(sheets.values())[number - 1]


def solid(rows: Iterator[tuple[Json, ...]]) -> Iterator[Row]:
    """The rows of a sheet up to the last cell that is filled; ValueError where they go beyond any table."""
    area, waiting = 0, 0
    for number, cells in enumerate(rows, 1):
        area += len(cells)
        if number > ROW_LIMIT or area > AREA_LIMIT:
            raise ValueError(f"its row {number} is beyond {ROW_LIMIT:,} rows or {AREA_LIMIT:,} cells")
        end = next((at for at in range(len(cells), 0, -1) if cells[at - 1] not in {None, ""}), 0)
        if not end:
            waiting += 1
            continue
        yield from (Row(one, one, []) for one in range(number - waiting, number))
        waiting = 0
        yield Row(number, number, list(cells[:end]))


def as_text(value: Json, field: dict[str, Json], missing: str) -> str:
    """A value as the text that it would be in a CSV file by its field; `missing` is that of none."""
    match value:
        case None | str():
            text = missing if value is None else value
        case bool():
            text = boolean_text(field, value=value)
        case int() | float() | Decimal():
            text = number_text(value, field)
        case date() | time() | timedelta():
            text = moment_text(value, field)
        case bytes():
            text = f"0x{value.hex()}"
        case list() if field.get("type") == "list":
            text = str(field.get("delimiter", ",")).join(as_text(one, {}, "") for one in value)
        case _:
            text = json.dumps(value, ensure_ascii=False, default=lambda one: as_text(one, {}, ""))
    return text


def boolean_text(field: dict[str, Json], *, value: bool) -> str:
    """A boolean as text, in the first word of its field where that is a boolean one."""
    words = field.get("trueValues" if value else "falseValues") if field.get("type") == "boolean" else None
    return str(words[0]) if isinstance(words, list) and words else json.dumps(value)


def number_text(value: float | Decimal, field: dict[str, Json]) -> str:
    """A number as text: one without a fraction is whole where the field is, for neither JSON nor sheets tell them."""
    kind = field.get("type")
    if not isinstance(value, int) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if not isinstance(value, int) and value == int(value) and kind in {"integer", "year", "any", None}:
        value = int(value)
    if kind == "year" and isinstance(value, int):
        return f"{value:0{5 if value < 0 else 4}d}"
    point = field.get("decimalChar", ".") if kind == "number" else "."
    return (str(value) if isinstance(value, Decimal) else repr(value)).replace(".", str(point))


def moment_text(value: date | time | timedelta, field: dict[str, Json]) -> str:
    """A date, a time or a duration as text, in the form of its field; a sheet has a date as its midnight."""
    kind, form = field.get("type"), str(field.get("format", "default")).removeprefix("fmt:")
    if isinstance(value, timedelta):
        seconds, parts = divmod(abs(value) // timedelta(microseconds=1), 1_000_000)
        return f"{'-' if value < timedelta() else ''}PT{seconds}{f'.{parts:06}'.rstrip('0').rstrip('.')}S"
    if "%" in form:
        return value.strftime(form)
    if isinstance(value, datetime) and kind == "date" and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()
