"""A screen lets every fault through: on texts of every shape, against the exact check."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.fields import field_checks, missing_values, read_field
from qantar.screens import screens

NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.from_regex(r"\A[+-]?[0-9]{0,18}\.?[0-9]{0,18}([eE][+-]?[0-9]{1,3})?\Z"),
    st.sampled_from(["", "0", "-0", "1e-324", "1e-999", "0.00000", "1_000", " 1", "Infinity", "NaN", "-INF", "\uff11"]),
)
DATES = st.one_of(
    st.dates().map(str), st.sampled_from(["", "2022-1-5", "2022-02-30", "02022-01-05", "+2022-01-05", "9999-12-31x"])
)
BOUNDS = st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])


def missed(field: dict[str, Any], texts: list[str]) -> list[str]:
    """The texts that a check faults and every screen lets go."""
    missing = missing_values({}, field)
    column = read_field(field, missing)
    checks, reasons = field_checks(column)
    assert not reasons
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    faulty = pl.any_horizontal(check.faulty for check in checks)
    screened = pl.any_horizontal(pl.lit(value=False), *screens(column, missing, checks))
    return frame.filter(faulty & ~screened.fill_null(value=False))["a"].to_list()


@pytest.mark.parametrize("kind", ["integer", "number"])
@given(texts=st.lists(NUMBERS, max_size=20), bound=BOUNDS, limit=st.sampled_from(["0", "-5", "100", "10" * 9]))
def test_screens_of_numbers(kind: str, texts: list[str], bound: str, limit: str) -> None:
    assert missed({"name": "a", "type": kind, "constraints": {bound: limit}}, texts) == []


@given(texts=st.lists(NUMBERS, max_size=20), bound=BOUNDS, limit=st.sampled_from(["0.1", "1e-400", "0." + "12" * 9]))
def test_screens_of_decimals(texts: list[str], bound: str, limit: str) -> None:
    near = [limit, "0.10000000000000001", "0", "1e-401", "0.121212121212121", "0.12121212121212121213"]
    assert missed({"name": "a", "type": "number", "constraints": {bound: limit}}, [*texts, *near]) == []


@given(texts=st.lists(DATES, max_size=20), bound=BOUNDS, limit=st.sampled_from(["2022-01-05", "1900-12-31"]))
def test_screens_of_dates(texts: list[str], bound: str, limit: str) -> None:
    assert missed({"name": "a", "type": "date", "constraints": {bound: limit}}, texts) == []
