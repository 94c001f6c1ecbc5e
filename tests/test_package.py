"""Packages that cannot be read, or that lead elsewhere: one clear line, exit 3."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from qantar.commands import cli, main
from qantar.errors import DescriptorError, PackageError, UnsafePathError
from qantar.package import Package, inside


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"resources": [\n  {"name": "a",}\n]}', ":2:16  Not JSON"),
        (b'{"resources":\n [], "x": "\xe9"}', ":2  Not UTF-8: byte 0xe9 at offset 25"),
        (b"[]", "Expected a JSON object, found list"),
        (b"{}", "lists no resources"),
        (b'{"resources": {}}', "lists no resources"),
        (b'{"resources": [1]}', "lists no resources"),
        (b"[" * 100_000, "Nested too deeply"),
        (b'{"resources": [], "x": ' + b"9" * 5000 + b"}", "Not to be read"),
    ],
)
def test_a_descriptor_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "datapackage.json").write_bytes(content)
    with pytest.raises(DescriptorError) as error:
        Package.read(tmp_path)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def to_pipe(file: Path) -> None:
    os.mkfifo(file)


def to_device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def too_large(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate((20 << 20) + 1)


@pytest.mark.parametrize("make", [to_pipe, to_device, too_large])
@pytest.mark.parametrize("name", ["datapackage.json", "schema.json", "named.json"])
def test_what_no_descriptor_can_be_is_refused_at_once(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    if name == "schema.json":
        given = {"resources": [{"name": "a", "data": [], "schema": name}]}
        (tmp_path / "datapackage.json").write_text(json.dumps(given), encoding="utf-8")
    make(tmp_path / name)
    start = time.monotonic()
    with pytest.raises(PackageError, match=name) as error:
        Package.read(tmp_path / name if name == "named.json" else tmp_path)
    assert time.monotonic() - start < 1
    assert "\n" not in str(error.value)


def test_a_link_to_a_descriptor_is_followed_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"resources": []}', encoding="utf-8")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "datapackage.json").symlink_to(tmp_path / "a.json")
    assert Package.read(tmp_path / "package" / "datapackage.json").resources == {}
    with pytest.raises(UnsafePathError, match=r"datapackage\.json  The link leads out"):
        Package.read(tmp_path / "package")


def test_no_descriptor(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError, match="No such file"):
        Package.read(tmp_path)


def link_out(root: Path) -> str:
    (root / "out.csv").symlink_to("/etc/hostname")
    return "out.csv"


def link_loop(root: Path) -> str:
    (root / "loop.csv").symlink_to("loop.csv")
    return "loop.csv"


def fifo(root: Path) -> str:
    os.mkfifo(root / "pipe.csv")
    return "pipe.csv"


@pytest.mark.parametrize(
    "path",
    [
        lambda _: "../secret.csv",
        lambda _: "data/../../secret.csv",
        lambda _: "/etc/passwd",
        lambda _: "file:///etc/passwd",
        lambda _: "https://example.org/a.csv",
        lambda _: "C:\\secret.csv",
        lambda _: "a\0b",
        link_out,
        link_loop,
        fifo,
    ],
    ids=["up", "up-inside", "absolute", "file-url", "url", "drive", "nul", "link-out", "link-loop", "fifo"],
)
def test_no_path_leads_out_of_the_package(tmp_path: Path, path: Callable[[Path], str]) -> None:
    with pytest.raises(PackageError):
        inside(tmp_path, path(tmp_path))


def test_a_link_inside_the_package_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert inside(tmp_path, "link.csv").read_text(encoding="utf-8") == "a\n"


@pytest.mark.parametrize("path", ["../a.csv", "/etc/passwd", "file:///etc/passwd", ["a.csv", "../b.csv"], "x/../../a"])
def test_a_package_whose_data_lie_outside_is_refused(tmp_path: Path, path: object) -> None:
    descriptor = {"resources": [{"name": "a", "path": path, "schema": {"fields": [{"name": "a"}]}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(UnsafePathError):
        Package.read(tmp_path)


def test_a_schema_outside_the_package_is_refused(tmp_path: Path) -> None:
    descriptor = {"resources": [{"name": "a", "path": "a.csv", "schema": "../schema.json"}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(UnsafePathError):
        Package.read(tmp_path)


NAMED = {"fields": [{"name": "a"}]}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"fields": "a"}, "its fields are no array of objects with names"),
        ({"fields": [{"type": "string"}]}, "its fields are no array of objects with names"),
        ({"fields": [{"name": "\x1fa"}]}, "the name of a field begins with a control character"),
        (NAMED | {"primaryKey": ["b"]}, "b in its primaryKey is the name of no field"),
        (NAMED | {"primaryKey": "zz"}, "zz in its primaryKey is the name of no field"),
        (NAMED | {"primaryKey": 5}, "its primaryKey must be names of fields"),
        (NAMED | {"uniqueKeys": [["b"]]}, "b in its uniqueKeys is the name of no field"),
        (NAMED | {"uniqueKeys": [[]]}, "its uniqueKeys must be names of fields"),
        (NAMED | {"uniqueKeys": 5}, "its uniqueKeys are no array"),
        (NAMED | {"foreignKeys": [{"fields": ["a"]}]}, "one of its foreignKeys does not say to which fields it refers"),
        (
            NAMED | {"foreignKeys": [{"fields": ["b"], "reference": {"resource": "a", "fields": ["a"]}}]},
            "b in its foreignKeys is the name of no field",
        ),
        (
            NAMED | {"foreignKeys": [{"fields": ["a"], "reference": {"fields": 5}}]},
            "one of its foreignKeys does not say",
        ),
        (7, "it is neither an object nor a path"),
    ],
)
def test_a_malformed_schema_is_a_finding(tmp_path: Path, schema: object, says: str) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
    descriptor = {"name": "x", "resources": [{"name": "a", "path": "a.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    result = CliRunner().invoke(cli, ["validate", str(tmp_path)])
    assert result.exit_code == 1
    assert f"The schema is not a Table Schema: {says}" in result.output
    assert "[schema-error]" in result.output
    assert "not checked: its schema cannot be read" in result.output


@pytest.mark.parametrize(("part", "expected"), [("schema", "a Table Schema"), ("dialect", "a Table Dialect")])
def test_a_file_that_is_missing_is_called_what_it_is(tmp_path: Path, part: str, expected: str) -> None:
    given = {"name": "x", "resources": [{"name": "a", "path": "a.csv", "schema": NAMED, part: "nope.json"}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(given), encoding="utf-8")
    result = CliRunner().invoke(cli, ["validate", str(tmp_path)])
    assert f"nope.json  No such file. Expected {expected}." in result.output


def test_a_path_that_is_empty_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError, match=r'^""  Not a regular file'):
        inside(tmp_path, "")


def test_main_prints_one_line_and_exits_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["qantar", "validate", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capsys.readouterr()
    assert (stop.value.code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith(f"error: {tmp_path}/datapackage.json  No such file.")
