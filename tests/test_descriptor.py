"""The descriptor against the standard: a valid one broken in one place at a time."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.descriptor import check_descriptor
from qantar.model import Finding, Severity
from qantar.package import Package, Resource

GONE = object()
"""The change of a property that takes it away."""

VALID: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "unrest",
    "id": "https://doi.org/10.5281/zenodo.1",
    "title": "Unrest",
    "homepage": "https://example.org",
    "image": "images/cover.png",
    "version": "1.0.0",
    "created": "2022-01-05T12:00:00.5+06:00",
    "keywords": ["unrest"],
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "sources": [{"title": "Report", "path": "report.txt", "email": "a@example.org"}],
    "contributors": [{"title": "Anna", "roles": ["creator"]}],
    "own": {"anything": [1]},
    "resources": [
        {
            "name": "events",
            "type": "table",
            "path": "events.csv",
            "encoding": "utf-8",
            "bytes": 120,
            "hash": "sha256:" + "0a" * 32,
            "dialect": {"delimiter": ",", "header": True, "headerRows": [1], "quoteChar": '"', "own": 1},
            "schema": {
                "fields": [
                    {"name": "id", "type": "integer", "constraints": {"required": True, "minimum": 1}},
                    {"name": "kind", "type": "string", "constraints": {"pattern": "[a-z]+", "maxLength": 9}},
                    {"name": "day", "type": "date", "format": "%d.%m.%Y"},
                    {"name": "part_of", "type": "integer", "own": None},
                    {"name": "size", "type": "number", "groupChar": " ", "decimalChar": ","},
                    {"name": "sure", "type": "boolean", "trueValues": ["y"], "falseValues": ["n"]},
                    {"name": "tags", "type": "list", "delimiter": ";", "itemType": "string"},
                ],
                "missingValues": ["", "NA"],
                "primaryKey": ["id"],
                "uniqueKeys": [["kind", "day"]],
                "foreignKeys": [
                    {"fields": ["part_of"], "reference": {"fields": ["id"]}},
                    {"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["code"]}},
                ],
            },
        },
        {
            "name": "kinds",
            "data": [{"code": "a"}],
            "schema": {"fields": [{"name": "code", "type": "string"}]},
        },
    ],
}

RESOURCE = "resources/0"
DIALECT = "resources/0/dialect"
SCHEMA = "resources/0/schema"
ID, KIND, DAY, SIZE, SURE, TAGS = (f"{SCHEMA}/fields/{number}" for number in (0, 1, 2, 4, 5, 6))
OWN, OTHER = f"{SCHEMA}/foreignKeys/0", f"{SCHEMA}/foreignKeys/1"

Change = tuple[str, object]

ALLOWED: list[Change] = [
    ("version", "2022a"),
    ("licenses", [{"path": "LICENSE"}]),
    ("contributors", [{"own": 1}]),
    ("$schema", "https://example.org/profile.json"),
    (f"{RESOURCE}/path", ["a.csv", "b/a..b.csv"]),
    (f"{RESOURCE}/path", ["https://example.org/a.csv", "FTP://example.org/b.csv"]),
    (f"{RESOURCE}/hash", "ab" * 16),
    (f"{RESOURCE}/hash", "sha1:" + "AB" * 20),
    (f"{RESOURCE}/hash", ""),
    (f"{RESOURCE}/encoding", "Windows-1252"),
    (f"{RESOURCE}/dialect", "dialect.json"),
    (f"{RESOURCE}/schema", GONE),
    (f"{DIALECT}/delimiter", "::"),
    (f"{DIALECT}/caseSensitiveHeader", False),
    (f"{SCHEMA}/fieldsMatch", "subset"),
    (f"{SCHEMA}/missingValues", []),
    (f"{SCHEMA}/missingValues", [{"value": "", "label": "empty"}, {"value": "NA"}]),
    (f"{SCHEMA}/primaryKey", "id"),
    (f"{OWN}/reference/resource", ""),
    (f"{OWN}/reference/resource", "events"),
    (f"{OTHER}/fields", "kind"),
    (f"{OTHER}/reference", {"package": "https://example.org/datapackage.json", "resource": "x", "fields": ["y"]}),
    (f"{KIND}/format", "uuid"),
    (f"{DAY}/format", "fmt:%Y"),
    (f"{ID}/constraints", {}),
    (f"{ID}/constraints/minimum", "1"),
    (f"{ID}/constraints/exclusiveMaximum", 7),
    (f"{KIND}/constraints/enum", ["a"]),
    (f"{KIND}/categories", [{"value": "a", "label": "A"}, {"value": "b"}]),
    (f"{ID}/categories", [1, 2]),
    (f"{KIND}/missingValues", ["-"]),
]
"""Changes that leave the descriptor valid."""

REFUSED: list[Change] = [
    ("created", "2024-02-29T23:59:60Z"),
    (f"{SCHEMA}/fieldsMatch", ["subset"]),
    (f"{DAY}/example", 7),
    (f"{ID}/constraints/own:unit", "m"),
]
"""Changes that leave it valid by the standard's text, though frictionless refuses them."""

