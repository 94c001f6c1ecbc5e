"""Cheap conditions that are true wherever a cell is at fault, and seldom elsewhere: what the first pass runs.

The exact checks cost several times as much, and are run on the few records that a screen lets through. One condition
stands for all checks of a field that it covers, so that each cell is compared and cast once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import polars as pl

from qantar import lexical
from qantar.package import Json
from qantar.reading import FALSE, SHORT, TRUE, Column, among, is_short, named, sure

if TYPE_CHECKING:
    from qantar.fields import Check

ROUNDED_TO_ZERO = 5
"""A decimal of up to 5 characters is zero as float64 only if it is zero: `1e-324` has six."""

DAYS = 10_000
"""Most days between two bounds that are looked up as texts, which takes a third of the time of a match."""

SPECIAL = ("groupChar", "decimalChar", "bareNumber")


@dataclass(frozen=True)
class Limit:
    """A bound as the cells are read; `small` says that it is the least, `excluded` that it is not allowed itself."""

    value: Json
    small: bool
    excluded: bool


Limits = dict[str, Limit]
"""The bounds of a field by constraint."""


def screens(column: Column, missing: list[str], checks: Sequence[Check]) -> Iterator[pl.Expr]:
    """Conditions of which one is true wherever a check of the field faults a cell; `missing` are its missing values."""
    limits = covered(column.field, {one.constraint: one.limit for one in checks if one.limit})
    sound, done = surely_sound(column.field, limits), {"type", "required", *limits}
    if sound is None:
        done = {"type"} if column.valid is None else set()
    elif not any(one.constraint == "required" for one in checks):
        yield sure(column.text.is_not_null() if column.present is None else column.present) & ~sure(sound)
    elif missing == [""] and column.field.get("type") != "boolean":  # the empty text is neither a number nor a date
        yield ~sure(sound)
    else:
        yield ~sure(sound & column.text.is_not_null())
    for check in checks:
        if check.constraint not in done:
            yield check.faulty if check.screen is None else check.screen


def surely_sound(field: dict[str, Json], limits: Limits) -> pl.Expr | None:
    """Where a text is surely of the field's type and within the bounds, null or false elsewhere; None if costly."""
    text = named(field["name"])
    match field.get("type"), field.get("format", "default"):
        case "integer", _ if not any(name in field for name in SPECIAL):
            return whole(text, limits)
        case "number", _ if not any(name in field for name in SPECIAL):
            return decimal(text, limits)
        case "date", "default":
            return day(text, limits)
        case "boolean", _:
            return among(text, [*field.get("trueValues", TRUE), *field.get("falseValues", FALSE)])
    return None


def covered(field: dict[str, Json], limits: Limits) -> Limits:
    """The bounds that `surely_sound` can compare with."""
    match field.get("type"):
        case "integer":
            return {name: one for name, one in limits.items() if is_short(one.value)}
        case "number" | "date":
            return limits
    return {}


def whole(text: pl.Expr, limits: Limits) -> pl.Expr:
    """Where a text is an integer of 64 bits within its bounds."""
    value = text.cast(pl.Int64, strict=False)
    inside = [within(value, pl.lit(int(one.value), pl.Int64), one) for one in limits.values()]
    return reduce(and_, inside) if inside else value.is_not_null()


def decimal(text: pl.Expr, limits: Limits) -> pl.Expr:
    """Where a text is a finite number within its bounds; one that float64 may have rounded to a bound is not sure."""
    value = text.cast(pl.Float64, strict=False)
    inside = [] if {one.small for one in limits.values()} == {True, False} else [value.is_finite()]
    for one in limits.values():
        limit, digits = pl.lit(float(one.value)), 0 if one.excluded else shortest_rounded(one.value)
        beyond = value > limit if one.small else value < limit
        inside.append(beyond | ((value == limit) & (text.str.len_bytes() <= digits)) if digits else beyond)
    return reduce(and_, inside)


def day(text: pl.Expr, limits: Limits) -> pl.Expr:
    """Where a text is a date within its bounds, all of four digits each year, so that texts order as days do."""
    low = [date.fromisoformat(one.value) for one in limits.values() if one.small]
    high = [date.fromisoformat(one.value) for one in limits.values() if not one.small]
    inside = [within(text, pl.lit(one.value), one) for one in limits.values()]
    if low and high and 0 <= (min(high) - max(low)).days <= DAYS:
        days = pl.select(day=pl.date_range(max(low), min(high)).dt.to_string())
        allowed = days.filter(*(within(pl.col("day"), pl.lit(one.value), one) for one in limits.values()))
        return text.is_in(allowed["day"].implode())
    return reduce(and_, [*inside, text.str.contains(rf"\A(?:{lexical.DATE})\z")])


def within(value: pl.Expr, limit: pl.Expr, one: Limit) -> pl.Expr:
    """Where a value keeps to a bound."""
    if one.small:
        return value > limit if one.excluded else value >= limit
    return value < limit if one.excluded else value <= limit


def shortest_rounded(limit: str) -> int:
    """Up to how many characters a decimal that float64 takes for the bound is equal to it."""
    digits = [one for one in limit.lower().partition("e")[0] if one.isdecimal()]
    if len(digits) > SHORT or (float(limit) == 0 and any(one != "0" for one in digits)):
        return 0
    return SHORT if float(limit) else ROUNDED_TO_ZERO
