"""`datasette-metadata.json`: makes Datasette explain the tables and columns of the SQLite file."""

from __future__ import annotations

from pathlib import Path

from qantar.package import Json
from qantar.release.catalogue import licences, title, write_json
from qantar.release.claims import ABOUT, claim_fields
from qantar.release.content import Content


def write(content: Content, folder: Path) -> None:
    """Write `datasette-metadata.json`; Datasette calls the database as the file."""
    descriptor = content.package.descriptor
    words = {"title": f"{title(content)}, {content.version}", "description": descriptor.get("description", "")}
    rights = next(({"license": name, "license_url": url} for _, name, url in licences(content)), {})
    tables = {name: explained(one.descriptor, one.fields) for name, one in content.package.resources.items()}
    if content.claims is not None:
        tables["claims"] = explained({"description": ABOUT}, claim_fields(content.package))
    database = {"tables": tables}
    write_json(folder / "datasette-metadata.json", words | rights | {"databases": {content.name: database}})


def explained(about: dict[str, Json], fields: list[dict[str, Json]]) -> dict[str, Json]:
    """What is to be said of a table or a view."""
    columns = {one["name"]: one["description"] for one in fields if "description" in one}
    return {"description": about.get("description", ""), "columns": columns}
