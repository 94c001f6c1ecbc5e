"""SQLite, opened by sqlite3: keys hold, faults are refused, everything is explained."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from qantar.dataset import CLAIMS
from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.content import Content, read_content
from qantar.release.formats.sqlite import write


@pytest.fixture
def database(content: Content, built: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the file, to break."""
    with (
        closing(sqlite3.connect(built / f"{content.name}.sqlite")) as source,
        closing(sqlite3.connect(":memory:")) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA foreign_keys = ON")
        yield target


def test_the_file_is_whole(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    loose = "SELECT name FROM pragma_table_list WHERE NOT strict AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    assert database.execute(loose).fetchall() == []


def test_every_key_of_the_schemas_is_there(content: Content, database: sqlite3.Connection) -> None:
    for name, resource in content.package.resources.items():
        listed = database.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (name,)).fetchall()
        assert [one for (one,) in listed] == list(resource.key)
        foreign = database.execute('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', (name,)).fetchall()
        assert set(foreign) == {(one, target, to) for (one,), target, (to,) in resource.relations}


def test_every_foreign_key_is_indexed(content: Content, database: sqlite3.Connection) -> None:
    for name, resource in content.package.resources.items():
        for fields, _, _ in resource.relations:
            question = f'EXPLAIN QUERY PLAN SELECT * FROM "{name}" WHERE "{fields[0]}" = ?'  # noqa: S608
            (plan,) = database.execute(question, ("x",)).fetchall()
            assert "USING INDEX" in plan[3]


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("UPDATE figures SET event_id = 'ev-9999'", "FOREIGN KEY"),
        ("UPDATE figures SET measure = 'injuried'", "CHECK"),
        ("UPDATE figures SET low = -1", "CHECK"),
        ("UPDATE figures SET low = 'many'", "cannot store TEXT"),
        ("UPDATE events SET date_start = '2022-02-30'", "CHECK"),
        ("UPDATE sources SET issued_inferred = 2", "CHECK"),
        ("UPDATE figures SET source_id = NULL", "NOT NULL"),
        ("UPDATE figures SET figure_id = 'fg-0001'", "UNIQUE"),
        ("UPDATE event_links SET event_id = 'ev-0001', relation = 'followed', other_event_id = 'ev-0002'", "UNIQUE"),
    ],
)
def test_a_fault_is_refused(database: sqlite3.Connection, statement: str, refused: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=refused):
        database.execute(statement)


def test_the_view_says_what_the_claims_say(content: Content, database: sqlite3.Connection) -> None:
    assert content.claims is not None
    found = database.execute("SELECT * FROM claims")
    assert [one[0] for one in found.description] == CLAIMS
    dates = pl.col("date_start", "date_end").cast(pl.String)
    assert found.fetchall() == content.claims.with_columns(dates, pl.col("chain").list.join(" ")).rows()


def test_everything_is_explained(content: Content, database: sqlite3.Connection) -> None:
    for name, resource in content.package.resources.items():
        rows = database.execute("SELECT * FROM _columns WHERE table_name = ? ORDER BY rowid", (name,)).fetchall()
        about = (name, "", "table", resource.descriptor["title"], resource.descriptor["description"])
        assert rows == [about, *((name, *(one[key] for key in WORDS)) for one in resource.fields)]
    codes = sum(len(one.get("categories", [])) for each in content.package.resources.values() for one in each.fields)
    assert database.execute("SELECT count(*), count(definition) FROM _codes").fetchone() == (codes, codes)
    assert database.execute("SELECT value FROM _package WHERE name = 'version'").fetchone() == (content.version,)


def test_the_claims_are_explained(content: Content, database: sqlite3.Connection) -> None:
    assert content.claims is not None
    about, *rows = database.execute("SELECT * FROM _columns WHERE table_name = 'claims' ORDER BY rowid").fetchall()
    assert about[1:3] == ("", "view")
    assert [one[1] for one in rows] == content.claims.columns
    assert all(all(one) for one in rows)


WORDS = ("name", "type", "title", "description")


def test_the_header_names_no_library(content: Content, built: Path) -> None:
    header = (built / f"{content.name}.sqlite").read_bytes()[:100]
    assert [int.from_bytes(header[at : at + 4]) for at in (24, 92, 96)] == [1, 1, 3_037_000]


@pytest.mark.parametrize(
    ("names", "says"), [(("a", "A"), "already exists"), (("_codes",), "already exists"), (("sqlite_x",), "reserved")]
)
def test_a_table_that_sqlite_cannot_hold_is_refused(tmp_path: Path, names: tuple[str, ...], says: str) -> None:
    schema = {"fields": [{"name": "c", "type": "string"}]}
    resources = [{"name": name, "data": [["c"], ["x"]], "schema": schema} for name in names]
    descriptor = {"version": "1.0.0", "created": "2022-01-06T00:00:00Z", "resources": resources}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(PackageError, match=f"{names[-1]}  SQLite cannot hold the table: .*{says}"):
        write(read_content(Package.read(tmp_path)), tmp_path)
    assert not list(tmp_path.glob("*.sqlite"))
