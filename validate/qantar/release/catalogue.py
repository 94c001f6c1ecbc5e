"""What catalogues ask of a release: its identity, its licences, its makers, its files with type, length and digest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from qantar.package import Json
from qantar.release.claims import ABOUT
from qantar.release.content import Content
from qantar.release.manifest import files, sha256

MEDIA_TYPES = {
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
"""The registered media types of a release's files."""

DATA = (".csv", ".geojson", ".parquet", ".sqlite", ".xlsx", ".zip")
"""The endings of what holds data; the other files are about them."""


UNKNOWN = ":unav"
"""What DataCite wants where a value that it requires is not known."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release; `url` is relative to the release."""

    path: str
    url: str
    media_type: str
    size: int
    sha256: str
    description: str

    @property
    def holds_data(self) -> bool:
        """Whether the file holds data, and not words about them."""
        return PurePosixPath(self.path).suffix in DATA


def files_of(content: Content, folder: Path) -> list[File]:
    """The files that the folder has by now, in order."""
    return [
        File(name, quote(name), media_type(name), file.stat().st_size, sha256(file), purpose(name, content))
        for name, file in files(folder).items()
    ]


def media_type(path: str) -> str:
    """The media type of a file by its ending."""
    return MEDIA_TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def purpose(path: str, content: Content) -> str:
    """What a file is, in words: of a resource's file, what the resource is."""
    pure = PurePosixPath(path)
    own = next((one for one in content.package.resources.values() if pure.stem == one.name or path == one.path), None)
    what = PURPOSES.get(path) or PURPOSES.get(pure.suffix, "A file that describes the release.")
    if own is None or pure.suffix not in DATA:
        return what
    return str(own.descriptor.get("description") or own.descriptor.get("title") or what)


PURPOSES = {
    "claims.csv": ABOUT,
    "hxl/claims.csv": f"{ABOUT} With HXL hashtags.",
    ".csv": "A table as CSV.",
    ".geojson": "Places or located events as GeoJSON.",
    ".sqlite": "All tables in one SQLite file, with keys and explanations.",
    ".xlsx": "All tables in one workbook, with explanations.",
    ".zip": "The whole Data Package: data, schemas, documentation, licences.",
}


def licences(content: Content) -> Iterator[tuple[str, str, str]]:
    """The licences as (identifier, title, URL), empty where they are not given; each has something to be called by."""
    for one in content.package.descriptor.get("licenses") or []:
        name, url = str(one.get("name") or ""), str(one.get("path") or "")
        if words := str(one.get("title") or name or url):
            yield name, words, url


def title(content: Content) -> str:
    """The title of the package, or its name."""
    return str(content.package.descriptor.get("title") or content.name)


def cited(content: Content) -> str:
    """How to cite the release, in a line."""
    makers = "; ".join(map(maker, creators(content))) or UNKNOWN
    return f"{makers} ({content.moment.year}). {title(content)} (Version {content.version}) [Data set]."


def creators(content: Content) -> list[dict[str, Json]]:
    """Who made the package: the contributors whose role that is, else all who have a name."""
    listed = [one for one in content.package.descriptor.get("contributors") or [] if maker(one) != UNKNOWN]
    return [one for one in listed if "creator" in (one.get("roles") or [])] or listed


def maker(contributor: dict[str, Json]) -> str:
    """The name of a contributor: of a person the family name first, of all others as it is."""
    if not contributor.get("familyName"):
        return str(contributor.get("title") or contributor.get("organization") or UNKNOWN)
    return ", ".join(contributor[one] for one in ("familyName", "givenName") if contributor.get(one))


def agent(contributor: dict[str, Json]) -> dict[str, str]:
    """A contributor in schema.org's words."""
    kind = "Person" if contributor.get("familyName") else "Organization"
    return {"@type": kind, "name": maker(contributor)}


def schema_org(content: Content) -> dict[str, Json]:
    """What schema.org says of every release, whatever the profile."""
    descriptor = content.package.descriptor
    given = {
        "name": title(content),
        "description": descriptor.get("description"),
        "version": content.version,
        "license": [url or name or words for name, words, url in licences(content)],
        "creator": list(map(agent, creators(content))),
        "keywords": descriptor.get("keywords"),
        "datePublished": content.moment.date().isoformat(),
        "url": descriptor.get("homepage"),
    }
    return {key: value for key, value in given.items() if value}


def period(content: Content) -> tuple[str, str] | None:
    """The first and the last day that the data cover."""
    temporal = content.package.descriptor.get("temporal")
    if not isinstance(temporal, dict) or not {"start", "end"} <= {*temporal}:
        return None
    return temporal["start"], temporal["end"]


def place(content: Content) -> dict[str, Json]:
    """The place that the data cover."""
    spatial = content.package.descriptor.get("spatial")
    return spatial if isinstance(spatial, dict) else {}


def write_json(file: Path, value: Json) -> None:
    """Write a JSON file as people like to read it."""
    file.write_bytes((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())
