"""Rows of the home page, first movies to rate, and swipe decks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import numpy as np

from core.recommendations.records import Recommendation, RecommendationRequest, Row
from core.types import Filters, Movie, Sort
from core.users import LIKED_STARS, MarkKind
from engine.recommender.lists import Lists, Ranked
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
MAX_SEEN = 60
"""Similar movies looked through for those that the user has not seen."""
NEW_MOVIES = 200
"""Newest movies of the catalogue from which "new to you" is chosen."""
STARTERS_POOL = 150
"""Best-known movies from which the first ones to rate are chosen."""
STARTER_SHARE = 0.4
"""Weight of popularity for the first movies to rate: they should be well known and as diverse as possible."""


def home(lists: Lists, reading: UserContext, *, similarity: Similar) -> Sequence[Row]:
    """Return the non-empty rows of a user's home page, without a movie in two of them.

    The rows that are about something choose first: "for you" has enough others to show.
    """
    about = [because(lists, reading, similarity=similarity), watchlist(lists, reading), new(lists, reading)]
    shown: set[int] = set()
    rows: list[Row] = []
    for row in about:
        rows.append(replace(row, items=tuple(item for item in row.items if item.movie.id not in shown)))
        shown.update(item.movie.id for item in rows[-1].items)
    own = lists.make(reading, RecommendationRequest(size=ROW), without=shown)
    return [row for row in (Row("For you", "for-you", own.items, "/for-you"), *rows) if row.items]


def wall(lists: Lists, reading: UserContext, request: RecommendationRequest, *, similarity: Similar) -> Sequence[Row]:
    """Return the non-empty rows of the page "For you", with `request.size` movies each and no movie in two of them.

    All rows share one computation of scores and candidates, and of reasons.
    """
    ranked = lists.ranked(reading, request)
    taken: set[int] = set()
    loved = _loved(lists, reading, similarity, taken, size=request.size)
    waiting = _take(reading, _waiting(reading), taken, size=request.size)
    hidden = _take(reading, gems(lists, reading, request.filters), taken, size=request.size)
    unlike = _take(reading, different(lists, reading, ranked), taken, size=request.size)
    own = lists.make(reading, request, without=taken, ranked=ranked).items
    explained = _explained(lists, reading, [*loved[1], *waiting, *hidden, *unlike])
    rows = (
        Row("For you", "for-you", own, "/for-you?all=1"),
        Row(f"Because you loved {loved[0]}", "because", explained(loved[1])),
        Row("Hidden gems", "gems", explained(hidden)),
        Row("From your watchlist", "watchlist", explained(waiting), "/watchlist"),
        Row("Something different", "different", explained(unlike)),
    )
    return [row for row in rows if row.items]


def because(lists: Lists, reading: UserContext, *, similarity: Similar) -> Row:
    """Return movies similar to the one that the user liked last, as on its page."""
    liked = [rating for rating in reading.diary.ratings.values() if rating.stars >= LIKED_STARS]
    if not liked or reading.model is None:
        return Row("", "because", ())
    latest = max(liked, key=lambda rating: (rating.at, rating.stars, rating.movie)).movie
    movies = lists.index.movies([latest])
    if not movies:
        return Row("", "because", ())
    near = similarity.to(latest, model=reading.model, by="both", size=ROW + min(len(reading.seen), MAX_SEEN)).hits
    fresh = [hit for hit in near if hit.movie.id not in reading.seen][:ROW]
    ids, scores = [int(hit.movie.id) for hit in fresh], [hit.score for hit in fresh]
    return Row(f"Because you liked {movies[0].title}", "because", lists.reasons.recommend(ids, scores, reading=reading))


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


def watchlist(lists: Lists, reading: UserContext) -> Row:
    """Return the unrated movies on the watchlist, best first."""
    return Row("From your watchlist, tonight", "watchlist", _best(lists, reading, _waiting(reading)), "/watchlist")


def new(lists: Lists, reading: UserContext) -> Row:
    """Return the newest movies, best first."""
    newest = lists.index.listing(Filters(), sort=Sort.NEWEST, offset=0, size=NEW_MOVIES).movies
    fresh = [int(movie.id) for movie in newest if movie.id not in reading.seen]
    return Row("New to you", "new", _best(lists, reading, fresh) if reading.personal else ())


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
    teaching = lists.reasons.recommend([movie.id for movie in known], [0.0] * len(known), reading=reading)
    turns = chain.from_iterable(zip_longest(pleasing, teaching))
    return [item for item in turns if item is not None][:size]


def _loved(
    lists: Lists, reading: UserContext, similarity: Similar, taken: set[int], *, size: int
) -> tuple[str, list[int]]:
    """Return the title of the movie with the most stars, the latest of several, and movies similar to it."""
    rated = [rating for rating in reading.diary.ratings.values() if rating.stars >= LIKED_STARS]
    if not rated or reading.model is None:
        return "", []
    loved = max(rated, key=lambda rating: (rating.stars, rating.at, rating.movie)).movie
    movies = lists.index.movies([loved])
    if not movies:
        return "", []
    near = similarity.to(loved, model=reading.model, by="both", size=size + min(len(reading.seen), MAX_SEEN)).hits
    ids = [int(hit.movie.id) for hit in near if hit.movie.id not in reading.seen][:size]
    taken.update(ids)
    return movies[0].title, ids


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


def _explained(
    lists: Lists, reading: UserContext, ids: Sequence[int]
) -> Callable[[Sequence[int]], tuple[Recommendation, ...]]:
    """Explain all movies of a page at once; return a function that returns those of a row."""
    scores = [float(score) for score in reading.scores(ids)]
    found = {int(one.movie.id): one for one in lists.reasons.recommend(ids, scores, reading=reading)}
    return lambda row: tuple(found[movie] for movie in row if movie in found)


def _best(lists: Lists, reading: UserContext, ids: Sequence[int]) -> tuple[Recommendation, ...]:
    scores = reading.scores(ids)
    best = np.argsort(-scores, kind="stable")[:ROW]
    return lists.reasons.recommend([ids[i] for i in best], [float(scores[i]) for i in best], reading=reading)


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
