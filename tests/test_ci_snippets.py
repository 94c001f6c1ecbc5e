"""The snippets for CI in docs/validating.md: well-formed, and with options that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from conftest import ROOT

from qantar.commands import cli

PAGE = (ROOT / "docs" / "validating.md").read_text(encoding="utf-8")
SNIPPETS: dict[str, Any] = {
    name: yaml.safe_load(text)
    for name, text in re.findall(r"^```yaml\n# (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
}


def manifest(name: str) -> Any:  # noqa: ANN401 -- YAML
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_there_is_a_snippet_for_each() -> None:
    assert list(SNIPPETS) == [".pre-commit-config.yaml", ".github/workflows/data.yml", ".gitlab-ci.yml"]


def test_the_hook_is_one_that_there_is() -> None:
    (hook,) = SNIPPETS[".pre-commit-config.yaml"]["repos"][0]["hooks"]
    assert hook["id"] in {one["id"] for one in manifest(".pre-commit-hooks.yaml")}


def test_the_inputs_of_the_action_are_those_that_there_are() -> None:
    step = SNIPPETS[".github/workflows/data.yml"]["jobs"]["validate"]["steps"][1]
    assert {*step["with"]} <= {*manifest("action.yml")["inputs"]}


def test_gitlab_gets_the_reports_that_it_is_told_of(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = SNIPPETS[".gitlab-ci.yml"]["validate"]
    monkeypatch.chdir(package)
    done = CliRunner().invoke(cli, shlex.split(job["script"][-1])[1:])
    assert done.exit_code == 0
    for file in job["artifacts"]["reports"].values():
        assert (package / file).stat().st_size
