"""Table Schemas as pandera schemas, for people who validate frames inside their own pipelines.

>>> from qantar.contracts import figures, pandas    # `figures` is for polars frames, `pandas.figures` for pandas frames
>>> figures.validate(frame, lazy=True)              # SchemaErrors, whose `failure_cases` list every fault
>>> own = contract("my-package/schemas/t.json")     # any Table Schema, also as a dict; engine="pandas" for pandas

A contract says of a typed frame, such as `qantar.load()` gives, what `qantar validate` says of the file with its
values: types, every constraint, categories, missing values, primary and unique keys, and the columns. What it cannot
say stands in its `metadata["not_checked"]`: foreign keys, which take a second table, and constraints that the engine
cannot run either. Faults of text (`1_000`, `2024-2-1`) are gone once a cell is typed, as are digits beyond what the
types hold: 64 bits, double precision, microseconds.

It wants the extra `qantar[pandera]`.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from qantar.catalogue import did_you_mean
from qantar.dataset import dataset_path
from qantar.package import Json, Package

if TYPE_CHECKING:
    from qantar.contracts.pandas import Contract as PandasContract
    from qantar.contracts.polars import Contract as PolarsContract

ENGINES = ("polars", "pandas")


@overload
def contract(schema: dict[str, Json] | str | Path, engine: Literal["polars"] = "polars") -> PolarsContract: ...
@overload
def contract(schema: dict[str, Json] | str | Path, engine: Literal["pandas"]) -> PandasContract: ...
def contract(schema: dict[str, Json] | str | Path, engine: str = "polars") -> Any:
    """The contract of a Table Schema, given as a dict or as the path of its file.

    Raises DescriptorError where it is no Table Schema.
    """
    if engine not in ENGINES:
        raise ValueError(f"No contract is made for {engine!r}. Expected one of {', '.join(ENGINES)}.")
    return module(engine).contract(schema)


def module(engine: str) -> Any:  # noqa: ANN401 -- a module
    """The module that makes contracts for an engine."""
    try:
        return importlib.import_module(f"qantar.contracts.{engine}")
    except ModuleNotFoundError as error:
        lacking = str(error.name).partition(".")[0]
        raise ImportError(f"qantar.contracts.{engine} needs {lacking}: install qantar[pandera].") from error


@cache
def schemas() -> dict[str, dict[str, Json]]:
    """The Table Schemas of the dataset that comes with the tool, by resource."""
    return {name: resource.schema for name, resource in Package.read(dataset_path()).resources.items()}


@cache
def of_resource(name: str, engine: str) -> Any:  # noqa: ANN401 -- a contract of either kind
    """The contract of a resource of the dataset; AttributeError where there is none of the name."""
    if name.startswith("__") or name not in schemas():
        raise AttributeError(f"The dataset has no resource {name!r}.{did_you_mean(name, schemas(), '')}")
    return module(engine).contract(schemas()[name], name)


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module, or a contract
    if name in ENGINES:
        return module(name)
    return of_resource(name, "polars")


def __dir__() -> list[str]:
    return sorted([*globals(), *ENGINES, *schemas()])
