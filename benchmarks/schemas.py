"""What the generated packages consist of: the Table Schemas of the four tables, and the kinds of faults."""
# ruff: noqa: RUF001 -- no package; digits beyond ASCII are a part of the data

from __future__ import annotations

from typing import Any

KINDS = ["report", "statement", "post", "interview", "broadcast", "leaflet"]
ACTS = ["PROTEST", "ASSAULT", "COERCE", "ACCUSE", "REQUEST", "MOBILIZE", "CONSULT", "SUPPORT", "CONCEDE", "RETREAT"]
MEASURES = ["killed", "injured", "hospitalised", "detained", "deployed", "attended", "seats", "votes", "members"]
COUNTRIES = ["KAZ", "RUS", "HUN", "KGZ", "ARM", "BLR", "TJK", "UZB"]

LONGEST = 160
"""Longest note in characters; one in a thousand has as many, none of them ASCII, so that counting bytes shows."""

Schema = dict[str, Any]


def field(name: str, kind: str = "string", **constraints: Any) -> Schema:  # noqa: ANN401 -- JSON values
    """A field of a Table Schema."""
    return {"name": name, "type": kind} | ({"constraints": constraints} if constraints else {})


def key(name: str, resource: str, referred: str) -> Schema:
    """A foreign key of a Table Schema; the resource is empty where the key refers to its own."""
    return {"fields": [name], "reference": {"resource": resource, "fields": [referred]}}


SPAN = {"minimum": "2019-01-01", "maximum": "2022-12-31"}
AMOUNT = {"minimum": 0, "maximum": 10_000_000}
NOTE = field("note", maxLength=LONGEST)

SCHEMAS: dict[str, Schema] = {
    "sources": {
        "fields": [
            field("source_id", required=True, pattern="sr-[0-9]{8}"),
            field("kind", required=True, enum=KINDS),
            field("title", required=True, maxLength=80),
            field("url", unique=True, pattern=r"https://[a-z]+\.example/[0-9]+"),
            field("cited_in"),
            field("published", "date", **SPAN),
            field("pages", "integer", minimum=1, maximum=2000),
            field("archived", "boolean"),
            NOTE,
        ],
        "primaryKey": ["source_id"],
        "foreignKeys": [key("cited_in", "", "source_id")],
    },
    "organisations": {
        "fields": [
            field("organisation_id", required=True, pattern="or-[0-9]{8}"),
            field("name", required=True, maxLength=80),
            field("kind", required=True, enum=["state", "ministry", "force", "media", "party"]),
            field("country", required=True, pattern="[A-Z]{3}"),
            field("parent_id"),
            field("founded", "date", minimum="1800-01-01", maximum="2022-12-31"),
            field("staff", "integer", **AMOUNT),
            field("active", "boolean", required=True),
            NOTE,
        ],
        "primaryKey": ["organisation_id"],
        "uniqueKeys": [["name", "country"]],
        "foreignKeys": [key("parent_id", "", "organisation_id")],
    },
    "events": {
        "fields": [
            field("event_id", required=True, pattern="ev-[0-9]{8}"),
            field("code", "integer", required=True, unique=True, minimum=1),
            field("kind", required=True, enum=ACTS),
            field("label", required=True, maxLength=80),
            field("part_of"),
            field("organisation_id"),
            field("started", "date", required=True, **SPAN),
            field("latitude", "number", minimum=-90, maximum=90),
            field("longitude", "number", minimum=-180, maximum=180),
            field("place", pattern=r"[A-Z]{3}\.[0-9]+"),
            field("witnesses", "integer", **AMOUNT),
            field("confirmed", "boolean"),
            NOTE,
        ],
        "primaryKey": ["event_id"],
        "foreignKeys": [
            key("part_of", "", "event_id"),
            key("organisation_id", "organisations", "organisation_id"),
        ],
    },
    "figures": {
        "fields": [
            field("figure_id", required=True, pattern="fg-[0-9]{8}"),
            field("event_id", required=True),
            field("rank", "integer", required=True, minimum=1),
            field("source_id", required=True),
            field("organisation_id"),
            field("part_of"),
            field("measure", required=True, enum=MEASURES),
            field("low", "integer", **AMOUNT),
            field("high", "integer", **AMOUNT),
            field("share", "number", minimum=0, maximum=100),
            field("as_of", "date", **SPAN),
            field("approximate", "boolean", required=True),
            field("words", required=True, maxLength=80),
            field("locator", pattern="p[0-9]+:[0-9]+"),
            NOTE,
        ],
        "primaryKey": ["figure_id"],
        "uniqueKeys": [["event_id", "rank"]],
        "foreignKeys": [
            key("part_of", "", "figure_id"),
            key("event_id", "events", "event_id"),
            key("source_id", "sources", "source_id"),
            key("organisation_id", "organisations", "organisation_id"),
        ],
    },
}

SIZES = {"sources": 0.1, "organisations": 0.01, "events": 0.2, "figures": 1.0}
PREFIXES = {"sources": "sr", "organisations": "or", "events": "ev", "figures": "fg"}

FAULTS: dict[str, tuple[str, dict[str, str], list[str]]] = {
    # kind: (rule, the field in each resource, what stands there; {i} is the row's index, {twin} that of another row)
    "bad-integer": (
        "type-error",
        {"sources": "pages", "organisations": "staff", "events": "witnesses", "figures": "low"},
        ["12a", "1_000", "3.5", "１２"],
    ),
    "bad-date": (
        "type-error",
        {"sources": "published", "organisations": "founded", "events": "started", "figures": "as_of"},
        ["2021-02-30", "2021-2-1", "1 March 2021"],
    ),
    "bad-code": (
        "constraint-error",
        {"sources": "kind", "organisations": "kind", "events": "kind", "figures": "measure"},
        ["unknown", "killd", "ACCÜSE"],
    ),
    "broken-pattern": (
        "constraint-error",
        {"sources": "url", "organisations": "country", "events": "place", "figures": "locator"},
        ["https://a.example/p1:{i}!", "KAZ.1 {i}"],
    ),
    "out-of-range": (
        "constraint-error",
        {"sources": "pages", "organisations": "staff", "events": "latitude", "figures": "high"},
        ["-20000000", "20000000"],
    ),
    "too-long": (
        "constraint-error",
        {"sources": "title", "organisations": "name", "events": "label", "figures": "words"},
        ["ő" * 90 + " {i} többen"],
    ),
    "empty-required": (  # in no key: whether two keys with an empty part are equal is another question
        "constraint-error",
        {"sources": "title", "organisations": "active", "events": "label", "figures": "words"},
        [""],
    ),
    "duplicate-key": (
        "primary-key",
        {"sources": "source_id", "organisations": "organisation_id", "events": "event_id", "figures": "figure_id"},
        ["{prefix}-{twin:08}"],
    ),
    "dangling-key": (
        "foreign-key",
        {"sources": "cited_in", "organisations": "parent_id", "events": "organisation_id", "figures": "source_id"},
        ["xx-{i:08}"],
    ),
    "short-row": ("missing-cell", {}, [""]),
    "long-row": ("extra-cell", {}, ["surplus"]),
}
