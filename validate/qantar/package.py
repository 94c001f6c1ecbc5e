"""Finds and reads a Data Package's descriptor; resolves its paths, and none outside its folder."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias

from qantar.errors import DescriptorError, PackageError, UnsafePathError

Json: TypeAlias = Any
"""A decoded JSON value."""

DESCRIPTOR = "datapackage.json"

REMOTE = ("http://", "https://", "ftp://", "ftps://")
"""How a path begins that the standard takes for a URL."""


@dataclass(frozen=True)
class Resource:
    """One resource of a package: its descriptor, and its schema with every reference read in.

    `fault` says why the schema could not be read; the schema is then empty.
    """

    name: str
    descriptor: dict[str, Json]
    schema: dict[str, Json] = field(default_factory=dict)
    fault: str | None = None

    @property
    def path(self) -> str:
        """The path as the descriptor gives it, or the resource's name where the data are inline."""
        path = self.descriptor.get("path")
        return path if isinstance(path, str) else self.name

    @cached_property
    def dialect(self) -> dict[str, Json]:
        """The dialect, inline; a tab parts the cells of a TSV file that names none."""
        given = self.descriptor.get("dialect")
        dialect = {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else {}
        return ({"delimiter": "\t"} if self.format == "tsv" else {}) | dialect

    @property
    def format(self) -> str:
        """The format of the file: as the descriptor says, else by the path's ending, without that of compression."""
        if isinstance(self.descriptor.get("data"), list):
            return "json"
        given = self.descriptor.get("format")
        path = self.path.removesuffix(".gz").removesuffix(".zip")
        return str(given).lower() if given else PurePosixPath(path).suffix.removeprefix(".").lower()

    @cached_property
    def fields(self) -> list[dict[str, Json]]:
        """The fields of the schema, in order."""
        return list(self.schema.get("fields", []))

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The fields of the primary key, in order; empty where there is none."""
        return names(self.schema.get("primaryKey"))

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


@dataclass(frozen=True)
class Package:
    """A Data Package on disk: its folder, its descriptor and its resources."""

    root: Path
    file: str
    descriptor: dict[str, Json]
    resources: dict[str, Resource]

    @classmethod
    def read(cls, path: Path) -> Package:
        """Read the descriptor at `path`, a file or the folder that holds `datapackage.json`.

        Raises DescriptorError where it cannot be read, UnsafePathError where data or a schema lie outside the folder.
        """
        file = path / DESCRIPTOR if path.is_dir() else path
        descriptor = read_json(file)
        listed = descriptor.get("resources")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise DescriptorError(f'{file}  The descriptor lists no resources. Expected "resources": [{{…}}].')
        root = file.parent
        resources = {}
        for number, one in enumerate(listed, 1):
            name = str(one.get("name", f"resource-{number}"))
            name = f"{name}-{number}" if name in resources else name
            for local in local_paths(one.get("path")):
                inside(root, local)
            schema, fault = read_schema(root, one.get("schema"))
            resources[name] = Resource(name, one, schema, fault)
        return cls(root, file.name, descriptor, resources)

    def locate(self, path: str) -> Path:
        """The file that a path of the descriptor names; UnsafePathError where it is not in the folder."""
        return inside(self.root, path)


def local_paths(path: Json) -> list[str]:
    """The paths of a resource that are no URLs to elsewhere: each of them must lie in the folder."""
    listed = path if isinstance(path, list) else [path]
    return [one for one in listed if isinstance(one, str) and not one.lower().startswith(REMOTE)]


def inside(root: Path, path: str) -> Path:
    """Resolve `path` below `root`, following the specification: relative, POSIX, no way up."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "://" in path or PureWindowsPath(path).drive or "\0" in path:
        raise UnsafePathError(f"{path}  The path leads out of the package. Expected a relative path inside its folder.")
    file = root / pure
    try:
        real = file.resolve()
        mode = real.stat().st_mode if real.exists() else None
    except (OSError, RuntimeError) as error:
        raise PackageError(f"{path}  The path cannot be resolved: {error.__class__.__name__}.") from None
    if not real.is_relative_to(root.resolve()):
        raise UnsafePathError(f"{path}  The link leads out of the package. Expected a file inside its folder.")
    if mode is not None and not stat.S_ISREG(mode):
        raise UnsafePathError(f"{path}  Not a regular file. Expected a file with the data.")
    return file


def read_json(file: Path) -> dict[str, Json]:
    """Read a JSON object; every failure is a DescriptorError with line and column where there are any."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise DescriptorError(f"{file}  No such file. Expected a Data Package's descriptor.") from None
    except OSError as error:
        raise DescriptorError(f"{file}  The file cannot be read: {error.strerror}.") from None
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DescriptorError(
            f"{file}:{line}  Not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}. Save the file as UTF-8."
        ) from None
    except json.JSONDecodeError as error:
        raise DescriptorError(f"{file}:{error.lineno}:{error.colno}  Not JSON: {error.msg}.") from None
    except ValueError as error:  # a number of thousands of digits
        raise DescriptorError(f"{file}  Not to be read: {error}.") from None
    except RecursionError:
        raise DescriptorError(f"{file}  Nested too deeply to read.") from None
    if not isinstance(value, dict):
        raise DescriptorError(f"{file}  Expected a JSON object, found {type(value).__name__}.")
    return value


def read_schema(root: Path, schema: Json) -> tuple[dict[str, Json], str | None]:
    """A resource's schema, inline or in a file, and why it could not be read."""
    if isinstance(schema, str):
        try:
            schema = read_json(inside(root, schema))
        except DescriptorError as error:
            return {}, str(error)
    if schema is None:
        return {}, None
    if not isinstance(schema, dict) or not well_formed(schema):
        return {}, "The schema is not a Table Schema: expected fields with names, keys that name fields of it."
    return schema, None


def well_formed(schema: dict[str, Json]) -> bool:
    """Whether the parts of a schema that later steps rely on have the shape that the specification gives."""
    fields = schema.get("fields")
    if not isinstance(fields, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in fields
    ):
        return False
    own = {one["name"] for one in fields}

    def keyed(value: Json) -> bool:
        listed = [value] if isinstance(value, str) else value
        return isinstance(listed, list) and all(isinstance(one, str) and one in own for one in listed)

    unique, foreign = schema.get("uniqueKeys", []), schema.get("foreignKeys", [])
    return (
        keyed(schema.get("primaryKey", []))
        and isinstance(unique, list)
        and all(keyed(key) for key in unique)
        and isinstance(foreign, list)
        and all(isinstance(key, dict) and keyed(key.get("fields")) and refers(key.get("reference")) for key in foreign)
    )


def refers(reference: Json) -> bool:
    """Whether the reference of a foreign key names fields."""
    listed = reference.get("fields") if isinstance(reference, dict) else None
    return isinstance(listed, str | list) and all(isinstance(one, str) for one in names(listed))
