"""Which way imports run, as the architecture says."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

SOURCE = ROOT / "validate" / "qantar"
MODULES = sorted(SOURCE.rglob("*.py"))


def imported(file: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    return set(walk(ast.parse(file.read_text(encoding="utf-8"))))


def walk(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def roots(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(file)}


def of(folder: str) -> list[Path]:
    return sorted((SOURCE / folder).glob("*.py"))


@pytest.mark.parametrize("name", ["model", "errors"])
def test_the_model_is_standard_library_only(name: str) -> None:
    assert roots(SOURCE / f"{name}.py") <= sys.stdlib_module_names


def test_rules_neither_read_nor_print() -> None:
    for file in of("rules"):
        assert not roots(file) & {"frictionless", "click", "pathlib", "polars", "os", "io"}
        assert not {one for one in imported(file) if one.startswith("qantar.")} & {"qantar.package", "qantar.checker"}


def test_reports_import_no_polars() -> None:
    for file in of("reports"):
        assert not roots(file) & {"polars", "frictionless", "click"}


@pytest.mark.parametrize("file", MODULES, ids=lambda one: str(one.relative_to(SOURCE)))
def test_libraries_stay_where_they_belong(file: Path) -> None:
    name = file.relative_to(SOURCE).as_posix()
    inside = roots(file)
    if not name.startswith("commands/"):
        assert "click" not in inside
        if name != "__main__.py":
            assert not {one for one in imported(file) if one.startswith("qantar.commands")}
    if name != "descriptor.py":
        assert "frictionless" not in inside
    for library, home in (("jinja2", "html"), ("junitparser", "junit")):
        assert library not in inside or name == f"reports/{home}.py"
    if not name.startswith("contracts/"):
        assert not inside & {"pandera", "pandas"}


@pytest.mark.parametrize("file", MODULES, ids=lambda one: str(one.relative_to(SOURCE)))
def test_only_commands_print_or_exit(file: Path) -> None:
    if file.relative_to(SOURCE).parts[0] == "commands":
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) not in {"print", "sys.exit", "exit", "input"}
