"""Where a resource's data come from: files of the package or from elsewhere, unpacked files, or the descriptor."""

from __future__ import annotations

import gzip
import importlib.util
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from qantar.errors import UnsafeDataError
from qantar.native import SHEETS
from qantar.package import Json, Package, Resource, is_remote
from qantar.parts import Joined, join, unjoinable
from qantar.records import Source

FORMATS = ("csv", "tsv", "json", "jsonl", "ndjson", "parquet", *SHEETS)
"""The formats that are read."""

UNPACKED_LIMIT = 1 << 30
"""Most bytes that a compressed file is unpacked to."""

WHOLE_LIMIT = 4 << 30
"""Most bytes that all compressed files of a package are unpacked to, and that are copied of files named again."""

RATIO_LIMIT, RATIO_FROM = 200, 10 << 20
"""A file or a package that unpacks to more than 10 MB and to more than 200 times its size is taken for an attack: text
packs to a tenth, and the densest that deflate can do is 1,032 to 1."""

DOCTYPE = b"<!DOCTYPE"
"""How the definition of entities begins, by which a short text may stand for a very long one."""


def unreadable(package: Package, resource: Resource) -> str | None:
    """Why a resource cannot be checked at all, or None."""
    paths, data = resource.paths, resource.descriptor.get("data")
    format_named = f"the format {resource.format}" if resource.format else "a format that is not named"
    reasons = {
        "its schema cannot be read": resource.fault is not None,
        "its dialect cannot be read": resource.dialect_fault is not None,
        f"its {' and '.join(resource.unfetched)} is remote: --allow-remote lets it be fetched": resource.unfetched,
        "it has no path and no table inline": not paths and not isinstance(data, list | str),
        "its paths are neither all local nor all remote": len({is_remote(one) for one in paths}) > 1,
        "its data are remote, over neither http nor https": any(is_remote(one) and one[0] in "fF" for one in paths),
        "its data are remote: --allow-remote lets them be fetched": (
            any(is_remote(one) for one in paths) and not package.allow_remote
        ),
        "it has no schema": not resource.schema,
        f"{format_named} is not read, only {', '.join(FORMATS)}": resource.format not in FORMATS,
        'a sheet is read with openpyxl: pip install "qantar[xlsx]"': (
            resource.format in SHEETS and not importlib.util.find_spec("openpyxl")
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), None) or unreadable_text(resource)


def unreadable_text(resource: Resource) -> str | None:
    """Why the text of a resource cannot be read as its dialect and encoding say, or None."""
    try:
        "".encode(resource.encoding)
    except (LookupError, ValueError):
        return f"the encoding {resource.encoding} is unknown"
    dialect = resource.dialect
    odd = [
        name for name in USED.get(resource.format, DELIMITED) if name in dialect and not APPLIED[name](dialect[name])
    ]
    if dialect.get("delimiter") == " " and dialect.get("skipInitialSpace") is True:
        odd.append("skipInitialSpace beside a blank as delimiter")
    if odd:
        return f"of its dialect, {', '.join(odd)} cannot be applied"
    return unjoinable(resource) if len(resource.paths) > 1 else None


def single(value: Json) -> bool:
    """Whether a value is one character that can stand inside a line."""
    return isinstance(value, str) and len(value) == 1 and value not in "\r\n "


def filled(value: Json) -> bool:
    """Whether a value is a text that is not empty."""
    return isinstance(value, str) and value != ""


def counting(value: Json) -> bool:
    """Whether a value is a number from 1."""
    return type(value) is int and value > 0


def each(value: Json, fits: Callable[[Json], bool]) -> bool:
    """Whether a value is a list of which all are as they must be."""
    return isinstance(value, list) and all(map(fits, value))


APPLIED: dict[str, Callable[[Json], bool]] = {
    "delimiter": lambda value: filled(value) and not {*value} & {"\r", "\n", '"'},
    "quoteChar": lambda value: value == "" or single(value),
    "escapeChar": single,
    **dict.fromkeys(("doubleQuote", "skipInitialSpace", "header"), lambda value: isinstance(value, bool)),
    **dict.fromkeys(("commentChar", "nullSequence", "lineTerminator", "property", "sheetName"), filled),
    "headerJoin": lambda value: isinstance(value, str),
    **dict.fromkeys(("headerRows", "commentRows"), lambda value: each(value, counting)),
    "itemType": lambda value: isinstance(value, str) and value in {"array", "object"},
    "itemKeys": lambda value: value != [] and each(value, lambda one: isinstance(one, str)),
    "sheetNumber": counting,
}
"""The properties of a dialect, and with which values they are applied."""

HEADER = ("header", "headerRows", "headerJoin", "commentRows")
DELIMITED = (
    *("delimiter", "lineTerminator", "quoteChar", "doubleQuote", "escapeChar"),
    *("nullSequence", "skipInitialSpace", "commentChar", *HEADER),
)
ITEMS = ("property", "itemType", "itemKeys", *HEADER)
USED = {
    **dict.fromkeys(("json", "jsonl", "ndjson"), ITEMS),
    **dict.fromkeys(SHEETS, ("sheetName", "sheetNumber", *HEADER)),
    "parquet": (),
}
"""The properties of a dialect that each format has a use for; the standard wants the others ignored."""


