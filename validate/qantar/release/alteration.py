"""Two descriptors of a resource compared: its fields, their types and constraints, its keys.

What a descriptor leaves out is compared as what then holds, and what it may write in two ways as one of them.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Hashable, Iterator
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from qantar.package import Json, Resource, is_remote
from qantar.release.bump import Change
from qantar.release.cells import kind_of
from qantar.source import packed

Field: TypeAlias = dict[str, Json]

WHERE = ("path", "scheme")
ACCESS = ("format", "encoding", "dialect", "compression")
"""Where a resource's data are, and what its readers rely on to part their cells."""

DIALECT = {
    "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False,
    "header": True, "headerRows": [1], "headerJoin": " ", "commentRows": [], "caseSensitiveHeader": False,
    "sheetNumber": 1,
}  # fmt: skip
"""The properties of a dialect that have a default, with it."""

TYPE = {
    "type": "any", "format": "default", "trueValues": ["true", "True", "TRUE", "1"],
    "falseValues": ["false", "False", "FALSE", "0"], "decimalChar": ".", "groupChar": None, "bareNumber": True,
    "itemType": "string", "delimiter": ",", "categoriesOrdered": False,
}  # fmt: skip
"""The properties of a field that say what its cells mean, with what holds where they are not given."""

LOWER, UPPER = ("minimum", "exclusiveMinimum", "minLength"), ("maximum", "exclusiveMaximum", "maxLength")

STRICTNESS = {"exact": 0, "equal": 1, "subset": 2, "superset": 2, "partial": 3}
"""What each `fieldsMatch` allows, from nothing to most; subset and superset exclude each other."""

DERIVED = {"name", "schema", "data", "bytes", "hash", *WHERE, *ACCESS}
"""The properties of a resource that are compared otherwise, or follow from its data."""


def altered(old: Resource, new: Resource) -> Iterator[Change]:
    """The changes of a resource's descriptor and schema."""
    yield from differing(new.name, old.descriptor, new.descriptor, DERIVED)
    before, after = accessed(old), accessed(new)
    for name in (*WHERE, *ACCESS):
        if before[name] != after[name]:
            kind = "data-moved" if name in WHERE else "access-changed"
            yield Change(kind, new.name, attribute=name, old=text(before[name]), new=text(after[name]))
    mapped = renamed(old.fields, new.fields)
    theirs = {one["name"]: one for one in new.fields}
    shared = [(one, theirs[name]) for one in old.fields if (name := mapped.get(one["name"]) or one["name"]) in theirs]
    yield from altered_schema(old, new)
    yield from altered_missing(old, new, shared)
    yield from altered_fields(old, new, mapped)
    for pair in shared:
        yield from altered_field(new.name, *pair)


def accessed(resource: Resource) -> Field:
    """Where a resource's data are and how they are read, whether its descriptor says so or leaves it out."""
    given, paths = resource.descriptor, resource.paths
    apart = {name: value for name, value in resource.dialect.items() if ends(value) != DIALECT.get(name)}
    return {
        "path": paths[0] if len(paths) == 1 else paths or None,
        "scheme": given.get("scheme") or next((one.partition("://")[0] for one in paths if is_remote(one)), "file"),
        "format": resource.format,
        "encoding": encoding(str(given.get("encoding") or "utf-8")),
        "dialect": {name: value for name, value in apart.items() if name not in {"$schema", "csvddfVersion"}} or None,
        "compression": packed(resource, paths[0] if paths else ""),
    }


def ends(value: Json) -> Json:
    """A value of a dialect; both usual ends of a line as one."""
    return DIALECT["lineTerminator"] if value == "\n" else value


def encoding(name: str) -> str:
    """The one name of an encoding that has several."""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return name


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
    for name in TYPE:
        before, after = (meant(name, one) for one in (old, new))
        if before != after:
            yield Change("type-changed", resource, None, new["name"], name, text(before), text(after))
    before, after = constraints(old), constraints(new)
    for name in dict.fromkeys([*before, *after]):
        values = before.get(name), after.get(name)
        for kind in tightened(name, *(compared(name, one, kind_of(new)) for one in values)):
            yield constrained(kind, resource, new["name"], name, values)
    yield from altered_codes(resource, old, new)
    yield from differing(resource, old, new, {"name", "constraints", "categories", "missingValues", *TYPE}, new["name"])


def meant(name: str, field: Field) -> Json:
    """A property by which a field's cells are read, in one notation."""
    value = TYPE[name] if field.get(name) in (None, "") else field[name]
    if name == "format":
        return str(value).removeprefix("fmt:")
    return sorted(map(str, value)) if isinstance(value, list) else value


def constraints(field: Field) -> Field:
    """The constraints of a field that ask for anything, but `unique`, which is one of the unique keys."""
    given = field.get("constraints")
    listed = given.items() if isinstance(given, dict) else ()
    return {name: value for name, value in listed if name != "unique" and value is not None and value is not False}


