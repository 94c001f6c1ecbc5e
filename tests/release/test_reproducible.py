"""Two builds under all that may differ between machines and days: the same bytes of every file, and the same modes."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

BUILD = """
import os, sys
from datetime import datetime, timedelta
from pathlib import Path
import time_machine

time_machine.travel(datetime.now() + timedelta(days=int(sys.argv[4]))).start()
os.umask(int(sys.argv[3], 8))
from qantar.package import Package
from qantar.release.content import read_content
from qantar.release.formats import write_formats
from qantar.release.manifest import write_manifest

content = read_content(Package.read(Path(sys.argv[1])))
target = Path(sys.argv[2])
target.mkdir(parents=True)
write_formats(content, target)
write_manifest(content, target)
"""

HERE = {
    "TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0", "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1", "ARROW_IO_THREADS": "1",
}  # fmt: skip

THERE = {
    "TZ": "Asia/Almaty", "LC_ALL": "C.UTF-8", "LANG": "hu_HU.UTF-8", "PYTHONHASHSEED": "42", "POLARS_MAX_THREADS": "7",
    "OMP_NUM_THREADS": "5", "RAYON_NUM_THREADS": "5", "ARROW_IO_THREADS": "9", "PYTHONUTF8": "0", "COLUMNS": "40",
}  # fmt: skip


def build(source: Path, target: Path, umask: str, day: int, more: dict[str, str]) -> None:
    """Build a release of the package in another process, in another world."""
    path = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(source), str(target), umask, str(day)],
        env=path | {"PYTHONPATH": str(ROOT / "validate")} | more,
        cwd=target.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def read(folder: Path) -> dict[str, tuple[str, bytes]]:
    """The files of a folder and the folders, with their modes."""
    return {
        one.relative_to(folder).as_posix(): (
            stat.filemode(one.stat().st_mode),
            one.read_bytes() if one.is_file() else b"",
        )
        for one in folder.rglob("*")
    }


@pytest.fixture
def moved(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package elsewhere: other times of its files, another order of its folders."""
    other = tmp_path_factory.mktemp("elsewhere") / "a folder, ű"
    other.mkdir()
    for one in sorted(package.rglob("*"), reverse=True):
        target = other / one.relative_to(package)
        target.parent.mkdir(parents=True, exist_ok=True)
        if one.is_file():
            shutil.copyfile(one, target)
            os.utime(target, (10**9, 10**9))
    return other


@pytest.mark.parametrize("epoch", [None, "1700000000"])
def test_two_builds_have_the_same_bytes(package: Path, moved: Path, tmp_path: Path, epoch: str | None) -> None:
    given = {"SOURCE_DATE_EPOCH": epoch} if epoch else {}
    first, second = tmp_path / "first", tmp_path / "another folder"
    build(package, first, "022", 0, HERE | given)
    build(moved, second, "077", 400, THERE | given)
    one, other = read(first), read(second)
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
    assert {mode for mode, _ in one.values()} == {"-rw-r--r--", "drwxr-xr-x"}


def test_another_moment_gives_other_bytes(package: Path, tmp_path: Path) -> None:
    build(package, tmp_path / "first", "022", 0, HERE)
    build(package, tmp_path / "second", "022", 0, HERE | {"SOURCE_DATE_EPOCH": "1700000000"})
    one, other = read(tmp_path / "first"), read(tmp_path / "second")
    changed = {re.sub(r"^qantar-[\d.]+\d", "", name) for name in one if one[name] != other[name]}
    assert {".zip", ".xlsx", "CITATION.cff", "MANIFEST.json", "SHA256SUMS"} <= changed
    assert not {".sqlite", "claims.csv", "parquet/events.parquet"} & changed
