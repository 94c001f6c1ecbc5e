"""Releases that are elsewhere: fetched from a server, held against their digests, found in an index."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import qantar
from qantar import published, remote
from qantar.errors import PackageError
from qantar.release.content import Content


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that logs nothing; `broken` makes it fail."""

    def do_GET(self) -> None:
        """Serve a file, or fail where the name asks for it."""
        if "broken" in self.path:
            self.send_error(503)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def site(content: Content, built: Path, tmp_path: Path) -> Path:
    """Two published versions with their index, the first under another name."""
    data = (built / f"{content.name}.zip").read_bytes()
    entries = []
    for version in ("0.0.9", content.version):
        (tmp_path / version).mkdir()
        (tmp_path / version / "q.zip").write_bytes(data)
        entries.append({"version": version, "path": f"{version}/q.zip", "sha256": hashlib.sha256(data).hexdigest()})
    shutil.copy(built / "SHA256SUMS", tmp_path / "0.0.9")
    index = {"versions": entries, "latest": content.version}
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return tmp_path


@pytest.fixture
def url(site: Path) -> Iterator[str]:
    """The URL of the site."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_an_archive_is_loaded_from_its_url(content: Content, url: str, site: Path) -> None:
    for place in (f"{url}/0.0.9/q.zip", (site / "0.0.9" / "q.zip").as_uri()):
        assert qantar.load(place).claims.equals(content.tables.claims)


def test_a_version_is_found_in_the_index(
    content: Content, url: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in (url, f"{url}/", f"{url}/index.json", str(site), str(site / "index.json"), site.as_uri()):
        assert qantar.load(content.version, index=index).figures.equals(content.tables["figures"])
    monkeypatch.setenv("QANTAR_INDEX", url)
    assert qantar.load("latest").package.descriptor["version"] == content.version


def test_an_index_may_be_a_path(content: Content, site: Path) -> None:
    assert qantar.load("latest", index=site / "index.json").figures.equals(content.tables["figures"])


@pytest.mark.parametrize(
    "entry",
    [
        {"latest": ["x"]},
        {"latest": {"x": 1}},
        {"latest": 1},
        {"latest": None},
        {"versions": [{"version": 1, "path": "a", "sha256": "b"}]},
        {"versions": [{"version": ["1.0.0"], "path": "a", "sha256": "b"}]},
    ],
)
def test_an_odd_index_is_one_line(site: Path, entry: dict[str, object]) -> None:
    index = json.loads((site / "index.json").read_text(encoding="utf-8")) | entry
    (site / "index.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(PackageError, match="No version latest") as caught:
        qantar.load("latest", index=site)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["{file}", "FILE://{secret}", "ftp://127.0.0.1/q.zip", "data:,x"])
def test_an_index_on_a_server_leads_to_no_file(url: str, site: Path, path: str) -> None:
    secret = site / "0.0.9" / "q.zip"
    named = path.format(file=secret.as_uri(), secret=secret)
    entry = {"version": "1.2.3", "path": named, "sha256": ""}
    (site / "index.json").write_text(json.dumps({"versions": [entry]}), encoding="utf-8")
    with pytest.raises(PackageError, match="The index leads elsewhere"):
        qantar.load("1.2.3", index=url)


@pytest.mark.parametrize("path", ["../q.zip", "/{outside}", "//host{outside}", "file://{outside}", "%2e%2e/q.zip"])
def test_an_index_on_this_machine_leads_below_its_folder(site: Path, path: str) -> None:
    (site / "index").mkdir()
    outside = shutil.copy(site / "0.0.9" / "q.zip", site / "q.zip")
    entry = {"version": "1.2.3", "path": path.format(outside=outside), "sha256": ""}
    (site / "index" / "index.json").write_text(json.dumps({"versions": [entry]}), encoding="utf-8")
    with pytest.raises(PackageError, match="The index leads elsewhere"):
        qantar.load("1.2.3", index=site / "index")


def test_an_index_on_this_machine_may_lead_to_a_server(content: Content, url: str, site: Path) -> None:
    entry = {"version": "1.2.3", "path": f"{url}/0.0.9/q.zip", "sha256": ""}
    (site / "index.json").write_text(json.dumps({"versions": [entry]}), encoding="utf-8")
    assert qantar.load("1.2.3", index=site).figures.equals(content.tables["figures"])


def test_an_index_and_its_archives_may_be_links(content: Content, site: Path) -> None:
    (site / "links").mkdir()
    for name in ("index.json", "0.0.9", content.version):
        (site / "links" / name).symlink_to(site / name)
    assert qantar.load("0.0.9", index=site / "links").figures.equals(content.tables["figures"])


def test_where_nothing_can_be_read_from_is_said_without_the_password() -> None:
    with pytest.raises(PackageError) as caught:
        qantar.load("1.2.3", index="sftp://me:se:cr@t@host/data")
    assert str(caught.value).startswith("sftp://me:…@host/data  It cannot be read from there. Expected a path, or ")


def test_a_folder_of_that_name_goes_first(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(package.parent)
    package.rename("1.0.0")
    assert len(qantar.load("1.0.0")) == 12


def test_other_bytes_than_published_are_refused(content: Content, url: str, site: Path) -> None:
    changed = (site / "0.0.9" / "q.zip").read_bytes() + b"\0"
    (site / "0.0.9" / f"{content.name}.zip").write_bytes(changed)
    with pytest.raises(PackageError, match="another digest than was published"):
        qantar.load(f"{url}/0.0.9/{content.name}.zip")
    (site / content.version / "q.zip").write_bytes(changed)
    with pytest.raises(PackageError, match="another digest than was published"):
        qantar.load("latest", index=url)


@pytest.mark.parametrize(
    ("path", "index", "says"),
    [
        ("1.2.3", None, "Expected index="),
        ("9.9.9", "{url}", "No version 9.9.9. Expected one of 0.0.9, "),
        ("1.2.3", "{url}/none", "the server says 404 File not found"),
        ("1.2.3", "{url}/0.0.9/SHA256SUMS/../SHA256SUMS?.json", "Not an index"),
        ("{url}/none.zip", None, "the server says 404 File not found"),
        ("{url}/broken.zip", None, "the server says 503 Service Unavailable"),
        ("{url}/index.json", None, "Not a ZIP archive"),
        ("http://127.0.0.1:1/a.zip", None, "cannot be fetched"),
        ("http://[/a.zip", None, "Invalid IPv6 URL"),
        ("file:///nowhere/a.zip", None, "cannot be had: No such file"),
        ("ftp://127.0.0.1/a.zip", None, "No such file"),
    ],
)
def test_what_cannot_be_had_is_one_line(url: str, path: str, index: str | None, says: str) -> None:
    with pytest.raises(PackageError, match=says) as caught:
        qantar.load(path.replace("{url}", url), index=index and index.replace("{url}", url))
    assert "\n" not in str(caught.value)


def test_sums_that_a_server_fails_to_give_are_not_passed_over(site: Path, url: str) -> None:
    (site / "broken").mkdir()
    shutil.copy(site / "0.0.9" / "q.zip", site / "q.zip")
    assert qantar.load(f"{url}/q.zip")
    with pytest.raises(PackageError, match="503 Service Unavailable"):
        published.listed_sum(f"{url}/broken/q.zip")


def test_too_much_is_not_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LIMIT", 1_000)
    with pytest.raises(PackageError, match="more than 1,000 bytes"):
        qantar.load(f"{url}/0.0.9/q.zip")
