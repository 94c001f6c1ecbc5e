"""Runs a command of the tool again and again, each time with a fault at another operation on the disk.

    python faults.py kill|interrupt|disk TARGET WORK ARGUMENT...

For n = 1, 2, … the folder TARGET is copied to WORK/n, the command runs there (`{}` in an argument stands for the copy)
and its n-th operation that changes that folder meets the fault; then the command runs again without one. A line of JSON
tells each time what was there after both. It ends with the first run that has fewer operations than n. Only what was
killed is run again, since that leaves the most behind.

All files are written by `_pyio`, so that Python's own writes can be counted; libraries in other languages write
unseen, so that only the format of Python alone is built here.
"""

from __future__ import annotations

import _pyio  # type: ignore[import-not-found]
import builtins
import contextlib
import errno
import hashlib
import importlib
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

UNREACHED = 200
"""Added to the exit code of a run that had fewer operations."""

ANSWERS = {"mkdir": errno.EROFS, "open": errno.EROFS, "write": errno.ENOSPC, "sendfile": errno.ENOSPC}
"""What a disk answers to an operation: read only, full, and to all others an I/O error."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Faulty:
    """Counts the operations below a folder, and lets the n-th meet its fault."""

    def __init__(self, fault: str, number: int, folder: Path, log: Path) -> None:
        self.fault, self.number, self.folder, self.log = fault, number, str(folder.resolve()), log
        self.count = 0

    def meet(self, name: str, path: str, half: Callable[[], object] | None = None) -> None:
        """Count an operation; at the n-th, do what the fault is."""
        if not f"{path}/".startswith(f"{self.folder}/"):
            return
        self.count += 1
        if self.count != self.number:
            return
        self.log.write_text(f"{name} {path.removeprefix(self.folder)}")
        match self.fault:
            case "kill":
                if half:
                    half()
                os.kill(os.getpid(), signal.SIGKILL)
            case "interrupt":
                os.kill(os.getpid(), signal.SIGINT)
            case _:
                code = ANSWERS.get(name, errno.EIO)
                raise OSError(code, os.strerror(code), path)

    def install(self) -> None:
        """Put the counting functions in the place of the real ones."""
        for name in ("mkdir", "rename", "replace", "unlink", "remove", "rmdir", "chmod"):
            self.wrap(name)
        real_open, real_write, real_fsync, real_send = os.open, os.write, os.fsync, os.sendfile

        def opening(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            if flags & WRITING:
                self.meet("open", place(path, dir_fd))
            return real_open(path, flags, mode, dir_fd=dir_fd)

        def writing(handle: int, data: Any, /) -> int:
            self.meet("write", of(handle), lambda: real_write(handle, memoryview(data)[: len(data) // 2]))
            return real_write(handle, data)

        def syncing(handle: Any, /) -> None:
            self.meet("fsync", of(handle))
            real_fsync(handle)

        def sending(target: Any, source: Any, offset: Any, count: int) -> int:
            self.meet("sendfile", of(target), lambda: real_send(target, source, offset, 5))
            return real_send(target, source, offset, count)

        stand_ins = {"open": opening, "write": writing, "fsync": syncing, "sendfile": sending}
        for name, function in stand_ins.items():
            setattr(os, name, function)
        builtins.open = io.open = _pyio.open

    def wrap(self, name: str) -> None:
        """Count the calls of a function that takes a path."""
        real = getattr(os, name)

        def counting(path: Any, *rest: Any, **more: Any) -> Any:
            self.meet(name, place(path, more.get("dir_fd") or more.get("src_dir_fd")))
            return real(path, *rest, **more)

        setattr(os, name, counting)


def of(handle: int) -> str:
    """The path of an open file."""
    return str(Path(f"/proc/self/fd/{handle}").readlink())


def place(path: Any, folder: int | None) -> str:
    """The full path that a call means."""
    if isinstance(path, int):
        return of(path)
    return os.path.join(of(folder) if folder else os.getcwd(), os.fsdecode(path))  # noqa: PTH109, PTH118 -- not counted


def state(folder: Path) -> dict[str, str]:
    """The digests of all files below a folder, and the folders."""
    found = sorted(folder.rglob("*"))
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() if one.is_file() else ""
        for one in found
    }


def run(arguments: list[str], faulty: Faulty | None, errors: Path) -> int:
    """Run the tool in a process of its own, forked from this one, which has imported it; its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 0
    with errors.open("w") as sink, contextlib.redirect_stderr(sink), contextlib.redirect_stdout(sink):
        sys.argv = ["qantar", *arguments]
        try:
            if faulty:
                faulty.install()
            commands.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        except BaseException as error:  # noqa: BLE001 -- a crash is what is looked for
            sink.write(f"Traceback: {error!r}")
            code = 99
        sink.flush()
    os._exit(code + UNREACHED if faulty and faulty.count < faulty.number else code)


def runs(fault: str, target: Path, work: Path, arguments: list[str]) -> Iterator[dict[str, object]]:
    """Each run with its fault, and the run after it."""
    for number in range(1, 1000):
        folder, log, errors = work / str(number), work / f"{number}.log", work / f"{number}.err"
        shutil.copytree(target, folder)
        placed = [one.replace("{}", str(folder)) for one in arguments]
        code = run(placed, Faulty(fault, number, folder, log), errors)
        after, said = state(folder), errors.read_text()
        again = run(placed, None, errors) if fault == "kill" or code >= UNREACHED else None
        met = log.read_text() if log.exists() else ""
        yield {"met": met, "code": code, "said": said, "after": after, "again": again, "end": state(folder)}
        shutil.rmtree(folder)
        if code >= UNREACHED:
            return


if __name__ == "__main__":
    os.environ["POLARS_MAX_THREADS"] = "1"
    for module in ("build", "publish", "formats.datapackage"):  # once, not in each process
        importlib.import_module(f"qantar.release.{module}")
    from qantar import commands
    from qantar.release import formats

    formats.FORMATS = ("datapackage",)  # type: ignore[assignment]
    formats.READABLE = {"csv": "datapackage"}
    for line in runs(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]):
        sys.stdout.write(json.dumps(line) + "\n")
