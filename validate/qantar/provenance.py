"""Mentions against the reports' texts: each digest, and what no mention covers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qantar.checker import read_clean
from qantar.errors import PackageError, ReportTextError
from qantar.model import RECORD, ROW, Finding
from qantar.package import Json, Package
from qantar.rule import chain


@dataclass
class Coverage:
    """A report's text, and how much of it the mentions prove and cover.

    `gaps` are the stretches with a letter or digit that no mention covers: offsets in code points, end exclusive.
    """

    source: str
    file: Path
    characters: int = 0
    mentions: int = 0
    proven: int = 0
    covered: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Share of the characters that mentions cover, 0 to 1."""
        return self.covered / self.characters if self.characters else 0.0


def verify(package: Package, reports: Path) -> list[Coverage]:
    """Prove every mention of the package against the texts in the folder `reports`, found by their digests.

    Raises ReportTextError where a text is missing, PackageError where sources or mentions cannot be read.
    """
    typed = load_clean(package, "sources")
    up = {row["source_id"]: row["cited_in"] for row in typed}
    listed = load_clean(package, "mentions")
    texts = read_texts(reports)
    known = {row["sha256"] for row in typed}
    result = []
    for row in (one for one in typed if one["kind"] == "report"):
        coverage = match(row, texts, package.resources["sources"].path, known)
        own = [one for one in listed if chain(up, one["source_id"])[-1] == row["source_id"]]
        coverage.mentions = len(own)
        if not coverage.findings:
            prove(coverage, own, package.resources["mentions"].path)
        result.append(coverage)
    return result


def load_clean(package: Package, name: str) -> list[dict[str, Json]]:
    """The typed rows of a resource that must be without a fault before it can prove anything."""
    if name not in package.resources:
        raise PackageError(f"{package.file}  The package has no resource {name}.")
    return read_clean(package, package.resources[name]).rows(named=True)


def read_texts(reports: Path) -> dict[str, Path]:
    """The files of a folder by the SHA-256 of their bytes."""
    try:
        files = sorted(one for one in reports.iterdir() if one.is_file())
        return {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in files}
    except OSError as error:
        raise ReportTextError(f"{reports}  The folder of reports cannot be read: {error.strerror}.") from None


def match(row: dict[str, Json], texts: dict[str, Path], path: str, known: set[str]) -> Coverage:
    """The text of a report by its digest; where no text has it, the nearest file is reported as differing."""
    expected, source = row["sha256"], row["source_id"]
    if expected in texts:
        return Coverage(source, texts[expected])
    others = {digest: file for digest, file in texts.items() if digest not in known}
    if not others:
        raise ReportTextError(f"{source}  No file has the report's digest {expected}. Put its text into the folder.")
    length = int(row["characters"])
    digest, file = min(others.items(), key=lambda one: abs(len(one[1].read_bytes().decode(errors="replace")) - length))
    finding = Finding(
        "report-digest-differs", f"The text in {file} is not the one that was curated.", path, "sources", int(row[ROW]),
        key=source, field="sha256", value=digest, expected=expected, hint="Restore the text, byte for byte.",
    )  # fmt: skip
    return Coverage(source, file, findings=[finding])


def prove(coverage: Coverage, mentions: list[dict[str, Json]], path: str) -> None:
    """Compare each mention's digest with that of its passage, and find what no mention covers."""
    try:
        text = coverage.file.read_bytes().decode()
    except UnicodeDecodeError as error:
        fault = f"Not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}"
        raise ReportTextError(f"{coverage.file}  {fault}. Mentions are found in texts of UTF-8.") from None
    coverage.characters = len(text)
    covered = bytearray(len(text))
    for row in mentions:
        start, end = int(row["start"]), int(row["end"])
        digest = hashlib.sha256(text[start:end].encode()).hexdigest()
        if digest == row["sha256"] and start < end <= len(text):
            coverage.proven += 1
            covered[start:end] = b"\1" * (end - start)
        else:
            coverage.findings.append(differing(row, digest, path))
    coverage.covered = covered.count(1)
    coverage.gaps = [(start, end) for start, end in stretches(covered) if any(map(str.isalnum, text[start:end]))]


def differing(row: dict[str, Json], digest: str, path: str) -> Finding:
    """The finding on a mention whose passage has another digest."""
    return Finding(
        "span-digest-differs",
        "The passage is not the one that was curated.",
        path,
        "mentions",
        row=int(row[ROW]),
        record=int(row[RECORD]),
        key=str(row["mention_id"]),
        field="sha256",
        value=str(row["sha256"]),
        expected=digest,
        hint="Locate the passage again, and correct start, end and digest.",
    )


def stretches(covered: bytearray) -> Iterator[tuple[int, int]]:
    """The runs of zero bytes, as (start, end)."""
    start = covered.find(0)
    while start >= 0:
        end = covered.find(1, start)
        yield start, end if end >= 0 else len(covered)
        start = covered.find(0, end) if end >= 0 else -1
