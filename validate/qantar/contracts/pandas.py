"""Contracts for pandas frames: `qantar.contracts.pandas.figures.validate(frame)`.

pandas has several types for one kind of value, and none for some: whole numbers with a missing one are floats, dates
are timestamps or objects. So a contract fixes no dtypes; its check `type` judges each value, and changes none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timezone
from decimal import Decimal
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from qantar.contracts import of_resource
from qantar.contracts.terms import Clause, Term, read_terms
from qantar.package import Json


class Contract(pa.DataFrameSchema):
    """A pandera schema that looks at every value, also where pandera is told to look at columns alone."""

    def validate(self, check_obj: pd.DataFrame, *arguments: Json, **options: Json) -> pd.DataFrame:
        """Validate a frame as pandera does."""
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            return super().validate(check_obj, *arguments, **options)

    @classmethod
    def get_backend(cls, check_obj: Json = None, check_type: type | None = None) -> Json:
        """The backend of pandera's own class, which is registered for that class and not for those derived from it."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)


WORDS = {
    pl.Int64: "a whole number", pl.Float64: "a number", pl.Boolean: "a boolean", pl.Date: "a date", pl.Time: "a time",
    pl.Datetime: "a datetime", pl.String: "a text", pl.Enum: "a text",
}  # fmt: skip


def contract(schema: dict[str, Json] | str | Path, name: str | None = None) -> Contract:
    """The contract of a Table Schema, given as a dict or as the path of its file."""
    terms = read_terms(schema)
    columns = {
        one.name: pa.Column(
            None,
            [of_kind(one), *(check(clause) for clause in terms.on(one.name))],
            nullable=one.nullable,
            required=terms.whole,
        )
        for one in terms.columns.values()
    }
    return Contract(
        columns,
        checks=[check(clause) for clause in terms.together],
        strict=terms.strict,
        ordered=terms.ordered,
        unique_column_names=True,
        name=name,
        metadata={"not_checked": terms.not_checked},
    )


def of_kind(term: Term) -> pa.Check:
    """The check that each value is of the field's type, whatever the column's dtype."""

    def holds(values: pd.Series) -> pd.Series:
        return typed(values, term).is_not_null().to_pandas().set_axis(values.index)

    expected = WORDS[term.kind.base_type()]
    return pa.Check(holds, name="type", error=f"type: The value is not of the field's type. Expected {expected}.")


def check(clause: Clause) -> pa.Check:
    """A clause as a check; of a value that is not of its type it says nothing."""

    def holds(given: pd.Series | pd.DataFrame) -> pd.Series:
        if isinstance(given, pd.DataFrame) and not {one.name for one in clause.terms} <= {*given.columns}:
            return pd.Series(data=True, index=given.index)  # pandera says which column is missing
        columns = [given] if isinstance(given, pd.Series) else [given[one.name] for one in clause.terms]
        made = clause.holds([typed(one, term) for one, term in zip(columns, clause.terms, strict=True)])
        return pd.Series(made.to_list(), index=given.index, dtype=bool)

    return pa.Check(holds, name=clause.source, error=clause.said, ignore_na=len(clause.terms) == 1)


def typed(values: pd.Series, term: Term) -> pl.Series:
    """The values of a column as polars has them, null where one is missing or not of the type."""
    read, kind = READERS[term.kind.base_type()], pl.String if isinstance(term.kind, pl.Enum) else term.kind
    missing = values.isna()
    return pl.Series([None if gone else read(one) for one, gone in zip(values, missing, strict=True)], dtype=kind)


def whole(value: Json) -> int | None:
    """A whole number of 64 bits, also as a float."""
    if number(value) is None or not math.isfinite(value) or value != int(value):
        return None
    return int(value) if -(2**63) <= value < 2**63 else None


def number(value: Json) -> float | None:
    """A number."""
    return float(value) if isinstance(value, Real | Decimal) and not isinstance(value, bool) else None


def day(value: Json) -> date | None:
    """A date, also as a timestamp of midnight."""
    if not isinstance(value, datetime):
        return value if isinstance(value, date) else None
    return value.date() if value.time() == time() and value.tzinfo is None else None


def moment(value: Json) -> datetime | None:
    """A datetime, in UTC where it has a zone."""
    if not isinstance(value, datetime):
        return None
    plain = value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value
    return plain.astimezone(timezone.utc).replace(tzinfo=None) if plain.tzinfo else plain  # noqa: UP017


def one_of(kind: type) -> Callable[[Json], Json]:
    """A reader of values of a Python type."""
    return lambda value: value if isinstance(value, kind) else None


READERS: dict[type[pl.DataType], Callable[[Json], Json]] = {
    pl.Boolean: lambda value: bool(value) if isinstance(value, bool | np.bool_) else None,
    pl.Date: day,
    pl.Datetime: moment,
    pl.Enum: one_of(str),
    pl.Float64: number,
    pl.Int64: whole,
    pl.String: one_of(str),
    pl.Time: one_of(time),
}


def __getattr__(name: str) -> Contract:
    made = of_resource(name, "pandas")
    assert isinstance(made, Contract)  # noqa: S101
    return made
