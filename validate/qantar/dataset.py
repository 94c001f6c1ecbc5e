"""The dataset as typed polars frames, and its claims spelled out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import polars as pl

from qantar import published
from qantar.archive import opened_package
from qantar.checker import read_clean
from qantar.fields import codes_of
from qantar.model import RECORD, ROW
from qantar.package import Json, Package, Resource
from qantar.reading import named
from qantar.rule import chain

ARROW = " → "

CLAIMS = [
    *("figure_id", "event_id", "event", "event_type", "event_mode", "modality", "date", "date_start", "date_end"),
    *("event_place", "organisation", "place", "measure", "population", "population_label", "value_text", "comparator"),
    *("value", "low", "high", "unit", "measure_type", "as_of", "status", "part_of"),
    *("speaker", "attribution", "chain", "report_id", "note"),
]
"""The columns of `claims`: what a figure is about, what it counts, what it says, who says it."""


def dataset_path() -> Path:
    """The folder of the dataset that comes with the tool: in the installed package, or the checkout's root."""
    here = Path(__file__).parent
    installed = here / "dataset"
    return installed if installed.is_dir() else here.parents[1]


class Dataset(Mapping[str, pl.DataFrame]):
    """The resources of a package as typed frames, by name or as attributes: `data["figures"]`, `data.figures`.

    Dates are Date, whole numbers Int64, numbers Float64, codes Enum; what is missing is null.
    """

    def __init__(self, package: Package, frames: dict[str, pl.DataFrame]) -> None:
        self.package = package
        self._frames = frames

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self._frames[name]

    def __getattr__(self, name: str) -> pl.DataFrame:
        try:
            return self.__dict__["_frames"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._frames]

    def __repr__(self) -> str:
        rows = ", ".join(f"{name}: {frame.height}" for name, frame in self.items())
        return f"<qantar {self.package.descriptor.get('version')}: {rows}>"

    @cached_property
    def claims(self) -> pl.DataFrame:
        """One row a figure: what it is about, its numbers, and who said it through whom.

        `speaker` is the first speaker; `attribution` goes from there to the report, joined by arrows; `chain` has
        the same as source ids; `report_id` is the report in which it ends.
        """
        events = self.events.select(
            pl.col("title").alias("event"),
            pl.col("place_id").alias("event_place_id"),
            *("event_id", "event_type", "event_mode", "modality", "date", "date_start", "date_end"),
        )
        places = self.places.select("place_id", pl.col("name").alias("place"))
        event_places = self.places.select(
            pl.col("place_id").alias("event_place_id"), pl.col("name").alias("event_place")
        )
        organisations = self.organisations.select("organisation_id", pl.col("name").alias("organisation"))
        claims = (
            self.figures.join(events, on="event_id", how="left")
            .join(places, on="place_id", how="left")
            .join(event_places, on="event_place_id", how="left")
            .join(organisations, on="organisation_id", how="left")
            .join(self._chains(), on="source_id", how="left")
        )
        return claims.select(CLAIMS).sort("figure_id")

    def _chains(self) -> pl.DataFrame:
        """For each source its speaker, and the chain from it to the report."""
        sources = {row["source_id"]: row for row in self.sources.iter_rows(named=True)}
        organisations = dict(self.organisations.select("organisation_id", "name").iter_rows())
        people = {row["person_id"]: row for row in self.people.iter_rows(named=True)}
        up = {name: row["cited_in"] for name, row in sources.items()}

        def speaker(row: dict[str, Json]) -> str:
            person = people.get(row["person_id"])
            organisation = organisations.get(row["organisation_id"])
            named = (person["name"] or person["office"]) if person else None
            return ", ".join(one for one in (named, organisation) if one) or str(row["title"])

        walked = {name: chain(up, name) for name in sources}
        return pl.DataFrame(
            {
                "source_id": list(sources),
                "speaker": [speaker(sources[name]) for name in sources],
                "attribution": [ARROW.join(speaker(sources[one]) for one in walked[name]) for name in sources],
                "chain": list(walked.values()),
                "report_id": [one[-1] for one in walked.values()],
            },
            schema_overrides={"chain": pl.List(pl.String)},
        )


def load(path: str | Path | None = None, *, index: str | Path | None = None) -> Dataset:
    """Load a Data Package as typed polars frames; without `path`, the dataset that comes with the tool.

    `path` is a descriptor, the folder or the ZIP archive that holds it, the URL of such an archive, or the version of a
    release ("1.0.0", "latest"), looked up in `index` or the environment's QANTAR_INDEX: the URL or path of an
    `index.json` that was published. Raises PackageError where the package or a cell cannot be read: `qantar validate`
    then says all that is wrong.
    """
    if path is None:
        return Dataset(package := Package.read(dataset_path()), read_tables(package))
    place = str(path)
    if not Path(path).exists() and (published.is_url(place) or published.VERSION.fullmatch(place)):
        url, sha256 = (place, None) if published.is_url(place) else published.look_up(place, index)
        return load_archive(published.fetch_archive(url, sha256), url)
    if Path(path).suffix == ".zip":
        return load_archive(Path(path), place)
    return Dataset(package := Package.read(Path(path)), read_tables(package))


def load_archive(archive: Path | bytes, name: str) -> Dataset:
    """Load the package in an archive; its files are gone when the frames are there."""
    with opened_package(archive, name) as package:
        return Dataset(package, read_tables(package))


def read_tables(package: Package) -> dict[str, pl.DataFrame]:
    """Every resource of a package as a typed frame, by name."""
    return {name: typed(read_clean(package, one), one) for name, one in package.resources.items()}


def typed(frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """A checked table as it is handed out: codes as Enum, nothing but its fields."""
    return frame.drop(ROW, RECORD).with_columns(coded(one) for one in resource.fields if is_coded(one))


def is_coded(field: dict[str, Json]) -> bool:
    """Whether a field's cells are text codes."""
    codes = codes_of(field) if field.get("type") == "string" else []
    return bool(codes) and all(isinstance(one, str) for one in codes)


def coded(field: dict[str, Json]) -> pl.Expr:
    """A field of codes as an Enum of them."""
    return named(field["name"]).cast(pl.Enum(codes_of(field)))
