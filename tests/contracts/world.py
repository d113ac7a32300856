"""A small world with known answers: movies from a fixed seed, and straightforward reference implementations."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

import numpy as np
import Stemmer
from numpy.typing import NDArray

from core import texts
from core.ports import Entry, IndexInfo, Vectors
from core.recommendations import scores as core_scores
from core.types import CastMember, Clause, Filters, Movie, MovieId, Sort, Trait
from indexer import build, documents, schema
from indexer.analysis import terms
from indexer.vectors import neighbours

DIMENSION = 24
SEED = 20_240_229
INVENTED = 140

WORDS = (
    "memory killer wife tattoo island shark robot dream ghost painter violin harvest voyage mirror winter soldier "
    "orphan detective hunting hunted hunter running lovely forgotten castle dragon submarine astronaut desert train "
    "letter garden"
).split()
GENRES = ("Drama", "Comedy", "Science Fiction", "Thriller", "Romance")
LANGUAGES = ("en", "fr", "ja", "")
PEOPLE = ("Ada Quill", "Bruno Stahl", "Chloë Sévigné", "Dmitri O'Hara", "Emi Sato", "Farid Karam", "Greta Lindqvist")

COUNTRIES = ("France", "Côte d'Ivoire", "United States of America")
COMPANIES = ("Little Light", "Åker & Sons", "Studio Nord")
COLLECTIONS = ("", "", "The Island Collection")
MOODS = ("cozy", "Feel-good", "mind-bending")

KNOWN = (
    Movie(
        MovieId(1), "The Matrix", year=1999, release_date=date(1999, 3, 30), overview="A hacker learns what is real.",
        genres=("Science Fiction", "Action"), cast=(CastMember("Keanu Reeves", "Neo", 0),), language="en", runtime=136,
        vote_count=9_000, vote_average=7.9, popularity=104.0,
    ),
    Movie(
        MovieId(2), "Amélie", "Le Fabuleux Destin d'Amélie Poulain", year=2001, release_date=date(2001, 4, 25),
        overview="A waitress in Paris secretly mends the lives of others.", genres=("Comedy", "Romance"), language="fr",
        cast=(CastMember("Audrey Tautou", "Amélie Poulain", 0),), directors=("Jean-Pierre Jeunet",), runtime=122,
        vote_count=3_300, vote_average=7.8, popularity=73.0,
    ),
    Movie(
        MovieId(3), "WALL·E", year=2008, release_date=date(2008, 6, 22), overview="The last robot falls in love.",
        genres=("Animation", "Science Fiction"), language="en", runtime=98, vote_count=6_300, vote_average=7.8,
        popularity=66.0,
    ),
    Movie(
        MovieId(4), "Schindler's List", year=1993, release_date=date(1993, 11, 29), language="en",
        genres=("Drama", "History"), overview="A businessman saves more than a thousand lives.",
        directors=("Steven Spielberg",), runtime=195, vote_count=4_300, vote_average=8.3, popularity=104.0,
    ),
    Movie(
        MovieId(5), "It", year=1990, release_date=date(1990, 11, 18), overview="Seven children and a clown.",
        genres=("Horror",), language="en", runtime=192, vote_count=600, vote_average=6.8, popularity=21.0,
    ),
    Movie(MovieId(6), "Untitled", overview="Nobody knows anything of it."),
    Movie(
        MovieId(7), "Matrimony", year=2005, overview="A wedding.", genres=("Comedy",), language="en", vote_count=12,
        vote_average=5.5, popularity=1.5, directors=("Keanu Rivers",),
    ),
)  # fmt: skip


@cache
def movies() -> tuple[Movie, ...]:
    """Return the movies of the world: some with known names, and generated ones with gaps and ties."""
    rng = np.random.default_rng(SEED)
    invented = tuple(_invent(rng, MovieId(int(movie))) for movie in rng.permutation(np.arange(100, 100 + INVENTED)))
    return (*invented[: INVENTED // 2], *KNOWN, *invented[INVENTED // 2 :])


@cache
def vectors() -> Vectors:
    """Return float32, (n_movies, DIMENSION), unit rows, in the order of `movies`."""
    rows = np.random.default_rng(SEED + 1).normal(size=(len(movies()), DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


ORIGIN = build.Origin(
    encoder="toy@1", recipe="whole-1", catalogue="A small world", catalogue_hash="abc", notice="Invented.",
    moods=MOODS, moods_hash="def",
)  # fmt: skip


def info(version: str, count: int | None = None) -> IndexInfo:
    """Return the metadata of an index of the world."""
    return IndexInfo(
        version=version, count=len(movies()) if count is None else count, dimension=DIMENSION, encoder="toy@1",
        recipe="whole-1", schema=schema.REVISION, catalogue="A small world", catalogue_hash="abc",
        built_at="2026-01-01T00:00:00+00:00", centroid=tuple(vectors().mean(axis=0, dtype=np.float64).tolist()),
        moods=MOODS, moods_hash="def",
    )  # fmt: skip


def entries(count: int | None = None) -> list[Entry]:
    """Return the movies with their vectors."""
    rows = zip(movies()[:count], vectors(), weighed(), near(), strict=False)
    return [Entry(movie, vector, moods(movie), own, tuple(ids)) for movie, vector, own, ids in rows]


@cache
def weighed() -> list[bytes]:
    """Return the weighted terms of each movie."""
    counted = [terms.count(movie) for movie in movies()]
    weighing = terms.Weighing.of(counted)
    return [weighing.weigh(counts) + terms.positions(movie) for counts, movie in zip(counted, movies(), strict=True)]


@cache
def near() -> list[list[int]]:
    """Return the nearest movies of each movie; the last has none, the one before fewer than the others."""
    ids = np.array([movie.id for movie in movies()], np.int64)
    found: list[list[int]] = neighbours.nearest(vectors(), ids).tolist()
    return [*found[:-2], found[-2][:3], []]


@cache
def moods(movie: Movie) -> dict[str, float]:
    """Return the moods of a movie, with few distinct scores, so that ties are common; many movies have none."""
    rng = np.random.default_rng(movie.id)
    scores = rng.choice([0.0, 0.0, 0.25, 0.5, 1.0], size=len(MOODS)).tolist()
    return {mood: score for mood, score in zip(MOODS, scores, strict=True) if score}


def merit(movie: Movie, order: Sequence[tuple[str, float]]) -> float:
    """Return the weighted sum of an order."""
    columns = {
        "rating": _mean(movie) / 10,
        "prominence": float(core_scores.prominence(movie.vote_count, movie.popularity)),
        **{f"mood:{mood}": score for mood, score in moods(movie).items()},
    }
    return sum(weight * columns.get(name, 0.0) for name, weight in order)


def meets(movie: Movie, filters: Filters) -> bool:
    """Whether a movie meets every filter, checked one by one."""
    own = {genre.casefold() for genre in movie.genres}
    wanted = [genre.casefold() in own for genre in filters.genres]
    return (
        (not wanted or (all(wanted) if filters.all_genres else any(wanted)))
        and (not filters.person or texts.fold(filters.person) in {texts.fold(name) for name in movie.people})
        and (not filters.language or movie.language == filters.language)
        and _within(movie.year, filters.year_from, filters.year_to)
        and _within(movie.runtime, filters.runtime_min, filters.runtime_max)
        and _within(movie.vote_count, filters.votes_min, filters.votes_max)
        and _within(movie.vote_average, filters.rating_min, filters.rating_max)
        and all(mood in moods(movie) for mood in filters.moods)
        and all(_has(movie, clause) is clause.wanted for clause in filters.clauses)
    )


def _has(movie: Movie, clause: Clause) -> bool:
    """Whether a movie has any of a clause's values."""
    if clause.trait is Trait.YEARS:
        bounds = (value.split("-") for value in clause.values)
        return movie.year is not None and any(
            int(first or 0) <= movie.year <= int(last or 9_999) for first, last in bounds
        )
    if clause.trait is Trait.PHRASE:
        names = (*movie.keywords, *movie.people, *(member.character for member in movie.cast))
        told = (movie.title, movie.original_title, movie.tagline, movie.overview, *names)
        said = [" ".join(texts.words(phrase)) for phrase in clause.values]
        return any(f" {one} " in f" {' '.join(texts.words(text))} " for one in said if one for text in told)
    own: dict[Trait, Sequence[str]] = {
        Trait.GENRE: movie.genres, Trait.LANGUAGE: (movie.language,), Trait.COUNTRY: movie.countries,
        Trait.PERSON: movie.people, Trait.ACTOR: [member.name for member in movie.cast],
        Trait.DIRECTOR: movie.directors, Trait.COMPANY: movie.companies, Trait.KEYWORD: movie.keywords,
        Trait.COLLECTION: (movie.collection,), Trait.MOOD: list(moods(movie)), Trait.MOVIE: (str(movie.id),),
    }  # fmt: skip
    return bool({texts.fold(value) for value in own[clause.trait]} & set(map(texts.fold, clause.values)) - {""})


