"""What stops a run. Faults in data are findings, never exceptions.

QantarError
├── PackageError        the package cannot be read (exit 3)
│   ├── DescriptorError   the descriptor is missing or not JSON
│   ├── UnsafePathError   a path leads out of the package
│   ├── UnsafeDataError   a file is, or unpacks to, more than is safe
│   └── NothingThereError a URL has nothing
├── TargetError         a release cannot be written or fetched there (exit 3)
│   └── BusyError         another process writes there
├── ReportTextError     a report's text is missing or differs (exit 3)
└── SettingsError       a setting, a baseline or a file to write is wrong (exit 2)
    ├── UnknownRuleError  no rule has that id
    ├── RevisionError     git does not know the revision
    ├── KeyFileError      a key cannot sign, or is none
    └── MissingExtraError what was asked for needs a library that is not installed
"""

from __future__ import annotations

import re

PASSWORD = re.compile(r"(?<=://)([^\s/@:]*):[^\s/]*@")
"""A user and a password as a URL has them."""


def masked(text: str) -> str:
    """A text without the passwords of its URLs."""
    return PASSWORD.sub(r"\1:…@", text)


class QantarError(Exception):
    """Base of all; its text is one line that says the place, the fault and the mend, and no password."""

    def __str__(self) -> str:
        return masked(super().__str__())


class PackageError(QantarError):
    """The package cannot be read."""


class DescriptorError(PackageError):
    """The descriptor is missing, not UTF-8, not JSON, or not an object."""


class UnsafePathError(PackageError):
    """A path of the descriptor leads out of the package's folder."""


class UnsafeDataError(PackageError):
    """A file has more bytes than is safe, or unpacks to more."""


class NothingThereError(PackageError):
    """There is nothing at a URL."""


class ReportTextError(QantarError):
    """The text of a report is missing, or is not the one that was curated."""


class SettingsError(QantarError):
    """A setting or a baseline is wrong, or a file cannot be written."""


class RevisionError(SettingsError):
    """What changed since a revision cannot be told: git does not know it, or not the folder."""


class UnknownRuleError(SettingsError):
    """No rule has that id."""


class MissingExtraError(SettingsError):
    """What was asked for needs a library that is not installed."""


class TargetError(QantarError):
    """A release cannot be written where it should be, or fetched from there."""


class BusyError(TargetError):
    """Another process writes where a release should be written."""


class KeyFileError(SettingsError):
    """A key cannot be read, cannot sign, or is no key."""
