"""What git says of a folder, whatever hook this is called from; no program that a repository names is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from qantar.errors import RevisionError

LOCAL = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"}
"""What git sets for a hook: with it, git would look at another folder."""


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder; RevisionError where it is not installed."""
    environment = {name: value for name, value in os.environ.items() if name not in LOCAL}
    command = ["git", "-C", str(folder), "--literal-pathspecs", "-c", "core.fsmonitor=false", *arguments]
    try:
        return subprocess.run(  # noqa: S603 -- no shell, and who calls refuses revisions that are options
            command, env=environment | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise RevisionError("git  Not installed; what changed since a revision cannot be told without it.") from None
    except OSError as error:
        raise RevisionError(f"git  It cannot be run: {error.strerror}.") from None


def output(folder: Path, *arguments: str) -> bytes | None:
    """What git prints, None where it fails or is not there."""
    try:
        done = git(folder, *arguments)
    except RevisionError:
        return None
    return None if done.returncode else done.stdout
