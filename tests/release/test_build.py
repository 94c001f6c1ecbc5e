"""Releases built: what is refused, what is there afterwards, and that it is signed."""

from __future__ import annotations

import errno
import json
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import minisign
import polars as pl
import pytest
from conftest import ROOT, replace, stamp
from small import TABLE, changelog, qantar, small, tree
from xlsxwriter.exceptions import FileCreateError

from qantar.dataset import read_tables
from qantar.errors import PackageError, TargetError
from qantar.package import Json, Package
from qantar.release import formats
from qantar.release.build import Order, release
from qantar.release.content import read_content
from qantar.release.digest import content_digest
from qantar.release.opening import opened
from qantar.release.verify import verify_release

pytestmark = pytest.mark.usefixtures("few_formats")

PASSWORD = "QANTAR_SIGN_PASSWORD"  # noqa: S105 -- the name of a variable


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A target with the release 1.0.0 of the small package."""
    target = tmp_path / "dist"
    assert not release(Package.read(small(tmp_path / "first")), Order(target)).refusals
    return target


def refusals(package: Path, target: Path) -> list[str]:
    """Why a release is refused; nothing may then be written."""
    before = tree(target) if target.exists() else None
    outcome = release(Package.read(package), Order(target))
    assert before == (tree(target) if target.exists() else None)
    return outcome.refusals


def test_a_release_is_there_as_a_whole(target: Path, tmp_path: Path) -> None:
    assert [one.name for one in target.iterdir()] == ["1.0.0"]
    names = {one.name for one in (target / "1.0.0").iterdir()}
    assert {"small-1.0.0.zip", "MANIFEST.json", "SHA256SUMS"} <= names
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=target / "1.0.0", check=True)  # noqa: S607
    with opened(str(target / "1.0.0" / "small-1.0.0.zip"), tmp_path) as package:
        assert read_tables(package)["t"].rows() == [("x", 1), ("y", 2)]


def test_each_content_is_digested_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digested = []

    def digest(frame: pl.DataFrame, schema: dict[str, Json]) -> str:
        digested.append(frame)
        return content_digest(frame, schema)

    monkeypatch.setattr("qantar.release.content.content_digest", digest)
    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS, "datacite", "linked", "crate"))
    assert not release(Package.read(small(tmp_path / "small")), Order(tmp_path / "dist")).refusals
    assert len(digested) == 1


def test_the_same_bytes_are_nothing_to_do(target: Path, tmp_path: Path) -> None:
    before = {one: one.stat().st_mtime_ns for one in target.rglob("*")}
    outcome = release(Package.read(small(tmp_path / "again")), Order(target))
    assert (outcome.unchanged, outcome.refusals) == (True, [])
    assert before == {one: one.stat().st_mtime_ns for one in target.rglob("*")}


def test_other_bytes_under_the_same_version_are_refused(target: Path, tmp_path: Path) -> None:
    (reason,) = refusals(small(tmp_path / "other", table="id,n\nx,1\ny,3\n"), target)
    assert "1.0.0  The version exists with other bytes: MANIFEST.json, SHA256SUMS" in reason
    (target / "1.0.0" / "small-1.0.0.zip").write_bytes(b"damaged")
    (reason,) = refusals(small(tmp_path / "same"), target)
    assert reason.endswith("other bytes: small-1.0.0.zip.")


def test_ids_of_a_resource_that_is_gone_are_told(tmp_path: Path) -> None:
    folder = small(tmp_path / "old")
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    other = {**descriptor["resources"][0], "name": "u", "path": "data/u.csv"}
    (folder / "data" / "u.csv").write_text("id,n\np,1\nq,2\n", encoding="utf-8")
    (folder / "datapackage.json").write_text(
        json.dumps({**descriptor, "resources": [*descriptor["resources"], other]}), encoding="utf-8"
    )
    entry = changelog("1.0.0", 2, 0, 0, 2) + "| u | 2 | 0 | 0 | 2 |\n"
    (folder / "CHANGELOG.md").write_text(entry, encoding="utf-8")
    assert not release(Package.read(folder), Order(tmp_path / "dist")).refusals
    reasons = refusals(small(tmp_path / "new", "2.0.0", entry=changelog("2.0.0", 0, 0, 0, 2)), tmp_path / "dist")
    assert "u  Ids are gone without a row in retired: p, q." in reasons


@pytest.mark.parametrize(
    ("version", "table", "entry", "says"),
    [
        ("1.0", TABLE, "", ["datapackage.json  version=1.0. Expected three numbers, as 1.0.0."]),
        ("1.0.1", "id,n\nx,1\ny,two\n", "", ["has errors: 1 type-error.", "t  Not comparable", "head is not of"]),
        ("1.0.1", TABLE + "z,3\n", changelog("1.0.1", 1, 0, 0, 3), ["too low: MINOR changes since 1.0.0 want 1.1.0"]),
        ("2.0.0", "id,n\nx,1\n", changelog("2.0.0", 0, 0, 1, 1), ["Ids are gone without a row in retired: y."]),
        ("1.1.0", TABLE + "z,3\n", changelog("1.1.0", 2, 0, 0, 3), ["not counted as they are. Expected | resource |"]),
        ("1.1.0", TABLE + "z,3\n", changelog("1.0.0", 1, 0, 0, 3), ["head is not of this release: 1.0.0 - 2026-01-02"]),
        ("1.1.0", TABLE + "z,3\n", "## [1.1.0]\n", ["head is not of this release: 1.1.0 - None"]),
        (
            "1.0.0",
            "id,n\nx,1\n",
            "# None\n",
            ["exists with other bytes", "head is not of this release: no entry"],
        ),
        (
            "1.0.1",
            "id,n\nx,1\n",
            changelog("1.0.1", 0, 0, 0, 2),
            ["MAJOR changes since 1.0.0 want 2.0.0", "Ids are gone", "not counted as they are"],
        ),
    ],
)
def test_all_reasons_are_listed_at_once(  # noqa: PLR0913, PLR0917 -- a row of the table
    target: Path, tmp_path: Path, version: str, table: str, entry: str, says: list[str]
) -> None:
    reasons = refusals(small(tmp_path / "next", version, table, entry or "# Changelog\n"), target)
    assert len(reasons) == len(says)
    for reason, part in zip(reasons, says, strict=True):
        assert part in reason


def test_the_next_release_follows_the_newest_of_the_target(target: Path, tmp_path: Path) -> None:
    second = small(tmp_path / "second", "1.1.0", TABLE + "z,3\n", changelog("1.1.0", 1, 0, 0, 3))
    assert not release(Package.read(second), Order(target)).refusals
    third = small(tmp_path / "third", "1.1.1", TABLE + "z,4\n", changelog("1.1.1", 0, 1, 0, 3))
    assert not release(Package.read(third), Order(target)).refusals
    assert sorted(one.name for one in target.iterdir()) == ["1.0.0", "1.1.0", "1.1.1"]


def test_the_release_before_may_be_elsewhere(target: Path, tmp_path: Path) -> None:
    second = Package.read(small(tmp_path / "second", "1.1.0", TABLE + "z,3\n", changelog("1.1.0", 1, 0, 0, 3)))
    for since in ("1.0.0", "1.0.0/small-1.0.0.zip"):
        elsewhere = tmp_path / since.replace("/", "-")
        assert not release(second, Order(elsewhere, since=str(target / since))).refusals


def test_a_version_below_the_release_before_is_too_low(target: Path, tmp_path: Path) -> None:
    lower = Package.read(small(tmp_path / "lower", "0.9.0", TABLE, changelog("0.9.0", 0, 0, 0, 2)))
    (reason,) = release(lower, Order(tmp_path / "new", since=str(target / "1.0.0"))).refusals
    assert "too low: NONE changes since 1.0.0 want 1.0.0" in reason


def test_a_higher_version_in_the_target_is_not_the_one_before(target: Path, tmp_path: Path) -> None:
    for version, table, counts in (("0.1.0", "id,n\nx,1\n", (1, 0, 0, 1)), ("0.2.0", TABLE, (1, 0, 0, 2))):
        earlier = small(tmp_path / version, version, table, changelog(version, *counts))
        assert release(Package.read(earlier), Order(target)).refusals == []
    assert sorted(one.name for one in target.iterdir()) == ["0.1.0", "0.2.0", "1.0.0"]


def test_without_the_release_before_only_the_rows_can_be_counted(tmp_path: Path) -> None:
    for counts, reasons in (((1, 0, 0, 2), 0), ((1, 0, 0, 3), 1)):
        entry = changelog("1.0.0", *counts)
        assert len(refusals(small(tmp_path / "only", entry=entry), tmp_path / "dry")) == 1
        later = entry + changelog("0.9.0", 1, 0, 0, 1)
        order = Order(tmp_path / "dist", dry_run=True)
        assert len(release(Package.read(small(tmp_path / "later", entry=later)), order).refusals) == reasons


def test_a_dry_run_says_all_and_writes_nothing(tmp_path: Path) -> None:
    package = small(tmp_path / "small")
    done = qantar("release", "--dry-run", cwd=package)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "dist/1.0.0  would be built"
    assert not (package / "dist").exists()
    done = qantar("release", cwd=package)
    assert done.stdout.splitlines() == [
        "built from a plain folder",
        "not compared with a release before: none in the target, and no --since",
        "not signed: no --sign KEY",
        "dist/1.0.0  built",
    ]
    small(package, table=TABLE + "z,3\n")
    done = qantar("release", "--dry-run", cwd=package)
    assert done.returncode == 1
    assert done.stdout.count("refused: ") == 2


def test_a_refused_release_leaves_no_target(tmp_path: Path) -> None:
    package = small(tmp_path / "small", entry="# None\n")
    assert refusals(package, tmp_path / "new" / "dist")
    assert not (tmp_path / "new" / "dist").exists()


def test_a_refused_release_leaves_no_folder_above_the_target(tmp_path: Path) -> None:
    assert refusals(small(tmp_path / "small", entry="# None\n"), tmp_path / "n1" / "n2" / "n3")
    assert not (tmp_path / "n1").exists()


def described(package: Path, **properties: object) -> Path:
    """The package with other properties of its descriptor; None takes one out."""
    file = package / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8")) | properties
    kept = {name: value for name, value in descriptor.items() if value is not None}
    file.write_text(json.dumps(kept), encoding="utf-8")
    return package


NAMES = [
    "../../1.0.0/parquet/t",
    "a/b",
    "a\\b",
    ".t",
    "..",
    "t\n::error::",
    "\x1b[31mt",
    "t\u2028",
    " t",
    "a#b",
    "%41",
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_files_cannot_have_is_refused(target: Path, tmp_path: Path, name: str) -> None:
    resources = json.loads((target / "1.0.0" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    resources[0]["name"] = name
    package = described(small(tmp_path / "next", "2.0.0", entry=changelog("2.0.0", 0, 0, 0, 2)), resources=resources)
    assert f"datapackage.json  name={name!r} cannot be that of a file. Expected none of slash" in "\n".join(
        refusals(package, target)
    )
    with pytest.raises(PackageError, match="cannot be that of a file"):
        read_content(Package.read(package))


@pytest.mark.parametrize("name", [one for one in NAMES if one])
def test_a_package_name_that_files_cannot_have_is_refused(tmp_path: Path, name: str) -> None:
    (reason,) = refusals(described(small(tmp_path / "small"), name=name), tmp_path / "dist")
    assert f"name={name!r} cannot be that of a file" in reason


def test_a_package_without_a_name_has_one_name_everywhere(tmp_path: Path) -> None:
    package = described(small(tmp_path / "small"), name=None)
    outcome = release(Package.read(package), Order(tmp_path / "dist"))
    assert (outcome.name, outcome.refusals) == ("datapackage-1.0.0", [])
    assert (outcome.folder / "datapackage-1.0.0.zip").exists()
    assert verify_release(str(outcome.folder)).name == "datapackage-1.0.0"


def test_what_names_and_dates_a_release_is_told_with_all_else(tmp_path: Path) -> None:
    package = small(tmp_path / "small", table="id,n\nx,one\n")
    for version in (1, "1.0", "1.0.0\n", None, [1]):
        reasons = refusals(described(package, version=version, created=None, name="a/b"), tmp_path / "dist")
        says = [f"version={version}", "name='a/b'", "created=None  No moment", "1 type-error."]
        for reason, part in zip(reasons, says, strict=True):
            assert part in reason


@pytest.mark.parametrize("epoch", ["4354819200", "-99999999999999", "later"])
def test_a_moment_that_no_archive_can_name_is_refused(tmp_path: Path, epoch: str) -> None:
    done = qantar("release", cwd=small(tmp_path), SOURCE_DATE_EPOCH=epoch)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"refused: SOURCE_DATE_EPOCH={epoch}  No moment. Expected seconds from 1970 to 2107, or" in done.stdout


def test_only_files_of_the_package_explain_it(tmp_path: Path) -> None:
    package = small(tmp_path / "small")
    (package / "docs" / "folder.md").mkdir(parents=True)
    (tmp_path / "outside.md").write_text("secret", encoding="utf-8")
    (package / "docs" / "outside.md").symlink_to(tmp_path / "outside.md")
    (package / "docs" / "inside.md").symlink_to("../CHANGELOG.md")
    outcome = release(Package.read(package), Order(tmp_path / "dist"))
    assert outcome.refusals == []
    with zipfile.ZipFile(outcome.folder / "small-1.0.0.zip") as archive:
        assert [one for one in archive.namelist() if one.startswith("docs/")] == ["docs/inside.md"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        FileCreateError(OSError(errno.ENOSPC, "No space left on device")),
        sqlite3.OperationalError("No space left on device"),
        pl.exceptions.ComputeError("No space left on device"),
    ],
)
def test_whatever_a_library_calls_a_full_disk_is_told_in_one_way(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr("qantar.release.formats.sqlite.write", full)
    before = tree(target)
    with pytest.raises(TargetError, match=r"cannot be written: .*No space left on device"):
        release(Package.read(small(tmp_path / "second", "1.1.0")), Order(target))
    assert tree(target) == before


def test_a_changed_working_tree_is_said(tmp_path: Path) -> None:
    package = small(tmp_path / "small")
    git = ["git", "-C", str(package), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "First"]):
        subprocess.run([*git, *arguments], check=True)
    order = Order(tmp_path / "dist", dry_run=True)
    assert "uncommitted" not in release(Package.read(package), order).notes[0]
    (package / "new.txt").touch()
    assert release(Package.read(package), order).notes[0].endswith(" with uncommitted changes")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The secret key of a new pair in a file, without a password; the public one beside it."""
    pair = minisign.KeyPair.generate()
    (tmp_path / "key").write_bytes(bytes(pair.secret_key))
    (tmp_path / "key.pub").write_bytes(bytes(pair.public_key))
    return tmp_path / "key"


