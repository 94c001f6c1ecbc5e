"""How often each rule was broken, by resource."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.model import Report
from qantar.reports import json
from qantar.reports.wording import summary, unchecked, visible


def render(report: Report) -> str:
    """A line for each rule and resource, the most frequent first; then what was not checked, and a summary."""
    return "\n".join(lines(report))


def lines(report: Report) -> Iterator[str]:
    """The lines of the statistics."""
    counts = sorted(report.counts.items(), key=lambda one: (-one[1], str(one[0])))
    width = max((len(f"{number:,}") for _, number in counts), default=0)
    names = max((len(rule) for (rule, _, _), _ in counts), default=0)
    for (rule, resource, severity), number in counts:
        yield f"{number:{width},}  {severity:7}  {rule:{names}}  {visible(resource or report.package)}"
    yield from unchecked(report)
    yield summary(report)


def render_json(report: Report) -> str:
    """What a report says without its findings, as one JSON object."""
    left = {"checked": report.checked, "not_checked": [json.record(one) for one in report.not_checked]}
    return json.write(json.summary(report) | left, indent=2)
