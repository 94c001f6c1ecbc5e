"""Whether the descriptor keeps to the Data Package standard: its text, of versions 1 and 2, as tables of properties.

Only what a descriptor says is judged: custom properties are allowed everywhere, and what it merely should have said
(an id, a licence) is no finding. A broken *must* is an error. A broken *should*, and what the standard's JSON profiles
refuse though its text allows it, is a warning. https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from encodings.aliases import aliases
from typing import TypeAlias

from qantar.catalogue import Hints
from qantar.model import Finding, Severity
from qantar.package import Json, Package, Resource

TEMPORAL = {"date", "time", "datetime"}
ORDERED = TEMPORAL | {"integer", "number", "duration", "year", "yearmonth"}
SIZED = {"string", "array", "object", "list", "geojson"}
FORMATS: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(ORDERED | SIZED | {"any", "boolean"}), ("default",)) | {
    "string": ("default", "email", "uri", "binary", "uuid"),
    "geopoint": ("default", "array", "object"),
    "geojson": ("default", "topojson"),
}
"""The types of Table Schema with their formats; those of TEMPORAL take `any` and patterns as well."""

DIRECTIVES = set("%aAbBcCdDeDfGhHIjmMnprRStTuUVwWxXyYzZ")
"""The letters of Python's and of POSIX's strptime."""

DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
TABULAR = ("tabular-data-resource", "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json")

URL = r"(?i:https?|ftps?)://\S+"
DAY = r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))"
HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"
PATTERNS = {
    "lower-case letters a to z, digits, or any of . - _": r"[a-z0-9._/-]+",  # version 1 allows the slash
    "a URL": URL,
    "a URL, or a relative path inside the package, none of it hidden": (
        rf"{URL}|(?![/\\~]|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://)(?!(?:[\s\S]*/)?\.(?!/|\Z))[\s\S]+"
    ),
    "a path that does not start with ./": r"(?!\./)[\s\S]*",
    "an e-mail address": r"[^@\s]+@[^@\s]+",
    "a date-time such as 2022-01-05T12:00:00Z": (
        rf"(?a:{DAY}[Tt ]{HOUR}:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]{HOUR}))"  # RFC 3339, 5.6
    ),
    "hexadecimal digits, as many as the algorithm gives, after its name (md5 unless given) and a colon": "|".join(
        ("", f"[0-9a-fA-F]{{{DIGITS['md5']}}}", *(f"(?i:{name}:[0-9a-f]{{{size}}})" for name, size in DIGITS.items()))
    ),
    "the URL of a published profile": (
        rf"(?!https?://datapackage\.org/profiles/(?!(?:1\.0|2\.0|2\.1)/\w+\.json\Z)){URL}"
    ),
    "the name or URL of a profile": rf"(?:(?:tabular|fiscal)-)?data-(?:package|resource)|{URL}|[\s\S]*\.json",
}
"""Kinds of strings, in the words of the findings."""


def is_integer(value: Json, least: float = float("-inf")) -> bool:
    """Whether a value is a whole number of at least `least`; `true` is none, `12.0` is one."""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool) and value >= least


def is_array(value: Json, of: type = object, least: int = 0) -> bool:
    """Whether a value is an array of at least `least` items, all of one type."""
    return isinstance(value, list) and len(value) >= least and all(isinstance(one, of) for one in value)


def is_encoding(value: str) -> bool:
    """Whether Python can read text of the encoding."""
    try:
        "a".encode(value)
    except (LookupError, ValueError):
        return False
    return True


TESTS: dict[str, Callable[[Json], bool]] = {
    "a string": lambda value: isinstance(value, str),
    "a string that is not empty": lambda value: isinstance(value, str) and value != "",
    "one character": lambda value: isinstance(value, str) and len(value) == 1,
    "a string or a number": lambda value: isinstance(value, (str, int, float)) and not isinstance(value, bool),
    "a string or an integer": lambda value: isinstance(value, str) or is_integer(value),
    "one character, or none": lambda value: value is None or (isinstance(value, str) and len(value) <= 1),
    "a boolean": lambda value: isinstance(value, bool),
    "an integer": is_integer,
    "an integer, 0 or more": lambda value: is_integer(value, 0),
    "an integer, 1 or more": lambda value: is_integer(value, 1),
    "an array of integers, 1 or more": lambda value: is_array(value) and all(is_integer(one, 1) for one in value),
    "an object": lambda value: isinstance(value, dict),
    "an object, or a path": lambda value: isinstance(value, (dict, str)),
    "an array": is_array,
    "an array, not empty": lambda value: is_array(value, least=1),
    "an array of strings": lambda value: is_array(value, str),
    "an array of strings, not empty": lambda value: is_array(value, str, 1),
    "an array of objects": lambda value: is_array(value, dict),
    "an array of objects, not empty": lambda value: is_array(value, dict, 1),
    "an array of arrays of names, none empty": lambda value: (
        is_array(value, list, 1) and all(is_array(one, str, 1) for one in value)
    ),
    "an array, an object or a string": lambda value: isinstance(value, (list, dict, str)),
    "a name, or an array of names": lambda value: isinstance(value, str) or is_array(value, str),
    "a name, or an array of names, not empty": lambda value: isinstance(value, str) or is_array(value, str, 1),
    "an encoding that Python knows": is_encoding,
}
"""The other kinds of values; a kind `one of a, b` is read as it stands."""

Table: TypeAlias = dict[str, tuple[str, ...]]
"""Properties, each with the kind that its value must be and, where there is one, the kind that it should be."""

STRING, BOOLEAN, TEXT = ("a string",), ("a boolean",), ("a string that is not empty",)
LINK = ("a string", "a URL, or a relative path inside the package, none of it hidden")
EMAIL = ("a string", "an e-mail address")
STRINGS = ("an array of strings", "an array of strings, not empty")
OBJECTS = ("an array of objects", "an array of objects, not empty")
NAMES = ("a name, or an array of names", "a name, or an array of names, not empty")
SHARED: Table = {
    "name": ("a string", "lower-case letters a to z, digits, or any of . - _"),
    "profile": ("a string", "the name or URL of a profile"),
    "title": STRING,
    "description": STRING,
    "licenses": OBJECTS,
    "sources": OBJECTS,
}
PACKAGE: Table = SHARED | {
    "$schema": ("a string", "the URL of a published profile"),
    "id": STRING,
    "homepage": ("a string", "a URL"),
    "image": LINK,
    "version": STRING,
    "created": ("a date-time such as 2022-01-05T12:00:00Z",),
    "keywords": STRINGS,
    "contributors": OBJECTS,
    "resources": ("an array of objects, not empty",),
}
LISTED: Mapping[str, Table] = {
    "licenses": {"name": STRING, "path": LINK, "title": STRING},
    "sources": {"title": STRING, "path": LINK, "email": EMAIL, "version": STRING},
    "contributors": dict.fromkeys(("title", "givenName", "familyName", "organization", "role"), STRING)
    | {"path": ("a string", "a URL"), "email": EMAIL, "roles": STRINGS},
}
RESOURCE: Table = SHARED | {
    "data": ("an array, an object or a string",),
    "type": ("a string", "one of table"),  # a must; but frictionless writes json, file and text for what is no table
    "format": STRING,
    "mediatype": STRING,
    "encoding": ("a string", "an encoding that Python knows"),
    "bytes": ("an integer, 0 or more",),
    "hash": (
        "a string",
        "hexadecimal digits, as many as the algorithm gives, after its name (md5 unless given) and a colon",
    ),
}
MISPLACED = ("fields", "missingValues", "primaryKey", "primaryKeys", "uniqueKeys", "foreignKeys")
"""What belongs into the schema, and has no effect in the resource."""

DIALECT: Table = (
    dict.fromkeys(("header", "doubleQuote", "skipInitialSpace", "caseSensitiveHeader"), BOOLEAN)
    | dict.fromkeys(("headerJoin", "nullSequence", "property", "sheetName", "table"), STRING)
    | dict.fromkeys(("headerRows", "commentRows"), ("an array of integers, 1 or more",))
    | dict.fromkeys(("commentChar", "delimiter", "lineTerminator"), TEXT)
    | {"quoteChar": ("one character, or none", "one character"), "escapeChar": ("one character",)}
    | {"itemType": ("one of array, object",), "itemKeys": STRINGS[:1], "sheetNumber": ("an integer, 1 or more",)}
)
SCHEMA: Table = {
    "fields": OBJECTS,
    "fieldsMatch": ("one of exact, equal, subset, superset, partial",),
    "primaryKey": NAMES,
    "uniqueKeys": ("an array of arrays of names, none empty",),
    "foreignKeys": OBJECTS,
}
KEY: Table = {"fields": NAMES, "reference": ("an object",)}
REFERENCE: Table = {"fields": NAMES, "resource": STRING}
TYPE = f"one of {', '.join(FORMATS)}"
FIELD: Table = {
    "name": STRING,
    "type": (TYPE,),
    "format": STRING,
    "title": STRING,
    "description": STRING,
    "rdfType": ("a string", "a URL"),
    "constraints": ("an object",),
    "categoriesOrdered": BOOLEAN,
}
GROUPED: Table = {"groupChar": STRING, "bareNumber": BOOLEAN}
OPTIONS: Mapping[str, Table] = {
    "integer": GROUPED,
    "number": GROUPED | {"decimalChar": TEXT},
    "boolean": {"trueValues": STRINGS, "falseValues": STRINGS},
    "list": {"delimiter": TEXT, "itemType": ("one of string, integer, boolean, number, datetime, date, time",)},
}
"""The properties of the fields of a type."""

BOUND = {"integer": "a string or an integer", "year": "a string or an integer", "number": "a string or a number"}
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
CONSTRAINTS: Mapping[str, tuple[Collection[str], tuple[str, ...]]] = {
    "required": (FORMATS, BOOLEAN),
    "unique": (FORMATS, BOOLEAN),
    "enum": (FORMATS, ("an array", "an array, not empty")),
    "pattern": ({"string"}, STRING),
    "minLength": (SIZED, ("an integer, 0 or more",)),
    "maxLength": (SIZED, ("an integer, 0 or more",)),
    "jsonSchema": ({"array", "object"}, ("an object",)),
} | dict.fromkeys(BOUNDS, (ORDERED, STRING))
"""The constraints, each with the types that it applies to and the kinds of its value; for bounds see BOUND first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the rule that it may break, its file, its resource, and the way to it in the file."""

    rule: str
    path: str
    resource: str | None = None
    pointer: str | None = None
    hints: Hints = dataclasses.field(default_factory=Hints, compare=False)

    def at(self, *steps: str | int) -> Place:
        """The place of a value inside the value at this place."""
        pointer = "/".join(map(str, steps))
        return replace(self, pointer=f"{self.pointer}/{pointer}" if self.pointer else pointer)

    def fault(self, message: str, value: Json = ..., expected: str | None = None, known: Iterable[str] = ()) -> Finding:
        """An error at this place, with the nearest of the known values as its hint."""
        hint = self.hints.nearest(value, list(known)) if isinstance(value, str) else None
        place = Finding(self.rule, message, self.path, self.resource, field=self.pointer)
        return replace(place, value=shown(value), expected=expected, hint=hint)

    def doubt(self, message: str, value: Json = ..., expected: str | None = None, known: Iterable[str] = ()) -> Finding:
        """A warning at this place."""
        return replace(self.fault(message, value, expected, known), severity=Severity.WARNING)


def shown(value: Json) -> str | None:
    """A value in the words of a finding: an array or an object, which may be large, by its size."""
    if isinstance(value, (list, dict)):
        return f"{'an array' if isinstance(value, list) else 'an object'} of {len(value)}"
    return None if value is ... else value if isinstance(value, str) else json.dumps(value)


def items(value: Json, of: type = dict) -> list[tuple[int, Json]]:
    """The items of an array that are of a type, with their numbers; none where the value is no array."""
    return [(number, one) for number, one in enumerate(value if isinstance(value, list) else []) if isinstance(one, of)]


def named(value: Json) -> list[str]:
    """The names that a key consists of: one name, or those of an array."""
    return [value] if isinstance(value, str) else [one for _, one in items(value, str)]


def repeated(values: Iterable[Json]) -> list[Json]:
    """The strings and numbers that occur more than once."""
    return [one for one, times in Counter(one for one in values if isinstance(one, (str, int))).items() if times > 1]


def types(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a schema with their types, None where the type is not given; of two of one name, the first."""
    fields = [one for _, one in items(schema.get("fields")) if isinstance(one.get("name"), str)]
    return {one["name"]: one.get("type") for one in reversed(fields)}