BROKEN: list[tuple[Change, str]] = [
    (("name", 7), "package-error name"),
    (("title", None), "package-error title"),
    (("version", 1.0), "package-error version"),
    (("$schema", 2), "package-error $schema"),
    (("keywords", "unrest"), "package-error keywords"),
    (("keywords", [1]), "package-error keywords"),
    (("created", "yesterday"), "package-error created"),
    (("licenses", {"name": "CC0"}), "package-error licenses"),
    (("licenses", [{"title": "CC0"}]), "package-error licenses/0"),
    (("licenses/0/name", 7), "package-error licenses/0/name"),
    (("sources", ["Report"]), "package-error sources"),
    (("sources/0/title", 7), "package-error sources/0/title"),
    (("contributors", [7]), "package-error contributors"),
    (("contributors/0/title", []), "package-error contributors/0/title"),
    ((f"{RESOURCE}/name", GONE), "package-error resources/0/name"),
    ((f"{RESOURCE}/name", ["x"]), "package-error resources/0/name"),
    ((f"{RESOURCE}/path", GONE), "package-error resources/0"),
    ((f"{RESOURCE}/data", []), "package-error resources/0"),
    ((f"{RESOURCE}/path", 7), "package-error resources/0/path"),
    ((f"{RESOURCE}/title", 7), "package-error resources/0/title"),
    ((f"{RESOURCE}/format", 7), "package-error resources/0/format"),
    ((f"{RESOURCE}/mediatype", 7), "package-error resources/0/mediatype"),
    ((f"{RESOURCE}/encoding", 8), "package-error resources/0/encoding"),
    ((f"{RESOURCE}/bytes", "120"), "package-error resources/0/bytes"),
    ((f"{RESOURCE}/hash", 7), "package-error resources/0/hash"),
    (("resources/1/data", 7), "package-error resources/1/data"),
    ((f"{RESOURCE}/dialect", 7), "dialect-error resources/0/dialect"),
    ((f"{DIALECT}/header", "yes"), "dialect-error resources/0/dialect/header"),
    ((f"{DIALECT}/commentChar", 7), "dialect-error resources/0/dialect/commentChar"),
    ((f"{RESOURCE}/schema", 7), "schema-error resources/0/schema"),
    ((f"{SCHEMA}/fields", GONE), "schema-error resources/0/schema"),
    ((f"{ID}/name", GONE), "schema-error resources/0/schema"),
    ((f"{SCHEMA}/primaryKey", ["x"]), "schema-error resources/0/schema"),
    ((f"{SCHEMA}/missingValues", "NA"), "schema-error resources/0/schema/missingValues"),
    ((f"{SCHEMA}/missingValues", [-99]), "schema-error resources/0/schema/missingValues/0"),
    (
        (f"{SCHEMA}/missingValues", [{"value": "x"}, {"value": "x"}]),
        "schema-error resources/0/schema/missingValues",
    ),
    (
        (f"{SCHEMA}/missingValues", [{"value": "x", "label": 7}]),
        "schema-error resources/0/schema/missingValues/0/label",
    ),
    ((f"{OTHER}/reference/resource", 7), f"schema-error {OTHER}/reference/resource"),
    ((f"{OTHER}/reference/fields", ["code", "code"]), f"schema-error {OTHER}/reference/fields"),
    ((f"{ID}/type", "integr"), f"schema-error {ID}/type"),
    ((f"{KIND}/title", 7), f"schema-error {KIND}/title"),
    ((f"{KIND}/format", 7), f"schema-error {KIND}/format"),
    ((f"{KIND}/constraints", []), f"schema-error {KIND}/constraints"),
    ((f"{KIND}/constraints/maximun", 7), f"schema-error {KIND}/constraints"),
    ((f"{KIND}/constraints/maximum", 7), f"schema-error {KIND}/constraints/maximum"),
    ((f"{ID}/constraints/minLength", 7), f"schema-error {ID}/constraints/minLength"),
    ((f"{ID}/constraints/pattern", "7"), f"schema-error {ID}/constraints/pattern"),
    ((f"{ID}/constraints/required", "true"), f"schema-error {ID}/constraints/required"),
    ((f"{KIND}/constraints/pattern", 7), f"schema-error {KIND}/constraints/pattern"),
    ((f"{KIND}/constraints/enum", "a"), f"schema-error {KIND}/constraints/enum"),
    ((f"{SIZE}/groupChar", 7), f"schema-error {SIZE}/groupChar"),
    ((f"{SIZE}/bareNumber", "no"), f"schema-error {SIZE}/bareNumber"),
    ((f"{SURE}/trueValues", "y"), f"schema-error {SURE}/trueValues"),
    ((f"{KIND}/missingValues", [7]), f"schema-error {KIND}/missingValues/0"),
    (("created", "2022-01-05"), "package-error created"),
    (("created", "2022-02-30T12:00:00Z"), "package-error created"),
    ((f"{RESOURCE}/path", []), "package-error resources/0/path"),
    ((f"{RESOURCE}/bytes", True), "package-error resources/0/bytes"),
    ((f"{RESOURCE}/schema", None), "schema-error resources/0/schema"),
    (("resources/1/data", "code\na"), "package-error resources/1/data"),
    ((f"{SCHEMA}/fieldsMatch", "subst"), f"schema-error {SCHEMA}/fieldsMatch"),
    ((f"{TAGS}/itemType", "object"), f"schema-error {TAGS}/itemType"),
]
"""Changes that break a must, as frictionless finds as well."""

