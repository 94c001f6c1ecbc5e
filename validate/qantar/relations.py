"""Primary, unique and foreign keys, by anti-join and by counting."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import polars as pl

from qantar.contract import HINTED, key_of
from qantar.model import NotChecked
from qantar.package import Json
from qantar.table import RECORD, ROW, Table


def check_keys(table: Table, typed: pl.DataFrame) -> None:
    """Add a finding for each record whose key stands in an earlier one, or whose primary key is empty."""
    resource = table.resource
    alone = [(one["name"],) for one in resource.fields if one.get("constraints", {}).get("unique")]
    several = [tuple(key) for key in resource.schema.get("uniqueKeys", [])]
    unique = [("unique-error", names) for names in dict.fromkeys([*alone, *several]) if names != resource.key]
    for rule, names in ([("primary-key", resource.key)] if resource.key else []) + unique:
        if not set(names) <= set(typed.columns):
            table.not_checked.append(
                NotChecked(f"{resource.path}: {rule} {', '.join(names)}", "a column of the key is missing")
            )
            continue
        own = typed.filter(table.subjects)
        whole = own.drop_nulls(names)
        for row in whole.filter(~pl.struct(names).is_first_distinct()).iter_rows(named=True):
            fault(table, row, rule, "The key stands in another row too.", names, "a key that stands in no other row")
        if rule == "primary-key":
            check_empty(table, own, names)


def check_empty(table: Table, own: pl.DataFrame, names: tuple[str, ...]) -> None:
    """Add a finding for each empty part of a primary key; a required field has its own finding already."""
    required = {one["name"] for one in table.resource.fields if one.get("constraints", {}).get("required")}
    for name in (one for one in names if one not in required):
        empty = table.cells.filter(pl.col(name) == "").get_column(ROW)
        for row in own.filter(pl.col(name).is_null() & pl.col(ROW).is_in(empty.to_list())).iter_rows(named=True):
            fault(table, row, "primary-key", "A part of the primary key is empty.", (name,), "a value")


def check_foreign_keys(table: Table, tables: Mapping[str, Table], typed: Mapping[str, pl.DataFrame]) -> None:
    """Add a finding for each record that refers to a record which is not there."""
    resource = table.resource
    for fields, target, referred in resource.relations:
        what = f"{resource.path}: foreign-key {', '.join(fields)} -> {target}"
        if target not in typed:
            table.not_checked.append(
                NotChecked(
                    what,
                    f"{target} could not be read"
                    if target in tables
                    else f"the package has no readable resource {target}",
                )
            )
            continue
        parent, child = typed[target], typed[resource.name]
        if not set(fields) <= set(child.columns) or not set(referred) <= set(parent.columns):
            table.not_checked.append(NotChecked(what, "a column of the key is missing"))
            continue
        own = child.filter(table.subjects).drop_nulls(fields)
        known = parent.select(
            pl.col(name).cast(child.schema[mine], strict=False) for name, mine in zip(referred, fields, strict=True)
        )
        dangling = own.join(known, left_on=list(fields), right_on=list(referred), how="anti").sort(ROW)
        if dangling.is_empty():
            continue
        targets = (
            [str(one) for one in known.to_series(0).drop_nulls().unique().sort().head(HINTED)]
            if len(fields) == 1
            else []
        )
        for row in dangling.iter_rows(named=True):
            for name in fields:
                table.unknown.setdefault(name, set()).add(row[ROW])
            near = difflib.get_close_matches(str(row[fields[0]]), targets, 1) if targets else []
            expected = f"a value of {', '.join(referred)} in {target}"
            fault(
                table,
                row,
                "foreign-key",
                "The cell refers to a record that is not there.",
                fields,
                expected,
                f"Did you mean {near[0]}?" if near else None,
            )


def fault(  # noqa: PLR0913, PLR0917 -- the parts of a finding
    table: Table,
    row: dict[str, Json],
    rule: str,
    message: str,
    names: tuple[str, ...],
    expected: str,
    hint: str | None = None,
) -> None:
    """Add a finding on the cells of a key."""
    value = ", ".join("" if row[name] is None else str(row[name]) for name in names)
    place = {"row": row[ROW], "record": row[RECORD], "key": key_of(table, row), "field": ", ".join(names)}
    table.fault(rule, message, value=value, expected=expected, hint=hint, **place)
