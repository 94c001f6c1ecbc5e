"""Two descriptors of a resource compared: its fields, their types and constraints, its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from qantar.package import Json, Resource
from qantar.release.bump import Change

Field: TypeAlias = dict[str, Json]

ACCESS = ("path", "scheme", "format", "encoding", "dialect", "compression")
"""What a resource's readers rely on to find and part its cells."""

TYPE = {
    "type": "string", "format": "default", "trueValues": ["true", "True", "TRUE", "1"],
    "falseValues": ["false", "False", "FALSE", "0"], "decimalChar": ".", "groupChar": None, "bareNumber": True,
    "itemType": None, "delimiter": ",", "missingValues": None, "categoriesOrdered": False,
}  # fmt: skip
"""The properties of a field that say what its cells mean, with what holds where they are not given."""

LOWER, UPPER = ("minimum", "exclusiveMinimum", "minLength"), ("maximum", "exclusiveMaximum", "maxLength")

STRICTNESS = {"exact": 0, "equal": 1, "subset": 2, "superset": 2, "partial": 3}
"""What each `fieldsMatch` allows, from nothing to most; subset and superset exclude each other."""

DERIVED = {"name", "schema", "data", "bytes", "hash", *ACCESS}
"""The properties of a resource that are compared otherwise, or follow from its data."""


def altered(old: Resource, new: Resource) -> Iterator[Change]:
    """The changes of a resource's descriptor and schema."""
    yield from differing(new.name, old.descriptor, new.descriptor, DERIVED)
    for name in ACCESS:
        if (before := old.descriptor.get(name)) != (after := new.descriptor.get(name)):
            yield Change("access-changed", new.name, attribute=name, old=text(before), new=text(after))
    yield from altered_schema(old, new)
    mapped = renamed(old.fields, new.fields)
    yield from altered_fields(old, new, mapped)
    theirs = {one["name"]: one for one in new.fields}
    for field in old.fields:
        name = mapped.get(field["name"]) or field["name"]
        if name in theirs:
            yield from altered_field(new.name, field, theirs[name])


def renamed(old: list[Field], new: list[Field]) -> dict[str, str]:
    """Fields that only changed their name: at the same place, with the same type and constraints."""
    before, after = {one["name"] for one in old}, {one["name"] for one in new}
    return {
        one["name"]: other["name"]
        for one, other in zip(old, new, strict=False)
        if one["name"] not in after and other["name"] not in before and meaning(one) == meaning(other)
    }


def meaning(field: Field) -> Field:
    """A field without what names and describes it."""
    return {name: value for name, value in field.items() if name not in {"name", "title", "description", "example"}}


def altered_fields(old: Resource, new: Resource, mapped: dict[str, str]) -> Iterator[Change]:
    """Fields renamed, removed, added, or in another order."""
    before = [mapped.get(one["name"]) or one["name"] for one in old.fields]
    after = [one["name"] for one in new.fields]
    for name, other in mapped.items():
        yield Change("field-renamed", new.name, field=other, old=name, new=other)
    yield from (Change("field-removed", new.name, field=name) for name in before if name not in after)
    yield from (Change("field-added", new.name, field=name) for name in after if name not in before)
    kept, now = [one for one in before if one in after], [one for one in after if one in before]
    if kept != now:
        yield Change("fields-reordered", new.name, old=", ".join(kept), new=", ".join(now))


def altered_field(resource: str, old: Field, new: Field) -> Iterator[Change]:
    """The changes of one field."""
    for name, usual in TYPE.items():
        before, after = old.get(name, usual), new.get(name, usual)
        if before != after:
            yield Change("type-changed", resource, None, new["name"], name, text(before), text(after))
    before, after = old.get("constraints") or {}, new.get("constraints") or {}
    for name in dict.fromkeys([*before, *after]):
        for kind in tightened(name, before.get(name), after.get(name)):
            yield constrained(kind, resource, new["name"], name, (before.get(name), after.get(name)))
    coded = codes(old.get("categories")), codes(new.get("categories"))
    for kind in tightened("enum", *coded):
        yield constrained(kind, resource, new["name"], "categories", coded)
    yield from differing(resource, old, new, {"name", "constraints", *TYPE, *recoded(coded)}, new["name"])


def recoded(coded: tuple[Json, Json]) -> Iterator[str]:
    """`categories`, where its codes changed: what they are called is then not told apart."""
    if coded[0] != coded[1]:
        yield "categories"


def codes(categories: Json) -> Json:
    """The codes of a field without their labels."""
    if not isinstance(categories, list):
        return None
    return [one.get("value") if isinstance(one, dict) else one for one in categories]


def constrained(kind: str, resource: str, field: str | None, name: str, values: tuple[Json, ...]) -> Change:
    """The change of a constraint."""
    return Change(kind, resource, None, field, name, text(values[0]), text(values[1]))


def tightened(name: str, old: Json, new: Json) -> Iterator[str]:
    """Whether a constraint allows less than before, or more, or both; in doubt it allows less."""
    old, new = (None if one is False else one for one in (old, new))
    if old == new:
        return
    if name == "enum" and isinstance(old, list) and isinstance(new, list):
        yield from ["constraint-tightened"] * any(one not in new for one in old)
        yield from ["constraint-loosened"] * any(one not in old for one in new)
    elif new is None or (name in LOWER and below(new, old)) or (name in UPPER and below(old, new)):
        yield "constraint-loosened"
    else:
        yield "constraint-tightened"


def below(one: Json, other: Json) -> bool:
    """Whether a bound is a lesser number or an earlier date than another; not where that cannot be told."""
    try:
        return Decimal(str(one)) < Decimal(str(other))
    except InvalidOperation:
        return len(str(one)) == len(str(other)) and str(one)[:4].isdigit() and str(one) < str(other)


def altered_schema(old: Resource, new: Resource) -> Iterator[Change]:
    """The changes of a schema's keys and of what it says of all its fields."""
    if old.key != new.key:
        yield Change("key-changed", new.name, attribute="primaryKey", old=", ".join(old.key), new=", ".join(new.key))
    missing = tuple(one.schema.get("missingValues", [""]) for one in (old, new))
    if missing[0] != missing[1]:
        yield constrained("type-changed", new.name, None, "missingValues", missing)
    for name in ("uniqueKeys", "foreignKeys"):
        before, after = (one.schema.get(name) or [] for one in (old, new))
        gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
        yield from (constrained("constraint-loosened", new.name, None, name, (one, None)) for one in gone)
        yield from (constrained("constraint-tightened", new.name, None, name, (None, one)) for one in come)
    match = tuple(str(one.schema.get("fieldsMatch", "exact")) for one in (old, new))
    if match[0] != match[1]:
        looser = STRICTNESS.get(match[1], -1) > STRICTNESS.get(match[0], 4)
        kind = "constraint-loosened" if looser else "constraint-tightened"
        yield constrained(kind, new.name, None, "fieldsMatch", match)
    told = {"fields", "primaryKey", "missingValues", "uniqueKeys", "foreignKeys", "fieldsMatch"}
    yield from differing(new.name, old.schema, new.schema, told)


def differing(
    resource: str | None, old: Field, new: Field, told: set[str], field: str | None = None
) -> Iterator[Change]:
    """The descriptive properties that differ, but those that are told otherwise."""
    for name in sorted({*old, *new} - told):
        if old.get(name) != new.get(name):
            yield Change("metadata-changed", resource, None, field, name, text(old.get(name)), text(new.get(name)))


def text(value: Json) -> str | None:
    """A value of a descriptor as a text."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
