"""`csv-metadata.json`: the CSV files as a table group of CSV on the Web."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from qantar.fields import missing_values
from qantar.package import Json, Resource, is_remote
from qantar.release.catalogue import licences, title, write_json
from qantar.release.cells import kind_of
from qantar.release.content import Content
from qantar.source import packed

TYPES = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "year": "gYear",
    "yearmonth": "gYearMonth",
    "duration": "duration",
}
"""Types of Table Schema that CSV on the Web has too, where the field has the default form; all others are strings."""

BOUNDS = {"minimum": "minimum", "maximum": "maximum", "minLength": "minLength", "maxLength": "maxLength"}

ODD = ("decimalChar", "groupChar", "bareNumber")
"""Properties by which a field's cells have another form than CSV on the Web expects."""

WORDS = {"trueValues": {"true", "1"}, "falseValues": {"false", "0"}}
"""The words for a boolean that CSV on the Web knows."""

OTHER = re.compile(r"\A_|[^0-9A-Za-z_]")
"""Signs that the name of a column may not have."""

FOREIGN = ("escapeChar", "nullSequence", "commentRows")
"""Properties of a dialect that CSV on the Web has not."""


def write(content: Content, folder: Path) -> None:
    """Write `csv-metadata.json`."""
    tables = {one.name: one for one in content.package.resources.values() if is_table(one)}
    said = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title(content),
        "dc:license": [{"@id": url} for _, _, url in licences(content) if url],
        "tables": [table(one, tables) for one in tables.values()],
    }
    write_json(folder / "csv-metadata.json", said)


def is_table(resource: Resource) -> bool:
    """Whether a resource is one text file of the release, in a dialect that can be described, its columns as fields."""
    given = resource.dialect
    described = (
        not any(given.get(one) for one in FOREIGN),
        given.get("headerRows", [1]) == [1],
        len(given.get("delimiter", ",")) == 1,
        given.get("lineTerminator", "\n") in {"\n", "\r\n"},
        resource.fields_match == "exact",
    )
    local = len(resource.paths) == 1 and not is_remote(resource.path) and not packed(resource, resource.path)
    return local and resource.format in {"csv", "tsv"} and all(described)


def dialect(resource: Resource) -> dict[str, Json]:
    """The whole dialect of a table: the defaults differ, a `#` would begin a comment."""
    given = resource.dialect
    return {
        "encoding": resource.descriptor.get("encoding") or "utf-8",
        "delimiter": given.get("delimiter", ","),
        "quoteChar": given.get("quoteChar", '"') or None,
        "doubleQuote": given.get("doubleQuote", True),
        "skipInitialSpace": given.get("skipInitialSpace", False),
        "commentPrefix": given.get("commentChar"),
        "header": given.get("header", True),
        "headerRowCount": int(given.get("header", True)),
    }


def table(resource: Resource, tables: dict[str, Resource]) -> dict[str, Json]:
    """A resource as a table; a foreign key that may be empty is none, for here each row must refer to another."""
    schema: dict[str, Json] = {"columns": [column(one, resource) for one in resource.fields]}
    if resource.key:
        schema["primaryKey"] = list(map(named, resource.key))
    required = {one["name"] for one in resource.fields if one.get("constraints", {}).get("required")}
    schema["foreignKeys"] = [
        {
            "columnReference": list(map(named, fields)),
            "reference": {"resource": quote(tables[target].path), "columnReference": list(map(named, others))},
        }
        for fields, target, others in resource.relations
        if target in tables and required.issuperset(fields)
        if bases(resource, fields) == bases(tables[target], others)
    ]
    words = {f"dc:{one}": resource.descriptor[one] for one in ("title", "description") if one in resource.descriptor}
    return {"url": quote(resource.path), **words, "dialect": dialect(resource), "tableSchema": schema}


def bases(resource: Resource, names: tuple[str, ...]) -> list[Json]:
    """The types of some columns: only columns of the same can refer to each other."""
    fields = {one["name"]: one for one in resource.fields}
    return [datatype(fields[one], {})["base"] for one in names if one in fields]


def named(name: str) -> str:
    """The name of a column, encoded where it may not have a sign; its title has all."""
    return OTHER.sub(lambda found: "".join(f"%{one:02X}" for one in found[0].encode()), name)


def column(field: dict[str, Json], resource: Resource) -> dict[str, Json]:
    """A field as a column."""
    constraints = field.get("constraints", {})
    said = {
        "name": named(field["name"]),
        "titles": field["name"],
        "dc:title": field.get("title"),
        "dc:description": field.get("description"),
        "propertyUrl": field.get("rdfType"),
        "datatype": datatype(field, constraints),
        "required": bool(constraints.get("required")),
        "null": missing_values(resource.schema, field),
    }
    return {key: value for key, value in said.items() if value is not None}


def datatype(field: dict[str, Json], constraints: dict[str, Json]) -> dict[str, Json]:
    """The type of a column's cells, with its bounds, and for a string its pattern."""
    usual = field.get("format", "default") == "default" and not {*ODD} & {*field}
    known = all(words.issuperset(field.get(one, ())) for one, words in WORDS.items())
    base = TYPES.get(kind_of(field), "string") if usual and known else "string"
    lengths = base == "string" and kind_of(field) == "string"
    bounds = {
        own: constraints[one] for one, own in BOUNDS.items() if one in constraints and lengths == one.endswith("Length")
    }
    pattern = {"format": constraints["pattern"]} if lengths and "pattern" in constraints else {}
    return {"base": base} | pattern | (bounds if base != "string" or lengths else {})
