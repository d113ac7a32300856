"""Reranking of the best candidates for a description by a linear model, the same for both engines. Pure.

The top `TOP` movies by fused score are reranked by `weights · (features − mean) / spread`. There are three models: for
texts that recall a movie, for short texts, and for other descriptions. Everything that features are compared with (the
best match of a field, ranks, neighbours' scores) comes from the unfiltered candidates, so a movie's score does not
depend on the filters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core import texts
from core.ports import Candidates
from engine.search import intent, named_genres
from engine.search.ranking import fusion, lexical_features
from engine.search.ranking.fusion import Fused, Scores
from indexer.analysis.terms import Field

TOP = 300
"""Number of movies that are reranked: 99 % of the movies that synopses describe rank so high by the fused score, and
79 % of those that posts describe."""
MAX_WORDS = 300
"""Maximum number of words read; even the longest posts make their point before."""
FEW_WORDS = 30
"""Maximum length of texts ranked by the model for short texts: for 61 memories of 11 to 30 words, it ranks .75 of the
target movies first, and the model for descriptions, trained on synopses, .69."""
MAX_YEARS = 15.0
"""Maximum distance in years from the named span; greater distances count the same."""
RUNTIME = (60.0, 200.0)
"""Range in minutes to which runtimes are clipped."""
_SMALL = 1e-6
_FIELDS = (*(field for field in Field if field is not Field.NAMES),)
_PLOT = (Field.OVERVIEW, Field.TAGLINE, Field.CHARACTERS)

FEATURES = (
    "cosine",
    "cosine_rank",
    "text",
    *(f"{field.name.lower()}_best" for field in _FIELDS),
    "plot_best",
    *(f"{field.name.lower()}_idf" for field in _FIELDS),
    "text_idf",
    "coverage",
    "year_bonus",
    "year_distance",
    "popularity",
    "votes",
    "length",
    "runtime",
    "genres_present",
    "genres_missing",
    "names",
    "neighbours",
    "base",
    "base_rank",
)
"""The columns of a matrix of features.

`…_best` is a field's BM25 as a share of the best among the candidates; `…_idf` and `coverage` are shares of the idf of
the words that any candidate has. The year of a movie is not a feature: a model would learn the period of the training
queries.
"""

TAG_FEATURES = ("tags_best", "tags_idf")
"""Features that are 0 for all movies in an index without tags."""

Features = NDArray[np.float64]
"""float64, (n, len(FEATURES))."""


@dataclass(frozen=True, slots=True)
class QueryFeatures:
    """The features of a query that ranking uses."""

    words: tuple[str, ...]
    """The folded words in the order of the text, without words of recalling."""
    years: tuple[int, int] | None
    """First and last year named in the text."""
    post: bool
    """Whether the text recalls a movie or is a paragraph; such texts have their own model."""
    short: bool = False
    """Whether the text is a short one as typed into a search box; a full sentence is a synopsis."""

    @classmethod
    def of(cls, query: str, read: intent.Intent) -> QueryFeatures:
        """Return the features of a search text."""
        words = texts.words(query)
        kept = [word for word in words if not (read.recalling and word in intent.RECALL_WORDS)]
        return cls(tuple(kept[:MAX_WORDS]), read.years, read.post, is_short(query))


def is_short(query: str) -> bool:
    """Return whether a text looks typed into a search box: not long, and without a full stop at the end."""
    return len(texts.words(query)) <= FEW_WORDS and not query.rstrip().endswith(".")


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidates with their fused scores."""

    candidates: Candidates
    fused: Fused


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model; all arrays float64, (n_features,), in the order of `FEATURES`."""

    mean: Scores
    spread: Scores
    weights: Scores

    def scores(self, features: Features) -> Scores:
        """Return the score of each row of `features`, float64, (n,)."""
        return np.asarray(((features - self.mean) / self.spread) @ self.weights, np.float64)


@dataclass(frozen=True, slots=True)
class Ranker:
    """The models and the encoder they were trained for."""

    encoder: str
    posts: Model
    description: Model
    short: Model | None = None
    """The model for short texts; None if there is none."""

    def model(self, query: QueryFeatures) -> Model:
        """Return the model for a query."""
        if query.post:
            return self.posts
        return self.short if query.short and self.short is not None else self.description


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of features, from the unfiltered candidates."""

    terms: NDArray[np.uint32]
    best: Scores
    """Best BM25 of each field, then of the plot as a whole."""
    asked: float
    cosines: Scores
    """Ascending."""
    bases: Scores
    """Fused scores, ascending."""
    ids: NDArray[np.int64]
    """Ascending."""
    base_of: Scores
    """The fused score of each of `ids`."""
    genres: frozenset[str]

    @property
    def floor(self) -> float:
        """Return the lowest fused score that is reranked."""
        return float(self.bases[max(0, len(self.bases) - TOP)])


def rerank(model: Model, query: QueryFeatures, found: Scored, *, whole: Scored | None = None) -> Scores:
    """Return new scores of candidates, on the scale of their fused scores.

    Args:
        found: the candidates under the filters.
        whole: the candidates of the same query without filters, if it has filters.

    Returns:
        float64, (n,); the fused scores if the index has no terms. Movies below the top `TOP` keep their order below the
        reranked ones.
    """
    whole = whole or found
    if not whole.candidates.terms or not found.candidates.terms:
        return found.fused.score
    scale, top, features = _prepared(query, whole)
    rescored = model.scores(features)
    fitted = _Fit.of(rescored, whole.fused.score[top])
    if whole is found:
        rows = top
    else:
        rows = np.flatnonzero(found.fused.score >= scale.floor)
        rescored = model.scores(_features(query, found, rows, scale, _match(scale.terms, found, rows)))
    scores = fitted.lowest + found.fused.score - scale.floor
    scores[rows] = fitted(rescored)
    return scores


