"""A field of a Table Schema -> how its cells are read, as polars expressions that run together in one pass.

Lexical rules are the specification's, not Python's or polars': `1_000`, Arabic digits and `2024-2-1` are faults.
What costs time in an expression, a match or a cast, stands outside `when`, since polars shares no `when` between
expressions. Where checks are selected first and aggregated in a second `select`, each match and cast then runs once
for all checks of a field; aggregated at once, it runs for each check.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from hashlib import blake2b
from operator import and_, or_

import polars as pl
import polars.selectors as cs

from qantar import lexical
from qantar.package import Json

FEW = 8
"""Up to as many texts, comparing with each is faster than looking them up in a set: 2 ns a text against 21."""

SHORT = 15
"""Decimals of up to 15 digits are equal if they are so as float64 (IEEE 754)."""

PLAIN = 30
"""Longest number made canonical without Python: less than `lexical.PLAIN`, for a digit may be added."""

TRUE = ["true", "True", "TRUE", "1"]
FALSE = ["false", "False", "FALSE", "0"]

Kind = pl.DataType | type[pl.DataType]


@dataclass(frozen=True)
class Order:
    """How values are ordered: what is read of a bound; where a cell is below it, or above, or equal (the two flags).

    The condition may be anything where a cell is missing and, unless `safe`, where it is not of the type. `undecided`
    is where the type leaves open which of a cell and a bound comes first, None where it never does.
    """

    plain: pl.Expr
    breaks: Callable[[Json, bool, bool], pl.Expr]
    safe: bool = False
    undecided: Callable[[Json], pl.Expr] | None = None


@dataclass(frozen=True)
class Column:
    """How a field is read, as expressions over the frame of texts; a null there is an unknown cell and no fault.

    `present` is false where a value is missing, null where it is unknown. `same` is a cheaper `key` for comparing
    with constants; it may be anything where a cell is faulty or missing, as may `valid`, None if all is valid, where
    it is missing. `size` counts characters, items or keys.
    """

    field: dict[str, Json]
    text: pl.Expr
    value: pl.Expr
    key: pl.Expr
    faulty: pl.Expr
    expected: str
    unchecked: tuple[str, ...] = ()
    present: pl.Expr | None = None
    valid: pl.Expr | None = None
    same: pl.Expr | None = None
    order: Order | None = None
    size: pl.Expr | None = None


@dataclass(frozen=True)
class Cell:
    """The texts of a field, and which of them mean that the value is missing."""

    field: dict[str, Json]
    missing: list[str]

    @property
    def base(self) -> pl.Expr:
        """The text, or the marker of a missing value."""
        return named(self.field["name"])

    @property
    def present(self) -> pl.Expr:
        """False where the value is missing, null where it is unknown."""
        if len(self.missing) > FEW:
            return ~self.base.is_in(self.missing)
        if not self.missing:
            return self.base.is_not_null() | pl.lit(None, dtype=pl.Boolean)
        return reduce(and_, (self.base != one for one in self.missing))

    @property
    def text(self) -> pl.Expr:
        """The text, null where the value is missing."""
        return pl.when(self.present).then(self.base) if self.missing else self.base

    def matches(self, pattern: str) -> pl.Expr:
        """Whether the whole text matches."""
        return self.base.str.contains(rf"\A(?:{pattern})\z")

    def column(self, expected: str, valid: pl.Expr | None, value: pl.Expr, key: pl.Expr | None = None) -> Column:
        """A column; `value` and `key` may be anything where a cell is missing or not valid, None says that all are."""
        key = value if key is None else key
        sound = self.present if valid is None else self.present & valid
        faulty = pl.lit(value=False) if valid is None else sure(self.present & ~valid)
        value, only = (pl.when(sound).then(one) for one in (value, key))
        return Column(self.field, self.text, value, only, faulty, expected, (), self.present, valid, key)


def named(name: str) -> pl.Expr:
    """The column of a name; `pl.col` would take `*` and `^…$` for patterns."""
    return cs.by_name(name).as_expr() if name == "*" or name[:1] == "^" else pl.col(name)


def sure(condition: pl.Expr) -> pl.Expr:
    """A condition that is false where it would be null."""
    return condition.fill_null(value=False)


def among(text: pl.Expr, texts: list[str]) -> pl.Expr:
    """Whether a text is one of some."""
    if len(texts) > FEW:
        return text.is_in(texts)
    return reduce(or_, (text == one for one in texts)) if texts else text.is_null() & text.is_not_null()


def by_distinct(text: pl.Expr, read: Callable[[str], Json], kind: Kind) -> pl.Expr:
    """What a Python function makes of each text, called once for each distinct text of a batch."""

    def run(texts: pl.Series) -> pl.Series:
        if texts.null_count() == len(texts):
            return pl.repeat(None, len(texts), dtype=kind, eager=True)
        distinct = texts.drop_nulls().unique()
        made = pl.Series([read(one) for one in distinct], dtype=kind)
        return texts.replace_strict(distinct, made, default=None, return_dtype=kind)

    return text.map_batches(run, return_dtype=kind, is_elementwise=True)


def read_string(cell: Cell) -> Column:
    """A string, of any form or of an address's."""
    pattern, expected = lexical.STRINGS.get(cell.field["format"], (None, "text"))
    column = cell.column(expected, cell.matches(pattern) if pattern else None, cell.base)
    return replace(column, size=cell.base.str.len_chars())


