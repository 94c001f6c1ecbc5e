"""A baseline: the findings that are known, in a file, so that only new ones are reported.

A finding is known by its identity, which does not change when rows move. What is the same several times is counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qantar.errors import SettingsError
from qantar.model import Finding, Identity

VERSION = 1
"""Of the file's form."""


@dataclass(frozen=True)
class Baseline:
    """The file of a baseline, and its name as it was given."""

    name: str
    file: Path

    def read(self) -> Counter[Identity]:
        """The known findings by their identities; SettingsError where the file is no baseline."""
        try:
            text = self.file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise SettingsError(f"{self.name}  No such file. Write a baseline with --write-baseline.") from None
        except OSError as error:
            raise SettingsError(f"{self.name}  The file cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{self.name}  Not UTF-8. Write the baseline anew with --write-baseline.") from None
        return parse(self.name, text)


def parse(name: str, text: str) -> Counter[Identity]:
    """The identities of a baseline's text, each with how often it is known."""
    try:
        whole = json.loads(text)
        version, listed = whole["version"], whole["findings"]
        if version != VERSION:
            raise SettingsError(f"{name}  A baseline of version {version!r}; this tool reads version {VERSION}.")
        counts: Counter[Identity] = Counter()
        for number, entry in enumerate(listed, 1):
            match entry:
                case [str(rule), str(resource), str(key), str(field), int(count)] if count > 0:
                    counts[rule, resource, key, field] += count
                case _:
                    expected = "Expected rule, resource, key, field and count"
                    raise SettingsError(f"{name}  Not a baseline. {expected}, found {entry!r} as entry {number}.")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SettingsError(f"{name}  Not a baseline. Write it anew with --write-baseline.") from None
    return counts


def render(findings: Iterable[Finding]) -> str:
    """The text of a baseline: one finding a line, sorted, so that a change of it is read line by line."""
    counts = Counter(one.identity for one in findings)
    lines = ",\n".join(f"    {json.dumps([*one, counts[one]], ensure_ascii=False)}" for one in sorted(counts))
    about = "rule, resource, primary key or value, field, count"
    return f'{{\n  "version": {VERSION},\n  "about": "{about}",\n  "findings": [\n{lines}\n  ]\n}}\n'
