"""The main path: descriptor → bytes → typed tables → column contract → keys → rules → report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import narwhals as nw
import polars as pl

from qantar.contract import check_columns, key_of
from qantar.descriptor import check_descriptor
from qantar.model import Finding, NotChecked, Report
from qantar.package import Package, Resource
from qantar.relations import check_foreign_keys, check_keys
from qantar.rule import About, Fault, Found, Rule
from qantar.rules import RULES
from qantar.table import RECORD, ROW, Table, read_table

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The rdfType by which a field says that its cells are EDTF dates."""

MODEL = "claims"
"""The value of the descriptor's `qantar.model` by which a package asks for the rules."""


def check(package: Package, max_examples: int = 50) -> Report:
    """Check a package from its descriptor to its rules."""
    report = Report(package.file, max_examples)
    findings = list(check_descriptor(package))
    tables = read_tables(package, report, findings)
    typed = {name: check_columns(table) for name, table in tables.items()}
    for name, table in tables.items():
        check_keys(table, typed[name])
    for table in tables.values():
        check_foreign_keys(table, tables, typed)
    run_rules(package, tables, typed, report, findings)
    for table in tables.values():
        findings += table.findings
        report.not_checked += table.not_checked
    order = [None, *package.resources]
    for resource in order:
        report.add(finding for finding in findings if finding.resource == resource)
    return report


def read_tables(package: Package, report: Report, findings: list[Finding]) -> dict[str, Table]:
    """Read every resource that can be read; the others are findings or not checked, each with its reason."""
    tables = {}
    for resource in package.resources.values():
        reason = unreadable(resource)
        if reason:
            report.not_checked.append(NotChecked(resource.path, reason))
            continue
        file = package.locate(resource.path)
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            findings.append(
                Finding(
                    "missing-file",
                    "The file of a resource is missing.",
                    resource.path,
                    resource.name,
                    expected="the file that the descriptor names",
                )
            )
            report.not_checked.append(NotChecked(resource.path, "the file is missing"))
            continue
        except OSError as error:
            findings.append(
                Finding(
                    "scheme-error",
                    f"The file of a resource cannot be read: {error.strerror}.",
                    resource.path,
                    resource.name,
                )
            )
            report.not_checked.append(NotChecked(resource.path, "the file cannot be read"))
            continue
        findings += check_bytes(resource, data)
        tables[resource.name] = read_table(resource, data)
        report.checked.append(resource.path)
    return tables


def unreadable(resource: Resource) -> str | None:
    """Why a resource cannot be checked at all, or None."""
    path = resource.descriptor.get("path")
    if resource.fault:
        return "its schema cannot be read"
    if not isinstance(path, str):
        return "inline data and multi-part files are not supported"
    if not resource.schema:
        return "it has no schema"
    if not path.endswith(".csv"):
        return "only CSV files are supported"
    return None


def check_bytes(resource: Resource, data: bytes) -> Iterable[Finding]:
    """A finding where the file's length or digest is not the descriptor's."""
    given = resource.descriptor
    hint = "If the change is meant, run qantar stamp."
    algorithm, _, expected = str(given.get("hash") or "").rpartition(":")
    if expected:
        digest = hashlib.new(algorithm or "md5", data, usedforsecurity=False).hexdigest()
        if digest != expected.lower():
            message = "The file has another digest than the descriptor says."
            yield Finding(
                "hash-count", message, resource.path, resource.name, value=digest, expected=expected, hint=hint
            )
            return  # another length is the same fault
    if given.get("bytes") not in {None, len(data)}:
        message = "The file has another length than the descriptor says."
        yield Finding(
            "byte-count",
            message,
            resource.path,
            resource.name,
            value=str(len(data)),
            expected=str(given["bytes"]),
            hint=hint,
        )


def run_rules(
    package: Package,
    tables: Mapping[str, Table],
    typed: Mapping[str, pl.DataFrame],
    report: Report,
    findings: list[Finding],
) -> None:
    """Run every rule of the model that the package declares."""
    declared = package.descriptor.get("qantar")
    if not (isinstance(declared, dict) and declared.get("model") == MODEL):
        report.not_checked.append(
            NotChecked(
                "the rules of the claims model", f'the descriptor does not declare "qantar": {{"model": "{MODEL}"}}'
            )
        )
        return
    for rule in RULES.values():
        for name in tables if rule.resource == "table" else [rule.resource]:
            reason = unrunnable(rule, name, tables, typed)
            if reason:
                report.not_checked.append(NotChecked(f"{rule.id} on {name}", reason))
            else:
                findings += run_rule(rule, tables[name], typed, report)


def unrunnable(rule: Rule, resource: str, tables: Mapping[str, Table], typed: Mapping[str, pl.DataFrame]) -> str | None:
    """Why a rule cannot be run, or None: a table that it needs is missing, breaks off, or lacks a column."""
    needed = (
        {resource: list(tables[resource].resource.key)}
        if rule.resource == "table" and resource in tables
        else rule.columns
    )
    if rule.resource == "table" and "retired" in rule.tables:
        needed = needed | {"retired": rule.columns["retired"]}
    for name, columns in needed.items():
        if name not in tables:
            return f"{name} could not be read"
        if name != resource and tables[name].incomplete:
            return f"{name} could not be read to its end"
        lacking = [column for column in columns if column not in typed[name].columns]
        if lacking:
            return f"{name} has no column {', '.join(lacking)} that could be read"
    return None


def run_rule(rule: Rule, table: Table, typed: Mapping[str, pl.DataFrame], report: Report) -> list[Finding]:
    """Run a rule on a table; rows with a faulty cell that the rule reads are left out, and that is said."""
    about = describe(table.resource)
    frames = {name: nw.from_native(frame.lazy()) for name, frame in typed.items()}
    given = {"table": frames[table.resource.name], "about": about}
    found = rule.check(**{name: given.get(name, frames.get(name)) for name in rule.tables})
    faults = faults_of(found)
    read = [*about.key, *about.edtf] if rule.resource == "table" else rule.columns[rule.resource]
    unknown = table.ragged.union(*(table.unknown.get(column, set()) for column in read))
    findings = []
    for fault in faults:
        if fault.row in unknown:
            report.not_checked.append(
                NotChecked(f"{rule.id} on {table.resource.path}:{fault.row}", "a cell that it reads is faulty")
            )
        else:
            findings.append(finding_of(rule, table, fault))
    return findings


def faults_of(found: Found) -> list[Fault]:
    """What a rule gave back, as faults."""
    if isinstance(found, nw.LazyFrame):
        return [Fault(row) for (row,) in found.select(ROW).unique().collect("polars").rows()]
    return list(found)


def finding_of(rule: Rule, table: Table, fault: Fault) -> Finding:
    """The finding that a fault of a rule is."""
    field = fault.field or rule.field or ", ".join(table.resource.key)
    row = table.cells.row(by_predicate=pl.col(ROW) == fault.row, named=True)
    value = ", ".join(str(row.get(name) or "") for name in field.split(", "))
    return Finding(
        rule.id,
        rule.message,
        table.resource.path,
        table.resource.name,
        row=fault.row,
        record=row[RECORD],
        key=key_of(table, row),
        field=field,
        value=value,
        expected=fault.expected or rule.expected,
        hint=fault.hint,
        severity=rule.severity,
    )


def describe(resource: Resource) -> About:
    """What the rules on every resource may know of one."""
    edtf = tuple(one["name"] for one in resource.fields if one.get("rdfType") == EDTF)
    return About(resource.name, resource.key, edtf)