def choices(kind: str) -> list[str]:
    """The values of a kind `one of a, b`; none for the others."""
    return kind.removeprefix("one of ").split(", ") if kind.startswith("one of ") else []


def is_kind(value: Json, kind: str) -> bool:
    """Whether a value is of a kind."""
    if kind in TESTS:
        return TESTS[kind](value)
    if not isinstance(value, str):
        return False
    return re.fullmatch(PATTERNS[kind], value) is not None if kind in PATTERNS else value in choices(kind)


def check_value(place: Place, value: Json, must: str, should: str | None = None) -> Iterator[Finding]:
    """An error where a value is not of the kind that it must be; or a warning, where not of the one it should be."""
    broken = next((kind for kind in (must, should) if kind and not is_kind(value, kind)), None)
    if broken:
        known = aliases if broken == "an encoding that Python knows" else choices(broken)
        find, verb = (place.fault, "must") if broken == must else (place.doubt, "should")
        yield find(f"The value is not what the standard says that it {verb} be.", value, broken, known)


def check_properties(place: Place, given: Mapping[str, Json], table: Table, *required: str) -> Iterator[Finding]:
    """Findings for the properties of a table, and for those that are required and missing."""
    for name in required:
        if name not in given:
            yield place.at(name).fault("A required property is missing.", expected=table[name][0])
    for name, kinds in table.items():
        if name in given and not all(is_kind(given[name], kind) for kind in kinds):
            yield from check_value(place.at(name), given[name], *kinds)


