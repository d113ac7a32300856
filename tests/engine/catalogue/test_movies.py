"""Single movies and rows of them, on both engines."""

from __future__ import annotations

import threading

import pytest

from core.errors import NotFound
from core.types import MovieId
from engine.services import Services
from engine.version_cache import PerVersion

JAWS, UNKNOWN = MovieId(578), MovieId(99_999_999)


def test_a_movie_is_found_by_its_id(services: Services) -> None:
    assert services.movies.get(JAWS).title == "Jaws"


def test_an_unknown_id_is_named(services: Services) -> None:
    with pytest.raises(NotFound, match="99999999"):
        services.movies.get(UNKNOWN)
    with pytest.raises(NotFound, match="99999999"):
        services.movies.similar(UNKNOWN)


def test_similar_movies_are_near_and_never_the_movie_itself(services: Services) -> None:
    hits = services.movies.similar(MovieId(862), size=5)  # Toy Story
    assert len(hits) == 5
    assert MovieId(862) not in [hit.movie.id for hit in hits]
    assert {"Animation"} & {genre for hit in hits[:3] for genre in hit.movie.genres}
    assert [hit.reason.meaning_rank for hit in hits] == [1, 2, 3, 4, 5]


def test_no_row_is_empty_and_each_links_to_its_movies(services: Services) -> None:
    home_rows = services.movies.home_rows()
    assert home_rows[0].name == "Popular"
    assert len({row.name for row in home_rows}) == len(home_rows) >= 5
    for row in home_rows:
        assert row.movies
        for movie in row.movies:
            assert set(row.filters.genres) <= set(movie.genres)
            assert row.filters.year_from is None or (movie.year or 0) >= row.filters.year_from


def test_without_votes_there_is_no_row_of_highly_rated_movies(services: Services) -> None:
    assert "Highly rated" not in [row.name for row in services.movies.home_rows()]


def test_genres_and_decades_come_with_their_numbers(services: Services) -> None:
    total = services.library.info().count
    assert sum(value.count for value in services.movies.decades()) == total
    assert max(value.count for value in services.movies.genres()) <= total


def test_the_library_says_that_a_search_would_work(services: Services) -> None:
    services.library.check()


def test_a_remembered_value_is_computed_once_per_version() -> None:
    memory: PerVersion[int] = PerVersion()
    calls: list[int] = []

    def compute() -> int:
        calls.append(1)
        return len(calls)

    threads = [threading.Thread(target=memory.get, args=("1", compute)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert memory.get("1", compute) == 1
    assert memory.get("2", compute) == 2


def test_a_failure_is_not_remembered() -> None:
    memory: PerVersion[int] = PerVersion()
    with pytest.raises(ZeroDivisionError):
        memory.get("1", lambda: 1 // 0)
    assert memory.get("1", lambda: 7) == 7
