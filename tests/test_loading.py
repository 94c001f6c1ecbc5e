"""The snippets of docs/loading.md: each runs as printed, and all end with the one answer that the page prints."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, tools

PAGE = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8")
PACKAGE, RELEASE = (
    dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", part, re.MULTILINE | re.DOTALL))
    for part in PAGE.partition("# From the package")[2].split("# From a release")
)
IN_PROCESS = [*PACKAGE, "Archive", "Parquet", "Excel", "Croissant"]

Row = tuple[Any, ...]


def code(section: str, language: str = "python") -> list[str]:
    """The snippets of a section."""
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


def rows(answer: Any) -> Iterable[Any]:  # noqa: ANN401 -- the answers of many libraries
    """The rows of an answer, whichever library gave it."""
    if hasattr(answer, "iter_rows"):
        return list(answer.iter_rows())
    if hasattr(answer, "itertuples"):
        return list(answer.itertuples(index=False, name=None))
    return list(answer.fetchall() if hasattr(answer, "fetchall") else answer)


def plain(row: Row) -> Row:
    """A row with one notation of missing values and whole numbers."""
    cells = [None if isinstance(one, float) and math.isnan(one) else one for one in row]
    return tuple(int(one) if isinstance(one, float) else one for one in cells)


def printed() -> list[Row]:
    """The answer as the page prints it."""
    lines = PAGE.partition("# The answer")[2].strip().splitlines()[2:]
    cells = ([cell.strip() or None for cell in line.strip("|").split("|")] for line in lines)
    return [(*row[:4], int(row[4]) if row[4] else None) for row in cells]


def run(command: list[str], folder: Path, timeout: int = 240) -> str:
    """What a command prints."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_is_a_snippet_for_each_tool() -> None:
    assert list(PACKAGE) == ["qantar", "polars", "pandas", "DuckDB", "SQLite", "frictionless"]
    assert list(RELEASE) == ["Archive", "Parquet", "R", "Excel", "Datasette", "Spark", "Croissant"]
    assert len(printed()) == 8


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the snippets leave files to the interpreter, as notebooks do
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, within mlcroissant
@pytest.mark.parametrize("tool", IN_PROCESS)
def test_the_snippet_ends_with_the_answer(tool: str, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT if tool in PACKAGE else built)
    (snippet,) = code(PACKAGE.get(tool) or RELEASE[tool])
    names: dict[str, Any] = {}
    exec(compile(snippet, tool, "exec"), names)  # noqa: S102 -- the page's own code
    assert [plain(row) for row in rows(names["answer"])] == printed()


@pytest.mark.parametrize("at", [0, 1], ids=["readr", "RSQLite"])
def test_r_ends_with_the_answer(built: Path, at: int) -> None:
    snippet = code(RELEASE["R"], "r")[at]
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    wanted = re.findall(r"library\((\w+)\)", snippet)
    missing = f"cat(setdiff(c({', '.join(map(repr, wanted))}), rownames(installed.packages())))"
    if absent := run(["Rscript", "-e", missing], built):
        pytest.skip(f"R has no package {absent}")
    text = run(["Rscript", "-e", f'{snippet}\nwrite.csv(answer, row.names = FALSE, na = "")'], built)
    found = [tuple(cell or None for cell in row) for row in csv.reader(io.StringIO(text))][1:]
    assert [(*row[:4], row[4] and int(row[4])) for row in found] == printed()


def test_datasette_ends_with_the_answer(built: Path) -> None:
    serve, ask = code(RELEASE["Datasette"], "sh")
    assert serve.startswith("datasette serve qantar-*.sqlite --metadata datasette-metadata.json")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    answer = json.loads(run(["env", f"PATH={path}", "sh", "-euc", ask], built))
    assert [tuple(row) for row in answer["rows"]] == printed()


def test_spark_ends_with_the_answer(built: Path) -> None:
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    (snippet,) = code(RELEASE["Spark"])
    text = run(
        [tools("pyspark"), "-c", f"{snippet}\nimport json; print(json.dumps([tuple(row) for row in answer]))"], built
    )
    assert [tuple(row) for row in json.loads(text)] == printed()
