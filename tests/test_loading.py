"""The snippets of docs/loading.md: each runs as printed, and all end with the one answer that the page prints."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "loading.md").read_text(encoding="utf-8")
SNIPPETS = dict(re.findall(r"^## (\w+)\n.*?^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))

Row = tuple[Any, ...]


def rows(answer: Any) -> Iterable[Any]:  # noqa: ANN401 -- the answers of five libraries
    """The rows of an answer, whichever library gave it."""
    if hasattr(answer, "iter_rows"):
        return list(answer.iter_rows())
    if hasattr(answer, "itertuples"):
        return list(answer.itertuples(index=False, name=None))
    return list(answer.fetchall() if hasattr(answer, "fetchall") else answer)


def plain(row: Row) -> Row:
    """A row with one notation of missing values and whole numbers."""
    cells = (None if isinstance(one, float) and math.isnan(one) else one for one in row)
    return tuple(int(one) if isinstance(one, float) else one for one in cells)


def printed() -> list[Row]:
    """The answer as the page prints it."""
    lines = PAGE.partition("## The answer")[2].strip().splitlines()[2:]
    cells = ([cell.strip() or None for cell in line.strip("|").split("|")] for line in lines)
    return [(*row[:4], int(row[4]) if row[4] else None) for row in cells]


def test_there_is_a_snippet_for_each_tool() -> None:
    assert list(SNIPPETS) == ["qantar", "polars", "pandas", "DuckDB", "SQLite", "frictionless"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the snippets leave files to the interpreter, as notebooks do
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("tool", SNIPPETS)
def test_the_snippet_ends_with_the_answer(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(compile(SNIPPETS[tool], tool, "exec"), names)  # noqa: S102 -- the page's own code
    assert [plain(row) for row in rows(names["answer"])] == printed()
