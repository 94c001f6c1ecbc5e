"""`qantar rule`."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from qantar.rule import Rule


@click.command()
@click.argument("rule_id", metavar="ID", required=False)
@click.option("--all", "every", is_flag=True, help="Explain every rule.")
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Text, or JSON."
)
def command(rule_id: str | None, output_format: str, *, every: bool) -> None:
    """Explain the rule ID with its examples; without ID, list all rules.

    As JSON, every rule is given whole: --all and a list are the same.
    """
    from qantar.reports.json import write  # noqa: PLC0415 -- start-up is a feature
    from qantar.rulebook import explain, record  # noqa: PLC0415
    from qantar.rules import RULES  # noqa: PLC0415

    if rule_id is not None and every:
        raise click.UsageError("Name one rule, or ask for --all.")
    chosen = [find(rule_id)] if rule_id is not None else list(RULES.values())
    if output_format == "json":
        records = [record(one) for one in chosen]
        click.echo(write(records if rule_id is None else records[0], indent=2))
    elif rule_id is None and not every:
        width = max(map(len, RULES))
        click.echo("\n".join(f"{one.id:{width}}  {one.severity:7}  {one.message}" for one in chosen))
    else:
        click.echo("\n".join(map(explain, chosen)), nl=False)


def find(rule_id: str) -> Rule:
    """The rule of that id; UnknownRuleError, which names the nearest, where there is none."""
    from qantar.errors import UnknownRuleError  # noqa: PLC0415 -- start-up is a feature
    from qantar.rules import RULES  # noqa: PLC0415

    if rule_id not in RULES:
        near = difflib.get_close_matches(rule_id, RULES, 1)
        hint = f" Did you mean {near[0]}?" if near else " Run qantar rule for the list."
        raise UnknownRuleError(f"{rule_id}  No rule has this id.{hint}")
    return RULES[rule_id]
