"""A report as JSON Lines, each line described by report.schema.json."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.model import Report
from qantar.reports.json import record, summary, write


def render(report: Report) -> str:
    """One JSON object a line, told apart by `kind`: each finding, each thing not checked, the summary."""
    return "\n".join(map(write, items(report)))


def items(report: Report) -> Iterator[dict[str, object]]:
    """The lines of a report, as objects."""
    yield from ({"kind": "finding", **record(one)} for one in report.findings)
    yield from ({"kind": "not_checked", **record(one)} for one in report.not_checked)
    yield {"kind": "summary", **summary(report), "checked": report.checked}