def altered_codes(resource: str, old: Field, new: Field) -> Iterator[Change]:
    """The codes of a field that come or go, stand in another order, or are called otherwise."""
    before, after = labelled(old.get("categories")), labelled(new.get("categories"))
    coded = [*before] or None, [*after] or None
    for kind in tightened("enum", *coded):
        yield constrained(kind, resource, new["name"], "categories", coded)
    kept, now = [one for one in before if one in after], [one for one in after if one in before]
    if kept != now:
        kind = "type-changed" if old.get("categoriesOrdered") or new.get("categoriesOrdered") else "metadata-changed"
        yield constrained(kind, resource, new["name"], "categories", (kept, now))
    other = [one for one in kept if before[one] != after[one]]
    if other:
        words = tuple({one: side[one] for one in other} for side in (before, after))
        yield constrained("metadata-changed", resource, new["name"], "categories", words)


def labelled(listed: Json) -> dict[str, Field]:
    """What is said of each of the values of a list, which are plain or in objects, by their texts."""
    objects = [one if isinstance(one, dict) else {"value": one} for one in listed] if isinstance(listed, list) else []
    return {cell(one.get("value")): {name: one[name] for name in one if name != "value"} for one in objects}


def constrained(kind: str, resource: str, field: str | None, name: str, values: tuple[Json, ...]) -> Change:
    """The change of a constraint."""
    return Change(kind, resource, None, field, name, text(values[0]), text(values[1]))


def compared(name: str, value: Json, kind: str) -> Json:
    """The value of a constraint in one notation."""
    if name in {*LOWER, *UPPER} and value is not None:
        return quantity(value)
    if name == "enum" and isinstance(value, list):
        return [quantity(one) if kind in {"integer", "number"} else cell(one) for one in value]
    return value


def cell(value: Json) -> str:
    """A value of a descriptor as a cell has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def quantity(value: Json) -> Decimal | str:
    """A number, whether it is written as one or as a text; what is none as a text."""
    try:
        number = Decimal(cell(value))
    except InvalidOperation:
        return cell(value)
    return number if number.is_finite() else cell(value)


def tightened(name: str, old: Json, new: Json) -> Iterator[str]:
    """Whether a constraint allows less than before, or more, or both; in doubt it allows less."""
    if old == new:
        return
    if name == "enum" and isinstance(old, list) and isinstance(new, list):
        yield from ["constraint-tightened"] * any(one not in new for one in old)
        yield from ["constraint-loosened"] * any(one not in old for one in new)
    elif new is None or (name in LOWER and below(new, old)) or (name in UPPER and below(old, new)):
        yield "constraint-loosened"
    else:
        yield "constraint-tightened"


def below(one: Decimal | str | None, other: Decimal | str | None) -> bool:
    """Whether a bound is a lesser number or an earlier date than another; not where that cannot be told."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one < other
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return len(one) == len(other) and one[:4].isdigit() and one < other


def altered_schema(old: Resource, new: Resource) -> Iterator[Change]:
    """The changes of a schema's keys and of what it says of all its fields."""
    if old.key != new.key:
        yield Change("key-changed", new.name, attribute="primaryKey", old=", ".join(old.key), new=", ".join(new.key))
    for name, keys in (("uniqueKeys", unique), ("foreignKeys", foreign)):
        before, after = keys(old), keys(new)
        gone = [text(value) for key, value in before.items() if key not in after and key != frozenset(new.key)]
        come = [text(value) for key, value in after.items() if key not in before and key != frozenset(old.key)]
        yield from (constrained("constraint-loosened", new.name, None, name, (one, None)) for one in gone)
        yield from (constrained("constraint-tightened", new.name, None, name, (None, one)) for one in come)
    match = old.fields_match, new.fields_match
    if match[0] != match[1]:
        looser = STRICTNESS.get(match[1], -1) > STRICTNESS.get(match[0], 4)
        kind = "constraint-loosened" if looser else "constraint-tightened"
        yield constrained(kind, new.name, None, "fieldsMatch", match)
    told = {"fields", "primaryKey", "missingValues", "uniqueKeys", "foreignKeys", "fieldsMatch"}
    yield from differing(new.name, old.schema, new.schema, told)


def unique(resource: Resource) -> dict[Hashable, Json]:
    """The unique keys of a resource, whichever order their fields have and whether a field or the schema says so."""
    return {frozenset(one): list(one) for one in resource.unique}


def foreign(resource: Resource) -> dict[Hashable, Json]:
    """The foreign keys of a resource, whichever way they are written."""
    written = resource.schema.get("foreignKeys", [])
    return {
        (frozenset(zip(fields, others, strict=False)), target): one
        for (fields, target, others), one in zip(resource.relations, written, strict=True)
    }


def altered_missing(old: Resource, new: Resource, shared: list[tuple[Field, Field]]) -> Iterator[Change]:
    """Other texts that mean a missing value, or other words for them: of the schema, and of fields with their own."""
    own = [pair for pair in shared if any("missingValues" in one for one in pair)]
    inherited: list[tuple[Field, Field]] = [({}, {})] * (len(own) < len(shared) or not shared)
    for pair in [*inherited, *own]:
        given = [
            one.get("missingValues", side.schema.get("missingValues"))
            for one, side in zip(pair, (old, new), strict=True)
        ]
        before, after = (labelled(one if isinstance(one, list) else [""]) for one in given)
        if before != after:
            kind = "metadata-changed" if {*before} == {*after} else "type-changed"
            yield constrained(kind, new.name, pair[1].get("name"), "missingValues", tuple(given))


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