def read_any(cell: Cell) -> Column:
    """A value that is not looked into."""
    return cell.column("text", None, cell.base)


def read_boolean(cell: Cell) -> Column:
    """A boolean in the field's own words."""
    true, false = cell.field.get("trueValues", TRUE), cell.field.get("falseValues", FALSE)
    yes, no = among(cell.base, true), among(cell.base, false)
    column = cell.column(f"one of {', '.join([*true, *false])}", yes | no, yes)
    both = sorted({*true} & {*false})
    return replace(column, unchecked=(f"{', '.join(both)} means both true and false",)) if both else column


def plain_number(cell: Cell) -> tuple[pl.Expr, pl.Expr | None]:
    """The text of a number without the field's own characters, and whether it is one; None if that is still open."""
    group, point = cell.field.get("groupChar"), cell.field.get("decimalChar", ".")
    bare = cell.field.get("bareNumber", True)
    if not group and bare and (point == "." or cell.field["type"] == "integer"):
        return cell.base, None
    pattern = lexical.number_pattern(cell.field)
    text = cell.base
    if not bare:
        groups = (1, 2) if cell.field["type"] == "number" else (1,)
        text = pl.coalesce(text.str.extract(rf"\A(?:{pattern})\z", group) for group in groups)
    text = text.str.replace_all(group, "", literal=True) if group else text
    return text.str.replace(point, ".", literal=True), cell.matches(pattern)


def read_integer(cell: Cell) -> Column:
    """An integer of any size; beyond 64 bits its value is null and its key a hash."""
    text, valid = plain_number(cell)
    value = text.cast(pl.Int64, strict=False)
    odd = pl.when(value.is_null()).then(text)
    faulty = sure(cell.present & ~(odd.str.contains(rf"\A{lexical.INTEGER}\z") if valid is None else valid))
    column = cell.column("a whole number", ~faulty, value)
    # What is cast to an integer is one; only where a marker of missing values is, or digits are grouped, it must go.
    value = value if valid is None and {*cell.missing} <= {""} else column.value
    key = value.fill_null(
        by_distinct(only(pl.when(cell.present & value.is_null()).then(text), lexical.INTEGER), long_key, pl.Int64)
    )
    return replace(column, faulty=faulty, value=value, key=key, order=Order(text, whole_breaks(text), valid is None))


def only(text: pl.Expr, pattern: str) -> pl.Expr:
    """The texts that match: Python shall not be slowed down by a column of faults."""
    return pl.when(text.str.contains(rf"\A{pattern}\z")).then(text)


def long_key(text: str) -> int:
    """A key of 64 bits for an integer that has more: two of them, or one and a short one, agree once in 2^64."""
    value = lexical.canonical(text)
    return int.from_bytes(blake2b(str(value).encode(), digest_size=8).digest(), "little", signed=True)


def whole_breaks(text: pl.Expr) -> Callable[[str, bool, bool], pl.Expr]:
    """The bounds of integers: those beyond 64 bits are compared by Python."""
    value = text.cast(pl.Int64, strict=False)
    odd = only(pl.when(value.is_null()).then(text), lexical.INTEGER)

    def breaks(bound: str, below: bool, equal: bool) -> pl.Expr:  # noqa: FBT001 -- the interface of Order
        wanted, bound = asked(below, equal), ("-" if bound[0] == "-" else "") + (bound.lstrip("+-0") or "0")
        long = by_distinct(odd, lambda one: lexical.compare(one, bound) in wanted, pl.Boolean)
        if not is_short(bound):
            return sure(value.is_not_null() & pl.lit(below != bound.startswith("-"))) | sure(long)
        return beyond(value, pl.lit(int(bound), dtype=pl.Int64), below, equal) | sure(long)

    return breaks


