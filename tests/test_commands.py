"""The command line: what it says, and its exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner
from conftest import ROOT, Edit, replace
from consumers import CONSUMERS, OBEYED
from polars.exceptions import PanicException

from qantar.catalogue import catalogue
from qantar.commands import COMMANDS, cli, main
from qantar.reports import FORMATS
from qantar.rules import RULES


def qantar(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the tool as a user does, in a process of its own."""
    command = [sys.executable, "-m", "qantar", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_validate_the_dataset() -> None:
    done = qantar("validate")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "datapackage.json: 12 resources checked; 0 errors, 3 warnings."


def test_validate_says_place_fault_value_expectation_and_mend(package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    done = qantar("validate", cwd=package)
    assert done.returncode == 1
    line, hint = (one for one in done.stdout.splitlines() if "injur" in one)
    place = "data/figures.csv:8:measure  error  The cell is not a code of the field. "
    assert line.startswith(f"{place}measure=injuried; expected one of killed, ")
    assert line.endswith("  [unknown-code]")
    assert hint == "    Did you mean injured?"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--help"], 0, "validate"),
        (["--version"], 0, f"qantar {version('qantar')}"),
        (["validte"], 2, "Did you mean validate?"),
        (["validate", "--nothing"], 2, "No such option"),
        (["validate", "no-such-folder"], 3, "no-such-folder  No such file."),
        (["verify"], 2, "Missing option '--reports'"),
        (["verify", "--reports", "no-such-folder"], 3, "no-such-folder  The folder of reports cannot be read"),
        (["rule"], 0, "bounds-against-words"),
        (["rule", "bounds-against-word"], 2, "Did you mean bounds-against-words?"),
        (["rule", "xyz"], 2, "No rule has this id."),
    ],
)
def test_exit_codes(arguments: list[str], code: int, says: str) -> None:
    done = qantar(*arguments)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("error", [TypeError("odd\ntext"), PanicException("odd text")], ids=["exception", "panic"])
def test_a_defect_is_one_line_and_an_exit_code_of_its_own(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("qantar.checker.check", Mock(side_effect=error))
    monkeypatch.setattr("sys.argv", ["qantar", "validate", str(ROOT)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 4
    said = f"error: Qantar failed, not the package: {type(error).__name__}: odd text. Please report it"
    assert capsys.readouterr().err.startswith(said)
    monkeypatch.setenv("QANTAR_TRACEBACK", "1")
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 4
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\n")


def test_every_command_has_the_help_that_the_list_shows() -> None:
    for name in COMMANDS:
        assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_rule_explains_with_examples() -> None:
    result = CliRunner().invoke(cli, ["rule", "low-above-high"])
    assert result.exit_code == 0
    for text in (RULES["low-above-high"].message, RULES["low-above-high"].faulty["figures"], "Passes:", "Faults:"):
        assert text in result.output


def test_rule_explains_all() -> None:
    result = CliRunner().invoke(cli, ["rule", "--all"])
    assert re.findall("^## (.+)$", result.output, re.MULTILINE) == list(catalogue())


def test_rules_as_json_are_whole() -> None:
    given = json.loads(CliRunner().invoke(cli, ["rule", "--all", "--output-format", "json"]).output)
    assert [one["id"] for one in given] == list(catalogue())
    assert all(one["message"] and one["documentation"] for one in given)
    assert all(one["expected"] and one["valid"] and one["faulty"] for one in given if one["id"] in RULES)
    one = json.loads(CliRunner().invoke(cli, ["rule", "low-above-high", "--output-format", "json"]).output)
    assert one == next(rule for rule in given if rule["id"] == "low-above-high")
    assert CliRunner().invoke(cli, ["rule", "low-above-high", "--all"]).exit_code == 2


@pytest.mark.parametrize("name", FORMATS)
def test_validate_in_every_format(name: str, package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",<b>\x1b[31minj\u202e,")(package)
    done = qantar("validate", "--output-format", name, cwd=package)
    assert (done.returncode, done.stderr) == (1, "")
    CONSUMERS[name](done.stdout.removesuffix("\n"))
    assert not OBEYED.search(done.stdout.replace("\t", ""))


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)], ids=str
)
def test_text_is_coloured_on_a_terminal_alone(environment: dict[str, str], package: Path, *, coloured: bool) -> None:
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    ours, theirs = pty.openpty()
    given = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | environment
    command = [sys.executable, "-m", "qantar", "validate"]
    subprocess.run(command, cwd=package, stdout=theirs, env=given, check=False)
    os.close(theirs)
    written = b""
    with contextlib.suppress(OSError):  # Linux says so that a terminal's other side is closed
        while read := os.read(ours, 65536):
            written += read
    os.close(ours)
    assert b"[unknown-code]" in written
    assert (b"\x1b[31merror" in written) is coloured


