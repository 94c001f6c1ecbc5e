"""Packages compared: each kind of change, the bump that it asks for, and what must hold for any two packages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import Mock

import diffly
import jsonschema
import pytest
from conftest import ROOT, replace, stamp
from hypothesis import given, settings
from hypothesis import strategies as st

from qantar.dataset import read_tables
from qantar.package import Json, Package, Resource
from qantar.release.alteration import altered, altered_field
from qantar.release.bump import KINDS, Bump, Change, raised
from qantar.release.changelog import generate
from qantar.release.diff import compare
from qantar.release.digest import content_digest
from qantar.reports import difference

VERSION = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))["version"]

Descriptor: TypeAlias = dict[str, Any]

FIELDS: list[Descriptor] = [
    {"name": "id", "type": "string", "constraints": {"required": True}},
    {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 9}},
    {"name": "code", "type": "string", "categories": ["a", "b"]},
]

ROWS: list[list[object]] = [["x", 1, "a"], ["y", 2, "b"]]


def inline(rows: list[list[object]], fields: list[Descriptor] = FIELDS, **more: Json) -> Package:
    """A package of one table, its rows inline."""
    schema = {"fields": fields, "primaryKey": ["id"], **more.pop("schema", {})}
    data = [dict(zip([one["name"] for one in fields], row, strict=False)) for row in rows]
    one = {"name": "t", "data": data, "schema": schema, **more.pop("resource", {})}
    descriptor = {"name": "p", "id": "a", "version": "1.2.3", "resources": [one], **more}
    return Package(Path("nowhere"), "datapackage.json", descriptor, {"t": Resource("t", one, schema)})


def field(at: int, **more: Json) -> list[Descriptor]:
    """The fields, one of them changed."""
    return [{**one, **more} if number == at else one for number, one in enumerate(FIELDS)]


OLD = inline(ROWS)

CASES = [
    ("row-added", inline([*ROWS, ["z", 3, "a"]]), "t z", Bump.MINOR),
    ("row-vanished", inline(ROWS[:1]), "t y", Bump.MAJOR),
    ("cell-changed", inline([ROWS[0], ["y", 3, "b"]]), "t y n", Bump.PATCH),
    ("field-renamed", inline(ROWS, field(1, name="m")), "t m", Bump.MAJOR),
    ("field-removed", inline(ROWS, FIELDS[:2]), "t code", Bump.MAJOR),
    (
        "field-added",
        inline([[*one, "new"] for one in ROWS], [*FIELDS, {"name": "new", "type": "string"}]),
        "t new",
        Bump.MAJOR,
    ),
    ("fields-reordered", inline([["x", "a", 1], ["y", "b", 2]], [FIELDS[0], FIELDS[2], FIELDS[1]]), "t", Bump.MAJOR),
    ("type-changed", inline(ROWS, field(1, type="number")), "t n type", Bump.MAJOR),
    ("type-changed", inline(ROWS, schema={"missingValues": ["", "-"]}), "t missingValues", Bump.MAJOR),
    (
        "constraint-tightened",
        inline(ROWS, field(1, constraints={"minimum": 1, "maximum": 9})),
        "t n minimum",
        Bump.MAJOR,
    ),
    (
        "constraint-tightened",
        inline(ROWS, field(1, constraints={"minimum": 0, "maximum": 8})),
        "t n maximum",
        Bump.MAJOR,
    ),
    ("constraint-tightened", inline(ROWS, field(2, constraints={"pattern": "."})), "t code pattern", Bump.MAJOR),
    ("constraint-tightened", inline(ROWS, field(2, constraints={"required": True})), "t code required", Bump.MAJOR),
    ("constraint-tightened", inline(ROWS, schema={"uniqueKeys": [["n"]]}), "t uniqueKeys", Bump.MAJOR),
    (
        "constraint-loosened",
        inline(ROWS, field(1, constraints={"minimum": 0, "maximum": 10})),
        "t n maximum",
        Bump.MINOR,
    ),
    ("constraint-loosened", inline(ROWS, field(1, constraints={"maximum": 9})), "t n minimum", Bump.MINOR),
    ("constraint-loosened", inline(ROWS, field(2, categories=["a", "b", "c"])), "t code categories", Bump.MINOR),
    ("constraint-loosened", inline(ROWS, schema={"fieldsMatch": "subset"}), "t fieldsMatch", Bump.MINOR),
    ("key-changed", inline(ROWS, schema={"primaryKey": ["id", "n"]}), "t primaryKey", Bump.MAJOR),
    ("package-renamed", inline(ROWS, name="q"), "name", Bump.MAJOR),
    ("package-renamed", inline(ROWS, id="b"), "id", Bump.MAJOR),
    ("access-changed", inline(ROWS, resource={"encoding": "latin-1"}), "t encoding", Bump.MAJOR),
    ("access-changed", inline(ROWS, resource={"dialect": {"delimiter": ";"}}), "t dialect", Bump.MAJOR),
    ("access-changed", inline(ROWS, resource={"compression": "gz"}), "t compression", Bump.MAJOR),
    ("type-changed", inline(ROWS, field(1, missingValues=["-"])), "t n missingValues", Bump.MAJOR),
    (
        "type-changed",
        inline(ROWS, field(2, categories=["a", "b"], categoriesOrdered=True)),
        "t code categoriesOrdered",
        Bump.MAJOR,
    ),
    (
        "constraint-tightened",
        inline(ROWS, field(1, constraints={"minimum": "1", "maximum": 9})),
        "t n minimum",
        Bump.MAJOR,
    ),
    ("metadata-changed", inline(ROWS, field(2, categories=["b", "a"])), "t code categories", Bump.PATCH),
    (
        "metadata-changed",
        inline(ROWS, field(2, categories=["a", {"value": "b", "label": "B"}])),
        "t code categories",
        Bump.PATCH,
    ),
    (
        "metadata-changed",
        inline(ROWS, schema={"missingValues": [{"value": "", "label": "none"}]}),
        "t missingValues",
        Bump.PATCH,
    ),
    ("metadata-changed", inline(ROWS, title="Title"), "title", Bump.PATCH),
    ("metadata-changed", inline(ROWS, field(1, description="How many.")), "t n description", Bump.PATCH),
    ("metadata-changed", inline(ROWS, resource={"title": "Table"}), "t title", Bump.PATCH),
]


@pytest.mark.parametrize(("kind", "new", "place", "bump"), CASES, ids=[f"{one[0]} {one[2]}" for one in CASES])
def test_each_kind_of_change_asks_for_its_bump(kind: str, new: Package, place: str, bump: Bump) -> None:
    diff = compare(OLD, new)
    assert [(one.kind, one.place) for one in diff.changes] == [(kind, place)]
    assert (diff.bump, diff.required) == (bump, raised("1.2.3", bump))
    assert not diff.sufficient
    assert not diff.not_compared


NOTATIONS = [
    ({"encoding": "utf-8"}, {"encoding": "UTF8"}),
    ({"path": "t.csv"}, {"path": ["t.csv"], "format": "csv", "scheme": "file", "dialect": {"delimiter": ","}}),
    (
        {"path": "t.csv"},
        {"path": "t.csv", "mediatype": "text/csv", "dialect": {"header": True, "lineTerminator": "\n"}},
    ),
    ({"path": "t.csv.gz"}, {"path": "t.csv.gz", "compression": "gz"}),
    ({"path": "t.tsv"}, {"path": "t.tsv", "dialect": {"delimiter": "\t"}}),
]


@pytest.mark.parametrize(("one", "other"), NOTATIONS)
def test_the_same_access_in_another_notation_is_no_change(one: Descriptor, other: Descriptor) -> None:
    resources = [Resource("t", {"name": "t", "schema": {}, **each}) for each in (one, other)]
    told = [each for each in altered(*resources) if each.attribute != "mediatype"]
    assert told == []


SCHEMAS: list[tuple[Descriptor, Descriptor]] = [
    ({"primaryKey": "id"}, {"primaryKey": ["id"]}),
    ({"uniqueKeys": ["n"]}, {"uniqueKeys": [["n"]]}),
    ({"uniqueKeys": [["n", "code"]]}, {"uniqueKeys": [["code", "n"]]}),
    ({"missingValues": [""]}, {}),
    ({"missingValues": ["", "-"]}, {"missingValues": [{"value": "-"}, ""]}),
    ({"fieldsMatch": ["subset"]}, {"fieldsMatch": "subset"}),
    ({"fieldsMatch": ["exact"]}, {}),
    (
        {"foreignKeys": [{"fields": "n", "reference": {"fields": "n"}}]},
        {"foreignKeys": [{"fields": ["n"], "reference": {"resource": "", "fields": ["n"]}}]},
    ),
]


@pytest.mark.parametrize(("one", "other"), SCHEMAS)
def test_the_same_schema_in_another_notation_is_no_change(one: Descriptor, other: Descriptor) -> None:
    assert compare(inline(ROWS, schema=one), inline(ROWS, schema=other)).changes == ()


SAME_FIELDS: list[tuple[Descriptor, Descriptor]] = [
    ({"missingValues": [""]}, {}),
    ({"format": "default", "groupChar": "", "bareNumber": True}, {}),
    ({"constraints": {"minimum": 0, "unique": False}}, {"constraints": {"minimum": "0"}}),
    ({"constraints": {"minimum": "0.0", "required": False}}, {"constraints": {"minimum": 0}}),
    ({"type": "integer", "constraints": {"enum": [1, 2]}}, {"type": "integer", "constraints": {"enum": ["2", "01"]}}),
    ({"categories": [1, 2]}, {"categories": [{"value": "1"}, {"value": "2"}]}),
    ({"type": "any"}, {"type": None}),
    (
        {"type": "boolean", "trueValues": ["2", "1"], "falseValues": ["0"]},
        {"type": "boolean", "trueValues": ["1", "2"], "falseValues": ["0"]},
    ),
    ({"type": "date", "format": "fmt:%Y"}, {"type": "date", "format": "%Y"}),
]


@pytest.mark.parametrize(("one", "other"), SAME_FIELDS)
def test_the_same_field_in_another_notation_is_no_change(one: Descriptor, other: Descriptor) -> None:
    assert list(altered_field("t", {"name": "n", **one}, {"name": "n", **other})) == []


def test_a_unique_field_is_a_unique_key() -> None:
    new = inline(ROWS, field(1, constraints={"minimum": 0, "maximum": 9, "unique": True}))
    assert compare(inline(ROWS, schema={"uniqueKeys": [["n"]]}), new).changes == ()
    assert [(one.kind, one.place) for one in compare(OLD, new).changes] == [("constraint-tightened", "t uniqueKeys")]


def test_data_that_moved_ask_for_no_version() -> None:
    resources = [
        Resource("t", {"name": "t", "schema": {}, "path": path}) for path in ("a.csv", "https://example.org/b.csv")
    ]
    assert [(one.kind, one.attribute) for one in altered(*resources)] == [
        ("data-moved", "path"),
        ("data-moved", "scheme"),
    ]
    assert KINDS["data-moved"] is Bump.NONE


def test_a_first_id_is_descriptive() -> None:
    assert [one.kind for one in compare(inline(ROWS, id=None), inline(ROWS)).changes] == ["metadata-changed"]


def test_the_order_of_ordered_codes_is_their_meaning() -> None:
    old, new = ({"name": "n", "categories": each, "categoriesOrdered": True} for each in (["a", "b"], ["b", "a", "c"]))
    kinds = [(one.kind, one.attribute) for one in altered_field("t", old, new)]
    assert kinds == [("constraint-loosened", "categories"), ("type-changed", "categories")]


def test_labels_are_told_beside_changed_codes() -> None:
    old, new = {"name": "n", "categories": [{"value": "a", "label": "A"}]}, {"name": "n", "categories": ["a", "b"]}
    told = [(one.kind, one.old, one.new) for one in altered_field("t", old, new)]
    assert told == [
        ("constraint-loosened", '["a"]', '["a", "b"]'),
        ("metadata-changed", '{"a": {"label": "A"}}', '{"a": {}}'),
    ]


def test_a_code_in_place_of_another_tightens_and_loosens() -> None:
    diff = compare(OLD, inline([["x", 1, "a"]], field(2, categories=["a", "c"])))
    kinds = {one.kind for one in diff.changes}
    assert kinds == {"constraint-tightened", "constraint-loosened", "row-vanished"}


def test_resources_come_and_go() -> None:
    other = Package(OLD.root, OLD.file, OLD.descriptor, {"u": OLD.resources["t"]})
    assert [one.kind for one in compare(OLD, other).changes] == ["resource-removed", "resource-added"]


def test_another_notation_of_a_value_is_no_change() -> None:
    new = inline([["x", "01", "a"], ["y", "+2", "b"]])
    assert compare(OLD, new).changes == ()


def test_a_renamed_field_is_compared_under_both_names() -> None:
    diff = compare(OLD, inline([["x", 1, "a"], ["y", 5, "b"]], field(1, name="m")))
    assert [(one.kind, one.old, one.new) for one in diff.changes] == [
        ("field-renamed", "n", "m"),
        ("cell-changed", "2", "5"),
    ]


def test_rows_without_a_key_are_compared_as_a_whole() -> None:
    keyless: Descriptor = {"primaryKey": []}
    old, new = inline([*ROWS, ROWS[0]], schema=keyless), inline([*ROWS, ["x", 2, "a"]], schema=keyless)
    assert [(one.kind, one.key) for one in compare(old, new).changes] == [
        ("row-vanished", "x/1/a"),
        ("row-added", "x/2/a"),
    ]


def test_what_cannot_be_compared_is_said() -> None:
    diff = compare(OLD, inline([*ROWS, ROWS[0]]))
    assert diff.not_compared == {"t": "two rows have the same key"}
    assert "t  not compared: two rows have the same key" in difference.render(diff, 5)
    assert "at least NONE" in difference.render(diff, 5)


def test_another_key_leaves_the_rows_to_the_old_one() -> None:
    diff = compare(OLD, inline([["z", 1, "a"], ["y", 2, "a"]], schema={"primaryKey": ["n"]}))
    assert [(one.kind, one.key) for one in diff.changes] == [
        ("key-changed", None),
        ("row-vanished", "x"),
        ("row-added", "z"),
        ("cell-changed", "y"),
    ]
    assert diff.lost == {"t": ("x",)}


def test_rows_that_no_common_key_tells_apart_are_compared_as_a_whole() -> None:
    diff = compare(OLD, inline([["x", 1, "a"], ["x", 3, "b"]], schema={"primaryKey": ["n"]}))
    assert [(one.kind, one.key) for one in diff.changes] == [
        ("key-changed", None),
        ("row-vanished", "y/2/b"),
        ("row-added", "x/3/b"),
    ]
    assert (diff.lost, diff.not_compared) == ({"t": ("y",)}, {})


def test_a_longer_key_tells_the_rows_that_the_old_one_does_not() -> None:
    diff = compare(OLD, inline([["x", 1, "a"], ["x", 3, "b"], ["y", 2, "a"]], schema={"primaryKey": ["id", "n"]}))
    assert [(one.kind, one.key) for one in diff.changes][1:] == [("row-added", "x/3"), ("cell-changed", "y/2")]
    assert diff.lost == {}


def test_ids_are_lost_with_the_field_of_the_key_unless_another_key_holds_them() -> None:
    fields: list[Descriptor] = [{"name": "other", "type": "string"}, *FIELDS[1:]]
    for first, lost in (("x", {}), ("z", {"t": ("x",)})):
        new = inline([[first, 1, "a"], ["y", 2, "b"]], fields, schema={"primaryKey": ["other"]})
        assert compare(OLD, new).lost == lost


def test_ids_are_lost_with_their_resource_unless_they_are_retired() -> None:
    for retired, lost in (([], {"t": ("x", "y")}), (["x"], {"t": ("y",)}), (["x", "y"], {})):
        new = with_retired(ROWS, retired)
        left = Package(new.root, new.file, new.descriptor, {"retired": new.resources["retired"]})
        diff = compare(with_retired(ROWS, []), left)
        assert diff.lost == lost
        assert ("resource-removed", "t") in {(one.kind, one.resource) for one in diff.changes}
        assert ("gone without a row in retired" in difference.render(diff, 1)) == bool(lost)


def test_what_ids_a_removed_resource_had_must_be_readable() -> None:
    broken = inline([["x", "one", "a"]])
    diff = compare(broken, Package(OLD.root, OLD.file, OLD.descriptor, {}))
    assert (list(diff.not_compared), diff.lost) == (["t"], {})


def test_a_table_is_joined_once(monkeypatch: pytest.MonkeyPatch) -> None:
    join = Mock(wraps=diffly.compare_frames)
    monkeypatch.setattr(diffly, "compare_frames", join)
    compare(OLD, inline([["x", 2, "a"], ["z", 2, "b"]]))
    join.assert_called_once()


def with_retired(rows: list[list[object]], retired: list[str]) -> Package:
    """A package whose table `retired` lists ids of the other."""
    names = ["resource", "record_id"]
    schema: Descriptor = {"fields": [{"name": name, "type": "string"} for name in names], "primaryKey": names}
    data = [{"resource": "t", "record_id": one} for one in retired]
    one = inline(rows)
    return Package(
        one.root,
        one.file,
        one.descriptor,
        {**one.resources, "retired": Resource("retired", {"name": "retired", "data": data}, schema)},
    )


def test_an_id_is_retired_vanishes_or_is_used_again() -> None:
    full, cut = with_retired(ROWS, []), with_retired(ROWS[:1], ["y"])
    changes = [(one.kind, one.resource, one.key) for one in compare(full, cut).changes]
    assert changes == [("row-retired", "t", "y"), ("row-added", "retired", "t/y")]
    again = compare(cut, with_retired(ROWS, ["y"]))
    assert [(one.kind, one.key) for one in again.changes] == [("id-reused", "y")]
    assert again.bump is Bump.MAJOR


FEW = settings(max_examples=25)
"""Examples of a property for which tables are read."""

CELLS = st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", None]))
TABLES = st.dictionaries(st.sampled_from("uvwxyz"), CELLS, max_size=5)
CONSTRAINTS = st.fixed_dictionaries({}, optional={"minimum": st.integers(-2, 0), "maximum": st.integers(3, 5)})


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """Packages of one table: its rows, bounds, codes and description vary."""
    rows: list[list[object]] = [[key, *cells] for key, cells in draw(TABLES).items()]
    codes = {"categories": draw(st.sampled_from([["a", "b"], ["a", "b", "c"], ["b", "a", "d"]]))}
    fields = [FIELDS[0], {**FIELDS[1], "constraints": draw(CONSTRAINTS)}, {**FIELDS[2], **codes}]
    title = draw(st.sampled_from([{}, {"title": "T"}, {"title": "U"}]))
    return inline(rows, fields, **title)


@given(packages())
@FEW
def test_a_package_does_not_differ_from_itself(one: Package) -> None:
    diff = compare(one, one)
    assert (diff.changes, diff.bump, diff.not_compared) == ((), Bump.NONE, {})


MIRRORED = {
    "row-added": "row-vanished",
    "row-vanished": "row-added",
    "constraint-tightened": "constraint-loosened",
    "constraint-loosened": "constraint-tightened",
}


@given(packages(), packages())
@FEW
def test_the_way_back_undoes_each_change(old: Package, new: Package) -> None:
    there = {(one.kind, one.place, one.old, one.new) for one in compare(old, new).changes}
    back = {(MIRRORED.get(one.kind, one.kind), one.place, one.new, one.old) for one in compare(new, old).changes}
    assert there == back


@given(packages(), packages(), packages())
@FEW
def test_the_way_round_asks_for_no_less(one: Package, two: Package, three: Package) -> None:
    assert compare(one, three).bump <= max(compare(one, two).bump, compare(two, three).bump)


@given(packages(), packages())
@FEW
def test_rows_differ_exactly_where_the_content_digest_does(old: Package, new: Package) -> None:
    digests = [content_digest(read_tables(each)["t"], each.resources["t"].schema) for each in (old, new)]
    rows = [one for one in compare(old, new).changes if one.key is not None]
    assert (digests[0] == digests[1]) == (not rows)


@given(st.sampled_from(list(Bump)), st.sampled_from(list(Bump)), st.tuples(*[st.integers(0, 99)] * 3))
def test_a_greater_bump_gives_a_later_version(one: Bump, other: Bump, numbers: tuple[int, ...]) -> None:
    version = ".".join(map(str, numbers))
    first, second = (tuple(map(int, raised(version, each).split("."))) for each in (one, other))
    assert (first < second) == (one < other)


def test_every_kind_is_told_by_the_schema_and_the_manual() -> None:
    schema = json.loads((ROOT / "docs" / "diff.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"]["changes"]["items"]["properties"]["kind"]["enum"] == list(KINDS)
    manual = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    for kind, bump in KINDS.items():
        assert f"| `{kind}` | {bump.name} |" in manual


@given(packages(), packages())
@FEW
def test_the_json_is_as_its_schema_says(old: Package, new: Package) -> None:
    schema = json.loads((ROOT / "docs" / "diff.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(difference.render_json(compare(old, new))), schema)


def qantar(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the tool as a user does."""
    command = [sys.executable, "-m", "qantar", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(package: Path) -> Path:
    """The dataset in a repository of its own, with one commit, then a figure changed."""
    (package / "CHANGELOG.md").write_text(f"# Changelog\n\n## [{VERSION}] - 2026-01-01\n", encoding="utf-8")
    git = ["git", "-C", str(package), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "First"], ["tag", "v0"]):
        subprocess.run([*git, *arguments], check=True)
    replace("data/figures.csv", ",748,", ",784,")(package)
    stamp(package)
    return package


