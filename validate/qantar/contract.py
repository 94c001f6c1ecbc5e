"""The column contract: every check of every field of a table, run together in one pass over the file.

The first pass keeps of each record only whether any check failed, and a 64-bit hash of each key. Only the records at
fault are fetched again, and only then each check is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, xor

import polars as pl

from qantar.catalogue import Hints
from qantar.fields import Check, Column, NotCheckedError, field_checks, missing_values, read_field
from qantar.model import NULL, OWN, RECORD, ROW, Finding, Severity
from qantar.package import Json
from qantar.reading import named
from qantar.screens import screens
from qantar.table import LAST, Table

CATEGORIES = "categories"
"""A property of which the descriptor's own checks tell every value that is not of the field's type."""

FAULT = f"{OWN}fault"
"""Column of the first pass: whether any check of the record may have failed."""

HINTED = 2_000
"""Most codes among which the nearest one is looked for; a longer list would cost more than the hint is worth."""


@dataclass
class Contract:
    """How each field of a table is read, and what is checked; `screens` are cheaper than the checks (see `screens`)."""

    table: Table
    columns: dict[str, Column]
    checks: list[Check]
    screens: list[pl.Expr]
    missing: dict[str, list[str]]
    remarks: list[Finding] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """The fields of primary and foreign keys."""
        resource = self.table.resource
        return set(resource.key).union(*(fields for fields, _, _ in resource.relations))

    def parts(self, fields: tuple[str, ...]) -> list[pl.Expr]:
        """The values of a key's fields."""
        return [self.columns[name].key for name in fields]

    def hash(self, fields: tuple[str, ...], *, text: bool) -> pl.Expr:
        """A 64-bit hash of a key, 0 where a part of it is null; as text where the types of the two sides differ."""
        parts = [part.cast(pl.String) if text else part for part in self.parts(fields)]
        return given(parts, hashed(parts))

    def rough_hash(self, fields: tuple[str, ...]) -> pl.Expr:
        """A cheaper hash, equal wherever keys are equal, and maybe elsewhere; 0 where a part is missing.

        A key of one text has a hash even where it is missing: see `void`.
        """
        parts = [named(name) if self.is_text(name) else self.columns[name].value for name in fields]
        alone = len(fields) == 1 and self.is_text(fields[0])
        open_to_none = [self.columns[name].text for name in fields if not alone and not self.is_required(name)]
        return given(open_to_none, hashed(parts))

    def void(self, fields: tuple[str, ...]) -> list[int]:
        """The rough hashes that stand for a missing key."""
        texts = self.missing[fields[0]] if len(fields) == 1 and self.is_text(fields[0]) else []
        return pl.select(pl.lit(pl.Series(texts, dtype=pl.String)).hash(0)).to_series().to_list()

    def is_text(self, name: str) -> bool:
        """Whether a field's keys are its texts."""
        return self.columns[name].valid is None and self.kind(name) in {"string", "any"}

    def is_rough(self, fields: tuple[str, ...]) -> bool:
        """Whether all fields are such that a rough hash is cheaper."""
        return all(self.is_text(name) or self.kind(name) == "integer" for name in fields)

    def kind(self, name: str) -> str:
        """The type of a field."""
        return str(self.columns[name].field.get("type", "any"))

    def is_required(self, name: str) -> bool:
        """Whether a field must have a value."""
        return any(one.field == name and one.constraint in {"required", "primaryKey"} for one in self.checks)


def given(parts: Sequence[pl.Expr], made: pl.Expr) -> pl.Expr:
    """A hash, 0 where one of some parts is null."""
    return pl.when(reduce(and_, (part.is_not_null() for part in parts))).then(made).otherwise(0) if parts else made


def hashed(parts: Sequence[pl.Expr]) -> pl.Expr:
    """One hash of all parts of a key."""
    return reduce(xor, (part.hash(seed) for seed, part in enumerate(parts)))


def read_contract(table: Table) -> Contract:
    """The contract of a table by its schema; what it cannot check is said."""
    resource = table.resource
    contract = Contract(table, {}, [], [], {})
    for one in resource.fields:
        name = one["name"]
        if name not in table.names or name in contract.columns:
            continue
        missing = missing_values(resource.schema, one) or [NULL]
        column = read_field(one, missing)
        checks, unchecked = field_checks(column)
        contract.columns[name], contract.missing[name] = column, missing
        for reason in (*column.unchecked, *unchecked):
            table.miss(f":{name}", str(reason))
        contract.remarks += [
            remark(table, name, one) for one in unchecked if one.severity and one.constraint != CATEGORIES
        ]
        if name in resource.key and not any(one.constraint == "required" for one in checks):
            empty, message = named(name).is_not_null() & column.text.is_null(), "A part of the primary key is empty."
            checks.append(Check("primary-key", name, message, "a value", empty, constraint="primaryKey"))
        contract.checks += checks
        contract.screens += screens(column, missing, checks)
    return contract


def remark(table: Table, name: str, unchecked: NotCheckedError) -> Finding:
    """The finding on the schema that a constraint deserves which is not checked."""
    return Finding(
        "schema-error",
        unchecked.message,
        table.resource.path,
        table.resource.name,
        field=name,
        value=unchecked.value,
        expected=unchecked.expected,
        severity=unchecked.severity or Severity.ERROR,
    )


def first_pass(
    contract: Contract, hashes: Mapping[str, pl.Expr], faulty: Sequence[pl.Expr], *, strict: bool
) -> Iterator[pl.DataFrame]:
    """For each record whether one of some conditions holds, and the hashes of its keys, in batches."""
    if not contract.columns:
        return
    table = contract.table
    scanned = table.strict if strict and table.strict is not None else table.frame
    last = pl.col(LAST) if strict else named(next(iter(contract.columns)))
    # in two steps: polars shares what two columns of one `select` have in common, not what a row-wise `any` has inside
    conditions = [one.alias(str(at)) for at, one in enumerate([*faulty, last.is_null()])]
    frame = scanned.select(*conditions, *(key.alias(name) for name, key in hashes.items()))
    failed = pl.any_horizontal(str(at) for at in range(len(conditions)))
    yield from frame.select(failed.fill_null(value=False).alias(FAULT), *hashes).collect_batches(engine="streaming")


def locate(contract: Contract, records: Iterable[int]) -> None:
    """Add a finding for each cell of these records that fails a check."""
    wanted = [one for one in records if one not in contract.table.skipped]
    if not wanted:
        return
    cells = contract.table.cells(wanted)
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
    shown, hints = cells.head(table.most), Hints()
    table.surplus[rule] += cells.height - shown.height
    for row, line in zip(shown.iter_rows(named=True), table.lines(records[: table.most]), strict=True):
        value = ", ".join(shown_cell(row[name]) for name in fields)
        place: dict[str, Json] = {
            "row": line,
            "record": row[RECORD] + 1,
            "key": key_of(table, row),
            "field": ", ".join(fields),
        }
        table.fault(
            rule, message, value=value, expected=expected, hint=hints.nearest(value, near) if value else None, **place
        )


def typed_frame(contract: Contract) -> pl.DataFrame:
    """The typed table, with ROW and RECORD.

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
    return "/".join(map(shown_cell, parts)) if parts else None


def shown_cell(cell: Json) -> str:
    """A cell in the words of a finding; a null has none."""
    return "" if cell is None or cell == NULL else str(cell)
