"""Table Schema's fields -> checks of their cells, all of them polars expressions that run together in one pass.

Constraints are read by the field's own rule: the expressions that read its cells read the constraints' values too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from qantar import lexical, reading
from qantar.native import as_text
from qantar.package import Json, is_text
from qantar.reading import Cell, Column, among, by_distinct, named, sure
from qantar.screens import SPECIAL, Limit
from qantar.validity import Judge, NotCheckedError, PatternError, ValueOfConstraintError, judge_of, runnable

__all__ = ["Check", "Column", "NotCheckedError", "field_checks", "missing_values", "read_field"]

LENGTHS = {"string": "characters", "array": "items", "list": "items", "object": "keys", "geojson": "keys"}
PLAIN = {
    ("string", "default"): "(?s:.*)",
    ("integer", "default"): lexical.INTEGER,
    ("number", "default"): lexical.NUMBER,
    ("date", "default"): lexical.DATE,
}
"""The types of which texts alone are compared with constraints, and what such a text matches."""

LONGEST_FORMAT = 1000
"""Most characters of a format that is applied."""

ORDERED = {"integer", "number", "date", "time", "datetime", "duration", "year", "yearmonth"}


@dataclass(frozen=True)
class Check:
    """One check of one field: `faulty` is true for each cell at fault, false elsewhere, over the frame of texts.

    `constraint` is its name in the field's descriptor, or `type`; `limit` is what a bound is compared with. `screen` is
    cheaper than `faulty`: true wherever that is, and seldom elsewhere. A `judge` may fail as it runs.
    """

    rule: str
    field: str
    message: str
    expected: str
    faulty: pl.Expr
    codes: tuple[str, ...] = ()
    constraint: str = ""
    limit: Limit | None = None
    screen: pl.Expr | None = None
    judge: Judge | None = None


def missing_values(schema: dict[str, Json], field: dict[str, Json]) -> list[str]:
    """The texts that mean a missing value in this field; the field's own list replaces the schema's."""
    listed: Json = field.get("missingValues", schema.get("missingValues"))
    if not isinstance(listed, list):
        return [""]
    texts = (one.get("value") if isinstance(one, dict) else one for one in listed)
    return list(dict.fromkeys(one for one in texts if is_text(one)))


def read_field(field: dict[str, Json], missing: list[str]) -> Column:
    """How to read the cells of a field; what its descriptor says amiss is left out, and said in `unchecked`."""
    sound, reasons = well_formed(field)
    kind = sound.get("type", "any")
    if kind not in READERS:
        sound, reasons = sound | {"type": "any"}, [*reasons, f"the type {kind} is unknown"]
    column = READERS[sound.get("type", "any")](Cell(sound, missing))
    return replace(column, unchecked=(*reasons, *column.unchecked))


def well_formed(field: dict[str, Json]) -> tuple[dict[str, Json], list[str]]:
    """The properties of a field that have the form the standard gives them, and what is amiss with the others."""
    amiss = [name for name, fits in PROPERTIES.items() if name in field and not fits(field[name])]
    sound = {name: value for name, value in field.items() if name not in amiss}
    reasons = [f"its property {name} is not as the standard has it, and is not applied" for name in amiss]
    if sound.get("type") == "number" and sound.get("groupChar") == sound.get("decimalChar", "."):
        sound.pop("groupChar")
        reasons.append("its groupChar is its decimalChar, and is not applied")
    form = sound.get("format", "default").removeprefix("fmt:")
    if form not in FORMATS.get(sound.get("type", "any"), {form}):
        reasons.append(f"the format {form} does not exist for its type, it is read as default")
        form = "default"
    return sound | {"format": form}, reasons


def texts_only(value: Json) -> bool:
    """Whether a JSON value is an array of strings."""
    return isinstance(value, list) and all(map(is_text, value))


READERS: dict[str, Callable[[Cell], Column]] = {
    "any": reading.read_any,
    "array": reading.read_json,
    "boolean": reading.read_boolean,
    "date": reading.read_date,
    "datetime": reading.read_datetime,
    "duration": reading.read_duration,
    "geojson": reading.read_json,
    "geopoint": reading.read_json,
    "integer": reading.read_integer,
    "list": reading.read_list,
    "number": reading.read_number,
    "object": reading.read_json,
    "string": reading.read_string,
    "time": reading.read_time,
    "year": reading.read_year,
    "yearmonth": reading.read_yearmonth,
}


PROPERTIES: dict[str, Callable[[Json], bool]] = {
    "type": is_text,
    "format": lambda value: is_text(value) and len(value) <= LONGEST_FORMAT,
    "groupChar": is_text,
    "decimalChar": lambda value: is_text(value) and value != "",
    "bareNumber": lambda value: isinstance(value, bool),
    "trueValues": texts_only,
    "falseValues": texts_only,
    "delimiter": lambda value: is_text(value) and value != "",
    "itemType": lambda value: isinstance(value, str) and value in lexical.ITEMS,
}

FORMATS = {
    "string": {"default", *lexical.STRINGS},
    "geopoint": {"default", "array", "object"},
    "geojson": {"default", "topojson"},
    **{kind: {"default"} for kind in ("number", "integer", "boolean", "object", "array", "list", "duration")},
    **{kind: {"default"} for kind in ("year", "yearmonth")},
}


def field_checks(column: Column) -> tuple[list[Check], list[NotCheckedError]]:
    """The checks that a field's type, categories and constraints ask for, and why others of them are left out."""
    name = column.field["name"]
    message = "The cell is not of the field's type."
    checks = [Check("type-error", name, message, column.expected, column.faulty, constraint="type")]
    reasons: list[NotCheckedError] = []
    if column.field.get("categories") is not None:
        attempt(column, "categories", column.field["categories"], categories, (checks, reasons))
    constraints = column.field.get("constraints", {})
    if not isinstance(constraints, dict):
        return checks, [*reasons, NotCheckedError("its constraints are no JSON object")]
    for constraint, value in constraints.items():
        if constraint in CONSTRAINTS:
            attempt(column, constraint, value, CONSTRAINTS[constraint], (checks, reasons))
        elif constraint != "unique":
            reasons.append(NotCheckedError(f"the constraint {constraint} is unknown"))
    checks[1:] = sorted(checks[1:], key=lambda check: check.constraint != "required")
    return checks, reasons


