"""A JSON Schema -> a judge of JSON values, in bounded time; whatever it cannot judge is said, never passed over."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl

from qantar.lexical import evened
from qantar.model import Severity
from qantar.package import Json

LARGEST = 100_000
"""Most characters of a JSON Schema that is used."""

STEPS, STEPS_A_CELL, STEPS_A_CHARACTER = 20_000, 200, 20
"""Steps that a schema may take: at first, and for each cell and its characters. A step lasts some microseconds, and a
schema of use takes few for a character; one that doubles its work at each of its levels takes more."""

SIZE_A_STEP = 10
"""Items or characters that are looked at in the time of a step, about."""

PATTERN_STEPS = 20
"""Steps in whose time a pattern is run."""

REFERENCES = {"$ref", "$dynamicRef", "$recursiveRef"}


class NotCheckedError(Exception):
    """A constraint that is not checked, and why; it is a finding too where it has a severity."""

    severity: Severity | None = None
    message = ""
    value: str | None = None
    expected = ""
    constraint = ""

    def __str__(self) -> str:
        reason = super().__str__()
        return f"{self.constraint}: {reason}" if self.constraint else reason


class PatternError(NotCheckedError):
    """A pattern that cannot be run."""

    severity = Severity.WARNING
    message = "A pattern cannot be run in linear time, so that it is not checked."

    def __init__(self, pattern: str, why: str) -> None:
        super().__init__(f"the pattern {pattern} cannot be run in linear time: {why}")
        self.value, self.expected = pattern, f"a pattern without look-around and back-references ({why})"


class ValueOfConstraintError(NotCheckedError):
    """A value of a constraint that is not of the field's type, `expected` by its words."""

    severity = Severity.ERROR
    message = "The value of a constraint is not of the field's type."

    def __init__(self, value: str, expected: str) -> None:
        super().__init__(f"{value} is not of the field's type")
        self.value, self.expected = value, expected


@dataclass
class Judge:
    """Whether JSON keeps to a schema: None where that cannot be told, and from then on; `failed` then says why."""

    steps: int
    failed: list[str] = field(default_factory=list)
    is_valid: Callable[[Json], bool] = bool

    def renew(self) -> None:
        """Begin anew, for other cells."""
        self.steps = STEPS
        self.failed.clear()

    def spend(self, steps: int) -> None:
        """Take some steps; NotCheckedError where there are no more."""
        self.steps -= steps
        if self.steps < 0:
            raise NotCheckedError("it takes more time than the size of the cells lets expect")

    def __call__(self, text: str, read: Callable[[str], Json]) -> bool | None:
        """The verdict on a text, None where that is no JSON."""
        if self.failed:
            return None
        self.steps += STEPS_A_CELL + STEPS_A_CHARACTER * len(text)
        try:
            value = read(text)
        except (ValueError, RecursionError):
            return None
        try:
            return self.is_valid(value)
        except Exception as error:  # noqa: BLE001 -- a library with errors of its own
            why = str(error) if isinstance(error, NotCheckedError) else f"it ends in {type(error).__name__}"
            self.failed[:] = [f"jsonSchema: {why}"]
            return None


def judge_of(schema: dict[str, Json]) -> Judge:
    """A judge by a schema; its patterns run in linear time, and nothing is fetched for it.

    Raises NotCheckedError where there cannot be one.
    """
    if len(json.dumps(schema)) > LARGEST or '"patternProperties"' in json.dumps(schema):
        raise NotCheckedError("the schema is too large, or has patternProperties")
    try:
        library = importlib.import_module("jsonschema")
        return made(library, importlib.import_module("referencing"), schema)
    except ImportError:
        raise NotCheckedError('the package jsonschema is not installed: pip install "qantar[json]"') from None
    except NotCheckedError:
        raise
    except Exception as error:  # noqa: BLE001 -- a schema of any form, a library with errors of its own
        raise NotCheckedError(f"the schema cannot be used: {type(error).__name__}") from None


