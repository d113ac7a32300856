"""Rows of the home page, first movies to rate, and swipe decks."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import numpy as np

from core.recommendations.records import Recommendation, RecommendationRequest, Recommendations, Row
from core.types import Filters, Movie, Sort
from core.users import LIKED_STARS, MarkKind, Rating
from engine.recommender.lists import Exploration, Lists, Ranked
from engine.recommender.selection import diversity
from engine.recommender.similarity.similar_movies import Similar
from engine.recommender.user_context import UserContext

ROW = 12
GEM_POPULARITY = 0.65
"""Quantile of the popularity of movies with ratings up to which a movie counts as little known."""
GEM_AFFINITY, GEM_STARS = 0.6, 3.5
"""Least affinity (the best fifth of all movies for this user) and predicted stars of a hidden gem."""
MAX_GEMS = 60
"""Gems that are looked up."""
DIFFERENT_SHARE = 0.25
"""Share of the candidates that count as different: those least like what the user likes."""
MAX_LIKED = 500
"""Liked movies that the user's profile is computed from."""
NEW_MOVIES = 200
"""Newest movies of the catalogue from which "new to you" is chosen."""
STARTERS_POOL = 150
"""Best-known movies from which the first ones to rate are chosen."""
STARTER_SHARE = 0.4
"""Weight of popularity for the first movies to rate: they should be well known and as diverse as possible."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The movies of a row, before they are looked up and explained."""

    name: str
    key: str
    ids: Sequence[int]
    url: str = ""


def home(lists: Lists, reading: UserContext, *, similarity: Similar) -> Sequence[Row]:
    """Return the non-empty rows of a user's home page, without a movie in two of them.

    Movies of the watchlist have no reasons there: the user chose them.
    """
    ranked = lists.ranked(reading, RecommendationRequest(size=ROW))
    taken: set[int] = set()
    latest = max(_loved(reading), key=lambda rating: (rating.at, rating.stars, rating.movie), default=None)
    liked = _like(latest, reading, similarity, taken, words="Because you liked", size=ROW)
    waiting = Choice(
        "From your watchlist, tonight", "watchlist", _take(reading, _waiting(reading), taken, size=ROW), "/watchlist"
    )
    newest = Choice("New to you", "new", _take(reading, _new(lists, reading), taken, size=ROW))
    own = lists.make(reading, RecommendationRequest(size=ROW), without=taken, ranked=ranked).items
    rows = _filled(lists, reading, Row("For you", "for-you", own, "/for-you"), (liked, waiting, newest))
    return _explained(lists, reading, rows, keys={"for-you", "because", "new"})


def wall(
    lists: Lists,
    reading: UserContext,
    request: RecommendationRequest,
    *,
    similarity: Similar,
    explore: Exploration | None = None,
    explained: bool = True,
) -> tuple[Sequence[Row], Recommendations]:
    """Return the non-empty rows of the page "For you", with `request.size` movies each and no movie in two of them.

    All rows share one computation of scores and candidates.

    Args:
        explore: how to draw some positions of the first row, the list itself; also returned, with what was drawn.
        explained: whether to compute the reasons, once for all rows: most of the work.
    """
    ranked = lists.ranked(reading, request)
    taken: set[int] = set()
    best = max(_loved(reading), key=lambda rating: (rating.stars, rating.at, rating.movie), default=None)
    loved = _like(best, reading, similarity, taken, words="Because you loved", size=request.size)
    waiting = _take(reading, _waiting(reading), taken, size=request.size)
    hidden = _take(reading, gems(lists, reading, request.filters), taken, size=request.size)
    unlike = _take(reading, different(lists, reading, ranked), taken, size=request.size)
    own = lists.make(reading, request, without=taken, ranked=ranked, explore=explore)
    rows = _filled(
        lists,
        reading,
        Row("For you", "for-you", own.items, "/for-you?all=1"),
        (
            loved,
            Choice("Hidden gems", "gems", hidden),
            Choice("From your watchlist", "watchlist", waiting, "/watchlist"),
            Choice("Something different", "different", unlike),
        ),
    )
    return _explained(lists, reading, rows, keys={row.key for row in rows}) if explained else rows, own


def gems(lists: Lists, reading: UserContext, filters: Filters) -> list[int]:
    """Return movies that suit the user, that few people know, and that the user would rate well."""
    model = reading.model
    if model is None or not reading.personal or not model.rated.any():
        return []
    bound = np.quantile(model.popularity[model.rated], GEM_POPULARITY)
    places = np.flatnonzero(model.rated & (model.popularity <= bound))
    places = places[reading.affinity(model.movies[places]) >= GEM_AFFINITY]
    places = places[model.stars(reading.history, model.movies[places]) >= GEM_STARS]
    best = places[np.argsort(-reading.blended.total[places], kind="stable")]
    fresh = [movie for movie in model.movies[best].tolist() if movie not in reading.seen]
    return lists.candidates.meeting(np.array(fresh[:MAX_GEMS], np.int64), filters)


def different(lists: Lists, reading: UserContext, ranked: Ranked) -> list[int]:
    """Return the candidates that are least like what the user likes, by their descriptions."""
    ids, _ = ranked
    liked = reading.history.movies[reading.history.weights > 0][-MAX_LIKED:].tolist()
    if not reading.personal or not ids or not liked:
        return []
    about, own = lists.candidates.about(ids), lists.candidates.about(liked).vectors
    if not about.movies or not len(own):
        return []
    likeness = about.vectors @ own.mean(axis=0)
    return [about.movies[i] for i in np.flatnonzero(likeness <= np.quantile(likeness, DIFFERENT_SHARE))]


