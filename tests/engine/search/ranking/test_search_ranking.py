"""Use of the learned ranking by search, on an index of made-up candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from core.errors import NotFound
from core.ports import Candidates, Question, Vectors
from core.types import Filters, Mode, Movie, MovieId, SearchRequest, Sort
from engine.search.ranking.reranker import Ranker
from engine.search.search import TAG_FIELDS, Search
from tests.engine.search.ranking import ranked
from tests.fakes import INFO

TEXT = "somebody in a town far from home looks after the empty harbour"
POST = "I remember a movie, maybe a film from tv, where a captain sails to the empty island"
BY_VOTES = ranked.model(votes=1.0)


@dataclass
class MadeUpIndex:
    """An index that returns the same candidates for every query, reduced by a filter on the year."""

    questions: list[Question] = field(default_factory=list)
    with_terms: bool = True
    tagged: int = 0

    def info(self) -> Any:
        """Describe an index of an encoder with two dimensions."""
        changed = {"centroid": (0.0, 0.0), "tagged": self.tagged}
        return type("Info", (), {**{name: getattr(INFO, name) for name in INFO.__slots__}, **changed})

    def candidates(self, question: Question) -> Candidates:
        """Return all movies, or those from a year on."""
        self.questions.append(question)
        first = (question.filters.year_from or 1980) - 1979
        return ranked.scored(range(first, ranked.COUNT + 1), with_terms=self.with_terms).candidates

    def movies(self, ids: Sequence[MovieId]) -> list[Movie]:
        """Return the movies of the small catalogue."""
        return [ranked.MOVIES[movie - 1] for movie in ids]

    def attachment(self, name: str) -> bytes:
        """Return no moods."""
        raise NotFound(name)

    def correct(self, words: Sequence[str]) -> dict[str, str]:
        """Correct nothing."""
        return dict.fromkeys(words[:0], "")


@dataclass
class ToyEncoder:
    """An encoder that records which texts were encoded as posts."""

    name: str = INFO.encoder
    dimension: int = INFO.dimension
    posts: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the same vector for all texts."""
        return np.tile(np.array([[1.0, 0.0]], np.float32), (len(texts), 1))

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Return another vector for all texts."""
        self.posts.extend(texts)
        return np.tile(np.array([[0.0, 1.0]], np.float32), (len(texts), 1))


def _search(index: MadeUpIndex, **changes: Any) -> Search:
    ranker = Ranker(INFO.encoder, posts=BY_VOTES, description=BY_VOTES)
    return Search(index, ToyEncoder(), **{"ranker": ranker, **changes})  # type: ignore[arg-type]


def _ids(search: Search, text: str = TEXT, **options: Any) -> list[int]:
    return [int(hit.movie.id) for hit in search.run(SearchRequest(text, size=100, **options)).hits]


@pytest.mark.parametrize("text", [TEXT, POST])
def test_results_of_a_description_are_in_the_learned_order(text: str) -> None:
    found = _ids(_search(MadeUpIndex()), text)
    assert found == sorted(found, reverse=True)
    assert len(found) > 5


@pytest.mark.parametrize("options", [{"mode": Mode.WORDS}, {"mode": Mode.MEANING}, {"sort": Sort.NEWEST}])
def test_other_modes_and_sort_orders_do_not_use_the_ranking(options: dict[str, Any]) -> None:
    assert _ids(_search(MadeUpIndex()), **options) == _ids(_search(MadeUpIndex(), ranker=None), **options)


def test_a_ranking_for_another_encoder_is_not_used() -> None:
    other = Ranker("other@0", posts=BY_VOTES, description=BY_VOTES)
    assert _ids(_search(MadeUpIndex(), ranker=other)) == _ids(_search(MadeUpIndex(), ranker=None))


def test_an_index_without_terms_keeps_the_fused_order() -> None:
    assert _ids(_search(MadeUpIndex(with_terms=False))) == _ids(_search(MadeUpIndex(), ranker=None))


def test_with_filters_the_unfiltered_candidates_are_requested_too() -> None:
    index = MadeUpIndex()
    free = _ids(_search(index))
    narrowed = _ids(_search(index), filters=Filters(year_from=1990))
    assert [question.filters.active for question in index.questions] == [False, True, False]
    assert narrowed == [movie for movie in free if movie in set(narrowed)]


@pytest.mark.parametrize("text", [TEXT, POST, "harbour"])
def test_tags_are_searched_only_if_the_index_has_them(text: str) -> None:
    plain, tagged = MadeUpIndex(), MadeUpIndex(tagged=7)
    for index in (plain, tagged):
        _ids(_search(index), text)
    assert "tags" not in dict(plain.questions[0].fields)
    assert tagged.questions[0].fields == (*plain.questions[0].fields, *TAG_FIELDS)


def test_only_posts_are_encoded_as_posts() -> None:
    encoder = ToyEncoder()
    for text in (TEXT, POST):
        Search(MadeUpIndex(), encoder).run(SearchRequest(text))  # type: ignore[arg-type]
    assert len(encoder.posts) == 1
    assert "captain sails" in encoder.posts[0]
