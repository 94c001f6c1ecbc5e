"""Whether the descriptor keeps to the Data Package standard; frictionless judges."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from qantar.model import Finding
from qantar.package import Json, Package, Resource


def check_descriptor(package: Package) -> Iterator[Finding]:
    """A finding for each fault of the descriptor, and of each schema."""
    import frictionless  # noqa: PLC0415 -- takes 0.3 s to import

    shallow = package.descriptor | {
        "resources": [one.descriptor | {"schema": {"fields": []}} for one in package.resources.values()]
    }
    for error in frictionless.Package.metadata_validate(shallow):
        yield Finding("package-error", "The descriptor breaks the standard.", package.file, value=error.note)
    names = [one.get("name") for one in package.descriptor["resources"]]
    for name in sorted({str(one) for one in names if names.count(one) > 1}):
        yield Finding(
            "package-error", "Two resources have one name.", package.file, value=name, expected="each name once"
        )
    for resource in package.resources.values():
        yield from check_schema(package, resource)


def check_schema(package: Package, resource: Resource) -> Iterator[Finding]:
    """A finding for each fault of a resource's schema, and for each key that refers to what is not there."""
    import frictionless  # noqa: PLC0415

    given = resource.descriptor.get("schema")
    path = given if isinstance(given, str) else package.file
    if resource.fault:
        yield Finding("schema-error", resource.fault, path, resource.name)
        return
    for error in frictionless.Schema.metadata_validate(self_named(resource)):
        yield Finding("schema-error", "The schema breaks the standard.", path, resource.name, value=error.note)
    for fields, target, referred in resource.relations:
        parent = package.resources.get(target)
        names = [one["name"] for one in parent.fields] if parent else []
        if parent is None:
            near = difflib.get_close_matches(target, package.resources, 1)
            hint = f"Did you mean {near[0]}?" if near else None
            yield Finding(
                "schema-error",
                "A foreign key refers to no resource of the package.",
                path,
                resource.name,
                field=", ".join(fields),
                value=target,
                hint=hint,
            )
        elif names and not set(referred) <= set(names):
            yield Finding(
                "schema-error",
                "A foreign key refers to no field of its resource.",
                path,
                resource.name,
                field=", ".join(fields),
                value=", ".join(referred),
            )


def self_named(resource: Resource) -> dict[str, Json]:
    """The schema with every self-reference written as in version 1: frictionless 5.21 knows only that form."""
    keys = [key | {"reference": {"resource": ""} | key["reference"]} for key in resource.schema.get("foreignKeys", [])]
    return resource.schema | ({"foreignKeys": keys} if keys else {})
