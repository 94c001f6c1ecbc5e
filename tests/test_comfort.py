"""Help, the manual, completion, and what a user is told who asks for nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT, Terminal

from qantar.commands import COMMANDS, Command, cli
from qantar.commands.manual import manual

TOP = click.Context(cli, info_name="qantar")


def loaded(name: str) -> click.Command:
    command = cli.get_command(TOP, name)
    assert command
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_every_option_and_an_example(name: str) -> None:
    command = loaded(name)
    assert isinstance(command, Command)
    assert command.epilog
    shown = CliRunner().invoke(cli, [name, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert command.epilog.startswith("Example:  ")
    assert f"qantar {name}" in command.epilog
    assert command.epilog in shown.output
    for option in (one for one in command.params if isinstance(one, click.Option)):
        assert option.opts[0] in shown.output
    for title in command.groups:
        assert f"─ {title} ─" in shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_groups_name_options_that_there_are(name: str) -> None:
    command = loaded(name)
    assert isinstance(command, Command)
    grouped = [option for names in command.groups.values() for option in names]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= {option for one in command.params for option in one.opts}


def test_help_lists_every_command() -> None:
    shown = CliRunner().invoke(cli, ["-h"], env={"COLUMNS": "200"}).output
    for name, about in COMMANDS.items():
        assert f"{name}  " in shown
        assert about in shown


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_help_is_coloured_on_a_terminal_that_wants_it(variables: dict[str, str], coloured: bool) -> None:  # noqa: FBT001
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "CI"}}
    command = [sys.executable, "-m", "qantar", "validate", "--help"]
    with Terminal(command, {**clean, "TERM": "xterm-256color", **variables}) as terminal:
        shown = terminal.read("Example:")
    assert "Usage:" in re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert bool(re.search(r"\x1b\[[\d;]*(3[1-6]|9[1-6])", shown)) == coloured


@pytest.mark.parametrize("variables", [{"COLUMNS": "30"}, {"COLUMNS": "300", "FORCE_COLOR": "1"}, {"TERM": "dumb"}])
def test_the_manual_is_the_same_on_every_terminal(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert manual() == (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def test_the_manual_has_every_command_and_option() -> None:
    page = manual()
    for name in COMMANDS:
        assert f"## qantar {name}\n" in page
        for option in (one for one in loaded(name).params if isinstance(one, click.Option)):
            assert option.opts[0] in page


@pytest.mark.parametrize(("folder", "says"), [(ROOT, "check the package of this folder"), (ROOT / "docs", "FOLDER")])
def test_who_asks_for_nothing_is_told_what_to_do_next(folder: Path, says: str) -> None:
    command = [sys.executable, "-m", "qantar"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "qantar --help" in done.stderr


@pytest.fixture
def path(tmp_path: Path) -> dict[str, str]:
    """An environment in which `qantar` is this one."""
    script = tmp_path / "bin" / "qantar"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m qantar "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    paths = {"PATH": f"{script.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb"}
    return {**os.environ, **paths}


def shell(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


COMPLETED = [
    ("qantar val", "validate"),
    ("qantar validate --sel", "--select"),
    ("qantar validate --fail-on w", "warning"),
    ("qantar validate --select type-error,blank-r", "type-error,blank-row"),
    ("qantar rule low-", "low-above-high"),
    ("qantar completion f", "fish"),
]


@pytest.mark.parametrize(("line", "expected"), COMPLETED)
def test_bash_completes(line: str, expected: str, path: dict[str, str]) -> None:
    script = (
        "source <(qantar completion bash); complete -p qantar > /dev/null || exit 9\n"
        'COMP_WORDS=($1); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _qantar_completion qantar; echo "${COMPREPLY[@]}"'
    )
    command = [shell("bash"), "--norc", "-c", script, "bash", line]
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == ([expected], "")


@pytest.mark.parametrize(("line", "expected"), COMPLETED)
def test_fish_completes(line: str, expected: str, path: dict[str, str]) -> None:
    script = "qantar completion fish | source; complete -C $argv[1]"
    command = [shell("fish"), "--no-config", "-c", script, line]
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    words = [one.partition("\t")[0] for one in done.stdout.splitlines()]
    assert (words, done.stderr) == ([expected], "")
    if expected == "--select":
        assert done.stdout.partition("\t")[2] == "Report only these rules: ids, parted by commas.\n"


@pytest.mark.parametrize(("line", "expected"), COMPLETED)
def test_zsh_completes(line: str, expected: str, path: dict[str, str]) -> None:
    start = "PS1='> '; autoload -U compinit; compinit -u; eval \"$(qantar completion zsh)\"; echo READ''Y\n"
    with Terminal([shell("zsh"), "-f", "-i"], path) as terminal:
        terminal.write(start)
        terminal.read("READY\r\n")
        terminal.write(f"{line}\t")
        assert expected in terminal.read(expected).rpartition("> ")[2]


def progress(folder: Path, after: float, *arguments: str) -> tuple[str, str]:
    """What the terminal and the standard output show of a run whose bar comes after some seconds."""
    script = folder / "run.py"
    script.write_text(
        f"import qantar.commands.progress as progress\nprogress.AFTER = {after}\n"
        f"import sys\nfrom qantar.commands import main\nsys.argv = ['qantar', 'validate', *{arguments!r}]\nmain()",
        encoding="utf-8",
    )
    output = folder / "output"
    command = ["/bin/sh", "-c", f"exec {sys.executable} {script} > {output}"]
    with Terminal(command, {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}) as terminal:
        shown = terminal.read("never")
    return shown, output.read_text(encoding="utf-8")


def test_a_long_run_shows_a_bar_and_takes_it_away(tmp_path: Path) -> None:
    shown, output = progress(tmp_path, 0)
    assert "Comparing keys" in shown
    assert "%" in shown
    assert shown.rpartition("%")[2].strip().endswith("\x1b[2K")
    assert (
        output
        == subprocess.run(
            [sys.executable, "-m", "qantar", "validate"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    )


@pytest.mark.parametrize(("after", "arguments"), [(60, ()), (0, ("--quiet",))], ids=["a short run", "a quiet run"])
def test_a_run_without_a_bar_shows_nothing(after: float, arguments: tuple[str, ...], tmp_path: Path) -> None:
    shown, output = progress(tmp_path, after, *arguments)
    assert shown == ""
    assert "event-without-actor" in output
