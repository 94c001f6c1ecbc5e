"""`croissant.json`: Croissant 1.1, by which machine learning tools load the Parquet files as typed, linked records.

They have the same form whatever the package's own files have. Of CSV mlcroissant guesses the types anew: it takes
"NA" for a missing value, "007" for 7, and 05.01.2022 for a day in May.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from qantar.package import Json, Resource
from qantar.release.catalogue import cited, files_of, schema_org, write_json
from qantar.release.cells import kind_of
from qantar.release.content import Content
from qantar.release.formats import parquet
from qantar.release.manifest import identifier

TERMS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty"),
    *(
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isArray",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
    ),
    *(
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
    ),
    "transform",
)

CONTEXT: dict[str, Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
    **{term: f"cr:{term}" for term in TERMS},
}
"""The context that the standard gives."""

TYPES = {
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "time": "sc:Time",
    "datetime": "sc:DateTime",
}
"""Types of Table Schema that Croissant has too; all others are texts."""

PARQUET = "application/x-parquet"
"""What mlcroissant knows Parquet by, though another media type was registered since."""


def write(content: Content, folder: Path) -> None:
    """Write `croissant.json`."""
    tables = content.package.resources.values()
    urls = {quote(parquet.place(Path(), one).as_posix()): one for one in tables}
    said = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": identifier(content),
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        **schema_org(content),
        "citeAs": cited(content),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": one.url,
                "name": one.path,
                "description": one.description,
                "contentUrl": one.url,
                "contentSize": f"{one.size} B",
                "encodingFormat": PARQUET,
                "sha256": one.sha256,
            }
            for one in files_of(content, folder)
            if one.url in urls
        ],
        "recordSet": [record_set(one, url, {each.name for each in tables}) for url, one in urls.items()],
    }
    write_json(folder / "croissant.json", said)


def record_set(resource: Resource, url: str, tables: set[str]) -> dict[str, Json]:
    """A resource as a set of records."""
    others = tables - {resource.name}  # mlcroissant cannot order records that refer to their own kind
    refers = {one: (target, to) for (one, *_), target, (to, *_) in resource.relations if target in others}
    words = {key: resource.descriptor[key] for key in ("description",) if key in resource.descriptor}
    key = [{"@id": identified(resource.name, one)} for one in resource.key]
    return {
        "@type": "cr:RecordSet",
        "@id": identified(resource.name),
        "name": resource.name,
        **words,
        **({"key": key[0] if len(key) == 1 else key} if key else {}),
        "field": [field(one, resource, url, refers.get(one["name"])) for one in resource.fields],
    }


def identified(*names: str) -> str:
    """The identifier of a table, or of a field in it: names may have blanks, identifiers may not."""
    return "/".join(quote(one, safe="") for one in names)


def field(given: dict[str, Json], resource: Resource, url: str, refers: tuple[str, str] | None) -> dict[str, Json]:
    """A field of the records, and the field that it refers to."""
    said: dict[str, Json] = {
        "@type": "cr:Field",
        "@id": identified(resource.name, given["name"]),
        "name": given["name"],
        "dataType": TYPES.get(kind_of(given), "sc:Text"),
        "source": {"fileObject": {"@id": url}, "extract": {"column": given["name"]}},
    }
    if "description" in given:
        said["description"] = given["description"]
    if "rdfType" in given:
        said["equivalentProperty"] = given["rdfType"]
    if refers:
        said["references"] = {"field": {"@id": identified(*refers)}}
    return said
