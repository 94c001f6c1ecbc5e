"""Packages at a git revision: of the folder that is meant, whatever its repository holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import CLEAN
from small import TABLE, small

from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.build import origin
from qantar.release.opening import opened


def git(folder: Path, *arguments: str) -> None:
    """Run git, whatever hook the tests are run by."""
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments]
    subprocess.run(command, check=True, env=CLEAN)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The small package in a repository of its own."""
    folder = small(tmp_path / "small")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "First"], ["tag", "v1"]):
        git(folder, *arguments)
    return folder


@pytest.fixture
def hook(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook of another repository, of which v1 has another table."""
    other = small(repository.parent / "other", table=TABLE + "z,3\n")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Other"], ["tag", "v1"]):
        git(other, *arguments)
    (other / "new.txt").touch()
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))


@pytest.mark.usefixtures("hook")
def test_in_a_hook_of_another_repository_the_folder_is_meant(repository: Path) -> None:
    with opened("v1", repository) as package:
        assert (package.root / "data" / "t.csv").read_text(encoding="utf-8") == TABLE
    assert "uncommitted" not in origin(Package.read(repository))


def test_no_program_that_a_repository_names_is_run(repository: Path) -> None:
    git(repository, "config", "core.fsmonitor", f"touch {repository}/ran; echo")
    origin(Package.read(repository))
    assert not (repository / "ran").exists()


def test_a_revision_with_a_link_that_leads_out_is_refused_in_one_line(repository: Path) -> None:
    (repository / "link").symlink_to("/etc/passwd")
    for arguments in (["add", "."], ["commit", "-q", "-m", "Second"]):
        git(repository, *arguments)
    with (
        pytest.raises(PackageError, match=r"HEAD  The revision cannot be unpacked: .*link"),
        opened("HEAD", repository),
    ):
        pass


def test_without_git_a_folder_is_plain(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert origin(Package.read(repository)) == "built from a plain folder"
