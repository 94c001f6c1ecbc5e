"""A baseline's file: one finding a line, sorted, read back as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from qantar.baseline import Baseline, render
from qantar.errors import SettingsError
from qantar.model import Finding

FINDINGS = [
    Finding("type-error", "message", "data/b.csv", "b", row=2, key="b-1", field="n", value='é"\n'),
    Finding("missing-cell", "message", "data/a.csv", "a", row=3, value="3 cells"),
    Finding("missing-cell", "message", "data/a.csv", "a", row=9, value="3 cells"),
]
TEXT = """{
  "version": 1,
  "about": "rule, resource, primary key or value, field, count",
  "findings": [
    ["missing-cell", "a", "3 cells", "", 2],
    ["type-error", "b", "b-1", "n", 1]
  ]
}
"""


def test_one_finding_a_line_sorted() -> None:
    assert render(FINDINGS) == render(reversed(FINDINGS)) == TEXT


@pytest.mark.parametrize("findings", [FINDINGS, []])
def test_what_was_written_is_read_back(tmp_path: Path, findings: list[Finding]) -> None:
    file = tmp_path / "known.json"
    file.write_text(render(findings), encoding="utf-8")
    assert sorted(Baseline("known.json", file).read().elements()) == sorted(one.identity for one in findings)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "known.json  No such file. Write a baseline with --write-baseline."),
        (b"\xff", "known.json  Not UTF-8."),
        (b"", "known.json  Not a baseline."),
        (b"[]", "known.json  Not a baseline."),
        (b'{"version": 1}', "known.json  Not a baseline."),
        (b'{"version": 1, "findings": [1]}', "known.json  Not a baseline."),
        (b'{"version": 1, "findings": [["a", "b", "c", "d", "e"]]}', "known.json  Not a baseline."),
        (b'{"version": 2, "findings": []}', "known.json  A baseline of version 2; this tool reads version 1."),
        (b'{"version": 1, "findings": ["abcd5"]}', "known.json  Not a baseline. Expected rule, resource, key, field"),
        (b'{"version": 1, "findings": [["a", "b", "c", "d", 0]]}', "known.json  Not a baseline. Expected rule, "),
        (b'{"version": 1, "findings": [["a", "b", "c", 1, 1]]}', "known.json  Not a baseline. Expected rule, "),
        (b"[" * 100_000, "known.json  Not a baseline."),
        (b'{"version": 1, "findings": [["a", "b", "c", "d", Infinity]]}', "known.json  Not a baseline."),
    ],
)
def test_what_is_no_baseline_is_one_line(tmp_path: Path, data: bytes | None, message: str) -> None:
    file = tmp_path / "known.json"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        Baseline("known.json", file).read()
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
