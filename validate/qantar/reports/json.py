"""A report as one JSON object, described by report.schema.json."""

from __future__ import annotations

import json
import re
from dataclasses import fields

from qantar.model import Finding, NotChecked, Report, Severity
from qantar.reports.wording import LOG_MARK, UNSAFE

VERSION = "1.0"
"""The version of report.schema.json; its first number changes where a reader must."""

LONGEST = 10_000
"""Longest text that is given whole; what is longer is cut, and ends in "…"."""


def render(report: Report) -> str:
    """One JSON object: summary, exact counts by rule and resource, findings, what was checked and what was not."""
    whole = {
        **summary(report),
        "findings": [record(one) for one in report.findings],
        "checked": report.checked,
        "not_checked": [record(one) for one in report.not_checked],
    }
    return write(whole, indent=2)


def summary(report: Report) -> dict[str, object]:
    """What a report comes to: exact counts, how many of each kind are shown, and the cap on examples."""
    shown = report.shown
    counts = [
        {"rule": kind[0], "resource": kind[1], "severity": kind[2], "count": count, "shown": shown[kind]}
        for kind, count in report.counts.items()
    ]
    return {
        "schema_version": VERSION,
        "package": report.package,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "excepted": report.excepted,
        "known": report.known,
        "max_examples": report.max_examples,
        "counts": counts,
    }


def record(one: Finding | NotChecked) -> dict[str, object]:
    """Every field of a finding, or of what was not checked."""
    return {field.name: clipped(getattr(one, field.name)) for field in fields(one)}


def clipped(value: object) -> object:
    """A text that is not longer than LONGEST; anything else as it is."""
    return value if not isinstance(value, str) or len(value) <= LONGEST else value[: LONGEST - 1] + "…"


def write(value: object, indent: int | None = None) -> str:
    """JSON in which what a terminal or a log would obey is escaped; a lone surrogate, which no UTF-8 has, is U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return LOG_MARK.sub(r"#\\u0023", UNSAFE.sub(escaped, text))


def escaped(found: re.Match[str]) -> str:
    """A character as JSON escapes it; a line break, which only stands between JSON's own parts, stays."""
    one = found[0]
    if one == "\n":
        return one
    return json.dumps("\ufffd" if "\ud800" <= one <= "\udfff" else one)[1:-1]
