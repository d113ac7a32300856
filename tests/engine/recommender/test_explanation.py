"""Explanations of recommendations."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommendations.records import Source
from core.types import CastMember, Movie, MovieId
from core.users import Diary, MarkKind, Rating
from engine.recommender.explanations import explanation
from engine.recommender.explanations.explanation import DiaryMovie, Evidence, Liked

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def movie(number: int, title: str = "", **facts: object) -> Movie:
    """A movie."""
    return Movie(MovieId(number), title or f"Film {number}", **facts)  # type: ignore[arg-type]


HEAT = movie(1, "Heat", directors=("Michael Mann",), genres=("Crime", "Drama"), keywords=("robbery",))
COLLATERAL = movie(2, "Collateral", directors=("Michael Mann",), genres=("Crime",), keywords=("taxi",))
CATS = movie(3, "Cats", genres=("Musical",))
THIEF = movie(
    9,
    "Thief",
    directors=("Michael Mann",),
    genres=("Crime",),
    keywords=("robbery", "safe"),
    vote_count=1200,
    vote_average=7.4,
)
OWN = (DiaryMovie(HEAT, 4.5, ""), DiaryMovie(COLLATERAL, 4.0, ""), DiaryMovie(CATS, 1.0, ""))


def evidence(
    terms: tuple[float, ...] = (0.6, 0.3, -0.3),
    *,
    cosines: tuple[float, ...] = (0.1, 0.2, 0.3),
    source: Source = Source.TASTE,
    **more: object,
) -> Evidence:
    """Return the evidence for Thief and a user who likes Michael Mann."""
    return Evidence(  # type: ignore[arg-type]
        THIEF, source, Liked(more.pop("own", OWN)), np.array(terms, np.float32), np.array(cosines, np.float32), **more
    )


def test_the_first_sentence_names_the_ratings_with_the_largest_terms() -> None:
    assert explanation.explain(evidence()).sentences[0] == "Because you rated Heat 4.5 and Collateral 4."


def test_shares_are_parts_of_the_positive_sum() -> None:
    shares = {one.title: one.share for one in explanation.explain(evidence()).because}
    assert shares == pytest.approx({"Heat": 0.6667, "Collateral": 0.3333, "Cats": -0.3333}, abs=1e-4)


def test_a_movie_with_a_negative_term_is_listed_but_never_named_as_a_reason() -> None:
    found = explanation.explain(evidence())
    assert found.because[-1].title == "Cats"
    assert not any("Cats" in sentence for sentence in found.sentences)


def test_in_a_long_diary_the_strongest_movies_are_named_however_small_their_shares() -> None:
    own = tuple(DiaryMovie(movie(100 + i), 4.0, "") for i in range(100))
    terms = (0.03, 0.02, *(0.01,) * 98)
    found = explanation.explain(evidence(terms, cosines=(0.0,) * 100, own=own))
    assert [one.movie for one in found.because] == [100, 101]


def test_a_movie_without_ratings_is_explained_by_what_it_is_about() -> None:
    found = explanation.explain(evidence(cosines=(0.7, 0.2, 0.1), source=Source.MEANING, predicted=3.9))
    assert found.sentences == (
        "Its plot is similar to that of Heat.",
        "With Michael Mann, as in films that you liked.",
        "It has few ratings yet, so this is based on its content.",
    )


def test_keywords_about_the_credits_are_not_shared() -> None:
    one, other = movie(7, keywords=("aftercreditsstinger",)), movie(8, keywords=("aftercreditsstinger",))
    found = explanation.explain(
        Evidence(
            one, Source.TASTE, Liked((DiaryMovie(other, 5.0, ""),)), np.ones(1, np.float32), np.zeros(1, np.float32)
        )
    )
    assert found.shared == ()


def test_movies_with_a_negligible_share_are_not_mentioned() -> None:
    assert [one.title for one in explanation.explain(evidence((1.0, 0.01, 0.0))).because] == ["Heat"]


def test_predicted_stars_have_their_own_sentence() -> None:
    found = explanation.explain(evidence(predicted=4.3, confidence=0.8))
    assert "Our prediction for you: 4.3 stars." in found.sentences
    assert (found.predicted, found.confidence) == (4.3, 0.8)


def test_shared_people_are_mentioned_before_keywords_and_genres() -> None:
    found = explanation.explain(evidence())
    assert ("person", "Michael Mann") in found.shared
    assert ("keyword", "robbery") in found.shared
    assert ("genre", "Crime") in found.shared
    assert found.sentences[-1] == "With Michael Mann, as in films that you liked."


def test_nothing_is_shared_with_a_movie_that_the_user_did_not_like() -> None:
    only_cats = (DiaryMovie(movie(3, "Cats", genres=("Crime",)), 1.0, ""),)
    assert explanation.explain(evidence((0.1,), cosines=(0.9,), own=only_cats)).shared == ()


def test_a_plot_is_called_near_only_if_it_is_near_a_liked_movie() -> None:
    assert explanation.explain(evidence(cosines=(0.7, 0.2, 0.9))).nearest == (1, "Heat", 0.7)
    assert explanation.explain(evidence(cosines=(0.2, 0.2, 0.9))).nearest is None


def test_each_mark_has_its_own_wording() -> None:
    own = (DiaryMovie(HEAT, None, MarkKind.FAVOURITE), DiaryMovie(COLLATERAL, None, MarkKind.WATCHLIST))
    found = explanation.explain(evidence((0.5, 0.4), cosines=(0, 0), own=own))
    assert found.sentences[0] == "Because Heat is a favourite of yours and Collateral is on your watchlist."


def test_a_popular_pick_says_that_it_is_popular_and_claims_no_more() -> None:
    found = explanation.explain(evidence(source=Source.POPULAR, common=50.0))
    assert found.sentences == ("Popular: 7.4 of 10 from 1,200 votes.",)
    assert found.because == ()


def test_a_popular_pick_supported_by_the_users_movies_says_both() -> None:
    found = explanation.explain(evidence(source=Source.POPULAR, common=1.0))
    assert found.sentences == ("Popular: 7.4 of 10 from 1,200 votes.", "Because you rated Heat 4.5 and Collateral 4.")
    assert [one.title for one in found.because if one.share > 0] == ["Heat", "Collateral"]


def test_a_pick_by_genre_names_the_genre_that_was_picked() -> None:
    found = explanation.explain(evidence(source=Source.GENRES, genres=("Crime", "War")))
    assert found.sentences[0] == "Well loved in Crime, which you picked."


def test_a_rating_takes_precedence_over_marks() -> None:
    diary = Diary(ratings={HEAT.id: Rating(HEAT.id, 2.0, NOW)}, marks={MarkKind.FAVOURITE: {HEAT.id: NOW}})
    assert explanation.diary_movies(diary, {HEAT.id: HEAT})[HEAT.id] == DiaryMovie(HEAT, 2.0, "")


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=12))
def test_positive_shares_sum_to_at_most_one_in_descending_order(terms: list[float]) -> None:
    own = tuple(DiaryMovie(movie(100 + i), 4.0, "") for i in range(len(terms)))
    because = explanation.explain(evidence(tuple(terms), cosines=(0.0,) * len(terms), own=own)).because
    positive = [one.share for one in because if one.share > 0]
    assert sum(positive) <= 1.001
    assert positive == sorted(positive, reverse=True)


def test_people_are_directors_and_billed_actors_only() -> None:
    extra = CastMember("Extra", order=30)
    crowd = movie(5, cast=(*(CastMember(f"A{i}", order=i) for i in range(4)), extra))
    found = explanation.explain(
        Evidence(
            crowd,
            Source.TASTE,
            Liked((DiaryMovie(movie(6, cast=(extra,)), 5.0, ""),)),
            np.ones(1, np.float32),
            np.zeros(1, np.float32),
        )
    )
    assert found.shared == ()
