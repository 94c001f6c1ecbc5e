"""What the catalogues are told of makers and licences: no more than the descriptor says."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml
from datacite import schema45

from qantar.package import Json
from qantar.release.catalogue import agent, cited, creators, maker
from qantar.release.content import Content
from qantar.release.formats import citation, crate, datacite, linked
from qantar.release.formats.citation import author
from qantar.release.formats.datacite import creator

SCHEMA = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "citation-file-format.json"


@pytest.mark.parametrize(
    ("contributor", "name", "kind"),
    [
        ({"organization": "A body"}, "A body", "Organization"),
        ({"title": "Jane Doe Foundation", "givenName": "Jane"}, "Jane Doe Foundation", "Organization"),
        ({"title": "Ada", "familyName": "", "givenName": "Ada"}, "Ada", "Organization"),
        ({"title": "Ada Example", "familyName": "Example", "givenName": "Ada"}, "Example, Ada", "Person"),
        ({"familyName": "Example"}, "Example", "Person"),
        ({"givenName": "Jane"}, ":unav", "Organization"),
    ],
)
def test_a_contributor_is_called_as_it_is(contributor: dict[str, Json], name: str, kind: str) -> None:
    assert (maker(contributor), agent(contributor)) == (name, {"@type": kind, "name": name})
    if kind == "Organization":
        assert author(contributor) == {"name": name}
        assert creator(contributor) == {"name": name, "nameType": "Organizational"}


def told(content: Content, **descriptor: Json) -> Content:
    """The content with other properties of its descriptor."""
    return replace(content, package=replace(content.package, descriptor=content.package.descriptor | descriptor))


def written(content: Content, folder: Path) -> dict[str, Json]:
    """The JSON that catalogues are given, by file."""
    for module in (datacite, linked, crate):
        module.write(content, folder)
    return {one.name: json.loads(one.read_text(encoding="utf-8")) for one in folder.iterdir()}


def valid(content: Content) -> None:
    """Ask the Citation File Format's own schema."""
    said = yaml.load(citation.citation(content), yaml.BaseLoader)  # noqa: S506 -- texts alone, as the schema wants
    jsonschema.validate(said, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_without_contributors_the_author_is_not_known(content: Content, tmp_path: Path) -> None:
    nobody = told(content, contributors=None)
    valid(nobody)
    assert cited(nobody).startswith(":unav (")
    said = written(nobody, tmp_path)
    assert said["datacite.json"]["creators"] == [{"name": ":unav"}]
    assert "creator" not in said["schema-org.jsonld"]


def test_an_organisation_alone_is_a_maker_and_a_publisher(content: Content, tmp_path: Path) -> None:
    bodies = told(content, contributors=[{"organization": "A body", "roles": ["publisher"]}, {"roles": ["creator"]}])
    valid(bodies)
    assert [maker(one) for one in creators(bodies)] == ["A body"]
    assert written(bodies, tmp_path)["datacite.json"]["publisher"] == {"name": "A body"}


def test_a_licence_is_called_by_what_is_given(content: Content, tmp_path: Path) -> None:
    url = "https://example.org/licence"
    said = written(told(content, licenses=[{"path": url}, {"title": "Own terms"}, {}]), tmp_path)
    assert said["datacite.json"]["rightsList"] == [{"rights": url, "rightsUri": url}, {"rights": "Own terms"}]
    assert schema45.validate(said["datacite.json"])
    assert said["schema-org.jsonld"]["license"] == [url, "Own terms"]
    graph = {one["@id"]: one for one in said["ro-crate-metadata.json"]["@graph"]}
    assert [graph[one["@id"]]["name"] for one in graph["./"]["license"]] == [url, "Own terms"]


def test_what_nobody_said_is_not_said(content: Content, tmp_path: Path) -> None:
    assert "isAccessibleForFree" not in written(content, tmp_path)["schema-org.jsonld"]
