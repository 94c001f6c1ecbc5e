"""One SQLite file: strict tables with keys, checks and indexes, and tables that explain them."""

from __future__ import annotations

import itertools
import math
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import polars as pl

from qantar.errors import PackageError
from qantar.package import Json, Package, Resource, names
from qantar.release.cells import KINDS, kind_of, labelled_codes, plain, typed
from qantar.release.claims import ABOUT, claim_fields
from qantar.release.content import Content

TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
"""The column types of a strict table; that of all others is TEXT."""

TEXTS = ("date", "time", "datetime")

HEADER = {24: 1, 92: 1, 96: 3_037_000}
"""Where the header has its change counter, what that is valid for, and the version that wrote: the first that knows
strict tables. They depend on nothing but the library that wrote the file."""

EXPLAINING = """
CREATE TABLE _package (name TEXT PRIMARY KEY, value TEXT) STRICT;
CREATE TABLE _columns (
  table_name TEXT, column_name TEXT, type TEXT, title TEXT, description TEXT, PRIMARY KEY (table_name, column_name)
) STRICT;
CREATE TABLE _codes (
  table_name TEXT, column_name TEXT, code ANY, label TEXT, definition TEXT, PRIMARY KEY (table_name, column_name, code)
) STRICT;
"""

CLAIMS = """
CREATE VIEW claims AS
WITH RECURSIVE
spoken AS (
  SELECT source_id, cited_in,
    coalesce(
      coalesce(people.name, office) || ', ' || organisations.name, people.name, office, organisations.name, title
    ) AS speaker
  FROM sources
  LEFT JOIN people USING (person_id)
  LEFT JOIN organisations ON organisations.organisation_id = sources.organisation_id
),
walked AS (
  SELECT source_id, speaker, speaker AS attribution, source_id AS chain, source_id AS report_id, cited_in AS up
  FROM spoken
  UNION ALL
  SELECT walked.source_id, walked.speaker, attribution || ' → ' || spoken.speaker, chain || ' ' || spoken.source_id,
    spoken.source_id, spoken.cited_in
  FROM walked JOIN spoken ON spoken.source_id = walked.up
)
SELECT figure_id, event_id, events.title AS event, event_type, event_mode, modality, date, date_start, date_end,
  event_places.name AS event_place, organisations.name AS organisation, places.name AS place, measure, population,
  population_label, value_text, comparator, value, low, high, unit, measure_type, as_of, status, figures.part_of,
  speaker, attribution, chain, report_id, figures.note
FROM figures
LEFT JOIN events USING (event_id)
LEFT JOIN places ON places.place_id = figures.place_id
LEFT JOIN places AS event_places ON event_places.place_id = events.place_id
LEFT JOIN organisations ON organisations.organisation_id = figures.organisation_id
LEFT JOIN walked ON walked.source_id = figures.source_id AND up IS NULL
ORDER BY figure_id;
"""
"""The view that says what `Dataset.claims` says; the chain is joined by blanks."""


def write(content: Content, folder: Path) -> None:
    """Write `<name>.sqlite`."""
    file = folder / f"{content.name}.sqlite"
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA page_size = 4096")
        database.executescript(EXPLAINING)
        for name, resource in content.package.resources.items():
            try:
                fill(database, resource, content)
            except sqlite3.Error as error:  # names that are one but for their case, say
                raise PackageError(f"{resource.path}  SQLite cannot hold the table: {error}.") from None
            explain(database, name, resource.descriptor, resource.fields)
        described = {key: value for key, value in content.package.descriptor.items() if isinstance(value, str)}
        insert(database, "_package", described.items())
        if content.claims is not None:
            database.executescript(CLAIMS)
            explain(
                database, "claims", {"title": "Claims", "description": ABOUT}, claim_fields(content.package), "view"
            )
        database.commit()
        database.execute("VACUUM INTO ?", (str(file),))
    fix_header(file)


def fix_header(file: Path) -> None:
    """Write over what the header says of the library that wrote it."""
    with file.open("r+b") as opened:
        for offset, value in HEADER.items():
            opened.seek(offset)
            opened.write(value.to_bytes(4, "big"))


def fill(database: sqlite3.Connection, resource: Resource, content: Content) -> None:
    """Create the table of a resource with its indexes, and its rows in the order of the key."""
    frame = plain(content.tables[resource.name], resource, *TEXTS)
    parts = ",\n  ".join([*(column(one, frame) for one in resource.fields), *keys(resource, content.package)])
    database.execute(f"CREATE TABLE {quoted(resource.name)} (\n  {parts}\n) STRICT")
    insert(database, resource.name, map(storable, frame.iter_rows()))
    for number, (fields, _, _) in enumerate(resource.relations, 1):
        if fields != resource.key[: len(fields)]:
            index = quoted(f"{resource.name}_{number}")
            database.execute(f"CREATE INDEX {index} ON {quoted(resource.name)} ({listed(fields)})")


