"""Explanations of recommendations from the model's terms and from what movies have in common, in sentences. Pure.

Explanations are faithful: shares come from the decomposition of the score over the user's movies (Hu, Koren and
Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008, section 5; for EASE the terms of the row).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Because, Explanation, Opinion, Source
from core.types import Movie, MovieId
from core.users import Diary, MarkKind

SHOWN_MOVIES = 3
"""The user's movies that an explanation names."""
LEAST_PART = 0.4
"""Share of the strongest term that further movies need to be named: with a long diary all shares are small, but some
are much larger than others."""
NOTES = frozenset({"duringcreditsstinger", "aftercreditsstinger"})
"""Keywords that do not describe the content of a movie."""
LEAST_OWN = 0.15
"""Share of a popular movie's score that the user's movies need to be named in addition to its popularity."""
LEAST_SUM = 1e-6
"""Sum of terms below which shares are meaningless."""
NEAR_PLOT = 0.45
"""Cosine of two descriptions from which plots count as similar; one in 200 random pairs of movies reaches it."""
SHARED_KEYWORDS, SHARED_PEOPLE, SHARED_GENRES = 3, 2, 2
BILLED = 4
"""Actors of a movie that are considered."""
_MARKS = {
    MarkKind.FAVOURITE: "{} is a favourite of yours",
    MarkKind.WATCHLIST: "{} is on your watchlist",
    MarkKind.WATCHED: "you watched {}",
    MarkKind.LIKED: "you swiped right on {}",
}


@dataclass(frozen=True, slots=True)
class DiaryMovie:
    """A movie of the user's diary that the model knows."""

    movie: Movie
    stars: float | None
    mark: str

    @property
    def words(self) -> str:
        """Part of a sentence, such as `you rated Heat 4.5`."""
        if self.stars is not None:
            return f"you rated {self.movie.title} {self.stars:g}"
        return _MARKS[MarkKind(self.mark)].format(self.movie.title) if self.mark in _MARKS else ""


