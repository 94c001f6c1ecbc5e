"""Standard output and standard error, on which no text, no closed pipe and no full disk ends in a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from qantar.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OUT, ERR = 1, 2
"""The numbers that the system gives them."""


def open_outputs() -> None:
    """Make both outputs bear any text: UTF-8, but on a terminal what that can show, the rest escaped."""
    sys.stdout, sys.stderr = opened(sys.stdout, OUT), opened(sys.stderr, ERR)


def opened(stream: TextIO | None, number: int) -> TextIO:
    """One of the two."""
    if stream is None:  # it was closed before the run began
        return Path(os.devnull).open("w", encoding="utf-8")
    if stream.isatty() and isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
        return stream
    return io.TextIOWrapper(io.BufferedWriter(Stream(number, "w", closefd=False)), "utf-8", "backslashreplace")


class Stream(io.FileIO):
    """The bytes of an output. What its reader did not wait for is dropped, so that a run comes to its exit code."""

    def write(self, data: ReadableBuffer, /) -> int:  # noqa: D102
        try:
            return super().write(data)
        except OSError as error:
            if error.errno == errno.EPIPE or self.fileno() == ERR:
                return memoryview(data).nbytes
            raise SettingsError(f"standard output  It cannot be written: {error.strerror}.") from None
