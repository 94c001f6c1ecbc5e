"""Rules on memberships."""

from __future__ import annotations

import narwhals as nw

from qantar.rule import Frame, rule, unproven


@rule(
    field="member_id",
    expected="another organisation than the one that it belongs to",
    valid={
        "memberships": """
            membership_id,organisation_id,member_id
            mb-0001,csto,russia
        """
    },
    faulty={
        "memberships": """
            membership_id,organisation_id,member_id
            mb-0001,csto,csto
        """
    },
)
def member_of_itself(memberships: Frame) -> Frame:
    """The organisation is a member of itself.

    Correct the member or the organisation.
    """
    return memberships.filter(nw.col("organisation_id") == nw.col("member_id"))


@rule(
    field="membership_id",
    expected="a mention whose record_id is this membership",
    valid={
        "memberships": """
            membership_id
            mb-0001
        """,
        "mentions": """
            resource,record_id
            memberships,mb-0001
        """,
    },
    faulty={
        "memberships": """
            membership_id
            mb-0001
        """,
        "mentions": """
            resource,record_id
            memberships,mb-0002
        """,
    },
)
def membership_without_mention(memberships: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the membership.

    Add a mention, or remove the membership.
    """
    return unproven(memberships, mentions, "memberships", "membership_id")
