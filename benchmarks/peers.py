"""Other validators on the generated package, each with what a careful user of it would write.

    python benchmarks/peers.py TOOL FOLDER

prints {"faults": N, "rows": [...]}, a row being {"resource", "field", and "line", "record" or "key"} of what was found.
Every check is made from the package's Table Schemas. Where the tool takes a frame, polars reads the cells as text,
parses them, and marks those that are lost in parsing, as `FIELD_lost`; the tool has a check on each mark.
"""
# ruff: noqa: PLC0415 -- a script; each tool's imports are a part of what is measured

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import polars as pl

Json: TypeAlias = Any
"""A decoded JSON value, or a column or check of a tool that has no common type for them."""

Found: TypeAlias = dict[str, Json]
"""A fault that a tool found."""

NO_LIMIT = 10**9


@dataclass(frozen=True)
class Table:
    """A resource: its name, file and Table Schema."""

    name: str
    file: Path
    schema: dict[str, Json]

    @property
    def fields(self) -> list[tuple[str, str, dict[str, Json]]]:
        """Name, type and constraints of each field."""
        return [(one["name"], one["type"], one.get("constraints", {})) for one in self.schema["fields"]]

    @property
    def unique(self) -> list[list[str]]:
        """The fields of the primary key, of each other unique key and each unique field."""
        alone = [[name] for name, _, given in self.fields if given.get("unique")]
        return [self.schema["primaryKey"], *self.schema.get("uniqueKeys", []), *alone]

    @property
    def foreign(self) -> Iterator[tuple[str, str, str]]:
        """Field, resource and field referred to of each foreign key; none of them is composite."""
        for key in self.schema["foreignKeys"]:
            yield key["fields"][0], key["reference"]["resource"] or self.name, key["reference"]["fields"][0]


def tables(folder: Path) -> dict[str, Table]:
    """The resources of a package by name."""
    listed = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    schemas = {one["name"]: json.loads((folder / one["schema"]).read_text(encoding="utf-8")) for one in listed}
    return {one["name"]: Table(one["name"], folder / one["path"], schemas[one["name"]]) for one in listed}


def limit(kind: str, value: Json) -> Json:
    """A minimum or maximum as a value of the field's type."""
    return date.fromisoformat(value) if kind == "date" else value