def is_short(text: Json) -> bool:
    """Whether the text of an integer is one of 64 bits."""
    digits = text.lstrip("+-") if isinstance(text, str) else ""
    return digits.isdecimal() and len(digits) < 20 and -(2**63) <= int(text) < 2**63  # noqa: PLR2004 -- 2^63 has 19


def asked(below: bool, equal: bool) -> set[int]:  # noqa: FBT001 -- as Order has it
    """The outcomes of a comparison with a bound that break it; 2 is NaN's."""
    return {-1 if below else 1, 2} | ({0} if equal else set())


def beyond(value: pl.Expr, limit: pl.Expr, below: bool, equal: bool) -> pl.Expr:  # noqa: FBT001 -- as Order has it
    """Whether a value is below or above a limit, or equal to it where that counts."""
    if below:
        return sure(value <= limit if equal else value < limit)
    return sure(value >= limit if equal else value > limit)


def read_number(cell: Cell) -> Column:
    """A number; float64 is its value, its key is exact."""
    text, valid = plain_number(cell)
    value = text.cast(pl.Float64, strict=False)
    odd = pl.when(~sure(value.is_finite())).then(text)
    faulty = sure(cell.present & ~(odd.str.contains(rf"\A{lexical.NUMBER}\z") if valid is None else valid))
    column = cell.column("a number", ~faulty, value, text.map_batches(canonical, pl.String, is_elementwise=True))
    return replace(column, faulty=faulty, order=Order(text, number_breaks(text), valid is None))


def canonical(texts: pl.Series) -> pl.Series:
    """The one text of each decimal, any for what is none; up to 30 characters without an exponent need no Python."""
    good = r"\A(?:-?(?:[1-9][0-9]*(?:\.[0-9]*[1-9])?|0\.[0-9]*[1-9])|0)\z"
    odd = texts.filter(~(texts.str.contains(good) & (texts.str.len_bytes() <= PLAIN))).unique()
    if odd.is_empty():
        return texts
    simple = odd.str.contains(r"\A[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\z") & (odd.str.len_bytes() <= PLAIN)
    body = odd.filter(simple).str.strip_chars_start("+-0")
    frame = pl.DataFrame({"text": odd.filter(simple), "body": body}).with_columns(
        body=pl.when(body.str.contains(".", literal=True))
        .then(pl.col("body").str.strip_chars_end("0").str.strip_chars_end("."))
        .otherwise("body")
    )
    zero = pl.when((pl.col("body") == "") | pl.col("body").str.starts_with(".")).then(pl.lit("0")).otherwise(pl.lit(""))
    minus = pl.col("text").str.starts_with("-") & (pl.col("body") != "")
    made = frame.select(pl.when(minus).then(pl.lit("-")).otherwise(pl.lit("")) + zero + pl.col("body")).to_series()
    rest = odd.filter(~simple & odd.str.contains(rf"\A{lexical.NUMBER}\z"))
    read = pl.Series([lexical.canonical(one) for one in rest], dtype=pl.String)
    known = pl.concat([odd.filter(simple), rest]), pl.concat([made.alias(""), read])
    return texts.replace_strict(*known, default=texts, return_dtype=pl.String)


def number_breaks(text: pl.Expr) -> Callable[[str, bool, bool], pl.Expr]:
    """The bounds of numbers: by float64, and by their decimals where that is not exact."""
    value = text.cast(pl.Float64, strict=False)

    def breaks(bound: str, below: bool, equal: bool) -> pl.Expr:  # noqa: FBT001 -- the interface of Order
        limit = float(bound)
        close = value == limit
        close = close & (text.str.len_bytes() > SHORT) if exact(bound) else close
        wanted = asked(below, equal)
        special = pl.when(~sure(value.is_finite())).then(text).str.contains(rf"\A{lexical.NUMBER}\z")
        odd = pl.when(sure(special) | close).then(text)
        decided = by_distinct(odd, lambda one: number_side(one, bound) in wanted, pl.Boolean)
        inside = value > -math.inf if below else value < math.inf
        short = beyond(value, pl.lit(limit), below, equal and exact(bound)) & sure(inside)
        return (
            decided.fill_null(short)
            if math.isfinite(limit)
            else sure(decided) | sure(value.is_finite()) & (below == (limit > 0))
        )

    return breaks