def verified(folder: Path, key: Path) -> minisign.Signature:
    """The signature of a release, after it was verified."""
    signature = minisign.Signature.from_file(folder / "SHA256SUMS.minisig")
    public = minisign.PublicKey.from_file(key.with_suffix(".pub"))
    public.verify((folder / "SHA256SUMS").read_bytes(), signature)
    return signature


def test_a_release_is_signed(tmp_path: Path, keys: Path) -> None:
    package = small(tmp_path / "small")
    done = qantar("release", "--sign", keys, cwd=package)
    assert done.returncode == 0
    assert "not signed" not in done.stdout
    assert verified(package / "dist" / "1.0.0", keys).trusted_comment == "small-1.0.0"
    before = tree(package / "dist")
    again = qantar("release", "--sign", keys, cwd=package)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "dist/1.0.0  is there already, the same")
    assert tree(package / "dist") == before


def test_a_release_may_be_signed_later(target: Path, tmp_path: Path, keys: Path) -> None:
    release(Package.read(small(tmp_path / "again")), Order(target, key=keys))
    verified(target / "1.0.0", keys)


@pytest.mark.parametrize("junk", [b"", b"junk", b"untrusted comment: x\nRUQ="])
def test_what_is_no_signature_is_replaced(target: Path, tmp_path: Path, keys: Path, junk: bytes) -> None:
    (target / "1.0.0" / "SHA256SUMS.minisig").write_bytes(junk)
    outcome = release(Package.read(small(tmp_path / "again")), Order(target, key=keys))
    assert (outcome.unchanged, outcome.refusals) == (True, [])
    verified(target / "1.0.0", keys)