def test_a_revision_is_compared_with_the_working_tree(repository: Path) -> None:
    done = qantar("diff", "v0", cwd=repository)
    assert done.returncode == 1
    first, second, *_ = done.stdout.splitlines()
    assert first == "figures fg-0007 value_text  cell-changed  748 → 784"
    assert second == "figures fg-0007  not typed in the changelog; expected corrected or reclassified, with a reason"
    assert done.stdout.splitlines()[-1] == "    PATCH  figures: cell-changed (1)"


def test_a_resource_that_cannot_be_compared_is_no_success(repository: Path) -> None:
    replace("data/figures.csv", "fg-0001,", "fg-0001,,")(repository)
    done = qantar("diff", "v0", cwd=repository)
    assert done.returncode == 3
    assert done.stdout.startswith("figures  not compared: data/figures.csv:2  The row has too many cells.")


def test_a_correction_is_typed_in_the_changelog(repository: Path) -> None:
    with (repository / "CHANGELOG.md").open("a", encoding="utf-8") as file:
        file.write("\n| figure | change | reason |\n|---|---|---|\n| `fg-0007` | corrected | Misread. |\n")
    assert "figures fg-0007  corrected: Misread." in qantar("diff", "v0", cwd=repository).stdout


def test_what_an_entry_between_types_is_typed(repository: Path) -> None:
    head, row = "\n| figure | change | reason |\n|---|---|---|\n", "| `fg-0007` | corrected | Misread. |\n"
    later = "".join(f"## [9.0.{at}] - 2026-01-01\n{head}{row if at == 1 else ''}\n" for at in (2, 1))
    text = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    (repository / "CHANGELOG.md").write_text(text.replace("## [", f"{later}## [", 1), encoding="utf-8")
    replace("datapackage.json", f'"version": "{VERSION}"', '"version": "9.0.2"')(repository)
    assert "figures fg-0007  corrected: Misread." in qantar("diff", "v0", cwd=repository).stdout


