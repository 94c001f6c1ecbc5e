"""Table Schema -> checks of columns, all of them polars expressions that run together in one pass.

Lexical rules are the specification's, not Python's or polars': `1_000`, Arabic digits and `2024-2-1` are faults.
A null cell (missing, or unknown) faults no check but `required`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import polars as pl

from qantar.model import NotChecked
from qantar.package import Json
from qantar.table import RECORD, ROW, Table

INTEGER = r"^[+-]?[0-9]+$"
NUMBER = r"^(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|-?INF)$"
DATE = r"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}$"

HINTED = 2_000
"""Most codes among which the nearest one is looked for; a longer list would cost more than the hint is worth."""


@dataclass(frozen=True)
class Check:
    """One check of one field: `faulty` is true for each cell at fault, over the text cells of the table."""

    rule: str
    field: str
    message: str
    expected: str
    faulty: pl.Expr
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """How a field is read: its text, null where missing; its typed value, null where the text is not of the type."""

    field: dict[str, Json]
    text: pl.Expr
    value: pl.Expr
    expected: str


def column(field: dict[str, Json], missing: list[str]) -> Column | None:
    """How to read a field of the schema, or None where its type is not supported."""
    name = field["name"]
    text = pl.when(pl.col(name).is_in(missing)).then(None).otherwise(pl.col(name))
    match field.get("type", "any"), field.get("format", "default"):
        case "string" | "any", "default":
            value, expected = text, "text"
        case "integer", _:
            value, expected = only(text, INTEGER).cast(pl.Int64, strict=False), "a whole number"
        case "number", _:
            number = only(text, NUMBER).str.replace("INF", "inf")
            value, expected = number.cast(pl.Float64, strict=False), "a number"
        case "boolean", _:
            true = field.get("trueValues", ["true", "True", "TRUE", "1"])
            false = field.get("falseValues", ["false", "False", "FALSE", "0"])
            value = pl.when(text.is_in(true)).then(pl.lit(value=True)).when(text.is_in(false)).then(pl.lit(value=False))
            expected = f"one of {', '.join([*true, *false])}"
        case "date", "default":
            value, expected = only(text, DATE).str.to_date("%Y-%m-%d", strict=False), "a date, YYYY-MM-DD"
        case _:
            return None
    return Column(field, text, value, expected)


def only(text: pl.Expr, pattern: str) -> pl.Expr:
    """The text where it matches the pattern, else null."""
    return pl.when(text.str.contains(pattern)).then(text).otherwise(None)


def missing_values(resource_schema: dict[str, Json], field: dict[str, Json]) -> list[str]:
    """The texts that mean a missing value in this field; the field's own list replaces the schema's."""
    listed: Json = field.get("missingValues", resource_schema.get("missingValues", [""]))
    return [one["value"] if isinstance(one, dict) else one for one in listed]


def column_checks(one: Column) -> list[Check]:
    """The checks that a field's type, categories and constraints ask for."""
    field, name, text, value = one.field, one.field["name"], one.text, one.value
    checks = [
        Check(
            "type-error",
            name,
            "The cell is not of the field's type.",
            one.expected,
            text.is_not_null() & value.is_null(),
        )
    ]
    codes = [str(code["value"] if isinstance(code, dict) else code) for code in field.get("categories", [])]
    if codes:
        checks.append(
            Check(
                "unknown-code",
                name,
                "The cell is not a code of the field.",
                f"one of {', '.join(codes)}",
                ~text.is_in(codes),
                tuple(codes),
            )
        )
    constraints = field.get("constraints", {})

    def broken(message: str, expected: str, faulty: pl.Expr, codes: tuple[str, ...] = ()) -> None:
        checks.append(Check("constraint-error", name, message, expected, faulty, codes))

    if constraints.get("required"):
        broken("A required cell is empty.", "a value", pl.col(name).is_not_null() & text.is_null())
    if "enum" in constraints:
        allowed = [str(code) for code in constraints["enum"]]
        broken(
            "The cell is not one of the values allowed.",
            f"one of {', '.join(allowed)}",
            ~text.is_in(allowed),
            tuple(allowed),
        )
    if "pattern" in constraints:
        broken(
            "The cell does not match the pattern.",
            constraints["pattern"],
            ~text.str.contains(rf"\A(?:{constraints['pattern']})\z"),
        )
    if "minLength" in constraints:
        broken(
            "The cell is too short.",
            f"{constraints['minLength']} characters at least",
            text.str.len_chars() < constraints["minLength"],
        )
    if "maxLength" in constraints:
        broken(
            "The cell is too long.",
            f"{constraints['maxLength']} characters at most",
            text.str.len_chars() > constraints["maxLength"],
        )
    bound = {"date": pl.lit(None).cast(pl.Date)}.get(field.get("type", "any"))
    for constraint, word, less in (("minimum", "least", True), ("maximum", "most", False)):
        if constraint in constraints:
            limit = pl.lit(constraints[constraint])
            limit = limit if bound is None else limit.str.to_date("%Y-%m-%d")
            broken(
                f"The value is too {'small' if less else 'great'}.",
                f"{constraints[constraint]} at {word}",
                value < limit if less else value > limit,
            )
    return checks


def check_columns(table: Table) -> pl.DataFrame:
    """Add a finding for each faulty cell, and give back the typed table.

    In the typed table a faulty cell is null, that is unknown, so that no later rule faults it again; only cells of
    keys keep a text that breaks a constraint, so that what refers to them still finds them.
    """
    resource, cells = table.resource, table.cells
    keys = {name for fields, _, _ in resource.relations for name in fields} | set(resource.key)
    columns: list[Column] = []
    for field in resource.fields:
        if field["name"] in cells.columns:
            read = column(field, missing_values(resource.schema, field))
            if read is None:
                table.not_checked.append(
                    NotChecked(f"{resource.path}:{field['name']}", f"the type {field.get('type')} is not supported")
                )
            else:
                columns.append(read)
    checks = [check for one in columns for check in column_checks(one)]
    subjects = cells.filter(table.subjects)
    failed = (
        subjects.select(check.faulty.any().alias(str(index)) for index, check in enumerate(checks))
        if checks
        else pl.DataFrame()
    )
    for index, check in enumerate(checks):
        if failed.height and failed.item(0, str(index)):
            locate(table, subjects, check)
    typed = []
    for one in columns:
        name = one.field["name"]
        rows = sorted(table.unknown.get(name, ()))
        keep = name in keys or not rows
        typed.append((one.value if keep else pl.when(~pl.col(ROW).is_in(rows)).then(one.value)).alias(name))
    return cells.select(ROW, RECORD, *typed)


def locate(table: Table, subjects: pl.DataFrame, check: Check) -> None:
    """Add a finding for each cell that fails the check."""
    unknown = table.unknown.setdefault(check.field, set())
    for row in subjects.filter(check.faulty).iter_rows(named=True):
        if row[ROW] in unknown:  # one cell, one finding: what is not a date is not too late as well
            continue
        unknown.add(row[ROW])
        value = row[check.field]
        near = difflib.get_close_matches(value, check.codes, 1) if value and len(check.codes) <= HINTED else []
        place = {"row": row[ROW], "record": row[RECORD], "key": key_of(table, row), "field": check.field}
        hint = f"Did you mean {near[0]}?" if near else None
        table.fault(check.rule, check.message, value=value, expected=check.expected, hint=hint, **place)


def key_of(table: Table, row: dict[str, Json]) -> str | None:
    """The primary key of a record, its parts joined by a slash."""
    parts = [row.get(name) for name in table.resource.key]
    return "/".join("" if part is None else str(part) for part in parts) if parts else None
