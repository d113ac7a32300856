"""`python -m benchmarks similar`: measure similar movies of the published index and model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import workplace
from benchmarks.markdown import table
from benchmarks.similar import measure, pairs, tuning
from benchmarks.similar.measure import Rankers
from core.types import Movie, MovieId
from data.catalogues import sources
from engine import wiring
from engine.catalogue.movies import Movies
from engine.recommender.similarity.similar_movies import Similar
from webapp.movies import serializers

FILE = Path(__file__).parents[1] / "results" / "similar.json"
SHOWN = 8
"""Movies shown of each list."""
KNOWN = (
    "The Matrix", "Titanic", "The Godfather", "Toy Story", "Alien", "Pulp Fiction", "Amélie", "Spirited Away", "Se7en",
    "The Shawshank Redemption", "Inception", "The Dark Knight", "Star Wars", "Jurassic Park", "Back to the Future",
    "The Silence of the Lambs", "Forrest Gump", "Fight Club", "Saving Private Ryan", "Finding Nemo", "Die Hard",
    "The Shining", "Groundhog Day", "When Harry Met Sally...", "The Lord of the Rings: The Fellowship of the Ring",
    "Casablanca", "2001: A Space Odyssey", "Raiders of the Lost Ark", "Before Sunrise", "Notting Hill",
)  # fmt: skip
"""Movies of which everybody has an opinion what is like them."""


def main(arguments: Sequence[str]) -> None:
    """Measure, print the tables and store the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks similar", description=pairs.__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="the file of judged pairs")
    parser.add_argument("--tune", type=int, metavar="DRAWS", help="try random weights on the tuning half instead")
    asked = parser.parse_args(arguments)
    settings = workplace.settings_of_caller()
    movies = sources.load(settings).movies
    judged = pairs.read(asked.pairs, movies)
    index, model = wiring.store(settings).open(), wiring.models(settings).load().model
    if asked.tune:
        vectors = index.vectors([movie.id for movie in movies])
        for value, weights, figures in tuning.tune(movies, vectors, judged, model, draws=asked.tune):
            print(f"{value:.3f} {weights} {_rounded(figures)}")
        return
    rankers = Rankers(index, model)
    reported = [one for one in judged if not one.tuning]
    found = {
        "catalogue": index.info().catalogue,
        "movies": len(reported),
        "pairs": int(np.sum([len(one.alike) + len(one.unlike) for one in reported])),
        "lists": {name: _rounded(own) for name, own in measure.compare(rankers, reported).items()},
        "known": _known(rankers, movies),
    }
    FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(tables(found))


def tables(found: Mapping[str, Any]) -> str:
    """Return the results as Markdown."""
    head = ["list of twelve", "judged alike", "judged unlike", "series", "nearest plots", "prominence"]
    rows = [[name, *(f"{value:.3f}" for value in own.values())] for name, own in found["lists"].items()]
    known = [[title, ", ".join(own["before"]), "; ".join(own["after"])] for title, own in found["known"].items()]
    place = (
        f"{found['catalogue']}: {found['pairs']:,} judgements about {found['movies']} movies of the half that no "
        "weight was chosen on."
    )
    return "\n\n".join([place, table(head, rows), table(["movie", "before", "after, with the reason"], known)])


def _known(rankers: Rankers, movies: Sequence[Movie]) -> dict[str, dict[str, list[str]]]:
    similar = Similar(rankers.index, Movies(rankers.index))
    found = {}
    for title in KNOWN:
        movie = max((one for one in movies if one.title == title), key=lambda one: one.vote_count, default=None)
        if movie is not None:
            before = rankers.index.movies([MovieId(int(one)) for one in rankers.model.neighbours(movie.id)[0][:SHOWN]])
            after = similar.to(movie.id, model=rankers.model, by="both", size=measure.SIZE).hits[:SHOWN]
            reasons = [serializers.why(hit.reason).sentence for hit in after]
            named = [f"{hit.movie.title} ({why})" for hit, why in zip(after, reasons, strict=True)]
            found[title] = {"before": [one.title for one in before], "after": named}
    return found


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
