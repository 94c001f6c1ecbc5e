"""RULES -> docs/rules.md, and the text of `qantar rule`."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.rule import Rule, Tables
from qantar.rules import RULES


def rulebook() -> str:
    """All rules as one Markdown page."""
    head = (
        "# Rules\n\n"
        "Generated from the rules' own documentation and examples by `qantar docs`; the examples are run as tests.\n"
        'A package asks for these rules with `"qantar": {"model": "claims"}` in its descriptor. `table` stands for\n'
        "every resource of the package.\n"
    )
    return "\n".join([head, *(explain(rule) for rule in RULES.values())])


def explain(rule: Rule) -> str:
    """One rule as Markdown: what is wrong, why, how to repair it, and its examples."""
    first, _, rest = rule.documentation.partition("\n")
    named = f", field `{rule.field}`" if rule.field else ""
    parts = [
        f"## {rule.id}",
        f"{rule.severity} in `{rule.resource}`{named}",
        first,
        rest.strip(),
        f"Expected: {rule.expected}.",
    ]
    return (
        "\n\n".join(
            [part for part in parts if part] + [*examples("Passes", rule.valid), *examples("Faults", rule.faulty)]
        )
        + "\n"
    )


def record(rule: Rule) -> dict[str, object]:
    """One rule as JSON gives it; the tables of its examples are CSV, by resource."""
    return {
        "id": rule.id,
        "severity": rule.severity,
        "resource": rule.resource,
        "field": rule.field or None,
        "message": rule.message,
        "documentation": rule.documentation,
        "expected": rule.expected,
        "valid": rule.valid,
        "faulty": rule.faulty,
    }


def examples(title: str, tables: Tables) -> Iterator[str]:
    """The tables of an example as CSV."""
    yield f"{title}:"
    for name, text in tables.items():
        yield f"```csv\n# {name}\n{text}```"
