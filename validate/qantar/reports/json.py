"""A report as JSON, and as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from qantar.model import Report, Severity


def render(report: Report) -> str:
    """One JSON object: summary, exact counts by rule and resource, findings, what was checked and what was not."""
    whole = {
        **summary(report),
        "findings": [asdict(one) for one in report.findings],
        "checked": report.checked,
        "not_checked": [asdict(one) for one in report.not_checked],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def render_lines(report: Report) -> str:
    """One JSON object a line, told apart by `kind`: each finding, each thing not checked, the summary."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in items(report))


def items(report: Report) -> Iterator[dict[str, object]]:
    """The lines of a report, as objects."""
    yield from ({"kind": "finding", **asdict(one)} for one in report.findings)
    yield from ({"kind": "not_checked", **asdict(one)} for one in report.not_checked)
    yield {"kind": "summary", **summary(report), "checked": report.checked}


def summary(report: Report) -> dict[str, object]:
    """What a report comes to: exact counts, and the cap on examples."""
    counts = [
        {"rule": rule, "resource": resource, "severity": severity, "count": count}
        for (rule, resource, severity), count in report.counts.items()
    ]
    return {
        "package": report.package,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "excepted": report.excepted,
        "known": report.known,
        "max_examples": report.max_examples,
        "counts": counts,
    }
