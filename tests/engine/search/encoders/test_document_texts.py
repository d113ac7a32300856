"""Recipes: which texts a movie gives, and how their vectors become one."""

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


def test_the_whole_record_names_title_year_and_what_the_movie_is_about(jaws: Movie) -> None:
    text = document_texts.whole_record(jaws)
    for part in ("Jaws", "1975", "hunts the shark", "Stay out of the water", "Thriller", "beach", "Steven Spielberg"):
        assert part in text


def test_the_whole_record_names_the_first_billed_in_order_and_no_others(jaws: Movie) -> None:
    text = document_texts.whole_record(jaws)
    assert ", ".join(f"Actor {number}" for number in range(document_texts.BILLED)) in text
    assert f"Actor {document_texts.BILLED}" not in text


def test_a_movie_of_which_only_the_title_is_known_still_has_a_text() -> None:
    texts = MOVIE_TEXTS.texts(Movie(id=MovieId(1), title="Alone"))
    assert "Alone" in texts[0]
    assert not any(texts[1:])


def test_texts_carry_no_white_space_around_them() -> None:
    assert TWO.texts(Movie(id=MovieId(1), title=" Alone ", tagline="\n")) == ("Alone", "")


def test_the_movie_recipe_gives_one_text_per_part(jaws: Movie) -> None:
    assert len(MOVIE_TEXTS.texts(jaws)) == len(MOVIE_TEXTS.parts)
    assert all(MOVIE_TEXTS.texts(jaws))


def test_texts_weigh_as_the_recipe_says() -> None:
    vectors = TWO.combine(np.eye(2, dtype=np.float32)[None], np.array([[True, True]]))
    assert vectors == pytest.approx(np.array([[2, 1]]) / np.sqrt(5))


def test_an_empty_text_weighs_nothing() -> None:
    vectors = TWO.combine(np.eye(2, dtype=np.float32)[None], np.array([[False, True]]))
    assert vectors == pytest.approx(np.array([[0, 1]]))


def test_combined_vectors_are_float32_unit_rows() -> None:
    embeddings = np.random.default_rng(0).normal(size=(5, 2, 8)).astype(np.float32)
    vectors = TWO.combine(embeddings, np.ones((5, 2), bool))
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_texts_that_cancel_each_other_out_give_no_nan() -> None:
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
def test_a_change_of_name_version_or_weight_changes_the_stamp(changed: EncoderConfig) -> None:
    assert changed.fingerprint != TWO.fingerprint
