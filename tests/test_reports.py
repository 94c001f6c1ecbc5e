"""Every format: its golden file, what reads it, and hostile cells in it."""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from dataclasses import replace

import junitparser
import pytest
from conftest import ROOT
from consumers import CONSUMERS, OBEYED, REPORT, SCHEMAS, read_github, read_lines
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from sample_report import HOSTILE, sample

from qantar.errors import MissingExtraError
from qantar.model import Finding, NotChecked, Report, Severity
from qantar.reports import FORMATS, renderer, sarif, statistics
from qantar.reports.wording import WIDEST, visible

GOLDEN = ROOT / "tests" / "golden"

CELLS = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(HOSTILE)
WORDS = st.text(st.characters(codec=None), min_size=1, max_size=40) | st.sampled_from(HOSTILE)
OPTIONAL = st.none() | CELLS
NUMBERS = st.none() | st.integers(1, 2**40)
FINDINGS = st.builds(
    Finding, WORDS, WORDS, WORDS, OPTIONAL, NUMBERS, NUMBERS, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL, OPTIONAL,
    st.sampled_from(Severity),
)  # fmt: skip
UNCHECKED = st.builds(NotChecked, CELLS, CELLS)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report of arbitrary text, some of its findings held back."""
    report = Report("datapackage.json", draw(st.integers(0, 3)), not_checked=draw(st.lists(UNCHECKED, max_size=3)))
    for finding in draw(st.lists(FINDINGS, max_size=4)):
        report.add(finding.resource, [finding], {(finding.rule, Severity.ERROR): draw(st.integers(0, 3))})
    return report


@pytest.mark.parametrize("name", CONSUMERS)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "version", lambda _: "0.0.0")
    text = renderer(name)(sample()) + "\n"
    file = GOLDEN / f"report.{name}"
    if os.environ.get("QANTAR_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8", newline="")
    assert text == file.read_text(encoding="utf-8")
    CONSUMERS[name](text.removesuffix("\n"))


@pytest.mark.parametrize("name", CONSUMERS)
@given(report=reports())
def test_every_format_bears_any_text(name: str, report: Report) -> None:
    text = renderer(name)(report)
    text.encode()
    assert not OBEYED.search(text.replace("\t", "") if name == "junit" else text)
    CONSUMERS[name](text)
    if name != "github":
        read_lines(text)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_without_findings(name: str) -> None:
    CONSUMERS[name](renderer(name)(Report("datapackage.json", checked=["a.csv"])))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("több mint 2000", "több mint 2000"),
        ("a\tb\n", "a\\u0009b\\u000a"),
        ("\x1b[31m", "\\u001b[31m"),
        ("\u202e\u200f\u2069", "\\u202e\\u200f\\u2069"),
        ("\ud800\U000e0041", "\\ud800\\U000e0041"),
        ("😀", "😀"),
        ("::error::x", ":\\u003aerror::x"),
        (" ::Warning file=a::", " :\\u003aWarning file=a::"),
        ("::1, std::vector", "::1, std::vector"),
        ("a ##[error] ##vso[x] ## b", "a #\\u0023[error] #\\u0023vso[x] ## b"),
        ("x" * WIDEST, "x" * WIDEST),
        ("x" * (WIDEST + 1), "x" * (WIDEST - 1) + "…"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_json_gives_every_cell_as_it_is() -> None:
    values = [one["value"] for one in json.loads(renderer("json")(sample()))["findings"] if one["resource"] == "notes"]
    assert values == [text.replace("\ud800", "\ufffd") for text in HOSTILE]


def test_the_schemas_are_schemas() -> None:
    Draft4Validator.check_schema(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")))
    Draft202012Validator.check_schema(json.loads((SCHEMAS / "gitlab-code-quality.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "spoil", [lambda one: one.pop("errors"), lambda one: one.update(more=1), lambda one: one["findings"][0].pop("row")]
)
def test_the_schema_of_json_wants_every_part(spoil: object) -> None:
    whole = json.loads(renderer("json")(sample()))
    assert callable(spoil)
    spoil(whole)
    with pytest.raises(Exception, match=r"required|Unevaluated"):
        CONSUMERS["json"](json.dumps(whole))


def test_statistics_as_json_say_what_was_not_checked() -> None:
    whole = json.loads(statistics.render_json(sample()))
    schema = {"$schema": REPORT["$schema"], "$defs": REPORT["$defs"], "$ref": "#/$defs/statistics"}
    Draft202012Validator(schema).validate(whole)
    assert [one["what"] for one in whole["not_checked"]] == [one.what for one in sample().not_checked]
    assert whole["checked"] == sample().checked


def test_text_has_colour_only_when_asked() -> None:
    plain, coloured = (renderer("text", colour=colour)(sample()) for colour in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain != coloured
    assert renderer("json", colour=True)(sample()) == renderer("json")(sample())


def test_github_annotates_what_it_shows_and_logs_the_rest() -> None:
    names = read_github(text := renderer("github")(sample()))
    assert names == {"error": 10, "warning": 1, "notice": 1, "group": 1, "endgroup": 1}
    assert "19 more findings in the log: GitHub shows 10 errors and 10 warnings of a step." in text
    assert "foreign-key: 12 of 2,050 shown" in text
    assert "file=examples/unrest/data/figures.csv,line=8,title=unknown-code::" in text


def test_sarif_keeps_within_what_code_scanning_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    error = Finding("type-error", "A fault.", "a.csv", "a", row=2, field="n")
    many = [replace(error, row=row, value=f"{row:0300x}") for row in range(2, 25_010)]
    first = [replace(error, severity=Severity.WARNING, value=f"w{row}") for row in range(10)]
    report = Report("datapackage.json", 100_000)
    report.add("a", [*first, *many], {})
    text = renderer("sarif")(report)
    assert len(gzip.compress(text.encode())) <= 10_000_000
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == 25_000
    assert {one["level"] for one in run["results"]} == {"error"}
    said = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert said[0] == "18 of 25,018 findings are left out, beyond what code scanning takes"
    assert said[1] == "GitHub shows the gravest 5,000 of 25,000 results"
    monkeypatch.setattr(sarif, "MOST_BYTES", 300_000)
    assert len(json.loads(renderer("sarif")(report))["runs"][0]["results"]) < 25_000


def test_junit_of_many_findings_is_read_and_says_what_it_leaves_out() -> None:
    one = Finding("type-error", "A fault.", "a.csv", "a", field="n", value="x" * 100)
    report = Report("datapackage.json", 100_000)
    report.add("a", [replace(one, row=row) for row in range(2, 100_002)], {})
    text = renderer("junit")(report)
    CONSUMERS["junit"](text)
    (failure,) = [
        one for suite in junitparser.JUnitXml.fromstring(text.encode()) for case in suite for one in case.result
    ]
    assert len(failure.text) < 1_000_100
    kept = failure.text.count("a.csv:")
    assert failure.text.endswith(f"\n{100_000 - kept:,} of 100,000 lines are left out")


def test_sarif_tracks_a_finding_whose_row_moved() -> None:
    one = Finding("type-error", "A fault.", "a.csv", "a", row=2, key="k", field="n", value="x")
    prints = []
    for row in (2, 9):
        report = Report("datapackage.json")
        report.add("a", [replace(one, row=row)], {})
        prints.append(json.loads(renderer("sarif")(report))["runs"][0]["results"][0]["partialFingerprints"])
    assert prints[0] == prints[1]


@pytest.mark.parametrize(("name", "library"), [("junit", "junitparser"), ("html", "jinja2")])
def test_a_missing_library_is_one_line(name: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, f"qantar.reports.{name}", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=re.escape(f"Run pip install 'qantar[{name}]'.")):
        renderer(name)


def test_every_format_is_documented() -> None:
    page = (ROOT / "docs" / "validating.md").read_text(encoding="utf-8")
    table = page.partition("| format | for | needs |")[2].partition("\n\n")[0]
    named = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert re.findall(r"`(\w+)`", "".join(named)) == list(FORMATS)
    assert "|".join(FORMATS) in page
