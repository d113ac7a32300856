"""Select the weights of description searches on the tuning half of every query set: `python -m benchmarks.tune`.

Needs a published index (`marquee index`) of the catalogue that the queries are about, and MARQUEE_DATA_DIR.
The other half is not used; `python -m benchmarks --only quality` reports it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import metrics, queries, workplace
from core.ports import Candidates
from core.types import QueryKind, SearchRequest
from engine import wiring
from engine.search import intent
from engine.search.encoders import encoder as encoders
from engine.search.ranking import fusion
from engine.search.search import Search

MEANING = (0.66, 0.70, 0.74, 0.78)
POPULARITY = (0.0, 0.06, 0.10, 0.14)
YEARS = (0.0, 0.05, 0.09, 0.14)
DEPTH = 10
SHOWN = 12


@dataclass(frozen=True, slots=True)
class ScoredQuery:
    """A query with its candidates, which are retrieved once and scored many times."""

    movie: int
    candidates: Candidates
    mean_cosine: float
    years: tuple[int, int] | None


def main() -> None:
    """Print the best weights and the recall of each set with them."""
    settings = workplace.settings_of_caller()
    assert settings.data_dir is not None
    search = Search(wiring.store(settings).open(), encoders.load(settings))
    asked = {name: list(ask(search, wanted)) for name, wanted in queries.load(settings.data_dir).items()}
    rows = sorted(((recalls(asked, weights), weights) for weights in grid()), key=lambda row: -float(np.mean(row[0])))
    print("| meaning | popularity | years | " + " | ".join(asked) + " | mean |")
    print("|---" * (len(asked) + 4) + "|")
    for values, weights in rows[:SHOWN]:
        chosen = f"{weights.meaning:.2f} | {weights.popularity:.2f} | {weights.years:.2f}"
        print(f"| {chosen} | " + " | ".join(f"{v:.3f}" for v in values) + f" | {np.mean(values):.4f} |")


def ask(search: Search, wanted: Sequence[queries.Wanted]) -> Iterator[ScoredQuery]:
    """Yield the candidates of the tuning half."""
    for one in metrics.halves(wanted)[0]:
        read = intent.read(one.query)
        question = search.question(SearchRequest(one.query), read)
        yield ScoredQuery(one.movie, search.index.candidates(question), search.mean_cosine(question.vector), read.years)


def grid() -> Iterator[fusion.Weights]:
    """Yield all combinations of the tried values."""
    now = fusion.WEIGHTS[QueryKind.DESCRIPTION]
    for meaning, popularity, years in itertools.product(MEANING, POPULARITY, YEARS):
        yield dataclasses.replace(now, meaning=meaning, words=1 - meaning, popularity=popularity, years=years)


def recalls(asked: Mapping[str, Sequence[ScoredQuery]], weights: fusion.Weights) -> list[float]:
    """Return recall@10 of each set."""
    return [metrics.recall([_rank(one, weights) for one in some], DEPTH) for some in asked.values()]


def _rank(one: ScoredQuery, weights: fusion.Weights) -> int | None:
    fused = fusion.fuse(one.candidates, weights=weights, mean_cosine=one.mean_cosine, years=one.years)
    order = fusion.order(fused.score, one.candidates.ids)
    place = np.flatnonzero(one.candidates.ids[order] == one.movie)
    return int(place[0]) + 1 if len(place) else None


if __name__ == "__main__":
    main()
