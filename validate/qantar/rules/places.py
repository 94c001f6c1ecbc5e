"""Rules on places."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from qantar.rule import Fault, Frame, circles, rule, unproven


@rule(
    field="latitude",
    expected="latitude -90 to 90 and longitude -180 to 180, both or neither",
    valid={
        "places": """
            place_id,latitude,longitude
            almaty,43.25249,76.9115
            kazakhstan,,
        """
    },
    faulty={
        "places": """
            place_id,latitude,longitude
            almaty,143.25249,76.9115
            aktau,43.66105,
        """
    },
)
def coordinates_out_of_range(places: Frame) -> Frame:
    """The coordinates are not a point on the Earth.

    Latitude comes before longitude, in degrees. Take both from the gazetteer again.
    """
    latitude, longitude = nw.col("latitude"), nw.col("longitude")
    return places.filter(
        (latitude.is_null() != longitude.is_null())
        | (latitude < -90)
        | (latitude > 90)
        | (longitude < -180)
        | (longitude > 180)
    )


@rule(
    field="within",
    expected="a place that does not lie in this one",
    valid={
        "places": """
            place_id,within
            kazakhstan,
            almaty,kazakhstan
        """
    },
    faulty={
        "places": """
            place_id,within
            kazakhstan,almaty
            almaty,kazakhstan
        """
    },
)
def circular_within(places: Frame) -> Iterator[Fault]:
    """The place lies in itself.

    Following `within` must end in a place that lies in none.
    """
    return circles(places, "place_id", "within")


@rule(
    field="place_id",
    expected="a mention whose record_id is this place",
    valid={
        "places": """
            place_id
            almaty
        """,
        "mentions": """
            resource,record_id
            places,almaty
        """,
    },
    faulty={
        "places": """
            place_id
            almaty
        """,
        "mentions": """
            resource,record_id
            places,aktau
        """,
    },
)
def place_without_mention(places: Frame, mentions: Frame) -> Frame:
    """No passage of a report proves the place.

    Add a mention, or remove the place.
    """
    return unproven(places, mentions, "places", "place_id")
