"""The options that are settings too: those of `qantar validate` and `qantar config`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from pathlib import Path
from typing import TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., object])


SETTINGS = ("--select", "--ignore", "--baseline", "--fail-on", "--isolated")
"""The options that say which findings count."""


def rule_ids(_ctx: click.Context, _param: click.Parameter, values: Iterable[str]) -> list[str]:
    """The ids of an option that takes lists of them, and may be repeated."""
    return [one.strip() for value in values for one in value.split(",") if one.strip()]


def complete_rule(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The ids that begin, after the last comma, with what was typed."""
    from qantar.catalogue import catalogue  # noqa: PLC0415 -- only a shell that completes needs it

    before, comma, last = incomplete.rpartition(",")
    return [before + comma + one for one in catalogue() if one.startswith(last)]


def settings_options(function: Decorated) -> Decorated:
    """Add the options to a command; they arrive as `Given` wants them."""
    options = (
        click.option(
            "--select",
            multiple=True,
            metavar="RULES",
            callback=rule_ids,
            shell_complete=complete_rule,
            help="Report only these rules: ids, parted by commas.",
        ),
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULES",
            callback=rule_ids,
            shell_complete=complete_rule,
            help="Do not report these rules.",
        ),
        click.option(
            "--baseline",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Report only what is not in this baseline.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "never"]),
            help="Exit 1 from this severity on.  [default: error]",
        ),
        click.option(
            "--max-examples",
            type=click.IntRange(0),
            metavar="N",
            help="Findings shown of each rule and resource.  [default: 50]",
        ),
        click.option("--isolated", is_flag=True, help="Do not read qantar.toml and pyproject.toml."),
    )
    return reduce(lambda inner, option: option(inner), reversed(options), function)
