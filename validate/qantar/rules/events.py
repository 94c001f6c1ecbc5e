"""Rules on events: dates, types, parts, and that each is proven."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from qantar.dates import known_range
from qantar.model import ROW, Severity
from qantar.rule import Fault, Frame, circles, distinct, rows, rule, unproven

MODES: dict[str, tuple[str, ...]] = {
    "CONSULT": ("visit", "third-party", "multilateral", "phone"),
    "RETREAT": ("withdraw", "release", "disarm", "ceasefire", "access", "resign"),
    "REQUEST": ("assist", "change", "yield", "meet"),
    "REJECT": ("assist", "change", "yield", "meet"),
    "ACCUSE": ("disapprove", "investigate", "allege"),
    "THREATEN": ("restrict", "arrest", "relations", "expel", "territory", "violence"),
    "PROTEST": ("demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"),
    "SANCTION": ("convict", "expel", "withdraw", "discontinue"),
    "MOBILIZE": ("troops", "weapons", "police", "militia"),
    "COERCE": (
        "seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport", "withhold", "misinformation",
        "cyber",
    ),
    "ASSAULT": (
        "abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives",
        "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional",
    ),
}  # fmt: skip
"""The modes of each PLOVER 2.0 type; AGREE, SUPPORT, CONCEDE, COOPERATE and AID have none."""


@rule(
    field="date_end",
    expected="a day not before date_start",
    valid={
        "events": """
            event_id,date_start,date_end
            ev-0001,2022-01-05,2022-01-06
            ev-0002,,2022-01-06
        """
    },
    faulty={
        "events": """
            event_id,date_start,date_end
            ev-0001,2022-01-06,2022-01-05
        """
    },
)
def end_before_start(events: Frame) -> Frame:
    """The event ends before it starts.

    Earliest and latest day are derived from the date: correct the date, then both.
    """
    return events.filter(nw.col("date_end") < nw.col("date_start"))


@rule(
    field="event_mode",
    expected="a mode that PLOVER gives this type, or none",
    valid={
        "events": """
            event_id,event_type,event_mode
            ev-0001,PROTEST,riot
            ev-0002,AGREE,
            ev-0003,,
        """
    },
    faulty={
        "events": """
            event_id,event_type,event_mode
            ev-0001,PROTEST,firearms
            ev-0002,,riot
        """
    },
)
def mode_of_other_type(events: Frame) -> Iterator[Fault]:
    """The mode is not one of the event's type.

    PLOVER 2.0 defines modes by type, and a mode alone says nothing. Correct the type or the mode.
    """
    for row, kind, mode in rows(events.filter(~nw.col("event_mode").is_null()), ROW, "event_type", "event_mode"):
        modes = MODES.get(kind, ())
        if mode not in modes:
            yield Fault(
                row, f"one of {', '.join(modes)}" if modes else f"no mode: {kind or 'an event without a type'} has none"
            )


@rule(
    field="date",
    expected="a date within that of the event that it is part of",
    valid={
        "events": """
            event_id,part_of,date_start,date_end
            ev-0001,,2022-01-02,
            ev-0002,ev-0001,2022-01-04,2022-01-04
        """
    },
    faulty={
        "events": """
            event_id,part_of,date_start,date_end
            ev-0001,,2022-01-02,2022-01-03
            ev-0002,ev-0001,2022-01-04,2022-01-04
        """
    },
)
def event_outside_parent(events: Frame) -> Frame:
    """The event starts before or ends after the event that it is part of.

    A part cannot be longer than its whole. Widen the whole, correct the part, or link them otherwise.
    """
    whole = events.select(
        nw.col("event_id").alias("part_of"),
        nw.col("date_start").alias("whole_start"),
        nw.col("date_end").alias("whole_end"),
    )
    return events.join(whole, on="part_of").filter(
        (nw.col("date_start") < nw.col("whole_start")) | (nw.col("date_end") > nw.col("whole_end"))
    )


@rule(
    field="part_of",
    expected="an event that is not part of this one",
    valid={
        "events": """
            event_id,part_of
            ev-0001,
            ev-0002,ev-0001
        """
    },
    faulty={
        "events": """
            event_id,part_of
            ev-0001,ev-0002
            ev-0002,ev-0001
        """
    },
)
def circular_part(events: Frame) -> Iterator[Fault]:
    """The event is part of itself.

    Following `part_of` must end in an event that is part of none. Empty it in the row that is the whole.
    """
    return circles(events, "event_id", "part_of")


@rule(
    field="date",
    expected="a day on or before the latest day on which a report can have been issued",
    valid={
        "events": """
            event_id,date_start,modality
            ev-0001,2022-01-06,occurred
            ev-0002,2022-02-01,planned
        """,
        "sources": """
            source_id,kind,issued
            so-0001,report,[2022-01-06..2022-01-12]
        """,
    },
    faulty={
        "events": """
            event_id,date_start,modality
            ev-0001,2022-01-13,occurred
        """,
        "sources": """
            source_id,kind,issued
            so-0001,report,[2022-01-06..2022-01-12]
        """,
    },
)
def event_after_every_report(events: Frame, sources: Frame) -> Frame:
    """The event starts after the last report was issued.

    No report can tell of what has not happened yet, unless as planned or possible. Correct the date, the modality,
    or the report's date.
    """
    reports = sources.filter(nw.col("kind") == "report")
    known = [last for text in distinct(reports, "issued") if (last := known_range(text)[1])]
    if not known:
        return events.head(0)
    told = nw.col("modality").is_in(["occurred", "negated", "presupposed"])
    return events.filter(told & (nw.col("date_start") > nw.lit(max(known))))


@rule(
    field="event_id",
    expected="a mention whose record_id is this event",
    valid={
        "events": """
            event_id
            ev-0001
        """,
        "mentions": """
            resource,record_id
            events,ev-0001
        """,
    },
    faulty={
        "events": """
            event_id
            ev-0001
        """,
        "mentions": """
            resource,record_id
            figures,ev-0001
        """,
    },
)
def event_without_mention(events: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the event.

    What no report carries does not belong into the dataset. Add a mention, or remove the event.
    """
    return unproven(events, mentions, "events", "event_id")


@rule(
    severity=Severity.WARNING,
    field="event_id",
    expected="a participant with the role actor",
    valid={
        "events": """
            event_id,event_type,part_of
            ev-0001,ASSAULT,
            ev-0002,ASSAULT,ev-0001
            ev-0003,,
        """,
        "participants": """
            event_id,role
            ev-0001,actor
        """,
    },
    faulty={
        "events": """
            event_id,event_type,part_of
            ev-0001,ASSAULT,
        """,
        "participants": """
            event_id,role
            ev-0001,recipient
        """,
    },
)
def event_without_actor(events: Frame, participants: Frame) -> Frame:
    """Neither the event nor one that it is directly part of has an actor.

    PLOVER leaves events without an actor uncoded; here they are kept, since the words may leave the actor out. Add
    the actor if the report names one. Events without a type, such as a rise of prices, need none.
    """
    acted = participants.filter(nw.col("role") == "actor").select("event_id").unique()
    whole = acted.select(nw.col("event_id").alias("part_of"))
    return (
        events.filter(~nw.col("event_type").is_null())
        .join(acted, on="event_id", how="anti")
        .join(whole, on="part_of", how="anti")
    )
