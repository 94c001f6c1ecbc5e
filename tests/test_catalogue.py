"""The catalogue: every id that the engine gives is explained, and no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from conftest import ROOT

from qantar.catalogue import ENGINE, ENTRIES, Entry, catalogue, find
from qantar.errors import UnknownRuleError
from qantar.rules import RULES

SOURCE = ROOT / "validate" / "qantar"
FAULT, MAKERS = {"fault", "doubt"}, {"Finding", "Check", "Unique", "Place", "report"}


def given() -> Iterator[str]:
    """The ids with which the engine makes findings: the kebab-case words among the first arguments, or for `rule`."""
    for file in set(SOURCE.glob("*.py")) - {SOURCE / "catalogue.py"}:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
                first = node.args[:3] if name in FAULT | MAKERS else []
                yield from (one for arg in [*first, *(kw.value for kw in node.keywords)] for one in ids(arg))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "rule":
                yield from ids(node.value)


def ids(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            words = one.value.split("-")
            if len(words) > 1 and all(word.isalpha() and word.islower() for word in words):
                yield one.value


def test_every_id_of_the_engine_is_explained_and_no_other() -> None:
    assert set(given()) | {"stale-exception", "stale-baseline"} == set(ENGINE)


def test_each_id_is_given_once() -> None:
    assert len(ENTRIES) == len(ENGINE)
    assert not set(ENGINE) & set(RULES)
    assert list(catalogue()) == [*ENGINE, *RULES]


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
