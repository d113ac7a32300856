"""Recommendations as views for pages and the API."""

from __future__ import annotations

import pytest

from core.recommendations.records import Because, Explanation, Opinion, Recommendation, Recommendations, Source, Stage
from core.types import MovieId, Reason
from tests import fakes
from webapp.diary import request_diary
from webapp.movies import serializers
from webapp.recommendations import personal_list

WHY = Explanation(
    Source.TASTE,
    ("Because you rated Heat 4.5.", "You like Crime."),
    because=(Because(MovieId(949), "Heat", 0.61234, 4.5), Because(MovieId(7), "Low", -0.1, None, "dismissed")),
    shared=(("genre", "Crime"),),
    nearest=(MovieId(949), "Heat", 0.512345),
    predicted=4.234,
    confidence=0.78149,
    neighbours=Opinion(23, 4.2608),
    genre_match=0.83,
)


def test_a_recommendation_is_a_card_with_its_reasons() -> None:
    view = serializers.recommendation(Recommendation(fakes.made_up(1), 0.123456, WHY), poster_base="")
    sent = view.model_dump(mode="json")
    assert (sent["id"], sent["title"], sent["score"]) == (101, "The Lighthouse Keeper 1", 0.12346)
    assert sent["why"] == {
        "source": "taste",
        "sentences": ["Because you rated Heat 4.5.", "You like Crime."],
        "because": [
            {"id": 949, "title": "Heat", "share": 0.6123, "stars": 4.5, "mark": ""},
            {"id": 7, "title": "Low", "share": -0.1, "stars": None, "mark": "dismissed"},
        ],
        "shared": [{"kind": "genre", "value": "Crime"}],
        "nearest": {"id": 949, "title": "Heat", "similarity": 0.5123},
        "predicted": 4.23,
        "confidence": 0.781,
        "genre_match": 0.83,
        "neighbours": {"users": 23, "mean": 4.26},
    }


def test_unknown_values_are_none() -> None:
    why = serializers.explanation(Explanation(Source.POPULAR, ("Loved by many.",)))
    assert (why.nearest, why.predicted, why.confidence, why.because, why.shared) == (None, None, None, (), ())


def test_a_list_has_its_stage_and_model() -> None:
    answer = serializers.recommendations(Recommendations((), Stage.FEW, "20260101", 3), poster_base="")
    told = {"results": (), "stage": "few", "model": "20260101", "movies": 3, "demo": False, "notice": ""}
    assert answer.model_dump() == told


@pytest.mark.parametrize(
    ("taste", "words"),
    [(0.05, "Moved up for your taste"), (-0.05, "Moved down for your taste"), (0.001, ""), (0.0, "")],
)
def test_a_hit_moved_by_taste_says_so(taste: float, words: str) -> None:
    why = serializers.why(Reason(taste=taste))
    assert (why.sentence, why.taste) == (words, taste)


@pytest.mark.parametrize(
    ("stars", "words"),
    [(None, "not rated"), (0.5, "½ star"), (1.0, "1 star"), (1.5, "1½ stars"), (2.0, "2 stars"), (4.5, "4½ stars")],
)
def test_stars_are_put_into_words(stars: float | None, words: str) -> None:
    assert request_diary.stars_text(stars) == words


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(None, ""), (0.93, "quite sure"), (0.8, "quite sure"), (0.7, "think so"), (0.5, "worth a try"), (0.0, "gamble")],
)
def test_confidence_is_put_into_words(confidence: float | None, words: str) -> None:
    assert words in personal_list.sureness(confidence)
