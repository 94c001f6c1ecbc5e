"""The formats of a release, in the order in which they are written: one module each, `write(content, folder)`.

A module writes its files into the folder and gives back their paths; it writes none where the content has nothing for
it. The same content gives the same bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from qantar.release.content import Content

FORMATS = {
    "package": "package",
}
"""Each format and the module that writes it, imported only when it is written: the libraries are heavy."""


def write_formats(content: Content, folder: Path) -> Iterator[Path]:
    """Write every format of a release into an existing folder; `write_manifest` then closes it."""
    for module in FORMATS.values():
        yield from importlib.import_module(f"{__name__}.{module}").write(content, folder)
