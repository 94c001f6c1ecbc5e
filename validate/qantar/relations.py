"""Primary, unique and foreign keys, on 64-bit hashes; what they suspect is confirmed on the real cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from qantar.contract import FAULT, HINTED, Contract, first_pass, report
from qantar.hashes import Column, Hashes, Lookup, lost, ordered, places, twice
from qantar.model import OWN
from qantar.reading import named

EXACT, ROUGH, TEXT = "exact", "rough", "text"
"""How keys are hashed: as they are, by what is cheaper and equal where they are, as text where two types differ."""


@dataclass(frozen=True)
class Side:
    """The fields of a table that make a key, and how they are hashed."""

    table: str
    fields: tuple[str, ...]
    how: str

    @property
    def column(self) -> str:
        """The name of the hashes."""
        return "\x1f".join((*self.fields, self.how))

    def hash(self, contract: Contract) -> pl.Expr:
        """The hash of the key in each record."""
        return (
            contract.rough_hash(self.fields) if self.how == ROUGH else contract.hash(self.fields, text=self.how == TEXT)
        )


@dataclass(frozen=True)
class Unique:
    """A key of which every value may stand once."""

    rule: str
    own: Side


@dataclass(frozen=True)
class Foreign:
    """A key whose values must stand in another table."""

    own: Side
    there: Side


Key = Unique | Foreign


@dataclass(frozen=True)
class Suspicion:
    """A key, and the records that break it by their hashes."""

    key: Key
    records: list[int]


@dataclass
class Pass:
    """What a pass over a table found: its records, those that may be at fault, and of its keys what was asked.

    `lost` has the records whose foreign key is not there; `hashes` are those of all records, by side.
    """

    height: int = 0
    faulty: list[int] = field(default_factory=list)
    lost: dict[Foreign, list[int]] = field(default_factory=dict)
    hashes: dict[Side, Hashes] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """The keys whose hashes are looked up in a pass over a table, and those whose hashes are kept."""

    lookups: dict[Foreign, Lookup] = field(default_factory=dict)
    kept: dict[Side, None] = field(default_factory=dict)


def pass_over(contract: Contract, asked: Asked, faulty: list[pl.Expr], *, strict: bool = False) -> Pass:
    """Pass over a table; a record may be at fault where one of the conditions holds.

    A strict pass fails with a PolarsError where a record has more cells than the header.
    """
    found = Pass(lost={key: [] for key in asked.lookups})
    kept = {side: Column() for side in asked.kept}
    sides = {**asked.kept, **dict.fromkeys(key.own for key in asked.lookups)}
    hashed = {side.column: side.hash(contract) for side in sides}
    for batch in first_pass(contract, hashed, faulty, strict=strict):
        found.faulty += (batch.get_column(FAULT).arg_true() + found.height).to_list()
        hashes = {side: batch.get_column(side.column).to_numpy() for side in sides}
        for key, lookup in asked.lookups.items():
            found.lost[key] += (lookup.lost(hashes[key.own]) + found.height).tolist()
        for side, column in kept.items():
            column.add(hashes[side])
        found.height += batch.height
    found.hashes = {side: column.whole() for side, column in kept.items()}
    return found


def unique_keys(contract: Contract) -> Iterator[Unique]:
    """The primary key, the unique keys and the unique fields of a table; those without a column are not checked."""
    resource = contract.table.resource
    keys = [("primary-key", resource.key)] if resource.key else []
    keys += [("unique-error", fields) for fields in resource.unique]
    for rule, fields in keys:
        if set(fields) <= set(contract.columns):
            yield Unique(rule, Side(resource.name, fields, ROUGH if contract.is_rough(fields) else EXACT))
        else:
            contract.table.miss(f": {rule} {', '.join(fields)}", "a column of the key is missing")


def foreign_keys(contract: Contract, contracts: Mapping[str, Contract]) -> Iterator[Foreign]:
    """The foreign keys of a table that can be checked; the others are said."""
    table = contract.table
    for fields, target, referred in table.resource.relations:
        parent = contracts.get(target)
        reason = None
        if parent is None:
            reason = f"the package has no readable resource {target}"
        elif len(fields) != len(referred):
            reason = "it has not as many fields as it refers to"
        elif not set(fields) <= set(contract.columns) or not set(referred) <= set(parent.columns):
            reason = unread(parent, referred) or "a column of the key is missing"
        if reason or parent is None:
            table.miss(f": foreign-key {', '.join(fields)} -> {target}", str(reason))
            continue
        how = TEXT if [*map(contract.kind, fields)] != [*map(parent.kind, referred)] else EXACT
        if all(map(contract.is_text, fields)) and all(map(parent.is_text, referred)):
            how = ROUGH
        yield Foreign(Side(table.resource.name, fields, how), Side(target, referred, how))


def unread(parent: Contract, referred: tuple[str, ...]) -> str | None:
    """Why a reference that leads nowhere may lead somewhere all the same; None where every key there was read."""
    if parent.table.incomplete:
        return f"{parent.table.resource.name} could not be read to its end"
    if parent.table.holes & {*referred}:
        return f"some keys of {parent.table.resource.name} could not be read"
    return None


class Keyring:
    """The keys of a package, judged by their hashes as one table after the other is passed over.

    A foreign key is looked up at once where its target is known; of the others only hashes that are still wanted
    are kept, so that memory does not grow with every key of the largest table.
    """

    def __init__(self, contracts: Mapping[str, Contract], pool: Executor) -> None:
        self.contracts, self.pool = contracts, pool
        self.unique = {name: list(unique_keys(contract)) for name, contract in contracts.items()}
        self.foreign = {name: list(foreign_keys(contract, contracts)) for name, contract in contracts.items()}
        self.suspicions: dict[str, list[Suspicion]] = {name: [] for name in contracts}
        self.known: dict[Side, Hashes] = {}
        self.kept: dict[Side, Hashes] = {}
        self.waiting: list[Foreign] = []

    @property
    def tables(self) -> Iterator[str]:
        """The tables in an order in which, but for circles, those come first that others refer to."""
        left = {name: {key.there.table for key in keys} - {name} for name, keys in self.foreign.items()}
        while left:
            name = next((one for one, targets in left.items() if not targets & left.keys()), next(iter(left)))
            del left[name]
            yield name

    def referred(self, name: str) -> list[Side]:
        """The sides of a table that others refer to."""
        return [key.there for keys in self.foreign.values() for key in keys if key.there.table == name]

    def ask(self, name: str) -> Asked:
        """What a pass over a table is asked of its keys."""
        at_once = [key for key in self.foreign[name] if key.there in self.known]
        later = [key.own for key in self.unique[name]]
        later += [key.own for key in self.foreign[name] if key not in at_once]
        lookups = {key: Lookup(self.known[key.there], self.void(key.own)) for key in at_once}
        return Asked(lookups, dict.fromkeys([*later, *self.referred(name)]))

    def judge(self, name: str, found: Pass) -> None:
        """Judge the keys that the pass over a table makes known."""
        self.kept |= found.hashes
        self.suspicions[name] += [Suspicion(key, records) for key, records in found.lost.items() if records]
        sides = list(dict.fromkeys([*self.referred(name), *(key.own for key in self.unique[name])]))
        hashes = dict(zip(sides, self.pool.map(self.ordered, sides), strict=True))
        self.known |= {side: hashes[side] for side in self.referred(name)}
        self.waiting += [key for key in self.foreign[name] if key not in found.lost]
        ready = [key for key in self.waiting if key.there in self.known]
        broken: list[tuple[Key, Hashes]] = [(key, twice(hashes[key.own])) for key in self.unique[name]]
        broken += [(key, self.lost(key)) for key in ready]
        for key, wrong in broken:
            records = places(self.kept[key.own], wrong).tolist()
            self.suspicions[key.own.table] += [Suspicion(key, records)] if records else []
        self.waiting = [key for key in self.waiting if key not in ready]
        self.kept = {side: hashes for side, hashes in self.kept.items() if side in {key.own for key in self.waiting}}

    def void(self, side: Side) -> Hashes:
        """The hashes that stand for a missing key, beside 0."""
        return np.array(self.contracts[side.table].void(side.fields) if side.how == ROUGH else [], np.uint64)

    def ordered(self, side: Side) -> Hashes:
        """The hashes of a key, sorted."""
        return ordered(self.kept[side], self.void(side))

    def lost(self, key: Foreign) -> Hashes:
        """The hashes of a key that are not there."""
        return lost(self.kept[key.own], self.known[key.there], self.void(key.own), self.pool)


def confirm(contracts: Mapping[str, Contract], suspicion: Suspicion) -> None:
    """Add a finding for each suspected record whose real cells break the key."""
    key, contract = suspicion.key, contracts[suspicion.key.own.table]
    if isinstance(key, Foreign) and (reason := unread(contracts[key.there.table], key.there.fields)):
        contract.table.miss(f": foreign-key {', '.join(key.own.fields)} -> {key.there.table}", reason)
        return
    cells = contract.table.cells(one for one in suspicion.records if one not in contract.table.skipped)
    parts = [f"{OWN}{at}" for at in range(len(key.own.fields))]
    values = [part.alias(at) for at, part in zip(parts, contract.parts(key.own.fields), strict=True)]
    cells = cells.with_columns(values).drop_nulls(parts)
    if isinstance(key, Unique):
        message, expected, near = "The key stands in another row too.", "a key that stands in no other row", []
        cells, rule = cells.filter(~pl.struct(parts).is_first_distinct()), key.rule
    else:
        message, rule = "The cell refers to a record that is not there.", "foreign-key"
        expected = f"a value of {', '.join(key.there.fields)} in {key.there.table}"
        near = nearest(contracts[key.there.table], key) if len(parts) == 1 and cells.height else []
    report(contract.table, cells, rule, message, key.own.fields, expected, near)


def nearest(parent: Contract, key: Foreign) -> list[str]:
    """The values among which a dangling key's hint is looked for; none where there are too many."""
    if parent.table.height > HINTED:
        return []
    return (
        parent.table.frame.select(named(key.there.fields[0]).drop_nulls().unique().sort())
        .collect()
        .to_series()
        .to_list()
    )
