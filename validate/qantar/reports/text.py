"""A report as text for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from qantar.model import Finding, Report, Severity

WIDEST = 120
"""Longest value or expectation that is shown whole."""


def render(report: Report) -> str:
    """The findings, what was not checked, and a summary: a line each, the last without a line break."""
    return "\n".join(lines(report))


def lines(report: Report) -> Iterator[str]:
    """The lines of a report."""
    for finding in report.findings:
        yield from describe(finding)
    for rule, resource, severity in report.counts:
        count = report.counts[rule, resource, severity]
        if count > report.max_examples:
            yield f"{resource or report.package}  {rule}: {report.max_examples} of {count:,} shown"
    yield from unchecked(report)
    yield summary(report)


def unchecked(report: Report) -> Iterator[str]:
    """A line for each thing that was not checked."""
    return (f"{one.what}  not checked: {one.reason}" for one in report.not_checked)


def describe(finding: Finding) -> Iterator[str]:
    """A finding: place, severity, fault, value, expectation, rule; then how to mend it."""
    parts = [finding.message]
    if finding.value is not None:
        name = f"{finding.field}=" if finding.field and ", " not in finding.field else "found "
        parts.append(f"{name}{shown(finding.value)}")
    if finding.expected:
        parts.append(f"expected {shown(finding.expected)}")
    said = parts[0] + (" " + "; ".join(parts[1:]) + "." if parts[1:] else "")
    yield f"{shown(finding.place)}  {finding.severity}  {said}  [{finding.rule}]"
    if finding.hint:
        yield f"    {shown(finding.hint)}"


def shown(text: str, widest: int = WIDEST) -> str:
    """Text that is safe on a terminal: one line, no control or direction characters, not too long."""
    safe = "".join(one if unicodedata.category(one)[0] != "C" else f"\\u{ord(one):04x}" for one in text)
    return safe if len(safe) <= widest else safe[: widest - 1] + "…"


def summary(report: Report) -> str:
    """One line: how much was checked and how much was found."""
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    found = f"{plural(errors, 'error')}, {plural(warnings, 'warning')}"
    rest = f", {len(report.not_checked)} not checked" if report.not_checked else ""
    held = "".join(f", {n:,} {word}" for n, word in ((report.excepted, "excepted"), (report.known, "known")) if n)
    return f"{report.package}: {plural(len(report.checked), 'resource')} checked{rest}; {found}{held}."


def plural(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