def ordered(movies: Sequence[Movie], sort: Sort) -> list[MovieId]:
    """Return the ids of `movies` in the order of `sort`."""
    keys: dict[Sort, Callable[[Movie], tuple[float, ...]]] = {
        Sort.RELEVANCE: lambda movie: (-movie.popularity, movie.id),
        Sort.POPULARITY: lambda movie: (-movie.popularity, movie.id),
        Sort.RATING: lambda movie: (-_mean(movie), movie.id),
        Sort.NEWEST: lambda movie: (
            -(movie.year or 0), -(movie.release_date.toordinal() if movie.release_date else 0), movie.id,
        ),
    }  # fmt: skip
    return [movie.id for movie in sorted(movies, key=keys[sort])]


def word_scores(text: str, fields: Sequence[tuple[str, float]]) -> NDArray[np.float64]:
    """Return Lucene's BM25 of every movie, summed over words and boosted fields, float64, (n_movies,)."""
    total = np.zeros(len(movies()))
    for name, boost in fields:
        for word in _terms(" ".join(documents.query_words(text)), name):
            total += boost * _bm25(word, name)
    return total


def _bm25(word: str, name: str) -> NDArray[np.float64]:
    counts = _counts(name)
    lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
    found = np.array([count[word] for count in counts], dtype=np.float64)
    having, movies = np.count_nonzero(found), np.count_nonzero(lengths)
    idf = math.log(1 + (movies - having + 0.5) / (having + 0.5))
    norm = schema.BM25_K1 * (1 - schema.BM25_B + schema.BM25_B * lengths / (lengths.sum() / movies))
    return np.asarray(idf * found / (found + norm))


