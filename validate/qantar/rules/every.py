"""Rules on every resource."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from qantar.dates import is_edtf, known_range
from qantar.model import ROW, Severity
from qantar.rule import About, Fault, Frame, distinct, rows, rule


@rule(
    severity=Severity.WARNING,
    field="",
    expected="rows in the order of the primary key, by code point",
    valid={
        "events": """
            event_id
            ev-0001
            ev-0002
        """
    },
    faulty={
        "events": """
            event_id
            ev-0002
            ev-0001
        """
    },
)
def unsorted_rows(table: Frame, about: About) -> Frame:
    """The row stands behind one with a greater key.

    Sorted files give small differences between releases, and one form to one content. Sort the file by its key.
    """
    joined = nw.concat_str([nw.col(name).cast(nw.String) for name in about.key], separator="\x1f")
    before = joined.shift(1).over(order_by=ROW)
    return table.with_columns(joined.alias("_key"), before.alias("_before")).filter(nw.col("_key") < nw.col("_before"))


@rule(
    field="",
    expected="an id that was never retired",
    valid={
        "events": """
            event_id
            ev-0001
        """,
        "retired": """
            resource,record_id
            events,ev-0002
            figures,ev-0001
        """,
    },
    faulty={
        "events": """
            event_id
            ev-0001
        """,
        "retired": """
            resource,record_id
            events,ev-0001
        """,
    },
)
def reused_retired_id(table: Frame, retired: Frame, about: About) -> Frame:
    """The id was once published for another record, and retired.

    A published id never changes its meaning: whoever cited it would cite something else. Give the record a new id.
    """
    if len(about.key) != 1:
        return table.head(0)
    gone = retired.filter(nw.col("resource") == about.resource).select(nw.col("record_id").alias(about.key[0]))
    return table.join(gone, on=about.key[0], how="semi")


@rule(
    field="",
    expected="an EDTF date (ISO 8601-2) whose days exist",
    valid={
        "events": """
            event_id,date
            ev-0001,2022-01-05
            ev-0002,[..2022-01-06]
            ev-0003,2022-01-06?
            ev-0004,2022-01-02/..
        """
    },
    faulty={
        "events": """
            event_id,date
            ev-0001,2022-1-5
            ev-0002,2022-02-30
            ev-0003,last week
        """
    },
)
def invalid_edtf(table: Frame, about: About) -> Iterator[Fault]:
    """The date is not EDTF.

    Write a day as 2022-01-05, a day or earlier as [..2022-01-05], an uncertain day with ?, an interval with /.
    """
    for name in about.edtf:
        wrong = [text for text in distinct(table, name) if not is_edtf(text)]
        if wrong:
            yield from (Fault(row, field=name) for (row,) in rows(table.filter(nw.col(name).is_in(wrong)), ROW))


@rule(
    field="date_start",
    expected="the earliest and the latest day that the date allows",
    valid={
        "events": """
            event_id,date,date_start,date_end
            ev-0001,2022-01-05,2022-01-05,2022-01-05
            ev-0002,[..2022-01-06],,2022-01-06
            ev-0003,,,
        """
    },
    faulty={
        "events": """
            event_id,date,date_start,date_end
            ev-0001,2022-01-05,2022-01-05,2022-01-06
            ev-0002,[..2022-01-06],2022-01-06,2022-01-06
            ev-0003,,2022-01-06,
        """
    },
)
def derived_date_differs(events: Frame) -> Iterator[Fault]:
    """The earliest or the latest day does not follow from the date.

    Both are derived, for tools that read no EDTF. Correct them, or the date.
    """
    for row, text, *coded in rows(events, ROW, "date", "date_start", "date_end"):
        if text is None or is_edtf(text):
            for name, day, found in zip(("date_start", "date_end"), known_range(text), coded, strict=True):
                if day != found:
                    yield Fault(row, f"{day or 'no day'}, from {text or 'no date'}", field=name)
