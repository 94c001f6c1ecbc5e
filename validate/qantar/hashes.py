"""64-bit hashes of keys: which of them stand twice, and which are not among others. 0 stands for a missing key."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

MISSING = np.zeros(1, np.uint64)


SLICE = 1 << 20
"""Hashes that are sorted or looked up together, so that what is made of them on the way takes little memory."""


def ordered(hashes: Hashes, void: Hashes) -> Hashes:
    """Hashes sorted, without those that stand for a missing key."""
    found = hashes.copy()
    for one in void:
        found[found == one] = 0
    found.sort()
    return found[np.searchsorted(found, MISSING, "right")[0] :]


def repeated(hashes: Hashes, void: Hashes) -> Hashes:
    """The hashes that stand twice or more; none of them stands for a missing key."""
    slices = hashes.size // SLICE + 1
    width, found = 2**64 // slices + 1, []
    for low in range(0, 2**64, width):  # hashes are spread evenly
        high = min(low + width, 2**64) - 1
        one = ordered(hashes[(hashes >= low) & (hashes <= high)], void)
        found.append(one[1:][one[1:] == one[:-1]])
    return np.concatenate(found)


def lost(hashes: Hashes, others: Hashes, void: Hashes) -> Hashes:
    """The hashes that are not among others, which are sorted; none of them stands for a missing key."""
    slices = (ordered(hashes[start : start + SLICE], void) for start in range(0, hashes.size, SLICE))
    return np.concatenate([MISSING[:0], *(one[~among(one, others)] for one in slices)])


def places(hashes: Hashes, wanted: Hashes) -> Places:
    """Where any of some hashes stand."""
    return np.flatnonzero(among(hashes, np.sort(wanted))) if wanted.size else np.empty(0, np.int64)


def among(hashes: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Which hashes are among others, which are sorted."""
    if not others.size:
        return np.zeros(hashes.size, bool)
    found: npt.NDArray[np.bool_] = others[np.minimum(np.searchsorted(others, hashes), others.size - 1)] == hashes
    return found


class Lookup:
    """Says which hashes are not among others, which are sorted; those that stand for a missing key count as found.

    Most are found at once, by their last bits, the rest by bisection.
    """

    def __init__(self, others: Hashes, void: Hashes) -> None:
        self.others, self.void = others, np.sort(np.append(MISSING, void))
        self.mask = np.uint64((1 << (2 * others.size).bit_length()) - 1)
        self.table = np.zeros(int(self.mask) + 1, np.uint64)
        for hashes in (self.others, self.void):
            self.table[hashes & self.mask] = hashes

    def lost(self, hashes: Hashes) -> Places:
        """Where hashes stand that are not there."""
        unsure = np.flatnonzero(self.table[hashes & self.mask] != hashes)
        there = among(hashes[unsure], self.others) | among(hashes[unsure], self.void)
        found: Places = unsure[~there]
        return found