def test_another_key_does_not_sign_what_is_signed(tmp_path: Path, keys: Path) -> None:
    package = small(tmp_path / "small")
    assert qantar("release", "--sign", keys, cwd=package).returncode == 0
    before = tree(package / "dist")
    other = tmp_path / "other"
    other.write_bytes(bytes(minisign.KeyPair.generate().secret_key))
    done = qantar("release", "--sign", other, cwd=package)
    assert (done.returncode, done.stdout.count("refused: dist/1.0.0/SHA256SUMS.minisig  Signed by another key")) == (
        1,
        1,
    )
    done = qantar("release", "--sign", "no-such-key", cwd=package)
    assert (done.returncode, done.stderr.startswith("error: no-such-key  The key cannot be read")) == (2, True)
    assert tree(package / "dist") == before


def test_a_key_with_a_password_wants_it(tmp_path: Path, keys: Path) -> None:
    pair = minisign.SecretKey.from_file(keys)
    pair.encrypt("pass", opslimit=32768, memlimit=1 << 24)
    keys.write_bytes(bytes(pair))
    package = small(tmp_path / "small")
    done = qantar("release", "--sign", keys, cwd=package, **{PASSWORD: "wrong"})
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "The key cannot sign: wrong password" in done.stderr
    assert not (package / "dist").exists()
    assert qantar("release", "--sign", keys, cwd=package, **{PASSWORD: "pass"}).returncode == 0
    verified(package / "dist" / "1.0.0", keys)


