"""Remote data: never fetched unasked; fetched from a real server, within limits, and over http and https only."""

from __future__ import annotations

import functools
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_engine import fields

import qantar
from qantar import remote
from qantar.commands import cli
from qantar.model import Report

TYPES = fields(a="integer", b="string")
FILES = {
    "/t.csv": b"a,b\n1,x\nz,y\n",
    "/2.csv": b"a,b\n2,x\nz,y\n",
    "/schema.json": json.dumps(TYPES).encode(),
    "/dialect.json": b'{"delimiter": ";"}',
    "/none.json": b"[1",
    "/t.csv.gz": b"no gz",
}


class Server(ThreadingHTTPServer):
    """A server of FILES; `asked` has the paths that were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that hangs up."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers with a file, a redirection, half of what it promised, or nothing for long."""

    server: Server

    def do_GET(self) -> None:
        """Answer."""
        self.server.asked.append(self.path)
        path, _, query = self.path.partition("?to=")
        if query:
            self.send_response(302)
            self.send_header("Location", query)
            self.end_headers()
            return
        data = FILES.get(path)
        self.send_response(200 if data or path in {"/half", "/slow", "/endless"} else 404)
        if data or path == "/half":
            self.send_header("Content-Length", str(len(data or b"") or 100))
        self.end_headers()
        self.wfile.write(data or b"a,b\n")
        if path == "/slow":
            time.sleep(2)
        while path == "/endless":
            self.wfile.write(b"1,x\n" * 1000)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as one:
        thread = threading.Thread(target=functools.partial(one.serve_forever, 0.01), daemon=True)
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def validated(root: Path, *, allow_remote: bool = True, **resource: object) -> Report:
    given = {"name": "t", "schema": TYPES, **resource}
    (root / "datapackage.json").write_text(json.dumps({"name": "p", "resources": [given]}), encoding="utf-8")
    return qantar.validate(root, allow_remote=allow_remote)


def places(report: Report) -> list[tuple[str, int | None, str | None, str]]:
    return [(one.path, one.row, one.value, one.rule) for one in report.findings]


def test_nothing_is_fetched_unasked(tmp_path: Path, server: Server) -> None:
    given: dict[str, Any] = {"path": f"{server.url}/t.csv", "schema": f"{server.url}/schema.json", "bytes": 1}
    report = validated(tmp_path, allow_remote=False, **given)
    assert places(report) == []
    assert (report.checked, server.asked) == ([], [])


def test_remote_data_are_checked_where_that_is_allowed(tmp_path: Path, server: Server) -> None:
    url = f"{server.url}/t.csv"
    assert places(validated(tmp_path, path=url)) == [(url, 3, "z", "type-error")]
    assert places(validated(tmp_path, path=url, bytes=3))[0] == (url, None, "12", "byte-count")


def test_a_remote_schema_and_dialect(tmp_path: Path, server: Server) -> None:
    (tmp_path / "t.csv").write_text("a;b\nz;y\n", encoding="utf-8")
    given: dict[str, Any] = {"schema": f"{server.url}/schema.json", "dialect": f"{server.url}/dialect.json"}
    assert places(validated(tmp_path, path="t.csv", **given)) == [("t.csv", 2, "z", "type-error")]
    report = validated(tmp_path, path="t.csv", schema=f"{server.url}/none.json")
    assert [one.rule for one in report.findings] == ["schema-error"]
    assert report.findings[0].message == f"{server.url}/none.json:1:3  Not JSON: Expecting ',' delimiter."


def test_a_remote_schema_has_the_size_of_one(tmp_path: Path, server: Server) -> None:
    report = validated(tmp_path, data=[], schema=f"{server.url}/endless")
    assert [one.rule for one in report.findings] == ["schema-error"]
    assert report.findings[0].message.endswith("it cannot be fetched (more than 20,971,520 bytes).")


def test_remote_parts(tmp_path: Path, server: Server) -> None:
    paths = [f"{server.url}/t.csv", f"{server.url}/2.csv"]
    assert places(validated(tmp_path, path=paths)) == [
        (paths[0], 3, "z", "type-error"),
        (paths[1], 3, "z", "type-error"),
    ]


def test_a_file_is_fetched_once(tmp_path: Path, server: Server) -> None:
    validated(tmp_path, path=f"{server.url}/t.csv", hash="0" * 32)
    assert server.asked == ["/t.csv"]


@pytest.mark.parametrize("query", ["/t.csv?to=/2.csv", "/t.csv?to={}/2.csv"])
def test_a_redirection_is_followed(tmp_path: Path, server: Server, query: str) -> None:
    report = validated(tmp_path, path=server.url + query.format(server.url))
    assert [(one.row, one.value) for one in report.findings] == [(3, "z")]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/none.csv", "the server says 404 Not Found"),
        ("/t.csv?to=file:///etc/passwd", "Redirection to url 'file:///etc/passwd' is not allowed"),
        ("/t.csv?to=ftp://127.0.0.1/t.csv", "unknown url type: ftp"),
        ("/t.csv?to=data:text/csv,a", "is not allowed"),
        ("/half", "it broke off after 4 of 100 bytes"),
        ("/slow", "timed out"),
        ("/endless", "more than 50,000 bytes"),
        ("/t.csv.gz", "it cannot be unpacked"),
    ],
)
def test_what_cannot_be_fetched_is_a_finding(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, path: str, says: str
) -> None:
    monkeypatch.setattr(remote, "PATIENCE", 0.3)
    monkeypatch.setattr(remote, "LIMIT", 50_000)
    url = server.url + path
    report = validated(tmp_path, path=url, format="csv")
    assert places(report) == [(url, None, None, "scheme-error")]
    assert says in report.findings[0].message
    assert (url, "the file cannot be read") in [(one.what, one.reason) for one in report.not_checked]


def test_a_server_that_drips_is_given_up(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "DEADLINE", 0.2)
    report = validated(tmp_path, path=f"{server.url}/endless", format="csv")
    assert "not at its end after" in report.findings[0].message


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/t.csv", "http://[/t.csv", "http://127.0.0.1:x/t.csv", "http://"])
def test_a_server_that_is_not_there_is_a_finding(tmp_path: Path, server: Server, url: str) -> None:
    del server
    report = validated(tmp_path, path=url, format="csv")
    assert [one.rule for one in report.findings if one.rule != "package-error"] == ["scheme-error"]


def test_the_option_of_the_command(tmp_path: Path, server: Server) -> None:
    validated(tmp_path, path=f"{server.url}/t.csv", allow_remote=False)
    shut = CliRunner().invoke(cli, ["validate", str(tmp_path)])
    assert (shut.exit_code, "its data are remote: --allow-remote lets them be fetched" in shut.output) == (0, True)
    assert CliRunner().invoke(cli, ["validate", str(tmp_path), "--allow-remote"]).exit_code == 1


def test_nothing_is_left_behind(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    made: list[Path] = []
    fetch: Callable[..., Any] = remote.fetch

    def noted(url: str, folder: Path, most: int | None) -> Path:
        made.append(folder)
        return Path(fetch(url, folder, most))

    monkeypatch.setattr(remote, "fetch", noted)
    validated(tmp_path, path=f"{server.url}/t.csv")
    assert made[0].parent == scratch
    assert list(scratch.iterdir()) == []