def check_descriptor(package: Package) -> Iterator[Finding]:
    """A finding for each property of the descriptor, and of each schema, that breaks the standard."""
    place = Place("package-error", package.file)
    yield from check_properties(place, package.descriptor, PACKAGE, "resources")
    yield from check_listed(place, package.descriptor, *LISTED)
    owners = {id(one.descriptor): one for one in package.resources.values()}
    taken: set[str] = set()
    for number, one in items(package.descriptor.get("resources")):
        owner = owners.get(id(one))
        there = replace(place.at("resources", number), resource=owner.name if owner else None)
        yield from check_resource(there, one)
        name = one.get("name")
        if isinstance(name, str):
            if name in taken:
                yield there.at("name").fault("Two resources have one name.", name, "each name once")
            taken.add(name)
        if owner:
            yield from check_dialect_file(there, owner)
            yield from check_schema(there, package, owner)


def check_listed(place: Place, given: Mapping[str, Json], *names: str) -> Iterator[Finding]:
    """Findings for licences, sources and contributors."""
    for name in names:
        for number, one in items(given.get(name)):
            yield from check_properties(place.at(name, number), one, LISTED[name])
            if not (one.keys() & {"name", "path"} if name == "licenses" else one):
                expected = "a name or a path" if name == "licenses" else "one property at least"
                yield place.at(name, number).fault("The object does not say what it must.", one, expected)