Made = Callable[[Column, str, Json], Check | None]
Outcome = tuple[list[Check], list[NotCheckedError]]


def attempt(column: Column, constraint: str, value: Json, make: Made, into: Outcome) -> None:
    """Add the check of a constraint, or the reason why there is none."""
    checks, reasons = into
    try:
        check = make(column, constraint, value)
    except NotCheckedError as reason:
        reason.constraint = constraint
        reasons.append(reason)
    else:
        checks.extend([replace(check, constraint=constraint)] if check else [])


def required(column: Column, _: str, value: Json) -> Check | None:
    """Where the field must have a value, that it has."""
    if not isinstance(value, bool):
        raise NotCheckedError("neither true nor false")
    return broken(column, "A required cell is empty.", "a value", sure(~present(column))) if value else None


def present(column: Column) -> pl.Expr:
    """Whether a cell has a value, null where it is unknown."""
    return column.text.is_not_null() if column.present is None else column.present


def broken(column: Column, message: str, expected: str, faulty: pl.Expr, codes: tuple[str, ...] = ()) -> Check:
    """A check of a constraint."""
    return Check("constraint-error", column.field["name"], message, expected, faulty, codes)


def sound(column: Column, faulty: pl.Expr) -> pl.Expr:
    """Where a cell is at fault among those that have a value of the type.

    What differs between constraints stands first: polars would compute all that two checks begin with twice.
    """
    return sure(faulty & present(column) if column.valid is None else faulty & column.valid & present(column))


