"""Similar movies by meaning, by taste, or by everything that is known."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.errors import InvalidRequest, NotFound
from core.ports import MovieIndex
from core.recommendations.records import Alike
from core.types import SIMILARITIES, Hit, Movie, MovieId, Reason, Relation, RelationKind
from engine.catalogue.movies import Movies
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.recommender.similarity import relations
from engine.recommender.similarity.related_lists import RelatedLists
from indexer.related.lists import Related, Trait
from indexer.related.weights import CHOSEN

SERIES_SHARE = 5 / 12
"""Largest share of a list for other parts of the series: twelve have room for Harry Potter's, not for Bond's."""
SPARE = 8
"""Movies fetched beyond those asked for, in place of adult movies, duplicates, and movies that the index lost."""
MAX_SEEN = 60
"""Similar movies looked through for those that a user has not seen."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """The list of a movie: rows of its records in order, with their movies; scores and their parts, of all rows."""

    movie: Movie
    rows: list[int]
    others: list[Movie]
    scores: NDArray[np.float64]
    taste: NDArray[np.float64] | None
    terms: NDArray[np.float64]


@dataclass(frozen=True)
class Similar:
    """Finds similar movies, with the reason for each; without a model, by what is known about the movies alone."""

    index: MovieIndex
    movies: Movies
    related: RelatedLists = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "related", RelatedLists(self.index))

    def to(self, movie: MovieId, *, model: Recommender | None, by: str, size: int) -> Alike:
        """Return similar movies, most similar first; by `both`, some are parts of its series.

        Raises `NotFound`, `InvalidRequest` (field `by`).
        """
        if by not in SIMILARITIES:
            raise InvalidRequest({"by": f"should be one of {', '.join(SIMILARITIES)}"})
        if by == "both" and (own := self.related.of(movie)) is not None:
            return self._related(movie, own, model=model, size=size)
        if by == "taste" and model is not None and _knows(model, movie):
            return self._liked(movie, model=model, size=size)
        return Alike(self.movies.similar(movie, size=size))

    def nearest(
        self, movie: MovieId, *, model: Recommender | None, size: int, without: Collection[MovieId] = ()
    ) -> tuple[Movie | None, list[MovieId]]:
        """Return a movie and the ids of the first `size` of `to` by `both` that are not in `without`.

        Looks through `MAX_SEEN` more movies at most. The movie is None, and there are no ids, if the index lacks it.
        """
        looked = size + min(len(without), MAX_SEEN)
        own = self.related.of(movie)
        if own is None:
            movies = self.index.movies([movie])
            hits = self.movies.similar(movie, size=looked) if movies else ()
            return (movies[0] if movies else None), [hit.movie.id for hit in hits if hit.movie.id not in without][:size]
        try:
            listed = self._listed(movie, own, model=model, size=looked)
        except NotFound:
            return None, []
        ids = [MovieId(int(one)) for one in own.records["movie"][listed.rows]]
        return listed.movie, [one for one in ids if one not in without][:size]

    def series(self, movie: MovieId) -> Sequence[Movie]:
        """Return all movies of a movie's series, with itself, in order of release; empty if it belongs to none."""
        own = self.related.of(movie)
        parts = own.records["movie"][own.records["part"] > 0].tolist() if own is not None else []
        found = self.index.movies([movie, *map(MovieId, parts)]) if parts else []
        return sorted((one for one in found if not one.adult or one.id == movie), key=_released)

    def by_taste(self, movies: Sequence[MovieId], *, model: Recommender, size: int = 300) -> dict[int, float]:
        """Return the similarity of other movies to `movies` in taste: positive cosines of the `size` nearest, by id."""
        found: dict[int, float] = {}
        for movie in movies:
            ids, cosines = _by_taste(model, movie, size) if _knows(model, movie) else (np.zeros(0), np.zeros(0))
            for other, cosine in zip(ids.tolist(), cosines.tolist(), strict=True):
                found[int(other)] = max(found.get(int(other), 0.0), float(cosine))
        return {movie: cosine for movie, cosine in found.items() if cosine > 0 and movie not in movies}

    def _related(self, movie: MovieId, own: Related, *, model: Recommender | None, size: int) -> Alike:
        listed = self._listed(movie, own, model=model, size=size)
        excess = listed.terms - listed.terms.mean()
        hits = [
            _hit(
                listed.movie,
                other,
                own,
                row,
                score=float(listed.scores[row]),
                taste=None if listed.taste is None else float(listed.taste[row]),
                excess=float(excess[row]),
            )
            for row, other in zip(listed.rows, listed.others, strict=True)
        ]
        return Alike(hits, model.version if listed.taste is not None and model is not None else "")

    def _listed(self, movie: MovieId, own: Related, *, model: Recommender | None, size: int) -> _Listed:
        taste = taste_of(model, movie, own.records["movie"]) if model is not None else None
        terms = np.zeros(len(own.records)) if taste is None or model is None else _taste_terms(model, movie, own, taste)
        scores = own.records["score"] + terms
        order = np.lexsort((own.records["movie"], -scores))
        chosen = _chosen(own, order, size)
        found = {
            one.id: one for one in self.index.movies([movie, *map(MovieId, own.records["movie"][chosen].tolist())])
        }
        base = found.pop(movie, None)
        if base is None:
            raise NotFound(f"no film has the TMDB id {movie} in this catalogue")
        others = {row: found.get(MovieId(int(own.records["movie"][row]))) for row in chosen.tolist()}
        shown = {row: other for row, other in others.items() if other is not None and not other.adult}
        rows = _once(base, _in_order(shown, own), shown)[:size]
        return _Listed(base, rows, [shown[row] for row in rows], scores, taste, terms)

    def _liked(self, movie: MovieId, *, model: Recommender, size: int) -> Alike:
        ids, scores = _by_taste(model, movie, size)
        found = {one.id: one for one in self.index.movies([MovieId(int(i)) for i in ids]) if not one.adult}
        if not found and not self.index.movies([movie]):
            raise NotFound(f"no film has the TMDB id {movie} in this catalogue")
        relation = Relation(RelationKind.TASTE)
        hits = [
            Hit(found[MovieId(int(i))], round(float(score), 4), Reason(taste=round(float(score), 4), relation=relation))
            for i, score in zip(ids, scores, strict=True)
            if MovieId(int(i)) in found
        ]
        return Alike(hits, model.version)


