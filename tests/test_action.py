"""The GitHub Action: its shell steps, run with the variables that the runner sets."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import OFFLINE, ROOT, replace, stamp

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


class Runner:
    """Runs the shell steps of the Action with the variables that GitHub's runner sets."""

    def __init__(self, source: Path, temp: Path) -> None:
        self.source, self.temp = source, temp
        self.outputs = {"python": {"python-path": sys.executable}}
        self.log = ""

    def step(self, name: str, workspace: Path, given: Mapping[str, str]) -> int:
        """The exit code of a step; what it wrote is kept."""
        step = next(one for one in STEPS if one.get("id") == name)
        files = {one: self.temp / f"{name}-{one.lower()}" for one in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        env = OFFLINE | {one: str(file) for one, file in files.items()}
        env |= {"GITHUB_WORKSPACE": str(workspace), "GITHUB_ACTION_PATH": str(self.source), "CI": "true"}
        env |= {"RUNNER_TEMP": str(self.temp), "GITHUB_ACTIONS": "true"}
        env |= {one: self.value(text, given) for one, text in step["env"].items()}
        script = self.temp / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(command, cwd=workspace, env=env, capture_output=True, text=True, check=False)
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        self.outputs[name] = dict(line.split("=", 1) for line in lines)
        self.summary = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        self.log = done.stdout + done.stderr
        return done.returncode

    def value(self, text: str, given: Mapping[str, str]) -> str:
        """What an expression of the Action comes to."""
        kind, *path = re.fullmatch(r"\$\{\{ ([\w.-]+) \}\}", text)[1].split(".")  # type: ignore[index]
        if kind == "inputs":
            return given.get(path[0], str(ACTION["inputs"][path[0]]["default"]))
        step, _, name = path
        return self.outputs[step][name]


@pytest.fixture(scope="session")
def installed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on which the Action has installed the tool."""
    runner = Runner(source, tmp_path_factory.mktemp("runner"))
    assert runner.step("install", source, {}) == 0, runner.log
    return runner


def test_a_clean_package_passes(installed: Runner, package: Path) -> None:
    assert installed.step("validate", package, {}) == 0, installed.log
    assert installed.outputs["validate"]["exit-code"] == "0"
    assert installed.summary.startswith("## datapackage&#46;json: 12 resources checked; 0 errors, 3 warnings.\n")
    sarif = json.loads(Path(installed.outputs["validate"]["sarif"]).read_text(encoding="utf-8"))
    assert sarif["version"] == "2.1.0"
    assert "::warning " in installed.log


def test_a_faulty_package_fails_with_annotation_summary_and_sarif(installed: Runner, package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",<img src=x>|::error::x,")(package)
    stamp(package)
    assert installed.step("validate", package, {}) == 1, installed.log
    assert re.search(r"^::error file=data/figures\.csv,line=8,", installed.log, re.MULTILINE)
    assert not re.search(r"^::error::x", installed.log, re.MULTILINE)
    assert "| figures | error | unknown-code | 1 |" in installed.summary
    assert "<img" not in installed.summary
    sarif = json.loads(Path(installed.outputs["validate"]["sarif"]).read_text(encoding="utf-8"))
    assert [one["ruleId"] for one in sarif["runs"][0]["results"] if one["level"] == "error"] == ["unknown-code"]


def test_a_package_that_cannot_be_read(installed: Runner, tmp_path: Path) -> None:
    assert installed.step("validate", tmp_path, {"package": "no-such-folder"}) == 3
    assert installed.outputs["validate"] == {"exit-code": "3"}
    assert installed.summary == ""


def test_options_come_one_a_line_and_the_summary_can_be_left_out(installed: Runner, package: Path) -> None:
    shutil.move(package / "data", package / "a b")
    given = {"args": "--max-examples=1\n\n--changed-since=no such revision", "summary": "false"}
    assert installed.step("validate", package, given) == 2
    assert "What changed since no such revision cannot be told" in installed.log
    assert installed.summary == ""


HOSTILE = ["$(touch hacked)", "`touch hacked`", "; touch hacked", '"; touch hacked; "', "x\ntouch hacked"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("name", "code"), [("package", 3), ("args", 2)])
def test_an_input_cannot_become_a_command(installed: Runner, tmp_path: Path, name: str, code: int, text: str) -> None:
    assert installed.step("validate", tmp_path, {name: text}) == code
    assert list(tmp_path.iterdir()) == []


PYTHON = """#!/bin/sh
if [ "$2" = venv ]; then
  mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
else
  printf '%s\\n' "$@" > "$RUNNER_TEMP/given"
fi
"""
"""An interpreter that makes an environment of itself, and writes down what pip is asked for."""


@pytest.mark.parametrize("version", ["0.1.0", *HOSTILE])
def test_a_version_is_asked_of_the_index_and_cannot_become_a_command(
    source: Path, tmp_path: Path, version: str
) -> None:
    runner, workspace = Runner(source, tmp_path), tmp_path / "workspace"
    workspace.mkdir()
    python = tmp_path / "python"
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    runner.outputs["python"]["python-path"] = str(python)
    assert runner.step("install", workspace, {"version": version}) == 0, runner.log
    assert (tmp_path / "given").read_text(encoding="utf-8").endswith(f"\nqantar=={version}\n")
    assert list(workspace.iterdir()) == []


def test_no_step_pastes_an_expression_into_its_script() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        assert re.search(r"@[0-9a-f]{40}$", step.get("uses", "@" + "0" * 40)), "an action is pinned to a commit"


def test_inputs_outputs_and_steps_are_those_that_are_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert {*re.findall(r"inputs\.([\w-]+)", text)} == {*ACTION["inputs"]}
    assert {*re.findall(r"steps\.(\w+)\.", text)} <= {one.get("id") for one in STEPS}
