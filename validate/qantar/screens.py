"""Cheap conditions that are true wherever a cell is at fault, and seldom elsewhere: what the first pass runs.

The exact checks cost several times as much, and are run on the few records that a screen lets through.
"""

from __future__ import annotations

import polars as pl

from qantar.package import Json
from qantar.reading import named

SHORT = 15
"""Decimals of up to 15 digits are told apart by float64 (IEEE 754)."""

ROUNDED_TO_ZERO = 5
"""A decimal of up to 5 characters is zero as float64 only if it is zero: `1e-324` has six."""

SPECIAL = ("groupChar", "decimalChar", "bareNumber")


def type_screen(field: dict[str, Json]) -> pl.Expr | None:
    """Where a text may not be of the field's type, for whole and decimal numbers of the usual form."""
    if any(name in field for name in SPECIAL):
        return None
    text = named(field["name"])
    match field.get("type"):
        case "integer":
            return text.cast(pl.Int64, strict=False).is_null()
        case "number":
            return unusual(text.cast(pl.Float64, strict=False))
    return None


def bound_screen(field: dict[str, Json], limit: Json, *, small: bool, excluded: bool) -> pl.Expr | None:
    """Where a text may be beyond a bound; `limit` is the bound as it is read, `small` says that it is the least."""
    if any(name in field for name in SPECIAL) or not isinstance(limit, str):
        return None
    text = named(field["name"])
    match field.get("type"), field.get("format", "default"):
        case "integer", _ if limit.lstrip("+-").isdecimal() and abs(int(limit)) < 2**63:
            value = text.cast(pl.Int64, strict=False)
            return value.is_null() | beyond(value, pl.lit(int(limit), pl.Int64), small=small, excluded=excluded)
        case "number", _:
            value = text.cast(pl.Float64, strict=False)
            bound = float(limit)
            rounded = (value == bound) & (text.str.len_bytes() > shortest_rounded(limit))
            return unusual(value) | rounded | beyond(value, pl.lit(bound), small=small, excluded=excluded)
        case "date", "default":  # of four digits each year, so that the text orders as the day
            return beyond(text, pl.lit(limit), small=small, excluded=excluded)
    return None


def shortest_rounded(limit: str) -> int:
    """Up to how many characters a decimal that float64 takes for the bound is equal to it."""
    digits = [one for one in limit.lower().partition("e")[0] if one.isdecimal()]
    if len(digits) > SHORT or (float(limit) == 0 and any(one != "0" for one in digits)):
        return 0
    return SHORT if float(limit) else ROUNDED_TO_ZERO


def unusual(value: pl.Expr) -> pl.Expr:
    """Where a text is no finite number for float64."""
    return ~value.is_finite().fill_null(value=False)


def beyond(value: pl.Expr, limit: pl.Expr, *, small: bool, excluded: bool) -> pl.Expr:
    """Where a value breaks a bound."""
    if small:
        return value <= limit if excluded else value < limit
    return value >= limit if excluded else value > limit
