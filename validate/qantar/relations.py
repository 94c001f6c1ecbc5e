"""Primary, unique and foreign keys, on sorted 64-bit hashes; what they suspect is confirmed on the real cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from qantar.contract import HINTED, Contract, report
from qantar.reading import named
from qantar.table import RECORD, Table

Hashes = npt.NDArray[np.uint64]

EXACT, ROUGH, TEXT = "exact", "rough", "text"
"""How the hashes of a key are made; what is found by rough ones is confirmed on the real cells."""


@dataclass(frozen=True)
class Unique:
    """A key of which every value may stand once."""

    rule: str
    fields: tuple[str, ...]
    how: str


@dataclass(frozen=True)
class Foreign:
    """A key whose values must stand in another table; `how` they are compared (see `key_hash`)."""

    fields: tuple[str, ...]
    target: str
    referred: tuple[str, ...]
    how: str


def unique_keys(contract: Contract) -> list[Unique]:
    """The primary key, the unique keys and the unique fields of a table; those without a column are not checked."""
    resource = contract.table.resource
    alone = [(one["name"],) for one in resource.fields if (one.get("constraints") or {}).get("unique") is True]
    several = [tuple(key) for key in resource.schema.get("uniqueKeys", [])]
    keys = [("primary-key", resource.key)] if resource.key else []
    keys += [("unique-error", fields) for fields in dict.fromkeys([*alone, *several]) if fields != resource.key]
    found = []
    for rule, fields in keys:
        if set(fields) <= set(contract.columns):
            found.append(Unique(rule, fields, ROUGH if contract.is_rough(fields) else EXACT))
        else:
            contract.table.miss(f": {rule} {', '.join(fields)}", "a column of the key is missing")
    return found


def foreign_keys(contract: Contract, contracts: Mapping[str, Contract]) -> Iterator[Foreign]:
    """The foreign keys of a table that can be checked; the others are said."""
    table = contract.table
    for fields, target, referred in table.resource.relations:
        parent = contracts.get(target)
        reason = None
        if parent is None:
            reason = f"the package has no readable resource {target}"
        elif parent.table.incomplete:
            reason = f"{target} could not be read to its end"
        elif not set(fields) <= set(contract.columns) or not set(referred) <= set(parent.columns):
            reason = "a column of the key is missing"
        elif set(referred) & parent.table.holes:
            reason = f"some keys of {target} could not be read"
        if reason or parent is None:
            table.miss(f": foreign-key {', '.join(fields)} -> {target}", str(reason))
            continue
        kinds = {(kind(contract, one), kind(parent, other)) for one, other in zip(fields, referred, strict=True)}
        how = TEXT if any(one != other for one, other in kinds) else EXACT
        if all(map(contract.is_text, fields)) and all(map(parent.is_text, referred)):
            how = ROUGH
        yield Foreign(fields, target, referred, how)


def kind(contract: Contract, name: str) -> str:
    """The type of a field."""
    return str(contract.columns[name].field.get("type", "any"))


Keys = dict[str, list[Unique | Foreign]]
"""The keys of each table."""


def read_keys(contracts: Mapping[str, Contract]) -> Keys:
    """The keys of all tables that can be checked; the others are said."""
    return {name: [*unique_keys(one), *foreign_keys(one, contracts)] for name, one in contracts.items()}


def hashed_keys(contracts: Mapping[str, Contract], keys: Keys) -> dict[str, dict[str, pl.Expr]]:
    """For each table the hashes of keys that are compared, by name."""
    hashes: dict[str, dict[str, pl.Expr]] = {name: {} for name in contracts}
    for name, key in ((name, key) for name, own in keys.items() for key in own):
        hashes[name][hash_name(key.fields, key.how)] = key_hash(contracts[name], key.fields, key.how)
        if isinstance(key, Foreign):
            there = key_hash(contracts[key.target], key.referred, key.how)
            hashes[key.target][hash_name(key.referred, key.how)] = there
    return hashes


def key_hash(contract: Contract, fields: tuple[str, ...], how: str) -> pl.Expr:
    """The hash of a key: exact, as text where the types of the two sides differ, or rough where that is enough."""
    return contract.rough_hash(fields) if how == ROUGH else contract.hash(fields, text=how == TEXT)


def hash_name(fields: tuple[str, ...], how: str) -> str:
    """The name of a key's hash."""
    return "\x1f".join((*fields, how))


