"""Rows of the home page, first movies to rate, and swipe decks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import numpy as np

from core.recommendations.records import Recommendation, RecommendationRequest, Row
from core.types import Filters, Movie, Sort
from core.users import LIKED_STARS, MarkKind
from engine.recommender import diversity
from engine.recommender.lists import Lists
from engine.recommender.similarity.similar_movies import Similar
from engine.recommender.user_context import UserContext

ROW = 12
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


def watchlist(lists: Lists, reading: UserContext) -> Row:
    """Return the unrated movies on the watchlist, best first."""
    seen = {*reading.diary.ratings, *reading.diary.marked(MarkKind.WATCHED)}
    waiting = [int(movie) for movie in reading.diary.marked(MarkKind.WATCHLIST) if movie not in seen]
    return Row("From your watchlist, tonight", "watchlist", _best(lists, reading, waiting), "/watchlist")


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
    pleasing = lists.make(reading, RecommendationRequest(size=size)).items
    shown = {item.movie.id for item in pleasing}
    known = [movie for movie in starters(lists, reading, size=size) if movie.id not in shown]
    teaching = lists.reasons.recommend([movie.id for movie in known], [0.0] * len(known), reading=reading)
    turns = chain.from_iterable(zip_longest(pleasing, teaching))
    return [item for item in turns if item is not None][:size]


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
