"""The command line as a user meets it: options, files, exit codes and messages of real processes."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Terminal, replace

from qantar.baseline import VERSION
from qantar.reports import FORMATS

WARNED = "datapackage.json: 12 resources checked; 0 errors, 3 warnings."


def qantar(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the tool as a user does, in a process of its own."""
    command = [sys.executable, "-m", "qantar", *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "code", "last"),
    [
        (["--fail-on", "warning"], 1, WARNED),
        (["--fail-on", "never"], 0, WARNED),
        (
            ["--select", "type-error, foreign-key", "--select=blank-row"],
            0,
            "datapackage.json: 12 resources checked, 1 not checked; 0 errors, 0 warnings.",
        ),
        (["--quiet", "--ignore", "event-without-actor"], 0, "event-without-actor  not checked: ignored (command line)"),
        (["--statistics"], 0, WARNED),
    ],
)
def test_what_counts(arguments: list[str], code: int, last: str) -> None:
    done = qantar("validate", *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--select", "typ-error"], "command line  select: typ-error  No rule has this id. Did you mean type-error?"),
        (["--ignore", "low-above-hig"], "ignore: low-above-hig  No rule has this id. Did you mean low-above-high?"),
        (["--fail-on", "errors"], "'errors' is not one of 'error', 'warning', 'never'."),
        (["--slect", "x"], "No such option"),
        (["--baseline", "no.json"], "no.json  No such file. Write a baseline with --write-baseline."),
        (["--baseline", "datapackage.json"], "datapackage.json  Not a baseline. Write it anew with --write-baseline."),
        (["--baseline", "a.json", "--write-baseline", "b.json"], "--baseline and --write-baseline exclude each other."),
        *(
            ([*given, "--write-baseline", "b.json"], f"{given[0]} and --write-baseline exclude each other.")
            for given in (
                *(["--output", "a"], ["--also", "json=a"], ["--output-format", "text"], ["--statistics"], ["--quiet"]),
                ["--changed-since", "HEAD"],
            )
        ),
        (["--output", "a", "--also", "sarif=./a"], "a: Two reports cannot be written into one file."),
        (["--also", "json=a", "--also", "json=a"], "a: Two reports cannot be written into one file."),
        (["--statistics", "--output-format", "jsonl"], "--statistics are shown as text or json only."),
        (["--output", "no/report.txt"], "no/report.txt: its folder does not exist."),
        (["--output", "/dev/null"], "/dev/null: not a regular file."),
        (["--output", "data"], "data: not a regular file."),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_written(arguments: list[str], says: str, package: Path) -> None:
    before = sorted(package.rglob("*"))
    done = qantar("validate", *arguments, cwd=package)
    assert (done.returncode, done.stdout) == (2, "")
    assert " ".join(says.split()) in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert sorted(package.rglob("*")) == before


def test_statistics_count_by_rule_severity_and_resource(package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    done = qantar("validate", "--statistics", cwd=package)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:3] == [
        "3  warning  event-without-actor  events",
        "1  error    hash-count           figures",
        "1  error    unknown-code         figures",
    ]
    whole = json.loads(qantar("validate", "--statistics", "--output-format", "json", cwd=package).stdout)
    assert {(one["rule"], one["resource"], one["severity"], one["count"]) for one in whole["counts"]} == {
        ("event-without-actor", "events", "warning", 3),
        ("hash-count", "figures", "error", 1),
        ("unknown-code", "figures", "error", 1),
    }
    assert "findings" not in whole


def test_output_is_the_report_whole_and_the_summary_stays_in_sight(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("an older one", encoding="utf-8")
    link = tmp_path / "link.json"
    link.symlink_to(file)
    done = qantar("validate", "--output-format", "json", "--output", str(link))
    assert (done.returncode, done.stdout, done.stderr) == (0, WARNED + "\n", "")
    assert file.read_text(encoding="utf-8") == qantar("validate", "--output-format", "json").stdout
    assert {one.name for one in tmp_path.iterdir()} == {"report.json", "link.json"}
    assert link.is_symlink()


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("an older one", encoding="utf-8")
    script = "import sys; import os\ndef full(*_): raise OSError(28, 'No space left on device')\nos.replace = full\n"
    script += f"from qantar.commands import main\nsys.argv = ['qantar', 'validate', '--output', {str(file)!r}]\nmain()"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"error: {file}  The file cannot be written: No space left on device.\n"
    assert file.read_text(encoding="utf-8") == "an older one"
    assert [one.name for one in tmp_path.iterdir()] == ["report.txt"]


@pytest.mark.parametrize("command", ["validate", "stamp"])
def test_a_file_keeps_its_mode(command: str, package: Path) -> None:
    file = package / ("datapackage.json" if command == "stamp" else "report.txt")
    file.touch()
    file.chmod(0o600)
    assert qantar(command, *(["--output", "report.txt"] if command == "validate" else []), cwd=package).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_whose_name_is_too_long_is_one_line(tmp_path: Path) -> None:
    for name in ("x" * 250, "x" * 300):
        done = qantar("validate", "--output", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (2, "")
        assert "File name too long" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr


def test_bytes_that_are_no_text_go_through_a_baseline(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"id\xe9,n\nx\xff,2\n")
    schema = {"fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}]}
    resources = [{"name": "t", "path": "t.csv", "schema": schema}]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    assert qantar("validate", "--write-baseline", "known.json", cwd=tmp_path).returncode == 0
    done = qantar("validate", "--baseline", "known.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 errors, 0 warnings" in done.stdout


def test_stamp_keeps_what_is_no_text(package: Path) -> None:
    replace("datapackage.json", '"version": "', '"note": "\\ud800", "version": "')(package)
    replace("data/places.csv", "Central Asia", "Middle Asia")(package)
    done = qantar("stamp", cwd=package)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["note"] == "\ud800"


FAULTY = {
    "resources": [
        {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "n", "type": "integer"}]}},
    ]
}


@pytest.fixture
def cyrillic(tmp_path: Path) -> Path:
    """A package with a faulty cell that few encodings have."""
    (tmp_path / "datapackage.json").write_text(json.dumps(FAULTY), encoding="utf-8")
    (tmp_path / "t.csv").write_text("n\nждж\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_utf_8_whatever_the_locale(name: str, cyrillic: Path) -> None:
    command = [sys.executable, "-m", "qantar", "validate", "--output-format", name]
    for encoding in ("cp1252", "ascii", "utf-8"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        done = subprocess.run(command, cwd=cyrillic, env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (1, b"")
        assert "ждж" in done.stdout.decode() or name in {"html", "markdown"}


def test_what_a_terminal_cannot_show_is_escaped(cyrillic: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "NO_COLOR": "1"}
    with Terminal([sys.executable, "-m", "qantar", "validate"], environment, cyrillic) as terminal:
        assert "found \\u0436" in terminal.read("1 error").replace("n=", "found ")


@pytest.mark.parametrize(("package", "code"), [("cyrillic", 1), (".", 0)])
def test_a_reader_that_leaves_changes_no_verdict(package: str, code: int, cyrillic: Path) -> None:
    given = str(cyrillic) if package == "cyrillic" else package
    file = cyrillic / "also.json"
    script = f"{sys.executable} -m qantar validate {given} --also json={file}; echo $? >&2"
    done = subprocess.run(
        ["/bin/sh", "-c", f"({script}) | true"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == f"{code}\n"
    assert json.loads(file.read_text(encoding="utf-8"))["errors"] == code


def test_an_output_that_is_closed_or_full(cyrillic: Path) -> None:
    run = f"{sys.executable} -m qantar validate"
    for script, code, says in (
        (f"{run} >&-", 1, ""),
        (f"{run} >&- 2>&-", 1, ""),
        (f"{run} > /dev/full", 2, "error: standard output  It cannot be written: No space left on device.\n"),
        (f"{run} no-such 2> /dev/full", 3, ""),
    ):
        done = subprocess.run(["/bin/sh", "-c", script], cwd=cyrillic, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, says)


def test_ctrl_c_is_one_line_and_an_exit_code_of_its_own(cyrillic: Path) -> None:
    stopping = "import os, signal, qantar.checker\nfrom qantar.commands import run\nimport sys\n"
    stopping += "qantar.checker.check = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
    script = f"{stopping}sys.argv = ['qantar', 'validate']\nrun()"
    done = subprocess.run([sys.executable, "-c", script], cwd=cyrillic, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "error: Stopped.\n")


def test_a_baseline_is_written_and_then_in_force(package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    done = qantar("validate", "--write-baseline", "known.json", cwd=package)
    summary = "datapackage.json: 12 resources checked; 2 errors, 3 warnings."
    assert (done.returncode, done.stdout.splitlines()) == (0, ["known.json  5 findings written.", summary])
    assert json.loads((package / "known.json").read_text(encoding="utf-8"))["version"] == VERSION
    done = qantar("validate", "--baseline", "known.json", cwd=package)
    summary = "datapackage.json: 12 resources checked; 0 errors, 0 warnings, 5 known."
    assert (done.returncode, done.stdout.splitlines()) == (0, [summary])
    (package / "qantar.toml").write_text('baseline = "gone.json"', encoding="utf-8")
    assert qantar("validate", cwd=package).returncode == 2
    assert qantar("validate", "--write-baseline", "gone.json", cwd=package).returncode == 0
    assert qantar("validate", cwd=package).stdout.splitlines() == [summary]


SETTINGS = """ignore = ["unsorted-rows"]
output-format = "json"
fail-on = "warning"

[severity]
event-without-actor = { level = "error", reason = "Somebody acted." }

[[exceptions]]
rule = "event-without-actor"
key = "ev-0003"
reason = "Nobody says who clashed."
"""


def test_settings_are_in_force_and_shown(package: Path) -> None:
    (package / "qantar.toml").write_text(SETTINGS, encoding="utf-8")
    (package / "pyproject.toml").write_text("[tool.qantar]\nselect = []", encoding="utf-8")
    done = qantar("validate", cwd=package)
    assert done.returncode == 1
    assert done.stderr == "note: pyproject.toml  [tool.qantar] is passed over: qantar.toml wins.\n"
    report = json.loads(done.stdout)
    assert (report["errors"], report["warnings"], report["excepted"]) == (2, 0, 1)
    assert qantar("validate", "--quiet", "--output-format", "text", cwd=package).stderr == ""
    shown = qantar("config", "--max-examples", "7", cwd=package)
    assert shown.returncode == 0
    assert [line.split("  ", 1)[0] for line in shown.stdout.splitlines()] == [
        *("select", "ignore", "severity", "fail-on", "max-examples", "exceptions", "baseline", "output-format")
    ]
    for said in (
        "every rule",
        "unsorted-rows",
        "event-without-actor: error, because Somebody acted.",
        "event-without-actor ev-0003: Nobody says who clashed.",
    ):
        assert said in shown.stdout
    origins = [line.rsplit("  ", 1)[1] for line in shown.stdout.splitlines()]
    places = [f"qantar.toml:{line}" for line in (1, 5, 3, 8, 2)]
    assert origins == ["default", places[0], places[1], places[2], "command line", places[3], "default", places[4]]


def test_no_examples_are_none_and_shown_as_such(package: Path) -> None:
    shown = qantar("config", "--max-examples", "0", cwd=package).stdout
    assert re.search(r"^max-examples +0 +command line$", shown, re.MULTILINE)


def test_any_number_of_examples(cyrillic: Path) -> None:
    done = qantar("validate", "--max-examples", "9" * 20, cwd=cyrillic)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("command", ["validate", "config"])
def test_a_mistake_in_the_settings_is_wrong_usage(command: str, package: Path) -> None:
    (package / "qantar.toml").write_text('\nslect = ["type-error"]', encoding="utf-8")
    done = qantar(command, cwd=package)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: qantar.toml:2  Unknown key 'slect'. Did you mean select?\n"
    assert qantar(command, "--isolated", cwd=package).returncode == 0


def test_hostile_settings_are_shown_safely(package: Path) -> None:
    (package / "qantar.toml").write_text('[severity]\n"\\u001b[31mred\\u202e" = 1', encoding="utf-8")
    done = qantar("validate", cwd=package)
    assert done.returncode == 2
    assert done.stderr.startswith("error: qantar.toml:1  severity.\\u001b[31mred\\u202e: Expected a table")
    reason = 'reason = "a\\u001b[31mb"'
    (package / "qantar.toml").write_text(f'[severity]\ntype-error = {{level = "error", {reason}}}', encoding="utf-8")
    assert "\x1b" not in qantar("config", cwd=package).stdout


@pytest.mark.parametrize("command", ["validate", "config"])
def test_a_format_of_the_settings_that_there_is_not(command: str, package: Path) -> None:
    (package / "qantar.toml").write_text('output-format = "yaml"', encoding="utf-8")
    done = qantar(command, cwd=package)
    assert done.returncode == 2
    assert done.stderr.startswith("error: qantar.toml:1  output-format: Expected one of text, concise, json, ")
