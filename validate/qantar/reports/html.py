"""A report as one HTML page that needs nothing but itself."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from qantar.model import Finding, Kind, Report, Severity
from qantar.reports.wording import WIDEST, by_path, file_of, plural, summary, visible

FIRST = 500
"""Findings that can be read where scripts are off; with scripts, a page at a time of all."""

PARTS = ("severity", "path", "row", "key", "field", "message", "value", "expected", "hint", "rule")
"""What the page says of a finding, in the order of its data."""


def render(report: Report) -> str:
    """The page: a summary by resource and by rule, the findings, and what was not checked."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters |= {"visible": visible, "plural": plural}
    style, script = part("page.css"), part("page.js")
    return environment.from_string(part("page.html")).render(
        report=report,
        name=visible(report.package if report.folder.startswith("/") else file_of(report, report.package)),
        summary=summary(report),
        errors=report.count(Severity.ERROR),
        warnings=report.count(Severity.WARNING),
        resources={path: tally(report, kinds) for path, kinds in by_path(report).items()},
        counts=sorted(report.counts.items(), key=lambda one: (one[0][2] is not Severity.ERROR, -one[1])),
        shown=report.shown,
        first=[dict(zip(PARTS, said(one), strict=True)) for one in report.findings[:FIRST]],
        blank=dict.fromkeys(PARTS, ""),
        data=packed(report),
        widest=WIDEST,
        style=style,
        script=script,
        policy=f"default-src 'none'; img-src data:; style-src {digest(style)}; script-src {digest(script)}; "
        "base-uri 'none'; form-action 'none'",
    )


def part(name: str) -> Markup:
    """A part of the page that is the package's own, and goes in as it is."""
    return Markup((files("qantar.reports") / name).read_text(encoding="utf-8").strip())  # noqa: S704 -- our own file


def digest(text: str) -> str:
    """The digest by which the page's policy allows one style or script, and no other."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def tally(report: Report, kinds: list[Kind]) -> dict[Severity, int]:
    """How many findings of each severity there are."""
    return {one: sum(report.counts[kind] for kind in kinds if kind[2] is one) for one in Severity}


def said(finding: Finding) -> list[str]:
    """What the page says of a finding: a text for each of PARTS, empty where there is nothing to say."""
    row = None if finding.row is None else f":{finding.row}"
    given = {part: getattr(finding, part) for part in PARTS} | {"row": row}
    return ["" if text is None else visible(text) for text in given.values()]


def packed(report: Report) -> dict[str, object]:
    """All findings, with each text once: what a hundred thousand findings say is mostly the same."""
    texts: dict[str, int] = {}
    rows = [[texts.setdefault(text, len(texts)) for text in said(one)] for one in report.findings]
    return {"parts": PARTS, "texts": list(texts), "rows": rows, "total": report.counts.total()}
