"""What a finding says of itself."""

from __future__ import annotations

from dataclasses import replace

from qantar.model import Finding

FINDING = Finding("type-error", "message", "data/a.csv", "a", row=2, record=1, key="a-1", field="n", value="x")


def test_identity_survives_moved_rows() -> None:
    assert replace(FINDING, row=9, record=8).identity == FINDING.identity == ("type-error", "a", "a-1", "n")


def test_identity_without_a_key_is_by_value() -> None:
    assert replace(FINDING, key=None).identity == ("type-error", "a", "x", "n")
    assert Finding("missing-file", "message", "data/a.csv").identity == ("missing-file", "data/a.csv", "", "")
