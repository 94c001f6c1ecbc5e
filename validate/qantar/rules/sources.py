"""Rules on sources: the attribution chain, and what binds a report."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from qantar.dates import known_range
from qantar.model import ROW
from qantar.rule import Fault, Frame, circles, rows, rule, unproven


@rule(
    field="cited_in",
    expected="a source that does not cite this one back",
    valid={
        "sources": """
            source_id,cited_in
            so-0001,
            so-0002,so-0001
        """
    },
    faulty={
        "sources": """
            source_id,cited_in
            so-0001,so-0002
            so-0002,so-0001
        """
    },
)
def circular_citation(sources: Frame) -> Iterator[Fault]:
    """The source cites itself through others.

    The walk along `cited_in` is the attribution chain, and must end in a report.
    """
    return circles(sources, "source_id", "cited_in")


@rule(
    field="issued",
    expected="a date not after that of the source that cites it",
    valid={
        "sources": """
            source_id,cited_in,issued
            so-0001,,[2022-01-06..2022-01-12]
            so-0002,so-0001,2022-01-06
        """
    },
    faulty={
        "sources": """
            source_id,cited_in,issued
            so-0001,,[2022-01-06..2022-01-12]
            so-0002,so-0001,2022-01-13
        """
    },
)
def source_after_citer(sources: Frame) -> Iterator[Fault]:
    """The source was issued after the one that cites it.

    What is cited came first. Correct one of the dates, or `cited_in`.
    """
    listed = list(rows(sources, ROW, "source_id", "cited_in", "issued"))
    issued = {source: known_range(text)[1] for _, source, _, text in listed}
    for row, _, above, text in listed:
        first, last = known_range(text)[0], issued.get(above)
        if first is not None and last is not None and first > last:
            yield Fault(row, f"a date not after {last}")


@rule(
    field="sha256",
    expected="digest and length of the report's text",
    valid={
        "sources": f"""
            source_id,kind,sha256,characters
            so-0001,report,{"0" * 64},2071
            so-0002,photo,,
        """
    },
    faulty={
        "sources": """
            source_id,kind,sha256,characters
            so-0001,report,,2071
        """
    },
)
def report_without_digest(sources: Frame) -> Frame:
    """A report lacks the digest or the length of its text.

    The text is never published, so that only its digest binds the mentions to it.
    """
    return sources.filter((nw.col("kind") == "report") & (nw.col("sha256").is_null() | nw.col("characters").is_null()))


@rule(
    field="cited_in",
    expected="no cited_in",
    valid={
        "sources": """
            source_id,kind,cited_in
            so-0001,report,
        """
    },
    faulty={
        "sources": """
            source_id,kind,cited_in
            so-0001,report,
            so-0002,report,so-0001
        """
    },
)
def cited_report(sources: Frame) -> Frame:
    """A report is cited in another source.

    A report is where an attribution chain ends, since its text is what was read. An article that is only cited has
    the kind news_article.
    """
    return sources.filter((nw.col("kind") == "report") & ~nw.col("cited_in").is_null())


@rule(
    field="cited_in",
    expected="the source that relays this one",
    valid={
        "sources": """
            source_id,kind,cited_in
            so-0001,report,
            so-0002,broadcast,so-0001
        """
    },
    faulty={
        "sources": """
            source_id,kind,cited_in
            so-0002,broadcast,
        """
    },
)
def source_without_citer(sources: Frame) -> Frame:
    """A source that is not a report is cited nowhere.

    Without the source that relays it, nothing says how it reached the dataset.
    """
    return sources.filter((nw.col("kind") != "report") & nw.col("cited_in").is_null())


@rule(
    field="source_id",
    expected="a mention whose record_id is this source; a report has its digest instead",
    valid={
        "sources": """
            source_id,kind
            so-0001,report
            so-0002,broadcast
        """,
        "mentions": """
            resource,record_id
            sources,so-0002
        """,
    },
    faulty={
        "sources": """
            source_id,kind
            so-0002,broadcast
        """,
        "mentions": """
            resource,record_id
            sources,so-0003
        """,
    },
)
def source_without_mention(sources: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the source.

    Who speaks must stand in the text. Add a mention, or remove the source.
    """
    return unproven(sources.filter(nw.col("kind") != "report"), mentions, "sources", "source_id")
