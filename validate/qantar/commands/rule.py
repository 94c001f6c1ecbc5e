"""`qantar rule`."""

from __future__ import annotations

import click

from qantar.commands import shell_command
from qantar.commands.options import complete_rule


@shell_command("qantar rule type-error")
@click.argument("rule_id", metavar="[ID]", required=False, shell_complete=complete_rule)
def command(rule_id: str | None) -> None:
    """Explain the rule ID: what is wrong, why, and how to mend it; without ID, list all rules."""
    from qantar.catalogue import catalogue, find  # noqa: PLC0415 -- start-up is a feature
    from qantar.rulebook import explain  # noqa: PLC0415

    if rule_id is None:
        rules = catalogue()
        width = max(map(len, rules))
        click.echo("\n".join(f"{one.id:{width}}  {one.severity:7}  {one.message}" for one in rules.values()))
    else:
        click.echo(explain(find(rule_id)), nl=False)
