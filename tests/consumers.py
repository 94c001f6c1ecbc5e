"""Each format, read as what reads it does; what it could not read raises."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files

import junitparser
from conftest import ROOT
from jsonschema import Draft4Validator, Draft202012Validator
from markdown_it import MarkdownIt

SCHEMAS = ROOT / "tests" / "schemas"
REPORT = json.loads((files("qantar.reports") / "report.schema.json").read_text(encoding="utf-8"))
LINE = {"$schema": REPORT["$schema"], "$defs": REPORT["$defs"], "$ref": "#/$defs/line"}

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What no format may hold, so that it can be shown on a terminal: control characters but LF, and those of direction."""

COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: (?P<properties>[^:]+))?::(?P<data>.*)")


def read_lines(text: str) -> list[str]:
    """Text in a log, none of whose lines GitHub or Azure would take for a command."""
    lines = text.split("\n")
    for line in lines:
        assert not re.match(r"\s*::\s*\w+.*?::", line)
        assert not re.search(r"##\w*\[", line)
    return lines


def read_json(text: str) -> None:
    Draft202012Validator(REPORT).validate(json.loads(text))


def read_json_lines(text: str) -> None:
    lines = [json.loads(line) for line in text.split("\n")]
    for line in lines:
        Draft202012Validator(LINE).validate(line)
    assert [line["kind"] for line in lines].count("summary") == 1


def read_github(text: str) -> Counter[str]:
    """Workflow commands as the runner parses them; other lines stand in the group. Gives the annotations' numbers."""
    grouped, names = False, Counter[str]()
    for line in text.split("\n"):
        command = COMMAND.fullmatch(line)
        if command is None:
            assert grouped
            read_lines(line)
            continue
        grouped = {"group": True, "endgroup": False}.get(command["name"], grouped)
        names[command["name"]] += 1
        for one in (command["properties"] or "").split(",") if command["properties"] else ():
            assert re.fullmatch(r"(file|line|title)=[^\r\n:,]*", one)
    assert names.keys() <= {"error", "warning", "notice", "group", "endgroup"}
    assert max(names["error"], names["warning"], names["notice"]) <= 10
    return names


def read_gitlab(text: str) -> None:
    found = json.loads(text)
    Draft202012Validator(json.loads((SCHEMAS / "gitlab-code-quality.json").read_text(encoding="utf-8"))).validate(found)
    assert len({one["fingerprint"] for one in found}) == len(found)


def read_junit(text: str) -> None:
    whole = junitparser.JUnitXml.fromstring(text.encode())
    cases = [case for suite in whole for case in suite]
    assert whole.tests == len(cases) > 0
    assert whole.failures == sum(case.is_failure for case in cases)


def read_sarif(text: str) -> None:
    found = json.loads(text)
    Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))).validate(found)
    (run,) = found["runs"]
    described = run["tool"]["driver"]["rules"]
    assert all(0 < len(one["fullDescription"]["text"]) <= 1024 for one in described)  # GitHub wants it
    rules = [one["id"] for one in described]
    assert all(rules[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    assert len(run["results"]) <= 25_000
    assert len(gzip.compress(text.encode())) <= 10_000_000


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text of its data."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:  # noqa: D102
        if self.tags[-1:] == [("script", {"type": "application/json", "id": "data"})] and data.strip():
            self.data.append(data)


def read_html(text: str) -> None:
    """A page that loads nothing, runs its own script alone, and whose data are JSON."""
    page = Page(text)
    tags = [tag for tag, _ in page.tags]
    findings = tags.count("script") > 0
    assert tags.count("script") == 2 * findings
    assert not {"img", "iframe", "object", "embed", "base"} & set(tags)
    for _, attributes in page.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in {"src", "srcset", "style", "action"}
        ]
        assert attributes.get("href", "#list") in {"#list", "data:,"}
    if findings:
        held = json.loads("".join(page.data))
        assert all(text < len(held["texts"]) for row in held["rows"] for text in row)


def read_markdown(text: str) -> list[list[str]]:
    """The cells of the tables as a reader of GitHub's Markdown sees them; nothing but a heading and tables is there."""
    page = MarkdownIt("gfm-like").render(text)
    assert {*re.findall(r"<(\w+)", page)} <= {"h2", "table", "thead", "tbody", "tr", "th", "td", "p"}
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [[unescape(one) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


CONSUMERS: dict[str, Callable[[str], object]] = {
    "text": read_lines,
    "concise": read_lines,
    "json": read_json,
    "jsonl": read_json_lines,
    "github": read_github,
    "gitlab": read_gitlab,
    "junit": read_junit,
    "sarif": read_sarif,
    "html": read_html,
    "markdown": read_markdown,
}
