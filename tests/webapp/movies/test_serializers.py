"""Movies and results as views."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import (
    FacetValue,
    Hit,
    Movie,
    MovieId,
    Page,
    Reason,
    Relation,
    RelationKind,
    SearchRequest,
    Suggestion,
)
from tests import fakes
from webapp.localization import language_names
from webapp.movies import serializers

BASE = "https://image.example/w342"


def test_a_snippet_is_split_at_its_marks() -> None:
    parts = serializers.snippet("the \x02storm\x03 comes")
    assert [(part.text, part.match) for part in parts] == [("the ", False), ("storm", True), (" comes", False)]


@given(st.text(alphabet=st.sampled_from("ab \x02\x03<&"), max_size=40))
def test_no_mark_survives_however_they_are_nested(marked: str) -> None:
    joined = "".join(part.text for part in serializers.snippet(marked))
    assert joined == marked.replace("\x02", "").replace("\x03", "")


def test_a_tmdb_poster_is_preferred_and_the_drawn_one_is_included() -> None:
    card = serializers.card(Movie(id=MovieId(5), title="X", poster="/a.jpg"), poster_base=BASE + "/")
    assert (card.poster, card.drawn) == (f"{BASE}/a.jpg", "/poster/5.svg")


@pytest.mark.parametrize(("poster", "base"), [("", BASE), ("/a.jpg", "")])
def test_without_a_tmdb_poster_the_drawn_one_is_used(poster: str, base: str) -> None:
    assert serializers.card(Movie(id=MovieId(5), title="X", poster=poster), poster_base=base).poster == "/poster/5.svg"


def test_the_sentence_names_matches_and_similarity() -> None:
    why = serializers.why(Reason(1, 2, 0.6, ("storm", "keeper"), "", 0.1))
    assert why.sentence == "Has “storm”, “keeper”; very near in meaning"


def test_a_long_list_of_matches_is_truncated_in_the_sentence_only() -> None:
    why = serializers.why(Reason(matched=("a", "b", "c", "d", "e", "f")))
    assert "and 2 more of your words" in why.sentence
    assert len(why.matched) == 6


def test_a_dissimilar_movie_is_not_called_near() -> None:
    assert serializers.why(Reason(meaning_rank=90, similarity=0.1)).sentence == ""


def test_a_movie_with_little_data_can_be_shown() -> None:
    movie = serializers.movie(Movie(id=MovieId(5), title="X"), poster_base=BASE)
    assert movie.release_date is None
    assert movie.cast == ()


def test_a_response_contains_everything_around_the_results() -> None:
    page = Page(
        SearchRequest("x"), 1, (Hit(fakes.MOVIES[0], 0.123456789),), {"decade": (FacetValue("1990", 3),)}, took_ms=1.239
    )
    answer = serializers.search(page, poster_base=BASE, catalogue="films")
    assert (answer.total, answer.catalogue, answer.took_ms, answer.results[0].score) == (1, "films", 1.24, 0.12346)
    assert answer.facets["decade"][0].label == "1990s"


def test_languages_have_names_and_unknown_ones_keep_their_code() -> None:
    assert (language_names.name("fr"), language_names.name("qq")) == ("French", "qq")


def test_suggestions_have_urls_of_movies_and_people() -> None:
    assert serializers.line(Suggestion("movie", "X", MovieId(5), 1999)).url == "/movies/5"
    assert serializers.line(Suggestion("person", "AC/DC Müller")).url == "/people/AC%2FDC%20M%C3%BCller"


@pytest.mark.parametrize(
    ("relation", "sentence"),
    [
        (Relation(RelationKind.SEQUEL), "The sequel"),
        (Relation(RelationKind.DIRECTOR, ("Fritz Lang", "Thea Lang")), "Same director: Fritz Lang, Thea Lang"),
        (Relation(RelationKind.KEYWORDS, ("100% cotton",)), "Shares: 100% cotton"),
        (Relation(RelationKind.STORY), "Similar story"),
    ],
)
def test_the_relation_of_a_similar_movie_is_told_in_a_sentence(relation: Relation, sentence: str) -> None:
    found = serializers.why(Reason(similarity=0.5, taste=0.4, relation=relation))
    assert found.sentence == sentence
    assert found.relation is not None
    assert (found.relation.kind, found.relation.values) == (relation.kind.value, relation.values)


def test_every_relation_has_a_sentence() -> None:
    assert set(serializers.RELATIONS) == set(RelationKind)
