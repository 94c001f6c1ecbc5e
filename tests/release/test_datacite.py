"""DataCite's metadata, judged by DataCite's own schema."""

from __future__ import annotations

import json
from pathlib import Path

from datacite import schema45

from qantar.release.content import Content
from qantar.release.formats.datacite import creator


def test_it_is_valid_and_makes_nothing_up(content: Content, built: Path) -> None:
    said = json.loads((built / "datacite.json").read_text(encoding="utf-8"))
    assert [one.message for one in schema45.validator.iter_errors(said)] == []
    assert (said["titles"], said["version"]) == ([{"title": content.package.descriptor["title"]}], content.version)
    assert said["publisher"] == {"name": ":unav"}
    assert not {"doi", "url", "identifiers"} & {*said}


def test_the_schema_can_fail(built: Path) -> None:
    said = json.loads((built / "datacite.json").read_text(encoding="utf-8"))
    assert not schema45.validate(said | {"creators": []})


def test_a_person_has_two_names() -> None:
    person = {"title": "Ada Example", "familyName": "Example", "givenName": "Ada"}
    said = {"name": "Example, Ada", "nameType": "Personal", "familyName": "Example", "givenName": "Ada"}
    assert creator(person) == said