def check_resource(place: Place, given: Mapping[str, Json]) -> Iterator[Finding]:
    """Findings for a resource's own properties and its dialect."""
    yield from check_properties(place, given, RESOURCE, "name")
    yield from check_listed(place, given, "licenses", "sources")
    has_data = "data" in given
    path = "path" if "path" in given or has_data else "url"  # as version 0 called it
    if (path in given) == has_data:
        yield place.fault("A resource has either a path or data.", expected="one of path and data, and only one")
    if path in given:
        yield from check_path(place.at(path), given[path])
    if has_data:
        yield from check_data(place.at("data"), given)
    if "dialect" in given:
        yield from check_dialect(replace(place, rule="dialect-error").at("dialect"), given["dialect"])
    for name in MISPLACED:
        if name in given:
            yield place.at(name).doubt("The property has no effect in a resource.", expected="it in the schema")


def check_path(place: Place, value: Json) -> Iterator[Finding]:
    """Findings for a resource's path, or for the paths of its parts."""
    paths = value if is_array(value, least=1) else [value]
    for one in paths:
        yield from check_value(place, one, LINK[1], "a path that does not start with ./")
    if len({is_kind(one, "a URL") for one in paths}) > 1:
        yield place.fault("Paths and URLs are mixed.", value, "relative paths only, or URLs only")


def check_data(place: Place, given: Mapping[str, Json]) -> Iterator[Finding]:
    """Findings for inline data."""
    data, is_table = given["data"], given.get("type") == "table" or given.get("profile") in TABULAR
    if isinstance(data, str) and not given.keys() & {"format", "mediatype"}:
        yield place.fault("The format of the data is not given.", expected="a format or a mediatype beside the data")
    rows = not isinstance(data, dict) and all(isinstance(one, (list, dict)) for _, one in items(data, object))
    if is_table and not rows:
        yield place.fault("The data are no table.", data, "an array of arrays or of objects")


