"""A report in the formats in which it is read; strings out, nothing printed.

Each format is a module with `render(report: Report) -> str`, imported only when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from qantar.errors import MissingExtraError
from qantar.model import Report

Render: TypeAlias = Callable[[Report], str]

FORMATS = {
    "text": "lines to read",
    "concise": "a line a finding",
    "json": "one object",
    "jsonl": "an object a line",
    "github": "annotations of a pull request",
    "gitlab": "GitLab's code quality",
    "junit": "a test dashboard",
    "sarif": "code scanning",
    "html": "a page for the browser",
    "markdown": "the summary of a CI job",
}
"""All formats, each with what it is for; the module of a format bears its name."""


def renderer(name: str, *, colour: bool = False) -> Render:
    """What makes a report a string in one of FORMATS; `colour` is for `text` on a terminal.

    Raises MissingExtraError where the format wants a library that is not installed.
    """
    try:
        module = importlib.import_module(f"qantar.reports.{name}")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{name}  The format needs {error.name}, which is not installed. Run pip install 'qantar[{name}]'."
        ) from None
    render: Render = partial(module.render, colour=True) if colour and name == "text" else module.render
    return render
