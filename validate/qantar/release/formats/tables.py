"""`claims.csv`, and CSV with a row of HXL hashtags below the header."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from qantar.package import Package
from qantar.release.cells import plain
from qantar.release.claims import SHOWN
from qantar.release.content import Content

AFFECTED = ("killed", "injured", "detained")
"""Measures of people that HXL's tools look for in columns of their own."""


def write(content: Content, folder: Path) -> None:
    """Write `claims.csv`, and in `hxl/` the claims and each resource of which a field has a hashtag."""
    if content.claims is not None:
        claims = content.claims.with_columns(pl.col("chain").list.join(" "))
        write_csv(folder / "claims.csv", claims)
        tags = claim_tags(content.package, claims.columns)
        write_csv(folder / "hxl" / "claims.csv", claims.with_columns(affected()), tags)
    for name, resource in content.package.resources.items():
        tags = {one["name"]: one["hxl"] for one in resource.fields if "hxl" in one}
        if tags:
            write_csv(folder / "hxl" / f"{name}.csv", plain(content.tables[name], resource), tags)


def write_csv(file: Path, frame: pl.DataFrame, tags: dict[str, str] | None = None) -> None:
    """Write a table as CSV, with its hashtags as the first row where there are any."""
    file.parent.mkdir(exist_ok=True)
    texts = frame.cast(pl.String)
    row = pl.DataFrame({name: tags.get(name, "") for name in frame.columns}) if tags else texts.clear()
    pl.concat([row, texts]).write_csv(file)


def claim_tags(package: Package, columns: list[str]) -> dict[str, str]:
    """The hashtags of the claims, from the fields that they show."""
    fields = {(name, one["name"]): one.get("hxl") for name, each in package.resources.items() for one in each.fields}
    tags = {f"{one}_{bound}": f"#affected+{one}+{bound}" for one in AFFECTED for bound in ("min", "max")}
    for column in columns:
        table, name, more = SHOWN.get(column, ("figures", column, ""))
        tag = fields.get((table, name), fields.get(("events", name)))
        if tag:
            tags[column] = tag + more
    return tags


def affected() -> list[pl.Expr]:
    """The bounds of the measures that HXL's tools look for, each in a column of its own."""
    bounds = {"min": "low", "max": "high"}
    return [
        pl.when(pl.col("measure").cast(pl.String) == one).then(pl.col(bounds[bound])).alias(f"{one}_{bound}")
        for one in AFFECTED
        for bound in bounds
    ]
