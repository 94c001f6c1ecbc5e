"""What is published beside the data: descriptor, wheel, generated pages, changelog."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import frictionless
import pytest
from conftest import ROOT

import qantar
from qantar.package import Package
from qantar.release.changelog import read_entry

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))


def test_frictionless_finds_the_package_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    report = frictionless.validate("datapackage.json")
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_the_descriptor_says_what_a_user_must_know() -> None:
    for name in ("title", "description", "version", "licenses", "contributors", "keywords", "temporal", "spatial"):
        assert DESCRIPTOR[name]
    assert DESCRIPTOR["contributors"] == [{"title": "The Qantar contributors", "roles": ["creator"]}]
    for resource in DESCRIPTOR["resources"]:
        assert resource["title"]
        assert resource["description"]
        assert resource["bytes"]
        assert resource["hash"].startswith("sha256:")


@pytest.mark.parametrize("name", Package.read(ROOT).resources)
def test_every_field_is_explained(name: str) -> None:
    for field in Package.read(ROOT).resources[name].fields:
        assert field["title"]
        assert field["description"].endswith(".")
        for code in field.get("categories", []):
            assert code["label"]
            assert code["definition"].endswith(".")


@pytest.mark.parametrize("name", Package.read(ROOT).resources)
def test_no_column_is_empty(name: str) -> None:
    frame = qantar.load()[name]
    if frame.height:
        assert [column for column in frame.columns if frame[column].is_null().all()] == []


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qantar", "docs", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_changelog_counts_the_rows_of_each_resource() -> None:
    entry = read_entry(Package.read(ROOT))
    assert entry.version == DESCRIPTOR["version"]
    assert {name: counts[-1] for name, counts in entry.counts.items()} == {
        name: frame.height for name, frame in qantar.load().items()
    }


def test_one_version_everywhere() -> None:
    version = DESCRIPTOR["version"]
    assert f'\nversion = "{version}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_wheel_carries_the_dataset(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import qantar\n"
    script += "print(qantar.__file__, qantar.load().claims.height, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    where, rows = done.stdout.split()
    assert Path(where).is_relative_to(tmp_path)
    assert int(rows) == qantar.load().figures.height
