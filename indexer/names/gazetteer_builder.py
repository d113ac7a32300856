"""Makes the gazetteer of a catalogue: which names texts may mention, and how prominent each is. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core import texts
from core.recommendations import scores
from core.types import Movie
from indexer.names import series
from indexer.names.gazetteer import Gazetteer, NamedMovie, NamedPerson

MAX_MOVIES = 200_000
MAX_PEOPLE = 300_000
MAX_WORDS = 60_000
LEADS = 10
"""Billings that are kept of a movie: whom "the guy from" it can mean."""
MIN_EVERYDAY, EVERYDAY_SHARE = 3, 0.003
"""Movies, and share of the catalogue, whose plots have a word before it is an everyday one."""
MIN_COMMON = 2
"""Movies whose plots have a word in lower case before it is a common one."""
_WRITTEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
EVERYDAY = 3
"""Movies per movie of a series whose plots may have a word before it is too common to be the name of the series."""
MIN_PERSON_WEIGHT = 0.02
"""Prominence below which nobody is named in a wish: bit parts of little-known movies."""
MIN_WORD_MOVIES = 2
"""Movies that have a word before it counts as spelled correctly."""
MIN_ALIAS = 3
"""Movies in which a character must occur before the series is known by its name."""
NEWEST_SHARE = 0.001
"""Share of the catalogue that the newest year must have: a single announced movie does not make a year."""


def build(movies: Sequence[Movie]) -> Gazetteer:
    """The names of a catalogue."""
    known = sorted(movies, key=lambda movie: -_prominence(movie))[:MAX_MOVIES]
    found = series.find(known)
    parts = _parts(known, found)
    plots, every = _frequencies(movies)
    return Gazetteer(
        movies=tuple(_named(movie, found.get(movie.id, ""), parts.get(movie.id, 0)) for movie in known),
        people=_people(movies),
        genres=tuple(genre for genre, _ in Counter(g for movie in movies for g in movie.genres).most_common()),
        companies=_companies(movies),
        words=_words(movies, every),
        everyday=_everyday(plots, len(movies)),
        common=_common(movies),
        series_names=_series_names(known, found),
        series_aliases=_aliases(known, found, plots),
        newest_year=_newest_year(movies),
        vote_counts=_vote_counts(movies),
    )


def _named(movie: Movie, series_name: str, part: int) -> NamedMovie:
    cast = sorted(movie.cast, key=lambda member: member.order)[:LEADS]
    leads = tuple((member.name, member.gender, member.character) for member in cast)
    original = "" if movie.original_title == movie.title else movie.original_title
    weight = round(_prominence(movie), 4)
    translated = tuple(title for title in movie.titles if title not in (movie.title, movie.original_title))
    return NamedMovie(
        movie.id, movie.title, original, movie.year, weight, leads, movie.directors, series_name, part, movie.runtime,
        movie.writers, movie.composers, translated,
    )  # fmt: skip


def _prominence(movie: Movie) -> float:
    return float(scores.prominence(movie.vote_count, movie.popularity))


def _people(movies: Iterable[Movie]) -> dict[str, NamedPerson]:
    weights: dict[str, list[float]] = {}
    names: dict[str, str] = {}
    years: dict[str, list[int]] = defaultdict(list)
    for movie in movies:
        prominence = _prominence(movie)
        parts = [(member.name, 0, prominence / (1 + max(member.order, 0) / 2)) for member in movie.cast]
        parts += [(name, 1, prominence) for name in movie.directors]
        parts += [(name, 2, prominence / 2) for name in (*movie.writers, *movie.composers)]
        for name, part, weight in parts:
            key = texts.fold(name)
            if key:
                names.setdefault(key, name)
                years[key] += [movie.year] if movie.year else []
                weights.setdefault(key, [0.0, 0.0, 0.0])[part] += weight
    ranked = sorted(weights.items(), key=lambda entry: -sum(entry[1]))[:MAX_PEOPLE]
    return {key: _person(names[key], parts, years[key]) for key, parts in ranked if sum(parts) >= MIN_PERSON_WEIGHT}


def _person(name: str, parts: Sequence[float], years: Sequence[int]) -> NamedPerson:
    whole = sum(parts) or 1.0
    shares = round(parts[0] / whole, 3), round(parts[1] / whole, 3)
    return NamedPerson(name, round(sum(parts), 4), *shares, min(years, default=0), max(years, default=0))


def _companies(movies: Iterable[Movie]) -> dict[str, tuple[int, int, int]]:
    years: dict[str, list[int]] = defaultdict(list)
    for movie in movies:
        for name in {texts.fold(company) for company in movie.companies}:
            years[name].append(movie.year or 0)
    return {name: (len(own), min((year for year in own if year), default=0), max(own)) for name, own in years.items()}


def _series_names(movies: Sequence[Movie], found: Mapping[int, str]) -> dict[str, str]:
    return {name: series.display_name(name, movies, found) for name in dict.fromkeys(found.values())}


def _movies_of_series(movies: Iterable[Movie], found: Mapping[int, str]) -> dict[str, list[Movie]]:
    """The movies of each series, by its name."""
    groups: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        if movie.id in found:
            groups[found[movie.id]].append(movie)
    return groups


def _aliases(movies: Sequence[Movie], found: Mapping[int, str], plots: Mapping[str, int]) -> dict[str, str]:
    """Characters by whose names a series is known: `james bond`."""
    known: dict[str, tuple[int, str]] = {}
    for name, members in _movies_of_series(movies, found).items():
        own = (other for other in series.other_names(members) if plots.get(other, 0) <= EVERYDAY * len(members))
        known |= {other: (len(members), name) for other in own if other not in known}
        for character, count in series.characters(members).items():
            if count >= max(MIN_ALIAS, len(members) / 2) and count > known.get(character, (0, ""))[0]:
                known[character] = (count, name)
    return {character: name for character, (_, name) in known.items()}


def _parts(movies: Sequence[Movie], found: Mapping[int, str]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for name, members in _movies_of_series(movies, found).items():
        numbers |= series.parts(name, members)
    return numbers


def _frequencies(movies: Iterable[Movie]) -> tuple[Counter[str], Counter[str]]:
    """In how many plots each word stands, and in the texts of how many movies."""
    plots: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for movie in movies:
        told = set(texts.words(movie.overview))
        plots.update(told)
        every.update(told.union(texts.words(f"{movie.tagline}\n{' '.join(movie.keywords)}")))
    return plots, every


def _words(movies: Iterable[Movie], frequencies: Counter[str]) -> frozenset[str]:
    names: set[str] = set()
    for movie in movies:
        leads = sorted(movie.cast, key=lambda member: member.order)[:LEADS]
        names.update(texts.words("\n".join((*movie.titles, *movie.companies, *(one.character for one in leads)))))
    frequent = [word for word, count in frequencies.most_common(MAX_WORDS) if count >= MIN_WORD_MOVIES]
    return frozenset((*frequent, *sorted(names)[: 2 * MAX_WORDS]))


def _everyday(plots: Mapping[str, int], movies: int) -> frozenset[str]:
    least = max(MIN_EVERYDAY, EVERYDAY_SHARE * movies)
    return frozenset(word for word, count in plots.items() if count >= least)


def _common(movies: Iterable[Movie]) -> frozenset[str]:
    """Words that plots write in lower case, which names are not."""
    found: Counter[str] = Counter()
    for movie in movies:
        small = {word for word in _WRITTEN.findall(movie.overview) if word.islower()}
        found.update({folded for word in small for folded in texts.words(word)})
    return frozenset(word for word, count in found.items() if count >= MIN_COMMON)


def _newest_year(movies: Sequence[Movie]) -> int:
    counts = Counter(movie.year for movie in movies if movie.year)
    enough = [year for year, count in counts.items() if count >= NEWEST_SHARE * len(movies)]
    return max(enough, default=max(counts, default=0))


def _vote_counts(movies: Iterable[Movie]) -> tuple[int, ...]:
    counts = [movie.vote_count for movie in movies if movie.vote_count]
    return tuple(int(value) for value in np.quantile(counts, np.linspace(0, 1, 11))) if counts else ()
