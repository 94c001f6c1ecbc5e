"""What many tests need: a copy of the dataset to break, and the reports' texts where they are at hand."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import select
import shutil
import site
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest
from hypothesis import settings

from qantar.model import Report
from qantar.package import Package

if TYPE_CHECKING:
    from qantar.release.content import Content

ROOT = Path(__file__).parents[1]
REPORTS = ROOT.parent / "shared" / "reports"

settings.register_profile("qantar", deadline=None)  # speed is measured in benchmarks/, never in tests
settings.load_profile("qantar")

OWN = {(f"data/events.csv:{row}:event_id", "event-without-actor") for row in (4, 24, 27)}
"""The warnings of the dataset itself: clashes, shooting and a beheading of which no report names an actor."""

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT"))}
OFFLINE = CLEAN | {
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this variable the wrong way round
    "PIP_NO_INDEX": "1",
    "PYTHONPATH": os.pathsep.join(site.getsitepackages()),
}
"""Installing the tool from its folder, its dependencies taken from where the tests run."""

Edit = Callable[[Path], object]


@pytest.fixture(scope="module")
def few_formats() -> Iterator[None]:
    """Releases hold only what can be read back, so that they are built quickly; a process of its own builds all."""
    from qantar.release import formats  # noqa: PLC0415 -- few tests need polars

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", ("datapackage", "citation", "parquet", "sqlite"))
        yield


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the dataset, to break."""
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    for folder in ("data", "schemas"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tool's repository, as a checkout of it has it."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("validate", "data", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "LICENSE-DATA",
        "datapackage.json",
        ".pre-commit-hooks.yaml",
    ):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="session")
def content() -> Content:
    """What a release of the dataset would hold."""
    from qantar.release.content import read_content  # noqa: PLC0415 -- few tests need polars

    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("SOURCE_DATE_EPOCH", raising=False)
        return read_content(Package.read(ROOT))


@pytest.fixture(scope="session")
def built(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the dataset, in every format; tests only read it."""
    from qantar.release.formats import write_formats  # noqa: PLC0415
    from qantar.release.manifest import write_manifest  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("release")
    write_formats(content, folder)
    write_manifest(content, folder)
    return folder


@pytest.fixture
def odd(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Content:
    """What a release would hold of a table that is written otherwise than most are."""
    from qantar.release.content import read_content  # noqa: PLC0415

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folder = tmp_path_factory.mktemp("odd")
    fields = [
        {"name": "the name", "type": "string"},
        {"name": "day", "type": "date", "format": "%d.%m.%Y"},
        {"name": "known", "type": "boolean", "trueValues": ["igen"], "falseValues": ["nem"]},
        {"name": "share", "type": "number", "decimalChar": ","},
        {"name": "code", "type": "string"},
        {"name": "note", "type": "string"},
        {"name": "year", "type": "year"},
        {"name": "at", "type": "time"},
    ]
    resource = {
        "name": "odd",
        "path": "odd.csv",
        "encoding": "iso-8859-1",
        "dialect": {"delimiter": ";", "quoteChar": "'", "header": False},
        "schema": {"fields": fields, "primaryKey": ["the name"]},
    }
    (folder / "odd.csv").write_text(
        "a b;05.01.2022;nem;1,5;007;'#1é';2022;07:08:09\nc;;;;NA;;;\n", encoding="iso-8859-1"
    )
    descriptor = {"name": "odd", "version": "1.0.0", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return read_content(Package.read(folder))


def tools(library: str) -> str:
    """The Python that has one of the libraries of tests/tools.txt; without it the test is skipped, but not in CI."""
    python = os.environ.get("QANTAR_TOOLS", sys.executable)
    if subprocess.run([python, "-c", f"import {library}"], capture_output=True, check=False).returncode:
        reason = f"{library} is not installed; QANTAR_TOOLS can name a Python with tests/tools.txt"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return python


@pytest.fixture(scope="session")
def reports() -> Path:
    """The folder of the reports' texts; they are not published, so that elsewhere these tests are skipped."""
    if not REPORTS.is_dir():
        if os.environ.get("CI") == "true" and (ROOT / ".git").exists():
            pytest.fail("the reports' texts are missing beside the checkout, and CI must have them")
        pytest.skip("the reports' texts are copyrighted and not at hand")
    return REPORTS


def stamp(package: Path) -> None:
    """Write length and digest of each file into the descriptor, so that only the fault under test is found."""
    file = package / "datapackage.json"
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        path = package / resource["path"]
        if path.is_file():
            data = path.read_bytes()
            resource |= {"bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
    file.write_text(json.dumps(descriptor), encoding="utf-8")


def replace(path: str, old: str, new: str) -> Edit:
    """An edit that replaces the first `old` of a file; it must be there."""

    def edit(package: Path) -> None:
        file = package / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    return edit


def found(report: Report) -> set[tuple[str, str]]:
    """The findings of a report as (place, rule), without the warnings that the dataset has by itself."""
    return {(one.place, one.rule) for one in report.findings} - OWN


class Terminal:
    """A process on a terminal of its own, that can be typed at and read."""

    def __init__(self, command: list[str], environment: dict[str, str], cwd: Path = ROOT) -> None:
        self.process, self.file = pty.fork()
        if self.process == 0:
            os.chdir(cwd)
            os.execve(command[0], command, environment)  # noqa: S606 -- the point is a process without a shell

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.file)
        os.waitpid(self.process, 0)

    def write(self, text: str) -> None:
        """Type a text."""
        os.write(self.file, text.encode())

    def read(self, wanted: str, seconds: float = 20) -> str:
        """What is shown until `wanted` is, or the process ends, or the time is over."""
        shown, end = "", time.monotonic() + seconds
        while wanted not in shown and time.monotonic() < end:
            if select.select([self.file], [], [], 0.2)[0]:
                try:
                    shown += os.read(self.file, 4096).decode(errors="replace")
                except OSError:  # the process has ended
                    break
        return shown
