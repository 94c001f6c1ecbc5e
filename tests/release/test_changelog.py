"""The changelog's tables: read, and generated as they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar.package import Package
from qantar.release.bump import Change, Correction, Diff, Side
from qantar.release.changelog import Entry, entries_since, generate, parse

TEXT = """# Changelog

## [1.1.0] - 2026-12-01

Some words | with a bar.

| figure | change | reason |
|---|---|---|
| `fg-0001` | corrected | Misread. |
| fg-0002 | retracted | Told twice. |

| resource | added | changed | retired | rows |
|:---|---:|---:|---:|---:|
| `figures` | 0 | 1 | 1 | 21 |

| resource | other |
|---|---|
| `x` | y |

## [1.0.0] - 2026-11-22

| figure | change | reason |
|---|---|---|
| `fg-0009` | corrected | Of another version. |
"""


def test_the_newest_entry_is_read() -> None:
    corrections = {"fg-0001": ("corrected", "Misread."), "fg-0002": ("retracted", "Told twice.")}
    assert parse(TEXT) == Entry("1.1.0", "2026-12-01", corrections, {"figures": (0, 1, 1, 21)})


def test_a_bar_behind_a_backslash_is_part_of_a_cell() -> None:
    reason = "Read as A | B."
    correction = Correction("fg-0001", False, "corrected", reason)  # noqa: FBT003
    text = generate(Diff(Side("a"), Side("b", "1.0.1"), corrections=(correction,)), "2026-12-01")
    assert r"| `fg-0001` | corrected | Read as A \| B. |" in text
    assert parse(text).corrections == {"fg-0001": ("corrected", reason)}


@pytest.mark.parametrize("row", ["| fg-0001 | corrected | Misread.", "| fg-0001 | corrected | Misread. |  "])
def test_the_last_bar_may_be_left_out(row: str) -> None:
    text = f"## [1.0.1] - 2026-12-01\n\n| figure | change | reason |\n|---|---|---|\n{row}\n"
    assert parse(text).corrections == {"fg-0001": ("corrected", "Misread.")}


def test_rows_without_a_key_count_each() -> None:
    changes = (Change("row-added", "t", "x/1"),) * 2
    diff = Diff(Side("a", "1.0.0", {"t": 1}), Side("b", "1.1.0", {"t": 3}), changes)
    assert parse(generate(diff, "2026-12-01")).counts == {"t": (2, 0, 0, 3)}


ENTRIES = "".join(
    f"## [{version}] - 2026-12-01\n\n| figure | change | reason |\n|---|---|---|\n| fg-1 | corrected | {version} |\n\n"
    for version in ("Unreleased", "1.0.2", "1.0.1", "1.0.0")
)


@pytest.mark.parametrize(
    ("old", "new", "versions"),
    [
        ("1.0.0", "1.0.2", ["1.0.2", "1.0.1"]),
        ("1.0.1", "1.0.2", ["1.0.2"]),
        ("1.0.1", "1.0.1", ["1.0.1"]),
        ("1.0.2", "1.0.1", ["1.0.1"]),
        (None, "1.0.2", ["1.0.2"]),
        ("1.0.0", "1.0.3", ["1.0.2", "1.0.1"]),
        ("1.0.0", None, []),
    ],
)
def test_all_entries_since_an_old_version_count(
    tmp_path: Path, old: str | None, new: str | None, versions: list[str]
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(ENTRIES, encoding="utf-8")
    package = Package(tmp_path, "datapackage.json", {"version": new}, {})
    assert [one.version for one in entries_since(package, old)] == versions


def test_an_unreleased_head_has_no_date_and_no_changelog_has_no_head() -> None:
    assert parse("## [Unreleased]\n") == Entry("Unreleased", first=True)
    assert parse("# Changelog\n") == Entry()


def test_what_is_generated_is_what_is_read() -> None:
    changes = (
        Change("row-added", "figures", "fg-0003"),
        Change("cell-changed", "figures", "fg-0001", "low", None, "1", "2"),
        Change("cell-changed", "figures", "fg-0001", "high", None, "1", "2"),
        Change("row-retired", "figures", "fg-0002"),
        Change("field-added", "events", field="new"),
    )
    corrections = (Correction("fg-0001", False, "corrected", "Misread."), Correction("fg-0002", True))  # noqa: FBT003
    diff = Diff(
        Side("a", "1.0.0", {"figures": 2}),
        Side("b", "2.0.0", {"figures": 2, "events": 5}),
        changes,
        corrections=corrections,
    )
    text = generate(diff, "2026-12-01")
    assert "- Field added: events new." in text
    entry = parse(text)
    assert (entry.version, entry.date) == ("2.0.0", "2026-12-01")
    assert entry.corrections == {"fg-0001": ("corrected", "Misread."), "fg-0002": ("retracted", "")}
    assert entry.counts == {"figures": (1, 1, 1, 2), "events": (5, 0, 0, 5)}


@pytest.mark.parametrize(
    ("retracted", "change", "reason", "typed"),
    [
        (False, "corrected", "Misread.", True),
        (False, "reclassified", "Coded otherwise.", True),
        (False, "retracted", "Gone.", False),
        (False, "corrected", "", False),
        (False, "corrected or reclassified", "Left open.", False),
        (False, None, None, False),
        (True, "retracted", "Told twice.", True),
        (True, "corrected", "Misread.", False),
    ],
)
def test_a_type_fits_what_became_of_the_figure(
    retracted: bool,  # noqa: FBT001 -- a column of the table
    change: str | None,
    reason: str | None,
    typed: bool,  # noqa: FBT001
) -> None:
    assert Correction("fg-0001", retracted, change, reason).typed is typed
