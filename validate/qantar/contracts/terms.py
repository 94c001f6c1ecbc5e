"""A Table Schema -> the terms of a contract: what must hold of each column of a typed frame, and of its keys.

Every value is written as the text that it would be in a file, and the engine's own checks judge the text: so there is
one place where constraints are understood, and one verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timezone
from pathlib import Path

import polars as pl

from qantar.errors import DescriptorError
from qantar.fields import Check, Column, NotCheckedError, field_checks, missing_values, read_field
from qantar.fields import well_formed as sound_field
from qantar.model import OWN
from qantar.package import Json, Resource, amiss, read_json
from qantar.reading import FALSE, TRUE, named, sure

TYPED = f"{OWN}typed"
"""Column of the values beside their texts, for the check that a text gives its value back."""


FORMS: dict[type[pl.DataType], str] = {
    pl.Date: "%Y-%m-%d", pl.Time: "%H:%M:%S%.f", pl.Datetime: "%Y-%m-%dT%H:%M:%S%.fZ"
}  # fmt: skip
"""How polars writes the default forms of dates and times."""


@dataclass(frozen=True)
class Term:
    """One column: how its values are typed, what text they are written as, how the engine reads that."""

    name: str
    kind: pl.DataType
    text: pl.Expr
    column: Column
    nullable: bool

    def texts(self, values: pl.Series) -> pl.LazyFrame:
        """The texts of values, with the values beside them."""
        frame = values.alias(self.name).to_frame().lazy()
        return frame.select(self.text.alias(self.name), named(self.name).alias(TYPED))


@dataclass(frozen=True)
class Clause:
    """What must hold of one column, or of several together: `source` is the property of the schema that asks for it.

    `holds` tells of each row whether it does; a null never breaks a clause.
    """

    source: str
    terms: tuple[Term, ...]
    said: str
    holds: Callable[[Sequence[pl.Series]], pl.Series]


@dataclass
class Terms:
    """The terms of a table: its columns, what must hold of them, and what they leave open.

    `strict` allows no other columns, `ordered` no other order, `whole` wants every column.
    """

    columns: dict[str, Term] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    strict: bool = True
    ordered: bool = True
    whole: bool = True
    not_checked: list[str] = field(default_factory=list)

    def on(self, name: str) -> list[Clause]:
        """The clauses on one column alone."""
        return [one for one in self.clauses if [term.name for term in one.terms] == [name]]

    @property
    def together(self) -> list[Clause]:
        """The clauses on several columns."""
        return [one for one in self.clauses if len(one.terms) > 1]


def read_terms(schema: dict[str, Json] | str | Path) -> Terms:
    """The terms of a Table Schema, given as a dict or as its file."""
    given = schema if isinstance(schema, dict) else read_json(Path(schema), expected="a Table Schema")
    if reason := amiss(given):
        where = "" if isinstance(schema, dict) else f"{schema}  "
        raise DescriptorError(f"{where}Not a Table Schema: {reason}.")
    resource = Resource("", {}, given)
    how = resource.fields_match
    terms = Terms(strict=how not in {"subset", "partial"}, ordered=how == "exact")
    terms.whole = how not in {"superset", "partial"}
    for one in resource.fields:
        if one["name"] not in terms.columns:
            add_field(terms, one, resource)
    for fields, source in unique_keys(resource).items():
        terms.clauses.append(once(source, tuple(terms.columns[name] for name in fields)))
    for fields, target, referred in resource.relations:
        whose = target or "the table itself"
        terms.not_checked.append(f"foreignKeys: {', '.join(fields)} in {', '.join(referred)} of {whose}")
    return terms


def add_field(terms: Terms, given: dict[str, Json], resource: Resource) -> None:
    """Add the term and the clauses of a field, and what cannot be checked of it."""
    name, missing = given["name"], missing_values(resource.schema, given)
    column = read_field(given, missing)
    (of_type, *checks), reasons = field_checks(column)
    terms.not_checked += [f"{name}: {reason}" for reason in (*column.unchecked, *reasons)]
    kind = pl.LazyFrame(schema={name: pl.String}).select(column.value.alias(name)).collect_schema()[name]
    text = written(sound_field(given)[0], named(name), kind)
    if kind != pl.String:
        other = sure(column.value != pl.col(TYPED))  # a text must give its value back
        of_type = replace(of_type, faulty=of_type.faulty | other)
    required = [one for one in checks if one.constraint == "required"]
    codes = [one.codes for one in checks if one.constraint == "categories"]
    kind = pl.Enum(list(dict.fromkeys(codes[0]))) if codes and kind == pl.String else kind
    nullable = bool(missing) and not required and name not in resource.key
    term = terms.columns[name] = Term(name, kind, text, column, nullable)
    marker = sure(named(name).is_not_null() & column.text.is_null())
    marked = Check("", name, "The value stands for a missing one.", "null", marker, constraint="missingValues")
    terms.clauses += [passes(term, one) for one in (of_type, *checks, marked) if one not in required]


def passes(term: Term, check: Check) -> Clause:
    """That the values of a column pass a check of the engine; NotCheckedError where it cannot judge them."""

    def holds(columns: Sequence[pl.Series]) -> pl.Series:
        if check.judge:
            check.judge.renew()
        texts = term.texts(columns[0])  # a check may be a constant, which only a frame makes a column
        sound = texts.with_columns((~sure(check.faulty)).alias(TYPED)).collect().get_column(TYPED)
        if check.judge and check.judge.failed:
            raise NotCheckedError(f"{term.name}: {check.judge.failed[0]}")
        return sound

    return Clause(check.constraint, (term,), f"{check.constraint}: {check.message} Expected {check.expected}.", holds)


def once(source: str, terms: tuple[Term, ...]) -> Clause:
    """That the values of a key stand in no row above; a row that lacks a part of it is not compared."""

    def holds(columns: Sequence[pl.Series]) -> pl.Series:
        parts = [
            term.texts(values).select(term.column.key.alias(str(at))).collect()
            for at, (term, values) in enumerate(zip(terms, columns, strict=True))
        ]
        frame = pl.concat(parts, how="horizontal")
        unknown = pl.any_horizontal(pl.all().is_null())
        return frame.select(unknown | pl.struct(pl.all()).is_first_distinct()).to_series()

    names = ", ".join(one.name for one in terms)
    said = f"{source} ({names}): The key stands in another row too. Expected a key that stands in no other row."
    return Clause(source, terms, said, holds)


def unique_keys(resource: Resource) -> dict[tuple[str, ...], str]:
    """The primary key, the unique fields and the unique keys, each once, with the property that asks for it."""
    unique = {one: "unique" if len(one) == 1 else "uniqueKeys" for one in resource.unique}
    return unique | ({resource.key: "primaryKey"} if resource.key else {})


def written(given: dict[str, Json], value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Typed values as the texts that they would be in a file, by the properties of their field."""
    form, text = given.get("format", "default"), value.cast(pl.String)
    match kind, given.get("type"):
        case pl.Boolean(), _:
            yes, no = (given.get("trueValues") or TRUE)[0], (given.get("falseValues") or FALSE)[0]
            text = pl.when(value).then(pl.lit(yes)).when(~value).then(pl.lit(no))
        case pl.Float64(), _:
            text = text.str.replace(".", given.get("decimalChar", "."), literal=True)
        case pl.Int64(), "year":
            text = year(value)
        case pl.Int64(), "yearmonth":
            text = year(value.floordiv(12)) + "-" + (value.mod(12) + 1).cast(pl.String).str.zfill(2)
        case ((pl.Date() | pl.Time() | pl.Datetime()), _):
            text = value.map_batches(lambda values: by_format(values, form), pl.String, is_elementwise=True)
            text = value.dt.to_string(FORMS[kind.base_type()]) if form == "default" else text
    return text


def year(value: pl.Expr) -> pl.Expr:
    """A year in four digits or more."""
    return pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit("")) + value.abs().cast(pl.String).str.zfill(4)


def by_format(values: pl.Series, form: str) -> pl.Series:
    """Dates and times by a pattern of strptime, each distinct value once."""
    distinct = values.drop_nulls().unique()
    texts = pl.Series([in_form(one, form) for one in distinct], dtype=pl.String)
    return values.replace_strict(distinct, texts, default=None, return_dtype=pl.String)


def in_form(value: date | datetime | time, form: str) -> str:
    """A date or time by a pattern of strptime; `any` takes the standard's own form."""
    if form == "any":
        return value.isoformat()
    return (value if type(value) is date else value.replace(tzinfo=timezone.utc)).strftime(form)  # type: ignore[call-arg] # noqa: UP017