def exact(bound: str) -> bool:
    """Whether a short decimal that is equal to the bound as float64 is equal to it."""
    digits = (lexical.scientific(bound) or (0, "", 0))[1]
    return 0 < len(digits) <= SHORT and 1e-300 < abs(float(bound)) < 1e300  # noqa: PLR2004 -- no loss near the ends


def number_side(text: str, bound: str) -> int | None:
    """-1, 0 or 1 as a number is below, equal to or above the bound; 2 for NaN, which breaks every bound."""
    return 2 if text.lower() == "nan" else lexical.compare(text, bound)


def ranked(rank: pl.Expr, kind: Kind) -> Order:
    """The order of values by an expression."""
    return Order(rank, lambda bound, below, equal: beyond(rank, pl.lit(bound, dtype=kind), below, equal))


def read_year(cell: Cell) -> Column:
    """A year of XML Schema's gYear; its zone is no part of its value."""
    short = cell.base.cast(pl.Int64, strict=False)
    zoned = pl.when(short.is_null()).then(cell.base).str.extract(r"\A(-?[0-9]+)").cast(pl.Int64, strict=False)
    year = short.fill_null(zoned)
    column = cell.column("a year, YYYY", cell.matches(lexical.YEAR), year)
    return replace(column, order=ranked(year, pl.Int64))


def read_yearmonth(cell: Cell) -> Column:
    """A month of XML Schema's gYearMonth, counted from year 0."""
    whole = cell.base.str.slice(4, 1) == "-"
    rest = pl.when(~whole).then(cell.base)
    years, months = (rest.str.extract(r"\A(-?[0-9]+)-([0-9]{2})", part).cast(pl.Int64, strict=False) for part in (1, 2))
    year, month = (cell.base.str.slice(*part).cast(pl.Int64, strict=False) for part in ((0, 4), (5, 2)))
    value = pl.when(whole).then(year * 12 + month - 1).otherwise(years * 12 + months - 1)
    column = cell.column("a month, YYYY-MM", cell.matches(lexical.YEARMONTH), value)
    return replace(column, order=ranked(value, pl.Int64))


def read_date(cell: Cell) -> Column:
    """A date; one of the default form orders as its text does."""
    if cell.field["format"] != "default":
        return read_by_format(cell, pl.Date)
    value = cell.base.str.to_date("%Y-%m-%d", strict=False, cache=False)
    column = cell.column("a date, YYYY-MM-DD", cell.matches(lexical.DATE), value)
    return replace(column, same=cell.base, order=ranked(cell.base, pl.String))


ZEROS = int.from_bytes(b"00:00:00", "little")


