"""Rules on links between events."""

from __future__ import annotations

import narwhals as nw

from qantar.rule import Frame, rule, unproven


@rule(
    field="other_event_id",
    expected="another event",
    valid={
        "event_links": """
            link_id,event_id,other_event_id
            li-0001,ev-0002,ev-0001
        """
    },
    faulty={
        "event_links": """
            link_id,event_id,other_event_id
            li-0001,ev-0001,ev-0001
        """
    },
)
def link_to_itself(event_links: Frame) -> Frame:
    """The event is linked to itself.

    Nothing causes, answers or follows itself. Correct one of the two events.
    """
    return event_links.filter(nw.col("event_id") == nw.col("other_event_id"))


@rule(
    field="event_id",
    expected="an event that does not end before the other one starts",
    valid={
        "event_links": """
            link_id,event_id,other_event_id
            li-0001,ev-0002,ev-0001
        """,
        "events": """
            event_id,date_start,date_end
            ev-0001,2022-01-02,2022-01-02
            ev-0002,2022-01-04,2022-01-04
        """,
    },
    faulty={
        "event_links": """
            link_id,event_id,other_event_id
            li-0001,ev-0001,ev-0002
        """,
        "events": """
            event_id,date_start,date_end
            ev-0001,2022-01-02,2022-01-02
            ev-0002,2022-01-04,2022-01-04
        """,
    },
)
def effect_before_cause(event_links: Frame, events: Frame) -> Frame:
    """The effect ends before its cause starts.

    All three relations place the event after the other one. Swap the events, or correct their dates.
    """
    effect = events.select("event_id", nw.col("date_end").alias("effect_end"))
    cause = events.select(nw.col("event_id").alias("other_event_id"), nw.col("date_start").alias("cause_start"))
    return (
        event_links.join(effect, on="event_id")
        .join(cause, on="other_event_id")
        .filter(nw.col("effect_end") < nw.col("cause_start"))
    )


@rule(
    field="link_id",
    expected="a mention whose record_id is this link",
    valid={
        "event_links": """
            link_id
            li-0001
        """,
        "mentions": """
            resource,record_id
            event_links,li-0001
        """,
    },
    faulty={
        "event_links": """
            link_id
            li-0001
        """,
        "mentions": """
            resource,record_id
            event_links,li-0002
        """,
    },
)
def link_without_mention(event_links: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the link.

    A cause is a claim like any other. Add a mention, or remove the link.
    """
    return unproven(event_links, mentions, "event_links", "link_id")
