"""Releases published: immutable, one publisher at a time, no secrets, and loaded by version."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import fsspec
import minisign
import pytest
from fsspec import AbstractFileSystem
from fsspec.implementations.memory import MemoryFileSystem
from small import TABLE, changelog, qantar, small, tree

import qantar as library
from qantar.errors import BusyError, TargetError
from qantar.package import Package
from qantar.release import atomic
from qantar.release.build import Order, release
from qantar.release.manifest import files, sha256
from qantar.release.publish import publish
from qantar.release.store import LOCK, Store, held

pytestmark = pytest.mark.usefixtures("few_formats")

VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.10.0")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Releases of several versions; tests only read them."""
    folder = tmp_path_factory.mktemp("releases")
    release(Package.read(small(folder / "1.0.0")), Order(folder / "dist"))
    for number, version in enumerate(VERSIONS[1:], 3):
        table = TABLE + "".join(f"z{one},{one}\n" for one in range(number - 2))
        package = small(folder / version, version, table, changelog(version, 1, 0, 0, number))
        assert not release(Package.read(package), Order(folder / "dist")).refusals
    return folder / "dist"


@pytest.fixture
def memory() -> Iterator[MemoryFileSystem]:
    """The memory of this process, as a file system that fsspec reaches by URL: what stands for a server."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


def index(site: Path) -> list[str]:
    """The versions in the index, after each was checked against what is there."""
    found = json.loads((site / "index.json").read_text(encoding="utf-8"))
    versions = [one["version"] for one in found["versions"]]
    assert found["latest"] == versions[-1]
    for one in versions:
        assert library.load(one, index=str(site)).package.descriptor["version"] == one
    return versions


def test_versions_are_listed_in_their_order_whenever_they_come(dist: Path, tmp_path: Path) -> None:
    for version in ("1.10.0", "1.0.0", "1.2.0"):
        assert not publish(dist / version, str(tmp_path / "site")).unchanged
    assert index(tmp_path / "site") == ["1.0.0", "1.2.0", "1.10.0"]
    assert library.load("latest", index=str(tmp_path / "site"))["t"].height == 5
    assert {one.name for one in (tmp_path / "site").iterdir()} == {"1.0.0", "1.2.0", "1.10.0", "index.json"}


def test_what_is_published_is_the_release(dist: Path, tmp_path: Path) -> None:
    publish(dist / "1.0.0", str(tmp_path))
    assert tree(tmp_path / "1.0.0") == tree(dist / "1.0.0")
    assert qantar("verify-release", tmp_path / "1.0.0", cwd=tmp_path).returncode == 0


def test_a_published_version_never_changes(dist: Path, tmp_path: Path) -> None:
    publish(dist / "1.0.0", str(tmp_path / "site"))
    before = tree(tmp_path / "site")
    assert publish(dist / "1.0.0", str(tmp_path / "site")).unchanged
    other = small(tmp_path / "other", table="id,n\nx,1\ny,9\n")
    release(Package.read(other), Order(tmp_path / "dist"))
    published = publish(tmp_path / "dist" / "1.0.0", str(tmp_path / "site"))
    assert published.refusals == ["1.0.0  The version is published with other bytes, and never changes."]
    assert tree(tmp_path / "site") == before


def test_a_signature_may_come_later(dist: Path, tmp_path: Path) -> None:
    publish(dist / "1.0.0", str(tmp_path / "site"))
    signed = Path(shutil.copytree(dist / "1.0.0", tmp_path / "signed"))
    signature = minisign.KeyPair.generate().secret_key.sign((signed / "SHA256SUMS").read_bytes())
    (signed / "SHA256SUMS.minisig").write_bytes(bytes(signature))
    assert publish(signed, str(tmp_path / "site")).unchanged
    assert (tmp_path / "site" / "1.0.0" / "SHA256SUMS.minisig").read_bytes() == bytes(signature)


def test_a_signature_that_was_cut_off_is_published_again(dist: Path, tmp_path: Path) -> None:
    signed = Path(shutil.copytree(dist / "1.0.0", tmp_path / "signed"))
    signature = bytes(minisign.KeyPair.generate().secret_key.sign((signed / "SHA256SUMS").read_bytes()))
    (signed / "SHA256SUMS.minisig").write_bytes(signature)
    publish(signed, str(tmp_path / "site"))
    for there in (b"", signature[:20]):
        (tmp_path / "site" / "1.0.0" / "SHA256SUMS.minisig").write_bytes(there)
        assert publish(signed, str(tmp_path / "site")).unchanged
        assert tree(tmp_path / "site" / "1.0.0") == tree(signed)
    assert publish(dist / "1.0.0", str(tmp_path / "site")).unchanged
    assert tree(tmp_path / "site" / "1.0.0") == tree(signed)


def damaged(folder: Path, name: str, data: bytes | None) -> None:
    """Write other bytes into a file, or remove it."""
    if data is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("data/t.csv", TABLE.replace("2", "3").encode()),
        ("data/t.csv", None),
        ("small-1.0.0.zip", b""),
        ("new.csv", b""),
        ("SHA256SUMS", b"0"),
    ],
)
def test_what_was_altered_at_the_target_is_named(dist: Path, tmp_path: Path, name: str, data: bytes | None) -> None:
    publish(dist / "1.0.0", str(tmp_path))
    damaged(tmp_path / "1.0.0", name, data)
    (reason,) = publish(dist / "1.0.0", str(tmp_path)).refusals
    assert reason.startswith(f"1.0.0/{name}  The file at the target is not the one that was published.")


def test_what_was_altered_on_a_server_is_told_by_sizes_and_sums(dist: Path, server: Store) -> None:
    publish(dist / "1.0.0", "memory://site")
    assert publish(dist / "1.0.0", "memory://site").unchanged
    sums = (dist / "1.0.0" / "SHA256SUMS").read_bytes()
    server.system.pipe_file("/site/1.0.0/data/t.csv", b"")
    server.system.pipe_file("/site/1.0.0/SHA256SUMS", sums[::-1])
    reasons = publish(dist / "1.0.0", "memory://site").refusals
    assert [one.partition("  ")[0] for one in reasons] == ["1.0.0/SHA256SUMS", "1.0.0/data/t.csv"]


def test_a_damaged_archive_is_refused(dist: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(dist / "1.0.0", tmp_path / "broken"))
    data = bytearray((broken / "small-1.0.0.zip").read_bytes())
    data[:200] = bytes(200)
    (broken / "small-1.0.0.zip").write_bytes(data)
    (reason,) = publish(broken, str(tmp_path / "site")).refusals
    assert reason.startswith("small-1.0.0.zip  error  The file has another digest.")


def test_a_release_that_is_not_whole_is_refused(dist: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(dist / "1.0.0", tmp_path / "broken"))
    (broken / "CITATION.cff").unlink()
    (reason,) = publish(broken, str(tmp_path / "site")).refusals
    assert reason.startswith("CITATION.cff  error  The file is missing.")
    assert not (tmp_path / "site").exists()


SECRETS = {
    "-----BEGIN OPENSSH PRIVATE KEY-----": "a private key",
    "RWRTY0Iy" + "A1b2" * 50: "a secret key of minisign",
    "AKIA" + "ABCDEFGHIJ234567": "an access key of AWS",
    "ghp_" + "a1B2c3D4" * 5: "a token of GitHub",
    "glpat-" + "a1B2c3D4" * 3: "a token of GitLab",
    "xoxb-" + "1234567890-abc": "a token of Slack",
    "AIza" + "a1B2c3D4" * 4 + "xyz": "a key of Google",
    "sk_live_" + "a1B2c3D4" * 3: "a key of Stripe",
    "pypi-AgE" + "a1B2c3D4" * 8: "a token of PyPI",
    "npm_" + "a1B2c3D4" * 4 + "wxyz": "a token of npm",
    "eyJ" + "hbGciOiJI" * 2 + ".eyJ" + "zdWIiOiIx" * 2 + "." + "c2lnbmF0" * 2: "a JSON Web Token",
    "https://me:" + "hunter22" + "@example.org/data": "a password in a URL",
}


@pytest.mark.parametrize(("secret", "kind"), SECRETS.items(), ids=list(SECRETS.values()))
def test_a_secret_is_not_published_and_not_shown(tmp_path: Path, secret: str, kind: str) -> None:
    package = small(tmp_path / "small")
    (package / "README.md").write_text(f"# Small\n\nSee {secret} there.\n", encoding="utf-8")
    release(Package.read(package), Order(tmp_path / "dist"))
    (reason,) = publish(tmp_path / "dist" / "1.0.0", str(tmp_path / "site")).refusals
    assert reason.startswith(f"small-1.0.0.zip:README.md:3  {secret[:4]}… looks like {kind}.")
    assert secret[4:] not in reason
    assert not (tmp_path / "site").exists()


def test_what_only_resembles_a_secret_is_published(tmp_path: Path) -> None:
    package = small(tmp_path / "small")
    text = (
        "AKIA, ghp_short, https://example.org:8080/a@b, mailto:a@example.org, -----BEGIN PUBLIC KEY-----, npm_config\n"
    )
    (package / "README.md").write_text(text, encoding="utf-8")
    release(Package.read(package), Order(tmp_path / "dist"))
    assert not publish(tmp_path / "dist" / "1.0.0", str(tmp_path / "site")).refusals


def test_a_second_publisher_is_told(dist: Path, tmp_path: Path) -> None:
    with atomic.alone(tmp_path):
        done = qantar("publish", tmp_path, "--release", dist / "1.0.0", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "Another process writes a release there." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_of_many_publishers_at_once_each_wins_or_is_told(dist: Path, tmp_path: Path) -> None:
    waiting = list(VERSIONS)
    while waiting:
        before = len(waiting)
        command = [sys.executable, "-m", "qantar", "publish", str(tmp_path), "--release"]
        running = {
            one: subprocess.Popen(
                [*command, str(dist / one)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for one in waiting
        }
        for version, process in running.items():
            _, said = process.communicate()
            assert process.returncode == 0 or (process.returncode, said.count("\n")) == (3, 1)
            if process.returncode == 0:
                waiting.remove(version)
        assert len(waiting) < before
    assert index(tmp_path) == list(VERSIONS)


def test_a_server_is_held_by_a_file_that_one_process_can_make(dist: Path, memory: MemoryFileSystem) -> None:
    memory.pipe_file(f"/site/{LOCK}", b"process 1 on elsewhere since 2026-01-01")
    with pytest.raises(BusyError, match=r"Held by process 1 on elsewhere since 2026-01-01.* --break-lock"):
        publish(dist / "1.0.0", "memory://site")
    assert memory.find("/site") == [f"/site/{LOCK}"]
    assert not publish(dist / "1.0.0", "memory://site", break_lock=True).refusals
    assert not publish(dist / "1.1.0", "memory://site").refusals
    assert not memory.exists(f"/site/{LOCK}")
    there = json.loads(memory.cat_file("/site/index.json"))
    assert [one["version"] for one in there["versions"]] == ["1.0.0", "1.1.0"]
    names = {name for name, data in tree(dist / "1.0.0").items() if data is not None}
    assert {one.removeprefix("/site/1.0.0/") for one in memory.find("/site/1.0.0")} == names


@pytest.fixture(params=["creates", "looks and overwrites"])
def server(request: pytest.FixtureRequest, memory: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A server on which one process can make a file, or on which, as by SFTP, fsspec looks first and then writes."""
    if request.param != "creates":
        monkeypatch.setattr(MemoryFileSystem, "pipe_file", AbstractFileSystem.pipe_file)
    memory.mkdir("/site")
    return Store(memory, "/site")


