"""How two independent passes over the reports compare: prints the lines that docs/agreement.md states.

`alignment.csv` pairs the records of the first pass with those of the second, in `second-pass/`, and says how each
difference was settled. The first pass is the dataset as it was before; what was adopted has no first id.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import krippendorff
import numpy as np

HERE = Path(__file__).parent
DATA = HERE.parent / "data"


def read(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def shares() -> Iterator[str]:
    """For each resource the records of both passes, of one alone, and the share in both."""
    rows = read(HERE / "alignment.csv")
    for resource in dict.fromkeys(row["resource"] for row in rows):
        own = [row for row in rows if row["resource"] == resource]
        both = sum(bool(row["first_id"] and row["second_id"]) for row in own)
        first = sum(bool(row["first_id"]) for row in own) - both
        second = len(own) - both - first
        yield f"| {resource} | {both} | {first} | {second} | {both / len(own):.0%} |"


def event_types() -> list[tuple[str, str]]:
    """The event types of the events that both passes have; no type is a type of its own."""
    first = {row["event_id"]: row["event_type"] for row in read(DATA / "events.csv")}
    second = {row["event_id"]: row["event_type"] for row in read(HERE / "second-pass" / "events.csv")}
    paired = [row for row in read(HERE / "alignment.csv") if row["resource"] == "events"]
    return [
        (first[row["first_id"]], second[row["second_id"]]) for row in paired if row["first_id"] and row["second_id"]
    ]


def alpha(pairs: list[tuple[str, str]]) -> float:
    """Krippendorff's alpha of two coders on a nominal scale."""
    codes = {code: number for number, code in enumerate(sorted({one for pair in pairs for one in pair}))}
    data = np.array([[codes[one] for one in side] for side in zip(*pairs, strict=True)], dtype=float)
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def main() -> Iterator[str]:
    """The lines that docs/agreement.md states."""
    yield from shares()
    pairs = event_types()
    same = sum(one == other for one, other in pairs)
    yield f"Krippendorff's alpha of `event_type` is {alpha(pairs):.2f} ({same} of {len(pairs)} events have one type)."


if __name__ == "__main__":
    print("\n".join(main()))