@cache
def _counts(name: str) -> tuple[Counter[str], ...]:
    return tuple(Counter(_terms(documents.word_fields(movie)[name], name)) for movie in movies())


def _terms(text: str, name: str) -> list[str]:
    if name == "people":
        return text.split()
    kept = [word for word in text.split() if word not in schema.STOP_WORDS]
    return list(Stemmer.Stemmer("english").stemWords(kept))


def _invent(rng: np.random.Generator, movie: MovieId) -> Movie:
    year = int(rng.integers(1950, 2020)) if rng.random() > 0.1 else None
    rated = rng.random() > 0.15
    made = np.random.default_rng([SEED, movie])
    return Movie(
        id=movie,
        title=" ".join(rng.choice(WORDS, size=int(rng.integers(1, 4)), replace=False)).title(),
        release_date=date(year, int(rng.integers(1, 13)), 1) if year and rng.random() > 0.2 else None,
        year=year,
        overview=" ".join(rng.choice(WORDS, size=int(rng.integers(5, 25)))),
        genres=tuple(map(str, rng.choice(GENRES, size=int(rng.integers(1, 4)), replace=False))),
        keywords=tuple(map(str, rng.choice(WORDS, size=3, replace=False))),
        cast=tuple(CastMember(str(name), "", order) for order, name in enumerate(rng.choice(PEOPLE, 3, replace=False))),
        directors=(str(rng.choice(PEOPLE)),),
        language=str(rng.choice(LANGUAGES)),
        countries=tuple(map(str, made.choice(COUNTRIES, size=int(made.integers(0, 3)), replace=False))),
        companies=tuple(map(str, made.choice(COMPANIES, size=int(made.integers(0, 3)), replace=False))),
        collection=str(made.choice(COLLECTIONS)),
        runtime=int(rng.integers(60, 200)) if rng.random() > 0.1 else None,
        vote_count=int(rng.integers(1, 2_000)) if rated else 0,
        vote_average=round(float(rng.uniform(2, 9)), 1) if rated else None,
        # Few distinct values, so that ties are common.
        popularity=float(rng.integers(0, 30)),
        # Most movies have none, as in reality.
        tags=tuple(map(str, made.choice(WORDS, size=int(made.integers(1, 6)), replace=False)))
        if movie % 4 == 0
        else (),
    )


def _within(value: float | None, least: float | None, most: float | None) -> bool:
    if least is None and most is None:
        return True
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def _mean(movie: Movie) -> float:
    average = math.nan if movie.vote_average is None else np.float32(movie.vote_average)
    return float(core_scores.bayesian_mean(average, movie.vote_count))