STRICTER: list[tuple[Change, str]] = [
    (("contributors/0", {}), "package-error contributors/0"),
    (("contributors/0/roles", "creator"), "package-error contributors/0/roles"),
    ((f"{RESOURCE}/path", ".hidden/a.csv"), "package-error resources/0/path"),
    ((f"{RESOURCE}/path", ["a.csv", "https://example.org/a.csv"]), "package-error resources/0/path"),
    ((f"{RESOURCE}/bytes", -1), "package-error resources/0/bytes"),
    ((f"{DIALECT}/delimiter", ""), "dialect-error resources/0/dialect/delimiter"),
    ((f"{DIALECT}/headerRows", [0]), "dialect-error resources/0/dialect/headerRows"),
    ((f"{DIALECT}/quoteChar", "''"), "dialect-error resources/0/dialect/quoteChar"),
    ((f"{DIALECT}/itemType", "list"), "dialect-error resources/0/dialect/itemType"),
    ((f"{SCHEMA}/uniqueKeys", []), f"schema-error {SCHEMA}/uniqueKeys"),
    ((f"{SCHEMA}/uniqueKeys", [["x"]]), "schema-error resources/0/schema"),
    ((f"{DAY}/format", "%Q"), f"schema-error {DAY}/format"),
    ((f"{KIND}/constraints/maxLength", -1), f"schema-error {KIND}/constraints/maxLength"),
    ((f"{ID}/constraints/minimum", 1.5), f"schema-error {ID}/constraints/minimum"),
    ((f"{KIND}/categories", ["a", "a"]), f"schema-error {KIND}/categories"),
    ((f"{KIND}/categories", [1]), f"schema-error {KIND}/categories/0"),
    ((f"{KIND}/categories", ["a", {"value": "b"}]), f"schema-error {KIND}/categories/1"),
    ((f"{KIND}/categories", [{"label": "A"}]), f"schema-error {KIND}/categories/0/value"),
    ((f"{KIND}/categoriesOrdered", 1), f"schema-error {KIND}/categoriesOrdered"),
    (("resources", []), "package-error resources"),
    ((f"{DIALECT}/headerRows", ["1"]), "dialect-error resources/0/dialect/headerRows"),
    ((f"{OTHER}/reference/resource", "kindz"), f"schema-error {OTHER}/reference/resource"),
    ((f"{OTHER}/reference/fields", ["cod"]), f"schema-error {OTHER}/reference/fields"),
    ((f"{KIND}/categories", "a"), f"schema-error {KIND}/categories"),
]
"""Changes that break a must which frictionless does not hold to."""

