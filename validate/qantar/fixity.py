"""Whether the files of a resource have the length and the digest that the descriptor gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from qantar.model import Finding
from qantar.package import Package, Resource, is_remote

ALGORITHMS = {name for name in hashlib.algorithms_guaranteed if not name.startswith("shake_")}
"""The digests that are checked: those of a fixed length, which every Python has."""

HINT = "If the change is meant, run qantar stamp."


def digest_of(resource: Resource) -> tuple[str, str]:
    """The algorithm and the digest that the descriptor gives; both empty where it gives none."""
    algorithm, _, digest = str(resource.descriptor.get("hash") or "").rpartition(":")
    return (algorithm.lower() or "md5", digest) if digest else ("", "")


def unproven(resource: Resource) -> str | None:
    """Why the digest of a resource is not checked, or None."""
    algorithm, digest = digest_of(resource)
    if digest and not resource.paths:
        return "data inline have no file"
    if digest and len(resource.paths) > 1:
        return "a digest of several files is not defined"
    if digest and algorithm not in ALGORITHMS:
        return f"the algorithm {algorithm} is unknown, only {', '.join(sorted(ALGORITHMS))}"
    return None


def check_bytes(package: Package, resource: Resource) -> Iterator[Finding]:
    """A finding where the length of the files, together, or the digest is not the descriptor's."""
    here = package.allow_remote or not any(map(is_remote, resource.paths))
    files = [package.locate(path) for path in resource.paths] if here else []
    algorithm, digest = digest_of(resource)
    if files and digest and not unproven(resource):
        with files[0].open("rb") as opened:
            found = hashlib.file_digest(opened, algorithm).hexdigest()
        if found != digest.lower():
            message = "The file has another digest than the descriptor says."
            place = resource.path, resource.name
            yield Finding("hash-count", message, *place, value=found, expected=digest, hint=HINT)
            return  # another length is the same fault
    size, given = sum(file.stat().st_size for file in files), resource.descriptor.get("bytes")
    if files and given is not None and given != size:
        message = f"The {'file has' if len(files) == 1 else 'parts have'} another length than the descriptor says."
        place = resource.path, resource.name
        yield Finding("byte-count", message, *place, value=str(size), expected=str(given), hint=HINT)
