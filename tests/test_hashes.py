"""Hashes of keys, against Python's sets: few values, so that places are shared, and many, so that tables overflow."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qantar import hashes
from qantar.hashes import Hashes, Lookup, lost, ordered, places, twice

BITS = st.one_of(st.integers(0, 9), st.integers(0, 2**64 - 1), st.integers(0, 9).map(lambda one: one << 40))
SOME = st.lists(BITS, max_size=60)
VOID = st.lists(BITS, max_size=2)


def array(values: list[int]) -> Hashes:
    return np.array(values, np.uint64)


@given(own=SOME, others=SOME, void=VOID)
def test_lookup_loses_what_is_neither_there_nor_missing(own: list[int], others: list[int], void: list[int]) -> None:
    there = ordered(array(others), array(void))
    expected = [at for at, one in enumerate(own) if one not in {*others, *void, 0}]
    assert Lookup(there, array(void)).lost(array(own)).tolist() == expected


@pytest.mark.parametrize("length", [4, 1 << 20])
@given(own=SOME, others=SOME, void=VOID)
def test_lost_and_twice(length: int, own: list[int], others: list[int], void: list[int]) -> None:
    hashes.SLICE = length
    missing = {*void, 0}
    there = ordered(array(others), array(void))
    assert sorted({*others} - missing) == sorted({*there.tolist()})
    with ThreadPoolExecutor(2) as pool:
        wrong = lost(array(own), there, array(void), pool)
    assert sorted(wrong.tolist()) == sorted(one for one in own if one not in {*others} | missing)
    assert places(array(own), wrong).tolist() == [at for at, one in enumerate(own) if one in {*wrong.tolist()}]
    again = {one for one, number in Counter(own).items() if number > 1} - missing
    assert {*twice(ordered(array(own), array(void))).tolist()} == again


def test_lookup_of_many() -> None:
    random = np.random.default_rng(1)
    others = np.unique(random.integers(1, 2**64 - 1, 100_000, np.uint64))
    wanted = np.concatenate([others, others + np.uint64(1)])
    expected = np.flatnonzero(~np.isin(wanted, others))
    assert Lookup(others, array([])).lost(wanted).tolist() == expected.tolist()