DOUBTFUL: list[tuple[Change, str]] = [
    (("name", "Unrest in January"), "package-error name"),
    (("$schema", "https://datapackage.org/profiles/9.0/datapackage.json"), "package-error $schema"),
    (("keywords", []), "package-error keywords"),
    (("sources/0/path", ""), "package-error sources/0/path"),
    (("sources/0/email", "nobody"), "package-error sources/0/email"),
    ((f"{RESOURCE}/type", "json"), "package-error resources/0/type"),
    ((f"{RESOURCE}/path", "./events.csv"), "package-error resources/0/path"),
    ((f"{RESOURCE}/encoding", "utf-9"), "package-error resources/0/encoding"),
    ((f"{RESOURCE}/encoding", "base64"), "package-error resources/0/encoding"),
    ((f"{RESOURCE}/hash", "sha256:ab"), "package-error resources/0/hash"),
    ((f"{RESOURCE}/hash", "crc32:0a0a0a0a"), "package-error resources/0/hash"),
    ((f"{RESOURCE}/primaryKeys", ["id"]), "package-error resources/0/primaryKeys"),
    ((f"{DIALECT}/quoteChar", None), "dialect-error resources/0/dialect/quoteChar"),
    ((f"{DIALECT}/escapeChar", "\\"), "dialect-error resources/0/dialect"),
    ((f"{SCHEMA}/foreignKeys", []), f"schema-error {SCHEMA}/foreignKeys"),
    ((f"{SCHEMA}/missingValues", ["NA", "NA"]), f"schema-error {SCHEMA}/missingValues"),
    ((f"{SIZE}/name", "day"), f"schema-error {SCHEMA}/fields"),
    ((f"{KIND}/format", "emial"), f"schema-error {KIND}/format"),
    ((f"{DAY}/format", "any"), f"schema-error {DAY}/format"),
    ((f"{DAY}/format", "YYYY"), f"schema-error {DAY}/format"),
    ((f"{SIZE}/decimalChar", " "), f"schema-error {SIZE}"),
    ((f"{SURE}/falseValues", ["y"]), f"schema-error {SURE}"),
    ((f"{SIZE}/categories", [1]), f"schema-error {SIZE}/categories"),
    (("resources/1/schema/fields/0/type", "integer"), f"schema-error {OTHER}"),
]
"""Changes that break a should, or that are harmless."""

CASES = [(change, f"error {place}") for change, place in BROKEN + STRICTER]
CASES += [(change, f"warning {place}") for change, place in DOUBTFUL]


def changed(change: Change) -> dict[str, Any]:
    """The valid descriptor with one change."""
    pointer, value = change
    descriptor = copy.deepcopy(VALID)
    *steps, last = [int(step) if step.isdigit() else step for step in pointer.split("/")]
    target: Any = descriptor
    for step in steps:
        target = target[step]
    if value is GONE:
        del target[last]
    else:
        target[last] = value
    return descriptor


def check(root: Path, descriptor: dict[str, Any]) -> list[Finding]:
    """The findings of a descriptor that is read from a file."""
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (root / "dialect.json").write_text("{}", encoding="utf-8")
    return list(check_descriptor(Package.read(root)))


def places(findings: list[Finding]) -> list[str]:
    return [f"{one.severity} {one.rule} {one.field}" for one in findings]


@pytest.mark.parametrize("change", [("own", 1), *ALLOWED, *REFUSED], ids=str)
def test_a_valid_descriptor_has_no_findings(change: Change, tmp_path: Path) -> None:
    assert check(tmp_path, changed(change)) == []


@pytest.mark.parametrize(("change", "place"), CASES, ids=str)
def test_one_fault_is_one_finding_at_its_place(change: Change, place: str, tmp_path: Path) -> None:
    assert places(check(tmp_path, changed(change))) == [place]


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ((f"{ID}/type", "integr"), "integer"),
        ((f"{KIND}/format", "emial"), "email"),
        ((f"{KIND}/constraints/maximun", 7), "maximum"),
        ((f"{SCHEMA}/fieldsMatch", "subst"), "subset"),
        ((f"{OTHER}/reference/resource", "kindz"), "kinds"),
        ((f"{OTHER}/reference/fields", ["cod"]), "code"),
        ((f"{RESOURCE}/encoding", "utf-88"), "utf8"),
    ],
    ids=str,
)
def test_a_name_that_is_nearly_right_has_a_hint(change: Change, hint: str, tmp_path: Path) -> None:
    (finding,) = check(tmp_path, changed(change))
    assert finding.hint == f"Did you mean {hint}?"