def taste_of(model: Recommender, movie: int, others: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Return how much the same users like a movie and each of others: cosines of factors, float64, (n,).

    A cosine does not grow with popularity, as the number of common users does. Movies without ratings get the mean of
    the others. None if the movie itself has no ratings.
    """
    own = int(id_index.find(model.movies, np.array([movie], np.int64))[0])
    if own < 0 or not model.rated[own]:
        return None
    rows = id_index.find(model.movies, others)
    known = (rows >= 0) & model.rated[rows]
    if not known.any():
        return None
    factors = model.factors[rows[known]]
    lengths = np.linalg.norm(factors, axis=1) * np.linalg.norm(model.factors[own])
    cosines = factors @ model.factors[own] / np.maximum(lengths, 1e-9)
    found = np.full(len(others), float(cosines.mean()))
    found[known] = cosines
    return found


def _chosen(own: Related, order: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Return rows of the list: parts of the series, then the others, best first, with some to spare.

    Of a long series, the parts before and after the movie and then the most similar ones are chosen.
    """
    part = own.records["part"].astype(np.int64)
    series = order[part[order] > 0]
    next_to = np.abs(part[series] - own.part) == 1
    first = np.concatenate([series[next_to], series[~next_to]])[: math.ceil(size * SERIES_SHARE)]
    return np.concatenate([first, order[part[order] == 0][: size - len(first) + SPARE]])


def _in_order(shown: Mapping[int, Movie], own: Related) -> list[int]:
    """Return the rows with the parts of the series in order of release."""
    parts = [row for row in shown if own.records["part"][row]]
    parts.sort(key=lambda row: _released(shown[row]))
    return [*parts, *(row for row in shown if not own.records["part"][row])]


def _taste_terms(model: Recommender, movie: int, own: Related, taste: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what taste adds to each score: factors, and the lists that are counted anew each night."""
    ids, scores = model.neighbours(MovieId(movie))
    listed = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    near = np.array([max(listed.get(int(other), 0.0), 0.0) for other in own.records["movie"]])
    return np.asarray(CHOSEN.taste * taste + CHOSEN.listed * near)


def _hit(
    movie: Movie, other: Movie, own: Related, row: int, *, score: float, taste: float | None, excess: float
) -> Hit:
    """Return a result with its reason; `excess` is what taste adds to its score beyond the mean of the list."""
    record = own.records[row]
    terms = record["terms"].astype(np.float64)
    if record["part"]:
        relation = relations.of_series(movie, other, number=own.part, part=int(record["part"]))
    else:
        by_trait = {trait: float(terms[trait]) for trait in Trait}
        relation = relations.of(
            movie, other, terms=by_trait, topics=own.topics, taste=excess if taste is not None else 0.0
        )
    cosine, shown = round(float(record["meaning"]), 4), 0.0 if taste is None else round(taste, 4)
    return Hit(other, round(score, 4), Reason(similarity=cosine, taste=shown, relation=relation))


def _once(movie: Movie, rows: Iterable[int], shown: Mapping[int, Movie]) -> list[int]:
    """Return the rows without second records of one movie, which catalogues have: the same title and year."""
    seen = {_identity(movie)}
    kept = []
    for row in rows:
        identity = _identity(shown[row])
        if identity not in seen:
            seen.add(identity)
            kept.append(row)
    return kept


def _identity(movie: Movie) -> tuple[str, object]:
    return texts.fold(movie.title), movie.year or movie.id


def _released(movie: Movie) -> tuple[str, int, int]:
    return movie.release_date.isoformat() if movie.release_date else f"{movie.year or 9_999}", movie.year or 0, movie.id


def _knows(model: Recommender, movie: MovieId) -> bool:
    return bool(id_index.find(model.movies, np.array([movie], np.int64))[0] >= 0)


def _by_taste(model: Recommender, movie: MovieId, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the movies with the greatest cosines between factors, which the same users like."""
    place = int(np.searchsorted(model.movies, movie))
    lengths = np.linalg.norm(model.factors, axis=1)
    cosines = model.factors @ model.factors[place] / np.maximum(lengths * lengths[place], 1e-9)
    cosines[place] = -np.inf
    best = np.lexsort((model.movies, -cosines))[:size]
    return model.movies[best], cosines[best]
