"""The width of the band in which taste moves search results, measured on held-out ratings.

Each clean query is about one movie. Users who rated that movie in the held-out part search for it, with a model that
does not know that rating. For those who liked it (4 stars or better) it should rise; for those who did not (2.5 or
worse) it should not fall far, because they searched for it anyway. The band is selected on one half of the queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import metrics, queries
from benchmarks.queries import Wanted
from benchmarks.taste import compare
from benchmarks.taste.datasets import Dataset
from core.config import Settings
from core.ports import Candidates
from core.recommendations.records import History
from core.types import Mode, SearchRequest
from core.users import LIKED_STARS
from engine import wiring
from engine.recommender import id_index
from engine.recommender.model import Recommender
from engine.search import intent, snippets
from engine.search.ranking import cutoff, fusion, personalization
from engine.search.search import Search
from engine.training.evaluation import splits
from engine.training.fit.local_fit import FitConfig

BANDS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
SEARCHERS = 6
"""The number of users of each kind who search for a movie."""
DISLIKED = 2.5
SEED = 11


@dataclass(frozen=True, slots=True)
class Found:
    """The results of a query before taste: the candidates that pass the cutoff."""

    ids: NDArray[np.int64]
    match: NDArray[np.int8]
    score: NDArray[np.float64]


def measure(settings: Settings, data: Dataset) -> dict[str, Any]:
    """Return MRR and recall@10 of the intended movie by band, for users who like it and users who do not."""
    assert settings.data_dir is not None
    split = splits.by_user(data.interactions, seed=SEED)
    model = compare.served(split, data.world, settings, FitConfig())
    search = wiring.build(settings).search
    assert isinstance(search, Search)
    histories = dict(enumerate(split.train.histories()))
    found: dict[str, Any] = {"bands": list(BANDS), "served": settings.search_taste}
    halves = metrics.halves([wanted for group in queries.load(settings.data_dir).values() for wanted in group])
    rng = np.random.default_rng(SEED)
    for name, part in zip(("tuning", "reporting"), halves, strict=True):
        found[name] = _half(part, search, _Held(model, split, histories, rng))
    return found


@dataclass(frozen=True)
class _Held:
    """A model with the ratings that were held out from it."""

    model: Recommender
    split: splits.Split
    histories: dict[int, History]
    rng: np.random.Generator


def _half(part: Sequence[Wanted], search: Search, held: _Held) -> dict[str, Any]:
    ranks: dict[str, list[list[int | None]]] = {"liked": [], "disliked": []}
    for wanted in part:
        raters = np.flatnonzero(held.split.test.movies == wanted.movie)
        if not len(raters):
            continue
        results = candidates(search, wanted.query)
        stars = held.split.test.stars[raters]
        for kind, rows in (("liked", raters[stars >= LIKED_STARS]), ("disliked", raters[stars <= DISLIKED])):
            for row in held.rng.permutation(rows)[:SEARCHERS]:
                history = held.histories[int(held.split.test.users[row])]
                if len(history):
                    ranks[kind].append(_ranks(results, held.model, history, wanted.movie))
    return {kind: _figures(found) for kind, found in ranks.items()}


def candidates(search: Search, query: str) -> Found:
    """Return the scored results of a search after the cutoff, before taste."""
    request, read = SearchRequest(query), intent.read(query)
    question = search.question(request, read)
    found: Candidates = search.index.candidates(question)
    fused = fusion.fuse(
        found,
        weights=fusion.WEIGHTS[fusion.kind_of(found)],
        mode=Mode.HYBRID,
        mean_cosine=search.mean_cosine(question.vector),
        years=read.years,
    )
    floors = cutoff.Floors.of(
        cosine=search.relevance_floor, asked=len(snippets.content_words(read.words)), movies=search.index.info().count
    )
    kept = cutoff.relevant(found, meaning=fused.meaning, floors=floors, mode=Mode.HYBRID)
    return Found(found.ids[kept], found.match[kept], fused.score[kept])


def _ranks(found: Found, model: Recommender, history: History, movie: int) -> list[int | None]:
    """Return the rank of the movie for each band, or None if the search does not find it."""
    there = np.flatnonzero(found.ids == movie)
    if not len(there):
        return [None] * len(BANDS)
    total = model.blend(history).total
    ranked = np.sort(total)
    at = id_index.find(model.movies, found.ids)
    affinity = np.where(at >= 0, 2 * np.searchsorted(ranked, total[at]) / max(len(ranked) - 1, 1) - 1, 0.0)
    ranks: list[int | None] = []
    for band in BANDS:
        score = personalization.lift(found.score, match=found.match, affinity=affinity, band=band).score
        order = fusion.order(score, found.ids)
        ranks.append(int(np.flatnonzero(order == there[0])[0]) + 1)
    return ranks


def _figures(ranks: Sequence[Sequence[int | None]]) -> dict[str, Any]:
    columns = [[row[place] for row in ranks] for place in range(len(BANDS))]
    return {
        "searches": len(ranks),
        "mrr": [round(metrics.mrr(column), 4) for column in columns],
        "recall@10": [round(metrics.recall(column, 10), 4) for column in columns],
        "first": [round(metrics.recall(column, 1), 4) for column in columns],
    }
