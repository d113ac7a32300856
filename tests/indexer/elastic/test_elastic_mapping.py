"""The format of a version in Elasticsearch."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.ports import Entry
from core.recommendations import scores
from core.types import Movie, MovieId
from indexer import schema
from indexer.elastic import mapping
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
    assert mapping.read_meta(written) == (info, LAYOUT)


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
    field = mapping.create(describe(count=count), alias="films", shards=1, builder={})["mappings"]["properties"][
        "vector"
    ]
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
