"""A release checked by whoever has it: sums, manifest, contents across formats, signature.

Nothing in a release is believed: names lead nowhere else, links are not followed, archives are unpacked within bounds.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import polars as pl

from qantar import published
from qantar.dataset import read_tables
from qantar.errors import NothingThereError, PackageError, UnsafeDataError
from qantar.model import Finding
from qantar.package import DESCRIPTOR, Json, Package, inside, read_json
from qantar.release import formats
from qantar.release.content import release_name, unsafe_names
from qantar.release.digest import content_digest
from qantar.release.formats import parquet
from qantar.release.manifest import MANIFEST, SUMS, sha256
from qantar.release.signature import SIGNATURE, fault_of, signer
from qantar.source import UNPACKED_LIMIT

LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
"""A line of `SHA256SUMS`."""

SUMS_LIMIT, FILES_LIMIT, WHOLE_LIMIT = 1 << 20, 10_000, 4 << 30
"""Most bytes of `SHA256SUMS`, most files of a release, and most bytes that are fetched."""

UNREADABLE = (PackageError, OSError, ValueError, KeyError, TypeError, sqlite3.Error, pl.exceptions.PolarsError)
"""What a damaged or hostile file makes its reader raise."""


@dataclass
class Verdict:
    """What was found in a release; `notes` say what could not be checked, and what holds."""

    name: str = ""
    files: int = 0
    contents: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, rule: str, path: str, message: str, **more: str | None) -> None:
        """Add a finding on a file of the release."""
        self.findings.append(Finding(rule, message, path, **more))  # type: ignore[arg-type]


def verify_release(place: str, key: str | None = None) -> Verdict:
    """Check the release in a folder or at a URL; `key` is the public key by which it should be signed.

    Raises PackageError where there is no release.
    """
    verdict = Verdict()
    with fetched(place, verdict) as folder:
        sums = read_sums(folder, verdict)
        verdict.files = len(sums)
        check_files(folder, sums, verdict)
        whole = not verdict.findings
        check_signature(folder, key, verdict)
        if whole:
            check_manifest(folder, sums, verdict)
        else:
            verdict.notes.append("manifest and contents not checked: the files are not those of the release")
    return verdict


@contextmanager
def fetched(place: str, verdict: Verdict) -> Iterator[Path]:
    """The folder of a release: as it lies, or fetched from a URL into a temporary folder."""
    published.check_place(place)
    if not published.is_url(place):
        path = Path(place)
        above = (one for one in path.absolute().parents if (one / SUMS).is_file())
        yield next(above, path.parent) if path.is_file() else path
        return
    head, _, last = place.rstrip("/").rpartition("/")
    base = head if last == SUMS or last.endswith((".zip", ".json")) else place.rstrip("/")
    verdict.notes.append("files that are not listed cannot be seen at a URL")
    with tempfile.TemporaryDirectory(prefix="qantar-") as folder:
        (Path(folder) / SUMS).write_bytes(published.fetch(f"{base}/{SUMS}"))
        whole = 0
        for name in [*read_sums(Path(folder), Verdict()), SIGNATURE]:
            whole += fetch_file(base, name, Path(folder))
            if whole > WHOLE_LIMIT:
                raise UnsafeDataError(f"{place}  The release has more than is safe: over {whole:,} bytes.")
        yield Path(folder)


def fetch_file(base: str, name: str, folder: Path) -> int:
    """Fetch a file into the folder, if it is there; the number of its bytes."""
    try:
        data = published.fetch(f"{base}/{quote(name)}")
    except NothingThereError:
        return 0
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return len(data)


def read_sums(folder: Path, verdict: Verdict) -> dict[str, str]:
    """The digests of the files by name, as far as the names are safe; PackageError where there are none to read."""
    try:
        with inside(folder, SUMS).open("rb") as opened:
            text = opened.read(SUMS_LIMIT + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"{folder}  No release is there: {SUMS} cannot be read ({error}).") from None
    lines = text.splitlines()
    if not lines or len(text) > SUMS_LIMIT or len(lines) > FILES_LIMIT:
        raise PackageError(f"{folder}  {SUMS} is not that of a release: {len(lines):,} lines.")
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        found = LINE.fullmatch(line)
        if found is None or found[2] in {*sums, SUMS, SIGNATURE}:
            verdict.fault("malformed-sums", f"{SUMS}:{number}", "Not a digest and the name of a file.", value=line)
        elif is_safe(folder, found[2]):
            sums[found[2]] = found[1]
        else:
            verdict.fault("unsafe-path", f"{SUMS}:{number}", "The name leads out of the release.", value=found[2])
    return sums


def is_safe(folder: Path, name: str) -> bool:
    """Whether a name stays in the folder, and is that of a regular file if it is there."""
    try:
        return inside(folder, name).relative_to(folder).as_posix() == name and "\\" not in name
    except PackageError:
        return False


def check_files(folder: Path, sums: dict[str, str], verdict: Verdict) -> None:
    """A finding for each file that is missing, differs, is not listed, or is no regular file."""
    present = set(listed(folder, verdict))
    for name, expected in sums.items():
        if name not in present:
            verdict.fault("missing-file", name, "The file is missing.", expected=expected)
        elif (found := sha256(folder / name)) != expected:
            verdict.fault("differing-file", name, "The file has another digest.", value=found, expected=expected)
    for name in sorted(present - {*sums, SUMS, SIGNATURE}):
        verdict.fault("extra-file", name, "The file is not one of the release.")


def listed(folder: Path, verdict: Verdict) -> Iterator[str]:
    """The regular files below a folder; links and devices are findings, and not followed."""
    for top, folders, names in os.walk(folder):
        for name in sorted(folders + names):
            path = Path(top, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                verdict.fault("unsafe-file", relative, "Not a regular file.")
            elif path.is_file():
                yield relative


def check_signature(folder: Path, key: str | None, verdict: Verdict) -> None:
    """A finding where the signature does not hold, or is missing though a key is given; else a note."""
    file = folder / SIGNATURE
    if not file.is_file() or file.is_symlink():
        if key:
            verdict.fault("missing-signature", SIGNATURE, "The release is not signed.", expected=f"one by {key}")
        verdict.notes.append("not signed")
    elif key is None and signer(file.read_bytes()) is None:
        verdict.fault("malformed-signature", SIGNATURE, "Not a signature of minisign.")
    elif key is None:
        verdict.notes.append("signed, but not checked: no --key PUBKEY")
    elif fault := fault_of(file.read_bytes(), (folder / SUMS).read_bytes(), key):
        verdict.fault("differing-signature", SIGNATURE, "The signature does not hold.", value=fault)
    else:
        verdict.notes.append(f"signed by {key}")


def check_manifest(folder: Path, sums: dict[str, str], verdict: Verdict) -> None:
    """The manifest against files, descriptor and contents."""
    try:
        manifest = read_json(inside(folder, MANIFEST))
        package = Package.read(folder)
        files = {name: (one["bytes"], one["sha256"]) for name, one in manifest["files"].items()}
        stated = {name: (one["rows"], one["content"]) for name, one in manifest["resources"].items()}
        names = manifest["name"], manifest["version"]
    except UNREADABLE as error:
        verdict.fault("malformed-manifest", MANIFEST, f"The manifest cannot be read: {error}.")
        return
    verdict.name = release_name(*names)
    for name in unsafe_names(package):
        verdict.fault("unsafe-path", DESCRIPTOR, "The name leads out of the release.", value=name)
    if names != (package.descriptor.get("name"), package.descriptor.get("version")):
        verdict.fault("differing-manifest", MANIFEST, "The manifest names another release than the descriptor.")
    there = {name: ((folder / name).stat().st_size, digest) for name, digest in sums.items() if name != MANIFEST}
    for name in sorted({*files, *there}):
        if files.get(name) != there.get(name):
            verdict.fault("differing-manifest", MANIFEST, "The manifest says otherwise of a file.", value=name)
    if not unsafe_names(package):
        check_contents(folder, package, stated, verdict)


def check_contents(folder: Path, package: Package, stated: dict[str, tuple[int, str]], verdict: Verdict) -> None:
    """The content of each resource, by each format that holds it, against the digest in the manifest."""
    if set(stated) != set(package.resources):
        verdict.fault("differing-manifest", MANIFEST, "The manifest names other resources than the descriptor.")
        return
    for name in formats.READABLE:
        try:
            if name == "parquet":
                check_sizes(folder, package, stated)
            found = contents(package, formats.read_format(name, folder, package))
        except UNREADABLE as error:
            verdict.fault("unreadable-content", name, f"The format cannot be read: {error}.")
            continue
        verdict.contents.append(name)
        for resource, one in found.items():
            if one != stated[resource]:
                differing(verdict, name, f"{resource} in the format {name}", one, stated[resource])
    check_loose(package, stated, verdict)


def differing(verdict: Verdict, path: str, what: str, found: tuple[int, str], stated: tuple[int, str]) -> None:
    """Add a finding on a content: its rows and its digest are not those that are stated."""
    value, expected = ("{} rows, {}".format(*one) for one in (found, stated))
    message = f"The content of {what} is not the one that is stated."
    verdict.fault("differing-content", path, message, value=value, expected=expected)


def check_loose(package: Package, stated: dict[str, tuple[int, str]], verdict: Verdict) -> None:
    """The content of each resource, by the loose files that the descriptor names."""
    try:
        found = contents(package, read_tables(package))
    except UNREADABLE as error:
        verdict.fault("unreadable-content", DESCRIPTOR, f"The loose files cannot be read: {error}.")
        return
    for name, one in found.items():
        if one != stated[name]:
            differing(verdict, package.resources[name].path, f"{name} in the loose files", one, stated[name])


def check_sizes(folder: Path, package: Package, stated: dict[str, tuple[int, str]]) -> None:
    """Refuse a Parquet file that would unpack to other rows than are stated, or to too many bytes, before it does."""
    from pyarrow.parquet import read_metadata  # noqa: PLC0415 -- part of an extra

    for name, resource in package.resources.items():
        about = read_metadata(parquet.place(folder, resource))
        size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        if about.num_rows != stated[name][0] or size > UNPACKED_LIMIT:
            raise UnsafeDataError(f"{name}  The file has {about.num_rows:,} rows in {size:,} bytes")


def contents(package: Package, tables: Json) -> dict[str, tuple[int, str]]:
    """Rows and content digest of each resource."""
    return {
        name: (tables[name].height, content_digest(tables[name], one.schema)) for name, one in package.resources.items()
    }