class Liked:
    """What the movies that a user likes have in common, computed once for all explanations.

    Attributes:
        own: all movies of the user's diary that the model knows.
        places: int, (n_liked,), positions of the liked ones in `own`.
    """

    def __init__(self, own: Sequence[DiaryMovie]) -> None:
        self.own = own
        self.by_id = {one.movie.id: one for one in own}
        self.places = np.array([place for place, one in enumerate(own) if _speaks_for(one)], np.intp)
        movies = [own[place].movie for place in self.places]
        self.counts = {
            "person": Counter(name for movie in movies for name in _people(movie)),
            "keyword": Counter(word for movie in movies for word in movie.keywords if word not in NOTES),
            "genre": Counter(genre for movie in movies for genre in movie.genres),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for an explanation of a movie to a user.

    Attributes:
        liked: the user's movies.
        terms: float32, (n_own,), what each of the user's movies adds to the score; empty without a model.
        cosines: float32, (n_own,), similarity of the descriptions.
        genres: the user's favourite genres.
        common: the part of the score that is the same for all users; the rest is the sum of the terms.
        trending: the sentence of a trending movie.
        neighbours: what the users with the most similar ratings gave; None if they are too few.
        everybody: what MovieLens' users of the model gave, for a movie without votes; None if they are too few.
        genre_match: see `engine.recommender.explanations.genre_match`.
    """

    movie: Movie
    source: Source
    liked: Liked
    terms: NDArray[np.float32]
    cosines: NDArray[np.float32]
    genres: tuple[str, ...] = ()
    predicted: float | None = None
    confidence: float | None = None
    common: float = 0.0
    trending: str = ""
    neighbours: Opinion | None = None
    everybody: Opinion | None = None
    genre_match: float | None = None


def diary_movies(diary: Diary, movies: Mapping[MovieId, Movie]) -> dict[MovieId, DiaryMovie]:
    """Return the movies of a diary with rating or mark; a rating takes precedence."""
    found: dict[MovieId, DiaryMovie] = {}
    for kind in (
        MarkKind.WATCHED,
        MarkKind.LIKED,
        MarkKind.WATCHLIST,
        MarkKind.FAVOURITE,
        MarkKind.PASSED,
        MarkKind.DISMISSED,
    ):
        found |= {movie: DiaryMovie(movies[movie], None, kind) for movie in diary.marked(kind) if movie in movies}
    found |= {
        movie: DiaryMovie(movies[movie], own.stars, "") for movie, own in diary.ratings.items() if movie in movies
    }
    return found


def explain(evidence: Evidence) -> Explanation:
    """Explain a recommendation, strongest reason first."""
    because = _because(evidence) if evidence.source in (Source.TASTE, Source.MEANING) or _also(evidence) else ()
    shared = _shared(evidence.movie, evidence.liked)
    nearest = _nearest(evidence)
    sentences = _sentences(evidence, because, shared, nearest)
    return Explanation(
        source=evidence.source,
        sentences=tuple(sentence for sentence in sentences if sentence),
        because=because,
        shared=shared,
        nearest=nearest,
        predicted=evidence.predicted,
        confidence=evidence.confidence,
        neighbours=evidence.neighbours,
        genre_match=evidence.genre_match,
    )


def _also(evidence: Evidence) -> bool:
    """Return whether the user's movies are worth mentioning in addition to popularity."""
    own = float(evidence.terms.sum())
    return evidence.source is Source.POPULAR and own > LEAST_OWN * (own + evidence.common)


def _because(evidence: Evidence) -> tuple[Because, ...]:
    """Return the user's movies with the greatest terms, as shares of the positive sum."""
    # Lists: for the few dozen terms of a movie, numpy's overhead per call is larger than the work.
    terms: list[float] = evidence.terms.tolist()
    positive = sum(term for term in terms if term > 0)
    if positive < LEAST_SUM:
        return ()
    own = evidence.liked.own
    order = sorted(range(len(terms)), key=terms.__getitem__, reverse=True)[:SHOWN_MOVIES]
    enough = LEAST_PART * terms[order[0]]
    named = [i for i in order if terms[i] >= enough]
    against = min(range(len(terms)), key=terms.__getitem__)
    named += [against] if terms[against] <= -enough else []
    return tuple(
        Because(
            movie=own[i].movie.id,
            title=own[i].movie.title,
            share=round(terms[i] / positive, 4),
            stars=own[i].stars,
            mark=own[i].mark,
        )
        for i in named
    )


def _nearest(evidence: Evidence) -> tuple[MovieId, str, float] | None:
    """Return the liked movie with the most similar description, if it is similar enough."""
    places = evidence.liked.places
    if not len(places) or not len(evidence.cosines):
        return None
    best = int(places[np.argmax(evidence.cosines[places])])
    cosine = float(evidence.cosines[best])
    movie = evidence.liked.own[best].movie
    return (movie.id, movie.title, round(cosine, 4)) if cosine >= NEAR_PLOT else None


def _shared(movie: Movie, liked: Liked) -> tuple[tuple[str, str], ...]:
    """Return people, keywords and genres that the movie shares with liked movies, most frequent first."""
    own = {"person": _people(movie), "keyword": movie.keywords, "genre": movie.genres}
    limits = {"person": SHARED_PEOPLE, "keyword": SHARED_KEYWORDS, "genre": SHARED_GENRES}
    shared: list[tuple[str, str]] = []
    for kind, values in own.items():
        counts = liked.counts[kind]
        common = [value for value in values if value in counts]
        common.sort(key=lambda value, counts=counts: (-counts[value], value))  # type: ignore[misc]
        shared += [(kind, value) for value in common[: limits[kind]]]
    return tuple(shared)


def _sentences(
    evidence: Evidence,
    because: Sequence[Because],
    shared: Sequence[tuple[str, str]],
    nearest: tuple[MovieId, str, float] | None,
) -> list[str]:
    if evidence.source is Source.TRENDING:
        return [evidence.trending, _popular(evidence)]
    if evidence.source is Source.GENRES:
        picked = [genre for genre in evidence.movie.genres if genre in evidence.genres]
        return [f"Well loved in {_listed(picked)}, which you picked.", _popular(evidence)]
    near = f"Its plot is similar to that of {nearest[1]}." if nearest else ""
    if evidence.source is Source.MEANING:
        return [near, _shared_words(shared), "It has few ratings yet, so this is based on its content."]
    by_id = evidence.liked.by_id
    named = [by_id[one.movie] for one in because if one.share > 0 and by_id[one.movie].words]
    if evidence.source is Source.POPULAR:
        return [_popular(evidence), _because_words(named), _neighbours(evidence.neighbours)]
    return [
        _because_words(named),
        _neighbours(evidence.neighbours),
        f"Our prediction for you: {evidence.predicted:.1f} stars." if evidence.predicted else "",
        near,
        _shared_words(shared),
    ]


def _because_words(named: Sequence[DiaryMovie]) -> str:
    """Return a sentence such as `Because you rated Heat 4.5 and Collateral 4.`"""
    rated = [own for own in named if own.stars is not None]
    if rated:
        return f"Because you rated {_listed([f'{own.movie.title} {own.stars:g}' for own in rated])}."
    return f"Because {_listed([own.words for own in named])}." if named else ""


def _shared_words(shared: Sequence[tuple[str, str]]) -> str:
    words = {kind: [value for found, value in shared if found == kind] for kind in ("person", "genre", "keyword")}
    if words["person"]:
        return f"With {_listed(words['person'])}, as in films that you liked."
    if words["keyword"]:
        return f"Like films that you liked, it is about {_listed(words['keyword'])}."
    return f"It is {_listed(words['genre'])}, like films that you liked." if words["genre"] else ""


def _neighbours(opinion: Opinion | None) -> str:
    if opinion is None:
        return ""
    return f"{opinion.users} users with taste like yours rated it {opinion.mean:.1f} on average."


def _popular(evidence: Evidence) -> str:
    """Return how many rated the movie, and how."""
    movie, given = evidence.movie, evidence.everybody
    if has_votes(movie):
        return f"Popular: {movie.vote_average:.1f} of 10 from {movie.vote_count:,} votes."
    if given is not None:
        return f"{given.users} users of MovieLens rated it {given.mean:.1f} on average."
    return "It has no votes yet."


def has_votes(movie: Movie) -> bool:
    """Whether the catalogue has votes and their mean for a movie."""
    return movie.vote_count > 0 and movie.vote_average is not None


def _people(movie: Movie) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*movie.directors, *(member.name for member in movie.cast[:BILLED]))))


def _speaks_for(own: DiaryMovie) -> bool:
    if own.stars is not None:
        return own.stars >= 3.5  # noqa: PLR2004 - users like what they rate above the middle of the scale, 3
    return own.mark in (MarkKind.FAVOURITE, MarkKind.LIKED, MarkKind.WATCHLIST)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
