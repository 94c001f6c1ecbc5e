"""`ro-crate-metadata.json`: the release's folder as an RO-Crate 1.2."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from qantar.package import Json
from qantar.release.catalogue import File, agent, creators, files_of, licences, schema_org, write_json
from qantar.release.content import Content
from qantar.release.manifest import identifier

NAME = "ro-crate-metadata.json"

PROFILE = "https://w3id.org/ro/crate/1.2"


def write(content: Content, folder: Path) -> None:
    """Write the crate's metadata over all files that are there: it is the last format but the manifest."""
    files = files_of(content, folder)
    graph = [
        {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": PROFILE}, "about": {"@id": "./"}},
        root(content, files),
        *(
            {
                "@id": one.url,
                "@type": "File",
                "name": one.path,
                "description": one.description,
                "encodingFormat": one.media_type,
                "contentSize": str(one.size),
                "sha256": one.sha256,
            }
            for one in files
        ),
        *({"@id": rights(*one), "@type": "CreativeWork", "name": one[1]} for one in licences(content)),
        *({"@id": f"#creator-{at}"} | agent(one) for at, one in enumerate(creators(content), 1)),
    ]
    write_json(folder / NAME, {"@context": f"{PROFILE}/context", "@graph": graph})


def rights(name: str, words: str, url: str) -> str:
    """The identifier of a licence: its URL, else one in the crate."""
    return url or f"#{quote(name or words)}"


def root(content: Content, files: list[File]) -> dict[str, Json]:
    """The root data entity: the dataset, with references instead of values where the crate has an entity."""
    return (
        {"@id": "./", "@type": "Dataset"}
        | schema_org(content)
        | {
            "identifier": identifier(content),
            "license": [{"@id": rights(*one)} for one in licences(content)],
            "creator": [{"@id": f"#creator-{at}"} for at, _ in enumerate(creators(content), 1)],
            "hasPart": [{"@id": one.url} for one in files],
        }
    )
