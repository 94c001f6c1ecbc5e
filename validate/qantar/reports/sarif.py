"""A report as SARIF 2.1.0, within what code scanning takes.

The limits are GitHub's: 25,000 results a run, of which the 5,000 gravest are shown; 10 MB, compressed; texts of a rule
of at most 1,024 characters (docs.github.com: "SARIF results exceed limits" and "SARIF support for code scanning").
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, TypeAlias
from urllib.parse import quote

from qantar.model import Finding, Report, Severity
from qantar.reports.glossary import explain
from qantar.reports.json import write
from qantar.reports.wording import advice, file_of, fingerprints, held_back, unchecked, visible

Json: TypeAlias = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MOST_RESULTS, MOST_SHOWN, MOST_BYTES, LONGEST_TEXT = 25_000, 5_000, 10_000_000, 1024

LONGEST_INDENTED = 1_000_000
"""A log that is longer is nothing to read, and indenting it takes longer than all the rest."""

ROOT = "%SRCROOT%"
"""The name that code scanning gives to the root of the repository."""

NOTES = {
    "not-checked": "Something was left unchecked.",
    "examples-capped": "There are more findings of a rule than are shown.",
    "results-left-out": "Code scanning does not take, or does not show, all results.",
}


def render(report: Report) -> str:
    """One run; what code scanning would not take is left out, the least grave first, and that is said."""
    kept = sorted(results(report), key=lambda one: bool(one["level"] != Severity.ERROR))[:MOST_RESULTS]
    text = write(log(report, kept))
    while len(text) > MOST_BYTES and len(gzip.compress(text.encode())) > MOST_BYTES:
        kept = kept[: len(kept) // 2]
        text = write(log(report, kept))
    return text if len(text) > LONGEST_INDENTED else write(log(report, kept), indent=1)


def log(report: Report, kept: Sequence[Json]) -> Json:
    """A SARIF log of one run."""
    rules = dict.fromkeys(rule for rule, _, _ in report.counts)
    run = {
        "tool": {"driver": driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which qantar was run."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(notes(report, len(kept)))}],
        "results": kept,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def driver(rules: Iterable[str]) -> Json:
    """The tool, with every rule that found something."""
    return {
        "name": "qantar",
        "semanticVersion": version("qantar"),
        "rules": [described(rule) for rule in rules],
        "notifications": [{"id": name, "shortDescription": {"text": text}} for name, text in NOTES.items()],
    }


def described(rule: str) -> Json:
    """A rule with its help."""
    short, whole = explain(rule)
    return {
        "id": visible(rule),
        "name": visible(rule).title().replace("-", ""),
        "shortDescription": {"text": plain(short)[:LONGEST_TEXT]},
        "fullDescription": {"text": plain(whole)[:LONGEST_TEXT]},
        "help": {"text": plain(whole), "markdown": whole},
    }


def results(report: Report) -> Iterator[Json]:
    """A result for each finding that is shown."""
    rules = {rule: index for index, rule in enumerate(dict.fromkeys(rule for rule, _, _ in report.counts))}
    for finding, digest, number in fingerprints(report):
        yield {
            "ruleId": visible(finding.rule),
            "ruleIndex": rules[finding.rule],
            "level": str(finding.severity),
            "message": {"text": plain(advice(finding))},
            "locations": [location(report, finding)],
            # GitHub tracks an alert by the first, if it is given: so it survives moved rows.
            "partialFingerprints": {
                "primaryLocationLineHash": f"{digest[:16]}:{number}",
                "findingIdentity/v1": f"{digest}:{number}",
            },
        }


def location(report: Report, finding: Finding) -> Json:
    """Where a finding is: the line, and the record and field by their names."""
    names = (finding.resource, finding.key, finding.field)
    where: Json = {
        "physicalLocation": {
            "artifactLocation": artifact(file_of(report, finding.path)),
            "region": {"startLine": finding.row or 1},  # code scanning wants a line of every result
        }
    }
    named = "/".join(visible(name) for name in names if name)
    return where | ({"logicalLocations": [{"fullyQualifiedName": named}]} if named else {})


def artifact(path: str) -> Mapping[str, str]:
    """A file as a URI, relative to the root wherever it can be."""
    uri = quote(path, errors="replace")
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": ROOT}


def notes(report: Report, kept: int) -> Iterator[Json]:
    """What the results would not say: what was not checked, what is held back, what is left out."""
    yield from (note("not-checked", "warning", text) for text in unchecked(report))
    yield from (note("examples-capped", "note", text) for text in held_back(report))
    listed = len(report.findings)
    if kept < listed:
        text = f"{listed - kept:,} of {listed:,} findings are left out, beyond what code scanning takes"
        yield note("results-left-out", "warning", text)
    if kept > MOST_SHOWN:
        yield note("results-left-out", "warning", f"GitHub shows the gravest {MOST_SHOWN:,} of {kept:,} results")


def note(name: str, level: str, text: str) -> Json:
    """A notification."""
    index = list(NOTES).index(name)
    return {"descriptor": {"id": name, "index": index}, "level": level, "message": {"text": plain(text)}}


def plain(text: str) -> str:
    """A text of a message in which nothing is a placeholder or a link (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")
