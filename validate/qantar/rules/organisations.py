"""Rules on organisations: parents, use and names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import narwhals as nw

from qantar.model import ROW, Severity
from qantar.rule import Fault, Frame, circles, rows, rule, unproven

LOOK_ALIKE = str.maketrans("авекмнорстухіјѕԁԛԝαικνορτυχ", "abekmhopctyxijsdqwaikvoptux")
"""Cyrillic and Greek small letters with the Latin letter that they can be taken for (after Unicode TR 39)."""


@rule(
    field="parent_id",
    expected="an organisation that is not part of this one",
    valid={
        "organisations": """
            organisation_id,parent_id
            csto,
            csto-council,csto
        """
    },
    faulty={
        "organisations": """
            organisation_id,parent_id
            csto,csto-council
            csto-council,csto
        """
    },
)
def circular_parent(organisations: Frame) -> Iterator[Fault]:
    """The organisation is its own parent through others.

    Following `parent_id` must end in an organisation without one.
    """
    return circles(organisations, "organisation_id", "parent_id")


@rule(
    severity=Severity.WARNING,
    field="organisation_id",
    expected="a participant, source, figure, membership, person or organisation that refers to it",
    valid={
        "organisations": """
            organisation_id,parent_id
            csto,
            csto-council,csto
        """,
        "participants": """
            organisation_id
            csto-council
        """,
        "sources": "organisation_id\n",
        "figures": "organisation_id\n",
        "people": "organisation_id\n",
        "memberships": "organisation_id,member_id\n",
    },
    faulty={
        "organisations": """
            organisation_id,parent_id
            csto,
        """,
        "participants": "organisation_id\n",
        "sources": "organisation_id\n",
        "figures": "organisation_id\n",
        "people": "organisation_id\n",
        "memberships": "organisation_id,member_id\n",
    },
)
def unused_record(
    organisations: Frame, participants: Frame, sources: Frame, figures: Frame, people: Frame, memberships: Frame
) -> Frame:
    """Nothing refers to the organisation.

    It does nothing and says nothing in the dataset: a fact about it may be missing, or the row may be left over.
    """
    unused = organisations
    for table, column in (
        (participants, "organisation_id"),
        (sources, "organisation_id"),
        (figures, "organisation_id"),
        (people, "organisation_id"),
        (memberships, "organisation_id"),
        (memberships, "member_id"),
        (organisations, "parent_id"),
    ):
        used = table.select(nw.col(column).alias("organisation_id")).drop_nulls().unique()
        unused = unused.join(used, on="organisation_id", how="anti")
    return unused


@rule(
    severity=Severity.WARNING,
    field="name",
    expected="a name that differs in more than case, accents and look-alike letters",
    valid={
        "organisations": """
            organisation_id,name
            tass,TASS
            ria,RIA
        """
    },
    faulty={
        "organisations": """
            organisation_id,name
            tass,TASS
            tass-2,Tаss
        """
    },
)
def look_alike_name(organisations: Frame) -> Iterator[Fault]:
    """The name looks like that of another organisation.

    Two rows for one organisation split what it said and did. Merge them and retire one id, or tell the names apart.
    """
    seen: dict[str, str] = {}
    for row, own, name in sorted(rows(organisations, ROW, "organisation_id", "name")):
        if name is not None:
            other = seen.setdefault(folded(name), own)
            if other != own:
                yield Fault(row, hint=f"It looks like the name of {other}.")


def folded(name: str) -> str:
    """A name without case, accents, spaces and punctuation, look-alike letters made Latin."""
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(LOOK_ALIKE)
    return "".join(letter for letter in letters if letter.isalnum())


@rule(
    field="organisation_id",
    expected="a mention whose record_id is this organisation",
    valid={
        "organisations": """
            organisation_id
            csto
        """,
        "mentions": """
            resource,record_id
            organisations,csto
        """,
    },
    faulty={
        "organisations": """
            organisation_id
            csto
        """,
        "mentions": """
            resource,record_id
            organisations,ots
        """,
    },
)
def organisation_without_mention(organisations: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the organisation.

    Add a mention, or remove the organisation.
    """
    return unproven(organisations, mentions, "organisations", "organisation_id")
