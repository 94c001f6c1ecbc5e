"""Generates Data Packages of any size, clean or with planted faults of which every place is known.

    python benchmarks/generation.py FOLDER ROWS FAULTS

Four related tables: figures (ROWS rows), events (a fifth), sources (a tenth), organisations (a hundredth). FAULTS is
the share of rows that get one fault each; `faults.jsonl` says where it stands and which rule has to find it. Rows at
fault are never referred to, so that one fault is one finding.
"""
# ruff: noqa: RUF001 -- a script, not a package; digits and dashes beyond ASCII are a part of the data

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
from schemas import ACTS, COUNTRIES, FAULTS, KINDS, LONGEST, MEASURES, PREFIXES, SCHEMAS, SIZES, Schema

SEED = 2022
CHUNK = 1_000_000
"""Rows that are made at once: what the memory is bounded by."""

STEP, SPARED = 7, 3
"""Rows whose index leaves this rest may get a fault, and are never referred to."""

TWO_LINES = 0.01
"""Share of rows with a quoted line break, so that a row's line is not its number."""

PHRASES = ["több mint ", "legalább ", "около ", "ең кемі ", "at least ", "almost ", "mintegy ", "nearly "]
NOTES = ["", "", "", "", "as reported", "Алматы облысы", "a közlemény szerint", "counted twice by the ministry"]
MULTILINE = '"first line, ""quoted""\nkét sor ""idézve"", вторая строка"'


@dataclass
class Planted:
    """A planted fault: the rule that has to find it, its record's number and primary key, the line where that starts.

    `twin` is the record, and `twin_line` the line, in which a duplicate key stands first.
    """

    resource: str
    path: str
    kind: str
    field: str | None
    value: str
    rule: str
    key: str
    record: int
    line: int = 0
    twin: int | None = None
    twin_line: int | None = None


def generate(folder: Path, rows: int, faults: float) -> None:
    """Write the package, and `faults.jsonl` beside it; the descriptor comes last, so that it marks a whole package."""
    sizes = {name: max(10, round(rows * share)) for name, share in SIZES.items()}
    for name in ("data", "schemas"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with (folder / "faults.jsonl").open("w", encoding="utf-8") as out:
        for number, name in enumerate(sizes):
            planted = plan(name, sizes[name], faults, number)
            write_table(folder / f"data/{name}.csv", name, sizes, planted)
            out.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in planted)
    for name, schema in SCHEMAS.items():
        whole = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json"} | schema
        (folder / f"schemas/{name}.json").write_text(json.dumps(whole, indent=2), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps(descriptor(sizes), indent=2), encoding="utf-8")


def descriptor(sizes: dict[str, int]) -> Schema:
    """The package's descriptor."""
    resources = [
        {
            "name": name,
            "type": "table",
            "path": f"data/{name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": f"schemas/{name}.json",
        }
        for name in sizes
    ]
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    return {"$schema": profile, "name": "benchmark", "resources": resources}


def plan(resource: str, size: int, faults: float, offset: int) -> list[Planted]:
    """The faults of a table, in the order of its rows: each kind as often as the others, in rows drawn at random."""
    candidates = np.arange(SPARED, size, STEP)
    number = min(len(candidates), max(1, round(size * faults))) if faults else 0
    random = np.random.default_rng([SEED, offset])
    indices = np.sort(random.choice(candidates, number, replace=False))
    kinds = random.permutation([(offset * 3 + one) % len(FAULTS) for one in range(number)])
    names = list(FAULTS)
    return [plant(resource, names[kind], int(index)) for kind, index in zip(kinds, indices, strict=True)]


