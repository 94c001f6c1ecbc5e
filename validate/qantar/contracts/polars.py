"""Contracts for polars frames: `qantar.contracts.polars.figures.validate(frame)`."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.config import ValidationDepth, config_context

from qantar.contracts import of_resource
from qantar.contracts.terms import Clause, read_terms
from qantar.package import Json

CODED = pl.String | pl.Categorical | pl.Enum
"""The types that codes may have; those that are texts become an Enum."""

AnyFrame = TypeVar("AnyFrame", pl.DataFrame, pl.LazyFrame)


class Contract(pa.DataFrameSchema):
    """A pandera schema that looks at every value, also of a LazyFrame; texts that are all codes become codes."""

    def validate(self, check_obj: AnyFrame, *arguments: Json, **options: Json) -> AnyFrame:
        """Validate a frame as pandera does; a LazyFrame is collected, for pandera alone would skip its values."""
        frame = self.coded(check_obj.lazy().collect())
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            valid = super(Contract, self.of_texts(frame)).validate(frame, *arguments, **options)
        return valid.lazy() if isinstance(check_obj, pl.LazyFrame) else valid

    @classmethod
    def get_backend(cls, check_obj: Json = None, check_type: type | None = None) -> Json:
        """The backend of pandera's own class, which is registered for that class and not for those derived from it."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)

    def of_texts(self, frame: pl.DataFrame) -> Contract:
        """The contract with the types of texts that are not all codes: the code is the fault, and not its type too."""
        texts = {
            name: {"dtype": frame.schema[name]}
            for name, column in self.columns.items()
            if column.dtype and isinstance(column.dtype.type, pl.Enum) and isinstance(frame.schema.get(name), CODED)
        }
        return self.update_columns(texts) if texts else self

    def coded(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with an Enum in place of texts that are all codes."""
        for name, column in self.columns.items():
            kind = column.dtype.type if column.dtype else None
            if isinstance(kind, pl.Enum) and isinstance(frame.schema.get(name), CODED):
                codes = frame.get_column(name).cast(kind, strict=False)
                if codes.null_count() == frame.get_column(name).null_count():
                    frame = frame.with_columns(codes)
        return frame


def contract(schema: dict[str, Json] | str | Path, name: str | None = None) -> Contract:
    """The contract of a Table Schema, given as a dict or as the path of its file."""
    terms = read_terms(schema)
    columns = {
        one.name: pa.Column(
            one.kind, [check(clause) for clause in terms.on(one.name)], nullable=one.nullable, required=terms.whole
        )
        for one in terms.columns.values()
    }
    return Contract(
        columns,
        checks=[check(clause) for clause in terms.together],
        strict=terms.strict,
        ordered=terms.ordered,
        name=name,
        metadata={"not_checked": terms.not_checked},
    )


def check(clause: Clause) -> pa.Check:
    """A clause as a check; where a column is missing or of another type, pandera says that, and the clause nothing."""

    def holds(data: PolarsData) -> pl.LazyFrame:
        frame = data.lazyframe.collect()
        if any(not of_kind(frame.schema.get(one.name), one.kind) for one in clause.terms):
            return pl.repeat(value=True, n=frame.height, eager=True).to_frame().lazy()
        return clause.holds([frame.get_column(one.name) for one in clause.terms]).to_frame().lazy()

    return pa.Check(holds, name=clause.source, error=clause.said)


def of_kind(given: pl.DataType | None, kind: pl.DataType) -> bool:
    """Whether a column is of a type; codes may also be texts."""
    return given == kind or (isinstance(kind, pl.Enum) and isinstance(given, CODED))


def __getattr__(name: str) -> Contract:
    made = of_resource(name, "polars")
    assert isinstance(made, Contract)  # noqa: S101
    return made
