"""`qantar rule`."""

from __future__ import annotations

import click

from qantar.commands import shell_command
from qantar.commands.options import complete_rule


@shell_command("qantar rule type-error")
@click.argument("rule_id", metavar="[ID]", required=False, shell_complete=complete_rule)
@click.option("--all", "every", is_flag=True, help="Explain every rule.")
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Text, or JSON."
)
def command(rule_id: str | None, output_format: str, *, every: bool) -> None:
    """Explain the rule ID: what is wrong, why, and how to mend it; without ID, list all rules.

    As JSON, every rule is given whole: --all and a list are the same.
    """
    from qantar.catalogue import catalogue, find  # noqa: PLC0415 -- start-up is a feature
    from qantar.reports.json import write  # noqa: PLC0415
    from qantar.rulebook import explain, record  # noqa: PLC0415

    if rule_id is not None and every:
        raise click.UsageError("Name one rule, or ask for --all.")
    chosen = [find(rule_id)] if rule_id is not None else list(catalogue().values())
    if output_format == "json":
        records = [record(one) for one in chosen]
        click.echo(write(records if rule_id is None else records[0], indent=2))
    elif rule_id is None and not every:
        width = max(len(one.id) for one in chosen)
        click.echo("\n".join(f"{one.id:{width}}  {one.severity:7}  {one.message}" for one in chosen))
    else:
        click.echo("\n".join(map(explain, chosen)), nl=False)
