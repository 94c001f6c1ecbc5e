"""The content digest of a table: the same whichever file the table was read from; docs/formats.md defines it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import polars as pl

from qantar.package import Json


def content_digest(frame: pl.DataFrame, schema: dict[str, Json]) -> str:
    """The SHA-256, in hexadecimal, of a typed table's canonical text."""
    return hashlib.sha256(canonical_text(frame, schema)).hexdigest()


def canonical_text(frame: pl.DataFrame, schema: dict[str, Json]) -> bytes:
    """A table's canonical text: its fields as one line of JSON, then a line a row, in the order of the bytes."""
    fields = [(one["name"], one.get("type", "any")) for one in schema["fields"]]
    texts = frame.select(canonical(name, kind) for name, kind in fields)
    return b"\n".join([line(fields), *sorted(map(line, texts.iter_rows())), b""])


def line(cells: Json) -> bytes:
    """Cells as a line of JSON, its texts as RFC 8785 writes them."""
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()


def canonical(name: str, kind: str) -> pl.Expr:
    """The canonical texts of a column; null stays null."""
    return CANONICAL.get(kind, as_text)(pl.col(name)).alias(name)


def as_text(column: pl.Expr) -> pl.Expr:
    """Texts, codes, whole numbers, booleans, dates: as they are written anyway."""
    return column.cast(pl.String)


def as_number(column: pl.Expr) -> pl.Expr:
    """Numbers as RFC 8785 has them: the shortest digits that give the same float64."""
    return column.map_elements(number, pl.String)


def number(value: float) -> str:
    """A float64 as RFC 8785 writes it; what has no place in JSON as XML Schema does."""
    import rfc8785  # noqa: PLC0415 -- part of an extra

    if value != value or value in (float("inf"), -float("inf")):  # noqa: PLR0124 -- NaN
        return {"inf": "INF", "-inf": "-INF"}.get(str(value), "NaN")
    return rfc8785.dumps(value).decode()


def as_time(form: str) -> Callable[[pl.Expr], pl.Expr]:
    """Times by a form that ends with nine digits of a second, of which the last zeros are left out."""
    return lambda column: column.dt.to_string(form).str.replace(r"\.?0+$", "")


def as_month(column: pl.Expr) -> pl.Expr:
    """Months, counted from year 0, as YYYY-MM."""
    return column.map_elements(lambda value: f"{'-' * (value < 0)}{abs(value // 12):04}-{value % 12 + 1:02}", pl.String)


CANONICAL: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "number": as_number,
    "time": as_time("%H:%M:%S%.9f"),
    "datetime": lambda column: as_time("%Y-%m-%dT%H:%M:%S%.9f")(column) + "Z",
    "yearmonth": as_month,
}
"""How the canonical text of a type is made, where it is not what polars writes."""