def read_time(cell: Cell) -> Column:
    """A time; one of the default form has 8 bytes, which are read together as a number."""
    if cell.field["format"] != "default":
        return read_by_format(cell, pl.Time)
    digits = cell.base.cast(pl.Binary).bin.reinterpret(dtype=pl.UInt64) ^ pl.lit(ZEROS, dtype=pl.UInt64)
    # Each digit times ten and the next one: bytes 0, 3 and 6 then hold hours, minutes and seconds.
    pairs = digits * 10 + digits // 256
    hours, minutes, seconds = (pairs // 2**bits % 256 for bits in (0, 24, 48))
    second = (hours * 3600 + minutes * 60 + seconds).cast(pl.Int64) % 86_400
    column = cell.column("a time, hh:mm:ss", cell.matches(lexical.TIME), (second * 1_000_000_000).cast(pl.Time))
    return replace(column, same=second, order=ranked(second, pl.Int64))


def read_datetime(cell: Cell) -> Column:
    """A datetime; without a zone its value is that in UTC. Its key has the digits beyond the microsecond too."""
    if cell.field["format"] != "default":
        return read_by_format(cell, pl.Datetime("us"))
    micro = cell.base.map_batches(microseconds, pl.Int64, is_elementwise=True)
    fine = pl.when(cell.base.str.len_bytes() > 26).then(cell.base).str.extract(r"\.[0-9]{6}([0-9]{1,18})")  # noqa: PLR2004
    finer = fine.str.pad_end(18, "0").cast(pl.Int64).fill_null(0)
    key = micro.cast(pl.Int128) * 10**18 + finer
    zoned = cell.base.str.ends_with("Z") | cell.base.str.slice(-6, 1).is_in(["+", "-"])
    value = micro.cast(pl.Datetime("us"))
    own = key * 2 + zoned.cast(pl.Int8)  # whether one without a zone is equal to one with a zone is open
    column = cell.column("a datetime, YYYY-MM-DDThh:mm:ssZ", cell.matches(lexical.DATETIME), value, own)
    return replace(column, order=zoned_order(key, zoned))


ZONES = 14 * 3600 * 10**24
"""The farthest that a zone is from UTC, in the unit of a datetime's key."""


def zoned_order(key: pl.Expr, zoned: pl.Expr) -> Order:
    """The order of datetimes: one without a zone is before or after one with a zone if it is so in all zones."""

    def breaks(bound: Json, below: bool, equal: bool) -> pl.Expr:  # noqa: FBT001 -- the interface of Order
        limit, like = pl.lit(bound["key"], dtype=pl.Int128), zoned == pl.lit(bound["zoned"])
        apart = pl.lit(bound["key"] + (-ZONES if below else ZONES), dtype=pl.Int128)
        return (like & beyond(key, limit, below, equal)) | (~like & beyond(key, apart, below, equal=False))

    def undecided(bound: Json) -> pl.Expr:
        first, last = (pl.lit(bound["key"] + far, dtype=pl.Int128) for far in (-ZONES, ZONES))
        return (zoned != pl.lit(bound["zoned"])) & (key >= first) & (key <= last)

    return Order(pl.when(key.is_not_null()).then(pl.struct(key=key, zoned=zoned)), breaks, undecided=undecided)


def microseconds(texts: pl.Series) -> pl.Series:
    """Microseconds from 1970 to default datetimes, step by step on what is left: few have a fraction or an offset."""
    text = pl.col("text")
    made = pl.DataFrame({"text": texts}).with_columns(plain=clock(text, "Z"))
    made = made.with_columns(pl.col("plain").fill_null(clock(pl.when(pl.col("plain").is_null()).then(text), "")))
    left = made.filter(pl.col("plain").is_null() & text.is_not_null()).select("text").unique()
    if left.is_empty():
        return made["plain"]
    part = text.str.extract(r"\.([0-9]{1,6})").str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    hours, minutes = (text.str.extract(r"[+-](..):(..)\z", one).cast(pl.Int64, strict=False) for one in (1, 2))
    sign = pl.when(text.str.contains(r"-..:..\z")).then(-1).otherwise(1)
    zoned = clock(text.str.slice(0, 19), "") + part - sign * (hours * 60 + minutes).fill_null(0) * 60_000_000
    left = left.with_columns(found=pl.when(text.str.slice(4, 1) == "-").then(zoned))
    last = by_distinct(pl.when(pl.col("found").is_null()).then(text), lexical.instant, pl.Int64)
    left = left.with_columns(pl.col("found").fill_null(last))
    return made["plain"].fill_null(texts.replace_strict(left["text"], left["found"], default=None))


def clock(text: pl.Expr, end: str) -> pl.Expr:
    """Microseconds from 1970 to a datetime that ends with the seconds and a text."""
    form = f"%Y-%m-%dT%H:%M:%S{end}"
    return text.str.to_datetime(form, time_unit="us", strict=False, cache=False).cast(pl.Int64)


def read_by_format(cell: Cell, kind: Kind) -> Column:
    """A date, time or datetime by a pattern of strptime, or by `any`."""
    form, what = cell.field["format"], cell.field["type"]
    parts = [] if form == "any" else lexical.directives(form)
    if parts is None:
        return unread(cell, f"the format {form} is no pattern of strptime")
    if form == "any" and importlib.util.find_spec("dateutil") is None:
        return unread(cell, "the format any needs the package python-dateutil")
    read = narrowed(lexical.any_date if form == "any" else lexical.strptime(form), kind)
    value = valid = None
    if parts and (pattern := lexical.strptime_pattern(parts)) and quickly_read(parts, kind):
        match, quick = cell.matches(pattern), parsed(cell.base, parts, kind)
        value = quick.fill_null(by_distinct(pl.when(match & quick.is_null()).then(cell.base), read, kind))
        valid = match & value.is_not_null()
    if value is None or valid is None:
        value = by_distinct(cell.base, read, kind)
        valid = value.is_not_null()
    column = cell.column(f"a {what} of any form" if form == "any" else f"a {what} of the form {form}", valid, value)
    return replace(column, order=ranked(value, kind))


def unread(cell: Cell, reason: str) -> Column:
    """A column whose type cannot be checked."""
    return replace(read_any(cell), unchecked=(reason,))


def narrowed(read: Callable[[str], datetime | None], kind: Kind) -> Callable[[str], Json]:
    """A reader of datetimes, cut to what a type holds."""

    def cut(text: str) -> Json:
        found = read(text)
        if found is None or kind == pl.Datetime("us"):
            return found
        return found.date() if kind == pl.Date else found.time()

    return cut


def quickly_read(parts: list[str], kind: Kind) -> bool:
    """Whether polars takes a pattern: it refuses hours without minutes."""
    try:
        pl.select(parsed(pl.lit("0"), parts, kind))
    except pl.exceptions.PolarsError:
        return False
    return True


def parsed(text: pl.Expr, parts: list[str], kind: Kind) -> pl.Expr:
    """What polars makes of a text by a pattern of numeric directives; null for some that Python reads."""
    form = "".join(parts)
    if kind == pl.Date and not {"%H", "%M", "%S", "%z"} & {*parts}:
        return text.str.to_date(form, strict=False, cache=False)
    if kind == pl.Time and "%z" not in parts:
        return text.str.to_time(form, strict=False, cache=False)
    if "%z" in parts:  # polars does not take `Z` for a zone
        zulu = "".join("Z" if part == "%z" else part for part in parts)
        value = text.str.to_datetime(zulu, time_unit="us", strict=False, cache=False)
        rest = pl.when(value.is_null()).then(text)
        zoned = rest.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False, cache=False)
        value = value.fill_null(zoned.dt.replace_time_zone(None))
    else:
        value = text.str.to_datetime(form, time_unit="us", strict=False, cache=False)
    return value if kind == pl.Datetime("us") else value.dt.date() if kind == pl.Date else value.dt.time()


