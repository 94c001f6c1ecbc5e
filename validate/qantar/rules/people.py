"""Rules on people."""

from __future__ import annotations

from qantar.rule import Frame, rule, unproven


@rule(
    field="person_id",
    expected="a mention whose record_id is this person",
    valid={
        "people": """
            person_id
            tokayev
        """,
        "mentions": """
            resource,record_id
            people,tokayev
        """,
    },
    faulty={
        "people": """
            person_id
            tokayev
        """,
        "mentions": """
            resource,record_id
            people,nazarbayev
        """,
    },
)
def person_without_mention(people: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the person.

    Add a mention, or remove the person.
    """
    return unproven(people, mentions, "people", "person_id")
