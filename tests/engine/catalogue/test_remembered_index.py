"""What an index on another machine answers during its outage."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.errors import FactorsMissing, IndexMissing, SearchUnavailable
from core.ports import IndexInfo, Question
from core.types import Filters, MovieId, Sort
from engine.catalogue.remembered_index import RememberedIndex
from engine.services import Services
from tests import sample
from tests.fakes import INFO

GROUNDHOG_DAY, ALIEN = MovieId(137), MovieId(348)
UNKNOWN = MovieId(1)


class Failing:
    """A real index whose engine can be switched off. Like a real one, it knows its metadata then too."""

    def __init__(self, index: Any) -> None:
        self.index, self.error, self.version = index, None, ""

    def info(self) -> IndexInfo:
        info: IndexInfo = self.index.info()
        return dataclasses.replace(info, version=self.version or info.version)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if self.error is not None:
            raise self.error
        method: Callable[..., Any] = getattr(self.index, name)
        return method


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return sample.services(sample.embedded(sample.shared(tmp_path_factory.getbasetemp()) / "sample"))


@pytest.fixture
def engine(real: Services) -> Failing:
    return Failing(real.library.index)


@pytest.fixture
def index(engine: Failing) -> RememberedIndex:
    return RememberedIndex(engine)  # type: ignore[arg-type]  # its methods are those of the real index


def ask_everything(index: RememberedIndex) -> list[Any]:
    vector = np.asarray(index.vectors([GROUNDHOG_DAY])[0])
    found = index.candidates(Question(words="day", vector=vector, depth=20))
    listing = index.listing(Filters(genres=("Comedy",)), sort=Sort.POPULARITY, offset=0, size=5)
    return [
        found.ids.tolist(),
        found.cosine.tolist(),
        listing,
        index.movies([GROUNDHOG_DAY, ALIEN]),
        index.moods([GROUNDHOG_DAY]).tolist(),
        vector.tolist(),
    ]


def test_answers_are_repeated_during_an_outage(index: RememberedIndex, engine: Failing) -> None:
    before = ask_everything(index)
    engine.error = SearchUnavailable("away")
    assert ask_everything(index) == before


def test_what_was_never_asked_is_unavailable(index: RememberedIndex, engine: Failing) -> None:
    ask_everything(index)
    engine.error = SearchUnavailable("away")
    with pytest.raises(SearchUnavailable, match="away"):
        index.candidates(Question(words="night", depth=20))
    with pytest.raises(SearchUnavailable, match="away"):
        index.vectors([GROUNDHOG_DAY, UNKNOWN])
    with pytest.raises(SearchUnavailable, match="away"):
        index.movies([UNKNOWN])


def test_the_remembered_ones_of_several_movies_are_returned(index: RememberedIndex, engine: Failing) -> None:
    index.movies([ALIEN])
    engine.error = SearchUnavailable("away")
    assert [movie.id for movie in index.movies([UNKNOWN, ALIEN])] == [ALIEN]


def test_suggestions_and_corrections_are_empty_and_factors_missing(index: RememberedIndex, engine: Failing) -> None:
    assert index.suggest("groundhog", limit=3)
    engine.error = SearchUnavailable("away")
    assert index.suggest("groundhog", limit=3) == []
    assert index.correct(["groundhig"]) == {}
    with pytest.raises(FactorsMissing):
        index.search_by_factors(np.zeros(4, np.float32), model="m", filters=Filters(), without=(), depth=3)


def test_a_missing_index_is_not_an_outage(index: RememberedIndex, engine: Failing) -> None:
    ask_everything(index)
    engine.error = IndexMissing("there is no index")
    for ask in (lambda: index.movies([ALIEN]), lambda: index.suggest("a", limit=1), lambda: index.correct(["a"])):
        with pytest.raises(IndexMissing):
            ask()


def test_answers_of_another_version_are_forgotten(index: RememberedIndex, engine: Failing) -> None:
    ask_everything(index)
    engine.version = f"{INFO.version}-next"
    engine.error = SearchUnavailable("away")
    assert index.info().version == engine.version
    with pytest.raises(SearchUnavailable):
        index.movies([GROUNDHOG_DAY])
