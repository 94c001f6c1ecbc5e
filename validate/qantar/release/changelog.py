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
from itertools import zip_longest

from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.bump import CORRECTED, RETRACTED, Diff, is_version, parts
from qantar.reports.wording import visible

CHANGELOG = "CHANGELOG.md"

HEAD = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d{2}-\d{2}))?[ \t]*$", re.MULTILINE)

BAR = re.compile(r"(?<!\\)\|")
ESCAPED = r"\|"
"""What parts the cells of a row, and how a bar stands in one."""

LONGEST = 10_000
"""Longest reason that is written again."""

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
    return next(read_entries(package), Entry())


def entries_since(package: Package, old: str | None) -> list[Entry]:
    """The entries of a package's version and of those before it that are newer than an old one, the newest first."""
    new = package.descriptor.get("version")
    if not isinstance(new, str):
        return []
    return [one for one in read_entries(package) if one.version == new or is_between(one.version, old, new)]


def is_between(version: str | None, old: str | None, new: str) -> bool:
    """Whether a version is newer than an old one, and not newer than a new one; of what is no version nothing is."""
    known = is_version(old) and is_version(version) and is_version(new)
    return known and parts(str(old)) < parts(str(version)) <= parts(new)


def read_entries(package: Package) -> Iterator[Entry]:
    """The entries of a package's changelog, the newest first; none where it has no changelog."""
    file = package.root / CHANGELOG
    try:
        return parse_all(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return iter(())
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"{file}  The changelog cannot be read: {error}.") from None


def parse(text: str) -> Entry:
    """The first entry of a changelog."""
    return next(parse_all(text), Entry())


def parse_all(text: str) -> Iterator[Entry]:
    """The entries of a changelog."""
    heads = list(HEAD.finditer(text))
    for head, following in zip_longest(heads, heads[1:]):
        body = text[head.end() : following.start() if following else None]
        corrections = {one[0]: (one[1], one[2]) for one in table(body, CORRECTIONS)}
        counts = {one[0]: tuple(map(int, one[1:])) for one in table(body, COUNTS) if all(map(str.isdigit, one[1:]))}
        yield Entry(head["version"], head["date"], corrections, counts, following is None)


def table(body: str, head: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The rows of the Markdown tables that have this head row."""
    reading = False
    for line in body.splitlines():
        if not line.startswith("|"):
            reading = False
            continue
        cells = row(line)
        if reading and len(cells) == len(head) and not set(cells[0]) <= {"-", ":"}:
            yield cells
        reading = reading or cells == head


def row(line: str) -> tuple[str, ...]:
    """The cells of a row of a table; the last bar may be left out."""
    _, *cells = BAR.split(line.rstrip())
    return tuple(one.strip().strip("`").replace(ESCAPED, "|") for one in cells[: -1 if cells[-1] == "" else None])


def written(*cells: object) -> str:
    """A row of a table, as it is read."""
    return f"| {' | '.join(visible(str(one), LONGEST).replace('|', ESCAPED) for one in cells)} |"


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
    return "\n".join([f"## [{visible(str(version))}] - {date}", *changes(diff), *corrections(diff), *counts(diff), ""])


def changes(diff: Diff) -> Iterator[str]:
    """The changes that are not of rows, by what they ask for."""
    told = [one for one in diff.changes if one.key is None]
    if told:
        yield "\n### Changed\n"
        yield from (f"- {one.kind.replace('-', ' ').capitalize()}: {visible(one.place)}." for one in told)


def corrections(diff: Diff) -> Iterator[str]:
    """The table of changed figures; what the changelog does not type yet is left open."""
    if diff.corrections:
        yield "\nFigures corrected:\n"
        yield from (written(*CORRECTIONS), f"{'|---' * len(CORRECTIONS)}|")
    for one in diff.corrections:
        usual = RETRACTED if one.retracted else " or ".join(CORRECTED)
        yield written(f"`{one.figure}`", one.change if one.typed else usual, one.reason or "")


def counts(diff: Diff) -> Iterator[str]:
    """The table of the rows."""
    yield "\nRows by resource:\n"
    yield from (written(*COUNTS), f"{'|---' * len(COUNTS)}|")
    for name, numbers in counted(diff).items():
        yield written(f"`{name}`", *numbers)
