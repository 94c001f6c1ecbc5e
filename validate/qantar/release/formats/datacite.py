"""`datacite.json`: DataCite's metadata, to be sent when a DOI is asked for; nobody's DOI is made up here."""

from __future__ import annotations

from pathlib import Path

from qantar.package import Json
from qantar.release.catalogue import UNKNOWN, creators, files_of, licences, maker, place, title, write_json
from qantar.release.content import Content
from qantar.release.manifest import identifier


def write(content: Content, folder: Path) -> None:
    """Write `datacite.json`."""
    descriptor = content.package.descriptor
    publishers = [one for one in descriptor.get("contributors") or [] if "publisher" in (one.get("roles") or [])]
    data = [one for one in files_of(content, folder) if one.holds_data]
    spatial = place(content).get("name")
    said = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": list(map(creator, creators(content))) or [{"name": UNKNOWN}],
        "titles": [{"title": title(content)}],
        "publisher": {"name": maker(publishers[0]) if publishers else UNKNOWN},
        "publicationYear": str(content.moment.year),
        "dates": [{"date": content.moment.date().isoformat(), "dateType": "Issued"}],
        "version": content.version,
        "subjects": [{"subject": one} for one in descriptor.get("keywords", [])],
        "rightsList": [
            {"rights": words}
            | ({"rightsIdentifier": name, "rightsIdentifierScheme": "SPDX"} if name else {})
            | ({"rightsUri": url} if url else {})
            for name, words, url in licences(content)
        ],
        "descriptions": [
            {"description": str(descriptor.get("description") or title(content)), "descriptionType": "Abstract"}
        ],
        "geoLocations": [{"geoLocationPlace": spatial}] if spatial else [],
        "formats": sorted({one.media_type for one in data}),
        "alternateIdentifiers": [{"alternateIdentifier": identifier(content), "alternateIdentifierType": "ni"}],
        "url": descriptor.get("homepage"),
    }
    write_json(folder / "datacite.json", {key: value for key, value in said.items() if value})


def creator(contributor: dict[str, Json]) -> dict[str, str]:
    """A contributor in DataCite's words."""
    if not contributor.get("familyName"):
        return {"name": maker(contributor), "nameType": "Organizational"}
    names = {own: contributor[own] for own in ("familyName", "givenName") if contributor.get(own)}
    return {"name": maker(contributor), "nameType": "Personal"} | names
