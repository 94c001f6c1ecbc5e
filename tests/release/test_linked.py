"""DCAT and schema.org, read by rdflib."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace

from qantar.release.content import Content
from qantar.release.manifest import identifier, sha256

SPDX = Namespace("http://spdx.org/rdf/terms#")

SITE = "https://publisher.example/1.0.0/"


@pytest.fixture
def graph(built: Path) -> Graph:
    """The DCAT of a release, as published at a URL."""
    with pytest.warns(DeprecationWarning, match="ConjunctiveGraph"):
        return Graph().parse(built / "dcat.jsonld", publicID=f"{SITE}dcat.jsonld", format="json-ld")


def test_the_dataset_is_described_from_the_descriptor(content: Content, graph: Graph) -> None:
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    descriptor = content.package.descriptor
    assert str(dataset) == identifier(content)
    assert graph.value(dataset, DCTERMS.title) == Literal(descriptor["title"])
    assert {str(one) for one in graph.objects(dataset, DCAT.keyword)} == set(descriptor["keywords"])
    assert graph.value(dataset, DCTERMS.license) == URIRef(descriptor["licenses"][0]["path"])
    assert graph.value(dataset, DCTERMS.issued) == Literal(content.moment.date())
    creator = graph.value(dataset, DCTERMS.creator)
    assert (creator, FOAF.name, Literal("The Qantar contributors")) in graph
    period = graph.value(dataset, DCTERMS.temporal)
    assert graph.value(period, DCAT.startDate) == Literal("2022-01-02", datatype=XSD.date)


def test_every_distribution_is_a_file_with_its_digest(built: Path, graph: Graph) -> None:
    found = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(found) > 30
    for one in found:
        file = built / str(one).removeprefix(SITE)
        assert graph.value(one, DCAT.byteSize) == Literal(str(file.stat().st_size), datatype=XSD.nonNegativeInteger)
        checksum = graph.value(one, SPDX.checksum)
        assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert str(graph.value(checksum, SPDX.checksumValue)).lower() == sha256(file)
        assert graph.value(one, DCAT.downloadURL) == one


def test_schema_org_says_the_same(content: Content, built: Path) -> None:
    said = json.loads((built / "schema-org.jsonld").read_text(encoding="utf-8"))
    said["@context"] = {"@vocab": "https://schema.org/"}  # its own lies at a URL
    with pytest.warns(DeprecationWarning, match="ConjunctiveGraph"):
        graph = Graph().parse(data=json.dumps(said), format="json-ld", publicID=SITE)
    schema = Namespace("https://schema.org/")
    (dataset,) = graph.subjects(RDF.type, schema.Dataset)
    assert graph.value(dataset, schema.temporalCoverage) == Literal("2022-01-02/2022-01-12")
    fields = sum(len(one.fields) for one in content.package.resources.values())
    assert len(list(graph.objects(dataset, schema.variableMeasured))) == fields
    urls = {str(graph.value(one, schema.contentUrl)) for one in graph.objects(dataset, schema.distribution)}
    assert all((built / one).is_file() for one in urls)
    assert f"{content.name}.zip" in urls
