"""The format of a version in Elasticsearch."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core import config
from core.config import Settings
from core.errors import BuildRejected, InvalidSettings
from core.ports import Entry
from core.recommendations import scores
from core.types import Movie, MovieId
from indexer import schema
from indexer.elastic import mapping, vector_options
from indexer.elastic.vector_options import VectorOptions
from indexer.queries import Layout
from tests.indexer.elastic.conftest import MOVIES, describe, unit_rows

LAYOUT = Layout(count=4, exact=True, shards=2)


def document(movie: Movie) -> mapping.Plain:
    """The movie as a document."""
    return mapping.document(Entry(movie, unit_rows(1)[0]))


def test_the_metadata_of_an_index_is_read_back() -> None:
    info = describe()
    written = mapping.meta(info, alias="films", layout=LAYOUT, finished=True)
    # JSON turns tuples into lists.
    written["marquee"]["info"]["centroid"] = list(info.centroid)
    stored = "vectors flat (searched exactly), 2 shards"
    assert mapping.read_meta(written) == (dataclasses.replace(info, storage=stored), LAYOUT)


def test_an_index_of_an_older_release_has_the_options_of_that_time() -> None:
    for exact, kind in ((True, "flat"), (False, "int8_hnsw")):
        written = mapping.meta(describe(), alias="films", layout=Layout(4, exact=exact), finished=True)
        del written["marquee"]["vectors"]
        assert vector_options.read(written["marquee"]).kind == kind


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"elasticsearch_vectors": "flat", "elasticsearch_oversample": 5}, {"type": "flat"}),
        ({"elasticsearch_vectors": "hnsw"}, {"type": "hnsw", "m": 16, "ef_construction": 200}),
        (
            {"elasticsearch_vectors": "int8_hnsw", "elasticsearch_hnsw_links": 32},
            {"type": "int8_hnsw", "m": 32, "ef_construction": 200, "rescore_vector": {"oversample": 2.0}},
        ),
        (
            {"elasticsearch_vectors": "bbq_hnsw", "elasticsearch_hnsw_build": 100},
            {"type": "bbq_hnsw", "m": 16, "ef_construction": 100, "rescore_vector": {"oversample": 3.0}},
        ),
        (
            {"elasticsearch_vectors": "bbq_hnsw", "elasticsearch_oversample": 5},
            {"type": "bbq_hnsw", "m": 16, "ef_construction": 200, "rescore_vector": {"oversample": 5.0}},
        ),
    ],
)
def test_the_settings_choose_the_vector_index(settings: dict[str, object], expected: dict[str, object]) -> None:
    options = vector_options.chosen(Settings.model_validate(settings), describe(dimension=384))
    assert options.index_options() == expected
    own = {"vectors": vector_options.write(options)}
    assert vector_options.read(own) == options


def test_one_bit_is_refused_for_short_vectors_and_for_factors() -> None:
    settings = Settings(elasticsearch_vectors="bbq_hnsw")
    with pytest.raises(BuildRejected, match=r"MARQUEE_ELASTICSEARCH_VECTORS: .* 64 dimensions, .* have 8"):
        vector_options.chosen(settings, describe())
    options = vector_options.chosen(settings, describe(dimension=384))
    assert options.for_factors().index_options()["type"] == "int8_hnsw"
    assert VectorOptions("hnsw").for_factors() == VectorOptions("hnsw")


@pytest.mark.parametrize(
    ("name", "value"), [("VECTORS", "int4"), ("HNSW_LINKS", "1"), ("HNSW_BUILD", "5000"), ("OVERSAMPLE", "0.5")]
)
def test_invalid_options_are_errors_of_the_settings(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=f"MARQUEE_ELASTICSEARCH_{name}"):
        config.load({f"MARQUEE_ELASTICSEARCH_{name}": value})


def test_every_field_of_a_document_is_in_the_mapping() -> None:
    properties = mapping.create(describe(), alias="films", shards=1, builder={})["mappings"]["properties"]
    assert set(document(MOVIES[0])) == set(properties) - {"attachment"}


def test_mood_scores_are_fields_and_one_column() -> None:
    entry = Entry(MOVIES[0], unit_rows(1)[0], {"cozy": 0.25})
    made = mapping.document(entry, moods=("grim", "cozy"))
    assert (made["moods"], made["mood"], made["mood_names"]) == ({"m1": 0.25}, ["cozy"], ["cozy"])
    assert mapping.unpack(made["mood_scores"]).tolist() == [0.0, 0.25]


def test_an_unknown_field_is_rejected_by_the_mapping() -> None:
    assert mapping.create(describe(), alias="films", shards=1, builder={})["mappings"]["dynamic"] == "strict"


@pytest.mark.parametrize(("count", "kind"), [(10_000, "flat"), (10_001, "int8_hnsw")])
def test_the_vector_index_options_are_explicit(count: int, kind: str) -> None:
    options = vector_options.chosen(Settings(), describe(count=count))
    made = mapping.create(describe(count=count), alias="films", shards=1, builder={}, options=options)
    field = made["mappings"]["properties"]["vector"]
    assert field["index_options"]["type"] == kind
    assert field["similarity"] == "dot_product"
    assert ("rescore_vector" in field["index_options"]) is (kind == "int8_hnsw")


def test_a_draft_has_no_replicas_and_is_not_refreshed() -> None:
    settings = mapping.create(describe(), alias="films", shards=3, builder={})["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"], settings["refresh_interval"]) == (3, 0, "-1")


def test_both_engines_share_stop_words_and_bm25() -> None:
    settings = mapping.create(describe(), alias="films", shards=1, builder={})["settings"]
    assert settings["analysis"]["filter"]["english_stop"]["stopwords"] == list(schema.STOP_WORDS)
    assert settings["index"]["similarity.default"] == {"type": "BM25", "k1": schema.BM25_K1, "b": schema.BM25_B}


def test_unknown_values_of_a_movie_are_omitted() -> None:
    assert {"year", "decade", "runtime", "vote_average", "released"}.isdisjoint(document(MOVIES[3]))
    assert document(MOVIES[3])["language"] == document(MOVIES[3])["collection"] == []


def test_the_rating_is_the_bayesian_mean() -> None:
    movie = MOVIES[0]
    expected = scores.bayesian_mean(np.float32(movie.vote_average or 0), movie.vote_count)
    assert document(movie)["rating"] == pytest.approx(float(expected))
    assert document(MOVIES[3])["rating"] == scores.PRIOR_MEAN


def test_genres_keep_their_order() -> None:
    assert document(MOVIES[0])["genre_list"] == "Science Fiction\nHorror"


def test_people_billed_first_are_leads() -> None:
    movie = MOVIES[0]
    many = dataclasses.replace(
        movie, cast=tuple(dataclasses.replace(movie.cast[0], name=f"Actor {n}", order=n) for n in range(9))
    )
    leads = document(many)["lead_start"]
    assert "actor 2" in leads
    assert "actor 3" not in leads
    assert "actor 3" in document(many)["person_start"]


def test_prefixes_keep_their_words_together() -> None:
    movie = Movie(id=MovieId(1), title="The Dark Knight")
    assert set(document(movie)["title_beginning"]) == {"the_dark_knight", "dark_knight", "knight", "darkknight"}
