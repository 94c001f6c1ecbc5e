"""Number words -> what they bound, by the lexicon: the phrase that stands there, not a guess at its meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DIGITS = re.compile(r"[0-9]+(?:[  ][0-9]{3})*")
"""A number in digits, its thousands parted by nothing or by a space."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What number words mean: the number that they name, how it bounds the truth, the inclusive bounds."""

    comparator: str | None
    value: int | None
    low: int | None
    high: int | None

    def __str__(self) -> str:
        shown = ("null" if one is None else str(one) for one in (self.comparator, self.value, self.low, self.high))
        return "comparator={}, value={}, low={}, high={}".format(*shown)


class Lexicon:
    """The phrases of one language: those that are numbers, and those that stand before a number."""

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self.numbers: dict[str, Bounds] = {}
        self.modifiers: dict[str, str] = {}
        for row in rows:
            bounds = Bounds(*(row[name] for name in ("comparator", "value", "low", "high")))  # type: ignore[arg-type]
            if bounds.value is None and bounds.low is None and bounds.high is None:
                self.modifiers[str(row["phrase"])] = str(bounds.comparator)
            else:
                self.numbers[str(row["phrase"])] = bounds

    def bounds(self, words: str) -> Bounds | None:
        """What the words mean; None where a word of them is neither a number nor in the lexicon."""
        if words in self.numbers:
            return self.numbers[words]
        if DIGITS.fullmatch(words):
            value = int(re.sub("[  ]", "", words))
            return Bounds("=", value, value, value)
        for phrase in sorted(self.modifiers, key=len, reverse=True):
            rest = words.removeprefix(f"{phrase} ")
            if rest != words:
                number = self.bounds(rest)
                return modified(self.modifiers[phrase], number.value) if number and number.value is not None else None
        return None


def modified(comparator: str, value: int) -> Bounds:
    """The bounds of a whole number that a comparator stands before."""
    low = {"=": value, ">": value + 1, ">=": value}.get(comparator)
    high = {"=": value, "<": value - 1, "<=": value}.get(comparator)
    return Bounds(comparator, value, low, high)
