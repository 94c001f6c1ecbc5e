"""A report as JUnit's XML, which test dashboards show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from itertools import accumulate, takewhile

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from qantar.model import Kind, Report, Severity
from qantar.reports import concise
from qantar.reports.wording import by_path, plural, visible

LONGEST_TEXT = 1_000_000
"""Characters of a case's text: libxml2, and what is built on it, reads no more than 10 million bytes in one."""


def render(report: Report) -> str:
    """A suite a resource, with a case for each rule that found something; what was not checked is skipped."""
    lines: dict[Kind, list[str]] = defaultdict(list)
    for finding in report.findings:
        lines[finding.kind].append(concise.line(finding))
    suites = [suite(path, list(cases(report, path, kinds, lines))) for path, kinds in by_path(report).items()]
    skipped = [skip(visible(one.what), visible(one.reason)) for one in report.not_checked]
    whole = JUnitXml("qantar")
    whole.extend([*suites, *([suite("not checked", skipped)] if skipped else [])])  # type: ignore[no-untyped-call]
    whole.update_statistics()  # type: ignore[no-untyped-call]
    written = BytesIO()
    whole.write(written, pretty=True)
    return written.getvalue().decode().rstrip()


def suite(name: str, held: list[TestCase]) -> TestSuite:
    """A suite of cases."""
    one = TestSuite(visible(name))
    one.add_testcases(held)
    return one


def cases(report: Report, path: str, kinds: list[Kind], lines: dict[Kind, list[str]]) -> Iterator[TestCase]:
    """A case for each rule: it fails by an error, and passes with a word by a warning; without any, one that passes."""
    if not kinds:
        yield TestCase("no finding", visible(path))
    for kind in kinds:
        rule, _, severity = kind
        case = TestCase(visible(rule), visible(path))
        said = f"{plural(report.counts[kind], severity)}, {len(lines[kind]):,} shown"
        text = fitting(lines[kind])
        if severity is Severity.ERROR:
            failure = Failure(said, severity)
            failure.text = text
            case.result = [failure]
        else:
            case.system_out = f"{said}\n{text}"
        yield case


def fitting(lines: list[str]) -> str:
    """As many lines as a case may have, and how many are left out."""
    lengths = accumulate(len(one) + 1 for one in lines)
    kept = sum(1 for _ in takewhile(lambda length: length <= LONGEST_TEXT, lengths))
    left = [f"{len(lines) - kept:,} of {len(lines):,} lines are left out"] if kept < len(lines) else []
    return "\n".join([*lines[:kept], *left])


def skip(name: str, reason: str) -> TestCase:
    """A case that was not run."""
    case = TestCase(name, "not checked")
    case.result = [Skipped(reason)]
    return case
