"""64-bit hashes of keys: which of them stand twice, and which are not among others. 0 stands for a missing key."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

MISSING = np.zeros(1, np.uint64)


STEP = 1 << 20
"""Hashes for which there is room when a column has grown."""

SLICE = 1 << 18
"""Hashes that are looked up together, so that what is made of them on the way takes little memory."""


def ordered(hashes: Hashes, void: Hashes) -> Hashes:
    """Hashes sorted, without those that stand for a missing key."""
    found = hashes.copy()
    for one in void:
        found[found == one] = 0
    found.sort()
    return found[np.searchsorted(found, MISSING, "right")[0] :]


def twice(hashes: Hashes) -> Hashes:
    """Those of sorted hashes that stand twice or more."""
    again: Hashes = hashes[1:][hashes[1:] == hashes[:-1]]
    return again


def lost(hashes: Hashes, others: Hashes, void: Hashes, pool: Executor) -> Hashes:
    """The hashes that are not among others, which are sorted; none of them stands for a missing key."""

    def look(start: int) -> Hashes:
        some = ordered(hashes[start : start + SLICE], void)
        missed: Hashes = some[~among(some, others)]
        return missed

    return np.concatenate([MISSING[:0], *pool.map(look, range(0, hashes.size, SLICE))])


def places(hashes: Hashes, wanted: Hashes) -> Places:
    """Where any of some hashes stand."""
    return np.flatnonzero(among(hashes, np.sort(wanted))) if wanted.size else np.empty(0, np.int64)


def among(hashes: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Which hashes are among others, which are sorted."""
    if not others.size:
        return np.zeros(hashes.size, bool)
    found: npt.NDArray[np.bool_] = others[np.minimum(np.searchsorted(others, hashes), others.size - 1)] == hashes
    return found


class Column:
    """The hashes of a key as they come in batches, in memory that grows in place."""

    def __init__(self) -> None:
        self.hashes, self.size = np.empty(0, np.uint64), 0

    def add(self, some: Hashes) -> None:
        """Add those of a batch."""
        end = self.size + some.size
        if end > self.hashes.size:
            self.hashes.resize(end + STEP, refcheck=False)
        self.hashes[self.size : end] = some
        self.size = end

    def whole(self) -> Hashes:
        """All of them; nothing can be added after."""
        self.hashes.resize(self.size, refcheck=False)
        return self.hashes


class Lookup:
    """Says which hashes are not among others, which are sorted; those that stand for a missing key count as found.

    Nearly all are found in the first of a few tables, by some of their bits: the next table has what did not find
    place in the one before. Only what is in none is looked up by bisection.
    """

    def __init__(self, others: Hashes, void: Hashes) -> None:
        self.others, left = others, np.concatenate([others, MISSING, void])
        self.tables: list[tuple[np.uint64, Hashes]] = []
        for shift in (np.uint64(0), np.uint64(20), np.uint64(40)):
            table = np.full(1 << (2 * left.size).bit_length(), left[-1])
            table[slots(left, shift, table)] = left
            self.tables.append((shift, table))
            left = left[table[slots(left, shift, table)] != left]
            if not left.size:
                break
        self.void = np.sort(np.append(MISSING, void))

    def lost(self, hashes: Hashes) -> Places:
        """Where hashes stand that are not there."""
        unsure: Places = np.arange(hashes.size)
        for shift, table in self.tables:
            left = hashes[unsure] if unsure.size < hashes.size else hashes
            unsure = unsure[table[slots(left, shift, table)] != left]
        there = among(hashes[unsure], self.others) | among(hashes[unsure], self.void)
        return unsure[~there]


def slots(hashes: Hashes, shift: np.uint64, table: Hashes) -> Places:
    """The places that hashes may have in a table of 2^n places."""
    return ((hashes >> shift) & np.uint64(table.size - 1)).view(np.int64)
