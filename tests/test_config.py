"""Settings: what each key means, where it comes from, and one line for each mistake."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qantar.config import Exemption, Given, Regrade, Settings, read_settings
from qantar.errors import SettingsError, UnsafePathError
from qantar.model import Finding, Severity

WHOLE = """
select = ["type-error", "low-above-high"]
ignore = ["blank-row"]
fail-on = "warning"
max-examples = 7
output-format = "json"
baseline = "known.json"

[severity]
type-error = { level = "warning", reason = "The file is a draft." }

[[exceptions]]
rule = "type-error"
key = "a-1"
reason = "The ministry said so."

[[exceptions]]
rule = "low-above-high"
resource = "figures"
field = "low"
key = ""
reason = "Both are as printed."
"""


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")


def shared(text: str) -> str:
    """The same settings as a part of pyproject.toml."""
    nested = text.replace("[severity]", "[tool.qantar.severity]").replace("[[", "[[tool.qantar.")
    return f"[project]\nname = 'other'\n\n[tool.qantar]{nested}"


@pytest.mark.parametrize(("name", "text", "before"), [("qantar.toml", WHOLE, 0), ("pyproject.toml", shared(WHOLE), 3)])
def test_every_key_is_read_with_its_place(tmp_path: Path, name: str, text: str, before: int) -> None:
    write(tmp_path, name, text)
    settings = read_settings(tmp_path)
    assert settings.select == {"type-error", "low-above-high"}
    assert settings.ignore == {"blank-row"}
    assert settings.severity == {"type-error": Regrade(Severity.WARNING, "The file is a draft.")}
    assert (settings.fail_on, settings.max_examples, settings.output_format) == ("warning", 7, "json")
    assert settings.baseline
    assert settings.baseline.file == tmp_path / "known.json"
    assert settings.exceptions == (
        Exemption("type-error", "a-1", "The ministry said so.", file=name, line=before + 12),
        Exemption("low-above-high", "", "Both are as printed.", "figures", "low", file=name, line=before + 16),
    )
    lines = {"select": 2, "ignore": 3, "fail-on": 4, "max-examples": 5, "output-format": 6, "baseline": 7}
    lines |= {"severity": 9, "exceptions": 12}
    assert settings.origins == {key: f"{name}:{before + line}" for key, line in lines.items()}


def test_without_a_file_everything_is_default(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.ruff]\nselect = ['ALL']\n")
    settings = read_settings(tmp_path)
    assert settings == Settings()


def test_of_two_files_one_wins_and_that_is_said(tmp_path: Path) -> None:
    write(tmp_path, "qantar.toml", 'fail-on = "never"')
    write(tmp_path, "pyproject.toml", "[tool.qantar]\nfail-on = 'warning'\nignore = ['blank-row']")
    settings = read_settings(tmp_path)
    assert (settings.fail_on, settings.ignore) == ("never", frozenset())
    assert settings.notes == ("pyproject.toml  [tool.qantar] is passed over: qantar.toml wins.",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"select": ["type-error"]}, (frozenset({"type-error"}), 9, "command line")),
        ({"select": ()}, (frozenset({"foreign-key"}), 9, "qantar.toml:1")),
        ({"max_examples": 0}, (frozenset({"foreign-key"}), 0, "qantar.toml:1")),
        ({"max_examples": None}, (frozenset({"foreign-key"}), 9, "qantar.toml:1")),
        ({"isolated": True}, (frozenset(), 50, None)),
        ({"isolated": True, "select": {"type-error"}}, (frozenset({"type-error"}), 50, "command line")),
    ],
)
def test_what_the_caller_gives_wins(tmp_path: Path, given: Given, expected: tuple[object, ...]) -> None:
    write(tmp_path, "qantar.toml", 'select = ["foreign-key"]\nmax-examples = 9\n')
    settings = read_settings(tmp_path, given)
    assert (settings.select, settings.max_examples, settings.origins.get("select")) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("slect = []", "qantar.toml:1  Unknown key 'slect'. Did you mean select?"),
        ("\nxyz = 1", "qantar.toml:2  Unknown key 'xyz'. Expected one of select, ignore, "),
        ("[rules]\na = 1", "qantar.toml:1  Unknown key 'rules'."),
        ("select = 'type-error'", "qantar.toml:1  select: Expected a list of rule ids, found 'type-error'."),
        ("select = [1]", "qantar.toml:1  select: Expected a list of rule ids, found [1]."),
        ("ignore = ['typ-error']", "qantar.toml:1  ignore: typ-error  No rule has this id. Did you mean type-error?"),
        ("fail-on = 'errors'", "fail-on: Expected one of error, warning, never, found 'errors'. Did you mean error?"),
        ("fail-on = 1", "qantar.toml:1  fail-on: Expected one of error, warning, never, found 1."),
        ("max-examples = true", "max-examples: Expected a whole number, 0 or more, found True."),
        ("max-examples = -1", "max-examples: Expected a whole number, 0 or more, found -1."),
        ("output-format = 3", "qantar.toml:1  output-format: Expected one of text, concise, json, jsonl, github, "),
        ("output-format = []", "sarif, html, markdown, found []."),
        (
            "output-format = 'jsno'",
            "qantar.toml:1  output-format: Expected one of text, concise, json, jsonl, github, ",
        ),
        ("output-format = 'jsno'", "found 'jsno'. Did you mean json?"),
        ("baseline = []", "qantar.toml:1  baseline: Expected a text, found []."),
        ("severity = 'error'", "qantar.toml:1  severity: Expected a table with a severity for each rule"),
        ("[severity]\ntype-error = 'error'", "qantar.toml:2  severity.type-error: Expected a table with level, reason"),
        ("[severity]\ntype-error = {level = 'error'}", "qantar.toml:2  severity.type-error: Expected a reason too."),
        ("[severity]\ntype-error = {level = 'bad', reason = 'x'}", "Expected one of error, warning, found 'bad'."),
        (
            "[severity]\ntype-error = {level = 'error', reason = ' '}",
            "severity.type-error: Expected a text, found ' '.",
        ),
        ("[severity]\ntype-error = {level = 'error', reson = 'x'}", "Unknown key 'reson'. Did you mean reason?"),
        (
            "[severity]\n'typ-error' = {level = 'error', reason = 'x'}",
            "qantar.toml:2  severity.typ-error: typ-error  No",
        ),
        ("exceptions = {}", "qantar.toml:1  exceptions: Expected an array of tables, found {}."),
        ("exceptions = [1]", "qantar.toml:1  exceptions: Expected a table with rule, key, reason, found 1."),
        ("[[exceptions]]\nrule = 'type-error'\nkey = 'a'", "qantar.toml:1  exceptions: Expected a reason too."),
        (
            "[[exceptions]]\nrule='type-error'\nkey='a'\nreason='b'\n[[exceptions]]\nrule='x'\nkey='a'\nreason='b'",
            "qantar.toml:5  exceptions: x  No rule has this id.",
        ),
        (
            "[[exceptions]]\nrule='type-error'\nkey=1\nreason='b'",
            "qantar.toml:1  exceptions.key: Expected a text, found",
        ),
        ("[[exceptions]]\nrule='type-error'\nkey='1'\nreason='b'\nfild='c'", "Unknown key 'fild'. Did you mean field?"),
        ("select = [", "qantar.toml  Not TOML: "),
        ("a = " + "[" * 5000, "qantar.toml  Not TOML: "),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, "qantar.toml", text)
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_mistakes_of_the_caller_name_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="command line  select: typ-error  No rule has this id"):
        read_settings(tmp_path, {"select": ["typ-error"]})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"slect": ["type-error"]}, "Unknown setting 'slect'. Did you mean select?"),
        (
            {"xyz": 1},
            "Unknown setting 'xyz'. Expected one of select, ignore, fail_on, max_examples, baseline, isolated.",
        ),
    ],
)
def test_a_setting_that_there_is_not_is_no_keyword(tmp_path: Path, given: Given, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        read_settings(tmp_path, given)
    assert str(caught.value) == message


def test_more_examples_than_can_be_counted_are_all(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {"max_examples": 10**30}).max_examples == sys.maxsize


def test_the_table_of_pyproject_must_be_one(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool]\nqantar = 1")
    with pytest.raises(SettingsError, match="Expected a table"):
        read_settings(tmp_path)


@pytest.mark.parametrize("path", ["../known.json", "/etc/passwd"])
def test_a_baseline_of_the_settings_lies_in_the_package(tmp_path: Path, path: str) -> None:
    write(tmp_path, "qantar.toml", f"baseline = '{path}'")
    with pytest.raises(UnsafePathError):
        read_settings(tmp_path)


FINDING = Finding("type-error", "message", "data/a.csv", "a", row=2, record=1, key="a-1", field="n", value="x")


@pytest.mark.parametrize(
    ("exemption", "covers"),
    [
        (Exemption("type-error", "a-1", "r"), True),
        (Exemption("type-error", "a-1", "r", "a", "n"), True),
        (Exemption("type-error", "x", "r"), False),
        (Exemption("foreign-key", "a-1", "r"), False),
        (Exemption("type-error", "a-1", "r", "b"), False),
        (Exemption("type-error", "a-1", "r", field="m"), False),
    ],
)
def test_an_exception_covers_what_it_names(exemption: Exemption, covers: bool) -> None:  # noqa: FBT001 -- a table
    assert exemption.covers(FINDING) == covers
