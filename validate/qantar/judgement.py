"""The rules of the claims model on typed tables -> findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import narwhals as nw
import polars as pl

from qantar.contract import Contract, key_of, typed_frame
from qantar.model import RECORD, ROW, Finding, NotChecked
from qantar.package import Resource
from qantar.rule import About, Fault, Found, Rule
from qantar.rules import RULES
from qantar.table import Table

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The rdfType by which a field says that its cells are EDTF dates."""


def judge(
    contracts: Mapping[str, Contract], not_checked: list[NotChecked], selects: Callable[[str], bool]
) -> Iterator[Finding]:
    """Run every rule that is selected; what a rule cannot be run on is added to `not_checked`, with the reason."""
    tables = {name: contract.table for name, contract in contracts.items()}
    typed = {name: typed_frame(contract) for name, contract in contracts.items()}
    frames = {name: nw.from_native(frame.lazy()) for name, frame in typed.items()}
    runs = []
    for rule in filter(lambda one: selects(one.id), RULES.values()):
        for name in tables if rule.resource == "table" else [rule.resource]:
            reason = unrunnable(rule, name, tables, typed)
            if reason:
                not_checked.append(NotChecked(f"{rule.id} on {name}", reason))
            else:
                given = {"table": frames[name], "about": describe(tables[name].resource)}
                runs.append(
                    (rule, tables[name], rule.check(**{one: given.get(one, frames.get(one)) for one in rule.tables}))
                )
    for (rule, table, _), faults in zip(runs, faults_of([found for _, _, found in runs]), strict=True):
        yield from findings_of(rule, table, faults, typed[table.resource.name], not_checked)


def unrunnable(rule: Rule, resource: str, tables: Mapping[str, Table], typed: Mapping[str, pl.DataFrame]) -> str | None:
    """Why a rule cannot be run, or None: a table that it needs is missing, breaks off, or lacks a column."""
    for name, columns in read_by(rule, resource, tables).items():
        if name not in tables:
            return f"{name} could not be read"
        if name != resource and tables[name].incomplete:
            return f"{name} could not be read to its end"
        lacking = [column for column in columns if column not in typed[name].columns]
        if lacking:
            return f"{name} has no column {', '.join(lacking)} that could be read"
    return None


def read_by(rule: Rule, resource: str, tables: Mapping[str, Table]) -> dict[str, list[str]]:
    """The columns that a rule reads of each table; of the resource at hand, where it is a rule on every one."""
    if rule.resource != "table":
        return rule.columns
    about = describe(tables[resource].resource)
    named = {name: columns for name, columns in rule.columns.items() if name in rule.tables}
    return {resource: [*about.key, *about.edtf]} | named


def faults_of(found: Sequence[Found]) -> Iterator[list[Fault]]:
    """What the rules gave back, as faults; all frames are collected at once, since most of each takes to be planned."""
    frames = [one.select(ROW).unique().to_native() for one in found if isinstance(one, nw.LazyFrame)]
    rows = iter(pl.collect_all(frames))
    for one in found:
        yield [Fault(row) for (row,) in next(rows).rows()] if isinstance(one, nw.LazyFrame) else list(one)


def findings_of(
    rule: Rule, table: Table, faults: list[Fault], typed: pl.DataFrame, not_checked: list[NotChecked]
) -> Iterator[Finding]:
    """The findings of a rule; rows with a faulty cell that the rule reads are left out, and that is said."""
    if not faults:
        return
    name = table.resource.name
    read = read_by(rule, name, {name: table})[name]
    unknown = table.skipped.union(*(table.unknown.get(column, set()) for column in read))
    records = dict(typed.select(ROW, pl.col(RECORD) - 1).iter_rows())
    cells = {row[RECORD]: row for row in table.cells({records[fault.row] for fault in faults}).iter_rows(named=True)}
    for fault in sorted(faults, key=lambda one: one.row):
        if records[fault.row] in unknown:
            path, line = table.place(fault.row)
            not_checked.append(NotChecked(f"{rule.id} on {path}:{line}", "a cell that it reads is faulty"))
        else:
            yield finding_of(rule, table, fault, cells[records[fault.row]])


def finding_of(rule: Rule, table: Table, fault: Fault, row: dict[str, str]) -> Finding:
    """The finding that a fault of a rule is."""
    field = fault.field or rule.field or ", ".join(table.resource.key)
    path, line = table.place(fault.row)
    return Finding(
        rule.id,
        rule.message,
        path,
        table.resource.name,
        row=line,
        record=int(row[RECORD]) + 1,
        key=key_of(table, row),
        field=field,
        value=", ".join(str(row.get(name) or "") for name in field.split(", ")),
        expected=fault.expected or rule.expected,
        hint=fault.hint,
        severity=rule.severity,
    )


def describe(resource: Resource) -> About:
    """What the rules on every resource may know of one."""
    edtf = tuple(one["name"] for one in resource.fields if one.get("rdfType") == EDTF)
    return About(resource.name, resource.key, edtf)
