"""`qantar stamp`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click

from qantar.commands import shell_command, write_whole


@shell_command("qantar stamp my-package")
@click.argument("package", type=click.Path(path_type=Path), default=".")
def command(package: Path) -> None:
    """Write length and digest of each resource's file into the descriptor.

    Run it after a change of data/. The descriptor is replaced in one step: it is never half written.
    """
    from qantar.errors import PackageError  # noqa: PLC0415 -- start-up is a feature
    from qantar.package import Package  # noqa: PLC0415

    read = Package.read(package)
    for resource in (one for one in read.resources.values() if one.paths):
        try:
            data = [read.locate(path).read_bytes() for path in resource.paths]
        except OSError as error:
            raise PackageError(
                f"{resource.path}  The file cannot be read: {error.strerror}. Nothing was written."
            ) from None
        resource.descriptor["bytes"] = sum(map(len, data))
        if len(data) == 1:
            resource.descriptor["hash"] = f"sha256:{hashlib.sha256(data[0]).hexdigest()}"
        else:  # of several files the standard defines none
            resource.descriptor.pop("hash", None)
    write_whole(read.root / read.file, json.dumps(read.descriptor, ensure_ascii=False, indent=2) + "\n")
