"""What a rule is: one small function with its documentation and its examples.

The function's name is the rule's id, its parameters are the tables that it is given, the first of them the one
whose rows are at fault. It gives back those rows (a Narwhals frame), or a `Fault` for each, where what was expected
differs from row to row. The first line of its docstring is the message; the rest says why, and how to repair.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, TypeAlias

import narwhals as nw

from qantar.model import ROW, Severity

Frame: TypeAlias = nw.LazyFrame[Any]
"""A typed table: the fields of the schema, with ROW, the file line of each record. Unknown cells are null."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row at fault, where a rule says more than that."""

    row: int
    expected: str | None = None
    hint: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a rule on every resource may ask of the one at hand."""

    resource: str
    key: tuple[str, ...]
    edtf: tuple[str, ...] = ()


Found: TypeAlias = Frame | Iterable[Fault]
Check: TypeAlias = Callable[..., Found]
Tables: TypeAlias = Mapping[str, str]
"""Example tables as CSV text, by resource."""


@dataclass(frozen=True)
class Rule:
    """A check of the claims model."""

    check: Check
    field: str
    expected: str
    severity: Severity
    valid: Tables
    faulty: Tables

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it is given, by the names of its parameters."""
        return tuple(inspect.signature(self.check).parameters)

    @property
    def id(self) -> str:
        """The id, in kebab-case."""
        return self.check.__name__.replace("_", "-")

    @property
    def resource(self) -> str:
        """The resource whose rows are at fault; `table` stands for every one."""
        return self.tables[0]

    @property
    def columns(self) -> dict[str, list[str]]:
        """The columns that the rule reads of each table: those of its faulty example, which hold no others."""
        return {name: text.partition("\n")[0].split(",") for name, text in self.faulty.items()}

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        return self.documentation.partition("\n")[0]

    @property
    def documentation(self) -> str:
        """What is wrong, why it matters and how to repair it."""
        return inspect.getdoc(self.check) or ""


RULES: dict[str, Rule] = {}
"""All rules by id, in the order of their modules."""


def rule(
    *, field: str, expected: str, valid: Tables, faulty: Tables, severity: Severity = Severity.ERROR
) -> Callable[[Check], Check]:
    """Make a function a rule; `valid` and `faulty` are examples, CSV text by resource."""

    def register(check: Check) -> Check:
        one = Rule(check, field, expected, severity, tidy(valid), tidy(faulty))
        RULES[one.id] = one
        return check

    return register


def tidy(tables: Tables) -> Tables:
    """Example tables without the indentation of the source."""
    return {name: dedent(text).strip() + "\n" for name, text in tables.items()}


def rows(frame: Frame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The values of a few columns as Python tuples: for what has no relational form."""
    yield from frame.select(*columns).collect("polars").rows()


def distinct(frame: Frame, column: str) -> list[Any]:
    """The distinct values of a column, without null."""
    return [value for (value,) in rows(frame.select(column).drop_nulls().unique(), column)]


def unproven(frame: Frame, mentions: Frame, resource: str, key: str) -> Frame:
    """The records of a resource that no mention names."""
    told = mentions.filter(nw.col("resource") == resource).select(nw.col("record_id").alias(key))
    return frame.join(told, on=key, how="anti")


def circles(frame: Frame, key: str, parent: str) -> Iterator[Fault]:
    """A fault for each row from which following `parent` leads back to it."""
    listed = list(rows(frame, ROW, key, parent))
    up = {own: above for _, own, above in listed}
    for row, own, _ in listed:
        walked = [own]
        while (above := up.get(walked[-1])) is not None and above not in walked:
            walked.append(above)
        if above == own:
            yield Fault(row, hint=f"The circle is {' → '.join([*walked, own])}.")


def chain(up: Mapping[str, str | None], start: str) -> list[str]:
    """The records from `start` to its end, following `up`; a circle is walked once."""
    walked = [start]
    while (above := up.get(walked[-1])) is not None and above not in walked:
        walked.append(above)
    return walked
