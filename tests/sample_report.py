"""One fixed report with everything in it that a format must bear; the golden files show it."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

from qantar.model import Finding, NotChecked, Report, Severity

HOSTILE = (
    "\x1b[31mred\x1b[0m \x9b31m\x07",
    "abc\u202etxt.exe\u2066\u200f\u200b",
    "\n::error file=a.csv::owned\r\n",
    "::stop-commands::x",
    "##[error]owned ##vso[task.complete result=Failed]",
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
    "</script><!--<script>",
    "{{ 7 * 7 }} {0} [link](javascript:alert(1)) `code` | a, b: 100%",
    "\x00\ufffe\ud800\U0001f600\U000e0041\u2028",
    "=cmd|' /C calc'!A0",
    "]]>&amp;&#0;",
    "x" * 300,
)
"""Cells that want to be more than text."""


def sample() -> Report:
    """Findings of every shape (of the package, a file, one cell, several; hostile; capped), and things unchecked."""
    report = Report(
        "datapackage.json",
        max_examples=12,
        folder="examples/unrest",
        paths={"events": "data/events.csv", "figures": "data/figures.csv", "notes": "notes with space, 50%.csv"},
        checked=["data/events.csv", "data/figures.csv", "notes with space, 50%.csv"],
        not_checked=[
            NotChecked("data/map.xlsx", "the format xlsx cannot be read"),
            NotChecked(
                "the rules of the claims model", 'the descriptor does not declare "qantar": {"model": "claims"}'
            ),
        ],
    )
    licence = "a list of licences"
    report.add(
        None,
        [
            Finding("package-error", "The package has no name.", "datapackage.json", severity=Severity.WARNING),
            Finding(
                "package-error",
                "A property is not of its type.",
                "datapackage.json",
                None,
                field="licenses",
                expected=licence,
            ),
        ],
        {},
    )
    report.add("figures", sorted([*cells(), *rows()], key=attrgetter("order")), {("foreign-key", Severity.ERROR): 2037})
    report.add("notes", sorted(map(hostile, range(len(HOSTILE))), key=attrgetter("order")), {})
    return report


def cells() -> list[Finding]:
    """Faults of a file, of one cell and of several."""
    found = partial(Finding, path="data/figures.csv", resource="figures")
    return [
        found(
            "unknown-code", "The cell is not a code of the field.", row=8, record=7, key="fg-0007",
            field="measure", value="injuried", expected="one of killed, injured", hint="Did you mean injured?",
        ),
        found(
            "bounds-against-words", "The numbers contradict the words.", row=7, record=6, key="fg-0006",
            field="low", value="2000", expected='low=2001, as the words "több mint 2000" mean',
        ),
        found("primary-key", "The key stands twice.", row=3, record=2, key="a, b", field="a, b", value="a, b"),
        found("hash-count", "The file has another digest than the descriptor says.", value="0a", expected="0b"),
    ]  # fmt: skip


def rows() -> list[Finding]:
    """One more of a rule than the cap allows, all alike but for their rows."""
    message, place = "The key refers to no record.", ("data/figures.csv", "figures")
    return [
        Finding("foreign-key", message, *place, row=row, record=row - 1, field="event_id", value="ev-9999")
        for row in range(20, 33)
    ]


def hostile(number: int) -> Finding:
    """A finding whose texts are all hostile."""
    text = HOSTILE[number]
    return Finding(
        "type-error", "The cell is not an integer.", "notes with space, 50%.csv", "notes",
        row=number + 2, record=number + 1, key=text, field=text, value=text, expected=text, hint=text,
    )  # fmt: skip
