"""A file from elsewhere, fetched over http or https and nothing else: what the user allowed by `--allow-remote`."""

from __future__ import annotations

import time
from hashlib import sha256
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import quote

LIMIT = 1 << 30
"""Most bytes that are fetched of one file of data."""

PATIENCE, DEADLINE = 30.0, 600.0
"""Seconds until a server must have sent something more, and until it must have sent all."""

HANDLERS = (
    request.ProxyHandler,
    request.UnknownHandler,
    request.HTTPHandler,
    request.HTTPSHandler,
    request.HTTPDefaultErrorHandler,
    request.HTTPErrorProcessor,
    request.HTTPRedirectHandler,
)
"""Those of the standard library without files, FTP and inline data, so that no redirection leads there either."""


GONE = (404, 410)
"""The answers of a server that has nothing there."""


class MissingError(OSError):
    """There is nothing at a URL."""


def fetch(url: str, folder: Path, most: int | None = None) -> Path:
    """Fetch a file of `most` bytes into a folder, once; OSError with the reason where it cannot be had whole."""
    target = folder / sha256(url.encode(errors="replace")).hexdigest()
    if target.exists():
        return target
    opener = request.OpenerDirector()
    for handler in HANDLERS:
        opener.add_handler(handler())
    try:
        with opener.open(quote(url, safe=":/?#[]@!$&'()*+,;=%~"), timeout=PATIENCE) as response:
            receive(response, target, LIMIT if most is None else most)
    except (OSError, HTTPException, ValueError) as error:
        target.unlink(missing_ok=True)
        if isinstance(error, HTTPError):
            error.close()  # it holds the connection
        kind = MissingError if getattr(error, "code", 0) in GONE else OSError
        raise kind(0, f"it cannot be fetched ({reason(error)})", url) from None
    return target


def receive(response: HTTPResponse, target: Path, most: int) -> None:
    """Write what a server sends into a file, as long as it is neither too much nor too slow."""
    end, size = time.monotonic() + DEADLINE, 0
    with target.open("wb") as file:
        while part := response.read1(1 << 16):
            size += file.write(part)
            if size > most:
                raise OSError(0, f"more than {most:,} bytes")
            if time.monotonic() > end:
                raise OSError(0, f"not at its end after {DEADLINE:.0f} seconds")
    told = response.headers.get("Content-Length", "")
    if told.isdecimal() and int(told) != size:
        raise OSError(0, f"it broke off after {size:,} of {told} bytes")


def reason(error: Exception) -> str:
    """Why a file could not be fetched, on one line."""
    if isinstance(error, HTTPError):
        return f"the server says {error.code} {error.msg}"
    cause = error.reason if isinstance(error, URLError) else error
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return " ".join(said.split()) or type(cause).__name__