def check_dialect(place: Place, dialect: Json) -> Iterator[Finding]:
    """Findings for a dialect, an object or a path."""
    if not isinstance(dialect, dict):
        yield from check_value(place, dialect, LINK[1] if isinstance(dialect, str) else "an object, or a path")
        return
    yield from check_properties(place, dialect, DIALECT)
    if dialect.get("escapeChar") and dialect.get("quoteChar"):
        yield place.doubt("The two exclude each other.", expected="either escapeChar or quoteChar")


def check_dialect_file(place: Place, resource: Resource) -> Iterator[Finding]:
    """Findings for a dialect in a file of its own; only one where it could not be read."""
    given = resource.descriptor.get("dialect")
    if resource.dialect_fault:
        yield replace(place, rule="dialect-error").at("dialect").fault(resource.dialect_fault, expected="an object")
    elif isinstance(given, str) and resource.dialect_file:
        root = {"$schema": PACKAGE["$schema"]}
        yield from check_properties(Place("dialect-error", given, resource.name), resource.dialect_file, DIALECT | root)


def check_schema(place: Place, package: Package, resource: Resource) -> Iterator[Finding]:
    """Findings for the schema of a resource; only one where it could not be read."""
    given, schema = resource.descriptor.get("schema"), resource.schema
    place = replace(place.at("schema"), rule="schema-error")
    root: Table = {}
    if isinstance(given, str):  # only the root of a file has a profile
        place, root = Place("schema-error", given, resource.name), {"$schema": PACKAGE["$schema"]}
    if resource.fault or not schema:
        if "schema" not in resource.unfetched and (resource.fault or "schema" in resource.descriptor):
            yield place.fault(
                resource.fault or "The schema says nothing.", expected="a Table Schema, or the path of one"
            )
        return
    if "fieldsMatch" in schema:
        schema = schema | {"fieldsMatch": resource.fields_match}
    yield from check_properties(place, schema, SCHEMA | root, "fields")
    if "missingValues" in schema:
        yield from check_values(place.at("missingValues"), schema["missingValues"], "a string")
    for number, field in items(schema.get("fields")):
        yield from check_field(place.at("fields", number), field)
    for name in repeated(field.get("name") for _, field in items(schema.get("fields"))):
        yield place.at("fields").doubt("Two fields have one name.", name, "each name once")
    own = types(schema)
    yield from check_names(place.at("primaryKey"), schema.get("primaryKey"), own)
    for number, key in items(schema.get("uniqueKeys"), list):
        yield from check_names(place.at("uniqueKeys", number), key, own)
    for number, key in items(schema.get("foreignKeys")):
        yield from check_foreign(place.at("foreignKeys", number), key, package, resource)


def check_names(place: Place, key: Json, fields: Mapping[str, Json]) -> Iterator[Finding]:
    """A finding for each name in a key that no field has."""
    for name in named(key):
        if name not in fields:
            yield place.fault("A key names no field of its table.", name, "the name of a field", fields)


def check_foreign(place: Place, key: Mapping[str, Json], package: Package, resource: Resource) -> Iterator[Finding]:
    """Findings for a foreign key; one to another package is not followed."""
    yield from check_properties(place, key, KEY, *KEY)
    own, fields = types(resource.schema), named(key.get("fields"))
    yield from check_names(place.at("fields"), fields, own)
    reference, there = key.get("reference"), place.at("reference")
    if not isinstance(reference, dict):
        return
    yield from check_properties(there, reference, REFERENCE, "fields")
    target, referred = reference.get("resource") or resource.name, named(reference.get("fields"))
    if len(fields) != len(referred) and is_kind(reference.get("fields"), NAMES[0]):
        message = "A foreign key has not as many fields as it refers to."
        yield there.at("fields").fault(message, ", ".join(referred), f"as many as {', '.join(fields)}")
    if not isinstance(target, str) or "package" in reference:
        return
    if target not in package.resources:
        message = "A foreign key refers to no resource of the package."
        yield there.at("resource").fault(message, target, "the name of a resource", package.resources)
        return
    parent = types(package.resources[target].schema)
    if parent:
        yield from check_names(there.at("fields"), referred, parent)
    for one, other in zip(fields, referred, strict=False):
        left, right = own.get(one), parent.get(other)
        if left != right and is_kind(left, TYPE) and is_kind(right, TYPE):
            message = "A foreign key joins fields of two types."
            yield place.doubt(message, f"{one}, {left}", f"{right}, as {other} in {target}")