def read(folder: Path) -> Iterator[Found]:
    """No validator: a typed read by polars, all tables kept; lenient, and so slower, only where there are faults."""
    import polars as pl

    types = {"integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "boolean": pl.Boolean, "string": pl.String}
    faulty = bool((folder / "faults.jsonl").stat().st_size)
    frames = []
    for table in tables(folder).values():
        schema = {name: types[kind] for name, kind, _ in table.fields}
        scan = pl.scan_csv(table.file, schema=schema, glob=False, ignore_errors=faulty, truncate_ragged_lines=faulty)
        frames.append(scan.collect())
    return iter(())


def parsed(table: Table) -> pl.LazyFrame:
    """The typed columns of a table, a mark for each cell that is lost in parsing, and the numbers of the records."""
    import polars as pl

    scan = pl.scan_csv(table.file, infer_schema=False, truncate_ragged_lines=True, glob=False)
    columns, marks = [], []
    for name, kind, _ in table.fields:
        text = pl.col(name)
        match kind:
            case "integer":
                value = text.cast(pl.Int64, strict=False)
            case "number":
                value = text.cast(pl.Float64, strict=False)
            case "date":  # polars takes 2021-2-1 too
                whole = pl.when(text.str.len_bytes() == len("2021-02-01")).then(text)
                value = whole.str.to_date("%Y-%m-%d", strict=False)
            case "boolean":
                value = pl.when(text == "true").then(True).when(text == "false").then(False)  # noqa: FBT003
            case _:
                columns.append(text)
                continue
        columns.append(value.alias(name))
        marks.append((value.is_null() & text.is_not_null()).alias(f"{name}_lost"))
    return scan.select(*columns, *marks).with_row_index("record", 1)


def dangling(frames: dict[str, pl.DataFrame], table: Table) -> Iterator[Found]:
    """Foreign keys by hand, for the tools that have none."""
    for name, resource, referred in table.foreign:
        parents = frames[resource].select(referred)
        rows = frames[table.name].select("record", name).drop_nulls(name)
        rows = rows.join(parents, left_on=name, right_on=referred, how="anti")
        yield from at(table, name, rows["record"])


def at(table: Table, name: str, records: Iterable[int]) -> Iterator[Found]:
    """A field of some records, as what was found."""
    for record in records:
        yield {"resource": table.name, "record": record, "field": name.removesuffix("_lost")}


def pandera(folder: Path) -> Iterator[Found]:
    """pandera.polars, eager and lazy=True, that is all faults and not only the first."""
    import pandera.polars as pa
    import polars as pl

    types = {"integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "boolean": pl.Boolean, "string": pl.String}
    package = tables(folder)
    frames = {name: parsed(table).collect() for name, table in package.items()}
    for table in package.values():
        columns = {"record": pa.Column(pl.UInt32)}
        for name, kind, given in table.fields:
            columns[name] = pa.Column(
                types[kind],
                pandera_checks(pa.Check, kind, given),
                nullable=not given.get("required"),
                unique=[name] in table.unique,
            )
            if kind != "string":
                columns[f"{name}_lost"] = pa.Column(pl.Boolean, pa.Check.isin([False]))
        keys = [key for key in table.unique if len(key) > 1]
        schema = pa.DataFrameSchema(columns, unique=keys[0] if keys else None)
        try:
            schema.validate(frames[table.name], lazy=True)
        except pa.errors.SchemaErrors as errors:
            for column, index in errors.failure_cases.select("column", "index").rows():
                yield from at(table, column or ", ".join(keys[0]), [index + 1])
        yield from dangling(frames, table)


def pandera_checks(check: Json, kind: str, given: dict[str, Json]) -> list[Json]:
    """The pandera checks of a field."""
    checks = []
    if "enum" in given:
        checks.append(check.isin(given["enum"]))
    if "pattern" in given:
        checks.append(check.str_matches(f"^(?:{given['pattern']})$"))
    if "maxLength" in given:
        checks.append(check.str_length(max_value=given["maxLength"]))
    if "minimum" in given and "maximum" in given:
        checks.append(check.in_range(limit(kind, given["minimum"]), limit(kind, given["maximum"])))
    elif "minimum" in given:
        checks.append(check.ge(limit(kind, given["minimum"])))
    return checks


def dataframely(folder: Path) -> Iterator[Found]:
    """dataframely, with one rule for each mark and each composite key."""
    import dataframely as dy  # type: ignore[import-not-found, unused-ignore]
    import polars as pl

    package = tables(folder)
    frames = {name: parsed(table).collect() for name, table in package.items()}
    for table in package.values():
        parts: dict[str, Json] = {"record": dy.UInt32()}
        for name, kind, given in table.fields:
            parts[name] = dataframely_column(dy, kind, given, primary=[name] == table.schema["primaryKey"])
            if kind != "string":
                parts[f"{name}_lost"] = dy.Bool(check=lambda mark: ~mark)
        for key in (key for key in table.unique if key != table.schema["primaryKey"]):
            parts["|".join(key) + "|unique"] = dy.rule()(lambda _, key=key: pl.struct(key).is_unique())
        schema: Json = type(table.name, (dy.Schema,), parts)
        failed = schema.filter(frames[table.name]).failure.details()
        for rule in (one for one in failed.columns if "|" in one or one == "primary_key"):
            field = ", ".join(table.schema["primaryKey"] if rule == "primary_key" else rule.split("|")[:-1])
            yield from at(table, field, failed.filter(pl.col(rule) == "invalid")["record"])
        yield from dangling(frames, table)


def dataframely_column(dy: Json, kind: str, given: dict[str, Json], *, primary: bool) -> Json:
    """The dataframely column of a field."""
    options: dict[str, Json] = {"nullable": not given.get("required"), "primary_key": primary}
    if kind == "boolean":
        return dy.Bool(**options)
    if kind != "string":
        bounds = {to: limit(kind, given[of]) for of, to in (("minimum", "min"), ("maximum", "max")) if of in given}
        return {"integer": dy.Int64, "number": dy.Float64, "date": dy.Date}[kind](**options, **bounds)
    if "pattern" in given:
        options["regex"] = f"^(?:{given['pattern']})$"
    if "enum" in given:
        options["check"] = lambda cell: cell.is_in(given["enum"])
    if "maxLength" in given:  # dataframely's own max_length counts bytes
        options["check"] = lambda cell: cell.str.len_chars() <= given["maxLength"]
    return dy.String(**options)


def pointblank(folder: Path) -> Iterator[Found]:
    """pointblank, with its own foreign keys; a step for each check."""
    import pointblank as pb  # type: ignore[import-not-found, unused-ignore]
    import polars as pl

    package = tables(folder)
    frames = {name: parsed(table).collect() for name, table in package.items()}
    for table in package.values():
        steps = pb.Validate(frames[table.name])
        fields: list[str] = []
        for name, kind, given in table.fields:
            for method, options in pointblank_steps(kind, given):
                steps = getattr(steps, method)(columns=name, **options)
                fields.append(name)
            if kind != "string":
                steps = steps.col_vals_expr(~pl.col(f"{name}_lost"))
                fields.append(name)
        for key in table.unique:
            steps = steps.rows_distinct(columns_subset=key)
            fields.append(", ".join(key))
        for name, resource, referred in table.foreign:
            steps = steps.col_vals_in_table(name, frames[resource], referred, na_pass=True)
            fields.append(name)
        done = steps.interrogate(collect_tbl_checked=False, extract_limit=NO_LIMIT)
        extracts = done.get_data_extracts()
        for number, name in enumerate(fields, 1):
            failed = done.n_failed(number, scalar=True)
            if failed is None:  # pointblank drops a step that it cannot run
                raise RuntimeError(f"step {number} on {table.name}.{name} was not run")
            if failed:
                yield from at(table, name, extracts[number]["_row_num_"])


def pointblank_steps(kind: str, given: dict[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    """The pointblank steps of a field, as method and options."""
    if given.get("required"):
        yield "col_vals_not_null", {}
    if "enum" in given:
        yield "col_vals_in_set", {"set": given["enum"]}
    if "pattern" in given:
        yield "col_vals_regex", {"pattern": f"^(?:{given['pattern']})$", "na_pass": True}
    if "maxLength" in given:
        yield "col_vals_str_len", {"max_val": given["maxLength"], "na_pass": True}
    if "minimum" in given and "maximum" in given:
        low, high = (limit(kind, given[bound]) for bound in ("minimum", "maximum"))
        yield "col_vals_between", {"left": low, "right": high, "na_pass": True}
    elif "minimum" in given:
        yield "col_vals_ge", {"value": limit(kind, given["minimum"]), "na_pass": True}


def duckdb(folder: Path) -> Iterator[Found]:
    """DuckDB: one pass over a file keeps its keys and its failed checks; then the keys in SQL; rejects for ragged rows.

    A row is named by its primary key: DuckDB numbers rejected rows only, and those by records, the header being line 1.
    """
    import duckdb as db

    connection = db.connect()
    package = tables(folder)
    for table in package.values():
        key = table.schema["primaryKey"][0]
        kept = {key, *(name for one in table.unique for name in one), *(name for name, _, _ in table.foreign)}
        kept |= {referred for other in package.values() for _, to, referred in other.foreign if to == table.name}
        failed = [f"CASE WHEN {check} THEN '{name}' END" for name, check in duckdb_checks(table)]
        columns = {name: "VARCHAR" for name, _, _ in table.fields}
        connection.execute(f"""
            CREATE TABLE {table.name} AS
            SELECT {", ".join(sorted(kept))}, concat_ws(',', {", ".join(failed)}) AS failed
            FROM read_csv('{table.file}', auto_detect=false, header=true, delim=',', quote='"', escape='"',
                          columns={columns}, strict_mode=true, store_rejects=true,
                          rejects_table='{table.name}_errors', rejects_scan='{table.name}_scans')""")  # noqa: S608
    for table in package.values():
        key = table.schema["primaryKey"][0]
        for (line,) in connection.execute(f"SELECT line FROM {table.name}_errors").fetchall():  # noqa: S608
            yield {"resource": table.name, "record": line - 1, "field": None}
        for sql in duckdb_queries(table, key):
            for row, fields in connection.execute(sql).fetchall():
                for name in fields.split(","):
                    yield {"resource": table.name, "key": row, "field": name}


def duckdb_checks(table: Table) -> Iterator[tuple[str, str]]:
    """Field and SQL condition of each check; DuckDB's casts take 1_000, 3.5 and 2021-2-1, so forms come first."""
    types = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}
    forms = {
        "integer": "[+-]?[0-9]+",
        "number": r"[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?",
        "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    }
    for name, kind, given in table.fields:
        if given.get("required"):
            yield name, f"{name} IS NULL"
        if kind == "boolean":
            yield name, f"{name} NOT IN ('true', 'false')"
        if kind in types:
            value = f"TRY_CAST({name} AS {types[kind]})"
            bad = [f"NOT regexp_full_match({name}, '{forms[kind]}')", f"{value} IS NULL"]
            bad += [
                f"{value} {sign} '{given[bound]}'::{types[kind]}"
                for bound, sign in (("minimum", "<"), ("maximum", ">"))
                if bound in given
            ]
            yield name, f"{name} IS NOT NULL AND ({' OR '.join(bad)})"
        if "enum" in given:
            yield name, f"{name} NOT IN ({', '.join(repr(code) for code in given['enum'])})"
        if "pattern" in given:
            yield name, f"NOT regexp_full_match({name}, '{given['pattern']}')"
        if "maxLength" in given:
            yield name, f"length({name}) > {given['maxLength']}"


def duckdb_queries(table: Table, key: str) -> Iterator[str]:
    """The queries for failed checks, unique keys and foreign keys: primary key and fields of each row at fault."""
    yield f"SELECT {key}, failed FROM {table.name} WHERE failed <> ''"  # noqa: S608
    for unique in table.unique:
        names = ", ".join(unique)
        twins = f"SELECT {names} FROM {table.name} GROUP BY ALL HAVING count(*) > 1"  # noqa: S608
        yield f"SELECT {key}, '{names}' FROM {table.name} SEMI JOIN ({twins}) USING ({names})"  # noqa: S608
    for name, resource, referred in table.foreign:
        yield (
            f"SELECT own.{key}, '{name}' FROM {table.name} own ANTI JOIN {resource} other "  # noqa: S608
            f"ON own.{name} = other.{referred} WHERE own.{name} IS NOT NULL"
        )


def frictionless(folder: Path) -> Iterator[Found]:
    """frictionless, without its limit of 1,000 faults a table."""
    from frictionless import Package

    report = Package(str(folder / "datapackage.json")).validate(limit_errors=NO_LIMIT)
    for task in report.tasks:
        for row, name, rule in task.flatten(["rowNumber", "fieldName", "type"]):
            # it counts records, and the header as the first; ragged rows and keys are faults of the row
            field = None if rule.endswith("-cell") else name
            yield {"resource": task.name, "record": row and row - 1, "field": field, "rule": rule}


TOOLS: dict[str, Callable[[Path], Iterator[Found]]] = {
    "read": read,
    "frictionless": frictionless,
    "pandera": pandera,
    "dataframely": dataframely,
    "pointblank": pointblank,
    "duckdb": duckdb,
}


def main(tool: str, folder: str) -> None:
    """Run a tool on a package and print what it found."""
    warnings.simplefilter("ignore")
    rows = list(TOOLS[tool](Path(folder)))
    print(json.dumps({"faults": len(rows), "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
