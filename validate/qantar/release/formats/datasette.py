"""`datasette-metadata.json`: makes Datasette explain the tables and columns of the SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qantar.package import Json, Resource
from qantar.release.catalogue import licences, title, write_json
from qantar.release.content import Content


def write(content: Content, folder: Path) -> Iterator[Path]:
    """Write `datasette-metadata.json`; Datasette calls the database as the file."""
    descriptor = content.package.descriptor
    words = {"title": f"{title(content)}, {content.version}", "description": descriptor.get("description", "")}
    rights = next(({"license": name, "license_url": url} for _, name, url in licences(content)), {})
    tables = {name: explained(one) for name, one in content.package.resources.items()}
    database = {"tables": tables}
    yield write_json(folder / "datasette-metadata.json", words | rights | {"databases": {content.name: database}})


def explained(resource: Resource) -> dict[str, Json]:
    """What is to be said of a table."""
    columns = {one["name"]: one["description"] for one in resource.fields if "description" in one}
    return {"description": resource.descriptor.get("description", ""), "columns": columns}
