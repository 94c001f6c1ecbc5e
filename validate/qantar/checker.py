"""The main path: descriptor → bytes → typed tables → column contract → keys → rules → report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from qantar.config import Settings
from qantar.contract import Contract, locate, read_contract, typed_frame
from qantar.descriptor import check_descriptor
from qantar.errors import PackageError
from qantar.fixity import check_bytes, unproven
from qantar.model import Finding, NotChecked, Report
from qantar.package import MODEL, Package, Resource
from qantar.records import UNREADABLE
from qantar.relations import Asked, Keyring, Pass, confirm, pass_over
from qantar.sieve import MODEL_RULES, Sieve
from qantar.source import open_source, unreadable
from qantar.table import Table, open_table, reread, settle
from qantar.undecided import say_undecided

if TYPE_CHECKING:
    from qantar.changes import Changes

MOST_SCREENED, FEW_SCREENED = 0.02, 1000
"""The share of records, and their number, above which fetching them costs more than another pass with the checks."""


Watch: TypeAlias = Callable[[Iterable[str]], Iterable[str]]
"""What the names of the tables go through, one by one, so that somebody may show how far the check has come."""


def check(
    package: Package, settings: Settings | None = None, watch: Watch = iter, changes: Changes | None = None
) -> Report:
    """Check a package from its descriptor to its rules; with `changes`, what these leave of it."""
    sieve = Sieve(settings or Settings())
    paths = {name: resource.path for name, resource in package.resources.items()}
    report = Report(package.file, sieve.settings.max_examples, folder=package.root.as_posix(), paths=paths)
    report.not_checked += sieve.unselected()
    described = list(check_descriptor(package))  # whole, whatever changed: what is gone may be referred to
    findings: list[Finding] = []
    if changes:
        report.not_checked += changes.left_out(package)
        package = changes.narrow(package)
    tables = open_tables(package, report, findings, sieve.most)
    contracts = {name: read_contract(table) for name, table in tables.items()}
    check_cells(contracts, watch)
    report.checked += [table.resource.path for table in tables.values() if table.names]
    for contract in contracts.values():
        say_undecided(contract)
        findings += contract.remarks
    run_rules(
        package,
        contracts,
        report,
        findings,
        lambda rule: sieve.selects(rule) and (changes is None or changes.runs(rule)),
    )
    for table in tables.values():
        findings += table.findings
        report.not_checked += table.not_checked
    if changes:
        report.checked = [one.resource.path for name, one in tables.items() if name in changes.resources]
        findings = [one for one in findings if changes.concern(one.rule, one.resource)]
    findings = [*described, *findings]
    for resource in (None, *package.resources):
        surplus = tables[resource].surplus if resource in tables else {}
        if changes:
            surplus = Counter({rule: number for rule, number in surplus.items() if changes.concern(rule, resource)})
        listed = package.resources[resource].paths if resource in package.resources else []
        parts = {path: number for number, path in enumerate(listed)}
        own = [one for one in findings if one.resource == resource]
        own.sort(key=lambda one: (parts.get(one.path, 0), *one.order))
        report.add(resource, sieve.sift(own), sieve.weigh(surplus))
    report.add(None, sieve.stale(report), {})
    report.excepted, report.known = sieve.excepted, sieve.known
    return report


def check_cells(contracts: dict[str, Contract], watch: Watch) -> None:
    """Check cells and keys of all tables: one pass over each file, then the records that may be at fault."""
    with ThreadPoolExecutor(1) as beside, ThreadPoolExecutor(2) as pool:
        ring, faulty = Keyring(contracts, pool), {}
        tables, strict = list(ring.tables), True
        for table in (contracts[name].table for name in tables):
            if table.survey:  # is made while polars scans the cells; `settle` waits for it
                table.survey = beside.submit(table.survey).result
        for name in watch(tables):
            found, strict = scan(contracts[name], ring.ask(name), beside, strict=strict)
            ring.judge(name, found)
            faulty[name] = found.faulty
    for name, contract in contracts.items():
        locate(contract, faulty[name])
        for one in ring.suspicions[name]:
            confirm(contracts, one)


def scan(contract: Contract, asked: Asked, beside: Executor, *, strict: bool) -> tuple[Pass, bool]:
    """The first pass over a table; where polars sees other records than stand there, it is read cell by cell.

    First with a strict scan, if that is asked for; the other outcome is whether no record had too many cells. Where one
    table has such records, others are likely to have them too, and a scan that fails costs time.
    """
    table, found = contract.table, None
    if strict and table.strict is not None:
        with suppress(pl.exceptions.PolarsError):
            found = pass_over(contract, asked, contract.screens, strict=True)
    whole = found is not None or table.strict is None
    if found is None:
        if table.structure:
            table.structure = beside.submit(table.structure).result
        with suppress(*UNREADABLE):  # bytes that are no UTF-8, say
            found = pass_over(contract, asked, contract.screens)
    height = None if found is None else found.height
    if not settle(table, height, strict=whole) or found is None:
        reread(table)
        found = pass_over(contract, asked, contract.screens)
    if len(found.faulty) > max(MOST_SCREENED * found.height, FEW_SCREENED):
        found = pass_over(contract, asked, [check.faulty for check in contract.checks])
    return found, strict and whole


def read_clean(package: Package, resource: Resource) -> pl.DataFrame:
    """The typed table of a resource that must be without a fault of its own; PackageError where it has one."""
    if reason := unreadable(package, resource):
        raise PackageError(f"{resource.path}  The table cannot be loaded: {reason}.")
    try:
        table = open_table(resource, open_source(package, resource))
    except OSError as error:
        raise PackageError(f"{resource.path}  The file cannot be read: {error.strerror}.") from None
    contract = read_contract(table)
    with ThreadPoolExecutor(1) as beside:
        found, _ = scan(contract, Asked(), beside, strict=True)
    locate(contract, found.faulty)
    if table.findings:
        first = min(table.findings, key=lambda one: one.order)
        raise PackageError(f"{first.place}  {first.message} Run qantar validate for all findings.")
    refuse_long(contract)
    return typed_frame(contract)


def refuse_long(contract: Contract) -> None:
    """PackageError where a whole number has more than 64 bits: it would be null, as if it were missing."""
    whole = {name: one for name, one in contract.columns.items() if one.field.get("type") == "integer"}
    lost = [(one.value.is_null() & one.key.is_not_null()).any().alias(name) for name, one in whole.items()]
    for name, found in contract.table.frame.select(lost).collect().to_dicts()[0].items() if lost else ():
        if found:
            place = f"{contract.table.resource.path}:{name}"
            raise PackageError(f"{place}  A whole number has more than 64 bits. Expected a field of type string.")


def open_tables(
    package: Package, report: Report, findings: list[Finding], most: Callable[[Resource], int]
) -> dict[str, Table]:
    """Open every resource that can be read; the others are findings or not checked, each with its reason."""
    tables = {}
    for resource in package.resources.values():
        if unchecked := unproven(resource):
            report.not_checked.append(NotChecked(f"{resource.path}: hash", unchecked))
        try:
            findings += check_bytes(package, resource)
            reason = unreadable(package, resource)
            if reason is None:
                tables[resource.name] = open_table(resource, open_source(package, resource), most(resource))
        except FileNotFoundError:
            message, expected = "The file of a resource is missing.", "the file that the descriptor names"
            path = next((one for one in resource.paths if not package.locate(one).exists()), resource.path)
            findings.append(Finding("missing-file", message, path, resource.name, expected=expected))
            reason = "the file is missing"
        except OSError as error:
            message = f"The file of a resource cannot be read: {error.strerror}."
            path = error.filename if error.filename in resource.paths else resource.path
            findings.append(Finding("scheme-error", message, path, resource.name))
            reason = "the file cannot be read"
        if reason:
            report.not_checked.append(NotChecked(resource.path, reason))
    return tables


def run_rules(
    package: Package,
    contracts: Mapping[str, Contract],
    report: Report,
    findings: list[Finding],
    selects: Callable[[str], bool],
) -> None:
    """Run every rule of the model that the package declares and that is selected."""
    if package.is_claims:
        from qantar.judgement import judge  # noqa: PLC0415 -- packages without the model need none of it

        findings += judge(contracts, report.not_checked, selects)
    else:
        reason = f'the descriptor does not declare "qantar": {{"model": "{MODEL}"}}'
        report.not_checked.append(NotChecked(MODEL_RULES, reason))