def test_what_is_no_key_is_wrong_usage(tmp_path: Path) -> None:
    package = small(tmp_path / "small")
    for key in ("no-such-key", "CHANGELOG.md"):
        done = qantar("release", "--sign", key, cwd=package)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert done.stderr.startswith(f"error: {key}  The key cannot ")


def test_unproven_mentions_stale_pages_and_untyped_corrections_are_refused(package: Path, reports: Path) -> None:
    (package / "docs").mkdir()
    (package / "docs" / "coding-rules.md").write_text("# Other rules\n", encoding="utf-8")
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    (package / "CHANGELOG.md").write_text(f"## [{descriptor['version']}] - 2026-01-01\n", encoding="utf-8")
    replace("data/mentions.csv", ",172,209,", ",172,210,")(package)
    replace("data/figures.csv", ",748,748,", ",749,749,")(package)
    replace("data/figures.csv", ",748,", ",749,")(package)
    stamp(package)
    done = qantar("release", "--reports", reports, "--since", str(ROOT), "--dry-run", cwd=package)
    assert done.returncode == 1
    says = ["so-0001  1 of ", "codebook.md  The page is stale", "rules.md  The page is stale", "is too low: PATCH"]
    for part in [*says, "The change of fg-0007 is not typed. Expected corrected or reclassified"]:
        assert part in done.stdout
