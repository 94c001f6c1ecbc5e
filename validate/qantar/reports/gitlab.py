"""A report as GitLab's code quality, which a merge request shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from qantar.model import Report, Severity
from qantar.reports.json import write
from qantar.reports.wording import LONGEST_PATH, advice, file_of, fingerprints, remarks, visible

GRAVITY = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(report: Report) -> str:
    """An array of objects: every finding, and what is held back or not checked as information on the descriptor."""
    return write([*violations(report), *information(report)], indent=2)


def violations(report: Report) -> Iterator[dict[str, object]]:
    """The findings; one that stands twice has another fingerprint each time, as GitLab wants it."""
    for finding, digest, number in fingerprints(report):
        path = file_of(report, finding.path)
        yield entry(finding.rule, advice(finding), f"{digest}-{number}", GRAVITY[finding.severity]) | place(
            path, finding.row or 1
        )


def information(report: Report) -> Iterator[dict[str, object]]:
    """What the findings would not say."""
    for text in dict.fromkeys(remarks(report)):
        digest = hashlib.sha256(text.encode()).hexdigest()
        yield entry("qantar", text, digest, "info") | place(file_of(report, report.package), 1)


def entry(rule: str, text: str, fingerprint: str, gravity: str) -> dict[str, object]:
    """What is wrong."""
    return {"description": text, "check_name": visible(rule), "fingerprint": fingerprint, "severity": gravity}


def place(path: str, line: int) -> dict[str, object]:
    """Where it is."""
    return {"location": {"path": visible(path, LONGEST_PATH), "lines": {"begin": line}}}
