"""Linked data for catalogues: `dcat.jsonld` (DCAT 3, as DCAT-AP uses it) and `schema-org.jsonld`."""

from __future__ import annotations

from pathlib import Path

from qantar.package import Json
from qantar.release.catalogue import (
    File,
    agent,
    creators,
    files_of,
    licences,
    period,
    place,
    schema_org,
    title,
    write_json,
)
from qantar.release.content import Content
from qantar.release.manifest import identifier

VOCABULARIES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

TYPES = "https://www.iana.org/assignments/media-types/"
"""Where the media types are registered."""

COUNTRIES = "http://publications.europa.eu/resource/authority/country/"
"""The authority list that DCAT-AP names for places; its countries have the codes of ISO 3166-1 alpha-3."""


def write(content: Content, folder: Path) -> None:
    """Write `dcat.jsonld` and `schema-org.jsonld`; URLs are relative to where the release is published."""
    data = [one for one in files_of(content, folder) if one.holds_data]
    write_json(folder / "dcat.jsonld", {"@context": VOCABULARIES} | dcat(content, data))
    write_json(folder / "schema-org.jsonld", described(content, data))


def dcat(content: Content, data: list[File]) -> dict[str, Json]:
    """The release as a dcat:Dataset."""
    descriptor = content.package.descriptor
    said = {
        "@id": identifier(content),
        "@type": "dcat:Dataset",
        "dct:identifier": identifier(content),
        "dct:title": title(content),
        "dct:description": descriptor.get("description"),
        "dcat:version": content.version,
        "dct:issued": typed("date", content.moment.date().isoformat()),
        "dcat:keyword": descriptor.get("keywords"),
        "dct:license": [{"@id": url} for _, _, url in licences(content) if url],
        "dct:creator": [
            {"@type": f"foaf:{one['@type']}", "foaf:name": one["name"]} for one in map(agent, creators(content))
        ],
        "dct:temporal": covered(content),
        "dct:spatial": located(content),
        "dcat:distribution": [distribution(one, content) for one in data],
    }
    return {key: value for key, value in said.items() if value}


def typed(kind: str, value: str) -> dict[str, str]:
    """A literal of a type of XML Schema."""
    return {"@type": f"xsd:{kind}", "@value": value}


def covered(content: Content) -> dict[str, Json] | None:
    """The period that the data cover."""
    if (days := period(content)) is None:
        return None
    ends = {f"dcat:{name}Date": typed("date", day) for name, day in zip(("start", "end"), days, strict=True)}
    return {"@type": "dct:PeriodOfTime"} | ends


def located(content: Content) -> dict[str, Json] | None:
    """The place that the data cover."""
    spatial = place(content)
    label = {"skos:prefLabel": spatial["name"]} if "name" in spatial else {}
    country = {"@id": COUNTRIES + spatial["country"]} if "country" in spatial else {}
    return country | {"@type": "dct:Location"} | label if spatial else None


def distribution(file: File, content: Content) -> dict[str, Json]:
    """A file as a dcat:Distribution."""
    return {
        "@id": file.url,
        "@type": "dcat:Distribution",
        "dct:title": file.path,
        "dct:description": file.description,
        "dcat:accessURL": {"@id": file.url},
        "dcat:downloadURL": {"@id": file.url},
        "dcat:mediaType": {"@id": TYPES + file.media_type},
        "dcat:byteSize": typed("nonNegativeInteger", str(file.size)),
        "dct:license": [{"@id": url} for _, _, url in licences(content) if url],
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": typed("hexBinary", file.sha256),
        },
    }


def described(content: Content, data: list[File]) -> dict[str, Json]:
    """The release as a Dataset of schema.org."""
    fields = [(name, one) for name, each in content.package.resources.items() for one in each.fields]
    days, spatial = period(content), place(content)
    said = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": identifier(content),
        "identifier": identifier(content),
        **schema_org(content),
        "temporalCoverage": "/".join(days) if days else None,
        "spatialCoverage": {"@type": "Place", "name": spatial["name"]} if "name" in spatial else None,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": f"{name}.{one['name']}", "description": one.get("description", "")}
            for name, one in fields
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": one.path,
                "description": one.description,
                "contentUrl": one.url,
                "encodingFormat": one.media_type,
                "contentSize": str(one.size),
                "sha256": one.sha256,
            }
            for one in data
        ],
    }
    return {key: value for key, value in said.items() if value}
