"""What a validation yields: findings, and what could not be checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


Identity: TypeAlias = tuple[str, str, str, str]
"""Rule, resource, primary key or value, and field."""

SHARED = {"unique-error"}
"""Rules about a value that several rows share: which of them is the one at fault changes when rows move."""

OWN = "\x1f"
"""How the names of columns begin that are ours: no field's may."""

NULL = f"{OWN}null"
"""What stands for a null where its field has no text for a missing value."""

ROW, RECORD = f"{OWN}row", f"{OWN}record"
"""Columns of the typed table: the file line of a record (the header's is 1), and its number, from 1."""


class Severity(StrEnum):
    """How grave a finding is: an error breaks a *must*, a warning a *should*."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, with its place, its value, what was expected and how to mend it.

    `row` is the line of the file on which the record starts (the header is line 1); `record` counts the
    records below the header from 1. Both, like `field`, are None where the fault is larger than a row or cell.
    """

    rule: str
    message: str
    path: str
    resource: str | None = None
    row: int | None = None
    record: int | None = None
    key: str | None = None
    field: str | None = None
    value: str | None = None
    expected: str | None = None
    hint: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """The place as `path:row:field`, without the parts that are not known."""
        return ":".join(str(part) for part in (self.path, self.row, self.field) if part is not None)

    @property
    def identity(self) -> Identity:
        """What stays the same when rows move: rule, resource, primary key (without one, the value) and field."""
        own = self.value if self.rule in SHARED else self.key or self.value
        return (self.rule, self.resource or self.path, own or "", self.field or "")

    @property
    def kind(self) -> Kind:
        """What it is counted by."""
        return (self.rule, self.resource, self.severity)

    @property
    def order(self) -> tuple[int, str, str]:
        """Sorts the findings of one file by row, field and rule."""
        return (self.row or 0, self.field or "", self.rule)


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that was left unchecked, and why: silence must not look like success."""

    what: str
    reason: str


Kind: TypeAlias = tuple[str, str | None, Severity]
"""What findings are counted by: rule, resource, severity."""


@dataclass(slots=True)
class Report:
    """All findings of one run, in the order of the package's resources; counts are exact, examples capped.

    `max_examples` findings are kept for each rule and resource; `counts` has all of them. `excepted` and `known` count
    those that are not among them, because an exception or the baseline names them. `folder` is the package's, as it
    was given; `paths` has the path of each resource by its name.
    """

    package: str
    max_examples: int = 50
    findings: list[Finding] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    excepted: int = 0
    known: int = 0
    counts: Counter[Kind] = field(default_factory=Counter)
    folder: str = "."
    paths: dict[str, str] = field(default_factory=dict)

    def add(
        self, resource: str | None, findings: Iterable[Finding], surplus: Mapping[tuple[str, Severity], int]
    ) -> None:
        """Count every finding of one resource, given in order, and keep as many of each rule as the cap allows.

        `surplus` has, by rule and severity, how many more there are than findings.
        """
        for (rule, severity), number in surplus.items():
            if number:
                self.counts[rule, resource, severity] += number
        kept: Counter[Kind] = Counter()
        for finding in findings:
            self.counts[finding.kind] += 1
            kept[finding.kind] += 1
            if kept[finding.kind] <= self.max_examples:
                self.findings.append(finding)

    def fails(self, level: str) -> bool:
        """Whether there is a finding of that severity or a graver one; with `never`, none counts."""
        counting = {"error": [Severity.ERROR], "warning": [*Severity]}.get(level, [])
        return any(self.count(one) for one in counting)

    @property
    def shown(self) -> Counter[Kind]:
        """How many findings of each kind were kept as examples."""
        return Counter(one.kind for one in self.findings)

    def count(self, severity: Severity) -> int:
        """The exact number of findings of one severity."""
        return sum(number for (_, _, which), number in self.counts.items() if which is severity)
