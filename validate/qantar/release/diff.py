"""Two packages compared: their descriptors, their schemas, and their rows by primary key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import diffly
import polars as pl

from qantar.checker import read_clean
from qantar.errors import PackageError
from qantar.package import Package
from qantar.release.alteration import altered, differing, renamed, text
from qantar.release.bump import FIGURES, Change, Correction, Diff, Side
from qantar.release.changelog import Entry, entries_since
from qantar.release.digest import canonical
from qantar.source import unreadable

RETIRED = "retired"
"""The resource of the ids that are no longer in use, with its fields `resource` and `record_id`."""

LABEL, ORDINAL = "_label", "_ordinal"
"""The key of a row as one text, as findings show it; and what tells equal rows of a table without a key apart."""


@dataclass(frozen=True)
class Rows:
    """The rows of a resource on both sides, by the fields that both have; `key` names those that identify a row."""

    resource: str
    key: list[str]
    old: pl.DataFrame
    new: pl.DataFrame

    @cached_property
    def compared(self) -> diffly.comparison.DataFrameComparison:
        """The comparison of both sides by key."""
        return diffly.compare_frames(self.old, self.new, primary_key=self.key)


def compare(old: Package, new: Package, places: tuple[str, str] = ("old", "new")) -> Diff:
    """All differences from one package to another; `places` says where they were found.

    Cells are compared by the canonical texts of the content digest: another notation of the same value is no change.
    """
    before, after = read_texts(old), read_texts(new)
    gone, going = retired_ids(before), retired_ids(after)
    changes, reasons = list(altered_package(old, new)), {}
    for name in (one for one in old.resources if one in new.resources):
        changes += altered(old.resources[name], new.resources[name])
        try:
            rows = pair(old, new, name, (before[name], after[name]))
            changes += [*lost_rows(rows, going.get(name, set())), *added_rows(rows, gone.get(name, set()))]
            changes += changed_cells(rows)
        except (PackageError, diffly.PrimaryKeyError) as error:
            reasons[name] = str(error) if isinstance(error, PackageError) else "two rows have the same key"
    removed = {name: before[name] for name, one in old.resources.items() if one.key and name not in new.resources}
    reasons |= {name: str(one) for name, one in removed.items() if isinstance(one, PackageError)}
    sides = side(old, before, places[0]), side(new, after, places[1])
    entries = entries_since(new, sides[0].version) if new.is_claims else []
    corrections = tuple(corrected(changes, entries)) if new.is_claims else ()
    typed = entries[0].corrections if len(entries) == 1 else {}  # what changed between two others cannot be told
    unmatched = tuple(one for one in typed if one not in {each.figure for each in corrections})
    lost = {name: ids for name in old.resources if (ids := lost_ids(old, new, name, (before, after)))}
    return Diff(*sides, tuple(changes), reasons, corrections, unmatched, lost)


def compare_first(new: Package) -> Diff:
    """The diff of a first release: every resource and every row is new."""
    added = tuple(Change("resource-added", name) for name in new.resources)
    return Diff(Side("nothing"), side(new, read_texts(new), "new"), added)


Texts = Mapping[str, pl.DataFrame | PackageError]
"""The resources of a package as texts, or why one cannot be read."""


def read_texts(package: Package) -> Texts:
    """Every resource as the canonical texts of its cells."""
    return {name: read_text(package, name) for name in package.resources}


def read_text(package: Package, name: str) -> pl.DataFrame | PackageError:
    """A resource as the canonical texts of its cells, or why it cannot be read without a fault."""
    resource = package.resources[name]
    if reason := unreadable(package, resource):
        return PackageError(f"{resource.path}  {reason}")
    try:
        typed = read_clean(package, resource)
    except PackageError as error:
        return error
    return typed.select(canonical(one["name"], one.get("type", "any")) for one in resource.fields)


def side(package: Package, texts: Texts, place: str) -> Side:
    """Where a package was found, its version, and how many rows its resources have."""
    version = package.descriptor.get("version")
    rows = {name: one.height for name, one in texts.items() if isinstance(one, pl.DataFrame)}
    return Side(place, version if isinstance(version, str) else None, rows)


def retired_ids(texts: Texts) -> dict[str, set[str]]:
    """The ids that a package has retired, by resource."""
    retired = texts.get(RETIRED)
    if not isinstance(retired, pl.DataFrame) or not {"resource", "record_id"} <= set(retired.columns):
        return {}
    pairs = retired.select("resource", "record_id").rows()
    return {name: {one for owner, one in pairs if owner == name} for name, _ in pairs}


def altered_package(old: Package, new: Package) -> Iterator[Change]:
    """The changes of the package itself, and of which resources it has."""
    names = ["name", "id"] if old.descriptor.get("id") else ["name"]  # a first id is not another one
    for one in names:
        before, after = old.descriptor.get(one), new.descriptor.get(one)
        if before != after:
            yield Change("package-renamed", attribute=one, old=text(before), new=text(after))
    yield from differing(None, old.descriptor, new.descriptor, {*names, "version", "created", "resources"})
    yield from (Change("resource-removed", name) for name in old.resources if name not in new.resources)
    yield from (Change("resource-added", name) for name in new.resources if name not in old.resources)


def lost_ids(old: Package, new: Package, name: str, texts: tuple[Texts, Texts]) -> tuple[str, ...]:
    """The ids of a resource that the new package neither has nor has retired; keys of several fields are no ids.

    Another key may hold them as well; a resource that is gone holds none.
    """
    key, before = old.resources[name].key, texts[0][name]
    after = texts[1].get(name, pl.DataFrame())
    if len(key) != 1 or isinstance(before, PackageError) or isinstance(after, PackageError):
        return ()
    mapped = renamed(old.resources[name].fields, new.resources[name].fields) if name in new.resources else {}
    now = new.resources[name].key if name in new.resources else ()
    held = next((one for one in (mapped.get(*key, *key), *now) if one in after.columns), None)
    kept = {*(after[held] if held else ()), *retired_ids(texts[1]).get(name, set())}
    return tuple(sorted(one for one in before[key[0]].drop_nulls() if one not in kept))


def pair(old: Package, new: Package, name: str, texts: tuple[pl.DataFrame | PackageError, ...]) -> Rows:
    """The rows of a resource on both sides; renamed fields under their new name.

    Where no key tells the rows of both sides apart, a row is all its cells, as often as it stands there.
    """
    mapped = renamed(old.resources[name].fields, new.resources[name].fields)
    before, after = (frame_of(one) for one in texts)
    before = before.rename(mapped)
    shared = [one for one in after.columns if one in before.columns]
    was = tuple(mapped.get(one, one) for one in old.resources[name].key)
    common = common_key(was, new.resources[name].key, (before, after))
    key = common or shared
    label = pl.concat_str([pl.col(one).fill_null("") for one in key], separator="/").alias(LABEL)
    sides = [frame.select(*shared, label) for frame in (before, after)]
    if not common:
        sides = [frame.with_columns(pl.int_range(pl.len()).over(shared).alias(ORDINAL)) for frame in sides]
        key = [*shared, ORDINAL]
    return Rows(name, key, *sides)


def common_key(was: tuple[str, ...], now: tuple[str, ...], sides: tuple[pl.DataFrame, pl.DataFrame]) -> list[str]:
    """The fields by which rows are told: the old key, by which they were cited, or a new one that holds it.

    None where neither tells the rows of both sides apart.
    """
    if was == now:
        return list(was)
    keys = [one for one in (was, now) if one and set(was) <= set(one)]
    return next((list(one) for one in keys if all(tells(one, frame) for frame in sides)), [])


def tells(key: tuple[str, ...], frame: pl.DataFrame) -> bool:
    """Whether a table has the fields of a key, and no two rows with the same."""
    return set(key) <= set(frame.columns) and not frame.select(key).is_duplicated().any()


def frame_of(texts: pl.DataFrame | PackageError) -> pl.DataFrame:
    """The texts of a resource; PackageError where it could not be read."""
    if isinstance(texts, PackageError):
        raise texts
    return texts


def lost_rows(rows: Rows, retired: set[str]) -> Iterator[Change]:
    """The rows that only the old side has: retired, or vanished."""
    for key in labels(rows, rows.compared.left_only()):
        yield Change("row-retired" if key in retired else "row-vanished", rows.resource, key)


def added_rows(rows: Rows, retired: set[str]) -> Iterator[Change]:
    """The rows that only the new side has; one with an id that was retired before uses it again."""
    for key in labels(rows, rows.compared.right_only()):
        yield Change("id-reused" if key in retired else "row-added", rows.resource, key)


def changed_cells(rows: Rows) -> Iterator[Change]:
    """The cells that differ in the rows that both sides have."""
    names = [one for one in rows.new.columns if one not in {*rows.key, LABEL}]
    for row in rows.compared.joined_unequal().sort(rows.key).iter_rows(named=True):
        for name in names:
            before, after = row[f"{name}_left"], row[f"{name}_right"]
            if before != after:
                yield Change("cell-changed", rows.resource, row[f"{LABEL}_right"], name, None, before, after)


def labels(rows: Rows, frame: pl.DataFrame) -> list[str]:
    """The keys of some rows as texts, in order."""
    return frame.sort(rows.key).get_column(LABEL).to_list()


def corrected(changes: list[Change], entries: list[Entry]) -> Iterator[Correction]:
    """Each figure that changed or went, and how the changelog types it; the newest of its entries is the first."""
    typed = {figure: said for one in reversed(entries) for figure, said in one.corrections.items()}
    ended = {"row-retired": True, "row-vanished": True, "cell-changed": False}
    figures = {one.key: ended[one.kind] for one in changes if one.resource == FIGURES and one.kind in ended}
    for figure, retracted in figures.items():
        yield Correction(str(figure), retracted, *typed.get(str(figure), (None, None)))
