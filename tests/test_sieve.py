"""What settings make of findings: selection, severity, exceptions, baselines; and that nothing is held back unsaid."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from conftest import replace
from hypothesis import given
from hypothesis import strategies as st

import qantar
from qantar import baseline
from qantar.config import read_settings
from qantar.model import Finding, NotChecked, Report, Severity
from qantar.reports.wording import file_of
from qantar.sieve import Sieve

FIELDS = [
    {"name": "id", "type": "string"},
    {"name": "code", "type": "string", "constraints": {"unique": True}},
    {"name": "n", "type": "integer", "constraints": {"maximum": 9}},
    {"name": "up", "type": "string"},
]
KEYS = {"primaryKey": "id", "foreignKeys": [{"fields": "up", "reference": {"fields": "id"}}]}


def write(root: Path, rows: list[str], *, keyed: bool = True, settings: str = "") -> Path:
    """A package with one table `a`, and settings beside it."""
    schema = {"fields": FIELDS, **(KEYS if keyed else {})}
    resource = {"name": "a", "path": "a.csv", "schema": schema}
    (root / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    (root / "a.csv").write_text("\n".join(["id,code,n,up", *rows, ""]), encoding="utf-8")
    (root / "qantar.toml").write_text(settings, encoding="utf-8")
    return root


def counted(report: Report) -> dict[str, int]:
    """How many findings there are of each rule."""
    return {rule: number for (rule, _, _), number in report.counts.items()}


BAD = [f"k{at},c{at},x,k{at}" for at in range(80)]
"""Rows with one fault each, more than are shown of a rule."""


def excuse(key: str, more: str = "") -> str:
    return f"[[exceptions]]\nrule = 'type-error'\nkey = '{key}'\nreason = 'As printed.'\n{more}\n"


@pytest.mark.parametrize(
    ("settings", "counts", "said"),
    [
        ("select = ['type-error']", {"type-error": 80}, "every rule but type-error"),
        ("ignore = ['type-error', 'blank-row']", {"foreign-key": 1}, "blank-row, type-error"),
        ("select = ['foreign-key', 'type-error']\nignore = ['type-error']", {"foreign-key": 1}, "type-error"),
    ],
)
def test_what_is_not_selected_is_said(tmp_path: Path, settings: str, counts: dict[str, int], said: str) -> None:
    report = qantar.validate(write(tmp_path, [*BAD, "k90,c90,1,k91"], settings=settings))
    assert counted(report) == counts
    assert said in [one.what for one in report.not_checked]


def test_a_deselected_rule_of_the_model_is_not_run(package: Path) -> None:
    report = qantar.validate(package, ignore=["event-without-actor"])
    assert report.findings == []
    assert [(one.what, one.reason) for one in report.not_checked] == [("event-without-actor", "ignored (command line)")]


def test_a_faulty_cell_of_a_deselected_rule_stays_unknown_to_others(tmp_path: Path) -> None:
    report = qantar.validate(write(tmp_path, ["k1,c1,1000x,k1"]), ignore=["type-error"])
    assert report.findings == []


@pytest.mark.parametrize("cap", [3, 100])
def test_severity_is_that_of_the_settings_beyond_the_cap_too(tmp_path: Path, cap: int) -> None:
    settings = "[severity]\ntype-error = {level = 'warning', reason = 'A draft.'}"
    report = qantar.validate(write(tmp_path, BAD, settings=settings), max_examples=cap)
    assert report.counts == {("type-error", "a", Severity.WARNING): 80}
    assert {one.severity for one in report.findings} == {Severity.WARNING}
    assert [report.fails(level) for level in ("error", "warning", "never")] == [False, True, False]


def test_an_exception_holds_back_its_finding_beyond_the_cap_too(tmp_path: Path) -> None:
    report = qantar.validate(write(tmp_path, BAD, settings=excuse("k79") + excuse("k2")), max_examples=3)
    assert counted(report) == {"type-error": 78}
    assert report.excepted == 2
    assert [one.key for one in report.findings] == ["k0", "k1", "k3"]


@pytest.mark.parametrize("more", ["resource = 'b'", "field = 'code'"])
def test_an_exception_that_matches_nothing_is_an_error(tmp_path: Path, more: str) -> None:
    report = qantar.validate(write(tmp_path, ["k1,c1,x,k1"], settings="\n" + excuse("k1", more)))
    stale = report.findings[-1]
    assert (stale.rule, stale.place, stale.severity) == ("stale-exception", "qantar.toml:2", Severity.ERROR)
    assert stale.hint == "It was made because: As printed."
    assert counted(report) == {"type-error": 1, "stale-exception": 1}
    assert report.excepted == 0


@pytest.mark.parametrize(
    ("rows", "settings"),
    [
        (["k1,c1,1,k1"], "ignore = ['type-error']\n" + excuse("k1")),
        (["k1,c1,1,k1"], excuse("k1").replace("type-error", "low-above-high")),
        ([], excuse("k1")),
    ],
    ids=["its rule is ignored", "the model is not asked for", "the file is missing"],
)
def test_an_exception_that_nothing_looked_for_is_not_stale(tmp_path: Path, rows: list[str], settings: str) -> None:
    write(tmp_path, rows, settings=settings)
    if not rows:
        (tmp_path / "a.csv").unlink()
    report = qantar.validate(tmp_path)
    assert "stale-exception" not in counted(report)
    assert report.not_checked


def test_a_constraint_that_was_not_run_hides_nothing_but_itself(tmp_path: Path) -> None:
    """The pattern of `n` cannot be run: what it might have found is not stale, all else that is gone is."""
    entries = {"n": ("constraint-error", "type-error"), "code": ("constraint-error",)}
    settings = "".join(
        excuse("k1", f"field = '{field}'").replace("type-error", rule) for field in entries for rule in entries[field]
    )
    write(tmp_path, ["k1,c1,1,k1"], settings=settings)
    replace("datapackage.json", '"maximum": 9', '"pattern": "(?=1)1"')(tmp_path)
    report = qantar.validate(tmp_path)
    assert "a.csv:n" in [one.what for one in report.not_checked]
    stale = [one.value for one in report.findings if one.rule == "stale-exception"]
    assert stale == ["type-error k1 n", "constraint-error k1 code"]


@pytest.mark.parametrize(
    ("what", "reason", "hidden"),
    [
        ("data/a", "the file is missing", True),
        ("data/a from line 3", "the CSV cannot be split there", True),
        ("data/ab", "the file is missing", False),
        ("data/a:n", "the file has no such column", True),
        ("data/a:n", "minimum 3: XML Schema leaves it open", False),
        ("data/a:nn", "the file has no such column", False),
        ("data/a: type-error n", "a column of the key is missing", True),
        ("data/a: foreign-key n -> b", "a column of the key is missing", False),
        ("type-error on a", "a has no column n that could be read", True),
        ("type-error on data/a:7", "a cell that it reads is faulty", True),
        ("type-error on ab", "a has no column n that could be read", False),
    ],
)
def test_what_was_not_checked_hides_what_it_names_alone(
    what: str,
    reason: str,
    hidden: bool,  # noqa: FBT001 -- a table
    tmp_path: Path,
) -> None:
    settings = read_settings(write(tmp_path, [], settings=excuse("k1", "resource = 'a'\nfield = 'n'")))
    report = Report("datapackage.json", paths={"a": "data/a", "ab": "data/ab"}, checked=["data/a"])
    report.not_checked.append(NotChecked(what, reason))
    assert bool(list(Sieve(settings).stale(report))) != hidden


def test_an_exception_of_the_model_is_stale_only_where_its_rule_was_run(package: Path) -> None:
    entry = "[[exceptions]]\nrule = '{}'\nkey = 'ev-0001'\nreason = 'r'\nresource = 'events'\n"
    (package / "qantar.toml").write_text(
        entry.format("event-without-actor") + entry.format("event-after-every-report"), encoding="utf-8"
    )
    assert counted(qantar.validate(package))["stale-exception"] == 2
    (package / "data" / "sources.csv").unlink()
    stale = [one.value for one in qantar.validate(package).findings if one.rule == "stale-exception"]
    assert stale == ["event-without-actor events ev-0001"]


def known(root: Path, file: Path) -> list[Finding]:
    """Write a baseline of a package as the command does."""
    findings = qantar.validate(root, max_examples=10**6).findings
    file.write_text(baseline.render(findings), encoding="utf-8")
    return findings


def test_a_baseline_holds_every_finding_and_not_only_the_examples(tmp_path: Path) -> None:
    known(write(tmp_path, BAD), tmp_path / "known.json")
    report = qantar.validate(tmp_path, max_examples=3, baseline=tmp_path / "known.json")
    assert (report.findings, report.counts, report.known) == ([], {}, 80)
    write(tmp_path, ["k99,c99,x,k99", *BAD])
    report = qantar.validate(tmp_path, max_examples=3, baseline=tmp_path / "known.json")
    assert [(one.key, one.row) for one in report.findings] == [("k99", 2)]
    assert report.known == 80


def test_what_is_the_same_twice_is_known_twice_and_no_more(tmp_path: Path) -> None:
    known(write(tmp_path, ["k1,c1,1,,", "k2,c2,1,,"], keyed=False), tmp_path / "known.json")
    write(tmp_path, ["k1,c1,1,,", "k2,c2,1,,", "k3,c3,1,,"], keyed=False)
    report = qantar.validate(tmp_path, baseline=tmp_path / "known.json")
    assert (counted(report), report.known) == ({"extra-cell": 1}, 2)


def test_what_is_no_longer_there_is_a_warning(tmp_path: Path) -> None:
    known(write(tmp_path, ["k1,c1,x,k1", "k2,c2,x,k2", "k3,c3,1,,", "k4,c4,1,,"]), tmp_path / "known.json")
    write(tmp_path, ["k1,c1,x,k1", "k2,c2,2,k2", "k3,c3,1,k3", "k4,c4,1,k4"])
    report = qantar.validate(tmp_path, baseline=tmp_path / "known.json")
    assert {(one.rule, one.value, one.severity) for one in report.findings} == {
        ("stale-baseline", "type-error a k2 n", Severity.WARNING),
        ("stale-baseline", "extra-cell a 5 cells (2 times)", Severity.WARNING),
    }


def test_an_unknown_rule_of_a_baseline_is_stale(tmp_path: Path) -> None:
    """Though the rules of the model were not asked for, and the table was not read."""
    text = '{"version": 1, "findings": [["no-such", "a", "k1", "", 1], ["low-above-high", "a", "k1", "", 1]]}'
    write(tmp_path, [])
    (tmp_path / "known.json").write_text(text, encoding="utf-8")
    (tmp_path / "a.csv").unlink()
    report = qantar.validate(tmp_path, baseline=tmp_path / "known.json")
    assert [one.value for one in report.findings if one.rule == "stale-baseline"] == ["no-such a k1"]


def test_a_stale_baseline_is_named_from_the_folder_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("bl", "elsewhere"):
        (tmp_path / name).mkdir()
    write(tmp_path / "bl", BAD)
    for file in ("bl/known.json", "elsewhere/known.json"):
        known(tmp_path / "bl", tmp_path / file)
    write(tmp_path / "bl", [])
    monkeypatch.chdir(tmp_path)
    for file, path in (("bl/known.json", "known.json"), ("elsewhere/known.json", "../elsewhere/known.json")):
        report = qantar.validate("bl", baseline=file)
        assert {one.path for one in report.findings} == {path}
        assert {file_of(report, one.path) for one in report.findings} == {file}


def test_a_baseline_of_the_settings_is_in_force(tmp_path: Path) -> None:
    known(write(tmp_path, BAD), tmp_path / "known.json")
    report = qantar.validate(write(tmp_path, BAD, settings="baseline = 'known.json'"))
    assert (report.findings, report.known) == ([], 80)


CELLS = st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.sampled_from(["", "1", "x", "99"]))
ROWS = st.lists(st.builds(lambda cells, up: [*cells, up], CELLS, st.sampled_from(["", "a", "z"])), max_size=12)


@given(ROWS, st.booleans(), st.randoms())
def test_a_baseline_survives_moved_rows(rows: list[list[str]], keyed: bool, random: Random) -> None:  # noqa: FBT001 -- Hypothesis gives it
    lines = [f"k{at}{','.join(row)}" if not keyed else ",".join(row) for at, row in enumerate(rows)]
    with TemporaryDirectory() as folder:
        root, file = Path(folder), Path(folder, "known.json")
        findings = known(write(root, lines, keyed=keyed), file)
        random.shuffle(lines)
        report = qantar.validate(write(root, lines, keyed=keyed), baseline=file)
        assert (report.findings, report.known) == ([], len(findings))
