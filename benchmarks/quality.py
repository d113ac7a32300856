"""Whether the film that was meant is found: the product itself, asked the clean queries of every set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import metrics, queries, workplace
from benchmarks.queries import Wanted
from core.config import Settings
from core.ports import Encoder
from core.types import MAX_PAGE_SIZE, MAX_RANK, Mode, SearchRequest
from engine import wiring
from engine.search import encoder as encoders
from engine.services import Searching

DEPTHS = (1, 10, 100)
MODES = (Mode.WORDS, Mode.MEANING, Mode.HYBRID)

# Baselines of the data's README on the same queries, recall@10: stemmed BM25; cosine of one text a film; cosine of the
# summed vector; summed vector + BM25 + votes. There nothing is cut off and every film has a rank.
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
"""Recall@10 that is wanted at least."""

Figures = dict[str, Any]


def measure(engines: Mapping[str, Settings]) -> Figures:
    """Recall and MRR by engine, set and mode; every engine is asked in the same words with the same vectors."""
    settings = next(iter(engines.values()))
    assert settings.data_dir is not None
    sets = queries.load(settings.data_dir)
    encoder = encoders.load(settings)
    return {name: workplace.told(f"quality, {name}", _engine, own, encoder, sets) for name, own in engines.items()}


def figures(ranks: metrics.Ranks) -> Figures:
    """All figures of one set in one mode: over all queries and over each half."""
    tuning, reporting = metrics.halves(ranks)
    whole = {"all": ranks, "tuning": tuning, "reporting": reporting}
    low, high = metrics.interval(ranks, 10)
    return {
        "queries": len(ranks),
        **{name: _shares(part) for name, part in whole.items()},
        "recall@10_interval": [round(low, 3), round(high, 3)],
    }


def rank(search: Searching, wanted: Wanted, mode: Mode) -> int | None:
    """The rank of the film that was meant in what a reader can page through, None where it is not there."""
    for page in range(1, MAX_RANK // MAX_PAGE_SIZE + 1):
        found = search.run(SearchRequest(wanted.query, mode=mode, page=page, size=MAX_PAGE_SIZE))
        ids = [int(hit.movie.id) for hit in found.hits]
        if wanted.film in ids:
            return found.request.offset + ids.index(wanted.film) + 1
        if found.total <= page * MAX_PAGE_SIZE:
            break
    return None


def _engine(settings: Settings, encoder: Encoder, sets: Mapping[str, Sequence[Wanted]]) -> Figures:
    search = wiring.build(settings, encoder=encoder).search
    return {
        name: {str(mode): figures([rank(search, one, mode) for one in wanted]) for mode in MODES}
        for name, wanted in sets.items()
    }


def _shares(ranks: metrics.Ranks) -> dict[str, float]:
    shares = {f"recall@{depth}": round(metrics.recall(ranks, depth), 4) for depth in DEPTHS}
    return {**shares, "mrr": round(metrics.mrr(ranks), 4)}