def test_an_enum_is_a_part_of_the_categories(tmp_path: Path) -> None:
    descriptor = changed((f"{KIND}/categories", ["a", "b"]))
    descriptor["resources"][0]["schema"]["fields"][1]["constraints"]["enum"] = ["a", "c"]
    (finding,) = check(tmp_path, descriptor)
    assert (finding.place, finding.value) == (f"datapackage.json:{KIND}/categories", "c")


def test_a_fault_of_a_schema_file_is_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "kinds.json").write_text(
        json.dumps({"$schema": 7, "fields": [{"name": "code", "type": "text"}]}), encoding="utf-8"
    )
    findings = check(tmp_path, changed(("resources/1/schema", "kinds.json")))
    assert [(one.place, one.resource) for one in findings if one.path == "kinds.json"] == [
        ("kinds.json:$schema", "kinds"),
        ("kinds.json:fields/0/type", "kinds"),
    ]


def test_a_schema_that_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    (finding,) = check(tmp_path, changed(("resources/1/schema", "none.json")))
    assert (finding.rule, finding.place, finding.resource) == ("schema-error", "none.json", "kinds")
    assert "No such file" in finding.message


VERDICTS = [(change, True) for change in [("own", 1), *ALLOWED, *(change for change, _ in STRICTER)]]
VERDICTS += [(change, False) for change in [*REFUSED, *(change for change, _ in BROKEN)]]


@pytest.mark.parametrize(("change", "valid"), VERDICTS, ids=str)
def test_frictionless_agrees_or_differs_as_said(change: Change, valid: bool) -> None:  # noqa: FBT001
    frictionless = pytest.importorskip("frictionless")
    try:
        report = frictionless.Package.validate_descriptor(changed(change))
    except AttributeError:  # it takes for granted that $schema and hash are strings
        assert not valid
    else:
        assert report.valid == valid


def test_our_own_descriptor_has_no_findings() -> None:
    assert list(check_descriptor(Package.read(Path(__file__).parents[1]))) == []


def test_frictionless_is_not_imported() -> None:
    code = "import sys, qantar.descriptor; sys.exit('frictionless' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def pointers(value: object, way: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The way to every value inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way] * bool(way) + [one for key, part in inner for one in pointers(part, (*way, str(key)))]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["id", "a.csv"]),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "fields", "value", "label", "type"]) | st.text(), part, max_size=3)
    ),
    max_leaves=6,
)
NAMES = (
    *[
        "url",
        "profile",
        "image",
        "primaryKeys",
        "escapeChar",
        "fieldsMatch",
        "categories",
        "enum",
        "unique",
        "minLength",
    ],
    *["jsonSchema", "maximum", "format", "rdfType", "role", "roles", "email", "itemKeys", "homepage", "groupChar"],
)
"""Properties that the valid descriptor has not, or not everywhere."""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(pointers(VALID)), st.none() | st.sampled_from(NAMES), JSON), max_size=4))
def test_no_json_makes_it_raise(changes: list[tuple[tuple[str, ...], str | None, object]]) -> None:
    descriptor = copy.deepcopy(VALID)
    for way, name, value in changes:
        put(descriptor, way if name is None else (*way[:-1], name), value)
    listed = descriptor["resources"]
    resources = {}
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):  # the schema as it is, even where reading would refuse it
            schema = one.get("schema")
            resources[str(one.get("name"))] = Resource(
                str(one.get("name")), one, schema if isinstance(schema, dict) else {}
            )
    for finding in check_descriptor(Package(Path(), "datapackage.json", descriptor, resources)):
        assert finding.rule in {"package-error", "schema-error", "dialect-error"}
        assert finding.severity in Severity
        assert all(
            isinstance(one, str | None) for one in (finding.field, finding.value, finding.expected, finding.hint)
        )


def put(target: Any, way: tuple[str, ...], value: object) -> None:  # noqa: ANN401 -- any JSON
    """Put a value into a JSON value; where the way there is no more, leave it as it is."""
    for step in way[:-1]:
        if isinstance(target, dict) and step in target:
            target = target[step]
        elif isinstance(target, list) and step.isdigit() and int(step) < len(target):
            target = target[int(step)]
        else:
            return
    if isinstance(target, dict):
        target[way[-1]] = value
    elif isinstance(target, list) and way[-1].isdigit() and int(way[-1]) < len(target):
        target[int(way[-1])] = value


def test_a_name_that_stands_twice_is_one_finding(tmp_path: Path) -> None:
    found = places(check(tmp_path, changed(("resources/1/name", "events"))))
    assert "error package-error resources/1/name" in found
