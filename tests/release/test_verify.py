"""Releases checked: whatever is done to one is found, and nothing that a hostile one says is believed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import minisign
import polars as pl
import pytest
from small import qantar, small

from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.build import Order, release
from qantar.release.manifest import files, sha256
from qantar.release.verify import Verdict, verify_release

pytestmark = pytest.mark.usefixtures("few_formats")

Tamper = Callable[[Path], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release; tests only read it."""
    folder = tmp_path_factory.mktemp("whole")
    release(Package.read(small(folder / "small")), Order(folder / "dist"))
    return folder / "dist" / "1.0.0"


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    """A copy of a release, to break."""
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def close(folder: Path) -> None:
    """Write manifest and sums anew, as a forger would, so that they hold for what is there."""
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    there = {name: file for name, file in files(folder).items() if name != "MANIFEST.json"}
    manifest["files"] = {name: {"bytes": one.stat().st_size, "sha256": sha256(one)} for name, one in there.items()}
    (folder / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    resum(folder)


def resum(folder: Path) -> None:
    """Write the sums anew."""
    sums = "".join(f"{sha256(file)}  {name}\n" for name, file in files(folder).items())
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def found(verdict: Verdict) -> list[tuple[str, str]]:
    """The findings as (rule, file), without the line."""
    return [(one.rule, one.path.partition(":")[0]) for one in verdict.findings]


def test_a_whole_release_is_whole(whole: Path) -> None:
    verdict = verify_release(str(whole))
    assert (found(verdict), verdict.notes, verdict.name) == ([], ["not signed"], "small-1.0.0")
    assert verdict.contents == ["csv", "parquet", "sqlite"]
    assert verdict.files == len(files(whole))


def append(name: str) -> Tamper:
    """Add a byte to a file."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b"\n")


def sums(line: str) -> Tamper:
    """Add a line to the sums."""
    return lambda folder: (folder / "SHA256SUMS").write_text(f"{(folder / 'SHA256SUMS').read_text()}{line}")


TAMPERED: list[tuple[Tamper, list[tuple[str, str]]]] = [
    (append("parquet/t.parquet"), [("differing-file", "parquet/t.parquet")]),
    (append("MANIFEST.json"), [("differing-file", "MANIFEST.json")]),
    (lambda folder: (folder / "CITATION.cff").unlink(), [("missing-file", "CITATION.cff")]),
    (lambda folder: (folder / "data" / "new.csv").touch(), [("extra-file", "data/new.csv")]),
    (lambda folder: (folder / ".hidden").touch(), [("extra-file", ".hidden")]),
    (sums("not a sum\n"), [("malformed-sums", "SHA256SUMS")]),
    (sums(f"{'0' * 64}  ../../etc/passwd\n"), [("unsafe-path", "SHA256SUMS")]),
    (sums(f"{'0' * 64}  /etc/passwd\n"), [("unsafe-path", "SHA256SUMS")]),
    (sums(f"{'0' * 64}  a\\b\n"), [("unsafe-path", "SHA256SUMS")]),
    (sums(f"{'0' * 64}  data/../data/t.csv\n"), [("unsafe-path", "SHA256SUMS")]),
    (sums(f"{'0' * 64}  CITATION.cff\n"), [("malformed-sums", "SHA256SUMS")]),
    (lambda folder: (folder / "link").symlink_to("/etc/passwd"), [("unsafe-file", "link")]),
    (lambda folder: (folder / "folder").symlink_to("/etc"), [("unsafe-file", "folder")]),
    (lambda folder: os.mkfifo(folder / "pipe"), [("unsafe-file", "pipe")]),
]


@pytest.mark.parametrize(("tamper", "expected"), TAMPERED)
def test_whatever_is_done_to_a_file_is_named(copy: Path, tamper: Tamper, expected: list[tuple[str, str]]) -> None:
    tamper(copy)
    verdict = verify_release(str(copy))
    assert found(verdict) == expected
    assert "manifest and contents not checked: the files are not those of the release" in verdict.notes


def test_a_link_in_place_of_a_listed_file_is_not_followed(copy: Path, tmp_path: Path) -> None:
    outside = shutil.move(copy / "CITATION.cff", tmp_path / "outside")
    (copy / "CITATION.cff").symlink_to(outside)
    assert ("unsafe-file", "CITATION.cff") in found(verify_release(str(copy)))


def other_rows(folder: Path) -> None:
    """Another value in the Parquet file alone."""
    file = folder / "parquet" / "t.parquet"
    pl.read_parquet(file, use_pyarrow=True).with_columns(n=pl.col("n") + 1).write_parquet(file)


def other_sqlite(folder: Path) -> None:
    """A row less in the SQLite file alone."""
    (file,) = folder.glob("*.sqlite")
    database = sqlite3.connect(file)
    database.execute("DELETE FROM t WHERE id = 'y'")
    database.commit()
    database.close()


def endless(folder: Path) -> None:
    """A view without an end in the place of a table."""
    (file,) = folder.glob("*.sqlite")
    database = sqlite3.connect(file)
    rows = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT 'x' AS id, n FROM r"
    database.executescript(f"DROP TABLE t; CREATE VIEW t AS {rows}")
    database.close()


def vast(folder: Path) -> None:
    """Ten million rows that pack to almost nothing."""
    frame = pl.select(id=pl.repeat("x", 10_000_000), n=pl.repeat(1, 10_000_000, dtype=pl.Int64))
    frame.write_parquet(folder / "parquet" / "t.parquet")


def other_archive(members: dict[str, bytes]) -> Tamper:
    """Other files in the archive."""

    def tamper(folder: Path) -> None:
        (archive,) = folder.glob("*.zip")
        with zipfile.ZipFile(archive) as opened:
            kept = {one: opened.read(one) for one in opened.namelist()}
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, data in {**kept, **members}.items():
                opened.writestr(name, data)

    return tamper


def truncated(name: str) -> Tamper:
    """The first half of a file."""
    return lambda folder: (folder / name).write_bytes(
        (folder / name).read_bytes()[: (folder / name).stat().st_size // 2]
    )


def loose(table: str) -> Tamper:
    """Another table in the loose package alone."""
    return lambda folder: (folder / "data" / "t.csv").write_text(table, encoding="utf-8")


FORGED: list[tuple[Tamper, tuple[str, str]]] = [
    (other_rows, ("differing-content", "parquet")),
    (vast, ("unreadable-content", "parquet")),
    (endless, ("unreadable-content", "sqlite")),
    (other_sqlite, ("differing-content", "sqlite")),
    (other_archive({"data/t.csv": b"id,n\nx,1\ny,3\n"}), ("differing-content", "csv")),
    (other_archive({"../evil": b""}), ("unreadable-content", "csv")),
    (other_archive({"bomb": b"\0" * (30 << 20)}), ("unreadable-content", "csv")),
    (loose("id,n\nx,1\ny,3\n"), ("differing-content", "data/t.csv")),
    (loose("id,n\nx,1\n"), ("differing-content", "data/t.csv")),
    (
        lambda folder: (folder / "data" / "t.csv").write_text("id,n\nx,one\n"),
        ("unreadable-content", "datapackage.json"),
    ),
    (truncated("parquet/t.parquet"), ("unreadable-content", "parquet")),
    (truncated("small-1.0.0.sqlite"), ("unreadable-content", "sqlite")),
    (truncated("small-1.0.0.zip"), ("unreadable-content", "csv")),
]


@pytest.mark.parametrize(("tamper", "expected"), FORGED)
def test_a_forged_format_does_not_agree_with_the_others(copy: Path, tamper: Tamper, expected: tuple[str, str]) -> None:
    tamper(copy)
    close(copy)
    assert found(verify_release(str(copy))) == [expected]
    assert not (copy.parent / "evil").exists()


MANIFESTS: list[tuple[str, str]] = [
    ("[]", "malformed-manifest"),
    ("{", "malformed-manifest"),
    ("[" * 100_000, "malformed-manifest"),
    ('{"files": {}, "resources": {}}', "malformed-manifest"),
    ('{"name": "small", "version": "1.0.0", "files": {"a": 1}, "resources": {}}', "malformed-manifest"),
    ('{"name": "small", "version": "1.0.0", "files": {}, "resources": {}}', "differing-manifest"),
    ('{"name": "other", "version": "1.0.0", "files": {}, "resources": {}}', "differing-manifest"),
]


@pytest.mark.parametrize(("text", "rule"), MANIFESTS)
def test_a_hostile_manifest_is_a_finding(copy: Path, text: str, rule: str) -> None:
    (copy / "MANIFEST.json").write_text(text, encoding="utf-8")
    resum(copy)
    assert {one for one, _ in found(verify_release(str(copy)))} == {rule}


@pytest.mark.parametrize("name", ["../outside", "a\\b", ".t"])
def test_a_name_that_leads_out_is_a_finding_and_is_not_read(copy: Path, name: str) -> None:
    shutil.copy(copy / "parquet" / "t.parquet", copy / "outside.parquet")
    for file in (copy / "datapackage.json", copy / "MANIFEST.json"):
        said = json.loads(file.read_text(encoding="utf-8"))
        if file.name == "datapackage.json":
            said["resources"][0]["name"] = name
        else:
            said["resources"][name] = said["resources"].pop("t")
        file.write_text(json.dumps(said), encoding="utf-8")
    close(copy)
    verdict = verify_release(str(copy))
    assert (found(verdict), verdict.contents) == ([("unsafe-path", "datapackage.json")], [])
    assert verdict.findings[0].value == name


def test_no_release_is_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "SHA256SUMS").touch()
    for place in (tmp_path / "none", tmp_path, tmp_path / "empty"):
        with pytest.raises(PackageError, match="SHA256SUMS"):
            verify_release(str(place))


def test_the_signature_is_checked_by_the_key_that_is_given(copy: Path, tmp_path: Path) -> None:
    pair, other = minisign.KeyPair.generate(), minisign.KeyPair.generate()
    key = pair.public_key.to_base64().decode()
    assert found(verify_release(str(copy), key)) == [("missing-signature", "SHA256SUMS.minisig")]
    signature = pair.secret_key.sign((copy / "SHA256SUMS").read_bytes())
    (copy / "SHA256SUMS.minisig").write_bytes(bytes(signature))
    assert verify_release(str(copy)).notes == ["signed, but not checked: no --key PUBKEY"]
    (tmp_path / "key.pub").write_bytes(bytes(pair.public_key))
    for given in (key, str(tmp_path / "key.pub")):
        assert (found(verify_release(str(copy), given)), verify_release(str(copy), given).notes) == (
            [],
            [f"signed by {given}"],
        )
    wrong = other.public_key.to_base64().decode()
    verdict = verify_release(str(copy), wrong)
    assert found(verdict) == [("differing-signature", "SHA256SUMS.minisig")]
    assert (verdict.contents, verdict.notes) == (["csv", "parquet", "sqlite"], [])
    (copy / "SHA256SUMS.minisig").write_bytes(b"")
    assert found(verify_release(str(copy))) == [("malformed-signature", "SHA256SUMS.minisig")]
    assert found(verify_release(str(copy), key)) == [("differing-signature", "SHA256SUMS.minisig")]
    (copy / "SHA256SUMS.minisig").write_bytes(bytes(signature))
    (copy / "SHA256SUMS").write_bytes((copy / "SHA256SUMS").read_bytes() + b"\n")
    assert ("differing-signature", "SHA256SUMS.minisig") in found(verify_release(str(copy), key))


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["{copy}"], 0, " files, contents in csv, parquet, sqlite; 0 faults."),
        (["{copy}/small-1.0.0.zip"], 0, "0 faults."),
        (["{copy}/data/t.csv"], 0, "0 faults."),
        (["sftp://me:secret@host/1.0.0"], 3, "error: sftp://me:…@host/1.0.0  It cannot be read from there."),
        (["{copy}", "--key", "nonsense"], 2, "error: nonsense  Not a public key of minisign"),
        (["nowhere"], 3, "error: nowhere  No release is there: SHA256SUMS cannot be read"),
        ([], 2, "Missing argument"),
    ],
)
def test_exit_codes(copy: Path, tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    if "--key" in arguments:
        (copy / "SHA256SUMS.minisig").touch()
    done = qantar("verify-release", *(one.format(copy=copy) for one in arguments), cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_release_is_told_in_lines(copy: Path, tmp_path: Path) -> None:
    append("CITATION.cff")(copy)
    (copy / "data" / "t.csv").unlink()
    done = qantar("verify-release", str(copy), cwd=tmp_path)
    assert done.returncode == 1
    assert "CITATION.cff  error  The file has another digest. found " in done.stdout
    assert "data/t.csv  error  The file is missing. " in done.stdout
    assert done.stdout.endswith(" files; 2 faults.\n")


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url(copy: Path) -> Iterator[str]:
    """The URL of a copy of a release on a server of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(copy.parent)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/copy"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_release_is_fetched_and_checked(url: str, copy: Path) -> None:
    for place in (url, f"{url}/", f"{url}/SHA256SUMS", f"{url}/small-1.0.0.zip"):
        verdict = verify_release(place)
        assert (found(verdict), verdict.name) == ([], "small-1.0.0")
    assert "files that are not listed cannot be seen at a URL" in verdict.notes
    append("CITATION.cff")(copy)
    (copy / "data" / "t.csv").unlink()
    assert found(verify_release(url)) == [("differing-file", "CITATION.cff"), ("missing-file", "data/t.csv")]
    with pytest.raises(PackageError, match="cannot be fetched"):
        verify_release(f"{url}/nothing")


def test_a_name_that_leads_away_is_not_fetched(url: str, copy: Path) -> None:
    (copy.parent / "secret").write_text("secret", encoding="utf-8")
    sums(f"{'0' * 64}  ../secret\n")(copy)
    assert found(verify_release(url)) == [("unsafe-path", "SHA256SUMS")]
