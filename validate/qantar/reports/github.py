"""A report as GitHub's workflow commands, which a pull request shows beside its lines.

GitHub shows 10 errors and 10 warnings of a step (github.com/actions/toolkit, docs/problem-matchers.md, "Limitations").
"""

from __future__ import annotations

from collections.abc import Iterator

from qantar.model import Finding, Report, Severity
from qantar.reports import concise
from qantar.reports.wording import LONGEST_PATH, advice, file_of, plural, remarks, summary, visible

MOST = 10
"""Annotations of each severity that GitHub shows of a step."""

MOST_REMARKS = 20
"""Remarks in the one notice; the log has them all."""

DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report) -> str:
    """The annotations that GitHub shows, then everything else as lines of the log, folded."""
    return "\n".join(commands(report))


def commands(report: Report) -> Iterator[str]:
    """Annotations, the other findings in a group, and a notice that says what the annotations do not."""
    chosen = [one for severity in Severity for one in of(report, severity)[:MOST]]
    others = [one for severity in Severity for one in of(report, severity)[MOST:]]
    remarked = list(remarks(report))
    for finding in chosen:
        file = {"file": visible(file_of(report, finding.path), LONGEST_PATH), "line": str(finding.row or 1)}
        yield command(finding.severity, advice(finding), **file, title=visible(finding.rule))
    if others or remarked:
        yield command("group", f"{plural(len(others), 'more finding')}, {plural(len(remarked), 'remark')}")
        yield from (concise.line(one) for one in others)
        yield from remarked
        yield "::endgroup::"
    yield command("notice", "\n".join(notice(report, len(others), remarked)), title="qantar")


def of(report: Report, severity: Severity) -> list[Finding]:
    """The findings of one severity."""
    return [one for one in report.findings if one.severity is severity]


def notice(report: Report, others: int, remarked: list[str]) -> Iterator[str]:
    """The summary, and what the annotations do not show."""
    yield summary(report)
    if others:
        yield f"{plural(others, 'more finding')} in the log: GitHub shows {MOST} errors and {MOST} warnings of a step."
    yield from remarked[:MOST_REMARKS]
    if len(remarked) > MOST_REMARKS:
        yield f"{plural(len(remarked) - MOST_REMARKS, 'more remark')} in the log."


def command(name: str, message: str, **properties: str) -> str:
    """A workflow command, escaped as its grammar wants it."""
    given = ",".join(f"{key}={value.translate(PROPERTY)}" for key, value in properties.items())
    return f"::{name}{' ' if given else ''}{given}::{message.translate(DATA)}"
