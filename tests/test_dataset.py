"""Loading: typed frames, and the claims spelled out."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, replace

import qantar
from qantar.dataset import Dataset
from qantar.errors import PackageError


@pytest.fixture(scope="module")
def data() -> Dataset:
    return qantar.load()


def test_every_resource_is_a_typed_frame(data: Dataset) -> None:
    assert set(data) == set(dir(data)) & set(data)
    assert data.events.schema["date_start"] == pl.Date
    assert data.events.schema["date_prec"] == pl.Int64
    assert isinstance(data.events.schema["event_type"], pl.Enum)
    assert data.figures.schema["value"] == pl.Int64
    assert data.places.schema["latitude"] == pl.Float64
    assert data.sources.schema["issued_inferred"] == pl.Boolean
    assert data["figures"] is data.figures


def test_an_enum_has_every_code_of_the_schema(data: Dataset) -> None:
    event_type = data.events.schema["event_type"]
    assert isinstance(event_type, pl.Enum)
    assert event_type.categories.len() == 16


def test_claims_have_one_row_a_figure(data: Dataset) -> None:
    assert data.claims["figure_id"].to_list() == data.figures["figure_id"].to_list()
    assert not data.claims["speaker"].has_nulls()


def test_a_claim_spells_out_its_chain(data: Dataset) -> None:
    claim = data.claims.row(by_predicate=pl.col("figure_id") == "fg-0007", named=True)
    assert claim["measure"] == "injured"
    assert claim["place"] == claim["event_place"] == "Almaty"
    assert (claim["value"], claim["low"], claim["high"]) == (748, 748, 748)
    assert claim["speaker"] == "Almaty city command"
    assert claim["chain"] == ["so-0017", "so-0016", "so-0002"]
    assert claim["attribution"].startswith("Almaty city command → Khabar 24 → ")
    assert claim["report_id"] == "so-0002"


def test_a_withheld_number_is_a_claim_without_a_number(data: Dataset) -> None:
    (claim,) = data.claims.filter(pl.col("status") == "withheld").to_dicts()
    assert claim["value_text"] is claim["value"] is claim["low"] is claim["high"] is None
    assert claim["speaker"] == "Interior ministry of Kazakhstan"


def test_an_unknown_resource_is_an_attribute_error(data: Dataset) -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = data.nothing


def test_a_faulty_package_is_not_loaded(package: Path) -> None:
    replace("data/figures.csv", ",injured,", ",injuried,")(package)
    with pytest.raises(PackageError, match=r"data/figures.csv:8:measure .* Run qantar validate"):
        qantar.load(package)


def test_a_path_loads_another_package(package: Path) -> None:
    assert qantar.load(package).figures.equals(qantar.load(ROOT).figures)


@pytest.mark.parametrize(
    ("number", "fits"), [("9223372036854775807", True), ("9223372036854775808", False), ("", True)]
)
def test_a_number_that_does_not_fit_is_not_loaded_as_missing(tmp_path: Path, number: str, fits: bool) -> None:  # noqa: FBT001
    resource = {"name": "t", "data": [["n"], [number], ["1"]], "schema": {"fields": [{"name": "n", "type": "integer"}]}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    if fits:
        assert qantar.load(tmp_path)["t"]["n"].to_list() == [int(number) if number else None, 1]
    else:
        with pytest.raises(PackageError, match=r"t:n  A whole number has more than 64 bits"):
            qantar.load(tmp_path)


def test_a_resource_that_cannot_be_read_is_no_empty_table(tmp_path: Path) -> None:
    resources = [{"name": "t", "data": [["n"], ["1"]]}]
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    with pytest.raises(PackageError, match="t  The table cannot be loaded: it has no schema"):
        qantar.load(tmp_path)
