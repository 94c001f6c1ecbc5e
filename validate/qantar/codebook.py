"""Schemas and the written coding rules -> docs/codebook.md."""

from __future__ import annotations

from collections.abc import Iterator

from qantar.package import Json, Package, Resource


def codebook(package: Package, coding_rules: str) -> str:
    """The codebook as one Markdown page: what each column and code means, then the coding rules."""
    head = (
        f"# Codebook of {package.descriptor.get('name')} {package.descriptor.get('version', '')}\n\n"
        "Generated from `schemas/` and `docs/coding-rules.md` by `qantar docs`.\n\n"
        f"{package.descriptor.get('description', '')}\n"
    )
    return "\n".join(
        [head, *(part for one in package.resources.values() for part in chapter(one)), coding_rules.strip() + "\n"]
    )


def chapter(resource: Resource) -> Iterator[str]:
    """One resource: its fields as a table, then the codes of each field that has codes."""
    yield f"## {resource.name}\n\n{resource.descriptor.get('description', '')}\n"
    yield f"Primary key: {', '.join(f'`{name}`' for name in resource.key)}\n"
    yield "| field | type | meaning | rules | HXL |\n|---|---|---|---|---|"
    for field in resource.fields:
        hxl = f"`{field['hxl']}`" if "hxl" in field else ""
        kind, meaning = str(field.get("type", "any")), str(field.get("description", ""))
        said = (f"`{field['name']}`", kind, meaning, constraints(resource, field), hxl)
        yield f"| {' | '.join(said)} |"
    yield ""
    for field in resource.fields:
        if "categories" in field:
            yield f"Codes of `{field['name']}`:\n\n| code | label | definition |\n|---|---|---|"
            for code in field["categories"]:
                given = code if isinstance(code, dict) else {"value": code}
                yield f"| `{given.get('value')}` | {given.get('label', '')} | {given.get('definition', '')} |"
            yield ""


def constraints(resource: Resource, field: dict[str, Json]) -> str:
    """What a field must fulfil, in words."""
    given = field.get("constraints", {})
    said = ["required"] if given.get("required") else []
    said += ["unique"] if given.get("unique") else []
    said += [f"`{given['pattern']}`"] if "pattern" in given else []
    said += [f"{given['minimum']} or more"] if "minimum" in given else []
    said += [f"{given['maxLength']} characters at most"] if "maxLength" in given else []
    said += ["EDTF"] if str(field.get("rdfType", "")).endswith("/EDTF") else []
    said += [f"refers to `{target}`" for fields, target, _ in resource.relations if fields == (field["name"],)]
    return ", ".join(said)
