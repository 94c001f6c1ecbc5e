"""How the data were made: outside facts from their packages, agreement as stated, every sentence coded."""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pycountry
import pytest
from conftest import ROOT

import qantar
from qantar.package import Package
from qantar.provenance import verify

SENTENCE = re.compile(r"[^.!?]+[.!?”\"]*")


def script(name: str) -> ModuleType:
    """A script of curation/, imported."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "curation" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def places() -> list[dict[str, str]]:
    with (ROOT / "data" / "places.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("place", places(), ids=lambda one: one["place_id"])
def test_outside_facts_are_those_of_the_packages(place: dict[str, str]) -> None:
    facts = script("gazetteer").facts(place)
    assert {name: place[name] for name in facts} == facts


def test_countries_of_organisations_are_iso_codes() -> None:
    for code in qantar.load().organisations["country"].drop_nulls().unique():
        assert pycountry.countries.get(alpha_3=code)


def test_agreement_is_stated_as_computed() -> None:
    stated = (ROOT / "docs" / "agreement.md").read_text(encoding="utf-8")
    for line in script("agreement").main():
        assert line in stated


def test_every_difference_between_the_passes_is_settled() -> None:
    for row in script("agreement").read(ROOT / "curation" / "alignment.csv"):
        assert bool(row["settled"]) != bool(row["first_id"] and row["second_id"])


def test_every_sentence_of_the_reports_is_coded(reports: Path) -> None:
    for coverage in verify(Package.read(ROOT), reports):
        text = coverage.file.read_bytes().decode()
        bare = {index for start, end in coverage.gaps for index in range(start, end)}
        for sentence in SENTENCE.finditer(text):
            letters = [index for index in range(*sentence.span()) if text[index].isalnum()]
            assert not letters or set(letters) - bare, sentence.span()


def test_the_earlier_report_alone_makes_a_package_without_an_error(tmp_path: Path, reports: Path) -> None:
    script("earlier").write(tmp_path)
    report = qantar.validate(tmp_path)
    assert [one for one in report.findings if one.severity == "error"] == []
    (coverage,) = verify(Package.read(tmp_path), reports)
    assert coverage.proven == coverage.mentions == qantar.load(tmp_path).mentions.height


def test_the_later_report_only_adds_to_the_earlier_one(tmp_path: Path) -> None:
    script("earlier").write(tmp_path)
    whole = qantar.load()
    for name, frame in qantar.load(tmp_path).items():
        assert frame.join(whole[name], on=frame.columns, how="anti", nulls_equal=True).is_empty()
        assert frame.height <= whole[name].height
