"""The texts of a movie and the combination of their vectors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.types import Movie, MovieId
from engine.search.encoders import document_texts
from engine.search.encoders.document_texts import MOVIE_TEXTS, EncoderConfig, Part

TWO = EncoderConfig(
    "two", 1, (Part("title", 2.0, lambda movie: movie.title), Part("tagline", 1.0, lambda movie: movie.tagline))
)


def test_the_whole_record_contains_title_year_and_plot(jaws: Movie) -> None:
    text = document_texts.whole_record(jaws)
    for part in ("Jaws", "1975", "hunts the shark", "Stay out of the water", "Thriller", "beach", "Steven Spielberg"):
        assert part in text


def test_the_whole_record_contains_the_top_billed_cast_in_order(jaws: Movie) -> None:
    text = document_texts.whole_record(jaws)
    assert ", ".join(f"Actor {number}" for number in range(document_texts.BILLED)) in text
    assert f"Actor {document_texts.BILLED}" not in text


def test_a_movie_with_only_a_title_has_a_text() -> None:
    texts = MOVIE_TEXTS.texts(Movie(id=MovieId(1), title="Alone"))
    assert "Alone" in texts[0]
    assert not any(texts[1:])


def test_texts_are_stripped() -> None:
    assert TWO.texts(Movie(id=MovieId(1), title=" Alone ", tagline="\n")) == ("Alone", "")


def test_the_config_returns_one_text_per_part(jaws: Movie) -> None:
    assert len(MOVIE_TEXTS.texts(jaws)) == len(MOVIE_TEXTS.parts)
    assert all(MOVIE_TEXTS.texts(jaws))


def test_texts_are_weighted_as_configured() -> None:
    vectors = TWO.combine(np.eye(2, dtype=np.float32)[None], np.array([[True, True]]))
    assert vectors == pytest.approx(np.array([[2, 1]]) / np.sqrt(5))


def test_an_empty_text_has_no_weight() -> None:
    vectors = TWO.combine(np.eye(2, dtype=np.float32)[None], np.array([[False, True]]))
    assert vectors == pytest.approx(np.array([[0, 1]]))


def test_combined_vectors_are_float32_unit_rows() -> None:
    embeddings = np.random.default_rng(0).normal(size=(5, 2, 8)).astype(np.float32)
    vectors = TWO.combine(embeddings, np.ones((5, 2), bool))
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_texts_that_cancel_out_do_not_produce_nan() -> None:
    vectors = EncoderConfig("even", 1, (TWO.parts[1], TWO.parts[1])).combine(
        np.array([[[1, 0], [-1, 0]]], np.float32), np.ones((1, 2), bool)
    )
    assert np.isfinite(vectors).all()


@pytest.mark.parametrize(
    "changed",
    [
        replace(TWO, name="other"),
        replace(TWO, version=2),
        replace(TWO, parts=(replace(TWO.parts[0], weight=1.5), TWO.parts[1])),
    ],
)
def test_the_fingerprint_depends_on_name_version_and_weights(changed: EncoderConfig) -> None:
    assert changed.fingerprint != TWO.fingerprint