def check_field(place: Place, field: Mapping[str, Json]) -> Iterator[Finding]:
    """Findings for a field; what depends on its type, only where the type is known."""
    yield from check_properties(place, field, FIELD, "name")
    kind = field.get("type", "any")
    kind = kind if is_kind(kind, TYPE) else None
    constraints = field.get("constraints")
    if isinstance(constraints, dict):
        yield from check_constraints(place.at("constraints"), constraints, kind)
    if "missingValues" in field:
        yield from check_values(place.at("missingValues"), field["missingValues"], "a string")
    if kind:
        yield from check_properties(place, field, OPTIONS.get(kind, {}))
        if isinstance(field.get("format"), str):
            yield from check_format(place.at("format"), kind, field["format"].removeprefix("fmt:"))
        if "categories" in field:
            yield from check_categories(place.at("categories"), field, kind)
        if kind == "number" and field.get("groupChar") == field.get("decimalChar", "."):
            yield place.doubt("One character groups the digits and marks the decimals.", field["groupChar"])
        both = set(named(field.get("trueValues"))) & set(named(field.get("falseValues")))
        for word in sorted(both) if kind == "boolean" else ():
            yield place.doubt("One value means both true and false.", word)


def check_format(place: Place, kind: str, given: str) -> Iterator[Finding]:
    """A finding for a format that the type has not, or that is not recommended."""
    if given in FORMATS[kind]:
        return
    if kind not in TEMPORAL:
        yield place.doubt("The type has no such format.", given, f"one of {', '.join(FORMATS[kind])}", FORMATS[kind])
    elif given == "any":
        yield place.doubt("The format is not recommended: readers differ in what they take.", given, "a pattern")
    elif "%" not in given:
        yield place.doubt("The format has no directive of strptime.", given, "a pattern such as %Y-%m-%d")
    for letter in re.findall(r"%([\s\S]?)", given) if kind in TEMPORAL else ():
        if letter not in DIRECTIVES:
            yield place.fault("The format has a directive that strptime has not.", f"%{letter}", "a pattern")


def check_constraints(place: Place, given: Mapping[str, Json], kind: str | None) -> Iterator[Finding]:
    """Findings for the constraints of a field of a type; a name with a colon is a property of somebody's own."""
    for name, value in given.items():
        if name not in CONSTRAINTS:
            if ":" not in name:
                yield place.fault("The standard has no such constraint.", name, ", ".join(CONSTRAINTS), CONSTRAINTS)
            continue
        applicable, kinds = CONSTRAINTS[name]
        if kind and kind not in applicable:
            expected = f"a field of type {', '.join(sorted(applicable))}"
            yield place.at(name).fault(f"The constraint does not apply to the type {kind}.", value, expected)
        elif kind or name not in BOUNDS:
            kinds = (BOUND[kind],) if name in BOUNDS and kind in BOUND else kinds
            yield from check_value(place.at(name), value, *kinds)


def check_categories(place: Place, field: Mapping[str, Json], kind: str) -> Iterator[Finding]:
    """Findings for the categories of a field, and for an enum that is not a part of them."""
    if kind not in {"string", "integer"}:
        yield place.doubt(f"Categories have no effect on the type {kind}.", expected="a string or an integer field")
        return
    yield from check_values(place, field["categories"], "a string" if kind == "string" else "an integer")
    constraints = field.get("constraints")
    enum = constraints.get("enum") if isinstance(constraints, dict) else None
    codes = [one.get("value") if isinstance(one, dict) else one for _, one in items(field["categories"], object)]
    for _, one in items(enum, object):
        if shown(one) not in map(shown, codes):
            yield place.fault("The enum has a value that is no category.", one, "a part of the categories")


def check_values(place: Place, values: Json, kind: str) -> Iterator[Finding]:
    """Findings for missing values or categories: values of a kind, or objects with a value and a label, each once."""
    if not is_array(values):
        yield from check_value(place, values, "an array")
        return
    labelled = is_array(values, dict, 1)
    for number, one in enumerate(values):
        if labelled:
            yield from check_properties(place.at(number), one, {"value": (kind,), "label": STRING}, "value")
        else:
            yield from check_value(place.at(number), one, kind)
    lax = not labelled and place.pointer is not None and place.pointer.endswith("missingValues")  # as in version 1
    for one in repeated(one.get("value") for one in values) if labelled else repeated(values):
        yield (place.doubt if lax else place.fault)("A value is given twice.", one, "each value once")
    for one in repeated(one.get("label") for one in values) if labelled else ():
        yield place.fault("A label is given twice.", one, "each label once")