def made(library: Json, referencing: Json, schema: dict[str, Json]) -> Judge:
    """A judge that counts its steps. It has no `$schema`, for which the library would take its own judges instead."""
    kind = library.validators.validator_for(schema, default=library.Draft202012Validator)
    specification = importlib.import_module("referencing.jsonschema").specification_with(
        kind.META_SCHEMA.get("$schema", ""), default=referencing.Specification.OPAQUE
    )
    schema = without_dialect(schema)
    registry = referencing.Registry()
    look_over(schema, registry.resolver_with_root(specification.create_resource(schema)), specification)
    judge = Judge(STEPS + STEPS_A_CHARACTER * len(json.dumps(schema)))
    keywords = {**kind.VALIDATORS, "pattern": linear, "uniqueItems": distinct}
    counting = library.validators.extend(kind, {name: counted(run, judge) for name, run in keywords.items()})
    if not counting(without_dialect(kind.META_SCHEMA), registry=registry).is_valid(schema):
        raise NotCheckedError("it is no JSON Schema")
    judge.steps = STEPS
    judge.is_valid = counting(schema, registry=registry).is_valid
    judge.is_valid({})
    judge.is_valid([])
    return judge


def without_dialect(schema: dict[str, Json]) -> dict[str, Json]:
    """A schema without the property that names its dialect."""
    return {name: value for name, value in schema.items() if name != "$schema"}


def look_over(value: Json, resolver: Json, specification: Json) -> None:
    """NotCheckedError for a pattern that cannot be run, a reference that leads nowhere, a part in another dialect."""
    given = {name: one for name, one in value.items() if isinstance(one, str)} if isinstance(value, dict) else {}
    if "$schema" in given:
        raise NotCheckedError("a part of the schema has a $schema of its own")
    if "pattern" in given:
        runnable(given["pattern"], given["pattern"])
    if "$id" in given:
        resolver = resolver.in_subresource(specification.create_resource(value))
    for name in given.keys() & REFERENCES:
        try:
            resolver.lookup(given[name])
        except Exception:  # noqa: BLE001 -- a library with errors of its own
            raise NotCheckedError(f"{name} {given[name]} leads to nothing in the schema") from None
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        look_over(one, resolver, specification)


def runnable(pattern: str, expression: str) -> str:
    """The expression of a pattern, if Rust's engine runs it: in linear time, with a limit to what it compiles."""
    try:
        pl.select(pl.lit("").str.contains(expression))
    except pl.exceptions.PolarsError as error:
        said = str(error)
        why = next((one.split("error:", 1)[1] for one in said.splitlines() if one.strip().startswith("error:")), "")
        why = why.strip() or ("it is too large" if "size limit" in said else "it does not compile")
        raise PatternError(pattern, why) from None
    return expression


Keyword = Callable[[Json, Json, Json, Json], Iterator[Json] | None]
"""What the library runs for a keyword: with its judge, the keyword's value, the JSON and the schema."""


def counted(run: Keyword, judge: Judge) -> Keyword:
    """A keyword that takes steps of the judge, by the sizes of what it looks at."""
    least = PATTERN_STEPS if run is linear else 1

    def counting(library: Json, value: Json, instance: Json, schema: Json) -> Iterator[Json] | None:
        sizes = (len(one) for one in (value, instance) if isinstance(one, str | list | dict))
        judge.spend(least + sum(sizes) // SIZE_A_STEP)
        return run(library, value, instance, schema)

    return counting


def linear(library: Json, expression: Json, instance: Json, _: Json) -> Iterator[Json]:
    """JSON Schema's `pattern` by Rust's engine; Python's may take exponential time."""
    if library.is_type(instance, "string") and not pl.select(pl.lit(instance).str.contains(expression)).item():
        yield importlib.import_module("jsonschema").ValidationError("does not match")


def distinct(library: Json, value: Json, instance: Json, _: Json) -> Iterator[Json]:
    """JSON Schema's `uniqueItems`; the library's takes the square of the time where items cannot be sorted."""
    if value and library.is_type(instance, "array"):
        texts = [json.dumps(evened(one), sort_keys=True) for one in instance]
        if len({*texts}) < len(texts):
            yield importlib.import_module("jsonschema").ValidationError("has equal items")
