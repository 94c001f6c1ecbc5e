"""Releases that are elsewhere: at a URL, or in an index of published versions; asked for by name, so fetched."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from qantar import remote
from qantar.errors import DescriptorError, NothingThereError, PackageError
from qantar.package import Json

INDEX, SUMS = "index.json", "SHA256SUMS"

VERSION = re.compile(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?|latest")
"""What is taken for a version, where no file has that name."""


def is_url(place: str) -> bool:
    """Whether a place is a URL that can be fetched."""
    return place.lower().startswith(("http://", "https://", "file://"))


def check_place(place: str) -> None:
    """Raise PackageError where a place is a URL, but none that can be fetched."""
    if "://" in place and not is_url(place):
        raise PackageError(f"{place}  It cannot be read from there. Expected a path, or an http, https or file URL.")


def look_up(version: str, index: str | Path | None) -> tuple[str, str]:
    """The URL and the digest of a version's archive, by an index: its URL or path, or that of its folder."""
    given = str(index or os.environ.get("QANTAR_INDEX") or "")
    if not given:
        raise PackageError(
            f"{version}  No index of versions is known. Expected index=… or QANTAR_INDEX, a URL or path."
        )
    check_place(given)
    place = given if is_url(given) else Path(given).resolve().as_uri()
    place = place if place.endswith(".json") else f"{place.rstrip('/')}/{INDEX}"
    entry = find(read_index(place), version, place)
    return beside(place, entry["path"]), entry["sha256"]


def beside(place: str, path: str) -> str:
    """The URL of an archive as an index names it: on a server, or, by an index on this machine, below its folder."""
    url = urljoin(place, path)
    if url.lower().startswith(("http://", "https://")):
        return url
    own, other = urlsplit(place), urlsplit(url)
    file = Path(url2pathname(other.path))
    within = ".." not in file.parts and file.is_relative_to(Path(url2pathname(own.path)).parent)
    if own.scheme == other.scheme == "file" and own.netloc == other.netloc and within:
        return url
    raise PackageError(f"{place}  The index leads elsewhere: {path}. Expected a path below its folder, or an http URL.")


def read_index(place: str) -> dict[str, Json]:
    """An index of versions, each with path and digest."""
    try:
        index = json.loads(fetch(place))
        listed = {str(one["version"]): {key: str(one[key]) for key in ("path", "sha256")} for one in index["versions"]}
        latest = str(index.get("latest"))
    except (ValueError, KeyError, TypeError, RecursionError):
        expected = 'Expected "versions": [{"version", "path", …}].'
        raise DescriptorError(f"{place}  Not an index of versions. {expected}") from None
    return {"latest": latest, "entries": listed}


def find(index: dict[str, Json], version: str, place: str) -> dict[str, str]:
    """The entry of a version."""
    entries: dict[str, dict[str, str]] = index["entries"]
    wanted = index["latest"] if version == "latest" else version
    if wanted not in entries:
        raise PackageError(f"{place}  No version {version}. Expected one of {', '.join(entries) or 'none yet'}.")
    return entries[wanted]


def fetch_archive(url: str, sha256: str | None = None) -> bytes:
    """An archive's bytes, held against the digest that is given, or else against `SHA256SUMS` beside it."""
    data = fetch(url)
    expected = sha256 or listed_sum(url)
    found = hashlib.sha256(data).hexdigest()
    if expected and found != expected.lower():
        raise PackageError(f"{url}  The archive has another digest than was published: {found}, expected {expected}.")
    return data


def listed_sum(url: str) -> str | None:
    """The digest that `SHA256SUMS` beside a file gives for it, if there is one."""
    try:
        lines = fetch(urljoin(url, SUMS)).decode("utf-8", "replace").splitlines()
    except NothingThereError:
        return None
    name = urlsplit(url).path.rpartition("/")[2]
    return next((digest for digest, _, file in (one.partition("  ") for one in lines) if file == name), None)


def fetch(url: str) -> bytes:
    """What is at a URL, as long as it is not too much."""
    try:
        if url.lower().startswith("file://"):
            return Path(url2pathname(urlsplit(url).path)).read_bytes()
        with tempfile.TemporaryDirectory(prefix="qantar-") as folder:
            return remote.fetch(url, Path(folder)).read_bytes()
    except (OSError, ValueError) as error:
        kind = NothingThereError if isinstance(error, remote.MissingError | FileNotFoundError) else PackageError
        raise kind(f"{url}  The file cannot be had: {getattr(error, 'strerror', None) or error}.") from None
