"""Searches for titles and people, and suggestions for the beginnings of titles."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import TypeVar

from benchmarks import workplace
from core import texts
from core.config import Settings
from core.types import Movie, SearchRequest
from data.catalogues import sources
from engine import wiring
from engine.search.encoders import encoder as encoders
from engine.services import Searching

TITLES, PEOPLE = 300, 100
FIRST = 10
SUGGESTIONS = 8
MIN_MOVIES = 5
"""The minimum number of movies of a person: people search for a name to see a filmography."""
BILLED = 5
"""The number of first-billed actors of a movie that count."""
TYPED = 0.6
"""The share of a title that is typed before suggestions are checked."""
MIN_TYPED = 3
MIN_TYPED_FOR_TYPO = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Item = TypeVar("Item")


def measure(engines: Mapping[str, Settings]) -> dict[str, dict[str, float]]:
    """Return the share of right answers by engine."""
    settings = next(iter(engines.values()))
    movies = sources.load(settings).movies
    encoder = encoders.load(settings)
    found = {}
    for name, own in engines.items():
        search = wiring.build(own, encoder=encoder).search
        found[name] = workplace.timed(f"names, {name}", ask, search, movies)
    return found


def ask(search: Searching, movies: Sequence[Movie]) -> dict[str, float]:
    """Return the share of right answers for titles, people and partly typed titles."""
    asked = spread(sorted(movies, key=lambda movie: movie.id), TITLES)
    people = spread(sorted(filmographies(movies).items()), PEOPLE)
    return {
        "title_first": _share(asked, lambda movie: _is_first(search, movie)),
        "person_first_10": round(fmean(_share_of_person(search, name, count) for name, count in people), 3),
        "prefix_suggested": _share(asked, lambda movie: _is_suggested(search, typed(movie.title), movie)),
        "typo_suggested": _share(
            [movie for movie in asked if len(typed(movie.title)) >= MIN_TYPED_FOR_TYPO],
            lambda movie: _is_suggested(search, with_typo(typed(movie.title)), movie),
        ),
    }


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """Return `count` items at even distances, starting with the first."""
    if len(items) <= count:
        return list(items)
    return [items[place * len(items) // count] for place in range(count)]


def filmographies(movies: Sequence[Movie]) -> dict[str, int]:
    """Return directors and first-billed actors of at least `MIN_MOVIES` movies, with their number of movies."""
    known: defaultdict[str, int] = defaultdict(int)
    named: defaultdict[str, int] = defaultdict(int)
    for movie in movies:
        for name in {*movie.directors, *(member.name for member in movie.cast[:BILLED])}:
            known[name] += 1
        for name in movie.people:
            named[name] += 1
    return {name: named[name] for name, count in known.items() if count >= MIN_MOVIES}


def typed(title: str) -> str:
    """Return the typed part of a title."""
    return title.lower()[: max(MIN_TYPED, round(TYPED * len(title)))]


def with_typo(text: str) -> str:
    """Return `text` with one wrong letter after the first, reproducibly."""
    dice = random.Random(text)  # noqa: S311 - a typo needs no cryptography
    place = dice.choice([at for at, letter in enumerate(text) if at and letter.isalnum()] or [len(text) - 1])
    return text[:place] + dice.choice(LETTERS.replace(text[place], "")) + text[place + 1 :]


def _share(movies: Sequence[Movie], right: Callable[[Movie], bool]) -> float:
    return round(fmean(right(movie) for movie in movies), 3)


def _is_first(search: Searching, movie: Movie) -> bool:
    """Movies with the same title count as right: the title does not distinguish them."""
    hits = search.run(SearchRequest(movie.title.lower(), size=1)).hits
    return bool(hits) and texts.fold(hits[0].movie.title) == texts.fold(movie.title)


def _share_of_person(search: Searching, name: str, count: int) -> float:
    hits = search.run(SearchRequest(name.lower(), size=FIRST)).hits
    return sum(name in hit.movie.people for hit in hits) / min(FIRST, count)


def _is_suggested(search: Searching, text: str, movie: Movie) -> bool:
    found = search.suggest(text, limit=SUGGESTIONS)
    return any(line.id == movie.id or texts.fold(line.text) == texts.fold(movie.title) for line in found)
