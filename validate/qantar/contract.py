"""The column contract: every check of every field of a table, run together in one pass over the file.

The first pass keeps of each record only whether any check failed, and a 64-bit hash of each key. Only the records at
fault are fetched again, and only then each check is told apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, xor

import polars as pl

from qantar.fields import Check, Column, field_checks, missing_values, read_field
from qantar.package import Json
from qantar.reading import named
from qantar.table import RECORD, ROW, Table

FAULT = "_fault"
"""Column of the first pass: whether any check of the record may have failed."""

HINTED = 2_000
"""Most codes among which the nearest one is looked for; a longer list would cost more than the hint is worth."""


@dataclass
class Contract:
    """How each field of a table is read, and what is checked."""

    table: Table
    columns: dict[str, Column]
    checks: list[Check]

    @property
    def keys(self) -> set[str]:
        """The fields of primary and foreign keys."""
        resource = self.table.resource
        return set(resource.key).union(*(fields for fields, _, _ in resource.relations))

    def parts(self, fields: tuple[str, ...], *, text: bool = False) -> list[pl.Expr]:
        """The values of a key's fields; as text where the types of the two sides differ."""
        values = [self.columns[name].key for name in fields]
        return [value.cast(pl.String) for value in values] if text else values

    def hash(self, fields: tuple[str, ...], *, text: bool = False) -> pl.Expr:
        """A 64-bit hash of a key, null where a part of it is null."""
        parts = self.parts(fields, text=text)
        given = reduce(and_, (part.is_not_null() for part in parts))
        return pl.when(given).then(reduce(xor, (part.hash(seed) for seed, part in enumerate(parts))))


def read_contract(table: Table) -> Contract:
    """The contract of a table by its schema; what it cannot check is said."""
    resource = table.resource
    contract = Contract(table, {}, [])
    for field in resource.fields:
        name = field["name"]
        if name not in table.names or name in contract.columns:
            continue
        column = read_field(field, missing_values(resource.schema, field))
        checks, unchecked = field_checks(column)
        contract.columns[name] = column
        contract.checks += checks
        for reason in (*column.unchecked, *unchecked):
            table.miss(f":{name}", reason)
        if name in resource.key and not any(one.expected == "a value" for one in checks):
            empty = named(name).is_not_null() & column.text.is_null()
            contract.checks.append(Check("primary-key", name, "A part of the primary key is empty.", "a value", empty))
    return contract


def first_pass(contract: Contract, hashes: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """For each record whether any check may have failed, and the hashes of its keys; null where a key is null."""
    screens = (check.faulty if check.screen is None else check.screen for check in contract.checks)
    faulty = [screen.alias(str(at)) for at, screen in enumerate(screens)]
    keys = [key.alias(name) for name, key in hashes.items()]
    failed = pl.any_horizontal(pl.col(str(at)) for at in range(len(faulty))) if faulty else pl.lit(value=False)
    if not contract.columns:
        return pl.DataFrame({FAULT: pl.Series([], dtype=pl.Boolean)})
    # in two steps: polars shares what two columns of one `select` have in common, not what a row-wise `any` has inside
    frame = contract.table.frame.select(*faulty, *keys)
    return frame.select(failed.fill_null(value=False).alias(FAULT), *hashes).collect(engine="streaming")


def at_fault(table: Table, first: pl.DataFrame) -> list[int]:
    """The records of which a check failed, without those that are left out of checks."""
    return [one for one in first.get_column(FAULT).arg_true().to_list() if one not in table.skipped]


def locate(contract: Contract, cells: pl.DataFrame) -> None:
    """Add a finding for each of these cells that fails a check."""
    failed = cells.select(
        check.faulty.fill_null(value=False).alias(str(at)) for at, check in enumerate(contract.checks)
    )
    for at, check in enumerate(contract.checks):
        mask = failed.get_column(str(at))
        if mask.any():
            near = check.codes if len(check.codes) <= HINTED else ()
            own = cells.filter(mask)
            report(contract.table, own, check.rule, check.message, (check.field,), check.expected, near)


def report(  # noqa: PLR0913, PLR0917 -- the parts of a finding
    table: Table,
    cells: pl.DataFrame,
    rule: str,
    message: str,
    fields: tuple[str, ...],
    expected: str,
    near: Sequence[str] = (),
) -> None:
    """Add a finding on some fields of each of these records; a hint names the nearest of `near`."""
    records = cells.get_column(RECORD).to_list()
    for name in fields:
        table.unknown.setdefault(name, set()).update(records)
    shown = cells.head(table.most)
    table.surplus[rule] += cells.height - shown.height
    for row, line in zip(shown.iter_rows(named=True), table.lines(records[: table.most]), strict=True):
        value = ", ".join(row[name] or "" for name in fields)
        close = difflib.get_close_matches(value, near, 1) if value and near else []
        place: dict[str, Json] = {
            "row": line,
            "record": row[RECORD] + 1,
            "key": key_of(table, row),
            "field": ", ".join(fields),
        }
        table.fault(
            rule, message, value=value, expected=expected, hint=f"Did you mean {close[0]}?" if close else None, **place
        )


def typed_frame(contract: Contract) -> pl.DataFrame:
    """The typed table, with `_row` and `_record`.

    A faulty cell is null, that is unknown, so that no rule faults it again; only cells of keys keep a text that breaks
    a constraint, so that what refers to them still finds them.
    """
    table = contract.table
    values = []
    for name, column in contract.columns.items():
        faulty = pl.Series(sorted(table.unknown.get(name, ())), dtype=pl.UInt32)
        keep = name in contract.keys or faulty.is_empty()
        value = column.value if keep else pl.when(~pl.col(RECORD).is_in(faulty.implode())).then(column.value)
        values.append(value.alias(name))
    frame = table.frame.with_row_index(RECORD).select(RECORD, *values).collect()
    rows = pl.Series(ROW, table.lines(list(range(frame.height))), pl.Int64)
    return frame.with_columns(rows, pl.col(RECORD).cast(pl.Int64) + 1)


def key_of(table: Table, row: dict[str, Json]) -> str | None:
    """The primary key of a record, its parts joined by a slash."""
    parts = [row.get(name) for name in table.resource.key]
    return "/".join("" if part is None else str(part) for part in parts) if parts else None
