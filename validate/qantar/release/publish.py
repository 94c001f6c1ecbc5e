"""A release published where others find it: its files first, then `index.json`, which makes it count, in one step."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from qantar.errors import BusyError, TargetError
from qantar.package import Json, read_json
from qantar.published import INDEX
from qantar.release import atomic
from qantar.release.bump import is_version, parts
from qantar.release.manifest import MANIFEST, SUMS, sha256
from qantar.release.secrets import secrets
from qantar.release.signature import SIGNATURE
from qantar.release.verify import verify_release
from qantar.reports.text import describe

LOCK = "publish.lock"
"""Who holds a target whose system cannot hold a folder for a process."""


@dataclass
class Published:
    """What came of publishing a release: whether it was there already, or why it was refused."""

    version: str
    unchanged: bool = False
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Store:
    """A target: any file system that fsspec knows, and a folder of it. A local one is synced to the disk."""

    system: fsspec.AbstractFileSystem
    root: str

    @property
    def is_local(self) -> bool:
        """Whether the folder is on this machine."""
        return isinstance(self.system, LocalFileSystem)

    def path(self, name: str) -> str:
        """The full path of a file."""
        return f"{self.root}/{name}"

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            return bytes(self.system.cat_file(self.path(name)))
        except FileNotFoundError:
            return None

    def put(self, file: Path, name: str) -> None:
        """Copy a file to the target."""
        self.system.makedirs(self.system._parent(self.path(name)), exist_ok=True)  # noqa: SLF001 -- fsspec has no other
        self.system.put_file(str(file), self.path(name))
        self.sync(name)

    def replace(self, name: str, data: bytes) -> None:
        """Write a file in one step: a reader sees the old one or the new one."""
        stage = f"{atomic.PREFIX}{name}"
        self.system.pipe_file(self.path(stage), data)
        self.sync(stage)
        self.system.mv(self.path(stage), self.path(name))
        self.sync("")

    def sync(self, name: str) -> None:
        """Make a file, or the names in a folder, safe on a local disk; elsewhere that is the server's part."""
        if self.is_local:
            atomic.sync(Path(self.path(name)))

    def remove_others(self, folder: str, names: set[str]) -> None:
        """Remove the files of a folder that do not belong there: what a killed publisher left."""
        for path in self.system.find(self.path(folder)):
            if path.removeprefix(f"{self.path(folder)}/") not in names:
                self.system.rm_file(path)


def publish(release: Path, target: str, *, break_lock: bool = False) -> Published:
    """Publish the release in a folder; TargetError where that cannot be done, and readers then see the old state.

    A published version never changes: the same bytes are nothing to do, others are refused.
    """
    verdict = verify_release(str(release))
    published = Published("" if verdict.findings else str(read_json(release / MANIFEST)["version"]))
    published.refusals += ["\n".join(describe(one)) for one in verdict.findings]
    if not verdict.findings and not is_version(published.version):
        published.refusals.append(f"{release}  version={published.version}. Expected three numbers, as 1.0.0.")
    published.refusals += secrets(release)
    if published.refusals:
        return published
    try:
        store = Store(*fsspec.url_to_fs(target))
        store.system.makedirs(store.root, exist_ok=True)
        with held(store, break_lock=break_lock):
            add(store, release, published)
    except (OSError, ValueError, ImportError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TargetError(f"{target}  The release cannot be published: {reason}. Readers see the old state.") from None
    return published


def add(store: Store, release: Path, published: Published) -> None:
    """Copy the files of a release, then add it to the index."""
    version, index = published.version, read_index(store)
    entry = describe_release(release, version)
    there = next((one for one in index["versions"] if one["version"] == version), None)
    if there is not None and there != entry:
        published.refusals.append(f"{version}  The version is published with other bytes, and never changes.")
        return
    published.unchanged = there is not None
    names = {one.relative_to(release).as_posix(): one for one in release.rglob("*") if one.is_file()}
    if published.unchanged:
        if SIGNATURE in names and store.read(f"{version}/{SIGNATURE}") is None:
            store.put(names[SIGNATURE], f"{version}/{SIGNATURE}")
        return
    for name, file in sorted(names.items()):
        store.put(file, f"{version}/{name}")
    store.remove_others(version, set(names))
    for folder in sorted({str(Path(version, name).parent) for name in names}):
        store.sync(folder)
    versions = sorted([*index["versions"], entry], key=lambda one: parts(one["version"]))
    data = json.dumps({"versions": versions, "latest": versions[-1]["version"]}, indent=2) + "\n"
    store.replace(INDEX, data.encode())


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


@contextmanager
def held(store: Store, *, break_lock: bool) -> Iterator[None]:
    """Hold a target alone: a local folder by the system, another by a file that only one process can make."""
    if store.is_local:
        with atomic.alone(Path(store.root)):
            atomic.sweep(Path(store.root))
            yield
        return
    lock = store.path(LOCK)
    if break_lock and store.system.exists(lock):
        store.system.rm_file(lock)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    holder = f"process {os.getpid()} on {socket.gethostname()} since {now}"
    try:
        store.system.pipe_file(lock, holder.encode(), mode="create")
    except FileExistsError:
        other = (store.read(LOCK) or b"somebody").decode("utf-8", "replace")
        raise BusyError(f"{lock}  Held by {other}. If that process is gone, publish with --break-lock.") from None
    try:
        yield
    finally:
        store.system.rm_file(lock)
