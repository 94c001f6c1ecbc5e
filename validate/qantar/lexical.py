r"""The lexical rules of Table Schema's types, as expressions that Python and Rust read alike; readers of rare types.

Every expression is to be matched whole. `[0-9]` and never `\d`, which takes Arabic digits too.
"""

from __future__ import annotations

import importlib
import json
import re
import warnings
from collections.abc import Callable
from datetime import date, datetime, timezone
from fractions import Fraction
from itertools import pairwise

from qantar.package import Json

INTEGER = r"[+-]?[0-9]+"
DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
SPECIAL = r"[nN][aA][nN]|-?[iI][nN][fF]"
NUMBER = rf"(?:{DECIMAL}|{SPECIAL})"

# The calendar stands in the expression, so that one pass over the cells settles that a date exists.
_DAY = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_DAY += r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
_BY_4 = r"(?:0[48]|[2468][048]|[13579][26])"
_BELOW_1000 = r"0(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])"
YEARS = rf"-?(?:[1-9][0-9]{{3,}}|{_BELOW_1000})"
_LEAP = rf"(?:(?:[1-9][0-9]+|0[0-9]){_BY_4}|(?:[1-9][0-9]*(?:00|{_BY_4})|{_BY_4})00)"
DATE = rf"(?:(?:[1-9][0-9]{{3}}|{_BELOW_1000})-{_DAY}|(?:[0-9]{{2}}{_BY_4}|{_BY_4}00)-02-29)"
ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
YEAR = rf"{YEARS}{ZONE}?"
YEARMONTH = rf"{YEARS}-(?:0[1-9]|1[0-2]){ZONE}?"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
TIME = rf"(?:{_CLOCK}|24:00:00)"
DATETIME = rf"(?:{YEARS}-{_DAY}|-?(?:{_LEAP})-02-29)T(?:{_CLOCK}(?:\.[0-9]+)?|24:00:00(?:\.0+)?){ZONE}?"

_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_TIMES = rf"T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS})"
_DAYS = r"(?:[0-9]+Y(?:[0-9]+M)?(?:[0-9]+D)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
DURATION = rf"-?P(?:{_DAYS}(?:{_TIMES})?|{_TIMES})"

