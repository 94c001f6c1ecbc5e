"""Compares what a tool found with what was planted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

PLACES = ("line", "record", "key")
"""By what a tool names a row: the file line where it starts, its number, its primary key."""

TEXT = re.compile(r"data/(?P<resource>\w+)\.csv:(?P<line>\d+)(?::(?P<field>[^:]+?))?  error  .*\[(?P<rule>[a-z-]+)\]")

Found: TypeAlias = dict[str, Any]
"""A fault that was planted, or that a tool found."""


@dataclass(frozen=True)
class Score:
    """How many faults were planted and found, how many findings are false, and which kinds were missed."""

    planted: int = 0
    found: int = 0
    false: int = 0
    missed: dict[str, int] = field(default_factory=dict)


def findings(output: Path) -> Iterator[Found]:
    """What a tool found: resource, field, rule, and line, record or key, as far as it tells."""
    text = output.read_text(encoding="utf-8")
    if not text.startswith(("{", "[")):
        yield from (match.groupdict() for match in map(TEXT.match, text.splitlines()) if match)
        return
    found = json.loads(text)
    listed = found if isinstance(found, list) else found.get("rows", found.get("findings", []))
    for one in listed:
        yield one | {"line": one.get("line", one.get("row"))}


def score(planted: list[Found], found: Iterable[Found]) -> Score:
    """Compare what was found with what was planted.

    A finding is right where all that it tells of place, field and rule agrees. That the first of two rows with one
    key is reported too is neither right nor wrong.
    """
    places: dict[tuple[str, ...], Found] = {}
    twins: set[tuple[str, ...]] = set()
    for fault in planted:
        places |= {(fault["resource"], place, str(fault[place])): fault for place in PLACES}
        if fault["twin"]:
            twins |= {
                (fault["resource"], "record", str(fault["twin"])),
                (fault["resource"], "line", str(fault["twin_line"])),
            }
    right: set[tuple[str, int]] = set()
    wrong: set[tuple[str, ...]] = set()
    for one in found:
        told = [(str(one["resource"]), place, str(one[place])) for place in PLACES if one.get(place) is not None]
        meant = places.get(told[0]) if told else None
        if meant and agrees(meant, one):
            right.add((meant["resource"], meant["record"]))
        elif not any(place in twins for place in told):
            wrong.add((*(told[0] if told else ()), str(one.get("field")), str(one.get("rule"))))
    missed = Counter(fault["kind"] for fault in planted if (fault["resource"], fault["record"]) not in right)
    return Score(len(planted), len(right), len(wrong), dict(sorted(missed.items())))


def agrees(fault: Found, one: Found) -> bool:
    """Whether all that a finding tells is so of a fault; a ragged row is no fault of one field."""
    names = PLACES if fault["field"] is None else (*PLACES, "field")
    return all(str(one[name]) == str(fault[name]) for name in (*names, "rule") if one.get(name) is not None)
