"""`CITATION.cff`: valid by its own schema, and the same as in the repository."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import yaml
from conftest import ROOT

from qantar.release.content import Content
from qantar.release.formats.citation import author, citation

SCHEMA = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "citation-file-format.json"


def test_it_is_valid(built: Path) -> None:
    said = yaml.load((built / "CITATION.cff").read_bytes(), yaml.BaseLoader)  # noqa: S506 -- texts alone, as the schema wants
    jsonschema.validate(said, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_repository_has_the_same(content: Content) -> None:
    assert (ROOT / "CITATION.cff").read_bytes() == citation(content)


def test_a_person_is_no_body() -> None:
    person = {"title": "Ada Example", "familyName": "Example", "givenName": "Ada"}
    assert author(person) == {"family-names": "Example", "given-names": "Ada"}
    assert author({"title": "A body"}) == {"name": "A body"}
