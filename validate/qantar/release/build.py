"""A release built from a package: refused with every reason at once, or there as a whole."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
from xlsxwriter.exceptions import XlsxWriterException

from qantar.checker import check
from qantar.config import Settings
from qantar.errors import TargetError
from qantar.git import output
from qantar.model import Severity
from qantar.package import Package
from qantar.provenance import verify
from qantar.release import atomic
from qantar.release.bump import Diff, is_version, parts
from qantar.release.changelog import CHANGELOG, COUNTS, counted, read_entry
from qantar.release.content import read_content, release_name, unfit
from qantar.release.diff import compare, compare_first
from qantar.release.formats import write_formats
from qantar.release.manifest import SUMS, files, sha256, write_manifest
from qantar.release.opening import opened
from qantar.release.signature import SIGNATURE, sign, signer

TOLD = 5
"""How many ids or files a reason names."""


@dataclass(frozen=True)
class Order:
    """What is to be built: where to, since which release, with the reports' texts or without, signed or not.

    `since` is a place as `qantar diff` takes it; without it the newest lower release in the target is the one before.
    `stale` are the generated pages that are not fresh.
    """

    target: Path
    since: str | None = None
    reports: Path | None = None
    dry_run: bool = False
    key: Path | None = None
    password: Callable[[], str] = str
    stale: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What came of an order: the folder, the release's name, whether it is new, or why not; `notes` say the rest."""

    folder: Path
    name: str = ""
    unchanged: bool = False
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def release(package: Package, order: Order) -> Outcome:
    """Build the release of a package; TargetError where it cannot be written; what was there is then as it was."""
    version = package.descriptor.get("version")
    name = release_name(package.descriptor.get("name"), version)
    outcome = Outcome(order.target / str(version), name, refusals=[*unfit(package)], notes=[origin(package)])
    if outcome.refusals:
        order = replace(order, dry_run=True)
    try:
        with workshop(order, outcome.folder) as stage:
            build(package, order, outcome, stage)
    except (OSError, sqlite3.Error, pl.exceptions.PolarsError, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or error
        said = f"{order.target}  The release cannot be written: {reason}. What was there is as it was."
        raise TargetError(said) from None
    return outcome


@contextmanager
def workshop(order: Order, place: Path) -> Iterator[Path]:
    """The folder in which a release is made: beside its place, which is held alone, or for a dry run elsewhere."""
    if order.dry_run:
        with tempfile.TemporaryDirectory(prefix="qantar-") as folder:
            yield Path(folder)
        return
    made = [one for one in (order.target, *order.target.parents) if not one.exists()]
    order.target.mkdir(parents=True, exist_ok=True)
    try:
        with atomic.alone(order.target), atomic.staged(place) as stage:
            yield stage
    finally:
        with suppress(OSError):  # there is a release in it
            for one in made:
                one.rmdir()


def build(package: Package, order: Order, outcome: Outcome, stage: Path) -> None:
    """Fill the stage, gather what speaks against the release, and put it in its place if nothing does."""
    outcome.refusals += faults(package)
    if not outcome.refusals:
        content = read_content(package)
        write_formats(content, stage)
        write_manifest(content, stage)
        others = differing(outcome.folder, stage) if outcome.folder.exists() else []
        outcome.unchanged = outcome.folder.exists() and not others
        if others:
            outcome.refusals.append(f"{outcome.folder}  The version exists with other bytes: {named(others)}.")
    if not outcome.unchanged:
        outcome.refusals += unproven(package, order.reports, outcome.notes)
        outcome.refusals += [f"{one}  The page is stale. Run qantar docs." for one in order.stale]
        if is_version(package.descriptor.get("version")):
            outcome.refusals += out_of_step(package, order, outcome)
    if not outcome.refusals:
        finish(order, outcome, stage)


def finish(order: Order, outcome: Outcome, stage: Path) -> None:
    """Sign the release and put it in its place; one that is there already only gets its signature."""
    folder = outcome.folder if outcome.unchanged else stage
    if order.key:
        signature = sign((folder / SUMS).read_bytes(), order.key, outcome.name, order.password)
        add_signature(order, outcome, folder / SIGNATURE, signature)
    elif not (folder / SIGNATURE).exists():
        outcome.notes.append("not signed: no --sign KEY")
    if not outcome.unchanged and not order.dry_run:
        atomic.settle(stage, outcome.folder)


def add_signature(order: Order, outcome: Outcome, file: Path, signature: bytes) -> None:
    """Write a signature where there is none, or one that is not whole; that of another key is a reason to refuse."""
    own, there = signer(signature), file.read_bytes() if file.is_file() else b""
    other = signer(there)
    if other not in {None, own}:
        outcome.refusals.append(f"{file}  Signed by another key, {other}. Take it away to sign with {own}.")
        return
    if there != signature and not order.dry_run:
        atomic.write(file, signature)
    outcome.notes.append(f"signed with the key {own}")


def faults(package: Package) -> list[str]:
    """The errors of the package, as one reason, each rule with its number."""
    report = check(package, Settings(max_examples=0))
    counts = [f"{number} {rule}" for (rule, _, severity), number in report.counts.items() if severity is Severity.ERROR]
    return [f"{package.file}  The package has errors: {', '.join(counts)}. Run qantar validate."] if counts else []


def unproven(package: Package, reports: Path | None, notes: list[str]) -> Iterator[str]:
    """A reason for each report with mentions that its text does not prove; without the texts a note."""
    if not package.is_claims:
        return
    if reports is None:
        notes.append("mentions not proven: no --reports DIR")
        return
    for one in verify(package, reports):
        if one.proven < one.mentions or one.findings:
            unproved = f"{one.mentions - one.proven} of {one.mentions} mentions are unproven"
            yield f"{one.source}  {unproved}. Run qantar verify."


def out_of_step(package: Package, order: Order, outcome: Outcome) -> Iterator[str]:
    """What the release before and the changelog have against this one."""
    before = order.since or newest(order.target, outcome.folder.name)
    if before is None:
        outcome.notes.append("not compared with a release before: none in the target, and no --since")
        yield from unlike_changelog(package, compare_first(package))
        return
    with opened(before, package.root) as old:
        diff = compare(old, package, (before, str(package.root)))
    yield from (f"{name}  Not comparable with {before}: {reason}" for name, reason in diff.not_compared.items())
    if not diff.sufficient:
        yield (
            f"{package.file}  The version {diff.new.version} is too low: {diff.bump.name} changes since "
            f"{diff.old.version} want {diff.required} or later. Run qantar diff {before}."
        )
    for name, ids in diff.lost.items():
        yield f"{name}  Ids are gone without a row in retired: {named(list(ids))}."
    yield from unlike_changelog(package, diff)


def newest(target: Path, version: str) -> str | None:
    """The folder of the latest release in a target that is before this version."""
    found = [one for one in target.glob("*") if is_version(one.name) and (one / SUMS).is_file()]
    found = [one for one in found if parts(one.name) < parts(version)]
    return str(max(found, key=lambda one: parts(one.name))) if found else None


def unlike_changelog(package: Package, diff: Diff) -> Iterator[str]:
    """What the head of the changelog does not say, or says otherwise than it is."""
    entry = read_entry(package)
    if entry.version != diff.new.version or entry.date is None:
        found = f"{entry.version} - {entry.date}" if entry.version else "no entry"
        yield f"{CHANGELOG}  The head is not of this release: {found}. Expected ## [{diff.new.version}] - YYYY-MM-DD."
        return
    known = (
        slice(None) if entry.first or diff.old.version else slice(-1, None)
    )  # how many rows there are is always known
    wrong = [
        f"{name} {numbers}"
        for name, numbers in counted(diff).items()
        if entry.counts.get(name, ())[known] != numbers[known]
    ]
    if wrong:
        yield f"{CHANGELOG}  Rows are not counted as they are. Expected | {' | '.join(COUNTS)} | as {', '.join(wrong)}."
    yield from (
        f"{CHANGELOG}  The change of {one.figure} is not typed. Expected "
        f"{'retracted' if one.retracted else 'corrected or reclassified'}, with a reason."
        for one in diff.corrections
        if not one.typed
    )
    yield from (f"{CHANGELOG}  {one} is typed, but it did not change." for one in diff.unmatched)


def differing(folder: Path, stage: Path) -> list[str]:
    """The files that only one of two releases has, or that differ; the signature counts for nothing."""
    there, here = ({name: sha256(file) for name, file in every(one).items()} for one in (folder, stage))
    return sorted(name for name in {*there, *here} if there.get(name) != here.get(name))


def every(folder: Path) -> dict[str, Path]:
    """The files of a release with its sums."""
    return {**files(folder), SUMS: folder / SUMS} if (folder / SUMS).is_file() else files(folder)


def named(names: list[str]) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - TOLD:,} more" if len(names) > TOLD else ""
    return ", ".join(names[:TOLD]) + more


def origin(package: Package) -> str:
    """What the release is built from: a commit, with changes or without, or a plain folder."""
    commit = output(package.root, "rev-parse", "--short", "HEAD")
    if commit is None:
        return "built from a plain folder"
    changed = output(package.root, "status", "--porcelain", "--", ".")
    return f"built from commit {commit.decode().strip()}" + (" with uncommitted changes" if changed else "")
