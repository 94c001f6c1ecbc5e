"""The help of every command -> docs/cli.md: the same on every terminal."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from qantar.commands import COMMANDS, Command, cli

HEAD = """# The command line

Generated from the help of the commands by `qantar docs`.
"""


def manual() -> str:
    """The help of every command as one Markdown page."""
    top = click.Context(cli, info_name="qantar")
    return "\n".join([HEAD, *(part for name in COMMANDS for part in chapter(name, top))])


def chapter(name: str, top: click.Context) -> Iterator[str]:
    """One command: how it is called, what it does, its options by group, an example."""
    command = cli.get_command(top, name)
    assert isinstance(command, click.Command)  # noqa: S101 -- every name of COMMANDS is one
    ctx = click.Context(command, parent=top, info_name=name)
    yield f"## {ctx.command_path}\n"
    yield f"    {ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}\n"
    yield inspect.cleandoc(command.help or "") + "\n"
    options = {option: one for one in command.params if isinstance(one, click.Option) for option in one.opts}
    groups = dict(command.groups) if isinstance(command, Command) else {}
    grouped = {option for names in groups.values() for option in names}
    rest = [one.opts[0] for one in dict.fromkeys(options.values()) if not grouped & set(one.opts)]
    for title, names in {**groups, "Options": rest}.items():
        if names:
            yield f"| {title} | |\n|---|---|\n{table(ctx, [options[one] for one in names])}\n"
    if command.epilog:
        yield f"{command.epilog}\n".replace("Example:  ", "Example:\n\n    ")


def table(ctx: click.Context, options: list[click.Option]) -> str:
    """A row for each option: how it is written, and what it does."""
    records = [one.get_help_record(ctx) or ("", "") for one in options]
    rows = [[part.replace("|", "\\|") for part in record] for record in records]
    return "\n".join(f"| `{names}` | {' '.join(meaning.split())} |" for names, meaning in rows)
