"""The hooks of pre-commit, run by it: a commit with a faulty cell is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from conftest import OFFLINE, ROOT, replace, stamp
from pre_commit.clientlib import load_manifest


def run(command: list[str], folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=dict(env), capture_output=True, text=True, check=False)


def commit(folder: Path, message: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    run(["git", "add", "--all"], folder, env)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    return run(["git", *identity, "commit", "--message", message], folder, env)


@pytest.mark.parametrize("args", [[], ["--changed-since", "HEAD"]])
def test_a_commit_with_a_faulty_cell_is_refused(
    args: list[str], source: Path, package: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = OFFLINE | {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("cache"))}
    pre_commit = [sys.executable, "-m", "pre_commit"]
    if not (source / ".git").exists():
        run(["git", "init", "--quiet"], source, env)
        assert commit(source, "all", env).returncode == 0
    revision = run(["git", "rev-parse", "HEAD"], source, env).stdout.strip()
    config = {"repos": [{"repo": source.as_uri(), "rev": revision, "hooks": [{"id": "qantar-validate", "args": args}]}]}
    (package / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    run(["git", "init", "--quiet"], package, env)
    first = commit(package, "first", env)
    assert first.returncode == 0, first.stderr
    assert run([*pre_commit, "install"], package, env).returncode == 0
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    stamp(package)
    refused = commit(package, "second", env)
    assert refused.returncode == 1
    assert "data/figures.csv:8:measure  error  The cell is not a code of the field." in refused.stdout + refused.stderr
    replace("data/figures.csv", ",injuried,", ",injured,")(package)
    stamp(package)
    (package / "data" / "new.csv").write_text("a\n", encoding="utf-8")
    accepted = commit(package, "second", env)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert "Passed" in accepted.stdout + accepted.stderr
    (package / "data" / "places.csv").unlink()
    deleted = commit(package, "third", env)
    assert deleted.returncode == 1
    assert "data/places.csv  error  The file of a resource is missing." in deleted.stdout + deleted.stderr


def test_the_manifest_is_one_that_pre_commit_takes() -> None:
    assert [one["id"] for one in load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))] == ["qantar-validate"]