_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7F])+"
_LETTER = r"(?:[A-Za-z0-9]|[^\x00-\x7F])"
_LABEL = rf"{_LETTER}(?:(?:[A-Za-z0-9-]|[^\x00-\x7F]){{0,61}}{_LETTER})?"
_QUOTED = r'"(?:[^"\\\x00-\x1f]|\\[ -~])+"'
_URI = r"(?:[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
STRINGS = {
    "email": (rf"(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@{_LABEL}(?:\.{_LABEL})*", "an email address"),
    "uri": (rf"[A-Za-z][A-Za-z0-9+.-]*:{_URI}(?:#{_URI})?", "a URI with its scheme, as https://example.org/a"),
    "uuid": (r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a UUID, 8-4-4-4-12 hexadecimal digits"),
    "binary": (r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "Base64"),
}

PLAIN = 40
"""Most characters of a canonical number written without an exponent: `1e999999999` must not expand."""

NESTED = 100
"""Deepest nesting read in a cell of JSON; RFC 8259 lets a reader set limits."""

LONGEST = 10_000_000
"""Most characters read in a cell of JSON."""

_FAILURES = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""What parsers of dates, schemas and JSON raise on hostile text."""


def number_pattern(field: dict[str, Json]) -> str:
    """The expression of a number or integer with the field's own characters; of a bare one the groups are it."""
    group, point = field.get("groupChar") or "", re.escape(field.get("decimalChar") or ".")
    digits = rf"[0-9]+(?:{re.escape(group)}[0-9]+)*" if group else "[0-9]+"
    integer = field.get("type") == "integer"
    core = rf"[+-]?{digits}" if integer else rf"[+-]?(?:{digits}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    if not field.get("bareNumber", True):
        # The prefix is lazy, so that a leading decimal point belongs to the number; a sign is never stripped.
        core = rf"[^0-9+\-]*?({core})[^0-9]*"
        return core if integer else rf"{core}|({SPECIAL})"
    return core if integer else rf"{core}|{SPECIAL}"


def scientific(text: str) -> tuple[int, str, int] | None:
    """A decimal as its sign, its significant digits and the power of ten of the point before them; zero has none."""
    if not re.fullmatch(DECIMAL, text):
        return None
    mantissa, _, power = text.lower().partition("e")
    whole, _, part = mantissa.lstrip("+-").partition(".")
    digits = (whole + part).lstrip("0")
    # Powers of more than 18 digits are all one: Python refuses to read very long ones, and no data has any.
    exponent = max(-(10**18), min(10**18, int(power[:30]))) if power else 0
    size = exponent + len(whole) - (len(whole + part) - len(digits))
    sign = -1 if text.startswith("-") else 1
    return (sign, digits.rstrip("0"), size) if digits else (0, "", 0)


def canonical(text: str) -> str | None:
    """The one way to write a number's value; None where the text is no number."""
    if re.fullmatch(SPECIAL, text):
        return "NaN" if text.lower() == "nan" else text.upper()
    parts = scientific(text)
    if parts is None:
        return None
    sign, digits, size = parts
    minus = "-" if sign < 0 else ""
    if not sign:
        return "0"
    if (max(size, len(digits)) if size > 0 else len(digits) - size) > PLAIN:
        return f"{minus}0.{digits}e{size}"
    whole = digits[: max(size, 0)].ljust(size, "0") or "0"
    part = "0" * -size + digits[max(size, 0) :]
    return f"{minus}{whole}.{part}" if part else minus + whole


def compare(text: str, other: str) -> int | None:
    """-1, 0 or 1 as one number is below, equal to or above the other; None where the order is open."""
    first, second = ranked(text), ranked(other)
    return None if first is None or second is None else (first > second) - (first < second)


def ranked(text: str) -> tuple[int, int, str] | None:
    """What orders numbers exactly, whatever their length: sign, power of ten, digits; None where the text is none."""
    if re.fullmatch(SPECIAL, text):
        return None if text.lower() == "nan" else (-2 if text[0] == "-" else 2, 0, "")
    parts = scientific(text)
    if parts is None:
        return None
    sign, digits, size = parts
    if sign >= 0:
        return sign, size, digits
    # Among negative numbers more is less: the nines' complement turns the digits, and the last sign ends them.
    return sign, -size, digits.translate(str.maketrans("0123456789", "9876543210")) + ":"


def duration(text: str) -> tuple[int, Fraction] | None:
    """A duration as its months and its seconds; None where the text is no duration."""
    if not re.fullmatch(DURATION, text) or len(text) > PLAIN * 10:
        return None
    days, _, times = text.lstrip("-P").partition("T")
    amount = {f"D{unit}": Fraction(count) for count, unit in re.findall(r"([0-9]+)([YMD])", days)}
    amount |= {f"T{unit}": Fraction(count) for count, unit in re.findall(r"([0-9.]+)([HMS])", times)}
    months = int(amount.get("DY", 0) * 12 + amount.get("DM", 0))
    seconds = sum((amount.get(one, Fraction()) * size for one, size in _LASTING.items()), Fraction())
    return (-months, -seconds) if text.startswith("-") else (months, seconds)


_LASTING = {"DD": 86400, "TH": 3600, "TM": 60, "TS": 1}
_STARTS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""The instants from which XML Schema compares durations (3.2.6.2)."""


def duration_key(text: str) -> str | None:
    """The canonical text of a duration."""
    parts = duration(text)
    return parts and f"{parts[0]}M{parts[1]}S"


def compare_durations(text: str, other: str) -> int | None:
    """-1, 0 or 1 where both durations keep one order from all of XML Schema's four instants, else None."""
    first, second = duration(text), duration(other)
    if first is None or second is None:
        return None
    found = {(a > b) - (a < b) for a, b in ((lasting(first, at), lasting(second, at)) for at in _STARTS)}
    return found.pop() if len(found) == 1 else None


def lasting(parts: tuple[int, Fraction], start: tuple[int, int]) -> Fraction:
    """Seconds from day 0 to the end of a duration that starts on the first of a month."""
    month = start[0] * 12 + start[1] - 1 + parts[0]
    return days(month // 12, month % 12 + 1, 1) * 86400 + parts[1]


def days(year: int, month: int, day: int) -> int:
    """The number of a day in the Gregorian calendar, for any year; 1970-01-01 is 0."""
    eras, rest = divmod(year, 400)  # 400 years last 146,097 days
    return eras * 146_097 + date(rest + 400, month, day).toordinal() - 146_097 - 719_163


def instant(text: str) -> int | None:
    """Microseconds from 1970 to a default datetime, in UTC where it has a zone; None beyond 64 bits."""
    found = re.fullmatch(r"(-?[0-9]+)-(..)-(..)T(..):(..):(..)(?:\.([0-9]+))?(?:Z|([+-])(..):(..))?", text)
    if not found or not re.fullmatch(DATETIME, text) or len(found[1]) > 7:  # noqa: PLR2004 -- 292,000 years fit
        return None
    year, month, day, hour, minute, second = (int(one) for one in found.groups()[:6])
    offset = (int(found[9]) * 60 + int(found[10])) * (-1 if found[8] == "-" else 1) if found[8] else 0
    whole = days(year, month, day) * 86400 + hour * 3600 + (minute - offset) * 60 + second
    micro = whole * 1_000_000 + int((found[7] or "0")[:6].ljust(6, "0"))
    return micro if abs(micro) < 2**63 else None


DIRECTIVES = {
    "Y": rf"(?:[1-9][0-9]{{3}}|{_BELOW_1000})",
    "m": "(?:1[0-2]|0[1-9]|[1-9])",
    "d": "(?:3[01]|[12][0-9]|0[1-9]|[1-9]| [1-9])",
    "H": "(?:2[0-3]|[01][0-9]|[0-9])",
    "M": "(?:[0-5][0-9]|[0-9])",
    "S": "(?:[0-5][0-9]|[0-9])",
    "z": r"(?:[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?|(?-i:Z))",
}
"""What the numeric directives match, by Python's rules, but for %y, whose century is polars' own; Python's datetime has
no second 60."""

_NAMED = set("ybBaApfjIZUWwuGVcxX%")


def directives(pattern: str) -> list[str] | None:
    """The directives and the texts between them, in order; None where Python's strptime would refuse the pattern."""
    parts = re.findall(r"%.?|[^%]+", pattern, re.DOTALL)
    used = [part[1:] for part in parts if part[0] == "%" and part != "%%"]
    if not all(one and (one in DIRECTIVES or one in _NAMED) for one in used) or len(set(used)) < len(used):
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            datetime.strptime("", pattern)  # noqa: DTZ007 -- only tried
    except ValueError as error:
        return parts if "does not match" in str(error) or not pattern else None
    except _FAILURES + (re.error,):  # noqa: RUF005 -- a tuple of classes
        return None
    return parts


def strptime_pattern(parts: list[str]) -> str | None:
    """The expression of a pattern made of numeric directives with a text between any two; None for others."""
    if not all(part[0] != "%" or part[1:] in DIRECTIVES for part in parts):
        return None
    # Side by side, `%m%d` is read differently by Python and polars, and so with digits between; %z starts with a sign.
    if any(a[0] == b[0] == "%" and b != "%z" for a, b in pairwise(parts)) or any(
        re.search("[0-9]", part) for part in parts if part[0] != "%"
    ):
        return None
    made = [DIRECTIVES[part[1:]] if part[0] == "%" else literal(part) for part in parts]
    return "(?i:" + "".join(made) + ")"


def literal(text: str) -> str:
    """A text between directives as an expression: any white space stands for any other."""
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", text))


def strptime(pattern: str) -> Callable[[str], datetime | None]:
    """A reader of a text by a pattern, by Python's rules but without digits other than ASCII."""

    def read(text: str) -> datetime | None:
        if not text.isascii() and any(one.isdigit() and not one.isascii() for one in text):
            return None
        try:
            with warnings.catch_warnings(action="ignore"):  # Python 3.13 deprecates a day without a year
                found = datetime.strptime(text, pattern)  # noqa: DTZ007 -- the pattern may have a zone
            return found.astimezone(timezone.utc).replace(tzinfo=None) if found.tzinfo else found  # noqa: UP017
        except _FAILURES:
            return None

    return read


def any_date(text: str) -> datetime | None:
    """What dateutil makes of a text; the first day stands for missing parts, never today."""
    if len(text) > 100:  # noqa: PLR2004 -- no way to write a date is longer
        return None
    parser = importlib.import_module("dateutil.parser")
    try:
        with warnings.catch_warnings(action="ignore"):
            found: datetime = parser.parse(text, default=datetime(1900, 1, 1))  # noqa: DTZ001 -- the text may have one
        return found.astimezone(timezone.utc).replace(tzinfo=None) if found.tzinfo else found  # noqa: UP017
    except _FAILURES:
        return None


def read_json(text: str) -> Json:
    """The value of a JSON text; ValueError where it is none, or is nested too deeply or too long to read."""
    if len(text) > LONGEST or (text.count("[") + text.count("{") > NESTED and nesting(text) > NESTED):
        raise ValueError("too deep or too long")
    return decoded(text)


def decoded(text: str) -> Json:
    """The value of a JSON text, by RFC 8259 and not by Python's leniency; ValueError where it is none."""
    return json.loads(text, parse_int=whole, parse_constant=refused)


def refused(constant: str) -> Json:
    """ValueError for NaN and Infinity."""
    raise ValueError(f"{constant} is no JSON")


def nesting(text: str) -> int:
    """How deeply the brackets of a JSON text are nested."""
    depth = deepest = 0
    # A string that is not closed goes on to the end, and nothing of it is given back to be tried anew.
    for one in re.finditer(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(one[0], 0)
        deepest = max(deepest, depth)
    return deepest


def whole(text: str) -> int | float:
    """A JSON integer; beyond the length that Python reads, as a float."""
    return int(text) if len(text) < 4000 else float(text)  # noqa: PLR2004 -- Python's limit is 4,300 digits


def json_key(kind: Callable[[Json], bool]) -> Callable[[str], str | None]:
    """A reader that gives the canonical text of JSON of a kind, and None for anything else."""

    def key(text: str) -> str | None:
        try:
            value = read_json(text)
            return json.dumps(evened(value), sort_keys=True) if kind(value) else None
        except _FAILURES:
            return None

    return key


def evened(value: Json) -> Json:
    """A JSON value in which equal numbers are written alike: 1.0 as 1."""
    if isinstance(value, dict):
        return {key: evened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [evened(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def json_size(text: str) -> int | None:
    """The number of items of a JSON array, or of keys of an object."""
    try:
        value = read_json(text)
    except _FAILURES:
        return None
    return len(value) if isinstance(value, dict | list) else None


def is_number(value: Json) -> bool:
    """Whether a JSON value is a number; true and false are none, though Python says so."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def geopoint(value: Json) -> bool:
    """Whether a pair of numbers is a longitude and a latitude."""
    return all(is_number(one) for one in value) and abs(value[0]) <= 180 and abs(value[1]) <= 90  # noqa: PLR2004


def geopoint_array(value: Json) -> bool:
    """Whether a JSON value is an array of a longitude and a latitude."""
    return isinstance(value, list) and len(value) == 2 and geopoint(value)  # noqa: PLR2004


def geopoint_object(value: Json) -> bool:
    """Whether a JSON value is an object of `lon` and `lat`."""
    return isinstance(value, dict) and set(value) == {"lon", "lat"} and geopoint([value["lon"], value["lat"]])


def geopoint_key(text: str) -> str | None:
    """The canonical text of a geopoint `lon, lat`; None where it is none."""
    if not re.fullmatch(f"({DECIMAL}), ?({DECIMAL})", text):
        return None
    lon, lat = text.replace(" ", "").split(",")
    inside = all((compare(one.lstrip("+-"), most) or 0) <= 0 for one, most in ((lon, "180"), (lat, "90")))
    return f"{canonical(lon)},{canonical(lat)}" if inside else None


def geojson(value: Json) -> bool:
    """Whether a JSON value is one of the nine objects of RFC 7946, with the members that it must have."""
    kind = value.get("type") if isinstance(value, dict) else None
    match kind:
        case "FeatureCollection":
            return all_of(value.get("features"), feature)
        case "Feature":
            return feature(value)
        case _:
            return geometry(value)


def feature(value: Json) -> bool:
    """Whether a JSON value is a GeoJSON feature: geometry and properties must be there, and may be null."""
    return (
        isinstance(value, dict)
        and value.get("type") == "Feature"
        and {"geometry", "properties"} <= set(value)
        and (value["geometry"] is None or geometry(value["geometry"]))
        and isinstance(value["properties"], dict | None)
    )


def all_of(value: Json, kind: Callable[[Json], bool]) -> bool:
    """Whether a JSON value is an array, all its items of a kind."""
    return isinstance(value, list) and all(map(kind, value))


def each(kind: Callable[[Json], bool]) -> Callable[[Json], bool]:
    """Whether a JSON value is an array of a kind."""
    return lambda value: all_of(value, kind)


def position(value: Json) -> bool:
    """Whether a JSON value is an array of two or more numbers."""
    return all_of(value, is_number) and len(value) >= 2  # noqa: PLR2004


def line(value: Json) -> bool:
    """Whether a JSON value is an array of two or more positions."""
    return all_of(value, position) and len(value) >= 2  # noqa: PLR2004


def ring(value: Json) -> bool:
    """Whether a JSON value is a line of four or more positions that ends where it starts."""
    return line(value) and len(value) >= 4 and value[0] == value[-1]  # noqa: PLR2004


POINTS = {"Point": position, "MultiPoint": each(position)}
LINES = {"LineString": line, "MultiLineString": each(line), "Polygon": each(ring), "MultiPolygon": each(each(ring))}
ARCS = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""The types of geometries: with the coordinates of each; in TopoJSON, with how deep the indexes of its arcs stand."""


def geometry(value: Json) -> bool:
    """Whether a JSON value is a GeoJSON geometry; without coordinates, as RFC 7946 allows, it is no place."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "GeometryCollection":
        return all_of(value.get("geometries"), geometry)
    given, kinds = value.get("coordinates") if isinstance(value, dict) else None, POINTS | LINES
    return isinstance(kind, str) and kind in kinds and (given == [] or kinds[kind](given))


def topojson(value: Json) -> bool:
    """Whether a JSON value is a TopoJSON topology."""
    return (
        isinstance(value, dict)
        and value.get("type") == "Topology"
        and isinstance(value.get("objects"), dict)
        and all(map(arced, value["objects"].values()))
        and all_of(value.get("arcs"), line)
    )


def arced(value: Json) -> bool:
    """Whether a JSON value is a TopoJSON geometry: of positions, or of the indexes of arcs."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "GeometryCollection":
        return all_of(value.get("geometries"), arced)
    if not isinstance(kind, str):
        return False
    return POINTS[kind](value.get("coordinates")) if kind in POINTS else indexes(value.get("arcs"), ARCS.get(kind, 0))


def indexes(value: Json, depth: int) -> bool:
    """Whether a JSON value is an array of whole numbers, to a depth."""
    return depth > 0 and all_of(value, lambda one: indexes(one, depth - 1) if depth > 1 else type(one) is int)


ITEMS: dict[str, tuple[str, Callable[[str], Json]]] = {
    "string": (r"(?s:.*)", str),
    "integer": (INTEGER, canonical),
    "number": (NUMBER, canonical),
    "boolean": ("true|True|TRUE|1|false|False|FALSE|0", lambda text: text.lower() in {"true", "1"}),
    "date": (DATE, str),
    "time": (TIME, lambda text: text.replace("24:00:00", "00:00:00")),
    "datetime": (DATETIME, lambda text: instant(text) or text),
}
"""The types that items of a list may have: the expression of the default format, and what makes equal items alike."""


def list_key(delimiter: str, kind: str) -> Callable[[str], str | None]:
    """A reader that gives the canonical text of a list, and None where an item is not of its type."""
    form, same = re.compile(ITEMS[kind][0]), ITEMS[kind][1]

    def key(text: str) -> str | None:
        items = text.split(delimiter)
        return json.dumps([same(one) for one in items]) if all(map(form.fullmatch, items)) else None

    return key


_INITIAL = (
    r"A-Za-z_:\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}\x{200D}\x{2070}-\x{218F}"
)
_INITIAL += r"\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}"
_NAME = _INITIAL + r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}"
_ESCAPES = {"d": r"\p{Nd}", "w": r"^\p{P}\p{Z}\p{C}", "s": r" \t\n\r", "i": _INITIAL, "c": _NAME}
_BLOCKS = {
    "BasicLatin": "0-7F", "Latin-1Supplement": "80-FF", "LatinExtended-A": "100-17F", "LatinExtended-B": "180-24F",
    "CombiningDiacriticalMarks": "300-36F", "Greek": "370-3FF", "GreekandCoptic": "370-3FF", "Cyrillic": "400-4FF",
    "Hebrew": "590-5FF", "Arabic": "600-6FF", "Devanagari": "900-97F", "Thai": "E00-E7F", "Georgian": "10A0-10FF",
    "LatinExtendedAdditional": "1E00-1EFF", "GreekExtended": "1F00-1FFF", "GeneralPunctuation": "2000-206F",
    "CurrencySymbols": "20A0-20CF", "Hiragana": "3040-309F", "Katakana": "30A0-30FF",
    "CJKUnifiedIdeographs": "4E00-9FFF", "HangulSyllables": "AC00-D7A3",
}  # fmt: skip
REWRITTEN = {r"^(?=^[^./~])(^((?!\.{2}).)*$).*$": r"[^./~\n\r](?:\.?[^.\n\r])*\.?"}
"""Well-known patterns with look-around, and the same without: version 1's of paths, in Camtrap DP."""


def translate(pattern: str) -> str:
    """An expression of XML Schema for Rust's engine; ValueError for what it cannot say. Rust judges the rest."""
    if pattern in REWRITTEN:
        return REWRITTEN[pattern]
    made: list[str] = []
    # One entry for each class that is open: whether its own part is, which `-[` ends. XML Schema negates first and
    # subtracts then, Rust the other way round, so each class is written in one of its own: [^a-[b]] as [[^a]--[[b]]].
    classes: list[bool] = []
    last = ""
    for part in re.findall(r"\\[pP]\{[^}]*\}|\\.|-\[\^?|\[\^?|.", pattern, re.DOTALL):
        if classes:
            made.append(in_class(part, classes))
        elif part[0] == "[":
            classes.append(True)
            made.append("[" + part)
        elif part == "+" and last in {"*", "+", "?", "}"}:
            raise ValueError("possessive quantifiers are not supported")
        elif part[:2] == "-[":
            classes.append(True)
            made.append("-[" + part[1:])
        else:
            made.append(r"[^\n\r]" if part == "." else escaped(part))
        last = part
    return "".join(made)


def in_class(part: str, classes: list[bool]) -> str:
    """A part inside a class of characters, for Rust, in which `[`, `&&`, `~~` and `--` have a meaning of their own."""
    if part[:2] == "-[" and classes[-1]:
        classes[-1] = False
        classes.append(True)
        return "]--[" + part[1:]
    if part == "]":
        return "]]" if classes.pop() else "]"
    return "\\" + part if part in {"[", "&", "~"} else escaped(part)


def escaped(part: str) -> str:
    """An escape of XML Schema as Rust writes it; any other part as it is."""
    if part[:4] in {r"\p{I", r"\P{I"} and part[4] == "s":
        if part[5:-1] not in _BLOCKS:
            raise ValueError(f"the block {part} is not supported")
        low, high = _BLOCKS[part[5:-1]].split("-")
        return rf"[{'^' if part[1] == 'P' else ''}\x{{{low}}}-\x{{{high}}}]"
    if part in {r"\<", r"\>"}:  # no escapes there; to Rust they are the start and the end of a word
        return part[1]
    if len(part) == 2 and part[0] == "\\" and part[1].lower() in _ESCAPES:  # noqa: PLR2004
        chars = _ESCAPES[part[1].lower()]
        # A capital letter is the complement: for \W, that of a complement.
        return f"[{chars}]" if part[1].islower() else f"[{chars[1:] if chars[0] == '^' else '^' + chars}]"
    return part
