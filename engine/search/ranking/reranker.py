"""The order of the best candidates of a description: a linear model over how each matches. Pure, one for both engines.

The first `TOP` movies by the fused score are ordered anew by `weights · (features − mean) / spread`. There are three
models: one for texts in which somebody recalls a movie, one for what people type, one for other descriptions.
Everything that a feature is compared with (the best of a field, a rank, the neighbours' scores) is taken from the
candidates without filters, so a movie scores the same whatever the filters are.
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
"""Movies that are ordered anew: of the movies meant by synopses, 99 of 100 rank so high by the fused score, of those
meant by posts 79."""
MAX_WORDS = 300
"""Words of a text that are looked at; the longest posts say all that they have to say before."""
FEW_WORDS = 30
"""Words of the longest text that the model for what people type ranks: of 61 memories of 11 to 30 words it has .75
first, the model for descriptions, learned from synopses, .69."""
MAX_YEARS = 15.0
"""Years outside the named span beyond which a movie is no farther away."""
RUNTIME = (60.0, 200.0)
"""Minutes within which running times are told apart."""
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

`…_best` is a field's BM25 as a share of the best among the candidates, `…_idf` and `coverage` as shares of the idf of
the words that any candidate has. The year of a movie is left out: a model would learn of which time the training
queries speak.
"""

TAG_FEATURES = ("tags_best", "tags_idf")
"""Those that are 0 for every movie of an index without tags."""

Features = NDArray[np.float64]
"""float64, (n, len(FEATURES))."""


@dataclass(frozen=True, slots=True)
class QueryFeatures:
    """What ranking knows of a query."""

    words: tuple[str, ...]
    """The folded words in the order of the text, those of recalling left out."""
    years: tuple[int, int] | None
    """First and last year that the text names."""
    post: bool
    """Whether somebody recalls a movie, or writes a paragraph: such texts have a model of their own."""
    short: bool = False
    """Whether the text is as people type it into a search box; a whole sentence is a synopsis."""

    @classmethod
    def of(cls, query: str, read: intent.Intent) -> QueryFeatures:
        """What ranking knows of a search text and its reading."""
        words = texts.words(query)
        told = [word for word in words if not (read.recalling and word in intent.RECALL_WORDS)]
        return cls(tuple(told[:MAX_WORDS]), read.years, read.post, is_short(query))


def is_short(query: str) -> bool:
    """Whether a text is one that people type into a search box: not long, and no sentence with a full stop."""
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
        """The score of each row of `features`, float64, (n,)."""
        return np.asarray(((features - self.mean) / self.spread) @ self.weights, np.float64)


@dataclass(frozen=True, slots=True)
class Ranker:
    """The models, and the encoder whose cosines they know."""

    encoder: str
    posts: Model
    description: Model
    short: Model | None = None
    """For texts of a few words; None where nothing was learned of them."""

    def model(self, asked: QueryFeatures) -> Model:
        """The model for a query."""
        if asked.post:
            return self.posts
        return self.short if asked.short and self.short is not None else self.description


@dataclass(frozen=True, slots=True)
class Scale:
    """What the features of a movie are compared with: the candidates without filters."""

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
        """The lowest fused score that is ordered anew."""
        return float(self.bases[max(0, len(self.bases) - TOP)])


def rerank(model: Model, asked: QueryFeatures, found: Scored, *, whole: Scored | None = None) -> Scores:
    """Score candidates anew, on the scale of their fused scores.

    Args:
        found: the candidates under the filters.
        whole: the candidates of the same query without filters, where there are any.

    Returns:
        float64, (n,); the fused scores themselves where the index holds no terms. A movie below the first `TOP` keeps
        its order below those that were scored anew.
    """
    whole = whole or found
    if not whole.candidates.terms or not found.candidates.terms:
        return found.fused.score
    scale, top, features = _prepared(asked, whole)
    anew = model.scores(features)
    fitted = _Fit.of(anew, whole.fused.score[top])
    if whole is found:
        rows = top
    else:
        rows = np.flatnonzero(found.fused.score >= scale.floor)
        anew = model.scores(_features(asked, found, rows, scale, _match(scale.terms, found, rows)))
    scores = fitted.lowest + found.fused.score - scale.floor
    scores[rows] = fitted(anew)
    return scores


