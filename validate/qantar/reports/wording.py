"""How a finding is said in every format: in one line, safe to show."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from qantar.model import Finding, Kind, Report, Severity

WIDEST = 120
"""Longest value or expectation that is shown whole."""

LONGEST_PATH = 4096
"""Longest path of a file that is given to a program whole, as Linux has it (PATH_MAX)."""

UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff"
    r"\U000e0000-\U000e0fff]"
)
"""Characters that a terminal obeys, that turn or hide the text beside them, that end a line, or that XML forbids."""

LOG_MARK = re.compile(r"##(?=\w*\[)")
"""How a command begins that logs of CI obey wherever it stands: `##[error]`, `##vso[task.complete]`."""

LOG_COMMAND = re.compile(r"^\s*::(?=\s*[^\W\d])")
"""How a command begins that GitHub obeys at the start of a line: `::error::`."""


def visible(text: str, widest: int = WIDEST) -> str:
    """Text that is safe on a terminal, in a log and in markup: one line, nothing hidden, nothing that is obeyed.

    What is longer than `widest` is cut, and ends in "…".
    """
    safe = UNSAFE.sub(escaped, text[: widest + 1])
    for mark in (LOG_MARK, LOG_COMMAND):
        safe = mark.sub(lambda found: found[0][:-1] + escaped(found), safe)
    return safe if len(safe) <= widest else safe[: widest - 1] + "…"


def escaped(found: re.Match[str]) -> str:
    """The last character of a match by its code point."""
    code = ord(found[0][-1])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 -- the first plane of Unicode


def fault(finding: Finding) -> str:
    """What is wrong: the message, the value and what was expected."""
    parts = []
    if finding.value is not None:
        name = f"{visible(finding.field)}=" if finding.field and ", " not in finding.field else "found "
        parts.append(f"{name}{visible(finding.value)}")
    if finding.expected:
        parts.append(f"expected {visible(finding.expected)}")
    return visible(finding.message, 500) + (f" {'; '.join(parts)}." if parts else "")


def advice(finding: Finding) -> str:
    """What is wrong, and how to mend it."""
    return fault(finding) + (f" {visible(finding.hint)}" if finding.hint else "")


def file_of(report: Report, path: str) -> str:
    """The path of a file from the folder in which the tool was run."""
    return posixpath.normpath(posixpath.join(report.folder, path))


def fingerprints(report: Report) -> Iterator[tuple[Finding, str, int]]:
    """Each finding with the digest of its identity, and which of those with that identity it is, from 1."""
    seen: Counter[str] = Counter()
    for finding in report.findings:
        digest = hashlib.sha256(json.dumps(finding.identity).encode()).hexdigest()
        seen[digest] += 1
        yield finding, digest, seen[digest]


def by_path(report: Report) -> dict[str, list[Kind]]:
    """The kinds of findings by the file they are in: the descriptor, and every resource that was checked."""
    found: dict[str, list[Kind]] = {path: [] for path in (report.package, *report.checked)}
    for kind in report.counts:
        resource = kind[1]
        path = report.package if resource is None else report.paths.get(resource, resource)
        found.setdefault(path, []).append(kind)
    return found


def remarks(report: Report) -> Iterator[str]:
    """What the findings alone would not say, a line each: what is held back, and what was not checked."""
    yield from held_back(report)
    yield from unchecked(report)


def held_back(report: Report) -> Iterator[str]:
    """The kinds of findings of which not every one is shown, a line each."""
    shown = report.shown
    for kind, count in report.counts.items():
        if shown[kind] < count:
            where = visible(kind[1] or report.package)
            yield f"{where}  {visible(kind[0])}: {shown[kind]:,} of {count:,} shown"


def unchecked(report: Report) -> Iterator[str]:
    """What was not checked, a line each."""
    return (f"{visible(one.what)}  not checked: {visible(one.reason)}" for one in report.not_checked)


def summary(report: Report) -> str:
    """One line: how much was checked and how much was found."""
    found = f"{plural(report.count(Severity.ERROR), 'error')}, {plural(report.count(Severity.WARNING), 'warning')}"
    rest = f", {len(report.not_checked):,} not checked" if report.not_checked else ""
    held = "".join(f", {n:,} {word}" for n, word in ((report.excepted, "excepted"), (report.known, "known")) if n)
    return f"{visible(report.package)}: {plural(len(report.checked), 'resource')} checked{rest}; {found}{held}."


def plural(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
