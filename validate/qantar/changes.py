"""What of a package changed since a git revision, and what of a validation that leaves.

A resource is changed if its file, its schema or its entry in the descriptor is another than in the revision, or is not
under git, or if it refers to a resource that is gone. It is checked whole; of the others only what hangs together with
it: foreign keys from and to it, and the rules that read it. The descriptor is always checked whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from qantar.errors import RevisionError
from qantar.git import git
from qantar.model import NotChecked
from qantar.package import Json, Package, Resource, is_remote
from qantar.rules import RULES

WITHOUT = {"constraints", "categories"}
"""The properties of a field that are not checked where nothing changed."""


@dataclass(frozen=True)
class Changes:
    """The names of the resources that changed since a revision."""

    revision: str
    resources: frozenset[str]

    def reads(self, rule: str) -> bool:
        """Whether a rule of the model names a changed table as one that it reads."""
        return not self.resources.isdisjoint(RULES[rule].tables)

    def runs(self, rule: str) -> bool:
        """Whether a rule of the model has to run; those on every table run on the changed ones."""
        return self.reads(rule) or (RULES[rule].resource == "table" and bool(self.resources))

    def concern(self, rule: str, resource: str | None) -> bool:
        """Whether a finding may come of a change: it is on what changed, or on what is held against that."""
        own = resource is None or resource in self.resources
        return own or rule == "foreign-key" or (rule in RULES and self.reads(rule))

    def narrow(self, package: Package) -> Package:
        """The package with what changed and what that is held against, the latter without checks of its own."""
        involved = self.involved(package)
        kept = {name: one for name, one in package.resources.items() if name in involved}
        kept |= {name: self.bare(one) for name, one in kept.items() if name not in self.resources}
        return replace(package, resources=kept)

    def involved(self, package: Package) -> set[str]:
        """The resources that changed, the other ends of their foreign keys, and the tables of rules that run."""
        pairs = [(name, target) for name, one in package.resources.items() for _, target, _ in one.relations]
        involved = {one for pair in pairs if not self.resources.isdisjoint(pair) for one in pair} | self.resources
        for rule in filter(lambda one: self.runs(one.id), RULES.values()):
            involved.update(package.resources if rule.resource == "table" and self.reads(rule.id) else rule.tables)
        return involved

    def bare(self, resource: Resource) -> Resource:
        """A resource that did not change: its types, its primary key, and its foreign keys to what changed."""
        schema = dict(resource.schema)
        schema["fields"] = [{k: v for k, v in one.items() if k not in WITHOUT} for one in resource.fields]
        schema["foreignKeys"] = [
            one
            for one in schema.get("foreignKeys", [])
            if (one["reference"].get("resource") or resource.name) in self.resources
        ]
        schema.pop("uniqueKeys", None)
        descriptor = {k: v for k, v in resource.descriptor.items() if k not in {"bytes", "hash"}}
        return replace(resource, schema=schema, descriptor=descriptor)

    def left_out(self, package: Package) -> Iterator[NotChecked]:
        """What is not checked, because it did not change."""
        for name, resource in package.resources.items():
            if name not in self.resources:
                reason = f"unchanged since {self.revision}; only its relations to what changed are"
                yield NotChecked(resource.path, reason)
        idle = [one for one in RULES if not self.runs(one)]
        if package.is_claims and idle:
            reason = f"they read nothing that changed since {self.revision}"
            yield NotChecked(f"{len(idle)} of {len(RULES)} rules of the claims model", reason)


def read_changes(package: Package, revision: str) -> Changes:
    """What changed since a git revision; RevisionError where there is none of that name, or no git."""
    commit = resolve(package, revision)
    old = descriptor_at(package, commit) if commit else None
    if commit is None or old is None or old.get("qantar") != package.descriptor.get("qantar"):
        return Changes(revision, frozenset(package.resources))
    entries = {str(one.get("name")): one for one in old["resources"] if isinstance(one, dict)}
    gone = entries.keys() - package.resources.keys()
    files = {name: files_of(package, resource) for name, resource in package.resources.items()}
    changed = changed_files(package, commit, sorted({one for named in files.values() for one in named}))
    return Changes(
        revision,
        frozenset(
            name
            for name, resource in package.resources.items()
            if entries.get(name) != resource.descriptor
            or not changed.isdisjoint(files[name])
            or any(map(is_remote, resource.references))
            or any(target in gone for _, target, _ in resource.relations)
        ),
    )


def resolve(package: Package, revision: str) -> str | None:
    """The commit that a revision names; None for the HEAD of a repository that has no commit yet."""
    if revision.startswith("-"):
        raise RevisionError(f"{revision}  Not a revision. Expected a commit, a branch or a tag.")
    inside = git(package.root, "rev-parse", "--is-inside-work-tree")
    if inside.stdout != b"true\n":
        said = inside.stderr.decode(errors="replace").partition("\n")[0] or "not in a git working tree"
        raise RevisionError(f"{package.root}  What changed since {revision} cannot be told: {said}.")
    found = git(package.root, "rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}")
    if found.returncode and revision == "HEAD":
        return None
    if found.returncode:
        raise RevisionError(f"{revision}  No such revision. Expected a commit, a branch or a tag that was fetched.")
    return found.stdout.decode().strip()


def descriptor_at(package: Package, commit: str) -> dict[str, Json] | None:
    """The descriptor at a commit; None where there was none that can be compared."""
    try:
        value = json.loads(git(package.root, "show", f"{commit}:./{package.file}").stdout)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("resources"), list) else None


def files_of(package: Package, resource: Resource) -> set[str]:
    """The files that a resource is made of, below the package's folder; of a link also what it leads to."""
    root = package.root.resolve()
    real = [(root / one).resolve() for one in resource.files]
    named = {PurePosixPath(one).as_posix() for one in resource.files}
    return named | {one.relative_to(root).as_posix() for one in real if one.is_relative_to(root)}


def changed_files(package: Package, commit: str, files: list[str]) -> set[str]:
    """Which of these files are others than at the commit, or not under git."""
    if not files:
        return set()
    plain = ("--no-renames", "--no-ext-diff", "--no-textconv")
    differing = git(package.root, "diff", "--name-only", "-z", "--relative", *plain, commit, "--", *files)
    tracked = git(package.root, "ls-files", "-z", "--", *files)
    if differing.returncode or tracked.returncode:  # a path beyond a link, say: nothing is known to be unchanged
        return {*files}
    return named_in(differing.stdout) | ({*files} - named_in(tracked.stdout))


def named_in(output: bytes) -> set[str]:
    """The paths that git wrote."""
    return {one for one in output.decode(errors="surrogateescape").split("\0") if one}