def training_features(query: QueryFeatures, found: Scored) -> tuple[NDArray[np.intp], Features]:
    """Return the positions of the top `TOP` candidates, best first, and their features."""
    _, top, features = _prepared(query, found)
    return top, features


@dataclass(frozen=True, slots=True)
class _Fit:
    """A map of new scores to the mean and spread of the old ones, so that later additions keep their weight."""

    slope: float
    offset: float
    lowest: float

    @classmethod
    def of(cls, new: Scores, old: Scores) -> _Fit:
        slope = float(old.std() / max(new.std(), _SMALL))
        offset = float(old.mean() - slope * new.mean())
        return cls(slope, offset, slope * float(new.min()) + offset)

    def __call__(self, new: Scores) -> Scores:
        return np.asarray(self.slope * new + self.offset, np.float64)


def _prepared(query: QueryFeatures, whole: Scored) -> tuple[Scale, NDArray[np.intp], Features]:
    terms = lexical_features.query_terms(query.words)
    top = fusion.order(whole.fused.score, whole.candidates.ids)[:TOP]
    matches = _match(terms, whole, top)
    scale = _scale(query, whole, terms, matches)
    return scale, top, _features(query, whole, top, scale, matches)


def _match(terms: NDArray[np.uint32], found: Scored, rows: NDArray[np.intp]) -> lexical_features.Matches:
    return lexical_features.match(terms, [found.candidates.terms[row] for row in rows.tolist()])


def _scale(query: QueryFeatures, whole: Scored, terms: NDArray[np.uint32], matches: lexical_features.Matches) -> Scale:
    candidates, base = whole.candidates, whole.fused.score
    return Scale(
        terms=terms,
        best=np.maximum(_by_field(matches).max(axis=0, initial=0.0), _SMALL),
        asked=max(matches.asked, _SMALL),
        cosines=np.sort(np.nan_to_num(candidates.cosine.astype(np.float64), nan=-1.0)),
        bases=np.sort(base),
        ids=candidates.ids,
        base_of=base,
        genres=named_genres.named(query.words),
    )


def _by_field(matches: lexical_features.Matches) -> Scores:
    """Return the BM25 of each of `_FIELDS`, then of the plot as a whole, float64, (n, n_fields + 1)."""
    return np.column_stack((matches.bm25[:, _FIELDS], matches.bm25[:, _PLOT].sum(axis=1)))


def _features(
    query: QueryFeatures, found: Scored, rows: NDArray[np.intp], scale: Scale, matches: lexical_features.Matches
) -> Features:
    candidates, base = found.candidates, found.fused.score[rows]
    by_field = _by_field(matches)
    columns = (
        found.fused.meaning[rows],
        np.log1p(_rank(scale.cosines, np.nan_to_num(candidates.cosine[rows].astype(np.float64), nan=-1.0))),
        found.fused.words[rows],
        by_field / scale.best,
        by_field[:, : len(_FIELDS)] / scale.asked,
        candidates.words[rows] / scale.asked,
        matches.matched / scale.asked,
        fusion.year_bonus(candidates.year[rows], query.years),
        _distance(candidates.year[rows], query.years),
        found.fused.popularity[rows],
        np.log1p(candidates.vote_count[rows]),
        np.log1p(matches.length),
        np.clip(candidates.runtime[rows], *RUNTIME) / RUNTIME[0],
        *_genres(candidates, rows, scale.genres),
        matches.names,
        _neighbours(candidates, rows, scale),
        base,
        np.log1p(_rank(scale.bases, base)),
    )
    return np.column_stack(columns)


def _rank(ascending: Scores, values: Scores) -> Scores:
    """Count how many of `ascending` are greater than each value."""
    return (len(ascending) - np.searchsorted(ascending, values, side="right")).astype(np.float64)


def _distance(year: NDArray[np.int16], span: tuple[int, int] | None) -> Scores:
    """Return the distance to the span as a share of `MAX_YEARS`; 0 if no span is named."""
    if span is None:
        return np.zeros(len(year))
    known = year.astype(np.float64)
    return np.clip(np.maximum(span[0] - known, known - span[1]) / MAX_YEARS, 0.0, 1.0)


def _genres(candidates: Candidates, rows: NDArray[np.intp], wanted: frozenset[str]) -> tuple[Scores, Scores]:
    """Count how many of the named genres each movie has and lacks."""
    if not wanted:
        return np.zeros(len(rows)), np.zeros(len(rows))
    has = np.array([len(wanted & named_genres.folded(candidates.genres[row])) for row in rows.tolist()], np.float64)
    return has, len(wanted) - has


def _neighbours(candidates: Candidates, rows: NDArray[np.intp], scale: Scale) -> Scores:
    """Return the mean fused score of each movie's nearest neighbours; non-candidates count as the last candidate."""
    last = float(scale.bases[0])
    near = candidates.neighbours[rows]
    if not near.size:
        return np.full(len(rows), last)
    at = np.searchsorted(scale.ids, near).clip(max=len(scale.ids) - 1)
    return np.asarray(np.where(scale.ids[at] == near, scale.base_of[at], last).mean(axis=1), np.float64)
