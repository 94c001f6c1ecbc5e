"""A diff as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from qantar.reports.wording import plural, visible

if TYPE_CHECKING:
    from qantar.release.bump import Change, Correction, Diff

FORMAT = 1
"""The version of the JSON; docs/diff.schema.json describes it."""


def render_json(diff: Diff) -> str:
    """The whole diff as one JSON object."""
    whole = {
        "format": FORMAT,
        "old": asdict(diff.old),
        "new": asdict(diff.new),
        "bump": diff.bump.name.lower(),
        "required": diff.required,
        "sufficient": diff.sufficient,
        "reasons": [{"bump": bump.name.lower(), "reason": reason} for bump, reason in diff.reasons()],
        "changes": [{**asdict(one), "bump": one.bump.name.lower()} for one in diff.changes],
        "corrections": [{**asdict(one), "typed": one.typed} for one in diff.corrections],
        "unmatched": diff.unmatched,
        "lost": diff.lost,
        "not_compared": diff.not_compared,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def render(diff: Diff, most: int) -> str:
    """The diff as text: changes by resource, `most` examples of each kind; corrections; the bump and its reasons."""
    return "\n".join([*told(diff, most), *(f"{name}  not compared: {why}" for name, why in diff.not_compared.items()),
                      *map(corrected, diff.corrections), *map(unmatched, diff.unmatched), *lost(diff, most),
                      *verdict(diff)])  # fmt: skip


def told(diff: Diff, most: int) -> Iterator[str]:
    """Each change on a line, and where examples were left out how many."""
    seen: Counter[tuple[str, str | None]] = Counter()
    for one in diff.changes:
        seen[one.kind, one.resource] += 1
        if seen[one.kind, one.resource] <= most:
            yield shown_change(one)
    for (kind, resource), number in seen.items():
        if number > most:
            yield f"{resource or 'package'}  {kind}: {most} of {number:,} shown"


def shown_change(change: Change) -> str:
    """A change: its place, its kind, what was and what is."""
    values = f"  {value(change.old)} → {value(change.new)}" if change.old or change.new else ""
    return f"{visible(change.place)}  {change.kind}{values}"


def value(text: str | None) -> str:
    """A value of one side."""
    return "(nothing)" if text is None else visible(text) or "(empty)"


def corrected(correction: Correction) -> str:
    """A changed figure and how the changelog types it."""
    if correction.typed:
        return f"figures {visible(correction.figure)}  {correction.change}: {visible(str(correction.reason))}"
    wanted = "retracted" if correction.retracted else "corrected or reclassified"
    return f"figures {visible(correction.figure)}  not typed in the changelog; expected {wanted}, with a reason"


def unmatched(figure: str) -> str:
    """A figure that the changelog types though it did not change."""
    return f"figures {visible(figure)}  typed in the changelog, but it did not change"


def lost(diff: Diff, most: int) -> Iterator[str]:
    """The first ids of each resource that are gone and not retired, and how many there are."""
    for name, ids in diff.lost.items():
        first = ", ".join(map(visible, ids[:most])) if most else "none shown"
        yield f"{visible(name)}  {plural(len(ids), 'id')} gone without a row in retired: {first}"


def verdict(diff: Diff) -> Iterator[str]:
    """The required bump, then its reasons, one a line."""
    least = f" to {diff.required} or later" if diff.required and diff.bump else ""
    low = "" if diff.sufficient else f"; {diff.new.version} is too low"
    unsure = " at least" if diff.not_compared else ""
    changes = plural(len(diff.changes), "change")
    yield f"{diff.old.version} → {diff.new.version}: {changes}; required bump:{unsure} {diff.bump.name}{least}{low}."
    yield from (f"    {bump.name}  {visible(reason)}" for bump, reason in diff.reasons())


def render_markdown(diff: Diff, most: int) -> str:
    """The diff as Markdown, for a pull request: the bump, its reasons, and a table of the changes."""
    head, *reasons = verdict(diff)
    lines = [f"**{escaped(head)}**", "", *(f"- {escaped(one.strip())}" for one in reasons)]
    lines += ["", *(f"- {escaped(corrected(one))}" for one in diff.corrections)] if diff.corrections else []
    lines += [f"- {escaped(unmatched(one))}" for one in diff.unmatched]
    lines += [f"- {escaped(one)}" for one in lost(diff, most)]
    lines += [f"- {escaped(f'{name}: not compared: {why}')}" for name, why in diff.not_compared.items()]
    if diff.changes:
        lines += ["", "| change | place | old | new |", "|---|---|---|---|"]
        lines += [row(one) for one in diff.changes[:most]]
    if len(diff.changes) > most:
        lines += ["", f"{most} of {len(diff.changes):,} changes shown."]
    return "\n".join(lines)


def row(change: Change) -> str:
    """A change as a row of a table."""
    values = [change.old, change.new] if change.old or change.new else ["", ""]
    cells = (change.kind, escaped(visible(change.place)), *(escaped(value(one)) if one != "" else "" for one in values))
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{one}" if one in "\\`*_[]<>|#~&" else one for one in text)
