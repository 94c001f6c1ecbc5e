"""`--changed-since`: what changed is checked, its relations whole, and the rest is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import Edit, replace, stamp

import qantar.checker
from qantar.changes import read_changes
from qantar.commands import cli
from qantar.model import Report
from qantar.package import Package

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, whatever hook the tests run in."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(folder), *IDENTITY, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def committed(package: Path) -> Path:
    """A copy of the dataset, committed."""
    git(package, "init", "--quiet")
    git(package, "add", ".")
    git(package, "commit", "--quiet", "--message", "first")
    return package


def changed(folder: Path, revision: str = "HEAD") -> set[str]:
    return set(read_changes(Package.read(folder), revision).resources)


def since(folder: Path, revision: str = "HEAD") -> Report:
    package = Package.read(folder)
    return qantar.checker.check(package, changes=read_changes(package, revision))


def validate(folder: Path, revision: str) -> Result:
    return CliRunner().invoke(cli, ["validate", str(folder), "--changed-since", revision])


def relinked(folder: Path) -> None:
    (folder / "data" / "places.csv").rename(folder / "data" / "real.csv")
    (folder / "data" / "places.csv").symlink_to("real.csv")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda _: None, set()),
        (replace("data/figures.csv", ",injured,", ",killed,"), {"figures"}),
        (replace("schemas/places.json", "{", "{ "), {"places"}),
        (replace("datapackage.json", '"title": "Places"', '"title": "All places"'), {"places"}),
        (relinked, {"places"}),
        (replace("datapackage.json", '"version": "1', '"version": "2'), set()),
    ],
)
def test_what_changed(committed: Path, edit: Edit, expected: set[str]) -> None:
    edit(committed)
    assert changed(committed) == expected
    git(committed, "add", "--all")
    assert changed(committed) == expected
    git(committed, "commit", "--quiet", "--allow-empty", "--message", "second")
    assert changed(committed) == set()
    assert changed(committed, "HEAD~1") == expected


def test_a_file_that_is_gone_stays_changed(committed: Path) -> None:
    git(committed, "rm", "--quiet", "data/people.csv")
    assert changed(committed) == {"people"}
    git(committed, "commit", "--quiet", "--message", "second")
    assert {one.rule for one in since(committed).findings} == {"missing-file"}


def test_what_git_does_not_know_is_changed(committed: Path) -> None:
    git(committed, "rm", "--quiet", "--cached", "data/people.csv")
    (committed / ".gitignore").write_text("data/people.csv\n", encoding="utf-8")
    git(committed, "add", ".gitignore")
    git(committed, "commit", "--quiet", "--message", "second")
    assert changed(committed) == {"people"}


def test_remote_data_count_as_changed(committed: Path) -> None:
    replace("datapackage.json", '"path": "data/people.csv"', '"path": "https://example.org/people.csv"')(committed)
    git(committed, "commit", "--quiet", "--all", "--message", "second")
    assert changed(committed) == {"people"}


def test_with_another_model_or_without_a_descriptor_all_is_changed(committed: Path) -> None:
    replace("datapackage.json", '"claims"', '"none"')(committed)
    assert changed(committed) == set(Package.read(committed).resources)
    git(committed, "mv", "-f", "datapackage.json", "other.json")
    assert {one.name for one in Package.read(committed / "other.json").resources.values()} == set(
        read_changes(Package.read(committed / "other.json"), "HEAD").resources
    )


def test_a_package_in_a_folder_of_the_repository(tmp_path: Path, package: Path) -> None:
    deeper = tmp_path / "repository" / "one [1]"
    deeper.mkdir(parents=True)
    for name in ("datapackage.json", "data", "schemas"):
        (package / name).rename(deeper / name)
    git(deeper.parent, "init", "--quiet")
    git(deeper.parent, "add", ".")
    git(deeper.parent, "commit", "--quiet", "--message", "first")
    replace("data/figures.csv", ",injured,", ",killed,")(deeper)
    assert changed(deeper) == {"figures"}


def test_only_what_changed_is_checked_cell_by_cell(committed: Path) -> None:
    replace("data/places.csv", ",43.", ",north 43.")(committed)
    stamp(committed)
    git(committed, "commit", "--quiet", "--all", "--message", "an old fault")
    assert {one.resource for one in since(committed, "HEAD~1").findings} >= {"places"}
    replace("data/figures.csv", ",injured,", ",injuried,")(committed)
    report = since(committed)
    assert {(one.resource, one.rule) for one in report.findings} == {
        ("figures", "unknown-code"),
        ("figures", "hash-count"),
    }
    assert report.checked == ["data/figures.csv"]
    left = {one.what: one.reason for one in report.not_checked}
    assert left["data/places.csv"] == "unchanged since HEAD; only its relations to what changed are"


def test_relations_are_checked_whole(committed: Path) -> None:
    file = committed / "data" / "people.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    report = since(committed)
    assert {one.rule for one in report.findings if one.resource == "people"} == {"hash-count"}
    assert {one.resource for one in report.findings if one.rule == "foreign-key"} >= {"sources"}
    first = lines[1].partition(",")[0]
    file.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    assert ("primary-key", first) in {(one.rule, one.key) for one in since(committed).findings}


KEY = {"fields": "up", "reference": {"resource": "parent", "fields": "id"}}


def related(root: Path) -> Path:
    """Two tables, the second with a foreign key into the first, committed."""
    resources = [
        {"name": "parent", "path": "p.csv", "schema": {"fields": [{"name": "id", "type": "string"}]}},
        {
            "name": "child",
            "path": "c.csv",
            "schema": {"fields": [{"name": "up", "type": "string"}], "foreignKeys": [KEY]},
        },
    ]
    (root / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    for name, text in {"p.csv": "id\na\n", "c.csv": "up\na\n"}.items():
        (root / name).write_text(text, encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "first")
    return root


def without_parent(root: Path) -> None:
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    (root / "datapackage.json").write_text(json.dumps({"resources": descriptor["resources"][1:]}), encoding="utf-8")


def other_field(root: Path) -> None:
    replace("datapackage.json", '"name": "id"', '"name": "key"')(root)
    replace("p.csv", "id", "key")(root)


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        (without_parent, {"child"}),
        (replace("datapackage.json", '"name": "parent"', '"name": "other"'), {"other", "child"}),
        (other_field, {"parent"}),
    ],
)
def test_a_foreign_key_into_what_is_gone_is_found(edit: Edit, changes: set[str], tmp_path: Path) -> None:
    edit(related(tmp_path))
    assert changed(tmp_path) == changes
    whole = {(one.rule, one.resource, one.field) for one in qantar.validate(tmp_path).findings}
    assert whole
    assert {(one.rule, one.resource, one.field) for one in since(tmp_path).findings} == whole


def test_before_the_first_commit_all_is_changed(package: Path) -> None:
    git(package, "init", "--quiet")
    assert changed(package) == set(Package.read(package).resources)
    assert "No such revision." in str(validate(package, "main").exception)


def test_rules_that_read_a_change_run_and_the_others_are_counted(committed: Path) -> None:
    replace("data/lexicon.csv", "több mint", "több  mint")(committed)
    report, whole = since(committed), qantar.validate(committed)
    rules = {one.rule for one in report.findings}
    assert rules == {one.rule for one in whole.findings} - {"event-without-actor"}
    assert any(one.what.endswith("rules of the claims model") for one in report.not_checked)


def test_nothing_changed_is_nothing_checked_and_said(committed: Path) -> None:
    report = since(committed)
    assert (report.checked, report.findings) == ([], [])
    assert len(report.not_checked) == len(Package.read(committed).resources) + 1


@pytest.mark.parametrize(
    ("revision", "says"),
    [
        ("no-such", "no-such  No such revision."),
        ("-x", "Not a revision."),
        ("--output=x", "Not a revision."),
        ("HEAD:data", "No such revision."),
        ("", "No such revision."),
    ],
)
def test_a_revision_that_git_does_not_know(committed: Path, revision: str, says: str) -> None:
    result = validate(committed, revision)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in str(result.exception)
    assert {one.name for one in committed.iterdir()} == {".git", "data", "datapackage.json", "schemas"}


def test_an_unknown_revision_is_wrong_usage_in_one_line(committed: Path) -> None:
    command = [sys.executable, "-m", "qantar", "validate", "--changed-since", "no-such"]
    done = subprocess.run(command, cwd=committed, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: no-such  No such revision. Expected a commit, a branch or a tag that was fetched.\n"


def test_without_a_repository_or_git(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(package.parent))
    assert "not a git repository" in str(validate(package, "HEAD").exception)
    monkeypatch.setenv("PATH", "")
    assert "git  Not installed" in str(validate(package, "HEAD").exception)


def test_in_a_hook_of_another_folder(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace("data/figures.csv", ",injured,", ",killed,")(committed)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, ".git/elsewhere")
    assert changed(committed) == {"figures"}
