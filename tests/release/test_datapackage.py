"""The package of a release, opened by qantar and frictionless: loose and in its archive."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import frictionless
import pytest
from conftest import ROOT

import qantar
from qantar.release.content import Content


def test_the_archive_has_all_that_belongs_to_the_package(content: Content, built: Path) -> None:
    with zipfile.ZipFile(built / f"{content.name}.zip") as archive:
        members = archive.infolist()
        listed = [one.filename for one in members]
        assert listed == sorted(listed)
        assert {one.date_time for one in members} == {content.moment.timetuple()[:6]}
        assert {stat.filemode(one.external_attr >> 16) for one in members} == {"-rw-r--r--"}
        for name in listed:
            assert archive.read(name) == (ROOT / name).read_bytes()
    assert {"datapackage.json", "data/figures.csv", "schemas/figures.json", "docs/codebook.md", "docs/rules.md"} < {
        *listed
    }
    assert {"README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-DATA"} < {*listed}


def test_qantar_loads_the_archive_and_the_folder(content: Content, built: Path) -> None:
    for place in (built / f"{content.name}.zip", str(built / f"{content.name}.zip"), built):
        data = qantar.load(place)
        assert {name: frame.rows() for name, frame in data.items()} == {
            name: frame.rows() for name, frame in content.tables.items()
        }
        assert data.claims.equals(content.tables.claims)


def test_the_loose_package_has_no_finding_but_its_warnings(built: Path) -> None:
    assert {one.severity.name for one in qantar.validate(built).findings} <= {"WARNING"}


def test_frictionless_finds_both_valid(
    content: Content, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(built / f"{content.name}.zip") as archive:
        archive.extractall(tmp_path)
    for folder in (built, tmp_path):
        monkeypatch.chdir(folder)
        report = frictionless.validate("datapackage.json")
        assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_frictionless_opens_the_archive_as_it_is(content: Content, built: Path) -> None:
    package = frictionless.Package(str(built / f"{content.name}.zip"))
    assert package.version == content.version
    assert [one.name for one in package.resources] == list(content.tables)
    assert package.validate().valid
