"""`CITATION.cff`, from the descriptor."""

from __future__ import annotations

from pathlib import Path

import yaml

from qantar.package import Json
from qantar.release.catalogue import UNKNOWN, creators, licences, maker
from qantar.release.content import Content

NAME = "CITATION.cff"

MESSAGE = "If you use this dataset, please cite it."


def write(content: Content, folder: Path) -> None:
    """Write `CITATION.cff`."""
    file = folder / NAME
    file.write_bytes(citation(content))


def citation(content: Content) -> bytes:
    """How to cite the release, in the Citation File Format 1.2.0."""
    descriptor = content.package.descriptor
    said = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "title": descriptor.get("title") or content.name,
        "type": "dataset",
        "version": content.version,
        "date-released": content.moment.date(),
        "authors": list(map(author, creators(content))) or [{"name": UNKNOWN}],
        "license": [name for name, _, _ in licences(content) if name],
        "keywords": descriptor.get("keywords"),
        "url": descriptor.get("homepage"),
        "abstract": descriptor.get("description"),
    }
    known = {key: value for key, value in said.items() if value}
    return str(yaml.safe_dump(known, sort_keys=False, allow_unicode=True, width=120)).encode()


def author(contributor: dict[str, Json]) -> dict[str, str]:
    """A contributor as a person where the family name is known, else as a body."""
    names = {"familyName": "family-names", "givenName": "given-names", "email": "email"}
    if not contributor.get("familyName"):
        return {"name": maker(contributor)}
    return {cff: contributor[own] for own, cff in names.items() if contributor.get(own)}
