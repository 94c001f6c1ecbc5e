"""`CITATION.cff`: valid by its own schema, and the same as in the repository."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import ROOT, replace
from small import qantar

from qantar.commands.docs import stale_pages
from qantar.package import Package
from qantar.release.content import Content
from qantar.release.formats.citation import author, citation

SCHEMA = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "citation-file-format.json"


def test_it_is_valid(built: Path) -> None:
    said = yaml.load((built / "CITATION.cff").read_bytes(), yaml.BaseLoader)  # noqa: S506 -- texts alone, as the schema wants
    jsonschema.validate(said, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_repository_has_the_same(content: Content) -> None:
    assert (ROOT / "CITATION.cff").read_bytes() == citation(content)


def test_it_is_generated_from_the_descriptor(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # of a build, and not of the repository
    for name in ("docs/coding-rules.md", "CITATION.cff"):
        (package / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, package / name)
    assert "CITATION.cff" not in stale_pages(Package.read(package))
    replace("datapackage.json", "2026-11-22T", "2026-12-24T")(package)
    assert qantar("docs", "--check", cwd=package).stdout.count("CITATION.cff  The page is stale.") == 1
    assert "refused: CITATION.cff  The page is stale" in qantar("release", "--dry-run", cwd=package).stdout
    assert "CITATION.cff  written" in qantar("docs", cwd=package).stdout
    assert "date-released: 2026-12-24\n" in (package / "CITATION.cff").read_text(encoding="utf-8")


def test_a_person_is_no_body() -> None:
    person = {"title": "Ada Example", "familyName": "Example", "givenName": "Ada"}
    assert author(person) == {"family-names": "Example", "given-names": "Ada"}
    assert author({"title": "A body"}) == {"name": "A body"}
