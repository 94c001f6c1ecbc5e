"""A report as Markdown, for the summary page of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qantar.model import Report
from qantar.reports.wording import summary, visible

MOST = 50
"""Rows of a table and items of a list that are shown; a job's summary may have 1 MB, and is read by a person."""

ACTIVE = re.compile(r"(?![.,;:](?: |\Z))(?!(?<=\w)[/-]\w)[^\w ]|_")
"""What could be markup: every sign but punctuation before a space, and strokes inside of words."""


def render(report: Report) -> str:
    """The summary, the counts by resource and rule, the first findings, and what was not checked."""
    return "\n".join(lines(report))


def lines(report: Report) -> Iterator[str]:
    """The lines of a report."""
    yield f"## {literal(summary(report))}"
    counts = [
        (resource or report.package, severity, rule, f"{count:,}")
        for (rule, resource, severity), count in report.counts.items()
    ]
    yield from table(("resource", "severity", "rule", "findings"), counts, len(counts))
    findings = [
        (one.place, one.severity, one.message, one.value, one.expected, one.hint, one.rule) for one in report.findings
    ]
    yield from table(
        ("place", "severity", "fault", "value", "expected", "mend", "rule"), findings, report.counts.total()
    )
    unchecked = [(one.what, one.reason) for one in report.not_checked]
    yield from table(("not checked", "because"), unchecked, len(unchecked))


def table(head: Sequence[str], rows: Sequence[Sequence[str | None]], total: int) -> Iterator[str]:
    """A table of the first of `total` rows, and how many these are; nothing where there are none."""
    if not rows:
        return
    yield from ("", row(head), row(["---"] * len(head)))
    yield from (row([literal(visible(cell or "")) for cell in cells]) for cells in rows[:MOST])
    if min(len(rows), MOST) < total:
        yield from ("", f"{min(len(rows), MOST)} of {total:,} are shown.")


def row(cells: Sequence[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def literal(text: str) -> str:
    """Text that stands for itself: no markup, no HTML, no link."""
    return ACTIVE.sub(lambda found: f"&#{ord(found[0])};", text)