def test_two_that_look_at_once_do_not_both_hold_a_server(server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(server, break_lock=False):
        if not server.creates:
            monkeypatch.setattr(server.system, "exists", lambda *_, **__: False)
        with pytest.raises(BusyError, match=r"Held by process \d+ on"), held(server, break_lock=False):
            pass
        monkeypatch.undo()
    assert not server.system.exists(f"/site/{LOCK}")


def test_a_broken_lock_is_noticed_and_the_other_is_left(server: Store) -> None:
    first, second = ExitStack(), ExitStack()
    check_first = first.enter_context(held(server, break_lock=False))
    check_first()
    check_second = second.enter_context(held(server, break_lock=True))
    with pytest.raises(BusyError, match="Another publisher took the target"):
        check_first()
    first.close()
    check_second()
    second.close()
    assert server.system.find("/site") == []


def test_two_that_both_made_the_lock_see_each_other(server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if server.creates:
        return
    with held(server, break_lock=False) as check:
        monkeypatch.setattr(server.system, "mkdir", lambda *_, **__: None)
        with pytest.raises(BusyError, match="Held by process"), held(server, break_lock=False):
            pass
        check()


def test_whatever_a_protocol_calls_what_is_there_the_holder_is_named(
    server: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise EOFError("550 mkdir failed")  # as ftplib, whose errors are none of the system

    if server.creates:
        return
    with held(server, break_lock=False):
        monkeypatch.setattr(server.system, "mkdir", refuse)
        with pytest.raises(BusyError, match="Held by process"), held(server, break_lock=False):
            pass
    with pytest.raises(EOFError), held(server, break_lock=False):
        pass


def test_where_a_lock_is_broken_the_index_is_left(dist: Path, server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Store.put

    def broken(store: Store, file: Path, name: str) -> None:
        put(store, file, name)
        with held(store, break_lock=True):
            pass

    monkeypatch.setattr(Store, "put", broken)
    with pytest.raises(BusyError, match="The release is not listed"):
        publish(dist / "1.0.0", "memory://site")
    monkeypatch.setattr(Store, "put", put)
    assert not server.system.exists("/site/index.json")
    assert not publish(dist / "1.0.0", "memory://site").refusals
    assert not server.system.exists(f"/site/{LOCK}")


def test_what_readers_see_is_said_as_it_is(dist: Path, server: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTCONN, "Not connected")

    for name, seen in (("put_file", "Readers see the old state"), ("rm_file", "Readers may see the new state already")):
        with monkeypatch.context() as patched:
            patched.setattr(server.system, name, gone)
            with pytest.raises(TargetError, match=f"Not connected. {seen}"):
                publish(dist / "1.0.0", "memory://site", break_lock=name == "put_file")


def test_what_is_no_index_is_left_alone(dist: Path, tmp_path: Path) -> None:
    for text in ("{", "[]", '{"versions": [{"version": "../1"}]}'):
        (tmp_path / "index.json").write_text(text, encoding="utf-8")
        with pytest.raises(TargetError, match="Not an index of releases"):
            publish(dist / "1.0.0", str(tmp_path))
        assert {one.name for one in tmp_path.iterdir()} == {"index.json"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["site"], 0, "site  1.0.0 published"),
        (["nowhere://site"], 3, "error: nowhere://site  The release cannot be published: Protocol not known"),
        (["/dev/null/site"], 3, "Not a directory"),
        (["site", "--release", "none"], 3, "No release is there"),
        ([], 2, "Missing argument"),
        (["nowhere://me:secret@site"], 3, "error: nowhere://me:…@site  The release cannot be published"),
        ([""], 2, "Invalid value for 'TARGET': it is empty. Expected a folder or a URL."),
    ],
)
def test_exit_codes(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    package = small(tmp_path)
    release(Package.read(package), Order(package / "dist"))
    done = qantar("publish", *arguments, cwd=package)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stdout + done.stderr


def test_a_password_is_not_shown_where_publishing_succeeds(dist: Path, tmp_path: Path) -> None:
    done = qantar("publish", "file://me:secret@/site", "--release", dist / "1.0.0", cwd=tmp_path)
    assert "secret" not in done.stdout + done.stderr
    done = qantar("verify-release", "http://me:secret@127.0.0.1:1/1.0.0", cwd=tmp_path)
    assert (done.returncode, "secret" in done.stderr, "http://me:…@127" in done.stderr) == (3, False, True)


def test_what_a_release_says_is_shown_and_not_obeyed(dist: Path, tmp_path: Path) -> None:
    package = small(tmp_path / "small")
    file = package / "datapackage.json"
    said = json.loads(file.read_text(encoding="utf-8")) | {"version": "1.0\n::error::x", "name": "\x1b[31m"}
    file.write_text(json.dumps(said), encoding="utf-8")
    forged = Path(shutil.copytree(dist / "1.0.0", tmp_path / "forged"))
    manifest = json.loads((forged / "MANIFEST.json").read_text(encoding="utf-8"))
    manifest |= {"version": said["version"], "name": said["name"]}
    (forged / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    sums = "".join(f"{sha256(one)}  {name}\n" for name, one in files(forged).items())
    (forged / "SHA256SUMS").write_text(sums, encoding="utf-8")
    for arguments in (
        ("release",),
        ("verify-release", forged),
        ("publish", tmp_path / "site", "--release", forged),
        ("publish", tmp_path / "site"),
    ):
        done = qantar(*arguments, cwd=package)
        assert done.returncode in {1, 3}
        assert "\n::" not in done.stdout + done.stderr
        assert "\x1b" not in done.stdout + done.stderr