def sorted_hashes(contract: Contract, first: pl.DataFrame, name: str) -> Hashes:
    """The hashes of a key in a table, sorted, without those of missing keys."""
    hashes = first.get_column(name).drop_nulls().to_numpy(writable=True)
    hashes.sort()
    *fields, how = name.split("\x1f")
    for void in contract.void(tuple(fields)) if how == ROUGH else []:
        start, end = np.searchsorted(hashes, np.uint64(void), "left"), np.searchsorted(hashes, np.uint64(void), "right")
        hashes = np.delete(hashes, slice(start, end)) if start < end else hashes
    return hashes


@dataclass(frozen=True)
class Suspicion:
    """A key, and the records that break it by their hashes."""

    key: Unique | Foreign
    records: list[int]


def suspect(
    contracts: Mapping[str, Contract], keys: Keys, firsts: Mapping[str, pl.DataFrame], pool: Executor
) -> dict[str, list[Suspicion]]:
    """The keys of each table that are broken by their hashes; `firsts` are the first passes over the tables."""
    all_keys = [(name, key) for name, own in keys.items() for key in own]
    targets = [(key.target, hash_name(key.referred, key.how)) for _, key in all_keys if isinstance(key, Foreign)]

    def ordered(name: str, column: str) -> Hashes:
        return sorted_hashes(contracts[name], firsts[name], column)

    def suspicion(name: str, key: Unique | Foreign) -> Suspicion:
        column = hash_name(key.fields, key.how)
        own = known[name, column] if (name, column) in known else ordered(name, column)
        there = known[key.target, hash_name(key.referred, key.how)] if isinstance(key, Foreign) else None
        return with_hashes(contracts[name].table, firsts[name], key, column, broken(own, there))

    all_keys.sort(key=lambda one: -firsts[one[0]].height)  # the longest first, so that all threads end together
    targets = sorted(set(targets), key=lambda one: -firsts[one[0]].height)
    known = dict(zip(targets, pool.map(lambda one: ordered(*one), targets), strict=True))
    found = zip(all_keys, pool.map(lambda one: suspicion(*one), all_keys), strict=True)
    suspicions: dict[str, list[Suspicion]] = {name: [] for name in contracts}
    for (name, _), one in found:
        suspicions[name] += [one] if one.records else []
    return suspicions


def broken(own: Hashes, there: Hashes | None) -> Hashes:
    """The sorted hashes that stand twice or, where those of another table are given, not there."""
    twice = own[1:] == own[:-1]
    if there is None:
        again: Hashes = own[1:][twice]
        return again
    own = np.append(own[:1], own[1:][~twice])
    at = np.searchsorted(there, own)
    found = there[np.minimum(at, there.size - 1)] == own if there.size else np.zeros(own.size, bool)
    lost: Hashes = own[~found]
    return lost


def with_hashes(table: Table, first: pl.DataFrame, key: Unique | Foreign, name: str, hashes: Hashes) -> Suspicion:
    """The records with one of these hashes, without those that are left out of checks."""
    if not hashes.size:
        return Suspicion(key, [])
    mask = first.get_column(name).is_in(pl.Series(np.unique(hashes)).implode()).fill_null(value=False)
    return Suspicion(key, [one for one in mask.arg_true().to_list() if one not in table.skipped])


def confirm(contracts: Mapping[str, Contract], name: str, suspicion: Suspicion, cells: pl.DataFrame) -> None:
    """Add a finding for each suspected record whose real cells break the key."""
    table, key = contracts[name].table, suspicion.key
    own = cells.filter(pl.col(RECORD).is_in(pl.Series(suspicion.records, dtype=cells.schema[RECORD]).implode()))
    parts = [f"_key{at}" for at in range(len(key.fields))]
    values = [part.alias(at) for at, part in zip(parts, contracts[name].parts(key.fields), strict=True)]
    own = own.with_columns(values).drop_nulls(parts)
    if isinstance(key, Unique):
        own = own.filter(~pl.struct(parts).is_first_distinct())
        report(
            table, own, key.rule, "The key stands in another row too.", key.fields, "a key that stands in no other row"
        )
    else:
        expected = f"a value of {', '.join(key.referred)} in {key.target}"
        near = nearest(contracts[key.target], key) if len(key.fields) == 1 and own.height else []
        report(table, own, "foreign-key", "The cell refers to a record that is not there.", key.fields, expected, near)


def nearest(parent: Contract, key: Foreign) -> list[str]:
    """The values among which a dangling key's hint is looked for; none where there are too many."""
    if parent.table.height > HINTED:
        return []
    return (
        parent.table.frame.select(named(key.referred[0]).drop_nulls().unique().sort()).collect().to_series().to_list()
    )
