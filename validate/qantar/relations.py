"""Primary, unique and foreign keys, on sorted 64-bit hashes; what they suspect is confirmed on the real cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


def wanted(
    contracts: Mapping[str, Contract], unique: Mapping[str, list[Unique]], foreign: Mapping[str, list[Foreign]]
) -> dict[str, dict[str, pl.Expr]]:
    """For each table the hashes of keys that are compared, by name."""
    keys: dict[str, dict[str, pl.Expr]] = {name: {} for name in contracts}
    for name, contract in contracts.items():
        own = [*((one.fields, one.how) for one in unique[name]), *((one.fields, one.how) for one in foreign[name])]
        for fields, how in own:
            keys[name][hash_name(fields, how)] = key_hash(contract, fields, how)
        for one in foreign[name]:
            keys[one.target][hash_name(one.referred, one.how)] = key_hash(contracts[one.target], one.referred, one.how)
    return keys


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
    table: Table, key: Unique | Foreign, first: pl.DataFrame, hashes: Mapping[tuple[str, str], Hashes]
) -> Suspicion:
    """The records of a table that share a key with another, or that refer to one which is not there.

    `first` is the table's first pass, `hashes` are the sorted ones of all tables, by table and name.
    """
    name = hash_name(key.fields, key.how)
    own = hashes[table.resource.name, name]
    twice = own[1:] == own[:-1]
    if isinstance(key, Unique):
        return with_hashes(table, first, key, name, own[1:][twice])
    own = np.append(own[:1], own[1:][~twice])
    there = hashes[key.target, hash_name(key.referred, key.how)]
    at = np.searchsorted(there, own)
    found = there[np.minimum(at, there.size - 1)] == own if there.size else np.zeros(own.size, bool)
    return with_hashes(table, first, key, name, own[~found])


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