def read_duration(cell: Cell) -> Column:
    """A duration, equal to another where both have as many months and as many seconds."""

    def breaks(bound: str, below: bool, equal: bool) -> pl.Expr:  # noqa: FBT001 -- the interface of Order
        wanted = asked(below, equal)
        return by_distinct(cell.base, lambda text: lexical.compare_durations(text, bound) in wanted, pl.Boolean)

    def undecided(bound: str) -> pl.Expr:
        return by_distinct(cell.base, lambda text: lexical.compare_durations(text, bound) is None, pl.Boolean)

    key = by_distinct(cell.base, lexical.duration_key, pl.String)
    column = cell.column("a duration, PnYnMnDTnHnMnS", cell.matches(lexical.DURATION), cell.base, key)
    return replace(column, order=Order(cell.base, breaks, undecided=undecided))


def read_by_key(cell: Cell, expected: str, key: Callable[[str], str | None]) -> Column:
    """A column that Python reads, each distinct text once."""
    keys = by_distinct(cell.base, key, pl.String)
    return cell.column(expected, keys.is_not_null(), cell.base, keys)


JSONS: dict[tuple[str, str], tuple[str, Callable[[Json], bool]]] = {
    ("object", "default"): ("a JSON object", lambda value: isinstance(value, dict)),
    ("array", "default"): ("a JSON array", lambda value: isinstance(value, list)),
    ("geojson", "default"): ("a GeoJSON object", lexical.geojson),
    ("geojson", "topojson"): ("a TopoJSON object", lexical.topojson),
    ("geopoint", "array"): ("a geopoint, [lon, lat]", lexical.geopoint_array),
    ("geopoint", "object"): ('a geopoint, {"lon": …, "lat": …}', lexical.geopoint_object),
}


def read_json(cell: Cell) -> Column:
    """JSON of a kind, or a longitude and a latitude."""
    kind = cell.field["type"], cell.field["format"]
    if kind not in JSONS:
        return read_by_key(cell, "a geopoint, lon, lat in degrees", lexical.geopoint_key)
    expected, fits = JSONS[kind]
    column = read_by_key(cell, expected, lexical.json_key(fits))
    return replace(column, size=by_distinct(cell.base, lexical.json_size, pl.Int64))


def read_list(cell: Cell) -> Column:
    """Items of one type between delimiters."""
    delimiter, kind = cell.field.get("delimiter", ","), cell.field.get("itemType", "string")
    column = read_by_key(cell, f"{kind} items between {delimiter}", lexical.list_key(delimiter, kind))
    return replace(column, size=cell.base.str.count_matches(delimiter, literal=True).cast(pl.Int64) + 1)
