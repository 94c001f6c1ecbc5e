"""A bar for long runs: on standard error, only where that is a terminal, and only after a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from qantar.package import Package
from qantar.reports.wording import visible

if TYPE_CHECKING:
    from rich.progress import Progress

AFTER = 1.0
"""Seconds after which a run is long."""


@contextmanager
def watching(package: Package, *, quiet: bool) -> Iterator[Callable[[Iterable[str]], Iterable[str]]]:
    """What the names of the tables go through, one by one, so that a bar can follow them."""
    if quiet or not sys.stderr.isatty():
        yield iter
        return
    bar = Bar({name: size(package, one.path) for name, one in package.resources.items()})
    try:
        yield bar.watch
    finally:
        bar.close()


def size(package: Package, path: str) -> int:
    """The bytes of a file, at least one: so that a table which is none counts too."""
    file = package.root / path
    return file.stat().st_size + 1 if file.is_file() else 1


class Bar:
    """A bar that moves on by the bytes of each table, and shows for how long it has been going."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self.name, self.done = "Opening the files", 0
        self.progress: Progress | None = None
        self.timer = Timer(AFTER, self.show)
        self.timer.start()

    def show(self) -> None:
        """Begin to show the bar; a thread of its own draws it."""
        from rich.console import Console  # noqa: PLC0415 -- short runs need none of it
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
        progress = Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=4)
        progress.add_task(self.name, total=sum(self.sizes.values()), completed=self.done)
        progress.start()
        self.progress = progress

    def watch(self, names: Iterable[str]) -> Iterator[str]:
        """The names of the tables, one by one."""
        for name in names:
            self.name = f"Checking {visible(name)}"
            self.move()
            yield name
            self.done += self.sizes[name]
        self.name = "Comparing keys"
        self.move()

    def move(self) -> None:
        """Draw where the run has come to."""
        if self.progress:
            self.progress.update(self.progress.task_ids[0], description=self.name, completed=self.done)

    def close(self) -> None:
        """Take the bar away."""
        self.timer.cancel()
        self.timer.join()
        if self.progress:
            self.progress.stop()
