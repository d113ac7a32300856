"""Why a movie is recommended: the model's own terms, what movies share, and both in plain words. Pure.

Nothing here is made up: shares come from the decomposition of the score over the user's movies (Hu, Koren and
Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008, section 5; for EASE the terms of the row).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.recommendations.records import Because, Explanation, Source
from core.types import Movie, MovieId
from core.users import Diary, MarkKind

SHOWN_MOVIES = 3
"""Own movies that an explanation names."""
LEAST_PART = 0.4
"""Part of the strongest term that a further own movie must have to be named beside it: shares of a long diary are all
small, and still some say much more than others."""
NOTES = frozenset({"duringcreditsstinger", "aftercreditsstinger"})
"""Keywords that say nothing of what a movie is about."""
LEAST_OWN = 0.15
"""Part of the score of a popular movie that the user's own movies must make up to be named beside its being popular."""
LEAST_SUM = 1e-6
"""A sum of terms below which a score is as good as nothing, and shares of it mean nothing."""
NEAR_PLOT = 0.45
"""Cosine of two descriptions from which plots read as near; of random pairs of movies, one in 200 reaches it."""
SHARED_KEYWORDS, SHARED_PEOPLE, SHARED_GENRES = 3, 2, 2
BILLED = 4
"""Actors of a movie that count among its people."""
_MARKS = {
    MarkKind.FAVOURITE: "{} is a favourite of yours",
    MarkKind.WATCHLIST: "{} is on your watchlist",
    MarkKind.WATCHED: "you watched {}",
    MarkKind.LIKED: "you swiped right on {}",
}


@dataclass(frozen=True, slots=True)
class DiaryMovie:
    """One movie of the user's own that the model knows of."""

    movie: Movie
    stars: float | None
    mark: str

    @property
    def words(self) -> str:
        """`you rated Heat 4.5`, as part of a sentence."""
        if self.stars is not None:
            return f"you rated {self.movie.title} {self.stars:g}"
        return _MARKS[MarkKind(self.mark)].format(self.movie.title) if self.mark in _MARKS else ""


class Liked:
    """What the movies that a user likes have: counted once, however many recommendations are explained by it.

    Attributes:
        own: all movies of the user's that the model knows of.
        places: int, (n_liked,), where in `own` the liked ones stand.
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
    """What is known of one recommended movie and one user.

    Attributes:
        liked: the user's movies.
        terms: float32, (n_own,), what each of the user's movies adds to the score; empty where no model scored.
        cosines: float32, (n_own,), nearness of the descriptions.
        genres: the user's favourite genres.
        common: what of the score is the same for everybody; beside it stands what the user's movies add.
        trending: why the movie is in the list of what is trending, in words.
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


def diary_movies(diary: Diary, movies: Mapping[MovieId, Movie]) -> dict[MovieId, DiaryMovie]:
    """The movies of a diary with what was said of them; a rating says more than any mark."""
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
    """Everything that can be said of one recommendation, the strongest reason first."""
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
    )


def _also(evidence: Evidence) -> bool:
    """Whether the user's own movies are worth a word beside what is popular."""
    own = float(evidence.terms.sum())
    return evidence.source is Source.POPULAR and own > LEAST_OWN * (own + evidence.common)


def _because(evidence: Evidence) -> tuple[Because, ...]:
    """The own movies with the greatest terms, as shares of all that speaks for the movie."""
    # Lists: the few dozen terms of each movie of a page are not worth numpy's price per call.
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
    """The liked movie whose description is nearest, where it is near at all."""
    places = evidence.liked.places
    if not len(places) or not len(evidence.cosines):
        return None
    best = int(places[np.argmax(evidence.cosines[places])])
    cosine = float(evidence.cosines[best])
    movie = evidence.liked.own[best].movie
    return (movie.id, movie.title, round(cosine, 4)) if cosine >= NEAR_PLOT else None


def _shared(movie: Movie, liked: Liked) -> tuple[tuple[str, str], ...]:
    """People, keywords and genres that the movie shares with liked movies, the most frequent first."""
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
        return [evidence.trending, _popular(evidence.movie)]
    if evidence.source is Source.GENRES:
        picked = [genre for genre in evidence.movie.genres if genre in evidence.genres]
        return [f"Well loved in {_listed(picked)}, which you picked.", _popular(evidence.movie)]
    near = f"Its plot is near that of {nearest[1]}." if nearest else ""
    if evidence.source is Source.MEANING:
        return [near, _shared_words(shared), "Few have rated it yet: this goes by what it is about."]
    by_id = evidence.liked.by_id
    named = [by_id[one.movie] for one in because if one.share > 0 and by_id[one.movie].words]
    if evidence.source is Source.POPULAR:
        return [_popular(evidence.movie), _because_words(named)]
    return [
        _because_words(named),
        f"People who like what you like rate this {evidence.predicted:.1f}." if evidence.predicted else "",
        near,
        _shared_words(shared),
    ]


def _because_words(named: Sequence[DiaryMovie]) -> str:
    """`Because you rated Heat 4.5 and Collateral 4.`"""
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


def _popular(movie: Movie) -> str:
    if movie.vote_count and movie.vote_average is not None:
        return f"Popular: {movie.vote_average:.1f} of 10 from {movie.vote_count:,} votes."
    return "Popular with everybody."


def _people(movie: Movie) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*movie.directors, *(member.name for member in movie.cast[:BILLED]))))


def _speaks_for(own: DiaryMovie) -> bool:
    if own.stars is not None:
        return own.stars >= 3.5  # noqa: PLR2004 - what people call liking; the middle of the scale is 3
    return own.mark in (MarkKind.FAVOURITE, MarkKind.LIKED, MarkKind.WATCHLIST)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
