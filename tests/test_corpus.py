"""Packages that nobody here wrote: no crash, no hang, and every difference from frictionless has its reason."""

from __future__ import annotations

import json
import os
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import qantar
from qantar.model import Severity

CORPUS = ROOT.parent / "shared" / "corpus"
VERDICTS = CORPUS / "frictionless-5.21-verdicts.jsonl"
DIFFERENCES: dict[str, Any] = tomllib.loads((ROOT / "tests" / "verdicts.toml").read_text(encoding="utf-8"))


def verdicts() -> dict[str, dict[str, Any]]:
    """The verdict of frictionless on each package, by its folder."""
    if not VERDICTS.exists():
        return {}
    lines = (json.loads(line) for line in VERDICTS.read_text(encoding="utf-8").splitlines())
    return {Path(one["package"]).parent.as_posix(): one for one in lines}


def test_the_corpus_is_at_hand() -> None:
    if not VERDICTS.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the corpus is missing beside the checkout, and CI must have it")
        pytest.skip("the packages of others are not published with the project")
    assert len(verdicts()) == 65


@pytest.mark.parametrize("name", verdicts())
def test_the_verdict_is_frictionless_s_or_the_difference_is_listed(name: str) -> None:
    start = time.monotonic()
    report = qantar.validate(CORPUS / name)
    assert time.monotonic() - start < 60  # a hang, not a speed
    own: dict[str, int] = {}
    for (rule, _, severity), count in report.counts.items():
        if severity is Severity.ERROR:
            own[rule] = own.get(rule, 0) + count
    difference = DIFFERENCES.get(name)
    expected = difference["errors"] if difference else verdicts()[name]["errors"]
    assert own == expected


def test_every_listed_difference_is_one() -> None:
    if not verdicts():
        pytest.skip("the packages of others are not published with the project")
    for name, difference in DIFFERENCES.items():
        assert verdicts()[name]["errors"] != difference["errors"]
        assert difference["reason"]


def test_every_listed_difference_is_explained_on_the_page() -> None:
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    for name in DIFFERENCES:
        assert f"`{name}`" in page
