"""Where a resource's data come from: a file of the package, unpacked bytes, or the descriptor itself."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import IO

from qantar.errors import UnsafeDataError
from qantar.package import Json, Package, Resource
from qantar.records import Source

FORMATS = ("csv", "tsv", "json", "jsonl", "ndjson", "parquet")
"""The formats that are read."""

UNPACKED_LIMIT = 1 << 30
"""Most bytes that a compressed file is unpacked to."""

RATIO_LIMIT, RATIO_FROM = 200, 10 << 20
"""A file that unpacks to more than 10 MB and to more than 200 times its size is taken for an attack: text packs to a
tenth, and the densest that deflate can do is 1,032 to 1."""


def unreadable(resource: Resource) -> str | None:
    """Why a resource cannot be checked at all, or None."""
    path, data = resource.descriptor.get("path"), resource.descriptor.get("data")
    format_named = f"the format {resource.format}" if resource.format else "a format that is not named"
    reasons = {
        "its schema cannot be read": resource.fault is not None,
        "data in several parts are not read": isinstance(path, list),
        "its data are remote": isinstance(path, str) and "://" in path and not path.startswith("file:"),
        "it has no path and no table inline": path is None and not isinstance(data, list | str),
        "it has no schema": not resource.schema,
        f"{format_named} is not read, only {', '.join(FORMATS)}": resource.format not in FORMATS,
    }
    return next((reason for reason, holds in reasons.items() if holds), None) or unreadable_text(resource)


def unreadable_text(resource: Resource) -> str | None:
    """Why the text of a resource cannot be read as its dialect and encoding say, or None."""
    encoding = resource.descriptor.get("encoding") or "utf-8"
    try:
        "".encode(str(encoding))
    except (LookupError, ValueError):
        return f"the encoding {encoding} is unknown"
    if isinstance(resource.descriptor.get("dialect"), str):
        return "a dialect in a file of its own is not applied"
    odd = [name for name, value in resource.dialect.items() if not applied(name, value)]
    return f"of its dialect, {', '.join(odd)} cannot be applied" if odd else None


def applied(name: str, value: Json) -> bool:
    """Whether a property of a dialect is applied as it stands; one that says nothing of text is passed over."""
    match name:
        case "delimiter" | "quoteChar" | "escapeChar":
            single = isinstance(value, str) and len(value) == 1 and value not in "\r\n "
            return single or (name == "quoteChar" and value == "")
        case "doubleQuote" | "skipInitialSpace" | "header":
            return isinstance(value, bool)
        case "commentChar" | "nullSequence":
            return isinstance(value, str) and value != ""
        case "lineTerminator":
            return isinstance(value, str) and value in {"\n", "\r\n"}
        case "headerRows":
            return bool(value == [1])
    return name not in {"commentRows", "itemType", "itemKeys", "headerJoin"}


def open_source(package: Package, resource: Resource) -> Source:
    """The data of a resource; compressed ones unpacked, inline ones as bytes.

    Raises UnsafeDataError where they unpack to more than is safe, OSError where they cannot be read.
    """
    data = resource.descriptor.get("data")
    if resource.descriptor.get("path") is None:
        return (data if isinstance(data, str) else json.dumps(data)).encode()
    file = package.locate(resource.path)
    packing = packed(resource)
    if packing is None:
        return file
    try:
        if packing == "gz":
            with gzip.open(file) as opened:
                return unpack(opened, resource.path, file.stat().st_size)
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            inner = Path(resource.path).name.removesuffix(".zip")
            named = [one for one in members if Path(one.filename).name == inner] or members[: len(members) == 1]
            if not named:
                raise OSError(0, "which file of the archive is meant is not clear")
            with archive.open(named[0]) as opened:
                return unpack(opened, resource.path, named[0].compress_size)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise OSError(0, f"it cannot be unpacked ({error})") from None


def packed(resource: Resource) -> str | None:
    """How a file is compressed, by the descriptor or by its ending."""
    named = resource.descriptor.get("compression")
    for packing in ("gz", "zip"):
        if named == packing or (not named and resource.path.endswith(f".{packing}")):
            return packing
    return None


def unpack(opened: IO[bytes] | gzip.GzipFile, path: str, size: int) -> bytes:
    """The unpacked bytes, as long as there are not too many."""
    whole = io.BytesIO()
    while part := opened.read(1 << 20):
        whole.write(part)
        long = whole.tell()
        if long > UNPACKED_LIMIT or (long > RATIO_FROM and long > RATIO_LIMIT * max(size, 1)):
            raise UnsafeDataError(
                f"{path}  The file unpacks to more than is safe: {long:,} bytes and more from {size:,}."
            )
    return whole.getvalue()
