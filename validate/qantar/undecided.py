"""What only the cells tell that it is not checked.

These are bounds, for XML Schema orders the values of some types only in part, and JSON Schemas that take too long.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from qantar.contract import Contract
from qantar.descriptor import BOUNDS
from qantar.fields import NotCheckedError, bound_of

WHY = {
    "datetime": "one of the two has no time zone, and they are not more than 14 hours apart",
    "duration": "months and years have no fixed length",
}
"""Why the order of values of a type is left open."""


def say_undecided(contract: Contract) -> None:
    """Say of each bound how many cells it leaves open: a pass over the file, where a bound may leave any open.

    And say which checks failed as they ran.
    """
    for check in contract.checks:
        for reason in check.judge.failed if check.judge else ():
            contract.table.miss(f":{check.field}", reason)
    found = list(undecided(contract))
    if not found:
        return
    counts = contract.table.frame.select(cells.sum().alias(str(at)) for at, (_, _, cells) in enumerate(found))
    for (name, limit, _), count in zip(found, counts.collect(engine="streaming").row(0), strict=True):
        if count:
            kind = contract.columns[name].field["type"]
            reason = f"{limit}: XML Schema leaves open on which side of it {count:,} of the values are ({WHY[kind]})"
            contract.table.miss(f":{name}", reason)


def undecided(contract: Contract) -> Iterator[tuple[str, str, pl.Expr]]:
    """Each bound that may leave cells open, as field, constraint with its value, and where they are."""
    for name, column in contract.columns.items():
        constraints = column.field.get("constraints")
        if column.order is None or column.order.undecided is None or not isinstance(constraints, dict):
            continue
        for constraint in (one for one in BOUNDS if one in constraints):
            try:
                text, limit = bound_of(column, constraints[constraint])
            except NotCheckedError:
                continue  # which was said before
            present = column.text.is_not_null() if column.valid is None else column.text.is_not_null() & column.valid
            yield name, f"{constraint} {text}", (present & column.order.undecided(limit)).fill_null(value=False)
