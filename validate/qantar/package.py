"""Finds and reads a Data Package's descriptor; resolves its paths, and none outside its folder."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias, TypeGuard

from qantar.errors import DescriptorError, PackageError, UnsafeDataError, UnsafePathError
from qantar.model import OWN

Json: TypeAlias = Any
"""A decoded JSON value."""

DESCRIPTOR = "datapackage.json"

HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, which JSON can write though it is no text."""

SIZE_LIMIT = 20 << 20
"""Most bytes of a descriptor, a schema or a dialect, which take ten times as much memory."""

MODEL = "claims"
"""The value of the descriptor's `qantar.model` by which a package asks for the rules."""

REMOTE = ("http://", "https://", "ftp://", "ftps://")
"""How a path begins that the standard takes for a URL."""

MEDIATYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
"""The formats that mediatypes name; one that is none of these, of compressed files say, leaves it to the path."""


@dataclass(frozen=True)
class Resource:
    """One resource of a package: its descriptor, and its schema with every reference read in.

    `fault` says why the schema could not be read, `dialect_fault` why the dialect could not; they are then empty.
    `unfetched` has those of the two that are remote and may not be fetched.
    """

    name: str
    descriptor: dict[str, Json]
    schema: dict[str, Json] = field(default_factory=dict)
    fault: str | None = None
    dialect_file: dict[str, Json] = field(default_factory=dict)
    dialect_fault: str | None = None
    unfetched: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path as the descriptor gives it; the resource's name where the data are inline or in several parts."""
        return self.paths[0] if len(self.paths) == 1 else self.name

    @property
    def paths(self) -> list[str]:
        """The paths of the files that the data are in, in order."""
        return listed_paths(self.descriptor.get("path"))

    @cached_property
    def dialect(self) -> dict[str, Json]:
        """The dialect, inline or from its file; a tab parts the cells of a TSV file that names none."""
        inline = self.descriptor.get("dialect")
        given = inline if isinstance(inline, dict) else self.dialect_file
        dialect = {name: value for name, value in given.items() if value is not None}
        return ({"delimiter": "\t"} if self.format == "tsv" else {}) | dialect

    @property
    def format(self) -> str:
        """The format of the data: as the descriptor says, else by the path's ending, without that of compression."""
        if isinstance(self.descriptor.get("data"), list):
            return "json"
        given = self.descriptor.get("format") or MEDIATYPES.get(str(self.descriptor.get("mediatype")))
        if given:
            return str(given).lower()
        path = next(iter(self.paths), self.name)
        path = path.partition("?")[0].partition("#")[0] if is_remote(path) else path
        return PurePosixPath(path.removesuffix(".gz").removesuffix(".zip")).suffix.removeprefix(".").lower()

    @property
    def encoding(self) -> str:
        """The encoding of the data by its name; those inline are text already."""
        return str((self.paths and self.descriptor.get("encoding")) or "utf-8")

    @cached_property
    def fields(self) -> list[dict[str, Json]]:
        """The fields of the schema, in order."""
        return list(self.schema.get("fields", []))

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The fields of the primary key, in order; empty where there is none."""
        return names(self.schema.get("primaryKey"))

    @cached_property
    def unique(self) -> list[tuple[str, ...]]:
        """The unique fields and the unique keys, beside the primary key, each once."""
        constraints = ((one["name"], one.get("constraints")) for one in self.fields)
        alone = [(name,) for name, given in constraints if isinstance(given, dict) and given.get("unique") is True]
        several = [names(key) for key in self.schema.get("uniqueKeys", [])]
        return [one for one in dict.fromkeys([*alone, *several]) if one != self.key]

    @property
    def fields_match(self) -> str:
        """How the labels match the fields; the standard's text wants a string, its profile an array of one."""
        given = self.schema.get("fieldsMatch", "exact")
        return str(given[0] if isinstance(given, list) and len(given) == 1 else given)

    @property
    def references(self) -> list[str]:
        """The paths and URLs of its data, its schema and its dialect."""
        named = (self.descriptor.get(one) for one in ("schema", "dialect"))
        return [one for one in (*self.paths, *named) if isinstance(one, str)]

    @property
    def files(self) -> list[str]:
        """The paths of its data, its schema and its dialect, as far as these are in files of the package."""
        return [one for one in self.references if not is_remote(one)]

    @cached_property
    def relations(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        """Foreign keys as (fields, referenced resource, its fields); a self-reference names this resource."""
        return [
            (
                names(key["fields"]),
                str(key["reference"].get("resource") or self.name),
                names(key["reference"]["fields"]),
            )
            for key in self.schema.get("foreignKeys", [])
        ]


def names(value: str | list[str] | None) -> tuple[str, ...]:
    """A property that may be one name or a list of them, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


@dataclass
class Unpacked:
    """What was unpacked of a package: compressed files, each with the file that has its content, and the bytes of both.

    A compressed file stands with how it is packed and the format inside. `joined` are the files that were copied into a
    table of several.
    """

    files: dict[tuple[Path, str | None, str], Path] = field(default_factory=dict)
    joined: set[Path] = field(default_factory=set)
    packed: int = 0
    whole: int = 0


@dataclass(frozen=True)
class Package:
    """A Data Package on disk: its folder, its descriptor and its resources; whether what is remote may be fetched."""

    root: Path
    file: str
    descriptor: dict[str, Json]
    resources: dict[str, Resource]
    allow_remote: bool = False

    @classmethod
    def read(cls, path: Path, *, allow_remote: bool = False) -> Package:
        """Read the descriptor at `path`, a file or the folder that holds `datapackage.json`.

        Raises DescriptorError where it cannot be read, UnsafePathError where data or a schema lie outside the folder,
        UnsafeDataError where a file of JSON is too large.
        """
        file = inside(path, DESCRIPTOR) if path.is_dir() else path
        descriptor = read_json(file)
        listed = descriptor.get("resources")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise DescriptorError(f'{file}  The descriptor lists no resources. Expected "resources": [{{…}}].')
        package = cls(file.parent, file.name, descriptor, {}, allow_remote)
        for number, one in enumerate(listed, 1):
            name = str(one.get("name", f"resource-{number}"))
            name = f"{name}-{number}" if name in package.resources else name
            for local in (path for path in listed_paths(one.get("path")) if not is_remote(path)):
                inside(package.root, local)
            package.resources[name] = package.read_resource(name, one)
        return package

    @property
    def is_claims(self) -> bool:
        """Whether it declares the claims model, so that its figures are claims."""
        declared = self.descriptor.get("qantar")
        return isinstance(declared, dict) and declared.get("model") == MODEL

    def read_resource(self, name: str, descriptor: dict[str, Json]) -> Resource:
        """A resource with the files of its schema and its dialect read in."""
        parts = {"schema": descriptor.get("schema"), "dialect": descriptor.get("dialect")}
        unfetched = tuple(part for part, one in parts.items() if is_remote(one) and not self.allow_remote)
        parts = {part: None if part in unfetched else one for part, one in parts.items()}
        schema, fault = read_schema(self, parts["schema"])
        dialect, dialect_fault = parts["dialect"], None
        if isinstance(dialect, str):
            dialect, dialect_fault = read_part(self, dialect, "a Table Dialect")
        dialect = dialect if isinstance(dialect, dict) else {}
        return Resource(name, descriptor, schema, fault, dialect, dialect_fault, unfetched)

    def locate(self, path: str, most: int | None = None) -> Path:
        """The file that a path of the descriptor names, fetched where it is remote and that is allowed: `most` bytes.

        Raises UnsafePathError where it is not in the folder, OSError where it cannot be fetched.
        """
        if self.allow_remote and is_remote(path):
            from qantar.remote import fetch  # noqa: PLC0415 -- start-up is a feature

            return fetch(path, self.scratch, most)
        return inside(self.root, path)

    @cached_property
    def unpacked(self) -> Unpacked:
        """What was unpacked so far."""
        return Unpacked()

    @cached_property
    def scratch(self) -> Path:
        """A folder for what is fetched, unpacked or joined; it goes when the package does."""
        import shutil  # noqa: PLC0415 -- start-up is a feature
        import tempfile  # noqa: PLC0415
        import weakref  # noqa: PLC0415

        folder = Path(tempfile.mkdtemp(prefix="qantar-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder


def is_remote(path: Json) -> bool:
    """Whether a path is a URL to elsewhere."""
    return isinstance(path, str) and path.lower().startswith(REMOTE)


def listed_paths(path: Json) -> list[str]:
    """The paths that a property gives, one or several."""
    listed = path if isinstance(path, list) else [path]
    return [one for one in listed if isinstance(one, str)]


def inside(root: Path, path: str) -> Path:
    """Resolve `path` below `root`, following the specification: relative, POSIX, no way up."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "://" in path or PureWindowsPath(path).drive or "\0" in path:
        raise UnsafePathError(f"{path}  The path leads out of the package. Expected a relative path inside its folder.")
    file = root / pure
    try:
        real = file.resolve()
        mode = real.stat().st_mode if real.exists() else None
    except (OSError, RuntimeError, ValueError) as error:
        shown = path.encode("utf-8", errors="backslashreplace").decode()
        raise PackageError(f"{shown}  The path cannot be resolved: {error.__class__.__name__}.") from None
    if not real.is_relative_to(root.resolve()):
        raise UnsafePathError(f"{path}  The link leads out of the package. Expected a file inside its folder.")
    if mode is not None and not stat.S_ISREG(mode):
        raise UnsafePathError(f"{path or json.dumps(path)}  Not a regular file. Expected the path of one.")
    return file


def read_json(file: Path, name: str | None = None, expected: str = "a Data Package's descriptor") -> dict[str, Json]:
    """Read a JSON object; a failure is a PackageError with line and column where there are any."""
    name = name or str(file)
    try:
        data = read_small(file, name)
    except FileNotFoundError:
        raise DescriptorError(f"{name}  No such file. Expected {expected}.") from None
    except OSError as error:
        raise DescriptorError(f"{name}  The file cannot be read: {error.strerror}.") from None
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DescriptorError(
            f"{name}:{line}  Not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}. Save the file as UTF-8."
        ) from None
    except json.JSONDecodeError as error:
        raise DescriptorError(f"{name}:{error.lineno}:{error.colno}  Not JSON: {error.msg}.") from None
    except ValueError as error:  # a number of thousands of digits
        raise DescriptorError(f"{name}  Not to be read: {error}.") from None
    except RecursionError:
        raise DescriptorError(f"{name}  Nested too deeply to read.") from None
    if not isinstance(value, dict):
        raise DescriptorError(f"{name}  Expected a JSON object, found {type(value).__name__}.")
    return value


def read_small(file: Path, name: str) -> bytes:
    """The bytes of a file that is a regular one and has no more than is safe."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise UnsafePathError(f"{name}  Not a regular file. Expected a file with JSON.")
    with file.open("rb") as opened:
        data = opened.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise UnsafeDataError(f"{name}  The file is larger than is safe. Expected at most {SIZE_LIMIT:,} bytes.")
    return data


def read_part(package: Package, path: str, expected: str) -> tuple[dict[str, Json], str | None]:
    """A schema or a dialect in a file of its own, and why it could not be read."""
    try:
        return read_json(package.locate(path, SIZE_LIMIT), path, expected), None
    except DescriptorError as error:
        return {}, str(error)
    except OSError as error:
        return {}, f"{path}  The file cannot be read: {error.strerror}."


def read_schema(package: Package, schema: Json) -> tuple[dict[str, Json], str | None]:
    """A resource's schema, inline or in a file, and why it could not be read."""
    if isinstance(schema, str):
        schema, fault = read_part(package, schema, "a Table Schema")
        if fault:
            return {}, fault
    if schema is None:
        return {}, None
    reason = amiss(schema) if isinstance(schema, dict) else "it is neither an object nor a path"
    return ({}, f"The schema is not a Table Schema: {reason}.") if reason else (schema, None)


def amiss(schema: dict[str, Json]) -> str | None:
    """Which part of a schema that later steps rely on has not the shape that the specification gives, or None."""
    fields = schema.get("fields")
    if not isinstance(fields, list) or not all(isinstance(one, dict) and is_text(one.get("name")) for one in fields):
        return "its fields are no array of objects with names"
    own = {one["name"] for one in fields}
    if any(name.startswith(OWN) for name in own):
        return "the name of a field begins with a control character"
    for name in ("uniqueKeys", "foreignKeys"):
        if not isinstance(schema.get(name, []), list):
            return f"its {name} are no array"
    reasons = [astray("primaryKey", schema.get("primaryKey", []), own, 0)]
    reasons += [astray("uniqueKeys", key, own) for key in schema.get("uniqueKeys", [])]
    for key in schema.get("foreignKeys", []):
        if not isinstance(key, dict) or not refers(key.get("reference")):
            return "one of its foreignKeys does not say to which fields it refers"
        reasons.append(astray("foreignKeys", key.get("fields"), own))
    return next((reason for reason in reasons if reason), None)


def astray(name: str, key: Json, own: set[str], least: int = 1) -> str | None:
    """Why a key of a schema does not name fields of it, or None."""
    listed = [key] if isinstance(key, str) else key
    if not isinstance(listed, list) or len(listed) < least or not all(isinstance(one, str) for one in listed):
        return f"its {name} must be names of fields"
    unknown = next((one for one in listed if one not in own), None)
    return None if unknown is None else f"{unknown[:100]} in its {name} is the name of no field"


def is_text(value: Json) -> TypeGuard[str]:
    """Whether a JSON value is a string without half a character, which no cell can hold."""
    return isinstance(value, str) and not HALF.search(value)


def refers(reference: Json) -> bool:
    """Whether the reference of a foreign key names fields."""
    listed = reference.get("fields") if isinstance(reference, dict) else None
    return isinstance(listed, str | list) and all(isinstance(one, str) for one in names(listed))
