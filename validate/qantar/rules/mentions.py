"""Rules on mentions, as far as they can be checked without the reports' texts."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from qantar.model import ROW
from qantar.rule import Fault, Frame, chain, rows, rule

KEYS = {
    "sources": "source_id",
    "events": "event_id",
    "figures": "figure_id",
    "organisations": "organisation_id",
    "places": "place_id",
    "people": "person_id",
    "memberships": "membership_id",
    "event_links": "link_id",
}
"""The primary key of each resource that mentions prove."""

NO_OTHERS = {name: f"{key}\n" for name, key in KEYS.items() if name != "events"}


@rule(
    field="record_id",
    expected="the id of a record of that resource",
    valid={
        "mentions": """
            mention_id,resource,record_id
            mn-0001,events,ev-0001
        """,
        "events": """
            event_id
            ev-0001
        """,
        **NO_OTHERS,
    },
    faulty={
        "mentions": """
            mention_id,resource,record_id
            mn-0001,events,ev-0002
            mn-0002,figures,ev-0001
        """,
        "events": """
            event_id
            ev-0001
        """,
        **NO_OTHERS,
    },
)
def unknown_record(
    mentions: Frame,
    sources: Frame,
    events: Frame,
    figures: Frame,
    organisations: Frame,
    places: Frame,
    people: Frame,
    memberships: Frame,
    event_links: Frame,
) -> Frame:
    """The mention proves a record that is not there.

    It is the foreign key that Table Schema cannot say: the resource stands in the row. Correct `resource` or
    `record_id`, or remove the mention.
    """
    tables = (sources, events, figures, organisations, places, people, memberships, event_links)
    known = [
        table.select(nw.lit(name).alias("resource"), nw.col(key).alias("record_id"))
        for (name, key), table in zip(KEYS.items(), tables, strict=True)
    ]
    listed = mentions.filter(nw.col("resource").is_in(list(KEYS)) & ~nw.col("record_id").is_null())
    return listed.join(nw.concat(known), on=["resource", "record_id"], how="anti")


@rule(
    field="end",
    expected="an offset behind start",
    valid={
        "mentions": """
            mention_id,start,end
            mn-0001,0,12
        """
    },
    faulty={
        "mentions": """
            mention_id,start,end
            mn-0001,12,0
            mn-0002,12,12
        """
    },
)
def reversed_span(mentions: Frame) -> Frame:
    """The passage ends before it starts, or is empty.

    `end` is the offset behind the last character. Swap the offsets, or locate the passage again.
    """
    return mentions.filter(nw.col("end") <= nw.col("start"))


@rule(
    field="end",
    expected="an offset within the report",
    valid={
        "mentions": """
            mention_id,source_id,end
            mn-0001,so-0002,2071
        """,
        "sources": """
            source_id,cited_in,characters
            so-0001,,2071
            so-0002,so-0001,
        """,
    },
    faulty={
        "mentions": """
            mention_id,source_id,end
            mn-0001,so-0002,2072
        """,
        "sources": """
            source_id,cited_in,characters
            so-0001,,2071
            so-0002,so-0001,
        """,
    },
)
def span_beyond_report(mentions: Frame, sources: Frame) -> Iterator[Fault]:
    """The passage ends behind the end of the report.

    Offsets count the code points of the report in which the speaker's chain ends. Check that the speaker is one of
    that report, then the offsets.
    """
    listed = list(rows(sources, "source_id", "cited_in", "characters"))
    up = {source: above for source, above, _ in listed}
    length = {source: characters for source, _, characters in listed}
    last = mentions.group_by("source_id").agg(nw.col("end").max())
    for source, end in rows(last.drop_nulls(), "source_id", "end"):
        characters = length.get(chain(up, source)[-1])
        if characters is not None and end > characters:
            beyond = mentions.filter((nw.col("source_id") == source) & (nw.col("end") > characters))
            yield from (Fault(row, f"{characters} at most") for (row,) in rows(beyond, ROW))


SPAN = ["resource", "record_id", "source_id", "start", "end"]


@rule(
    field="mention_id",
    expected="each passage once for a record and a speaker",
    valid={
        "mentions": """
            mention_id,resource,record_id,source_id,start,end
            mn-0001,events,ev-0001,so-0001,0,12
            mn-0002,figures,fg-0001,so-0001,0,12
        """
    },
    faulty={
        "mentions": """
            mention_id,resource,record_id,source_id,start,end
            mn-0001,events,ev-0001,so-0001,0,12
            mn-0002,events,ev-0001,so-0001,0,12
        """
    },
)
def repeated_mention(mentions: Frame) -> Frame:
    """The same passage is given twice as proof of the same record.

    It proves nothing more. Remove the later row.
    """
    first = mentions.drop_nulls(SPAN).group_by(SPAN).agg(nw.col(ROW).min().alias("first_row"))
    return mentions.join(first, on=SPAN).filter(nw.col(ROW) > nw.col("first_row"))
