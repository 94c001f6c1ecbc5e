"""The main path: descriptor → bytes → typed tables → column contract → keys → rules → report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from qantar.contract import Contract, at_fault, first_pass, locate, read_contract, typed_frame
from qantar.descriptor import check_descriptor
from qantar.errors import PackageError
from qantar.model import Finding, NotChecked, Report
from qantar.package import Package, Resource
from qantar.relations import confirm, foreign_keys, suspect, unique_keys, wanted
from qantar.source import open_source, unreadable
from qantar.table import RECORD, Table, open_table, reread, settle

if TYPE_CHECKING:
    from qantar.changes import Changes

ALGORITHMS = {name for name in hashlib.algorithms_guaranteed if not name.startswith("shake_")}
"""The digests that are checked: those of a fixed length, which every Python has."""

MODEL = "claims"
"""The value of the descriptor's `qantar.model` by which a package asks for the rules."""


def check(package: Package, max_examples: int = 50, changes: Changes | None = None) -> Report:
    """Check a package from its descriptor to its rules; with `changes`, what these leave of it."""
    paths = {name: resource.path for name, resource in package.resources.items()}
    report = Report(package.file, max_examples, folder=package.root.as_posix(), paths=paths)
    findings = list(check_descriptor(package))
    if changes:
        report.not_checked += changes.left_out(package)
        package = changes.narrow(package)
    with ThreadPoolExecutor(2) as pool:
        tables = open_tables(package, report, findings, pool)
        contracts = {name: read_contract(table) for name, table in tables.items()}
        check_cells(contracts, pool)
    run_rules(package, contracts, report, findings, changes.runs if changes else lambda _: True)
    for table in tables.values():
        findings += table.findings
        report.not_checked += table.not_checked
    if changes:
        report.checked = [one.resource.path for name, one in tables.items() if name in changes.resources]
        findings = [one for one in findings if changes.concern(one.rule, one.resource)]
    for resource in (None, *package.resources):
        surplus = tables[resource].surplus if resource in tables else {}
        if changes:
            surplus = {rule: number for rule, number in surplus.items() if changes.concern(rule, resource)}
        report.add(resource, (finding for finding in findings if finding.resource == resource), surplus)
    return report


def check_cells(contracts: dict[str, Contract], pool: Executor) -> None:
    """Check cells and keys of all tables: one pass over each file, and one more over those with faults."""
    foreign = {name: list(foreign_keys(contract, contracts)) for name, contract in contracts.items()}
    unique = {name: unique_keys(contract) for name, contract in contracts.items()}
    hashes = wanted(contracts, unique, foreign)
    firsts = {name: scan(contract, hashes[name]) for name, contract in contracts.items()}
    keys = [(name, key) for name in contracts for key in (*unique[name], *foreign[name])]
    suspected = list(pool.map(lambda one: suspect(contracts[one[0]], one[1], firsts), keys))
    for name, contract in contracts.items():
        faulty = at_fault(contract.table, firsts[name])
        suspicions = [one for one, (owner, _) in zip(suspected, keys, strict=True) if owner == name and one.records]
        records = set(faulty).union(*(one.records for one in suspicions))
        if records:
            cells = contract.table.cells(records)
            locate(contract, cells.filter(pl.col(RECORD).is_in(pl.Series(faulty, dtype=pl.UInt32).implode())))
            for one in suspicions:
                confirm(contracts, name, one, cells)


def scan(contract: Contract, keys: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """The first pass over a table; where polars sees other records than stand there, it is read cell by cell."""
    table = contract.table
    try:
        first = first_pass(contract, keys)
    except pl.exceptions.PolarsError:  # bytes that are no UTF-8, say
        first = None
    if not settle(table, None if first is None else first.height) or first is None:
        reread(table)
        first = first_pass(contract, keys)
    return first


def read_clean(package: Package, resource: Resource) -> pl.DataFrame:
    """The typed table of a resource that must be without a fault of its own; PackageError where it has one."""
    try:
        table = open_table(resource, open_source(package, resource))
    except OSError as error:
        raise PackageError(f"{resource.path}  The file cannot be read: {error.strerror}.") from None
    contract = read_contract(table)
    locate(contract, table.cells(at_fault(table, scan(contract, {}))))
    if table.findings:
        first = min(table.findings, key=lambda one: one.order)
        raise PackageError(f"{first.place}  {first.message} Run qantar validate for all findings.")
    return typed_frame(contract)


def open_tables(package: Package, report: Report, findings: list[Finding], pool: Executor) -> dict[str, Table]:
    """Open every resource that can be read; the others are findings or not checked, each with its reason."""
    tables = {}
    for resource in package.resources.values():
        reason = unreadable(resource)
        if reason:
            report.not_checked.append(NotChecked(resource.path, reason))
            continue
        try:
            findings += check_bytes(package, resource)
            tables[resource.name] = open_table(resource, open_source(package, resource), report.max_examples, pool)
        except FileNotFoundError:
            message, expected = "The file of a resource is missing.", "the file that the descriptor names"
            findings.append(Finding("missing-file", message, resource.path, resource.name, expected=expected))
            report.not_checked.append(NotChecked(resource.path, "the file is missing"))
        except OSError as error:
            message = f"The file of a resource cannot be read: {error.strerror}."
            findings.append(Finding("scheme-error", message, resource.path, resource.name))
            report.not_checked.append(NotChecked(resource.path, "the file cannot be read"))
        else:
            report.checked.append(resource.path)
    return tables


def check_bytes(package: Package, resource: Resource) -> Iterator[Finding]:
    """A finding where the file's length or digest is not the descriptor's."""
    given = resource.descriptor
    if given.get("path") is None:
        return
    file = package.locate(resource.path)
    hint = "If the change is meant, run qantar stamp."
    algorithm, _, expected = str(given.get("hash") or "").rpartition(":")
    if expected and (algorithm or "md5") in ALGORITHMS:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, algorithm or "md5").hexdigest()
        if digest != expected.lower():
            message = "The file has another digest than the descriptor says."
            yield Finding(
                "hash-count", message, resource.path, resource.name, value=digest, expected=expected, hint=hint
            )
            return  # another length is the same fault
    size = file.stat().st_size
    if given.get("bytes") is not None and given["bytes"] != size:
        message, expected = "The file has another length than the descriptor says.", str(given["bytes"])
        yield Finding(
            "byte-count", message, resource.path, resource.name, value=str(size), expected=expected, hint=hint
        )


def run_rules(
    package: Package,
    contracts: Mapping[str, Contract],
    report: Report,
    findings: list[Finding],
    selects: Callable[[str], bool],
) -> None:
    """Run every rule of the model that the package declares, as far as it is selected."""
    declared = package.descriptor.get("qantar")
    if isinstance(declared, dict) and declared.get("model") == MODEL:
        from qantar.judgement import judge  # noqa: PLC0415 -- packages without the model need none of it

        findings += judge(contracts, report.not_checked, selects)
    else:
        reason = f'the descriptor does not declare "qantar": {{"model": "{MODEL}"}}'
        report.not_checked.append(NotChecked("the rules of the claims model", reason))
