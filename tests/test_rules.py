"""Every rule: its documentation, and its examples on polars and on DuckDB."""

from __future__ import annotations

import ast
import inspect
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import narwhals as nw
import polars as pl
import pytest
from conftest import ROOT

from qantar.judgement import describe
from qantar.model import ROW
from qantar.package import Package, Resource
from qantar.rule import About, Frame, Rule, rows
from qantar.rules import RULES
from qantar.rules.events import MODES
from qantar.rules.figures import UNITS
from qantar.rules.mentions import KEYS

PACKAGE = Package.read(ROOT)
TYPES = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "boolean": pl.Boolean}

PROMISED = {
    "end-before-start",
    "mode-of-other-type",
    "event-outside-parent",
    "circular-part",
    "event-after-every-report",
    "event-without-mention",
    "event-without-actor",
    "bounds-against-words",
    "low-above-high",
    "value-outside-bounds",
    "figure-after-source",
    "part-above-whole",
    "part-of-other-population",
    "falling-cumulative",
    "figure-without-mention",
    "mention-of-other-source",
    "unit-of-other-measure",
    "withheld-with-value",
    "circular-citation",
    "source-after-citer",
    "report-without-digest",
    "cited-report",
    "circular-parent",
    "unused-record",
    "look-alike-name",
    "unknown-record",
    "reversed-span",
    "span-beyond-report",
    "repeated-mention",
    "coordinates-out-of-range",
    "circular-within",
    "member-of-itself",
    "link-to-itself",
    "effect-before-cause",
    "unsorted-rows",
    "reused-retired-id",
    "invalid-edtf",
    "derived-date-differs",
}
"""The rules that the data model names; span-digest-differs and report-digest-differs need the reports' texts."""


def typed(resource: Resource, text: str) -> pl.DataFrame:
    kinds = {one["name"]: TYPES[one["type"]] for one in resource.fields}
    frame = pl.read_csv(io.StringIO(text), infer_schema=False)
    cast = [
        pl.col(name).cast(kinds[name]) if kinds[name] != pl.Date else pl.col(name).str.to_date()
        for name in frame.columns
    ]
    return frame.select(cast).with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.Int64))


def run(rule: Rule, tables: Mapping[str, str], engine: str) -> list[int]:
    """The rows that a rule faults in an example."""
    connection = duckdb.connect()

    def frame(name: str) -> Frame:
        own = typed(PACKAGE.resources[name], tables[name])
        return nw.from_native(own.lazy() if engine == "polars" else connection.from_arrow(own.to_arrow()))

    given: dict[str, Frame | About] = {}
    first = next(name for name in tables if name != "retired") if rule.resource == "table" else rule.resource
    about = describe(PACKAGE.resources[first])
    for name in rule.tables:
        given[name] = about if name == "about" else frame(first if name == "table" else name)
    found = rule.check(**given)
    return sorted(
        {row for (row,) in rows(found, ROW)} if isinstance(found, nw.LazyFrame) else {one.row for one in found}
    )


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_valid_example_passes(rule: Rule, engine: str) -> None:
    assert run(rule, rule.valid, engine) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_faulty_example_faults_the_same_rows_on_both_engines(rule: Rule) -> None:
    faulted = run(rule, rule.faulty, "polars")
    assert faulted
    assert run(rule, rule.faulty, "duckdb") == faulted


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_rule_says_what_is_wrong_and_how_to_repair_it(rule: Rule) -> None:
    first, _, rest = rule.documentation.partition("\n\n")
    assert first.endswith(".")
    assert "\n" not in first
    assert rest
    assert rule.expected
    assert not rule.expected.endswith(".")


def test_every_promised_rule_is_there() -> None:
    assert set(RULES) >= PROMISED


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_examples_use_fields_of_the_schemas(rule: Rule) -> None:
    for tables in (rule.valid, rule.faulty):
        for name, text in tables.items():
            fields = {one["name"] for one in PACKAGE.resources[name].fields}
            assert set(text.partition("\n")[0].split(",")) <= fields


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_faulty_example_names_every_column_that_the_rule_reads(rule: Rule) -> None:
    read = set(columns_read(rule))
    named = {column for columns in rule.columns.values() for column in columns}
    assert read <= named


def columns_read(rule: Rule) -> Iterator[str]:
    """The fields of the rule's own tables that its source names."""
    fields = {one["name"] for name in rule.faulty for one in PACKAGE.resources[name].fields}
    tree = ast.parse(inspect.getsource(rule.check)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    for node in (one for statement in tree.body[1:] for one in ast.walk(statement)):
        if isinstance(node, ast.Constant) and node.value in fields and node.value not in PACKAGE.resources:
            yield str(node.value)


def codes(resource: str, field: str) -> set[str]:
    schema = json.loads(Path(ROOT / "schemas" / f"{resource}.json").read_text(encoding="utf-8"))
    one = next(one for one in schema["fields"] if one["name"] == field)
    return {code["value"] for code in one["categories"]}


def test_tables_of_codes_in_rules_have_the_codes_of_the_schemas() -> None:
    assert {mode for modes in MODES.values() for mode in modes} == codes("events", "event_mode")
    assert set(MODES) < codes("events", "event_type")
    assert set(UNITS) == codes("figures", "measure")
    assert {unit for units in UNITS.values() for unit in units} == codes("figures", "unit")
    assert set(KEYS) == codes("mentions", "resource")
