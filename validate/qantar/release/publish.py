"""A release published where others find it: its files first, then `index.json`, which makes it count, in one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import fsspec

from qantar.errors import QantarError, TargetError
from qantar.package import Json, read_json
from qantar.published import INDEX
from qantar.release.bump import is_version, parts
from qantar.release.manifest import MANIFEST, SUMS, sha256
from qantar.release.secrets import secrets
from qantar.release.signature import SIGNATURE
from qantar.release.store import Store, held
from qantar.release.verify import verify_release
from qantar.reports.text import describe

OLD, UNSURE = "Readers see the old state.", "Readers may see the new state already."
"""What is said where publishing fails: until the index is replaced, and from then on."""


@dataclass
class Published:
    """What came of publishing a release: whether it was there already, or why it was refused; what readers see then."""

    version: str
    unchanged: bool = False
    refusals: list[str] = field(default_factory=list)
    seen: str = OLD


def publish(release: Path, target: str, *, break_lock: bool = False) -> Published:
    """Publish the release in a folder; TargetError where that cannot be done, which says what readers then see.

    A published version never changes: the same bytes are nothing to do, others are refused.
    """
    verdict = verify_release(str(release))
    published = Published("" if verdict.findings else str(read_json(release / MANIFEST)["version"]))
    published.refusals += ["\n".join(describe(one)) for one in verdict.findings]
    if not verdict.findings and not is_version(published.version):
        published.refusals.append(f"{release}  version={published.version}. Expected three numbers, as 1.0.0.")
    if not published.refusals:
        published.refusals += secrets(release)
    if published.refusals:
        return published
    try:
        store = Store(*fsspec.url_to_fs(target))
        store.system.makedirs(store.root, exist_ok=True)
        with held(store, break_lock=break_lock) as check:
            add(store, release, published, check)
    except QantarError:
        raise
    except Exception as error:  # noqa: BLE001 -- the libraries of the protocols have errors of their own
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        said = f"The release cannot be published: {str(reason).removesuffix('.')}. {published.seen}"
        raise TargetError(f"{target}  {said}") from None
    return published


def add(store: Store, release: Path, published: Published, check: Callable[[], None]) -> None:
    """Copy the files of a release, then add it to the index if the target is still held."""
    version, index = published.version, read_index(store)
    entry = describe_release(release, version)
    there = next((one for one in index["versions"] if one["version"] == version), None)
    if there is not None and there != entry:
        published.refusals.append(f"{version}  The version is published with other bytes, and never changes.")
        return
    published.unchanged = there is not None
    names = {one.relative_to(release).as_posix(): one for one in release.rglob("*") if one.is_file()}
    if published.unchanged:
        published.refusals += [
            f"{version}/{name}  The file at the target is not the one that was published. Restore it from the release."
            for name in store.differing(version, names)
            if name != SIGNATURE
        ]
        if not published.refusals and SIGNATURE in names:
            add_signature(store, f"{version}/{SIGNATURE}", names[SIGNATURE].read_bytes())
        return
    for name, file in sorted(names.items()):
        store.put(file, f"{version}/{name}")
    store.remove_others(version, set(names))
    for folder in sorted({str(Path(version, name).parent) for name in names}):
        store.sync(folder)
    versions = sorted([*index["versions"], entry], key=lambda one: parts(one["version"]))
    data = json.dumps({"versions": versions, "latest": versions[-1]["version"]}, indent=2) + "\n"
    stage = store.stage(INDEX, data.encode())
    check()
    published.seen = UNSURE
    store.move(stage, INDEX)


def add_signature(store: Store, name: str, signature: bytes) -> None:
    """Publish a signature that came later, or in place of one that is not whole or is another."""
    if store.read(name) != signature:
        store.move(store.stage(name, signature), name)


def describe_release(release: Path, version: str) -> dict[str, str]:
    """A release's entry in the index: the path and digest of its archive, and the digest of its sums."""
    (archive,) = release.glob("*.zip")
    path = f"{version}/{archive.name}"
    return {"version": version, "path": path, "sha256": sha256(archive), "sums": sha256(release / SUMS)}


def read_index(store: Store) -> dict[str, Json]:
    """The index of a target, empty where nothing was published; TargetError where it is none."""
    data = store.read(INDEX)
    if data is None:
        return {"versions": []}
    try:
        index = json.loads(data)
        sound = all(is_version(one["version"]) and isinstance(one["sums"], str) for one in index["versions"])
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound:
        raise TargetError(f"{store.path(INDEX)}  Not an index of releases. Nothing was changed.")
    return dict(index)
