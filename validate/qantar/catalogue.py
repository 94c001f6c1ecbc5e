"""Every rule id: the engine's faults with their meaning and mend, and the rules of the claims model."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qantar.errors import UnknownRuleError
from qantar.model import Severity

if TYPE_CHECKING:
    from qantar.rule import Rule


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault that the engine finds in any package."""

    id: str
    message: str
    mend: str
    severity: Severity = Severity.ERROR


STALE_EXCEPTION, STALE_BASELINE = STALE = "stale-exception", "stale-baseline"

ENTRIES = (
    Entry(
        "package-error",
        "The descriptor breaks the Data Package standard.",
        "The field of the finding is the way to the property. Correct it in the descriptor. What the standard only\n"
        "recommends is a warning.",
    ),
    Entry(
        "schema-error",
        "A schema cannot be read, or breaks the Table Schema standard.",
        "Until it can be read, its resource is not checked. What the standard only recommends is a warning.",
    ),
    Entry(
        "dialect-error",
        "A dialect breaks the Table Dialect standard.",
        "Correct the property, or leave it out to have its default.",
    ),
    Entry("missing-file", "The file of a resource is missing.", "Add the file, or correct the path in the descriptor."),
    Entry(
        "scheme-error",
        "The file of a resource cannot be read.",
        "The message has the system's reason: rights, say, or an archive that does not unpack.",
    ),
    Entry(
        "hash-count",
        "The file has another digest than the descriptor says.",
        "It was changed since it was described, or damaged. If that is meant, run `qantar stamp`; else restore it.",
    ),
    Entry(
        "byte-count",
        "The file has another length than the descriptor says.",
        "It was changed after it was described, or cut off. If that is meant, run `qantar stamp`; else restore it.",
    ),
    Entry(
        "encoding-error",
        "A byte is not of the encoding that the descriptor names.",
        "Save the file in that encoding, UTF-8 where none is named. Other checks pass over cells with such a byte.",
    ),
    Entry(
        "source-error",
        "The file is not well-formed CSV, JSON or Parquet.",
        "Often a quotation mark is not closed, or is not doubled inside a quoted cell. What follows is not checked.",
    ),
    Entry(
        "blank-label", "A column has no label.", "Write the name of its field into the header, or remove the column."
    ),
    Entry("duplicate-label", "A label stands twice in the header.", "Rename one of the columns, or remove it."),
    Entry(
        "incorrect-label",
        "A label is not the name of its field, or the columns are out of order.",
        "Write the header as the schema has it. The cells of a misspelt column are checked all the same.",
    ),
    Entry(
        "extra-label",
        "A label is no field of the schema.",
        "Remove the column, describe it in the schema, or allow it with `fieldsMatch`.",
    ),
    Entry(
        "missing-label",
        "A field of the schema has no column.",
        "Add the column, or allow its absence with `fieldsMatch`. What needs the field is not checked.",
    ),
    Entry(
        "undeclared-delimiter",
        "The cells are parted by a delimiter that the descriptor does not declare.",
        "Declare it as `delimiter` of the dialect, or write the file with the declared one.",
    ),
    Entry("blank-row", "The row is blank.", "Remove the line."),
    Entry(
        "missing-cell",
        "The row has fewer cells than the header.",
        "Write every delimiter, also of empty cells. The row is left out of further checks.",
    ),
    Entry(
        "extra-cell",
        "The row has more cells than the header.",
        "Quote a cell that holds the delimiter. The row is left out of further checks.",
    ),
    Entry(
        "type-error",
        "The cell is not of its field's type and format.",
        "Write it by the lexical rules of Table Schema: `2024-02-01` is a date, `2024-2-1` is none. An empty cell is\n"
        "missing, never of a wrong type.",
    ),
    Entry(
        "constraint-error",
        "The cell breaks a constraint of its field.",
        "Correct the cell, or the constraint in the schema where that is too strict.\n"
        "A pattern must match the whole value.",
    ),
    Entry(
        "unknown-code",
        "The cell is not a code of the field.",
        "Write one of the field's categories (the hint has the nearest), or add the code to the schema.",
    ),
    Entry(
        "primary-key",
        "The primary key stands in another row too, or a part of it is empty.",
        "Give each row a key of its own. The first row with a key is not at fault.",
    ),
    Entry(
        "unique-error",
        "A value that may stand once stands in another row too.",
        "Correct one of the rows. The first row with the value is not at fault.",
    ),
    Entry(
        "foreign-key",
        "The cell refers to a record that is not there.",
        "Add the record that is meant, or correct the cell (the hint has the nearest key).",
    ),
    Entry(
        "report-digest-differs",
        "The text of a report is not the one that was curated.",
        "Found by `qantar verify`. Restore the text, byte for byte.",
    ),
    Entry(
        "span-digest-differs",
        "The passage of a mention is not the one that was curated.",
        "Found by `qantar verify`. Locate the passage again, and correct start, end and digest.",
    ),
    Entry(
        STALE_EXCEPTION,
        "An exception of the configuration matches no finding.",
        "What it excused was mended, or its rule, key or field is misspelt. Remove or correct the entry.",
    ),
    Entry(
        STALE_BASELINE,
        "A finding of the baseline is no longer there.",
        "It was mended. Write the baseline anew with `--write-baseline`, so that it cannot come back unseen.",
        Severity.WARNING,
    ),
)

ENGINE = {one.id: one for one in ENTRIES}
"""The engine's faults by id."""


def catalogue() -> dict[str, Entry | Rule]:
    """Every rule by id, the engine's first."""
    from qantar.rules import RULES  # noqa: PLC0415 -- most runs need none of the model's rules

    return {**ENGINE, **RULES}


def find(rule_id: str) -> Entry | Rule:
    """The rule with an id; UnknownRuleError, with the nearest one, where there is none."""
    if rule_id in ENGINE:
        return ENGINE[rule_id]
    rules = catalogue()
    if rule_id not in rules:
        raise UnknownRuleError(f"{rule_id}  No rule has this id.{did_you_mean(rule_id, rules)}")
    return rules[rule_id]


def did_you_mean(word: str, known: Iterable[str], otherwise: str = " Run qantar rule for the list.") -> str:
    """The nearest known word as a question, with a space before it."""
    hint = Hints().nearest(word, list(known))
    return f" {hint}" if hint else otherwise


@dataclass
class Hints:
    """Names the nearest of known words, as long as there is not too much to compare: each character with each.

    Of that, `left` is done, which takes a second or two at worst.
    """

    left: int = 5_000_000

    def nearest(self, word: str, known: Collection[str]) -> str | None:
        """The nearest known word as a question, None where no word is near."""
        work = len(word) * sum(map(len, known))
        if work > self.left:
            return None
        self.left -= work
        near = difflib.get_close_matches(word, known, 1)
        return f"Did you mean {near[0]}?" if near else None
