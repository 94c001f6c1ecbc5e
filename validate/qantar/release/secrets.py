"""Strings that look like a secret: what must never be published."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

SHAPES = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a secret key of minisign": rb"\bRW(?:RTY0Iy|QAAEIy)[A-Za-z0-9+/=]{100,}",
    "an access key of AWS": rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a token of GitHub": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b",
    "a token of GitLab": rb"\bglpat-[A-Za-z0-9_-]{20,}",
    "a token of Slack": rb"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a key of Google": rb"\bAIza[A-Za-z0-9_-]{35}\b",
    "a key of Stripe": rb"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "a token of PyPI": rb"\bpypi-AgE[A-Za-z0-9_-]{50,}",
    "a token of npm": rb"\bnpm_[A-Za-z0-9]{36}\b",
    "a JSON Web Token": rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a password in a URL": rb"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]+:[^\s/:@\"'<>]{3,}@[A-Za-z0-9.-]+",
}
"""The shapes that are looked for, as their issuers describe them: few false alarms are worth more than every guess."""

PATTERN = re.compile(b"|".join(b"(%s)" % shape for shape in SHAPES.values()))

SHOWN = 4
"""How many characters of a secret are shown."""


def secrets(folder: Path) -> Iterator[str]:
    """A line for each secret-shaped string in the files of a folder and in their archives; its value is masked."""
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        yield from in_file(file.relative_to(folder).as_posix(), file.read_bytes())


def in_file(name: str, data: bytes) -> Iterator[str]:
    """The lines for one file; an archive is looked into, since packing hides."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from in_file(f"{name}:{member}", archive.read(member))
        return
    kinds = list(SHAPES)
    for found in PATTERN.finditer(data):
        line = data.count(b"\n", 0, found.start()) + 1
        masked = found[0][:SHOWN].decode("ascii", "replace") + "…"
        yield f"{name}:{line}  {masked} looks like {kinds[(found.lastindex or 1) - 1]}. Take it out, and make it void."
