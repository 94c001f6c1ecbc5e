"""`qantar rule`."""

from __future__ import annotations

import difflib

import click


@click.command()
@click.argument("rule_id", metavar="ID", required=False)
def command(rule_id: str | None) -> None:
    """Explain the rule ID with its examples; without ID, list all rules."""
    from qantar.errors import UnknownRuleError  # noqa: PLC0415 -- start-up is a feature
    from qantar.rulebook import explain  # noqa: PLC0415
    from qantar.rules import RULES  # noqa: PLC0415

    if rule_id is None:
        width = max(map(len, RULES))
        click.echo("\n".join(f"{one.id:{width}}  {one.severity:7}  {one.message}" for one in RULES.values()))
    elif rule_id in RULES:
        click.echo(explain(RULES[rule_id]), nl=False)
    else:
        near = difflib.get_close_matches(rule_id, RULES, 1)
        hint = f" Did you mean {near[0]}?" if near else " Run qantar rule for the list."
        raise UnknownRuleError(f"{rule_id}  No rule has this id.{hint}")
