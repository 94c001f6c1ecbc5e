"""A diff as text, JSON and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from qantar.reports import markdown
from qantar.reports.json import write
from qantar.reports.markdown import literal
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
    return write(whole, indent=2)


def render(diff: Diff, most: int) -> str:
    """The diff as text: changes by resource, `most` examples of each kind; corrections; the bump and its reasons."""
    return "\n".join([*map(shown_change, examples(diff, most)), *held_back(diff, most), *uncompared(diff),
                      *map(corrected, diff.corrections), *map(unmatched, diff.unmatched), *lost(diff, most),
                      *verdict(diff)])  # fmt: skip


def examples(diff: Diff, most: int) -> Iterator[Change]:
    """The first changes of each kind and resource."""
    seen: Counter[tuple[str, str | None]] = Counter()
    for one in diff.changes:
        seen[one.kind, one.resource] += 1
        if seen[one.kind, one.resource] <= most:
            yield one


def held_back(diff: Diff, most: int) -> Iterator[str]:
    """Where examples were left out, how many are shown of how many."""
    for (kind, resource), number in Counter((one.kind, one.resource) for one in diff.changes).items():
        if number > most:
            yield f"{visible(resource or 'package')}  {kind}: {most:,} of {number:,} shown"


def uncompared(diff: Diff) -> Iterator[str]:
    """What was not compared, a line each."""
    return (f"{visible(name)}  not compared: {visible(why)}" for name, why in diff.not_compared.items())


def shown_change(change: Change) -> str:
    """A change: its place, its kind, what was and what is."""
    return "  ".join([visible(change.place), change.kind, *[" → ".join(values(change))] * bool(values(change))])


def values(change: Change) -> tuple[str, ...]:
    """What was and what is, where there is either."""
    return () if change.old is change.new is None else (value(change.old), value(change.new))


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
    old, new = (visible(str(one.version)) for one in (diff.old, diff.new))
    least = f" to {diff.required} or later" if diff.required and diff.bump else ""
    low = "" if diff.sufficient else f"; {new} is too low"
    unsure = " at least" if diff.not_compared else ""
    changes = plural(len(diff.changes), "change")
    yield f"{old} → {new}: {changes}; required bump:{unsure} {diff.bump.name}{least}{low}."
    yield from (f"    {bump.name}  {visible(reason)}" for bump, reason in diff.reasons())


def render_markdown(diff: Diff, most: int) -> str:
    """The diff as Markdown, for a pull request: the bump, its reasons, and a table of the changes."""
    head, *reasons = verdict(diff)
    told = [*map(corrected, diff.corrections), *map(unmatched, diff.unmatched), *lost(diff, most), *uncompared(diff)]
    lines = [f"**{literal(head)}**", "", *items(reasons), *([""] * bool(told)), *items(told)]
    if diff.changes:
        lines += ["", "| change | place | old | new |", "|---|---|---|---|", *map(row, examples(diff, most))]
    left = list(held_back(diff, most))
    return "\n".join([*lines, *([""] * bool(left)), *items(left)])


def items(texts: Iterable[str]) -> Iterator[str]:
    """Texts as a list."""
    return (f"- {literal(one.strip())}" for one in texts)


def row(change: Change) -> str:
    """A change as a row of a table."""
    cells = (change.kind, visible(change.place), *(values(change) or ("", "")))
    return markdown.row([literal(one) for one in cells])
