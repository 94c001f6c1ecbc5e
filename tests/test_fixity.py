"""Lengths and digests of files; what cannot be proven is said."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from test_engine import fields, package

DATA = "a\n1\n"
MD5, SHA512 = hashlib.md5(DATA.encode()).hexdigest(), hashlib.sha512(DATA.encode()).hexdigest()  # noqa: S324 -- the standard's own


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"hash": MD5, "bytes": 4}, []),
        ({"hash": f"sha512:{SHA512.upper()}"}, []),
        ({"hash": f"SHA512:{SHA512}"}, []),
        ({"hash": "", "bytes": None}, []),
        ({"hash": MD5[::-1], "bytes": 3}, ["hash-count"]),
        ({"bytes": 3}, ["byte-count"]),
        ({"bytes": 0}, ["byte-count"]),
    ],
)
def test_length_and_digest(tmp_path: Path, given: dict[str, object], found: list[str]) -> None:
    report = package(tmp_path, DATA, fields(a="integer"), **given)
    assert [one.rule for one in report.findings if one.rule != "package-error"] == found
    assert not [one for one in report.not_checked if "hash" in one.what]


@pytest.mark.parametrize("algorithm", ["crc32", "shake_128", "blake3"])
def test_a_digest_of_an_unusual_algorithm_is_said_to_be_unchecked(tmp_path: Path, algorithm: str) -> None:
    report = package(tmp_path, DATA, fields(a="integer"), hash=f"{algorithm}:00")
    (one,) = [one for one in report.not_checked if one.what == "t.csv: hash"]
    assert one.reason.startswith(f"the algorithm {algorithm} is unknown, only blake2b, ")
    assert report.checked == ["t.csv"]
