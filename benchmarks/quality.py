"""Whether the intended movie is found: the product, searched with the clean queries of every set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import metrics, queries, workplace
from benchmarks.queries import Wanted
from core.config import Settings
from core.types import MAX_PAGE_SIZE, MAX_RANK, Mode, SearchRequest
from engine import wiring
from engine.search.encoders import encoder as encoders
from engine.services import Searching

DEPTHS = (1, 10, 100)
FIRST_PAGE = 10
"""The size of the first page: most movies are on it, and few hits take less time than a hundred."""
MODES = (Mode.WORDS, Mode.MEANING, Mode.HYBRID)

# Recall@10 of baselines on the same queries, from the README of the test data: stemmed BM25; cosine of one text per
# movie; cosine of the summed vector; summed vector + BM25 + votes. They have no cutoff: every movie has a rank.
BASELINES = {
    "netflix": {"bm25": 0.860, "one_text": 0.772, "summed": 0.873, "blend": 0.934},
    "disney_plus": {"bm25": 0.838, "one_text": 0.824, "summed": 0.858, "blend": 0.899},
    "imdb_2006_2016": {"bm25": 0.896, "one_text": 0.832, "summed": 0.877, "blend": 0.943},
    "reddit_tomt": {"bm25": 0.211, "one_text": 0.261, "summed": 0.289, "blend": 0.355},
}
TARGETS: Mapping[str, Mapping[str, float]] = {
    "hybrid": {"netflix": 0.93, "disney_plus": 0.895, "imdb_2006_2016": 0.94, "reddit_tomt": 0.35},
    "meaning": {"netflix": 0.87, "disney_plus": 0.855, "imdb_2006_2016": 0.875, "reddit_tomt": 0.285},
}
"""The required recall@10."""

Figures = dict[str, Any]


def measure(engines: Mapping[str, Settings]) -> Figures:
    """Return recall and MRR by engine, set and mode; every engine gets the same words and vectors."""
    settings = next(iter(engines.values()))
    assert settings.data_dir is not None
    sets = queries.load(settings.data_dir)
    parts = workplace.timed("quality", workplace.in_parallel, ranks, [(engines, half) for half in _split(sets)])
    return {
        engine: {
            name: {mode: figures(merge(*(part[engine][name][mode] for part in parts))) for mode in map(str, MODES)}
            for name in sets
        }
        for engine in engines
    }


def ranks(engines: Mapping[str, Settings], sets: Mapping[str, Sequence[Wanted]]) -> dict[str, Any]:
    """Return the ranks by engine, set and mode; the encoder caches texts across modes and engines."""
    encoder = encoders.load(next(iter(engines.values())))
    found: dict[str, Any] = {}
    for engine, settings in engines.items():
        search = wiring.build(settings, encoder=encoder).search
        found[engine] = {
            name: {str(mode): [rank(search, one, mode) for one in wanted] for mode in MODES}
            for name, wanted in sets.items()
        }
    return found


def figures(ranks: metrics.Ranks) -> Figures:
    """Return all figures of a set in a mode, over all queries and over each half."""
    tuning, reporting = metrics.halves(ranks)
    whole = {"all": ranks, "tuning": tuning, "reporting": reporting}
    low, high = metrics.interval(ranks, 10)
    return {
        "queries": len(ranks),
        **{name: _shares(part) for name, part in whole.items()},
        "recall@10_interval": [round(low, 3), round(high, 3)],
    }


def merge(even: metrics.Ranks, odd: metrics.Ranks) -> list[int | None]:
    """Undo `metrics.halves`."""
    return [(odd if place % 2 else even)[place // 2] for place in range(len(even) + len(odd))]


def rank(search: Searching, wanted: Wanted, mode: Mode) -> int | None:
    """Return the rank of the intended movie in the results that can be paged through, or None."""
    if place := _place(search, wanted, SearchRequest(wanted.query, mode=mode, size=FIRST_PAGE)):
        return max(place, 0) or None
    for page in range(1, MAX_RANK // MAX_PAGE_SIZE + 1):
        if place := _place(search, wanted, SearchRequest(wanted.query, mode=mode, page=page, size=MAX_PAGE_SIZE)):
            return max(place, 0) or None
    return None


def _place(search: Searching, wanted: Wanted, request: SearchRequest) -> int:
    """Return the rank of the movie on the page; 0 if it may be on a later page, -1 if the results end without it."""
    found = search.run(request)
    ids = [int(hit.movie.id) for hit in found.hits]
    if wanted.movie in ids:
        return request.offset + ids.index(wanted.movie) + 1
    return 0 if found.total > request.offset + request.size else -1


def _split(sets: Mapping[str, Sequence[Wanted]]) -> list[dict[str, list[Wanted]]]:
    """Return two parts of similar size, one for each of two processes."""
    split = {name: metrics.halves(wanted) for name, wanted in sets.items()}
    return [{name: pair[part] for name, pair in split.items()} for part in (0, 1)]


def _shares(ranks: metrics.Ranks) -> dict[str, float]:
    shares = {f"recall@{depth}": round(metrics.recall(ranks, depth), 4) for depth in DEPTHS}
    return {**shares, "mrr": round(metrics.mrr(ranks), 4)}