def kind_of(column: Column) -> str:
    """The type of a field."""
    kind = column.field.get("type", "any")
    return kind if isinstance(kind, str) else "any"


def written(column: Column, value: Json) -> str:
    """A value of the descriptor as the text of a cell."""
    if value is None or (isinstance(value, bool) and kind_of(column) != "boolean"):
        refuse([json.dumps(value)], column.expected)
    return as_text(value, column.field, "")


def probed(column: Column, values: list[Json]) -> tuple[list[str], Column, pl.DataFrame]:
    """Values of the descriptor as texts, and a frame of them to be read as cells are, no text missing."""
    texts = [written(column, value) for value in values]
    name = column.field["name"]
    probe = read_field(column.field, [])
    frame = pl.DataFrame({name: texts}, schema={name: pl.String})
    refuse(frame.filter(probe.faulty)[name].to_list(), column.expected)
    return texts, probe, frame


def refuse(wrong: list[str], expected: str) -> None:
    """ValueOfConstraintError where there is a text that is not of the field's type."""
    if wrong:
        raise ValueOfConstraintError(wrong[0], expected)


def plain_texts(column: Column, values: list[Json]) -> list[str] | None:
    """Values of the descriptor as texts where these alone are compared with cells, None where they must be read.

    Asking polars of each value of a descriptor would take as long as reading a small table.
    """
    form = column.field.get("format", "default")
    pattern = PLAIN.get((kind_of(column), form)) if isinstance(form, str) else None
    if pattern is None or any(name in column.field for name in SPECIAL):
        return None
    texts = [written(column, value) for value in values]
    refuse([one for one in texts if not re.fullmatch(pattern, one)], column.expected)
    return texts


def member(column: Column, values: list[Json]) -> tuple[pl.Expr, tuple[str, ...]]:
    """Where a cell is none of the values, and the values as texts."""
    plain = plain_texts(column, values) if column.valid is None and kind_of(column) == "string" else None
    if plain is not None:
        return sound(column, ~sure(among(named(column.field["name"]), list(dict.fromkeys(plain))))), tuple(plain)
    texts, probe, frame = probed(column, values)
    same = frame.select(same=probe.key if probe.same is None else probe.same)["same"]
    expression = column.key if column.same is None else column.same
    if same.null_count():
        same, expression = frame.select(same=probe.key)["same"], column.key
    if same.dtype == pl.String:
        found = among(expression, list(dict.fromkeys(same.drop_nulls())))
    else:
        found = expression.is_in(same.drop_nulls().unique().implode())
    return sound(column, ~sure(found)), tuple(texts)


def enum(column: Column, _: str, value: Json) -> Check:
    """That a cell is one of the values listed."""
    if not isinstance(value, list) or not value:
        raise NotCheckedError("not a list of values")
    faulty, texts = member(column, [one for one in value if one is not None])
    return broken(column, "The cell is not one of the values allowed.", f"one of {', '.join(texts)}", faulty, texts)


def codes_of(field: dict[str, Json]) -> list[Json]:
    """The codes of a field, each once; none where its categories are no list of them."""
    given = field.get("categories")
    listed = [one.get("value") if isinstance(one, dict) else one for one in given] if isinstance(given, list) else []
    return list({json.dumps(one): one for one in listed}.values())


def categories(column: Column, _: str, __: Json) -> Check:
    """That a cell is one of the field's codes."""
    if kind_of(column) not in {"string", "integer"}:
        raise NotCheckedError("only for strings and integers")
    codes = codes_of(column.field)
    if not codes:
        raise NotCheckedError("not a list of codes")
    faulty, texts = member(column, codes)
    expected, name = f"one of {', '.join(texts)}", column.field["name"]
    return Check("unknown-code", name, "The cell is not a code of the field.", expected, faulty, texts)


