"""The SQLite file with its metadata, served by Datasette."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qantar.release.content import Content

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of Datasette's own libraries
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Get = Callable[[str], Any]


@pytest.fixture
def get(content: Content, built: Path) -> Get:
    """Ask Datasette for a page of the release."""
    from datasette.app import Datasette  # noqa: PLC0415 -- its import warns
    from datasette.utils import tilde_encode  # noqa: PLC0415

    metadata = json.loads((built / "datasette-metadata.json").read_text(encoding="utf-8"))
    served = Datasette([str(built / f"{content.name}.sqlite")], immutables=[], metadata=metadata)
    where = f"/{tilde_encode(content.name)}"
    return lambda path: asyncio.run(served.client.get(where + path if path != "/" else path))


def test_the_tables_and_columns_explain_themselves(content: Content, get: Get) -> None:
    page = get("/figures").text
    figures = content.package.resources["figures"]
    assert figures.descriptor["description"] in page
    assert all(one["description"].partition(";")[0] in page for one in figures.fields)
    claims = get("/claims").text
    assert "who said it through whom" in claims
    assert "through whom it reached the report, joined by arrows" in claims
    front = get("/").text
    assert content.package.descriptor["title"] in front
    assert content.package.descriptor["licenses"][0]["title"] in front


def test_the_view_and_the_keys_work(content: Content, get: Get) -> None:
    assert content.claims is not None
    answer = get("/claims.json?_shape=array&_size=max").json()
    assert [one["speaker"] for one in answer] == content.claims["speaker"].to_list()
    assert '/sources/so-0005">' in get("/figures").text
