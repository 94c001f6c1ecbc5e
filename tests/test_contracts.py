"""The pandera contracts: one verdict with the engine, on polars and on pandas, and none that is passed in silence."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pandera.errors
import pandera.polars
import polars as pl
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context

import qantar
from qantar import contracts
from qantar.contracts import contract, figures
from qantar.errors import DescriptorError

Schema = dict[str, Any]
Places = set[tuple[int | None, str]]
"""Faults as (number of the row from 0, field or fields); without a row where it is the whole column."""


@dataclass(frozen=True)
class Kind:
    """A field to draw: its properties; typed values, sound and faulty; how one is written; what may constrain it."""

    properties: Schema
    sample: st.SearchStrategy[Any]
    write: Callable[[Any], str] = str
    constraints: tuple[str, ...] = ("enum",)
    categories: bool = False

    @property
    def typed(self) -> bool:
        """Whether its values are no texts."""
        return self.properties.get("type", "any") in TYPED


BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LENGTHS = ("minLength", "maxLength")
JSON = ("enum", "jsonSchema", *LENGTHS)
TYPED = {"integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth"}
WHOLE = st.integers(-30, 30) | st.sampled_from([10**15, -(10**15)])
NUMBERS = st.sampled_from([0.0, -0.5, 0.1, 0.3, 0.1 + 0.2, 5.0, 1e300, 1e-7, float("inf"), -2.25])
DATES = st.dates(date(1000, 1, 1), date(1000, 2, 1)) | st.dates(date(2022, 1, 1), date(2022, 1, 9))
TIMES = st.sampled_from([time(0), time(9, 30), time(23, 59, 59), time(9, 30, 0, 500)])
HOURS = TIMES.filter(lambda one: not one.second + one.microsecond)
MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2022, 1, 3))  # noqa: DTZ001 -- typed frames have no zones
FIRST = st.just(datetime(1, 1, 1))  # noqa: DTZ001 -- the same
SMALL = NUMBERS.filter(lambda one: one < 1e9)
YEARS = st.sampled_from([-44, 0, 1, 1999, 2022, 12022])


def texts(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def month(value: int) -> str:
    return f"{value // 12:04d}-{value % 12 + 1:02d}" if value >= 0 else f"-{-(value // 12):04d}-{value % 12 + 1:02d}"


def yes(value: bool) -> str:  # noqa: FBT001 -- the value of a cell
    return "yes" if value else "no"


def form(pattern: str) -> Callable[[Any], str]:
    return lambda value: (value if type(value) is date else value.replace(tzinfo=UTC)).strftime(pattern)


WORDS = texts("a", "aa", "aaa", "Ä", "x,y", 'say "so"', "two\nlines", "0", "b")
EVERY = ("enum", *BOUNDS)
ZONED = "%Y-%m-%d %H:%M:%S.%f %z"
KINDS = {
    "text": Kind({"type": "string"}, WORDS, constraints=("enum", "pattern", *LENGTHS), categories=True),
    "email": Kind({"type": "string", "format": "email"}, texts("a@b.org", "a@b", "a b@c", "@")),
    "uuid": Kind({"type": "string", "format": "uuid"}, texts("00000000-0000-0000-0000-00000000000A", "0")),
    "uri": Kind({"type": "string", "format": "uri"}, texts("https://example.org/a", "example")),
    "binary": Kind({"type": "string", "format": "binary"}, texts("QQ==", "QQ=", "????")),
    "any": Kind({}, WORDS),
    "integer": Kind({"type": "integer"}, WHOLE, constraints=EVERY, categories=True),
    "grouped": Kind({"type": "integer", "groupChar": " "}, WHOLE, lambda one: f"{one:,}".replace(",", " ")),
    "number": Kind({"type": "number"}, NUMBERS, repr, EVERY),
    "comma": Kind({"type": "number", "decimalChar": ","}, NUMBERS, lambda one: repr(one).replace(".", ","), BOUNDS),
    "percent": Kind({"type": "number", "bareNumber": False}, SMALL, lambda one: f"{one!r}%"),
    "boolean": Kind({"type": "boolean"}, st.booleans(), lambda one: str(one).lower()),
    "yes": Kind({"type": "boolean", "trueValues": ["yes", "y"], "falseValues": ["no"]}, st.booleans(), yes),
    "date": Kind({"type": "date"}, DATES | st.just(date(1, 1, 1)), date.isoformat, EVERY),
    "day": Kind({"type": "date", "format": "%d/%m/%Y"}, DATES, form("%d/%m/%Y"), EVERY),
    "time": Kind({"type": "time"}, TIMES, time.isoformat, EVERY),
    "hour": Kind({"type": "time", "format": "%H.%M"}, HOURS, form("%H.%M"), BOUNDS),
    "datetime": Kind({"type": "datetime"}, MOMENTS | FIRST, lambda one: f"{one.isoformat()}Z", EVERY),
    "zoned": Kind({"type": "datetime", "format": ZONED}, MOMENTS, form(ZONED), BOUNDS),
    "any form": Kind({"type": "datetime", "format": "any"}, MOMENTS, datetime.isoformat),
    "year": Kind({"type": "year"}, YEARS, lambda one: f"{one:0{5 if one < 0 else 4}d}", EVERY),
    "yearmonth": Kind({"type": "yearmonth"}, st.sampled_from([-8, 0, 12, 24264, 24265, 24276]), month, EVERY),
    "duration": Kind({"type": "duration"}, texts("P1D", "PT24H", "P1M", "P", "P1Y2M", "1D"), constraints=EVERY),
    "geopoint": Kind({"type": "geopoint"}, texts("76.9, 43.2", "76.9,43.2", "190,0", "x")),
    "pair": Kind({"type": "geopoint", "format": "array"}, texts("[76.9, 43.2]", "[1]", "[200, 0]")),
    "object": Kind(
        {"type": "object"}, texts("{}", '{"a": 1}', '{"a": 1.0}', '{"a": 1, "b": 2}', "[]"), constraints=JSON
    ),
    "array": Kind({"type": "array"}, texts("[]", "[1]", "[1.0]", '["a", 2]', "{}", "["), constraints=JSON),
    "list": Kind({"type": "list", "itemType": "integer"}, texts("1", "1,02", "1,2", "1,x", ","), constraints=LENGTHS),
    "geojson": Kind({"type": "geojson"}, texts('{"type": "Point", "coordinates": [1, 2]}', "{}"), constraints=()),
}
WRONG = "no such value"
"""A text, planted among values that are none."""


@st.composite
def constraint(draw: st.DrawFn, kind: Kind, name: str) -> Any:  # noqa: ANN401 -- what a descriptor may say
    """A value for a constraint of a field."""
    if name in LENGTHS:
        return draw(st.integers(0, 3))
    if name == "pattern":
        return draw(texts("a+", "[a-z]*", r"\p{L}{1,2}", ".*"))
    if name == "jsonSchema":
        return draw(st.sampled_from([{"maxProperties": 1}, {"items": {"type": "integer"}}, {"required": ["a"]}]))
    if name == "enum":
        return [kind.write(one) for one in draw(st.lists(kind.sample, min_size=1, max_size=4))]
    return kind.write(draw(kind.sample))


@st.composite
def field(draw: st.DrawFn, name: str) -> Schema:
    """A field of a kind, with some constraints."""
    kind = KINDS[name]
    words = st.lists(st.sampled_from([*kind.constraints, "required", "unique"]), max_size=3, unique=True)
    made: Schema = {"name": name, **kind.properties}
    made["constraints"] = {
        word: draw(st.booleans() if word in {"required", "unique"} else constraint(kind, word)) for word in draw(words)
    }
    if kind.categories and draw(st.booleans()):
        made["categories"] = draw(st.lists(kind.sample, min_size=1, max_size=4, unique=True))
    return made | draw(st.sampled_from([{}, {}, {"missingValues": ["-99", "?"]}]))


def cells(kind: Kind, missing: list[str], *, wrong: bool) -> st.SearchStrategy[Any]:
    """The values of a column: none that would be read as missing, null where it can be written, some of no type."""
    drawn: st.SearchStrategy[Any] = kind.sample.filter(lambda value: kind.write(value) not in missing)
    drawn = st.none() | drawn if missing else drawn
    return drawn | st.just(WRONG) if wrong and kind.typed else drawn


@st.composite
def table(draw: st.DrawFn, first: str) -> tuple[Schema, dict[str, list[Any]], dict[str, list[str]]]:
    """A Table Schema, typed columns with faults among their values, and the same columns as the texts of a file."""
    chosen = [first, *draw(st.lists(st.sampled_from([one for one in KINDS if one != first]), max_size=2, unique=True))]
    rows, again = draw(st.integers(1, 6)), draw(st.integers(0, 2))  # the first row may stand again, so that keys break
    typed: dict[str, list[Any]] = {"row": list(range(rows + again))}
    written = {"row": [str(row) for row in typed["row"]]}
    schema: Schema = {"fields": [{"name": "row", "type": "integer"}], "missingValues": draw(st.sampled_from(MISSING))}
    for name in chosen:
        one = draw(field(name))
        missing: list[str] = one.get("missingValues") or schema["missingValues"]
        wrong = draw(st.integers(0, 3)) == 0
        typed[name] = draw(st.lists(cells(KINDS[name], missing, wrong=wrong), min_size=rows, max_size=rows))
        typed[name] += typed[name][:1] * again
        written[name] = [text(value, KINDS[name], missing) for value in typed[name]]
        schema["fields"].append(one)
    keys = st.lists(st.sampled_from(chosen), min_size=1, max_size=2, unique=True)
    if draw(st.booleans()):
        schema["primaryKey"] = draw(keys)
    if draw(st.booleans()):
        schema["uniqueKeys"] = draw(st.lists(keys, min_size=1, max_size=2))
    return schema, typed, written


MISSING = [[""], ["", "-"], ["NA"], []]


def text(value: Any, kind: Kind, missing: list[str]) -> str:  # noqa: ANN401 -- a value of any type
    """The cell of a value."""
    return missing[-1] if value is None else value if value is WRONG else kind.write(value)


def by_engine(schema: Schema, written: Mapping[str, list[str]]) -> Places:
    """What the engine finds in the file."""
    with TemporaryDirectory() as folder:
        with (Path(folder) / "t.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(written)
            lines.writerows(zip(*written.values(), strict=True))
        descriptor = {"name": "p", "resources": [{"name": "t", "path": "t.csv", "schema": schema}]}
        (Path(folder) / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        report = qantar.validate(folder, max_examples=1000)
    return {(one.record - 1, str(one.field)) for one in report.findings if one.record}


def by_contract(made: Any, frame: Any) -> Places:  # noqa: ANN401 -- a contract and a frame of either kind
    """What a contract finds in a frame."""
    try:
        made.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return set()
    rows = cases.iter_rows(named=True) if isinstance(cases, pl.DataFrame) else cases.to_dict("records")
    places: Places = set()
    for row in rows:
        together = re.match(r"\w+ \((.*, .*)\):", row["check"])
        at = row["index"]
        places.add((None if pd.isna(at) else int(at), together[1] if together else row["column"]))
    return places


@settings(max_examples=8)
@given(data=st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_engine_and_contract_have_one_verdict(kind: str, data: st.DataObject) -> None:
    schema, typed, written = data.draw(table(kind))
    expected = by_engine(schema, written)
    objects = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in typed.items()})
    assert by_contract(contract(schema, "pandas"), objects) == expected
    mistyped = {name for name, values in typed.items() if any(value is WRONG for value in values)}
    made = contract(schema)
    kinds = {name: column.dtype.type for name, column in made.columns.items()}
    series = [
        pl.Series(name, written[name], pl.String)
        if name in mistyped
        else pl.Series(name, values, pl.String if isinstance(kinds[name], pl.Enum) else kinds[name])
        for name, values in typed.items()
    ]
    frame = pl.DataFrame(series)
    sound = {(row, names) for row, names in expected if not mistyped & {*names.split(", ")}}
    found = by_contract(made, frame)
    assert {one for one in found if one[0] is not None and not mistyped & {*one[1].split(", ")}} == sound
    assert mistyped <= {names for row, names in found if row is None}
    assert by_contract(made, frame.lazy()) == found
    if not mistyped:
        assert by_contract(contract(schema, "pandas"), frame.to_pandas()) == expected


@pytest.mark.parametrize("name", qantar.load())
def test_the_dataset_keeps_its_contracts(name: str) -> None:
    frame = qantar.load()[name]
    assert getattr(contracts, name).validate(frame, lazy=True).equals(frame)
    getattr(contracts.pandas, name).validate(frame.to_pandas(), lazy=True)


FAULTY = qantar.load().figures.with_columns(low=pl.when(pl.col("figure_id") == "fg-0001").then(-1).otherwise("low"))


@pytest.mark.parametrize("lazy", [True, False])
def test_a_faulty_lazy_frame_does_not_pass_in_silence(lazy: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    bare = pandera.polars.DataFrameSchema(
        {"low": pandera.polars.Column(pl.Int64, pandera.polars.Check.ge(0), nullable=True)}
    )
    bare.validate(FAULTY.lazy(), lazy=lazy)  # what pandera alone does: where this fails, `validate` can go
    with pytest.raises((pandera.errors.SchemaErrors, pandera.errors.SchemaError), match="minimum"):
        figures.validate(FAULTY.lazy(), lazy=lazy)


def test_a_lazy_frame_stays_one() -> None:
    frame = qantar.load().figures.lazy()
    assert isinstance(figures.validate(frame), pl.LazyFrame)
    assert isinstance(figures(frame.collect()), pl.DataFrame)


def test_the_failure_cases_name_place_value_constraint_and_expectation() -> None:
    with pytest.raises(pandera.errors.SchemaErrors) as raised:
        figures.validate(FAULTY, lazy=True)
    (row,) = raised.value.failure_cases.to_dicts()
    assert (row["column"], row["index"], row["failure_case"]) == ("low", 0, "-1")
    assert row["check"] == "minimum: The value is too small. Expected 0 at least."


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical])
def test_a_text_that_is_no_code_is_one_fault(kind: pl.DataType) -> None:
    texts = qantar.load().figures.with_columns(pl.col("measure").cast(pl.String))
    first = pl.col("figure_id") == "fg-0001"
    faulty = texts.with_columns(measure=pl.when(first).then(pl.lit("injuried")).otherwise("measure").cast(kind))
    with pytest.raises(pandera.errors.SchemaErrors) as raised:
        figures.validate(faulty, lazy=True)
    (row,) = raised.value.failure_cases.to_dicts()
    assert (row["column"], row["index"], row["failure_case"]) == ("measure", 0, "injuried")


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_a_shallow_pandera_lets_no_faulty_frame_pass(engine: str) -> None:
    made: Any = getattr(contracts, engine).figures
    frame = FAULTY if engine == "polars" else FAULTY.to_pandas()
    with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY), pytest.raises(pandera.errors.SchemaErrors):
        made.validate(frame, lazy=True)


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_a_cell_that_takes_too_long_passes_neither_itself_nor_the_cells_after_it(engine: Any) -> None:  # noqa: ANN401
    chain = {f"d{at}": {"anyOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(15)}
    schema = {"required": ["a"], "properties": {"k": {"$ref": "#/$defs/d0"}}, "$defs": {**chain, "d15": False}}
    held = contract({"fields": [{"name": "x", "type": "object", "constraints": {"jsonSchema": schema}}]}, engine)
    frame: Any = {"polars": pl.DataFrame, "pandas": pd.DataFrame}[engine]
    for cell, valid in (('{"a": 1}', True), ('{"a": 1, "k": 2}', False), ('{"zz": 1}', False), ('{"a": 1}', True)):
        made = frame({"x": [cell]})
        if valid:
            held.validate(made)
        else:
            with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
                held.validate(made)


def test_codes_may_be_texts_and_become_codes() -> None:
    frame = qantar.load().figures
    assert figures.validate(frame.with_columns(pl.col("measure").cast(pl.String))).schema == frame.schema
    numbers = frame.with_columns(pl.col("measure").to_physical().cast(pl.Int64))
    with pytest.raises(pandera.errors.SchemaError, match="to have type Enum"):
        figures.validate(numbers)  # polars itself would take them for the codes' places


ONE = {"name": "a", "type": "integer"}


@pytest.mark.parametrize(
    ("field", "values", "fault"),
    [
        (ONE | {"missingValues": ["-99"]}, [-99], "missingValues: The value stands for a missing one. Expected null."),
        (ONE | {"missingValues": []}, [None], "not_nullable"),
        ({"name": "a", "type": "string"}, [""], "missingValues: The value stands for a missing one. Expected null."),
        ({"name": "a", "type": "date", "format": "%Y-%m"}, [date(2022, 1, 5)], "type: The cell is not of the field's"),
        ({"name": "a", "type": "yearmonth"}, [3], "type: The cell is not of the field's type. Expected a month"),
        (ONE | {"constraints": {"required": True}}, [None], "not_nullable"),
    ],
)
@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_what_no_file_could_say_is_a_fault(field: Schema, values: list[Any], fault: str, engine: Any) -> None:  # noqa: ANN401 -- a literal
    made = contract({"fields": [field]}, engine)
    frame = pl.DataFrame({"a": pl.Series(values, dtype=contract({"fields": [field]}).columns["a"].dtype.type)})
    with pytest.raises(pandera.errors.SchemaErrors) as raised:
        made.validate(frame if engine == "polars" else pd.DataFrame({"a": pd.Series(values, dtype=object)}), lazy=True)
    assert next(iter(raised.value.failure_cases["check"])).startswith(fault)


@pytest.mark.parametrize(
    ("match", "columns", "valid"),
    [
        ("exact", "ab", True),
        ("exact", "ba", False),
        ("exact", "a", False),
        ("exact", "abc", False),
        ("equal", "ba", True),
        ("equal", "a", False),
        ("subset", "cba", True),
        ("subset", "ac", False),
        ("superset", "b", True),
        ("superset", "bc", False),
        ("partial", "cb", True),
    ],
)
def test_fields_match(match: str, columns: str, valid: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    schema = {"fields": [{"name": "a"}, {"name": "b"}], "fieldsMatch": match, "uniqueKeys": [["a", "b"]]}
    frame = pl.DataFrame({name: ["x"] for name in columns})
    assert (by_contract(contract(schema), frame) == set()) == valid
    assert (by_contract(contract(schema, "pandas"), frame.to_pandas()) == set()) == valid


@pytest.mark.parametrize(
    ("kind", "values", "faulty"),
    [
        ("integer", [1, 2.0, 2.5, True, "3", 2**63], [2, 3, 4, 5]),
        ("number", [1, 2.5, True, "3"], [2, 3]),
        ("boolean", [True, 1, "true"], [1, 2]),
        ("string", ["a", 1, b"a"], [1, 2]),
        ("date", [date(2022, 1, 1), datetime(2022, 1, 1), datetime(2022, 1, 1, 5), "2022-01-01"], [2, 3]),  # noqa: DTZ001
        ("datetime", [datetime(2022, 1, 1, tzinfo=UTC), pd.Timestamp("2022-01-01"), date(2022, 1, 1)], [2]),
    ],
)
def test_pandas_values_are_judged_by_themselves(kind: str, values: list[Any], faulty: list[int]) -> None:
    made = contract({"fields": [{"name": "a", "type": kind}]}, "pandas")
    frame = pd.DataFrame({"a": pd.Series(values, dtype=object)})
    assert by_contract(made, frame) == {(row, "a") for row in faulty}


def test_a_contract_says_what_it_leaves_open() -> None:
    assert "foreignKeys: source_id in source_id of sources" in figures.metadata["not_checked"]
    made = contract({"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "(?=a)a"}}]})
    assert [one.partition(" (")[0] for one in made.metadata["not_checked"]] == ["a: pattern: the pattern"]


def test_a_schema_may_be_a_file(tmp_path: Path) -> None:
    made = contract(ROOT / "schemas" / "figures.json")
    assert made.columns.keys() == figures.columns.keys()
    (tmp_path / "t.json").write_text('{"fields": [{}]}', encoding="utf-8")
    with pytest.raises(DescriptorError, match=r"t\.json  Not a Table Schema"):
        contract(tmp_path / "t.json")


def test_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="Did you mean figures"):
        contracts.polars.figurs  # noqa: B018
    with pytest.raises(ValueError, match="Expected one of polars, pandas"):
        contract({"fields": []}, "spark")  # type: ignore[call-overload]


def test_without_pandera_the_extra_is_named() -> None:
    script = "import sys; sys.modules['pandera'] = None\nfrom qantar.contracts import figures"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "ImportError: qantar.contracts.polars needs pandera: install qantar[pandera]." in done.stderr


def test_the_page_shows_a_snippet_that_runs_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    snippet, answer = re.findall(r"^```(?:python)?\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(compile(snippet, "contracts.md", "exec"), names)  # noqa: S102 -- the page's own code
    assert f"{names['answer']}\n" == answer
