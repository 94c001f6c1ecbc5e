"""The dataset as it is with the earlier report alone, version 0.1.0: writes that package into a folder.

    python curation/earlier.py FOLDER

Kept is what a mention of that report proves, and what belongs to it: the report itself, the participants of its events
that it names, the words of its language. What is kept refers to nothing else: the result is valid, as a test shows.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from hashlib import sha256
from io import StringIO
from pathlib import Path

from qantar.codebook import codebook
from qantar.package import Package
from qantar.rule import chain
from qantar.rulebook import rulebook

ROOT = Path(__file__).parents[1]

EARLIER, VERSION = "so-0002", "0.1.0"

DESCRIPTION = ("two Hungarian news reports", "a Hungarian news report")
"""What the later version says of itself, and what this one says instead."""

LINKED = {"events": "event_id", "organisations": "organisation_id"}
"""What a participant links, with its key."""

Row = dict[str, str]


def read(package: Package) -> dict[str, list[Row]]:
    """The rows of each resource, as they are written."""
    tables = {}
    for name, resource in package.resources.items():
        with package.locate(resource.path).open(encoding="utf-8", newline="") as lines:
            tables[name] = list(csv.DictReader(lines))
    return tables


def earlier(package: Package) -> dict[str, list[Row]]:
    """The rows that the earlier report alone gives, in their order."""
    tables = read(package)
    up = {row["source_id"]: row["cited_in"] or None for row in tables["sources"]}
    own = [row for row in tables["mentions"] if chain(up, row["source_id"])[-1] == EARLIER]
    proven = {(row["resource"], row["record_id"]) for row in own} | {("sources", EARLIER)}
    kept = {
        name: [row for row in rows if (name, row[package.resources[name].key[0]]) in proven]
        for name, rows in tables.items()
    }
    events, bodies = ({row[key] for row in kept[name]} for name, key in LINKED.items())
    participants = [
        row for row in tables["participants"] if row["event_id"] in events and row["organisation_id"] in bodies
    ]
    return {**kept, "mentions": own, "participants": participants, "lexicon": tables["lexicon"]}


def write(folder: Path) -> None:
    """Write the package, with what a release of it must have."""
    package = Package.read(ROOT)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "data").mkdir()
    (folder / "docs").mkdir()
    for name in ("LICENSE", "LICENSE-DATA", "docs/coding-rules.md"):
        shutil.copy(ROOT / name, folder / name)
    descriptor = package.descriptor
    for name, rows in earlier(package).items():
        resource = package.resources[name]
        data = written([one["name"] for one in resource.fields], rows)
        (folder / resource.path).write_bytes(data)
        resource.descriptor.update(bytes=len(data), hash=f"sha256:{sha256(data).hexdigest()}")
    descriptor |= {"version": VERSION, "description": descriptor["description"].replace(*DESCRIPTION)}
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    head = f"## [{VERSION}]"
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n" + head + changelog.partition(head)[2], encoding="utf-8")
    rules = (folder / "docs" / "coding-rules.md").read_text(encoding="utf-8")
    (folder / "docs" / "codebook.md").write_text(codebook(Package.read(folder), rules), encoding="utf-8")
    (folder / "docs" / "rules.md").write_text(rulebook(), encoding="utf-8")


def written(fields: list[str], rows: list[Row]) -> bytes:
    """Rows as the files of `data/` are written."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
