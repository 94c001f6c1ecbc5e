"""Bad input: each fault gets its own finding, and none hides another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import OWN, Edit, found, replace, stamp

import qantar
from qantar.model import Report, Severity

CASES: dict[str, tuple[Edit, set[tuple[str, str]]]] = {
    "wrong header": (
        replace("data/places.csv", "geonames_id", "geoname_id"),
        {("data/places.csv:1:geonames_id", "incorrect-label")},
    ),
    "a column too many": (
        lambda package: edit_lines(package, "data/people.csv", lambda line: line + ",x"),
        {("data/people.csv:1:x", "extra-label")},
    ),
    "a row too short": (
        replace("data/event_links.csv", "li-0003,ev-0020,caused_by,ev-0021", "li-0003,ev-0020,caused_by"),
        {("data/event_links.csv:4", "missing-cell")},
    ),
    "a row too long": (
        replace("data/event_links.csv", "li-0003,ev-0020,caused_by,ev-0021", "li-0003,ev-0020,caused_by,ev-0021,,"),
        {("data/event_links.csv:4", "extra-cell")},
    ),
    "a blank row": (
        replace("data/event_links.csv", "\nli-0003", "\n\nli-0003"),
        {("data/event_links.csv:4", "blank-row")},
    ),
    "a bad date": (
        replace("data/events.csv", "2022-01-04,2022-01-04,2022-01-04", "2022-01-04,2022-1-4,2022-01-04"),
        {("data/events.csv:64:date_start", "type-error")},
    ),
    "a day that does not exist": (
        replace("data/events.csv", "2022-01-04,2022-01-04,2022-01-04", "2022-01-04,2022-01-04,2022-02-30"),
        {("data/events.csv:64:date_end", "type-error")},
    ),
    "no EDTF": (
        replace("data/events.csv", "2022-01-04,2022-01-04,2022-01-04", "4 January,2022-01-04,2022-01-04"),
        {("data/events.csv:64:date", "invalid-edtf")},
    ),
    "a number with an underscore": (
        replace("data/figures.csv", "2298,2298,=", "2298,2_298,="),
        {("data/figures.csv:6:value", "type-error")},
    ),
    "a dangling key": (
        replace("data/events.csv", ",almaty,2,", ",almati,2,"),
        {("data/events.csv:4:place_id", "foreign-key")},
    ),
    "a dangling key to the same table": (
        replace("data/events.csv", "ASSAULT,,ev-0025", "ASSAULT,,ev-0999"),
        {("data/events.csv:28:part_of", "foreign-key")},
    ),
    "an unknown code": (
        replace("data/figures.csv", ",injured,", ",injuried,"),
        {("data/figures.csv:8:measure", "unknown-code")},
    ),
    "a required cell that is empty": (
        replace("data/figures.csv", ",injured,", ",,"),
        {("data/figures.csv:8:measure", "constraint-error")},
    ),
    "a key twice": (
        replace("data/event_links.csv", "li-0002", "li-0001"),
        {
            ("data/event_links.csv:3:link_id", "primary-key"),
            ("data/mentions.csv:286:record_id", "unknown-record"),
        },
    ),
    "a circle": (
        replace("data/sources.csv", "khabar-24,,so-0002", "khabar-24,,so-0017"),
        {
            ("data/sources.csv:17:cited_in", "circular-citation"),
            ("data/sources.csv:18:cited_in", "circular-citation"),
        },
    ),
    "a reversed span": (
        lambda package: edit_lines(package, "data/mentions.csv", swap_span, 6),
        {("data/mentions.csv:6:end", "reversed-span")},
    ),
    "numbers that contradict their words": (
        replace("data/figures.csv", "több mint ezren,1000,>,1001", "több mint ezren,1000,>,1000"),
        {
            ("data/figures.csv:11:low", "bounds-against-words"),
            ("data/figures.csv:11:value", "value-outside-bounds"),
        },
    ),
    "words that nobody knows": (
        replace("data/figures.csv", "több mint ezren", "sokkal több mint ezren"),
        {("data/figures.csv:11:value_text", "unknown-words")},
    ),
    "a withheld number made zero": (
        replace("data/figures.csv", "killed,protesters,,,,,,,", "killed,protesters,,,,0,,,"),
        {("data/figures.csv:14:status", "withheld-with-value")},
    ),
    "rows out of order": (
        lambda package: swap_lines(package, "data/event_links.csv", 3, 4),
        {("data/event_links.csv:4:link_id", "unsorted-rows")},
    ),
    "a quotation mark that is not closed": (
        replace("data/event_links.csv", "li-0017,", '"li-0017,'),
        {("data/event_links.csv:18", "source-error")},
    ),
}


def edit_lines(package: Path, path: str, edit: Callable[[str], str], only: int | None = None) -> None:
    file = package / path
    lines = file.read_text(encoding="utf-8").splitlines()
    lines = [edit(line) if only in {None, number} else line for number, line in enumerate(lines, 1)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def swap_span(line: str) -> str:
    cells = line.split(",")
    cells[5], cells[6] = cells[6], cells[5]
    return ",".join(cells)


def swap_lines(package: Path, path: str, one: int, other: int) -> None:
    file = package / path
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[one - 1], lines[other - 1] = lines[other - 1], lines[one - 1]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def validated(package: Path) -> Report:
    stamp(package)
    return qantar.validate(package)


def test_the_dataset_has_no_fault_but_events_without_an_actor(package: Path) -> None:
    report = qantar.validate(package)
    assert {(one.place, one.rule) for one in report.findings} == OWN
    assert report.not_checked == []


@pytest.mark.parametrize("name", CASES)
def test_one_fault_gives_its_findings_and_no_others(name: str, package: Path) -> None:
    edit, expected = CASES[name]
    edit(package)
    assert found(validated(package)) == expected


def test_faults_do_not_hide_each_other(package: Path) -> None:
    apart = {
        "a row too long",
        "a blank row",
        "a day that does not exist",
        "no EDTF",
        "a key twice",
        "rows out of order",
    }
    apart |= {"a dangling key to the same table", "a required cell that is empty", "words that nobody knows"}
    apart |= {"a quotation mark that is not closed"}  # they break the same cells, or shift the lines, of others
    together = [name for name in CASES if name not in apart]
    for name in together:
        CASES[name][0](package)
    assert found(validated(package)) == set().union(*(CASES[name][1] for name in together))


def test_a_missing_file_is_one_finding_and_what_needs_it_is_not_checked(package: Path) -> None:
    (package / "data" / "lexicon.csv").unlink()
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    report = validated(package)
    assert found(report) == {
        ("data/lexicon.csv", "missing-file"),
        ("data/figures.csv:8:measure", "unknown-code"),
    }
    assert {(one.what, one.reason) for one in report.not_checked} >= {
        ("data/lexicon.csv", "the file is missing"),
        ("bounds-against-words on figures", "lexicon could not be read"),
        ("unknown-words on figures", "lexicon could not be read"),
    }


def test_a_byte_that_is_not_utf8_has_its_offset_and_line(package: Path) -> None:
    file = package / "data" / "places.csv"
    data = file.read_bytes()
    at = data.index("Mangisztau régió".encode()) + len("Mangisztau r")
    file.write_bytes(data[:at] + b"\xe9" + data[at + 2 :])
    report = validated(package)
    (finding,) = [one for one in report.findings if one.rule == "encoding-error"]
    assert finding.row == data[:at].count(b"\n") + 1
    assert finding.value == "0xe9"
    assert f"offset {at} " in finding.message
    assert found(report) == {(finding.place, "encoding-error")}


def test_a_changed_file_is_told_by_its_digest(package: Path) -> None:
    replace("data/places.csv", "Central Asia", "Middle Asia")(package)
    report = qantar.validate(package)
    assert found(report) == {("data/places.csv", "hash-count")}


def test_a_schema_that_is_missing_leaves_the_rest_checked(package: Path) -> None:
    (package / "schemas" / "places.json").unlink()
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    report = validated(package)
    assert found(report) == {
        ("schemas/places.json", "schema-error"),
        ("data/figures.csv:8:measure", "unknown-code"),
    }
    assert ("data/places.csv", "its schema cannot be read") in {(one.what, one.reason) for one in report.not_checked}


def test_a_quoted_line_break_does_not_shift_the_lines(package: Path) -> None:
    file = package / "data" / "figures.csv"
    text = file.read_text(encoding="utf-8")
    text = text.replace("A possible stay; the plural", '"A possible\nstay; the plural').replace(
        "two days at least.\n", 'two days at least."\n'
    )
    file.write_text(text.replace(",injured,", ",injuried,", 1), encoding="utf-8", newline="")
    report = validated(package)
    assert [(one.row, one.record) for one in report.findings if one.rule == "unknown-code"] == [(9, 7)]


def test_a_package_that_does_not_ask_for_the_rules_is_told_so(package: Path) -> None:
    replace("datapackage.json", '"model": "claims"', '"model": "other"')(package)
    report = qantar.validate(package)
    assert report.findings == []
    assert [one.what for one in report.not_checked] == ["the rules of the claims model"]


def test_examples_are_capped_and_counts_are_exact(package: Path) -> None:
    edit_lines(package, "data/mentions.csv", lambda line: line.replace("attributed", "atributed"))
    stamp(package)
    report = qantar.validate(package, max_examples=3)
    assert len(report.findings) - len(OWN) == 3
    with (package / "data" / "mentions.csv").open(encoding="utf-8") as file:
        assert report.counts["unknown-code", "mentions", Severity.ERROR] == sum("atributed" in line for line in file)
    assert report.findings[-1].hint == "Did you mean attributed?"
