"""Mentions against the reports' texts, real and made."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, replace
from hypothesis import given
from hypothesis import strategies as st

from qantar.commands import cli
from qantar.errors import PackageError, ReportTextError
from qantar.package import Package
from qantar.provenance import stretches, verify

TEXT = "Öt 🕊 ember — hat."


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A package with one short report and two mentions, whose text needs more than one byte a character."""

    def field(name: str, kind: str = "string") -> dict[str, str]:
        return {"name": name, "type": kind}

    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    spans = [(0, 2), (13, 16)]
    rows = [
        f"mn-{number:04},so-0001,{start},{end},{hashlib.sha256(TEXT[start:end].encode()).hexdigest()}"
        for number, (start, end) in enumerate(spans, 1)
    ]
    files = {
        "sources": f"source_id,kind,cited_in,sha256,characters\nso-0001,report,,{digest},{len(TEXT)}\n",
        "mentions": "mention_id,source_id,start,end,sha256\n" + "\n".join(rows) + "\n",
    }
    fields = {
        "sources": [field(one) for one in ("source_id", "kind", "cited_in", "sha256")]
        + [field("characters", "integer")],
        "mentions": [
            *(field(one) for one in ("mention_id", "source_id")),
            *(field(one, "integer") for one in ("start", "end")),
            field("sha256"),
        ],
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    resources = [{"name": name, "path": f"{name}.csv", "schema": {"fields": fields[name]}} for name in files]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any name").write_text(TEXT, encoding="utf-8", newline="")
    return tmp_path


def test_spans_count_code_points(made: Path) -> None:
    (coverage,) = verify(Package.read(made), made / "texts")
    assert (coverage.proven, coverage.mentions, coverage.findings) == (2, 2, [])
    assert coverage.gaps == [(2, 13)]
    assert coverage.share == 5 / len(TEXT)


def test_a_moved_mention_is_found(made: Path) -> None:
    replace("mentions.csv", ",13,16,", ",12,15,")(made)
    (coverage,) = verify(Package.read(made), made / "texts")
    assert [(one.place, one.rule) for one in coverage.findings] == [("mentions.csv:3:sha256", "span-digest-differs")]
    assert coverage.proven == 1


def test_a_changed_text_is_named_with_both_digests(made: Path) -> None:
    changed = TEXT.replace("hat", "hét")
    (made / "texts" / "any name").write_text(changed, encoding="utf-8", newline="")
    result = CliRunner().invoke(cli, ["verify", str(made), "--reports", str(made / "texts")])
    assert result.exit_code == 1
    for part in ("any name", hashlib.sha256(TEXT.encode()).hexdigest(), hashlib.sha256(changed.encode()).hexdigest()):
        assert part in result.output
    assert "2 mentions not checked: the text differs" in result.output


def test_a_missing_text_is_one_clear_error(made: Path) -> None:
    (made / "texts" / "any name").unlink()
    with pytest.raises(ReportTextError, match="so-0001  No file has the report's digest"):
        verify(Package.read(made), made / "texts")


def test_faulty_tables_prove_nothing(made: Path) -> None:
    replace("mentions.csv", ",13,16,", ",thirteen,16,")(made)
    with pytest.raises(PackageError, match=r"mentions\.csv:3:start"):
        verify(Package.read(made), made / "texts")


@given(st.binary().map(lambda data: bytearray(one % 2 for one in data)))
def test_stretches_are_the_runs_of_what_is_not_covered(covered: bytearray) -> None:
    bare = {index for start, end in stretches(covered) for index in range(start, end)}
    assert bare == {index for index, one in enumerate(covered) if not one}


def test_every_mention_of_the_dataset_is_proven(reports: Path) -> None:
    for coverage in verify(Package.read(ROOT), reports):
        assert coverage.findings == []
        assert coverage.proven == coverage.mentions > 50
        assert coverage.share > 0.9


def test_verify_prints_coverage_and_gaps(reports: Path, tmp_path: Path) -> None:
    for file in reports.glob("*.txt"):
        shutil.copy(file, tmp_path)
    result = CliRunner().invoke(cli, ["verify", str(ROOT), "--reports", str(tmp_path)])
    assert result.exit_code == 0
    first, second = result.output.splitlines()
    assert "of 2,071 characters covered; not covered: " in first
    assert "of 6,292 characters covered; not covered: " in second


def test_no_passage_of_the_reports_is_republished(reports: Path) -> None:
    grams = {
        text[at : at + 60]
        for file in reports.glob("*.txt")
        for text in [file.read_bytes().decode()]
        for at in range(len(text) - 60)
    }
    for folder in ("data", "docs", "schemas", "validate", "tests", "curation"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in {".py", ".md", ".csv", ".json", ".toml"}:
                text = file.read_text(encoding="utf-8")
                assert not any(text[at : at + 60] in grams for at in range(len(text) - 60)), file


def test_a_text_that_is_not_utf_8_is_one_line(made: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    reports, text = tmp_path_factory.mktemp("reports"), b"\xd6t ember"
    (reports / "report.txt").write_bytes(text)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    replace("sources.csv", digest, hashlib.sha256(text).hexdigest())(made)
    with pytest.raises(ReportTextError, match=r"report\.txt  Not UTF-8: byte 0xd6 at offset 0\."):
        verify(Package.read(made), reports)
