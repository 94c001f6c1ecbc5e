"""What each rule means, for formats that explain the rules beside the findings."""

from __future__ import annotations

from qantar.reports.wording import visible

STANDARD = {
    "package-error": "The descriptor breaks the Data Package standard.",
    "schema-error": "A schema breaks the Table Schema standard.",
    "dialect-error": "A dialect breaks the Table Dialect standard.",
    "missing-file": "A file that the descriptor names is not there.",
    "scheme-error": "A file cannot be read.",
    "hash-count": "A file has another digest than the descriptor says.",
    "byte-count": "A file has another length than the descriptor says.",
    "encoding-error": "Bytes are not text in the encoding of the file.",
    "source-error": "A file is not well-formed.",
    "blank-label": "A column has no label.",
    "duplicate-label": "Two columns have one label.",
    "incorrect-label": "A label is not the one that the schema has there.",
    "extra-label": "A column is not in the schema.",
    "missing-label": "A field of the schema has no column.",
    "undeclared-delimiter": "The cells are parted by something that the dialect does not say.",
    "blank-row": "A row is blank.",
    "missing-cell": "A row has fewer cells than the header.",
    "extra-cell": "A row has more cells than the header.",
    "type-error": "A cell is not of its field's type and format.",
    "constraint-error": "A cell breaks a constraint of its field.",
    "unknown-code": "A cell is not a code of its field.",
    "primary-key": "A primary key stands twice or is empty.",
    "unique-error": "A value or a key that must be unique stands twice.",
    "foreign-key": "A reference leads to no record.",
}
"""The rules that follow from the standard, each with its fault."""


def explain(rule: str) -> tuple[str, str]:
    """The fault that a rule finds, in one sentence, and all that is to be said of it, as Markdown."""
    if rule in STANDARD:
        return STANDARD[rule], STANDARD[rule]
    from qantar.rulebook import explain as documented  # noqa: PLC0415 -- the rules need narwhals
    from qantar.rules import RULES  # noqa: PLC0415 -- the same

    known = RULES.get(rule)
    return (known.message, documented(known).partition("\n\n")[2]) if known else (visible(rule), visible(rule))