def storable(row: tuple[Json, ...]) -> tuple[Json, ...]:
    """A row as SQLite keeps it: not-a-number is a text, for it would become null."""
    return tuple("NaN" if cell != cell else cell for cell in row)  # noqa: PLR0124


def insert(database: sqlite3.Connection, table: str, rows: Json) -> None:
    """Insert rows into a table of as many columns."""
    first = next(rows := iter(rows), None)
    if first is not None:
        marks = ", ".join("?" * len(first))
        statement = f"INSERT INTO {quoted(table)} VALUES ({marks})"  # noqa: S608 -- the name is quoted
        database.executemany(statement, itertools.chain([first], rows))


def column(field: dict[str, Json], frame: pl.DataFrame) -> str:
    """A column's definition, with what of the schema SQLite can check."""
    name, kind = field["name"], kind_of(field)
    constraints = field.get("constraints", {})
    strange = kind == "number" and frame[name].is_nan().any()
    return " ".join(
        [
            f"{quoted(name)} {'ANY' if strange else TYPES.get(kind, 'TEXT')}",
            *(["NOT NULL"] if constraints.get("required") else []),
            *(["UNIQUE"] if constraints.get("unique") else []),
            *(f"CHECK ({condition})" for condition in checks(field)),
        ]
    )


def checks(field: dict[str, Json]) -> Iterator[str]:
    """The conditions on a column: its codes, its bounds, the form of a date."""
    name, kind, constraints = quoted(field["name"]), kind_of(field), field.get("constraints", {})
    codes = [str(one[0]) for one in labelled_codes(field)]
    if codes and kind == "string":
        yield f"{name} IN ({', '.join(map(literal, codes))})"
    if kind == "boolean":
        yield f"{name} IN (0, 1)"
    if kind == "date":
        yield f"{name} IS date({name}, '+0 days')"
    for bound, sign in {"minimum": ">=", "maximum": "<="}.items():
        limit = constraints.get(bound)
        if kind in {"integer", "number"} and isinstance(limit, int | float) and math.isfinite(limit):
            yield f"{name} {sign} {limit}"


def keys(resource: Resource, package: Package) -> Iterator[str]:
    """The primary key, unique keys and the foreign keys of a table, as far as SQLite can have them."""
    if resource.key:
        yield f"PRIMARY KEY ({listed(resource.key)})"
    for unique in resource.schema.get("uniqueKeys", []):
        yield f"UNIQUE ({listed(names(unique))})"
    for fields, target, referenced in resource.relations:
        if target in package.resources and referenced in unique_of(package.resources[target]):
            yield f"FOREIGN KEY ({listed(fields)}) REFERENCES {quoted(target)} ({listed(referenced)})"


def unique_of(resource: Resource) -> set[tuple[str, ...]]:
    """The fields of a table that are unique together, so that a foreign key may name them."""
    return {resource.key, *resource.unique}


def explain(
    database: sqlite3.Connection, table: str, about: dict[str, Json], fields: list[dict[str, Json]], kind: str = "table"
) -> None:
    """Say what a table or a view, its columns and its codes mean; the table itself is the column without a name."""
    insert(database, "_columns", [(table, "", kind, about.get("title"), about.get("description"))])
    words = ((one["name"], kind_of(one), one.get("title"), one.get("description")) for one in fields)
    insert(database, "_columns", ((table, *one) for one in words))
    if kind == "table":
        codes = ((table, field["name"], *code) for field in fields for code in labelled_codes(field))
        insert(database, "_codes", codes)


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def listed(fields: tuple[str, ...]) -> str:
    """Names, parted by commas."""
    return ", ".join(map(quoted, fields))


def read(folder: Path, package: Package) -> Mapping[str, pl.DataFrame]:
    """The tables of a release, read from its SQLite file."""
    (file,) = folder.glob("*.sqlite")
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        return {name: typed(read_table(database, one), one) for name, one in package.resources.items()}


def read_table(database: sqlite3.Connection, resource: Resource) -> pl.DataFrame:
    """The rows of a table as SQLite keeps them, not-a-number restored; a view could be without an end."""
    kind = database.execute("SELECT type FROM sqlite_master WHERE name = ?", [resource.name]).fetchone()
    if kind != ("table",):
        raise PackageError(f"{resource.name}  The file has no table of this name.")
    rows = database.execute(f"SELECT * FROM {quoted(resource.name)}").fetchall()  # noqa: S608 -- the name is quoted
    cells = list(zip(*rows, strict=True)) or [()] * len(resource.fields)
    return pl.DataFrame(
        [
            pl.Series(field["name"], [stored(cell, kind_of(field)) for cell in column], storage(kind_of(field)))
            for field, column in zip(resource.fields, cells, strict=True)
        ]
    )


def stored(cell: Json, kind: str) -> Json:
    """A cell as polars takes it."""
    return float(cell) if kind == "number" and cell is not None else cell


def storage(kind: str) -> type[pl.DataType] | pl.DataType:
    """The polars type of what SQLite keeps of a field."""
    return pl.Int64 if kind == "boolean" else pl.String if kind in TEXTS else KINDS.get(kind, pl.String)