def plant(resource: str, kind: str, index: int) -> Planted:
    """A fault of a kind in the row of that index; its line is not known yet."""
    rule, fields, values = FAULTS[kind]
    twin = spare(index // 2)
    value = values[index // STEP % len(values)].format(i=index, twin=twin, prefix=PREFIXES[resource])
    place = (value, rule, value if kind == "duplicate-key" else f"{PREFIXES[resource]}-{index:08}", index + 1)
    planted = Planted(resource, f"data/{resource}.csv", kind, fields.get(resource), *place)
    if kind == "duplicate-key":
        planted.twin = twin + 1
    return planted


def spare(index: int) -> int:
    """The index, or the one before where rows of that index may get a fault."""
    return index - (index % STEP == SPARED)


def write_table(file: Path, name: str, sizes: dict[str, int], planted: list[Planted]) -> None:
    """Write a table as CSV chunk by chunk, and note the lines of its faults."""
    wanted = {number for one in planted for number in (one.record, one.twin) if number}
    with file.open("wb") as out:
        out.write((",".join(one["name"] for one in SCHEMAS[name]["fields"]) + "\n").encode())
        writer = Writer(out, wanted)
        for first in range(0, sizes[name], CHUNK):
            last = min(first + CHUNK, sizes[name])
            here = [one for one in planted if first < one.record <= last]
            writer.write(chunk(name, first, last, sizes), here, first)
    for one in planted:
        one.line, one.twin_line = writer.lines[one.record], writer.lines.get(one.twin or 0)


@dataclass
class Writer:
    """Writes rows, plants faults in them, and notes on which lines the wanted records start."""

    out: BinaryIO
    wanted: set[int]
    line: int = 2
    lines: dict[int, int] = field(default_factory=dict)

    def write(self, cells: pl.DataFrame, planted: list[Planted], first: int) -> None:
        """Write rows with their faults; the index of the first row is given."""
        for name in {one.field for one in planted if one.field}:
            those = [one for one in planted if one.field == name]
            faulty = cells[name].scatter([one.record - 1 - first for one in those], [one.value for one in those])
            cells = cells.with_columns(faulty)
        short = [one.record - 1 - first for one in planted if one.kind == "short-row"]
        long = [one.record - 1 - first for one in planted if one.kind == "long-row"]
        cells = cells.with_columns(cells["note"].scatter(short, ""))
        text = cells.select(line=pl.concat_str(pl.all(), separator=","))["line"]
        text = text.scatter(short, text.gather(short).str.strip_suffix(","))
        text = text.scatter(long, text.gather(long) + ",surplus")
        text.to_frame().write_csv(self.out, include_header=False, quote_style="never")
        self.note(cells["note"], first)

    def note(self, notes: pl.Series, first: int) -> None:
        """Note the lines of wanted records; only the notes, the last cells, can hold line breaks."""
        ends = self.line + np.arange(1, len(notes) + 1) + notes.str.count_matches("\n").cum_sum().to_numpy()
        starts = np.concatenate([[self.line], ends[:-1]])
        self.lines |= {one: int(starts[one - 1 - first]) for one in self.wanted if first < one <= first + len(notes)}
        self.line = int(ends[-1])


def chunk(name: str, first: int, last: int, sizes: dict[str, int]) -> pl.DataFrame:
    """Rows `first` to `last` of a table, as text cells in the order of its schema, the notes already quoted."""
    random = Random(np.random.default_rng([SEED, list(SCHEMAS).index(name), first]), last - first, sizes)
    index = np.arange(first, last)
    made = {"sources": sources, "organisations": organisations, "events": events, "figures": figures}
    cells = made[name](index, random)
    cells["note"] = random.notes(index)
    names = [one["name"] for one in SCHEMAS[name]["fields"]]
    return pl.DataFrame(cells).select(pl.col(names).cast(pl.String).fill_null(""))


Cells = dict[str, pl.Series]
Index = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass
class Random:
    """Draws columns of a chunk."""

    draw: np.random.Generator
    rows: int
    sizes: dict[str, int]

    def numbers(self, low: int, high: int) -> Index:
        """Whole numbers from `low` to below `high`."""
        return self.draw.integers(low, high, self.rows)

    def words(self, among: list[str]) -> pl.Series:
        """One of the words for each row."""
        return pl.Series(among).gather(self.numbers(0, len(among)))

    def dates(self, first: str, last: str) -> pl.Series:
        """Days from `first` to `last`."""
        ends = [date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal() for day in (first, last)]
        return pl.Series(self.numbers(ends[0], ends[1] + 1)).cast(pl.Int32).cast(pl.Date)

    def flags(self) -> pl.Series:
        """True or false."""
        return self.words(["true", "false"])

    def decimals(self, low: int, high: int) -> pl.Series:
        """Numbers with two decimals."""
        return pl.Series(self.numbers(low * 100, high * 100 + 1) / 100)

    def some(self, cells: pl.Series, share: float) -> pl.Series:
        """That share of the cells, the others empty."""
        return cells.scatter(np.flatnonzero(self.draw.random(self.rows) >= share), None)

    def references(self, resource: str) -> pl.Series:
        """Ids of rows of a resource that have no fault."""
        index = self.numbers(0, self.sizes[resource])
        return ids(PREFIXES[resource], index - (index % STEP == SPARED))

    def notes(self, index: Index) -> pl.Series:
        """Notes as CSV text: most short or empty, some of two lines, some of full length."""
        notes = self.words(NOTES).scatter(np.flatnonzero(self.draw.random(self.rows) < TWO_LINES), MULTILINE)
        return notes.scatter(np.flatnonzero(index % 1000 == 0), "ű" * LONGEST)


def ids(prefix: str, index: Index) -> pl.Series:
    """Ids such as `fg-00000012`."""
    return text(prefix + "-", pl.Series(index).cast(pl.String).str.zfill(8))


def text(*parts: pl.Series | str) -> pl.Series:
    """The parts joined."""
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()


def numbered(index: Index) -> pl.Series:
    """The index as text."""
    return pl.Series(index).cast(pl.String)


def sources(index: Index, random: Random) -> Cells:
    """Rows of sources."""
    return {
        "source_id": ids("sr", index),
        "kind": random.words(KINDS),
        "title": text("Közlemény az eseményekről – сообщение ", numbered(index)),
        "url": text("https://", random.words(["akorda", "tengri", "telex"]), ".example/", numbered(index)),
        "cited_in": random.some(random.references("sources"), 0.7),
        "published": random.dates("2019-01-01", "2022-12-31"),
        "pages": random.some(pl.Series(random.numbers(1, 2001)), 0.8),
        "archived": random.flags(),
    }


def organisations(index: Index, random: Random) -> Cells:
    """Rows of organisations."""
    return {
        "organisation_id": ids("or", index),
        "name": text(random.words(["Министерство ", "Ministry ", "Belügyminisztérium "]), numbered(index)),
        "kind": random.words(["state", "ministry", "force", "media", "party"]),
        "country": random.words(COUNTRIES),
        "parent_id": random.some(random.references("organisations"), 0.6),
        "founded": random.some(random.dates("1800-01-01", "2022-12-31"), 0.9),
        "staff": random.some(pl.Series(random.numbers(0, 10_000_001)), 0.5),
        "active": random.flags(),
    }


def events(index: Index, random: Random) -> Cells:
    """Rows of events."""
    return {
        "event_id": ids("ev", index),
        "code": pl.Series(index + 100_000_001),
        "kind": random.words(ACTS),
        "label": text(
            random.words(["Protest in Almaty ", "Tüntetés Aktauban ", "Митинг в Жанаозене "]), numbered(index)
        ),
        "part_of": random.some(random.references("events"), 0.5),
        "organisation_id": random.some(random.references("organisations"), 0.8),
        "started": random.dates("2019-01-01", "2022-12-31"),
        "latitude": random.decimals(-90, 90),
        "longitude": random.decimals(-180, 180),
        "place": text(random.words(COUNTRIES), ".", numbered(random.numbers(1, 40))),
        "witnesses": random.some(pl.Series(random.numbers(0, 10_000_001)), 0.3),
        "confirmed": random.flags(),
    }


def figures(index: Index, random: Random) -> Cells:
    """Rows of figures; the figures of an event are ranked, and no two have the same rank."""
    size = random.sizes["events"]
    event = index % size
    spared = event % STEP == SPARED
    low = random.numbers(0, 100_000)
    return {
        "figure_id": ids("fg", index),
        "event_id": ids("ev", event - spared),
        "rank": pl.Series(index // size * 2 + 1 + spared),
        "source_id": random.references("sources"),
        "organisation_id": random.some(random.references("organisations"), 0.8),
        "part_of": random.some(random.references("figures"), 0.7),
        "measure": random.words(MEASURES),
        "low": pl.Series(low),
        "high": random.some(pl.Series(low + random.numbers(0, 1000)), 0.8),
        "share": random.some(random.decimals(0, 100), 0.6),
        "as_of": random.dates("2019-01-01", "2022-12-31"),
        "approximate": random.flags(),
        "words": text(random.words(PHRASES), numbered(low)),
        "locator": text("p", numbered(random.numbers(1, 400)), ":", numbered(random.numbers(1, 5000))),
    }


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(float(sys.argv[2])), float(sys.argv[3]))
