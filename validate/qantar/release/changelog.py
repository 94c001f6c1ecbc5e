"""The changelog as far as it is written for machines: the head of a release, its row counts, its corrections.

## [1.1.0] - 2026-12-01

| figure | change | reason |
|---|---|---|
| `fg-0007` | corrected | The report says 748. |

| resource | added | changed | retired | rows |
|---|---|---|---|---|
| `figures` | 0 | 1 | 0 | 22 |
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.bump import CORRECTED, RETRACTED, Diff

CHANGELOG = "CHANGELOG.md"

HEAD = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d{2}-\d{2}))?[ \t]*$", re.MULTILINE)

CORRECTIONS = ("figure", "change", "reason")
COUNTS = ("resource", "added", "changed", "retired", "rows")
"""The head rows of the two tables that are read."""


@dataclass(frozen=True)
class Entry:
    """The entry of one version: its date, its corrections by figure as (type, reason), its row counts by resource.

    `first` says that no other entry follows: it is that of the first release.
    """

    version: str | None = None
    date: str | None = None
    corrections: dict[str, tuple[str, str]] = field(default_factory=dict)
    counts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    first: bool = False


def read_entry(package: Package) -> Entry:
    """The newest entry of a package's changelog, empty where there is none."""
    file = package.root / CHANGELOG
    try:
        return parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Entry()
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"{file}  The changelog cannot be read: {error}.") from None


def parse(text: str) -> Entry:
    """The first entry of a changelog."""
    head = HEAD.search(text)
    if head is None:
        return Entry()
    following = HEAD.search(text, head.end())
    body = text[head.end() : following.start() if following else None]
    corrections = {one[0]: (one[1], one[2]) for one in table(body, CORRECTIONS)}
    counts = {one[0]: tuple(map(int, one[1:])) for one in table(body, COUNTS) if all(map(str.isdigit, one[1:]))}
    return Entry(head["version"], head["date"], corrections, counts, following is None)


def table(body: str, head: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The rows of the Markdown tables that have this head row."""
    reading = False
    for line in body.splitlines():
        if not line.startswith("|"):
            reading = False
            continue
        cells = tuple(one.strip().strip("`") for one in line.strip().strip("|").split("|"))
        if reading and len(cells) == len(head) and not set(cells[0]) <= {"-", ":"}:
            yield cells
        reading = reading or cells == head


def counted(diff: Diff) -> dict[str, tuple[int, ...]]:
    """For each resource of the new package how many rows were added, changed and retired, and how many it has."""
    return {name: (*counted_rows(diff, name, rows), rows) for name, rows in diff.new.rows.items()}


def counted_rows(diff: Diff, name: str, rows: int) -> tuple[int, int, int]:
    """The rows of a resource that were added, changed, and retired or vanished."""
    if name not in diff.old.rows:
        return rows, 0, 0
    added = diff.count("row-added", name) + diff.count("id-reused", name)
    retired = diff.count("row-retired", name) + diff.count("row-vanished", name)
    return added, diff.count("cell-changed", name), retired


def generate(diff: Diff, date: str) -> str:
    """The entry that a release needs: what is known is filled in, what a person must say is left open."""
    version = diff.new.version or diff.required
    return "\n".join([f"## [{version}] - {date}", *changes(diff), *corrections(diff), *counts(diff), ""])


def changes(diff: Diff) -> Iterator[str]:
    """The changes that are not of rows, by what they ask for."""
    told = [one for one in diff.changes if one.key is None]
    if told:
        yield "\n### Changed\n"
        yield from (f"- {one.kind.replace('-', ' ').capitalize()}: {one.place}." for one in told)


def corrections(diff: Diff) -> Iterator[str]:
    """The table of changed figures; what the changelog does not type yet is left open."""
    if diff.corrections:
        yield "\nFigures corrected:\n"
        yield f"| {' | '.join(CORRECTIONS)} |\n{'|---' * len(CORRECTIONS)}|"
    for one in diff.corrections:
        usual = RETRACTED if one.retracted else " or ".join(CORRECTED)
        yield f"| `{one.figure}` | {one.change if one.typed else usual} | {one.reason or ''} |"


def counts(diff: Diff) -> Iterator[str]:
    """The table of the rows."""
    yield "\nRows by resource:\n"
    yield f"| {' | '.join(COUNTS)} |\n{'|---' * len(COUNTS)}|"
    for name, numbers in counted(diff).items():
        yield f"| `{name}` | {' | '.join(map(str, numbers))} |"
