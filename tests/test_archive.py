"""Archives: unpacked when they are harmless, refused in one line when not, and nothing left behind."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import qantar
from qantar import archive, source
from qantar.errors import DescriptorError, PackageError, UnsafeDataError, UnsafePathError

Make = Callable[[zipfile.ZipFile], object]


def zipped(make: Make) -> bytes:
    """An archive that a function fills."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as opened:
        make(opened)
    return data.getvalue()


def named(name: str, mode: int = 0o100644) -> Make:
    """An archive of one file."""

    def make(opened: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        opened.writestr(info, "{}")

    return make


def twice(opened: zipfile.ZipFile) -> None:
    opened.writestr("datapackage.json", "{}")
    with pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr("datapackage.json", "[]")


HARMFUL = [
    (named("../evil.csv"), UnsafePathError, "out of the package"),
    (named("/evil.csv"), UnsafePathError, "out of the package"),
    (named("C:/evil.csv"), UnsafePathError, "out of the package"),
    (named("data/../../evil.csv"), UnsafePathError, "out of the package"),
    (named("link", 0o120777), UnsafePathError, "Not a regular file"),
    (named("pipe", 0o010644), UnsafePathError, "Not a regular file"),
    (lambda opened: opened.writestr("bomb.csv", bytes(30 << 20)), UnsafeDataError, "unpacks to more than is safe"),
    (twice, PackageError, "File exists"),
    (named("data.csv"), PackageError, "has no datapackage.json"),
    (named("datapackage.json"), DescriptorError, r"harm\.zip/datapackage\.json  The descriptor lists no resources"),
]


@pytest.mark.parametrize(("make", "error", "says"), HARMFUL)
def test_a_harmful_archive_is_refused(
    make: Make, error: type[PackageError], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "harm.zip").write_bytes(zipped(make))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with pytest.raises(error, match=says) as caught:
        qantar.load(tmp_path / "harm.zip")
    assert "\n" not in str(caught.value)
    assert {one.name for one in tmp_path.rglob("*")} == {"harm.zip", "temporary"}


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    whole = zipped(named("datapackage.json"))
    for data in (b"", b"PK", whole[:-10], whole.replace(b"{}", b"[]")):
        (tmp_path / "broken.zip").write_bytes(data)
        with pytest.raises(PackageError, match=r"broken\.zip"):
            qantar.load(tmp_path / "broken.zip")
    with pytest.raises(PackageError, match="No such file"):
        qantar.load(tmp_path / "missing.zip")


def test_the_bounds_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        for at in range(5):
            opened.writestr(f"{at}.csv", "a" * 100)
    for module, limit in ((archive, "MEMBERS_LIMIT"), (archive, "WHOLE_LIMIT"), (source, "UNPACKED_LIMIT")):
        with monkeypatch.context() as patched:
            patched.setattr(module, limit, 4)
            with pytest.raises(UnsafeDataError, match=r"a\.zip.* than is safe"):
                qantar.load(tmp_path / "a.zip")
