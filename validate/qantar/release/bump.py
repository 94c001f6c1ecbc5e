"""What differs between two packages, and the version that the difference asks for.

The levels are those of the Data Package version recipe; docs/releasing.md lists every kind of change with its level.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeGuard


class Bump(IntEnum):
    """Which part of a version must rise."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


KINDS = {
    "package-renamed": Bump.MAJOR,
    "resource-removed": Bump.MAJOR,
    "resource-added": Bump.MINOR,
    "data-moved": Bump.NONE,
    "access-changed": Bump.MAJOR,
    "key-changed": Bump.MAJOR,
    "field-renamed": Bump.MAJOR,
    "field-removed": Bump.MAJOR,
    "field-added": Bump.MAJOR,
    "fields-reordered": Bump.MAJOR,
    "type-changed": Bump.MAJOR,
    "constraint-tightened": Bump.MAJOR,
    "constraint-loosened": Bump.MINOR,
    "row-vanished": Bump.MAJOR,
    "row-retired": Bump.MAJOR,
    "id-reused": Bump.MAJOR,
    "row-added": Bump.MINOR,
    "cell-changed": Bump.PATCH,
    "metadata-changed": Bump.PATCH,
}
"""Every kind of change, and what it asks for."""

ROWS = ("row-added", "cell-changed", "row-retired", "row-vanished", "id-reused")
"""The kinds of changes that are counted by resource; the others are told one by one."""

FIGURES = "figures"
"""The resource of which each changed row is a correction that the changelog must type."""

CORRECTED = ("corrected", "reclassified")
"""The types of a figure's change: its value was wrong, or it was coded otherwise."""

RETRACTED = "retracted"
"""The type of a figure's end: it is no longer in the data."""

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
"""A version: three whole numbers."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `old` and `new` are as texts, None where there is nothing."""

    kind: str
    resource: str | None = None
    key: str | None = None
    field: str | None = None
    attribute: str | None = None
    old: str | None = None
    new: str | None = None

    @property
    def bump(self) -> Bump:
        """What the change asks for."""
        return KINDS[self.kind]

    @property
    def place(self) -> str:
        """What changed: resource, key, field and attribute, without the parts that it has not."""
        return " ".join(one for one in (self.resource, self.key, self.field, self.attribute) if one) or "package"


@dataclass(frozen=True, slots=True)
class Correction:
    """A changed figure, and how the changelog types it; None where it does not."""

    figure: str
    retracted: bool
    change: str | None = None
    reason: str | None = None

    @property
    def typed(self) -> bool:
        """Whether the changelog names a fitting type and a reason."""
        fitting = (RETRACTED,) if self.retracted else CORRECTED
        return self.change in fitting and bool(self.reason)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two packages: where it was found, its version, and how many rows each resource has."""

    where: str
    version: str | None = None
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences from `old` to `new`, in the order of the resources; `not_compared` gives reasons by resource.

    `unmatched` are the figures that the changelog types though they did not change; `lost` are, by resource, the ids
    that are gone without a row in `retired`.
    """

    old: Side
    new: Side
    changes: tuple[Change, ...] = ()
    not_compared: dict[str, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    unmatched: tuple[str, ...] = ()
    lost: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def bump(self) -> Bump:
        """The greatest of what the changes ask for."""
        return max((one.bump for one in self.changes), default=Bump.NONE)

    @property
    def required(self) -> str | None:
        """The lowest version that the new package may have; None where the old one has none."""
        return raised(self.old.version, self.bump) if is_version(self.old.version) else None

    @property
    def sufficient(self) -> bool:
        """Whether the new version is as high as it must be."""
        if self.required is None:
            return True
        return is_version(self.new.version) and parts(self.new.version) >= parts(self.required)

    def count(self, kind: str, resource: str) -> int:
        """How many rows of a resource changed in this way; a row with several changed cells counts once."""
        keys = [one.key for one in self.changes if (one.kind, one.resource) == (kind, resource)]
        return len(set(keys)) if kind == "cell-changed" else len(keys)

    def reasons(self) -> Iterator[tuple[Bump, str]]:
        """Why the version must rise, the gravest first: a line for each change, rows counted by resource."""
        counts = Counter((one.kind, one.resource) for one in self.changes if one.kind in ROWS)
        lines = [(KINDS[kind], f"{resource}: {kind} ({number:,})") for (kind, resource), number in counts.items()]
        lines += [(one.bump, f"{one.place}: {one.kind}") for one in self.changes if one.kind not in ROWS]
        yield from sorted(lines, key=lambda one: -one[0])


def is_version(text: object) -> TypeGuard[str]:
    """Whether it is a text, a version of three numbers."""
    return isinstance(text, str) and VERSION.fullmatch(text) is not None


def parts(version: str) -> tuple[int, int, int]:
    """The numbers of a version, to compare by."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def raised(version: str, bump: Bump) -> str:
    """The next version after `version` by a bump."""
    major, minor, patch = parts(version)
    return {
        Bump.MAJOR: f"{major + 1}.0.0",
        Bump.MINOR: f"{major}.{minor + 1}.0",
        Bump.PATCH: f"{major}.{minor}.{patch + 1}",
        Bump.NONE: f"{major}.{minor}.{patch}",
    }[bump]
