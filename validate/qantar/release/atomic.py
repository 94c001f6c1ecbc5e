"""Files and folders that are there whole or not at all, whatever happens while they are written.

What is not whole yet has a hidden name beside its place. It is synced to the disk and then renamed, which the system
does in one step. What a killed process leaves behind is swept away by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qantar.errors import BusyError

MODE = 0o644
"""The mode of a file, whatever the umask."""

PREFIX = ".qantar-"
"""How the name of what is not whole yet begins."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes; BusyError where another one has it.

    The system itself gives it free when the process ends, however it ends.
    """
    import fcntl  # noqa: PLC0415 -- not everywhere, and needed only here

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BusyError(f"{folder}  Another process writes a release there. Try again when it is done.") from None
    else:
        yield
    finally:
        os.close(handle)


@contextmanager
def staged(place: Path) -> Iterator[Path]:
    """A hidden folder beside `place` to fill; it is gone when the context ends, unless `settle` put it there.

    The folder above must be held alone.
    """
    sweep(place.parent)
    stage = place.with_name(PREFIX + place.name)
    try:
        stage.mkdir()
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def settle(stage: Path, place: Path) -> None:
    """Put a folder that is filled where it belongs."""
    sync_all(stage)
    stage.rename(place)
    sync(place.parent)


def write(file: Path, data: bytes) -> None:
    """Write a file in one step, in place of the one before."""
    stage = file.with_name(PREFIX + file.name)
    try:
        with stage.open("wb", buffering=0) as opened:
            view = memoryview(data)
            while view:
                view = view[opened.write(view) :]
            os.fsync(opened.fileno())
        stage.chmod(MODE)
        stage.replace(file)
        sync(file.parent)
    except BaseException:
        stage.unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what a killed process left in a folder."""
    for one in folder.glob(f"{PREFIX}*"):
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()


def sync_all(folder: Path) -> None:
    """Make a folder and all in it safe on the disk."""
    for one in folder.rglob("*"):
        sync(one)
    sync(folder)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, safe on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
