"""`csv-metadata.json`: the CSV files as a table group of CSV on the Web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qantar.fields import missing_values
from qantar.package import Json, Resource
from qantar.release.catalogue import licences, local_tables, title, write_json
from qantar.release.cells import kind_of
from qantar.release.content import Content

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

ODD = ("decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues")
"""Properties by which a field's cells have another form than CSV on the Web expects."""


def write(content: Content, folder: Path) -> Iterator[Path]:
    """Write `csv-metadata.json`."""
    urls = {one.name: url for one, url in local_tables(content)}
    said = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title(content),
        "dc:license": [{"@id": url} for _, _, url in licences(content) if url],
        "tables": [table(one, urls) for one, _ in local_tables(content)],
    }
    yield write_json(folder / "csv-metadata.json", said)


def table(resource: Resource, urls: dict[str, str]) -> dict[str, Json]:
    """A resource as a table; a foreign key that may be empty is none, for here each row must refer to another."""
    schema: dict[str, Json] = {"columns": [column(one, resource) for one in resource.fields]}
    if resource.key:
        schema["primaryKey"] = list(resource.key)
    required = {one["name"] for one in resource.fields if one.get("constraints", {}).get("required")}
    schema["foreignKeys"] = [
        {"columnReference": list(fields), "reference": {"resource": urls[target], "columnReference": list(others)}}
        for fields, target, others in resource.relations
        if target in urls and required.issuperset(fields)
    ]
    words = {f"dc:{one}": resource.descriptor[one] for one in ("title", "description") if one in resource.descriptor}
    delimiter = {"dialect": {"delimiter": resource.dialect["delimiter"]}} if "delimiter" in resource.dialect else {}
    return {"url": urls[resource.name], **words, **delimiter, "tableSchema": schema}


def column(field: dict[str, Json], resource: Resource) -> dict[str, Json]:
    """A field as a column."""
    constraints = field.get("constraints", {})
    said = {
        "name": field["name"],
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
    base = TYPES.get(kind_of(field), "string") if usual else "string"
    lengths = base == "string" and kind_of(field) == "string"
    bounds = {
        own: constraints[one] for one, own in BOUNDS.items() if one in constraints and lengths == one.endswith("Length")
    }
    pattern = {"format": constraints["pattern"]} if lengths and "pattern" in constraints else {}
    return {"base": base} | pattern | (bounds if usual else {})
