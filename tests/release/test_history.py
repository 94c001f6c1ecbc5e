"""The history is real: both releases of the dataset are built, compared, published and loaded."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import jsonschema
import pytest
from conftest import REPORTS, ROOT
from small import qantar

import qantar as library
from qantar.package import Package
from qantar.release.changelog import generate, parse, read_entry
from qantar.release.diff import compare
from qantar.release.opening import opened
from qantar.reports import difference

GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The releases 0.1.0, with the earlier report alone, and 1.0.0, with both; tests only read them."""
    folder = tmp_path_factory.mktemp("history")
    spec = importlib.util.spec_from_file_location("earlier", ROOT / "curation" / "earlier.py")
    assert spec
    assert spec.loader
    earlier = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(earlier)
    (folder / "earlier").mkdir()
    earlier.write(folder / "earlier")
    proof = ["--reports", str(REPORTS)] if REPORTS.is_dir() else []
    for package in (folder / "earlier", ROOT):
        done = qantar("release", package, "--target", folder / "dist", *proof, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "dist"


def golden(name: str, text: str) -> None:
    """Compare a text with the one that is kept; with QANTAR_WRITE_GOLDEN set, keep it."""
    file = GOLDEN / name
    if "QANTAR_WRITE_GOLDEN" in os.environ:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_both_releases_are_whole(dist: Path) -> None:
    assert sorted(one.name for one in dist.iterdir()) == ["0.1.0", "1.0.0"]
    for version in ("0.1.0", "1.0.0"):
        done = qantar("verify-release", dist / version, cwd=dist)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1].startswith(f"qantar-{version}: ")


def test_the_diff_between_them_is_as_kept(dist: Path) -> None:
    done = qantar("diff", "0.1.0", "1.0.0", "--max-examples", "1000", cwd=dist)
    assert (done.returncode, done.stderr) == (1, "")
    golden("diff-0.1.0-1.0.0.txt", done.stdout)
    assert done.stdout.count("  row-added\n") == 173
    assert "required bump: MINOR to 0.2.0 or later.\n" in done.stdout
    markdown = qantar("diff", "0.1.0", "1.0.0", "--output-format", "markdown", cwd=dist)
    golden("diff-0.1.0-1.0.0.md", markdown.stdout)


def test_the_generated_entry_is_as_kept_and_as_the_changelog_counts(dist: Path) -> None:
    with opened(str(dist / "0.1.0"), ROOT) as old, opened(str(dist / "1.0.0"), ROOT) as new:
        diff = compare(old, new, ("0.1.0", "1.0.0"))
    text = generate(diff, "2026-11-22")
    golden("changelog-1.0.0.md", text)
    assert parse(text).counts == read_entry(Package.read(ROOT)).counts
    schema = json.loads((ROOT / "docs" / "diff.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(difference.render_json(diff)), schema)


def test_the_way_back_is_refused(dist: Path) -> None:
    done = qantar("diff", "1.0.0", "0.1.0", cwd=dist)
    assert "required bump: MAJOR to 2.0.0 or later; 0.1.0 is too low.\n" in done.stdout
    assert "figures fg-0001  not typed in the changelog; expected retracted, with a reason\n" in done.stdout


def test_both_are_published_and_loaded_by_version(dist: Path, tmp_path: Path) -> None:
    for version in ("0.1.0", "1.0.0"):
        assert qantar("publish", tmp_path / "site", "--release", dist / version, cwd=tmp_path).returncode == 0
    site = str(tmp_path / "site")
    assert library.load("0.1.0", index=site).figures.height == 17
    assert library.load("latest", index=site).claims.equals(library.load().claims)