def open_source(package: Package, resource: Resource) -> Source | Joined:
    """The data of a resource; compressed ones unpacked into a file, parts joined, inline ones as bytes.

    Raises UnsafeDataError where they unpack to more than is safe, OSError where they cannot be read.
    """
    data = resource.descriptor.get("data")
    if not resource.paths:
        return (data if isinstance(data, str) else json.dumps(data)).encode(errors="surrogatepass")
    if len(resource.paths) > 1:
        parts = (once(package, open_part(package, resource, path), path) for path in resource.paths)
        return join(resource, parts, package.scratch / f"joined-{list(package.resources).index(resource.name)}")
    return open_part(package, resource, resource.paths[0])


def once(package: Package, part: Path, path: str) -> Path:
    """A part of a table; what is copied of one that was copied before counts as unpacked."""
    seen, real, size = package.unpacked, part.resolve(), part.stat().st_size
    seen.whole += size if real in seen.joined else 0
    seen.joined.add(real)
    if seen.whole > WHOLE_LIMIT:
        raise UnsafeDataError(
            f"{path}  The package is joined from more than is safe: {seen.whole:,} bytes named again."
        )
    return part


def open_part(package: Package, resource: Resource, path: str) -> Path:
    """The data of one file of a resource, unpacked where it is compressed; once, however many resources name it."""
    file, packing = package.locate(path), packed(resource, path)
    if packing is None and resource.format not in SHEETS:
        return file
    key = file, packing, resource.format
    if key in package.unpacked.files:
        return package.unpacked.files[key]
    try:
        source = unpack(package, file, path, packing) if packing else file
        if resource.format in SHEETS:
            measure_book(package, source, path)
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise OSError(0, f"it cannot be unpacked ({error})", path) from None
    package.unpacked.files[key] = source
    return source


def unpack(package: Package, file: Path, path: str, packing: str) -> Path:
    """A file with what is packed in another."""
    target = package.scratch / f"unpacked-{len(package.unpacked.files)}"
    with content(file, path, packing) as (opened, size), target.open("wb") as written:
        written.writelines(counted(package, unpacked(opened, path, size), path, size))
    return target


@contextmanager
def content(file: Path, path: str, packing: str) -> Iterator[tuple[IO[bytes] | gzip.GzipFile, int]]:
    """What is packed in a file, and how many bytes of the file that takes."""
    size = file.stat().st_size
    if packing == "gz":
        with gzip.open(file) as opened:
            yield opened, size
        return
    with zipfile.ZipFile(file) as archive:
        member = inner(archive, path)
        with archive.open(member) as inside:
            yield inside, min(size, member.compress_size)


def packed(resource: Resource, path: str) -> str | None:
    """How a file is compressed, by the descriptor or by its ending."""
    named = resource.descriptor.get("compression")
    for packing in ("gz", "zip"):
        if named == packing or (not named and path.endswith(f".{packing}")):
            return packing
    return None


def inner(archive: zipfile.ZipFile, path: str) -> zipfile.ZipInfo:
    """The file of an archive that is meant: the one of the archive's own name, or the only one."""
    members = [one for one in archive.infolist() if not one.is_dir()]
    name = Path(path).name.removesuffix(".zip")
    named = [one for one in members if Path(one.filename).name == name] or members[: len(members) == 1]
    if not named:
        raise OSError(0, "which file of the archive is meant is not clear", path)
    return named[0]


def unpacked(opened: IO[bytes] | gzip.GzipFile, path: str, size: int, already: int = 0) -> Iterator[bytes]:
    """The unpacked bytes, as long as there are not too many together with those before."""
    while part := opened.read(1 << 20):
        already += len(part)
        refuse_much(path, size, already, UNPACKED_LIMIT)
        yield part


def counted(package: Package, parts: Iterator[bytes], path: str, size: int) -> Iterator[bytes]:
    """Unpacked bytes of a package, as long as all that it unpacks to is not too much."""
    seen = package.unpacked
    seen.packed += size
    for part in parts:
        seen.whole += len(part)
        refuse_much(path, seen.packed, seen.whole, WHOLE_LIMIT, "With this file, the package")
        yield part


def refuse_much(path: str, size: int, already: int, limit: int, what: str = "The file") -> None:
    """UnsafeDataError where a file or a package of some size unpacks to too many bytes."""
    if already > limit or (already > RATIO_FROM and already > RATIO_LIMIT * max(size, 1)):
        raise UnsafeDataError(f"{path}  {what} unpacks to more than is safe: {already:,} bytes and more from {size:,}.")


def measure_book(package: Package, source: Path, path: str) -> None:
    """Unpack all files of a workbook once, for its reader does so without a limit; refuse what makes text grow."""
    size, already = source.stat().st_size, 0
    package.unpacked.packed += size
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            end = b""
            with archive.open(member) as opened:
                for part in counted(package, unpacked(opened, path, size, already), path, 0):
                    already += len(part)
                    text = (end + part).replace(b"\0", b"")  # as of UTF-16
                    if DOCTYPE in text and member.filename.endswith((".xml", ".rels")):
                        raise UnsafeDataError(f"{path}  The workbook defines entities of its own, as no workbook does.")
                    end = part[-4 * len(DOCTYPE) :]