def starters(lists: Lists, reading: UserContext, *, size: int) -> Sequence[Movie]:
    """Return well-known, diverse movies, those of the favourite genres first."""
    genres = reading.preferences.genres
    own = _known(lists, Filters(genres=genres, all_genres=False), reading) if genres else []
    others = [movie for movie in _known(lists, Filters(), reading) if movie not in own]
    chosen = _unlike(lists, own, size=min(size, math.ceil(size * 2 / 3)))
    return [*chosen, *_unlike(lists, others, size=size - len(chosen))]


def deck(lists: Lists, reading: UserContext, *, size: int) -> Sequence[Recommendation]:
    """Return recommendations and well-known movies in turn; the latter reveal the user's taste."""
    waiting = reading.diary.marked(MarkKind.WATCHLIST)  # they need no swipe, whether or not lists include them
    pleasing = lists.make(reading, RecommendationRequest(size=size), without=frozenset(waiting)).items
    shown = {*waiting, *(item.movie.id for item in pleasing)}
    known = [movie for movie in starters(lists, reading, size=size) if movie.id not in shown]
    teaching = lists.reasons.unexplained([movie.id for movie in known], [0.0] * len(known), reading=reading)
    turns = chain.from_iterable(zip_longest(pleasing, teaching))
    return lists.explain([item for item in turns if item is not None][:size], reading)


def _loved(reading: UserContext) -> list[Rating]:
    """Return the user's ratings of the movies that they liked, with which the model can find similar ones."""
    return [] if reading.model is None else [one for one in reading.diary.ratings.values() if one.stars >= LIKED_STARS]


def _like(
    rating: Rating | None, reading: UserContext, similarity: Similar, taken: set[int], *, words: str, size: int
) -> Choice:
    """Return the row of movies similar to a rated one, as on its page, which it takes first."""
    if rating is None:
        return Choice("", "because", ())
    movie, ids = similarity.nearest(rating.movie, model=reading.model, size=size, without=reading.seen)
    taken.update(ids)
    return Choice(f"{words} {movie.title}" if movie else "", "because", ids)


def _new(lists: Lists, reading: UserContext) -> list[int]:
    """Return the newest movies that the user has not seen; none without history, as they would be in no order."""
    if not reading.personal:
        return []
    newest = lists.index.listing(Filters(), sort=Sort.NEWEST, offset=0, size=NEW_MOVIES).movies
    return [int(movie.id) for movie in newest if movie.id not in reading.seen]


def _waiting(reading: UserContext) -> list[int]:
    """Return the movies on the watchlist that were neither rated nor watched."""
    seen = {*reading.diary.ratings, *reading.diary.marked(MarkKind.WATCHED)}
    return [int(movie) for movie in reading.diary.marked(MarkKind.WATCHLIST) if movie not in seen]


def _take(reading: UserContext, ids: Sequence[int], taken: set[int], *, size: int) -> list[int]:
    """Return the best of these movies, without those taken before, and add them to `taken`."""
    left = [movie for movie in ids if movie not in taken]
    scores = reading.scores(left)
    chosen = [left[i] for i in np.argsort(-scores, kind="stable")[:size]]
    taken.update(chosen)
    return chosen


def _filled(lists: Lists, reading: UserContext, first: Row, others: Sequence[Choice]) -> list[Row]:
    """Return the rows with their movies, which are looked up at once; without empty rows."""
    ids = [movie for row in others for movie in row.ids]
    scores = [float(score) for score in reading.scores(ids)]
    found = {int(one.movie.id): one for one in lists.reasons.unexplained(ids, scores, reading=reading)}
    rows = [Row(row.name, row.key, tuple(found[one] for one in row.ids if one in found), row.url) for row in others]
    return [row for row in (first, *rows) if row.items]


def _explained(lists: Lists, reading: UserContext, rows: Sequence[Row], *, keys: Collection[str]) -> list[Row]:
    """Return the rows, those named in `keys` with reasons, which are computed once for all of them."""
    items = [item for row in rows if row.key in keys for item in row.items]
    found = {item.movie.id: item for item in lists.explain(items, reading)}
    return [replace(row, items=tuple(found.get(item.movie.id, item) for item in row.items)) for row in rows]


def _known(lists: Lists, filters: Filters, reading: UserContext) -> list[Movie]:
    """Return the best-known movies: the most votes among the most popular."""
    listing = lists.index.listing(filters, sort=Sort.POPULARITY, offset=0, size=STARTERS_POOL)
    fresh = [movie for movie in listing.movies if movie.id not in reading.seen]
    return sorted(fresh, key=lambda movie: (-movie.vote_count, -movie.popularity, movie.id))


def _unlike(lists: Lists, movies: Sequence[Movie], *, size: int) -> list[Movie]:
    if not movies or size <= 0:
        return []
    about = lists.candidates.about([int(movie.id) for movie in movies])
    there = set(about.movies)
    known = [movie for movie in movies if movie.id in there]
    by_place = -np.arange(len(known), dtype=np.float64)
    pool = diversity.Pool(by_place, about.vectors, about.groups, np.zeros(len(known), np.bool_))
    return [known[i] for i in diversity.choose(pool, size=size, share=STARTER_SHARE)]
