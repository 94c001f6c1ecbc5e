"""What closes a release: `MANIFEST.json`, the digests of its files and of its contents, and `SHA256SUMS`."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from qantar.release.content import Content

MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"

FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""The modes of a release, whatever the umask."""


def write_manifest(content: Content, folder: Path) -> None:
    """Write the manifest and the sums of all that is in the folder, and set the modes: the last step of a build."""
    listed = {name: {"bytes": file.stat().st_size, "sha256": sha256(file)} for name, file in files(folder).items()}
    manifest = {
        "name": content.package.descriptor.get("name"),
        "version": content.version,
        "identifier": identifier(content),
        "moment": content.moment.isoformat().replace("+00:00", "Z"),
        "resources": {
            name: {"rows": content.tables[name].height, "content": digest} for name, digest in content.digests.items()
        },
        "files": listed,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="")
    digests = {name: one["sha256"] for name, one in listed.items()} | {MANIFEST: sha256(folder / MANIFEST)}
    sums = "".join(f"{digests[name]}  {name}\n" for name in files(folder))
    (folder / SUMS).write_text(sums, encoding="utf-8", newline="")
    for one in (folder, *folder.rglob("*")):
        one.chmod(FOLDER_MODE if one.is_dir() else FILE_MODE)


def identifier(content: Content) -> str:
    """What names the content, wherever it is published: an `ni` URI (RFC 6920) of the resources' content digests."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(content.digests.items()))
    digest = hashlib.sha256(lines.encode()).digest()
    return f"ni:///sha-256;{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def files(folder: Path) -> dict[str, Path]:
    """The files of a release by their paths in it, in order, without what closes it."""
    found = {one.relative_to(folder).as_posix(): one for one in folder.rglob("*") if one.is_file()}
    return {name: found[name] for name in sorted(found) if name not in (SUMS, f"{SUMS}.minisig")}


def sha256(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
