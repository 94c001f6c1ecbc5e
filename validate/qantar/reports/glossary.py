"""What each rule means, for formats that explain the rules beside the findings."""

from __future__ import annotations

from qantar.reports.wording import visible


def explain(rule: str) -> tuple[str, str]:
    """The fault that a rule finds, in one sentence, and all that is to be said of it, as Markdown."""
    from qantar.catalogue import ENGINE, catalogue  # noqa: PLC0415 -- the model's rules need narwhals
    from qantar.rulebook import explain as documented  # noqa: PLC0415 -- the same

    known = ENGINE.get(rule) or catalogue().get(rule)
    return (known.message, documented(known).partition("\n\n")[2]) if known else (visible(rule), visible(rule))
