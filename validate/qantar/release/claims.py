"""What the claims are as a table of a release, and what each of their columns is."""

from __future__ import annotations

from qantar.dataset import CLAIMS
from qantar.package import Json, Package

ABOUT = "One row a figure: what it is about, what it counts and says, and who said it through whom."
"""What the claims are."""

SHOWN = {
    "event": ("events", "title", ""),
    "event_place": ("places", "name", "+event"),
    "place": ("places", "name", ""),
    "organisation": ("organisations", "name", ""),
    "speaker": ("sources", "title", ""),
}
"""Columns of the claims that show a field of another table: its hashtag holds for them, with an attribute more."""

MADE = {
    "event": ("Event", "Title of the event."),
    "event_place": ("Place of the event", "Name of the place of the event."),
    "place": ("Place", "Name of the place for which the number holds, where the report gives one."),
    "organisation": ("Organisation", "Name of the organisation that the number describes."),
    "speaker": ("Speaker", "Who said the figure first: person and organisation, as far as known, else the source."),
    "attribution": ("Attribution", "Who said the figure, and through whom it reached the report, joined by arrows."),
    "chain": ("Chain", "The same as identifiers of sources, joined by blanks."),
    "report_id": ("Report", "Identifier of the source, a report, in which the chain ends."),
}
"""Title and description of the columns that show no field under its own name."""


def claim_fields(package: Package) -> list[dict[str, Json]]:
    """The columns of the claims, described as fields: as the field that they show, or what they are made of."""
    fields = {(name, one["name"]): one for name, each in package.resources.items() for one in each.fields}
    return [
        {"name": one, "type": "string", "title": MADE[one][0], "description": MADE[one][1]}
        if one in MADE
        else fields.get(("figures", one)) or fields.get(("events", one)) or {"name": one}
        for one in CLAIMS
    ]