def training_features(asked: QueryFeatures, found: Scored) -> tuple[NDArray[np.intp], Features]:
    """The positions of the first `TOP` candidates, best first, and their features."""
    _, top, features = _prepared(asked, found)
    return top, features


@dataclass(frozen=True, slots=True)
class _Fit:
    """Maps new scores to the mean and spread of the old ones, so that what is added to a score keeps its weight."""

    slope: float
    offset: float
    lowest: float

    @classmethod
    def of(cls, anew: Scores, before: Scores) -> _Fit:
        slope = float(before.std() / max(anew.std(), _SMALL))
        offset = float(before.mean() - slope * anew.mean())
        return cls(slope, offset, slope * float(anew.min()) + offset)

    def __call__(self, anew: Scores) -> Scores:
        return np.asarray(self.slope * anew + self.offset, np.float64)


def _prepared(asked: QueryFeatures, whole: Scored) -> tuple[Scale, NDArray[np.intp], Features]:
    terms = lexical_features.query_terms(asked.words)
    top = fusion.order(whole.fused.score, whole.candidates.ids)[:TOP]
    matches = _match(terms, whole, top)
    scale = _scale(asked, whole, terms, matches)
    return scale, top, _features(asked, whole, top, scale, matches)


def _match(terms: NDArray[np.uint32], found: Scored, rows: NDArray[np.intp]) -> lexical_features.Matches:
    return lexical_features.match(terms, [found.candidates.terms[row] for row in rows.tolist()])


def _scale(asked: QueryFeatures, whole: Scored, terms: NDArray[np.uint32], matches: lexical_features.Matches) -> Scale:
    candidates, base = whole.candidates, whole.fused.score
    return Scale(
        terms=terms,
        best=np.maximum(_by_field(matches).max(axis=0, initial=0.0), _SMALL),
        asked=max(matches.asked, _SMALL),
        cosines=np.sort(np.nan_to_num(candidates.cosine.astype(np.float64), nan=-1.0)),
        bases=np.sort(base),
        ids=candidates.ids,
        base_of=base,
        genres=named_genres.named(asked.words),
    )


def _by_field(matches: lexical_features.Matches) -> Scores:
    """BM25 of each of `_FIELDS`, then of the plot as a whole, float64, (n, n_fields + 1)."""
    return np.column_stack((matches.bm25[:, _FIELDS], matches.bm25[:, _PLOT].sum(axis=1)))


def _features(
    asked: QueryFeatures, found: Scored, rows: NDArray[np.intp], scale: Scale, matches: lexical_features.Matches
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
        fusion.year_bonus(candidates.year[rows], asked.years),
        _distance(candidates.year[rows], asked.years),
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
    """How many of `ascending` are greater than each value."""
    return (len(ascending) - np.searchsorted(ascending, values, side="right")).astype(np.float64)


def _distance(year: NDArray[np.int16], span: tuple[int, int] | None) -> Scores:
    """Years outside the span as a share of `MAX_YEARS`; 0 where no span is named."""
    if span is None:
        return np.zeros(len(year))
    known = year.astype(np.float64)
    return np.clip(np.maximum(span[0] - known, known - span[1]) / MAX_YEARS, 0.0, 1.0)


def _genres(candidates: Candidates, rows: NDArray[np.intp], wanted: frozenset[str]) -> tuple[Scores, Scores]:
    """How many of the named genres each movie has, and how many it lacks."""
    if not wanted:
        return np.zeros(len(rows)), np.zeros(len(rows))
    has = np.array([len(wanted & named_genres.folded(candidates.genres[row])) for row in rows.tolist()], np.float64)
    return has, len(wanted) - has


def _neighbours(candidates: Candidates, rows: NDArray[np.intp], scale: Scale) -> Scores:
    """Mean fused score of each movie's nearest movies; one that is no candidate counts as the last candidate."""
    last = float(scale.bases[0])
    near = candidates.neighbours[rows]
    if not near.size:
        return np.full(len(rows), last)
    at = np.searchsorted(scale.ids, near).clip(max=len(scale.ids) - 1)
    return np.asarray(np.where(scale.ids[at] == near, scale.base_of[at], last).mean(axis=1), np.float64)
