"""What the tests of releases need: a small package that can be released, and the tool in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

TABLE = "id,n\nx,1\ny,2\n"

DESCRIPTOR = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "small",
    "title": "Small",
    "version": "1.0.0",
    "created": "2026-01-02T03:04:05Z",
    "licenses": [{"name": "CC0-1.0"}],
    "resources": [
        {
            "name": "t",
            "type": "table",
            "path": "data/t.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}],
                "primaryKey": ["id"],
            },
        }
    ],
}


def changelog(version: str, *counts: int) -> str:
    """A changelog with one entry."""
    numbers = " | ".join(map(str, counts))
    head = "| resource | added | changed | retired | rows |\n|-|-|-|-|-|"
    return f"## [{version}] - 2026-01-02\n\n{head}\n| t | {numbers} |\n"


def small(folder: Path, version: str = "1.0.0", table: str = TABLE, entry: str | None = None) -> Path:
    """Write a version of the small package; as it stands here its first release holds."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "t.csv").write_text(table, encoding="utf-8", newline="")
    (folder / "datapackage.json").write_text(json.dumps({**DESCRIPTOR, "version": version}), encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(entry or changelog(version, 2, 0, 0, 2), encoding="utf-8")
    return folder


def qantar(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the tool as a user does, in a process of its own."""
    command = [sys.executable, "-m", "qantar", *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that is below a folder, hidden or not, with its bytes."""
    return {
        one.relative_to(folder).as_posix(): one.read_bytes() if one.is_file() else None
        for one in sorted(folder.rglob("*"))
    }
