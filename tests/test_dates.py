"""EDTF dates and the days that they allow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.dates import COMMON, day_range, is_edtf, known_range, parsed_range


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-01-05", date(2022, 1, 5), date(2022, 1, 5)),
        ("[..2022-01-06]", None, date(2022, 1, 6)),
        ("[2022-01-06..2022-01-12]", date(2022, 1, 6), date(2022, 1, 12)),
        ("2022-01-06?", date(2022, 1, 6), date(2022, 1, 6)),
        ("2022-01-02/..", date(2022, 1, 2), None),
        ("/2022-01-02", None, date(2022, 1, 2)),
        ("2022-01-02/", date(2022, 1, 2), None),
        ("2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ("2009", date(2009, 1, 1), date(2009, 12, 31)),
    ],
)
def test_range(text: str, first: date | None, last: date | None) -> None:
    assert day_range(text) == (first, last)


@pytest.mark.parametrize("text", ["", "2022-1-5", "2022-02-30", "2022-02-30?", "last week", "05.01.2022", "20220105"])
def test_what_is_no_edtf(text: str) -> None:
    assert not is_edtf(text)
    assert known_range(text) == (None, None)
    with pytest.raises(ValueError, match="^" + text):
        day_range(text)


@given(st.dates(date(1000, 1, 1), date(9999, 12, 1)), st.integers(0, 28))
def test_a_day_an_uncertain_day_and_a_set_agree(day: date, later: int) -> None:
    end = day + timedelta(days=later)
    assert day_range(f"{day}") == day_range(f"{day}?") == (day, day)
    assert day_range(f"[{day}..{end}]") == (day, end)


@given(st.dates(date(1000, 1, 1), date(9999, 1, 1)), st.integers(0, 28))
def test_common_forms_are_read_as_the_edtf_package_reads_them(day: date, later: int) -> None:
    end = day + timedelta(days=later)
    for text in (
        f"{day}",
        f"{day}~",
        f"[{day}..{end}]",
        f"[..{day}]",
        f"[{day}..]",
        f"{day}/{end}",
        f"{day}/..",
        f"../{day}",
        f"{day:%Y-%m}",
        f"{day:%Y}",
    ):
        assert COMMON.fullmatch(text)
        assert day_range(text) == parsed_range(text)