def test_a_subfolder_is_the_package_of_its_revision(repository: Path) -> None:
    git = ["git", "-C", str(repository), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    (repository / "inner").mkdir()
    for name in ("data", "schemas", "datapackage.json"):
        subprocess.run([*git, "mv", name, f"inner/{name}"], check=True)
    subprocess.run([*git, "commit", "-q", "-a", "-m", "Moved"], check=True)
    assert qantar("diff", "HEAD", cwd=repository / "inner").returncode == 0
    assert qantar("diff", "v0", cwd=repository / "inner").returncode == 3


@pytest.mark.parametrize(
    ("old", "says"),
    [
        ("no-such", "no-such  No such folder, descriptor, archive or git revision."),
        ("--output=x", "--output=x  No such folder, descriptor, archive or git revision."),
        ("v0:data", "v0:data  No such folder, descriptor, archive or git revision."),
    ],
)
def test_what_is_no_package_is_refused_in_one_line(repository: Path, old: str, says: str) -> None:
    done = qantar("diff", "--", old, cwd=repository)
    assert (done.returncode, done.stderr) == (3, f"error: {says}\n")
    assert not (repository / "x").exists()


def pack(archive: Path, members: dict[str, bytes]) -> Path:
    """An archive of these files."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return archive


def test_an_archive_is_compared(package: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    files = {str(one.relative_to(package)): one.read_bytes() for one in package.rglob("*") if one.is_file()}
    archive = pack(tmp_path_factory.mktemp("archive") / "p.zip", files)
    done = qantar("diff", str(archive), cwd=package)
    assert (done.returncode, done.stdout) == (0, f"{VERSION} → {VERSION}: 0 changes; required bump: NONE.\n")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("../evil", b"", "leads out of the package"),
        ("/evil", b"", "leads out of the package"),
        ("bomb", b"\0" * (30 << 20), "unpacks to more than is safe"),
    ],
)
def test_a_hostile_archive_is_refused(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    done = qantar("diff", str(pack(tmp_path / "p.zip", {name: data})), str(ROOT), cwd=tmp_path)
    assert done.returncode == 3
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"p.zip"}


def test_markdown_shows_hostile_cells_as_they_are() -> None:
    diff = compare(OLD, inline([["x", 1, "a"], ["y", 2, "b"], ["| <b>`*\x1b[31m", 1, "a"]]))
    (row,) = (line for line in difference.render_markdown(diff, 5).splitlines() if line.startswith("| row-added"))
    assert row == "| row-added | t &#124; &#60;b&#62;&#96;&#42;&#92;u001b&#91;31m |  |  |"


HOSTILE = "x\n::error::@user \x1b[31mhttps://example.org/ \ud800"


def test_nothing_of_a_descriptor_is_obeyed() -> None:
    old, new = (inline(ROWS, version=f"{HOSTILE}{at}") for at in "12")
    old, new = (
        Package(one.root, one.file, one.descriptor, {HOSTILE: Resource(HOSTILE, each.descriptor, each.schema)})
        for one, each in ((old, inline(ROWS).resources["t"]), (new, inline([*ROWS, *ROWS]).resources["t"]))
    )
    diff = compare(old, new)
    for text in (difference.render(diff, 5), difference.render_markdown(diff, 5), generate(diff, "2026-01-01")):
        assert "not compared" in text or "## [" in text
        assert not any(line.lstrip("#[ ").startswith("::") for line in text.splitlines())
        assert not {"\x1b", "\ud800"} & {*text}
    assert not re.search(r"@user|https://", difference.render_markdown(diff, 5))
    rendered = difference.render_json(diff)
    assert json.loads(rendered.encode())["old"]["version"].startswith("x\n::error::")
    assert "\x1b" not in rendered


def test_an_empty_text_is_told_from_nothing() -> None:
    diff = compare(OLD, inline(ROWS, title=""))
    assert "title  metadata-changed  (nothing) → (empty)" in difference.render(diff, 5)
    assert "| metadata-changed | title | &#40;nothing&#41; | &#40;empty&#41; |" in difference.render_markdown(diff, 5)


def test_examples_are_capped_and_the_cap_is_said() -> None:
    diff = compare(OLD, inline([*ROWS, *([str(number), 1, "a"] for number in range(9))]))
    text = difference.render(diff, 2)
    assert text.count("row-added\n") == 2
    assert "t  row-added: 2 of 9 shown" in text
    markdown = difference.render_markdown(diff, 2)
    assert markdown.count("| row-added |") == 2
    assert "- t  row-added: 2 of 9 shown" in markdown


def test_examples_are_capped_by_kind_and_resource() -> None:
    new = inline([*ROWS, *([str(number), 1, "a"] for number in range(3))], title="T")
    assert "| metadata-changed | title |" in difference.render_markdown(compare(OLD, new), 1)


def test_places_name_only_what_there_is() -> None:
    assert Change("metadata-changed", attribute="title").place == "title"
    assert Change("row-added", "t", "x").place == "t x"
