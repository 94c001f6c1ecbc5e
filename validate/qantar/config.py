"""The settings of a run: the caller's, then those of `qantar.toml` or `pyproject.toml` beside the descriptor."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

from qantar.baseline import Baseline
from qantar.catalogue import did_you_mean, find
from qantar.errors import SettingsError, UnknownRuleError
from qantar.model import Finding, Severity
from qantar.package import inside
from qantar.reports import FORMATS

Toml: TypeAlias = Any
"""A decoded TOML value."""

OWN, SHARED = "qantar.toml", "pyproject.toml"
"""The files that may hold settings; the first wins."""

FAIL_ON = ("error", "warning", "never")
"""From which severity on findings make a run fail."""

HEADER = re.compile(r"\s*\[\[?([^\]]*)\]")


class Given(TypedDict, total=False):
    """The settings that a caller may give: each replaces that of the files. `isolated` passes the files over."""

    select: Collection[str]
    ignore: Collection[str]
    fail_on: str | None
    max_examples: int | None
    baseline: str | Path | None
    isolated: bool


@dataclass(frozen=True, slots=True)
class Regrade:
    """The severity that a rule is given, and why."""

    level: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that is known and right, and why: `key` is its primary key or, without one, its value."""

    rule: str
    key: str
    reason: str
    resource: str | None = None
    field: str | None = None
    file: str = OWN
    line: int | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is meant."""
        rule, resource, key, field = finding.identity
        return (
            self.rule == rule
            and self.key in {key, finding.key}
            and self.resource in {None, resource}
            and self.field in {None, field}
        )


@dataclass(frozen=True)
class Settings:
    """What is in force; `origins` says where each value comes from that is not the default."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Regrade] = field(default_factory=dict)
    fail_on: str = "error"
    max_examples: int = 50
    exceptions: tuple[Exemption, ...] = ()
    baseline: Baseline | None = None
    output_format: str = "text"
    origins: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where settings are given: the name and text of a file with the table that holds them, or the caller."""

    name: str
    root: Path = Path()
    text: str = ""
    table: str = ""

    def line(self, path: str, number: int = 0) -> int | None:
        """The line of a key or of the table of that name, None where none is found: TOML's parser gives no lines."""
        wanted = f"{self.table}.{path}".strip(".")
        lines, here = [], ""
        for at, line in enumerate(self.text.splitlines(), 1):
            header = HEADER.match(line)
            here = bare(header[1]) if header else here
            if (here if header else f"{here}.{bare(line.partition('=')[0])}".strip(".")) == wanted:
                lines.append(at)
        return lines[min(number, len(lines) - 1)] if lines else None

    def place(self, path: str) -> str:
        """The place of a setting, as `file:line` where the line is known."""
        line = self.line(path) or self.line(path.rpartition(".")[0])
        return f"{self.name}:{line}" if line else self.name

    def error(self, path: str, message: str) -> SettingsError:
        """The error that a setting is."""
        return SettingsError(f"{self.place(path)}  {path}: {message}")


def bare(key: str) -> str:
    """A TOML key without spaces and quotation marks."""
    return re.sub(r"[\s\"']", "", key)


def read_settings(root: Path, given: Given | None = None) -> Settings:
    """The settings for a package in the folder `root`, those that the caller gives before those of the files.

    Raises SettingsError where one is unknown or wrong, TypeError where the caller gives one that there is not.
    """
    given = given or {}
    for name in given:
        if name not in Given.__annotations__:
            hint = did_you_mean(name, Given.__annotations__, f" Expected one of {', '.join(Given.__annotations__)}.")
            raise TypeError(f"Unknown setting {name!r}.{hint}")
    found = [] if given.get("isolated") else list(find_tables(root))
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for source, table in found[:1]:
        check_keys(source, "", table, READERS)
        values |= {key: READERS[key](source, key, value) for key, value in table.items()}
        origins |= {key: source.place(key) for key in table}
    caller = Source("command line")
    for name, value in given.items():
        key = name.replace("_", "-")
        if key in READERS and (value or value == 0):
            values[key] = READERS[key](
                caller, key, list(value) if isinstance(value, tuple | set | frozenset) else value
            )
            origins[key] = caller.name
    notes = (f"{SHARED}  [tool.qantar] is passed over: {OWN} wins.",) if len(found) > 1 else ()
    return Settings(**{key.replace("-", "_"): value for key, value in values.items()}, origins=origins, notes=notes)


