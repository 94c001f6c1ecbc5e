"""The report as Markdown: hostile cells stand for themselves."""

from __future__ import annotations

import pytest
from consumers import read_markdown

from qantar.model import Finding, NotChecked, Report
from qantar.reports.markdown import MOST, render


def report(*findings: Finding) -> Report:
    made = Report("datapackage.json", checked=["t.csv"])
    made.add("t", findings, {})
    return made


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "a|b",
        "<img src=x onerror=alert(1)>",
        "</td><script>alert(1)</script>",
        "[click](javascript:alert)",
        "![x](https://example.org/x)",
        "https://example.org/a",
        "www.example.org",
        "a@example.org",
        "@somebody #1 org/repo#2",
        "**bold** __bold__ ~~gone~~ `code` *x* _y_",
        "&lt;b&gt; &amp; &#60;",
        "\\|\\",
        "<!--",
        "1. one",
        "$a$",
    ],
)
def test_a_hostile_cell_stands_for_itself(value: str) -> None:
    finding = Finding("a-rule", value, value, "t", row=2, field=value, value=value, expected=value, hint=value)
    _, counted, _, found = read_markdown(render(report(finding)))
    assert counted == ["t", "error", "a-rule", "1"]
    assert found == [f"{value}:2:{value}", "error", value, value, value, value, "a-rule"]


def test_line_breaks_and_controls_are_shown() -> None:
    finding = Finding("a-rule", "Wrong.", "t.csv", "t", value="a\nb\x1b[31m\u202e")
    assert read_markdown(render(report(finding)))[3][3] == "a\\u000ab\\u001b[31m\\u202e"


def test_what_is_left_out_is_said() -> None:
    made = report(*(Finding("a-rule", "Wrong.", "t.csv", "t", row=row) for row in range(2, 62)))
    made.not_checked.append(NotChecked("u.csv", "it is remote"))
    text = render(made)
    assert f"\n\n{MOST} of 60 are shown.\n\n" in text
    assert read_markdown(text)[-1] == ["u.csv", "it is remote"]
    many = Report("datapackage.json", max_examples=1000)
    many.add("t", (Finding("a-rule", "Wrong.", "t.csv", "t", row=row) for row in range(2, 62)), {})
    assert render(many).endswith(f"\n\n{MOST} of 60 are shown.")


def test_a_clean_report_is_a_line() -> None:
    assert render(report()) == "## datapackage&#46;json: 1 resource checked; 0 errors, 0 warnings."
