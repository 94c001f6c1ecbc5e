"""What becomes of each finding of a run: not selected, regraded, excepted, known by the baseline, or reported."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from qantar.catalogue import ENGINE, STALE_BASELINE, STALE_EXCEPTION, catalogue
from qantar.config import Exemption, Settings
from qantar.fields import CONSTRAINTS
from qantar.model import Finding, Identity, NotChecked, Report, Severity
from qantar.package import Resource

MODEL_RULES = "the rules of the claims model"
"""What is not checked where the descriptor does not ask for it."""

RULES_OF = dict.fromkeys(CONSTRAINTS, "constraint-error") | {"categories": "unknown-code"}
"""The rules that constraints are checked by, for a constraint that is not."""


class Sieve:
    """The settings applied to the findings of one run; it counts what it holds back, and what matched nothing."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.excepted = self.known = 0
        self._exceptions: dict[str, list[Exemption]] = {}
        for one in settings.exceptions:
            self._exceptions.setdefault(one.rule, []).append(one)
        self._unused = set(settings.exceptions)
        self._left = settings.baseline.read() if settings.baseline else Counter()

    def selects(self, rule: str) -> bool:
        """Whether findings of a rule are reported at all."""
        chosen = self.settings.select
        return (not chosen or rule in chosen) and rule not in self.settings.ignore

    def most(self, resource: Resource) -> int:
        """How many findings of each rule must be told apart: all, where some of them may be excepted or known."""
        named = {one.resource for one in self.settings.exceptions}
        some = self.settings.baseline or named & {None, resource.name}
        return sys.maxsize if some else self.settings.max_examples

    def sift(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings that are reported, each with its severity."""
        for finding in findings:
            if self.selects(finding.rule) and not self._excepts(finding) and not self._knows(finding):
                yield replace(finding, severity=self._grade(finding.rule, finding.severity))

    def weigh(self, surplus: Mapping[str, int]) -> dict[tuple[str, Severity], int]:
        """Errors that the engine only counted, by rule and severity: those that are reported."""
        chosen = {rule: number for rule, number in surplus.items() if self.selects(rule)}
        return {(rule, self._grade(rule, Severity.ERROR)): number for rule, number in chosen.items()}

    def _grade(self, rule: str, otherwise: Severity) -> Severity:
        given = self.settings.severity.get(rule)
        return given.level if given else otherwise

    def _excepts(self, finding: Finding) -> bool:
        covering = [one for one in self._exceptions.get(finding.rule, ()) if one.covers(finding)]
        self._unused -= set(covering)
        self.excepted += bool(covering)
        return bool(covering)

    def _knows(self, finding: Finding) -> bool:
        known = self._left[finding.identity] > 0
        if known:
            self._left[finding.identity] -= 1
            self.known += 1
        return known

    def unselected(self) -> Iterator[NotChecked]:
        """What is not checked because it was not wanted."""
        settings = self.settings
        if settings.select:
            what = f"every rule but {', '.join(sorted(settings.select))}"
            yield NotChecked(what, f"not selected ({settings.origins.get('select')})")
        if settings.ignore:
            yield NotChecked(", ".join(sorted(settings.ignore)), f"ignored ({settings.origins.get('ignore')})")

    def stale(self, report: Report) -> Iterator[Finding]:
        """A finding for each exception and each known finding that was looked for in vain."""
        found = [
            stale_exception(one)
            for one in sorted(self._unused, key=lambda one: (one.line or 0, one.rule, one.key))
            if all(
                self._looked_for(report, one.rule, where, one.field)
                for where in ([one.resource] if one.resource else report.paths)
            )
        ]
        if self.settings.baseline:
            name = self.settings.baseline.file.resolve().as_posix()
            with suppress(ValueError):  # on another drive of Windows
                name = Path(os.path.relpath(self.settings.baseline.file, report.folder)).as_posix()
            left = sorted((+self._left).items())
            found += [stale_known(name, one, n) for one, n in left if self._looked_for(report, one[0], one[1], one[3])]
        return self.sift(found)

    def _looked_for(self, report: Report, rule: str, where: str, field: str | None) -> bool:
        """Whether a rule was checked on a resource or a file of another name; one that there is not finds nothing."""
        own, missed = rule in ENGINE, report.not_checked
        if not own and rule not in catalogue():
            return True
        path = report.paths.get(where, where)
        read = where not in report.paths or path in report.checked
        asked = self.selects(rule) and (own or MODEL_RULES not in {one.what for one in missed})
        return read and asked and not any(hides(one, rule, place, field) for one in missed for place in {where, path})


KEYS = re.compile(r" ((?:[a-z]+-)+[a-z]+|hash)\b")
"""How what is said of a key or a digest of a resource goes on after its path and the colon."""


def hides(one: NotChecked, rule: str, place: str, field: str | None) -> bool:
    """Whether a rule may have findings where something was not checked; `place` is the resource, or its path.

    It is all of a resource, or the rest of its file; the rule there; a key; or a field, of which mostly one constraint.
    """
    if one.what in {place, f"{rule} on {place}"} or one.what.startswith((f"{place} from ", f"{rule} on {place}:")):
        return True
    part = one.what.removeprefix(f"{place}:")
    if part == one.what:
        return False
    if kind := KEYS.match(part):
        return rule.startswith(kind[1])
    only = RULES_OF.get(one.reason.split()[0].rstrip(":"), rule)
    return only == rule and (field is None or part in field.split(", "))


def stale_exception(one: Exemption) -> Finding:
    """The finding that an exception is which matches none."""
    value = " ".join(filter(None, (one.rule, one.resource, one.key, one.field)))
    message, expected = "An exception matches no finding.", "a finding of that rule and key"
    hint = f"It was made because: {one.reason}"
    return Finding(STALE_EXCEPTION, message, one.file, row=one.line, value=value, expected=expected, hint=hint)


def stale_known(name: str, identity: Identity, number: int) -> Finding:
    """The finding that an entry of the baseline is which matches none."""
    value = " ".join(filter(None, identity)) + (f" ({number} times)" if number > 1 else "")
    message, hint = "A finding of the baseline is no longer there.", "Write the baseline anew."
    return Finding(STALE_BASELINE, message, name, value=value, hint=hint, severity=Severity.WARNING)
