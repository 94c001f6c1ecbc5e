"""The catalogue: every id that the engine gives is explained, and no other."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator

import pytest
from conftest import ROOT

from qantar.catalogue import ENGINE, ENTRIES, STALE, Entry, Hints, catalogue, find
from qantar.errors import UnknownRuleError
from qantar.rules import RULES

SOURCE = ROOT / "validate" / "qantar"
ENDINGS = {one.rpartition("-")[2] for one in ENGINE}


def given() -> Iterator[str]:
    """The ids that the engine's modules name: words joined by hyphens that end as ids do."""
    for file in set(SOURCE.glob("*.py")) - {SOURCE / "catalogue.py"}:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if re.fullmatch(r"[a-z]+(-[a-z]+)+", text) and text.rpartition("-")[2] in ENDINGS:
                yield text


def test_every_id_of_the_engine_is_explained_and_no_other() -> None:
    assert set(given()) | set(STALE) == set(ENGINE)


def test_each_id_is_given_once() -> None:
    assert len(ENTRIES) == len(ENGINE)
    assert not set(ENGINE) & set(RULES)
    assert list(catalogue()) == [*ENGINE, *RULES]


def test_hints_end_where_there_is_too_much_to_compare() -> None:
    hints, known = Hints(), ["ab" * 6_000, *map(str, range(2000))]
    assert hints.nearest("19999", known[1:]) == "Did you mean 1999?"
    start = time.monotonic()
    assert hints.nearest("ba" * 6_000, known) is None
    assert sum(hints.nearest("19999", known[1:]) is not None for _ in range(10_000)) < 1_000
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.id)
def test_an_entry_says_what_is_wrong_and_how_to_mend_it(entry: Entry) -> None:
    assert entry.message.endswith(".")
    assert entry.mend.endswith(".")


def test_a_rule_is_found_by_its_id() -> None:
    assert find("type-error") is ENGINE["type-error"]
    assert find("low-above-high") is RULES["low-above-high"]


@pytest.mark.parametrize(
    ("word", "says"),
    [("typ-error", "Did you mean type-error?"), ("low-over-high", "Did you mean low-above-high?"), ("xyz", "the list")],
)
def test_an_unknown_id_gets_the_nearest(word: str, says: str) -> None:
    with pytest.raises(UnknownRuleError, match=f"{word}  No rule has this id") as caught:
        find(word)
    assert says in str(caught.value)
