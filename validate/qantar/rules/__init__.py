"""The rules of the claims model, a module for each resource whose rows they fault.

A rule speaks Narwhals, so that it runs on polars and on DuckDB alike. It imports nothing that reads or prints.
"""

from qantar.rule import RULES
from qantar.rules import (
    event_links,
    events,
    every,
    figures,
    memberships,
    mentions,
    organisations,
    people,
    places,
    sources,
)

__all__ = [
    "RULES",
    "event_links",
    "events",
    "every",
    "figures",
    "memberships",
    "mentions",
    "organisations",
    "people",
    "places",
    "sources",
]
