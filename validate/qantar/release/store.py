"""Where releases are published: a folder of any file system that fsspec knows, held by one publisher at a time."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from qantar.errors import BusyError
from qantar.release import atomic
from qantar.release.manifest import SUMS

LOCK = "publish.lock"
"""Who holds a target whose system cannot hold a folder for a process: a file, or a folder with a file in it."""


@dataclass(frozen=True)
class Store:
    """A target: any file system that fsspec knows, and a folder of it. A local one is synced to the disk."""

    system: fsspec.AbstractFileSystem
    root: str

    @property
    def is_local(self) -> bool:
        """Whether the folder is on this machine."""
        return isinstance(self.system, LocalFileSystem)

    @property
    def creates(self) -> bool:
        """Whether only one process can make a file; what fsspec does by itself is to look first, and then to write."""
        return getattr(self.system.pipe_file, "__func__", None) is not fsspec.AbstractFileSystem.pipe_file

    def path(self, name: str) -> str:
        """The full path of a file."""
        return f"{self.root}/{name}"

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            return bytes(self.system.cat_file(self.path(name)))
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> set[str]:
        """The files below a folder, by their paths in it, as they are now."""
        self.system.invalidate_cache()
        return {str(one).removeprefix(f"{self.path(folder)}/") for one in self.system.find(self.path(folder))}

    def differing(self, folder: str, files: dict[str, Path]) -> list[str]:
        """Which files of a folder are missing, extra or other: by their sizes, the sums and what is local by bytes."""
        self.system.invalidate_cache()
        found = self.system.find(self.path(folder), detail=True)
        there = {str(path).removeprefix(f"{self.path(folder)}/"): one["size"] for path, one in found.items()}
        return sorted(
            name
            for name in {*files, *there}
            if name not in files
            or there.get(name) != files[name].stat().st_size
            or ((self.is_local or name == SUMS) and self.read(f"{folder}/{name}") != files[name].read_bytes())
        )

    def put(self, file: Path, name: str) -> None:
        """Copy a file to the target."""
        self.system.makedirs(self.system._parent(self.path(name)), exist_ok=True)  # noqa: SLF001 -- fsspec has no other
        self.system.put_file(str(file), self.path(name))
        self.sync(name)

    def stage(self, name: str, data: bytes) -> str:
        """Write a file beside the releases, so that it can then be moved to its place; its name there."""
        stage = f"{atomic.PREFIX}{Path(name).name}"
        self.system.pipe_file(self.path(stage), data)
        self.sync(stage)
        return stage

    def move(self, stage: str, name: str) -> None:
        """Put a staged file in its place in one step: a reader sees the one before or the new one."""
        self.system.mv(self.path(stage), self.path(name))
        self.sync(str(Path(name).parent))

    def sync(self, name: str) -> None:
        """Make a file, or the names in a folder, safe on a local disk; elsewhere that is the server's part."""
        if self.is_local:
            atomic.sync(Path(self.path(name)))

    def remove_others(self, folder: str, names: set[str]) -> None:
        """Remove the files of a folder that do not belong there: what a killed publisher left."""
        for name in sorted(self.names(folder) - names):
            self.system.rm_file(self.path(f"{folder}/{name}"))


@contextmanager
def held(store: Store, *, break_lock: bool) -> Iterator[Callable[[], None]]:
    """Hold a target alone; what is given back raises BusyError where the lock was broken meanwhile.

    A local folder is held by the system. Elsewhere it is a file that only one process can make, and where the system
    knows none, a folder: two that make one at once are told apart by the files that they then see in it.
    """
    if store.is_local:
        with atomic.alone(Path(store.root)):
            atomic.sweep(Path(store.root))
            yield lambda: None
        return
    if break_lock:
        remove_lock(store)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    token = uuid.uuid4().hex
    holder = f"process {os.getpid()} on {socket.gethostname()} since {now} ({token})"
    with (by_file if store.creates else by_folder)(store, holder, token) as is_own:

        def check() -> None:
            if not is_own():
                raise BusyError(f"{store.path(LOCK)}  Another publisher took the target. The release is not listed.")

        yield check


@contextmanager
def by_file(store: Store, holder: str, _: str) -> Iterator[Callable[[], bool]]:
    """Hold a target by a file, which is only removed while it is one's own."""

    def is_own() -> bool:
        return store.read(LOCK) == holder.encode()

    try:
        store.system.pipe_file(store.path(LOCK), holder.encode(), mode="create")
    except FileExistsError:
        raise busy(store, LOCK) from None
    try:
        yield is_own
    finally:
        if is_own():
            store.system.rm_file(store.path(LOCK))


@contextmanager
def by_folder(store: Store, holder: str, token: str) -> Iterator[Callable[[], bool]]:
    """Hold a target by a folder with one file in it, which are only removed while there is no other."""
    folder = store.path(LOCK)
    try:
        store.system.mkdir(folder, create_parents=False)
    except Exception as error:  # each protocol has another error for what is there
        if not isinstance(error, FileExistsError) and not store.system.exists(folder):
            raise
        raise busy(store, LOCK, *sorted(store.names(LOCK))) from None
    try:
        store.system.pipe_file(f"{folder}/{token}", holder.encode())
        if others := store.names(LOCK) - {token}:
            raise busy(store, LOCK, *sorted(others))
        yield lambda: store.names(LOCK) == {token}
    finally:
        names = store.names(LOCK)
        if token in names:
            store.system.rm_file(f"{folder}/{token}")
        if names <= {token} and store.system.isdir(folder):
            store.system.rmdir(folder)


def busy(store: Store, *names: str) -> BusyError:
    """What is said where another publisher has the lock: who it is, by the file that these names lead to."""
    holder = b"somebody"
    with suppress(Exception):  # it is a folder, or gone again
        holder = store.read("/".join(names[:2])) or holder
    other = holder.decode("utf-8", "replace")
    return BusyError(f"{store.path(LOCK)}  Held by {other}. If that process is gone, publish with --break-lock.")


def remove_lock(store: Store) -> None:
    """Take a target from a publisher that is gone."""
    lock = store.path(LOCK)
    if store.system.isdir(lock):
        for name in store.names(LOCK):
            store.system.rm_file(f"{lock}/{name}")
        store.system.rmdir(lock)
    elif store.system.exists(lock):
        store.system.rm_file(lock)
