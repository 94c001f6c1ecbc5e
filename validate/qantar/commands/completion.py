"""`qantar completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from qantar.commands import cli, shell_command


@shell_command('eval "$(qantar completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print what makes SHELL complete commands, options and ids of rules.

    For bash and zsh, put the example (with the shell's name) into ~/.bashrc or ~/.zshrc; for fish, save the output as
    ~/.config/fish/completions/qantar.fish.
    """
    complete = get_completion_class(shell)
    assert complete  # noqa: S101 -- click has a class for each of the choices
    script = complete(cli, {}, "qantar", "_QANTAR_COMPLETE").source()
    # only the first comma ends the kind of a word: click's script for fish would cut lists of rules, and descriptions
    click.echo(script.replace('string split ","', 'string split --max 1 ","'))