def test_stamp_makes_a_changed_file_the_one_that_is_described(package: Path) -> None:
    replace("data/places.csv", "Central Asia", "Middle Asia")(package)
    assert CliRunner().invoke(cli, ["validate", str(package)]).exit_code == 1
    assert CliRunner().invoke(cli, ["stamp", str(package)]).exit_code == 0
    assert CliRunner().invoke(cli, ["validate", str(package)]).exit_code == 0
    assert {one.name for one in package.iterdir()} == {"data", "datapackage.json", "schemas"}


def test_stamp_leaves_an_unchanged_descriptor_as_it_is(package: Path) -> None:
    before = (package / "datapackage.json").read_bytes()
    CliRunner().invoke(cli, ["stamp", str(package)])
    assert (package / "datapackage.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--version"], {"polars", "frictionless", "pandera", "edtf", "narwhals", "rich", "rich_click"}),
        ([], {"polars", "rich", "rich_click"}),
        (["--help"], {"polars", "frictionless", "pandera", "edtf", "narwhals"}),
        (["validate"], {"pandera", "pandas", "duckdb", "jinja2", "junitparser", "rich", "rich_click"}),
    ],
)
def test_start_up_imports_nothing_heavy(arguments: list[str], heavy: set[str]) -> None:
    script = (
        "import sys\nfrom qantar.commands import cli\n"
        f"try:\n    cli({arguments!r})\nfinally:\n    print('imported', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    imported = set(done.stderr.partition("imported ")[2].split())
    assert "qantar.commands" in imported
    assert not imported & heavy


@pytest.mark.parametrize(
    ("edit", "code", "says"),
    [
        (
            lambda one: (one / "docs" / "coding-rules.md").write_bytes(b"\xff"),
            3,
            "The written coding rules are not UTF",
        ),
        (lambda one: (one / "docs" / "codebook.md").mkdir(), 2, "codebook.md  The file cannot be written: Is a dir"),
        (lambda one: (one / "docs" / "codebook.md").write_bytes(b"\xff"), 0, "docs/codebook.md  written"),
    ],
)
def test_docs_of_any_package(edit: Edit, code: int, says: str, package: Path) -> None:
    """Without descriptions, with plain codes, over pages that are none."""
    fields = [{"name": "a", "type": "string", "categories": ["x"]}, {"name": "b"}]
    resources = [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}]
    (package / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (package / "docs").mkdir()
    (package / "docs" / "coding-rules.md").touch()
    edit(package)
    done = qantar("docs", cwd=package)
    assert done.returncode == code
    assert says in done.stdout + done.stderr
    if code == 0:
        assert "| `b` | any |  |" in (package / "docs" / "codebook.md").read_text(encoding="utf-8")


def test_hostile_cells_are_shown_safely(package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",\x1b[31minj\u202e,")(package)
    result = CliRunner().invoke(cli, ["validate", str(package)])
    assert "measure=\\u001b[31minj\\u202e" in result.output
    assert "\x1b" not in result.output


def test_one_run_writes_several_formats(package: Path, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("json", "markdown")}
    arguments = [one for name, file in files.items() for one in ("--also", f"{name}={file}")]
    done = CliRunner().invoke(cli, ["validate", str(package), *arguments])
    assert done.exit_code == 0
    assert done.output.endswith("12 resources checked; 0 errors, 3 warnings.\n")
    for name, file in files.items():
        assert file.read_text() == CliRunner().invoke(cli, ["validate", str(package), "--output-format", name]).output
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("given", ["json", "json=", "xml=file", "json=no/such/file", "json=."])
def test_a_report_that_cannot_be_written(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["validate", str(ROOT), "--also", given])
    assert done.exit_code == 2
    assert given in done.output or f"{given.removeprefix('json=')}: " in done.output
    assert list(tmp_path.iterdir()) == []
