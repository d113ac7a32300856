"""A movie that left the catalogue is gone from every list at the next publication, cached or precomputed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.config import Settings
from core.errors import NotFound
from core.jobs.work import SilentWatch
from core.recommendations.records import RecommendationRequest
from core.trends import Origin, Trend, TrendList, Window
from core.types import MovieId, SearchRequest, Sort
from core.users import Preferences
from data import database
from data.database import Stores
from engine import wiring
from engine.services import Services
from engine.trending.lists import SECONDS, Trending
from indexer.embedded.published_index import Published
from tests import databases, sample
from tests.engine.catalogue.test_index_build import settings, write

pytestmark = pytest.mark.slow

__all__ = ["settings"]

GONE, LIKED, OTHER = MovieId(3), MovieId(1), MovieId(2)
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def catalogued(count: int) -> list[dict[str, object]]:
    """Popular movies about the same thing: each of them is near every other in meaning."""
    return [
        {
            "id": n, "title": f"Harbour {n}", "overview": f"A keeper of lighthouse {n} waits for a ship.",
            "genres": ["Drama" if n % 2 else "Comedy"], "year": 1990 + n % 5, "popularity": 50 if n == GONE else n,
            "vote_count": 900, "vote_average": 9.5 if n == GONE else 7,
        }
        for n in range(1, count + 1)
    ]  # fmt: skip


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    opened = databases.open_new(f"sqlite:///{tmp_path / 'people.sqlite'}")
    yield opened
    database.close(opened)


def rate(folder: Path) -> None:
    """Write ratings of thirty users, half of whom like odd movies and half even ones."""
    folder.mkdir()
    links = "".join(f"{n},{1000 + n},{n}\n" for n in range(1, 13))
    (folder / "links.csv").write_text("movieId,imdbId,tmdbId\n" + links, encoding="utf-8")
    rows = "".join(
        f"{user},{n},{4.5 if user % 2 == n % 2 else 2.0},{1_000 * user + n}\n"
        for user in range(1, 31)
        for n in range(1, 13)
        if (user + n) % 3
    )
    (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + rows, encoding="utf-8")


def lists(services: Services, trending: Trending) -> dict[str, list[MovieId]]:
    """Return the movies of every list of the site."""
    similar = services.recommending.similar(LIKED, by="both", size=12)
    taste = services.recommending.similar(LIKED, by="taste", size=12)
    guest = services.recommending.for_guest({LIKED: 5.0, OTHER: 4.5}, RecommendationRequest(size=20))
    nobody = services.recommending.for_guest({}, RecommendationRequest(size=20))
    rows = services.movies.home_rows()
    return {
        "search": [hit.movie.id for hit in services.search.run(SearchRequest(f"harbour {GONE}")).hits],
        "newest": [hit.movie.id for hit in services.search.run(SearchRequest(sort=Sort.NEWEST)).hits],
        "suggestions": [found.id for found in services.search.suggest("harbour", limit=20) if found.id],
        "home": [movie.id for row in rows for movie in row.movies],
        "similar": [hit.movie.id for hit in similar.hits],
        "similar in taste": [hit.movie.id for hit in taste.hits],
        "meaning": [hit.movie.id for hit in services.movies.similar(LIKED)],
        "guest": [item.movie.id for item in guest.items],
        "popular": [item.movie.id for item in nobody.items],
        "trending": [movie.movie.id for movie in trending.read(Window.DAY).movies],
        "trending as candidates": list(trending.popular()),
    }


def test_a_movie_that_left_the_catalogue_is_gone_from_every_list(
    settings: Settings, stores: Stores, tmp_path: Path
) -> None:
    write(tmp_path / "data", catalogued(12))
    sample.build_index(settings, SilentWatch())
    rate(tmp_path / "data" / "ml-latest-small")
    sample.train(settings, SilentWatch())
    clock = [0.0]
    index = Published(settings.home / "index", clock=lambda: clock[0])
    services = wiring.build(settings, index=index, stores=stores)
    trends = tuple(Trend(movie, 9.0, 5, 6.0, 1.0) for movie in (GONE, OTHER))
    stores.trends.publish([TrendList(Window.DAY, Origin.EVENTS, NOW, trends)])
    trending = Trending(stores.trends, services.movies, timer=lambda: clock[0])
    user = stores.accounts.create("ada", password_hash="-", preferences=Preferences(), at=NOW)
    before = lists(services, trending)
    assert [name for name, movies in before.items() if GONE not in movies] == []

    write(tmp_path / "data", [one for one in catalogued(12) if one["id"] != GONE])
    sample.build_index(settings, SilentWatch())
    clock[0] += SECONDS
    after = lists(services, trending)
    assert [name for name, movies in after.items() if GONE in movies] == []
    assert all(movies for name, movies in after.items() if name != "search")
    with pytest.raises(NotFound):
        services.movies.get(GONE)
    with pytest.raises(NotFound):
        services.recommending.explain(user, GONE)
