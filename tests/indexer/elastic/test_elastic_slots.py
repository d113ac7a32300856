"""The two slots of factors, compared as data."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.elastic import answers, mapping, slots
from indexer.elastic.slots import StoredFactors
from indexer.elastic.vector_options import VectorOptions
from indexer.queries import Layout
from tests.indexer.elastic.conftest import describe

STAMP = StoredFactors(model="m1", run="r1", slot="a", dimension=100, at=1.5)


@pytest.mark.parametrize(
    ("dimension", "width"), [(1, 16), (16, 16), (17, 32), (100, 128), (128, 128), (129, 256), (4_096, 4_096)]
)
def test_a_field_is_as_wide_as_the_next_power_of_two(dimension: int, width: int) -> None:
    assert slots.width(dimension) == width
    padded = slots.pad(np.ones(dimension, np.float32))
    assert (len(padded), padded.sum()) == (width, dimension)
    assert padded.dtype == np.float32


def test_models_of_every_dimension_share_a_few_fields() -> None:
    names = {
        StoredFactors("m", "r", slot, dimension, 0.0).field for slot in slots.SLOTS for dimension in range(1, 4_097)
    }
    assert len(names) == 18


def test_the_slot_that_is_written_is_never_the_one_that_is_read() -> None:
    assert slots.other(None) == "a"
    assert slots.other(STAMP) == "b"
    assert slots.other(StoredFactors("m2", "r2", "b", 100, 2.0)) == "a"


def test_the_vector_index_options_of_factors_are_explicit() -> None:
    for exact, kind in ((True, "flat"), (False, "int8_hnsw")):
        field = slots.properties(STAMP, VectorOptions(kind, oversample=None if exact else 2.0))["factors_a_128"]
        assert (field["type"], field["dims"], field["similarity"]) == ("dense_vector", 128, "max_inner_product")
        assert field["index_options"]["type"] == kind
        assert ("rescore_vector" in field["index_options"]) is not exact
    assert slots.properties(STAMP, VectorOptions())["factors_a_run"] == {"type": "keyword"}


def test_values_written_into_a_movie_match_the_mapping() -> None:
    assert set(slots.values(STAMP, np.ones(100, np.float32))) == set(slots.properties(STAMP, VectorOptions()))


def test_the_fields_of_slots_are_distinguished_from_those_of_movies() -> None:
    known = {**mapping.create(describe(), alias="films", shards=1, builder={})["mappings"]["properties"]}
    assert slots.fields(known) == []
    known |= slots.properties(STAMP, VectorOptions())
    assert slots.fields(known) == ["factors_a_128", "factors_a_run"]


def test_the_stored_factors_are_read_back_from_meta_which_is_otherwise_unchanged() -> None:
    written = mapping.meta(describe(), alias="films", layout=Layout(4, exact=True), finished=True)
    assert slots.read(written) is None
    stamped = slots.meta(written, STAMP)
    assert slots.read(stamped) == STAMP
    del stamped["marquee"]["factors"]
    assert stamped == written


@pytest.mark.parametrize("product", [-1e4, -7.5, -1.0, -1e-3, 0.0, 1e-3, 0.5, 1.0, 42.0, 1e4])
def test_scores_are_mapped_back_to_inner_products(product: float) -> None:
    score = np.float32(product + 1 if product >= 0 else 1 / (1 - product))
    hits = {"hits": {"hits": [{"fields": {"id": [7]}, "_score": float(score)}]}}
    movies, products = answers.read_factor_matches(hits)
    assert movies.tolist() == [7]
    assert products[0] == pytest.approx(product, rel=1e-6, abs=1e-7)