def find_tables(root: Path) -> Iterator[tuple[Source, dict[str, Toml]]]:
    """The tables of settings beside the descriptor, the one that wins first."""
    for name, path in ((OWN, ()), (SHARED, ("tool", "qantar"))):
        file = inside(root, name)
        if not file.is_file():
            continue
        try:
            text = file.read_text(encoding="utf-8-sig")
            table: Toml = tomllib.loads(text)
        except OSError as error:
            raise SettingsError(f"{name}  The file cannot be read: {error.strerror}.") from None
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"{name}  Not TOML: {error}.") from None
        for step in path:
            table = table.get(step) if isinstance(table, dict) else None
        if table is not None:
            source = Source(name, root, text, ".".join(path))
            if not isinstance(table, dict):
                raise SettingsError(f"{name}  tool.qantar: Expected a table of settings.")
            yield source, table


def check_keys(source: Source, path: str, table: Mapping[str, Toml], known: Collection[str]) -> None:
    """SettingsError for a key that is not known."""
    for key in table:
        if key not in known:
            hint = did_you_mean(key, known, f" Expected one of {', '.join(known)}.")
            raise SettingsError(f"{source.place(f'{path}.{key}'.strip('.'))}  Unknown key {key!r}.{hint}")


def read_rules(source: Source, path: str, value: Toml) -> frozenset[str]:
    """A list of rule ids."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise source.error(path, f"Expected a list of rule ids, found {value!r}.")
    return frozenset(read_rule(source, path, one) for one in value)


def read_rule(source: Source, path: str, value: Toml) -> str:
    """The id of a rule that there is."""
    try:
        return find(read_text(source, path, value)).id
    except UnknownRuleError as error:
        raise source.error(path, str(error)) from None


def read_text(source: Source, path: str, value: Toml) -> str:
    """A text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise source.error(path, f"Expected a text, found {value!r}.")
    return value


def read_choice(source: Source, path: str, value: Toml, choices: Collection[str] = FAIL_ON) -> str:
    """One of a few words."""
    if value not in choices:
        hint = did_you_mean(str(value), choices, "")
        raise source.error(path, f"Expected one of {', '.join(choices)}, found {value!r}.{hint}")
    return str(value)


def read_count(source: Source, path: str, value: Toml) -> int:
    """A whole number, 0 or more; beyond what the machine counts to, it means the same."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise source.error(path, f"Expected a whole number, 0 or more, found {value!r}.")
    return min(value, sys.maxsize)


def read_table(source: Source, path: str, value: Toml, required: Collection[str], more: Collection[str] = ()) -> Toml:
    """A table with some keys, and perhaps more."""
    if not isinstance(value, dict):
        raise source.error(path, f"Expected a table with {', '.join(required)}, found {value!r}.")
    check_keys(source, path, value, [*required, *more])
    for key in required:
        if key not in value:
            raise source.error(path, f"Expected a {key} too.")
    return value


def read_severity(source: Source, path: str, value: Toml) -> dict[str, Regrade]:
    """The severity of rules, each with a reason."""
    if not isinstance(value, dict):
        raise source.error(path, f"Expected a table with a severity for each rule, found {value!r}.")
    grades = {}
    for rule, one in value.items():
        own = f"{path}.{rule}"
        given = read_table(source, own, one, ("level", "reason"))
        level = Severity(read_choice(source, own, given["level"], [*Severity]))
        grades[read_rule(source, own, rule)] = Regrade(level, read_text(source, own, given["reason"]))
    return grades


def read_exceptions(source: Source, path: str, value: Toml) -> tuple[Exemption, ...]:
    """The exceptions, each with its place."""
    if not isinstance(value, list):
        raise source.error(path, f"Expected an array of tables, found {value!r}.")
    return tuple(read_exception(source, path, number, one) for number, one in enumerate(value))


def read_exception(source: Source, path: str, number: int, value: Toml) -> Exemption:
    """One exception; its key may be empty, where a finding has neither key nor value."""
    line = source.line(path, number)
    here = Source(f"{source.name}:{line}") if line else Source(source.name)
    given = read_table(here, path, value, ("rule", "key", "reason"), ("resource", "field"))
    read_rule(here, path, given["rule"])
    for name in given:
        if name != "key" or not isinstance(given[name], str):
            read_text(here, f"{path}.{name}", given[name])
    return Exemption(**given, file=source.name, line=line)


def read_known(source: Source, path: str, value: Toml) -> Baseline:
    """The baseline in a file: the caller's anywhere, that of the settings in the package's folder."""
    name = str(value) if isinstance(value, Path) else read_text(source, path, value)
    return Baseline(name, inside(source.root, name) if source.text else Path(name))


READERS: dict[str, Callable[[Source, str, Toml], Any]] = {
    "select": read_rules,
    "ignore": read_rules,
    "severity": read_severity,
    "fail-on": read_choice,
    "max-examples": read_count,
    "exceptions": read_exceptions,
    "baseline": read_known,
    "output-format": partial(read_choice, choices=tuple(FORMATS)),
}
"""The keys of the settings, each with what reads its value."""
