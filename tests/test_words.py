"""Number words and what they bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar.words import Bounds, Lexicon

LEXICON = Lexicon(
    [
        {"phrase": "mintegy", "comparator": "~", "value": None, "low": None, "high": None},
        {"phrase": "több mint", "comparator": ">", "value": None, "low": None, "high": None},
        {"phrase": "kevesebb mint", "comparator": "<", "value": None, "low": None, "high": None},
        {"phrase": "legfeljebb", "comparator": "<=", "value": None, "low": None, "high": None},
        {"phrase": "legalább", "comparator": ">=", "value": None, "low": None, "high": None},
        {"phrase": "több", "comparator": ">=", "value": None, "low": 2, "high": None},
        {"phrase": "ezren", "comparator": "=", "value": 1000, "low": 1000, "high": 1000},
    ]
)


@pytest.mark.parametrize(
    ("words", "bounds"),
    [
        ("18", Bounds("=", 18, 18, 18)),
        ("2 500", Bounds("=", 2500, 2500, 2500)),
        ("több mint ezren", Bounds(">", 1000, 1001, None)),
        ("mintegy 400", Bounds("~", 400, None, None)),
        ("legalább 60", Bounds(">=", 60, 60, None)),
        ("legfeljebb 60", Bounds("<=", 60, None, 60)),
        ("kevesebb mint 60", Bounds("<", 60, None, 59)),
        ("több", Bounds(">=", None, 2, None)),
        ("több mint", None),
        ("mintegy több", None),
        ("majdnem 60", None),
        ("", None),
    ],
)
def test_words_mean_what_the_lexicon_says(words: str, bounds: Bounds | None) -> None:
    assert LEXICON.bounds(words) == bounds


@given(
    st.sampled_from(["", "mintegy ", "több mint ", "legalább ", "legfeljebb ", "kevesebb mint "]),
    st.integers(0, 10**12),
)
def test_bounds_hold_the_value_or_end_next_to_it(before: str, value: int) -> None:
    bounds = LEXICON.bounds(f"{before}{value}")
    assert bounds is not None
    assert bounds.value == value
    assert bounds.low is None or bounds.low - value in {0, 1}
    assert bounds.high is None or value - bounds.high in {0, 1}
