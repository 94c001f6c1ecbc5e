"""The command line: what it says, and its exit codes."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, replace

from qantar.commands import COMMANDS, cli
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


def test_every_command_has_the_help_that_the_list_shows() -> None:
    for name in COMMANDS:
        assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_rule_explains_with_examples() -> None:
    result = CliRunner().invoke(cli, ["rule", "low-above-high"])
    assert result.exit_code == 0
    for text in (RULES["low-above-high"].message, RULES["low-above-high"].faulty["figures"], "Passes:", "Faults:"):
        assert text in result.output


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
        (["--version"], {"polars", "frictionless", "pandera", "edtf", "narwhals"}),
        (["--help"], {"polars", "frictionless", "pandera", "edtf", "narwhals"}),
        (["validate"], {"pandera", "pandas", "duckdb"}),
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


def test_hostile_cells_are_shown_safely(package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",\x1b[31minj\u202e,")(package)
    result = CliRunner().invoke(cli, ["validate", str(package)])
    assert "measure=\\u001b[31minj\\u202e" in result.output
    assert "\x1b" not in result.output
