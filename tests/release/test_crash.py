"""Crash safety: whatever happens at whichever operation, the old release is whole and running again converges."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small import TABLE, changelog, qantar, small, tree

from qantar.package import Package
from qantar.release import formats
from qantar.release.atomic import PREFIX
from qantar.release.build import Order, release
from qantar.release.publish import publish

HARNESS = Path(__file__).parent / "faults.py"

KILL, INTERRUPT, DISK = "kill", "interrupt", "disk"
"""kill -9 (in the midst of a write), Ctrl-C, and what a disk answers: read only, full, I/O error."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="operations are told apart by /proc")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packages, `first` and `second`; `dist` with the release of the first, `site` where it is published.

    The releases have one format, so that there are fewer operations to meet.
    """
    folder = tmp_path_factory.mktemp("workshop")
    first = Package.read(small(folder / "first"))
    second = small(folder / "second", "1.1.0", TABLE + "z,3\n", changelog("1.1.0", 1, 0, 0, 3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", ("datapackage",))
        patch.setattr(formats, "READABLE", {"csv": "datapackage"})
        release(first, Order(folder / "dist"))
        release(Package.read(second), Order(folder / "next", since=str(folder / "first")))
        publish(folder / "dist" / "1.0.0", str(folder / "site"))
    return folder


class Run:
    """A run that met a fault, and the run after it."""

    def __init__(self, line: str) -> None:
        one = json.loads(line)
        self.met: str = one["met"]
        self.code: int = one["code"]
        self.said: str = one["said"]
        self.after: dict[str, str] = one["after"]
        self.again: int | None = one["again"]
        self.end: dict[str, str] = one["end"]

    def ends_as_it_should(self, fault: str, end: dict[str, str]) -> bool:
        """Whether the run ended at its fault and said so in one line, or did without the operation."""
        if self.code == 0:
            return self.after == end
        if fault == KILL:
            return self.code == -signal.SIGKILL
        if fault == INTERRUPT:
            return self.code == 130 and self.said == "error: Stopped.\n"
        return self.code == 3 and self.said.startswith("error: ") and self.said.count("\n") == 1


def faults(fault: str, target: Path, work: Path, *arguments: str | Path) -> tuple[list[Run], Run]:
    """The runs with the fault at each operation in turn, and the last one, which met none."""
    command = [sys.executable, HARNESS, fault, target, work, *arguments]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=work)
    assert done.returncode == 0, done.stderr
    *runs, last = map(Run, done.stdout.splitlines())
    assert sum(one.code != 0 for one in runs) > len(runs) * 0.7
    assert (last.met, last.code, last.again, last.end) == ("", 200, 0, last.after)
    return runs, last


def within(state: dict[str, str], folder: str) -> dict[str, str]:
    """The part of a state that lies in a folder, and the folder."""
    return {name: digest for name, digest in state.items() if f"{name}/".startswith(f"{folder}/")}


@pytest.mark.parametrize("fault", [KILL, INTERRUPT, DISK])
def test_a_release_is_there_whole_or_not_at_all(workshop: Path, tmp_path: Path, fault: str) -> None:
    arguments = ("release", workshop / "second", "--target", "{}")
    runs, last = faults(fault, workshop / "dist", tmp_path, *arguments)
    assert {one.met.partition(" ")[0] for one in runs} >= {"mkdir", "open", "write", "chmod", "fsync", "rename"}
    old, new = within(last.end, "1.0.0"), within(last.end, "1.1.0")
    assert set(last.end) == {*old, *new}
    for one in runs:
        assert one.ends_as_it_should(fault, last.end), (one.met, one.code, one.said)
        assert within(one.after, "1.0.0") == old, one.met
        assert within(one.after, "1.1.0") in ({}, new), one.met
        stray = set(one.after) - {*old, *new}
        assert all(name.startswith(PREFIX) for name in stray), one.met
        assert fault == KILL or not stray, one.met
        assert one.again is None or (one.again, one.end) == (0, last.end), one.met


@pytest.mark.parametrize("fault", [KILL, INTERRUPT, DISK])
def test_readers_of_a_target_see_the_old_state_or_the_new_one(workshop: Path, tmp_path: Path, fault: str) -> None:
    arguments = ("publish", "{}", "--release", workshop / "next" / "1.1.0")
    runs, last = faults(fault, workshop / "site", tmp_path, *arguments)
    assert {one.met.partition(" ")[0] for one in runs} >= {"mkdir", "open", "sendfile", "write", "fsync", "rename"}
    before = {name: last.end[name] for name in within(last.end, "1.0.0")}
    indexes = {one.after["index.json"] for one in runs}
    assert len(indexes) == 2
    for one in runs:
        assert one.ends_as_it_should(fault, last.end), (one.met, one.code, one.said)
        assert within(one.after, "1.0.0") == before, one.met
        if one.after["index.json"] == last.end["index.json"]:
            assert within(one.after, "1.1.0") == within(last.end, "1.1.0"), one.met
        assert one.again is None or (one.again, one.end) == (0, last.end), one.met


def test_a_process_that_is_killed_at_any_moment_leaves_the_old_release_whole(workshop: Path, tmp_path: Path) -> None:
    """Every format is built here, by libraries whose operations are not counted."""
    target = Path(shutil.copytree(workshop / "dist", tmp_path / "dist"))
    old = tree(target)
    command = [sys.executable, "-m", "qantar", "release", str(workshop / "second"), "--target", str(target)]
    begun = time.monotonic()
    subprocess.run([*command, "--dry-run"], check=True, capture_output=True)
    usual = time.monotonic() - begun
    for part in range(1, 6):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            time.sleep(usual * part / 5)
            running.kill()
        state = tree(target)
        assert {name: state[name] for name in old} == old
        if (target / "1.1.0").exists():
            shutil.rmtree(target / "1.1.0")
    assert qantar("release", workshop / "second", "--target", target, cwd=tmp_path).returncode == 0
    assert sorted(one.name for one in target.iterdir()) == ["1.0.0", "1.1.0"]
    assert qantar("verify-release", target / "1.1.0", cwd=tmp_path).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 128 KB; only root can mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def test_a_full_disk_is_said_and_leaves_nothing(workshop: Path, disk: Path, tmp_path: Path) -> None:
    (disk / "filler").write_bytes(b"x" * 100_000)
    whole = tmp_path / "dist" / "1.0.0"
    release(Package.read(workshop / "first"), Order(whole.parent))
    for arguments in (
        ("release", workshop / "second", "--since", workshop / "first", "--target", disk / "dist"),
        ("publish", disk / "site", "--release", whole),
    ):
        done = qantar(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert done.stderr.startswith("error: ")
    assert not (disk / "dist").exists()
    assert not (disk / "site" / "index.json").exists()


def test_a_read_only_target_is_said(workshop: Path, disk: Path, tmp_path: Path) -> None:
    whole = tmp_path / "dist" / "1.0.0"
    release(Package.read(workshop / "first"), Order(whole.parent))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)  # noqa: S607
    for arguments in (
        ("release", workshop / "second", "--since", workshop / "first", "--target", disk / "dist"),
        ("release", workshop / "second", "--since", workshop / "first", "--target", disk),
        ("publish", disk, "--release", whole),
    ):
        done = qantar(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert "Read-only file system" in done.stderr
