"""A report as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.model import Finding, Report, Severity
from qantar.reports.wording import fault, remarks, summary, visible

BOLD, DIM, RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"
COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}


def render(report: Report, *, colour: bool = False) -> str:
    """The findings, what is held back or not checked, and a summary: a line each, the last without a line break."""
    return "\n".join(lines(report, colour=colour))


def lines(report: Report, *, colour: bool = False) -> Iterator[str]:
    """The lines of a report."""
    for finding in report.findings:
        yield from describe(finding, colour=colour)
    yield from remarks(report)
    yield summary(report)


def describe(finding: Finding, *, colour: bool = False) -> Iterator[str]:
    """A finding: place, severity, fault, value, expectation, rule; then how to mend it."""
    place, severity, rule = visible(finding.place), str(finding.severity), f"[{visible(finding.rule)}]"
    if colour:
        hue = COLOURS[finding.severity]
        place, severity, rule = f"{BOLD}{place}{RESET}", f"{hue}{severity}{RESET}", f"{DIM}{rule}{RESET}"
    yield f"{place}  {severity}  {fault(finding)}  {rule}"
    if finding.hint:
        yield f"    {visible(finding.hint)}"
