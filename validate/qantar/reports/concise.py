"""A report as one line a finding."""

from __future__ import annotations

from qantar.model import Finding, Report
from qantar.reports.wording import advice, remarks, summary, visible


def render(report: Report) -> str:
    """A line a finding, and a line for each thing that is held back or not checked."""
    return "\n".join([*map(line, report.findings), *remarks(report), summary(report)])


def line(finding: Finding) -> str:
    """A finding: place, severity, rule, fault and mend."""
    return f"{visible(finding.place)}: {finding.severity}[{visible(finding.rule)}]: {advice(finding)}"
