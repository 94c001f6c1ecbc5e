"""The RO-Crate, opened by rocrate."""

from __future__ import annotations

from pathlib import Path

from rocrate.rocrate import ROCrate

from qantar.release.content import Content
from qantar.release.manifest import sha256


def test_rocrate_reads_the_whole_release(content: Content, built: Path) -> None:
    crate = ROCrate(built)
    assert crate.version == "1.2"
    assert (crate.name, crate.root_dataset["version"]) == (content.package.descriptor["title"], content.version)
    files = {one.id: one for one in crate.data_entities}
    late = {"MANIFEST.json", "SHA256SUMS", "ro-crate-metadata.json"}
    there = {one.relative_to(built).as_posix() for one in built.rglob("*") if one.is_file()}
    assert set(files) == there - late
    for name, entity in files.items():
        assert entity["sha256"] == sha256(built / name)
        assert entity["contentSize"] == str((built / name).stat().st_size)


def test_every_table_is_called_by_what_it_holds(built: Path) -> None:
    entities = {one.id: one["description"] for one in ROCrate(built).data_entities}
    assert {name for name, said in entities.items() if said == "A table as CSV."} == set()
    assert entities["claims.csv"].startswith("One row a figure: ")


def test_references_lead_somewhere(content: Content, built: Path) -> None:
    crate = ROCrate(built)
    (licence,) = crate.root_dataset["license"]
    assert (licence.id, licence["name"]) == (
        content.package.descriptor["licenses"][0]["path"],
        content.package.descriptor["licenses"][0]["title"],
    )
    (creator,) = crate.root_dataset["creator"]
    assert (creator.type, creator["name"]) == ("Organization", "The Qantar contributors")
    assert crate.dereference("ro-crate-metadata.json")["conformsTo"] == "https://w3id.org/ro/crate/1.2"