def pattern(column: Column, _: str, value: Json) -> Check:
    """That a cell matches an expression of XML Schema as a whole."""
    if kind_of(column) != "string":
        raise NotCheckedError("only for strings")
    if not isinstance(value, str):
        raise NotCheckedError("not a text")
    matches = named(column.field["name"]).str.contains(compiled(value))
    return broken(column, "The cell does not match the pattern.", value, sound(column, ~matches))


def compiled(value: str) -> str:
    """A pattern for Rust's engine, which runs in linear time and has a limit to what it compiles."""
    try:
        return runnable(value, rf"\A(?:{lexical.translate(value)})\z")
    except ValueError as error:
        raise PatternError(value, str(error)) from None


def length(column: Column, constraint: str, value: Json) -> Check:
    """That a cell has as many characters, items or keys."""
    unit = LENGTHS.get(kind_of(column))
    if unit is None or column.size is None:
        raise NotCheckedError(f"not for the type {kind_of(column)}")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise NotCheckedError("not a number of characters or items")
    if constraint == "minLength":
        return broken(column, "The cell is too short.", f"{value} {unit} at least", sound(column, column.size < value))
    check = broken(column, "The cell is too long.", f"{value} {unit} at most", sound(column, column.size > value))
    if kind_of(column) != "string":
        return check
    text = named(column.field["name"])  # has as many bytes as characters, or more: where it has few, none are counted
    long = pl.when(text.str.len_bytes() > value).then(text)
    return replace(check, screen=sure(long.str.len_chars() > value))


def bound(column: Column, constraint: str, value: Json) -> Check:
    """That a cell keeps to a bound."""
    if kind_of(column) not in ORDERED or column.order is None:
        raise NotCheckedError(f"not for the type {kind_of(column)}")
    text, limit = bound_of(column, value)
    small, excluded = constraint.lower().endswith("minimum"), constraint.startswith("exclusive")
    beyond = column.order.breaks(limit, small, excluded)
    faulty = sure(beyond & present(column)) if column.order.safe else sound(column, beyond)
    words = {"minimum": "{} at least", "maximum": "{} at most", "exclusiveMinimum": "more than {}"}
    expected = words.get(constraint, "less than {}").format(text)
    check = broken(column, f"The value is too {'small' if small else 'great'}.", expected, faulty)
    return replace(check, limit=Limit(limit, small, excluded))


def bound_of(column: Column, value: Json) -> tuple[str, Json]:
    """A bound as text, and as the order of its type reads it."""
    plain = plain_texts(column, [value])
    if plain:
        refuse([one for one in plain if one.lower() == "nan"], column.expected)
        return plain[0], plain[0]
    (text,), probe, frame = probed(column, [value])
    limit = None if probe.order is None else frame.select(limit=probe.order.plain)["limit"][0]
    if limit is None or (isinstance(limit, str) and limit.lower() == "nan"):
        raise ValueOfConstraintError(text, column.expected)
    return text, limit


def json_schema(column: Column, _: str, value: Json) -> Check:
    """That a cell of JSON keeps to a JSON Schema."""
    if kind_of(column) not in {"array", "object"}:
        raise NotCheckedError("only for arrays and objects")
    if not isinstance(value, dict):
        raise NotCheckedError("not a JSON object")
    judge = judge_of(value)
    faulty = ~by_distinct(named(column.field["name"]), lambda text: judge(text, lexical.read_json), pl.Boolean)
    message, expected = "The cell does not keep to the JSON Schema.", "valid JSON by the field's schema"
    return replace(broken(column, message, expected, sound(column, faulty)), judge=judge)


CONSTRAINTS: dict[str, Made] = {
    "required": required,
    "enum": enum,
    "pattern": pattern,
    "minLength": length,
    "maxLength": length,
    "minimum": bound,
    "maximum": bound,
    "exclusiveMinimum": bound,
    "exclusiveMaximum": bound,
    "jsonSchema": json_schema,
}
