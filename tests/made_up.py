"""Made-up movies in which every field is set; some values are odd or hostile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from core import texts
from core.types import CastMember, Clause, Filters, Movie, MovieId, Sort, Trait

ORDERS: dict[Sort, Callable[[Movie], tuple[float, int]]] = {
    Sort.RELEVANCE: lambda movie: (-movie.popularity, movie.id),
    Sort.POPULARITY: lambda movie: (-movie.popularity, movie.id),
    Sort.RATING: lambda movie: (-(movie.vote_average or 0), movie.id),
    Sort.NEWEST: lambda movie: (-(movie.year or 0), movie.id),
}


def made_up(number: int) -> Movie:
    """Return made-up movie `number`."""
    genres = ("Drama", "Comedy", "Horror", "Science Fiction", "Western", "Romance", "Crime")
    year = 1950 + 2 * number
    return Movie(
        id=MovieId(100 + number),
        title=f"The Lighthouse Keeper {number}",
        original_title=f"Le Gardien {number}",
        release_date=date(year, 3, 1),
        year=year,
        overview=f"A keeper finds letter number {number} in a bottle and rows into the storm. Nobody trusts the tide.",
        tagline="The sea remembers.",
        genres=(genres[number % 7], genres[(number + 2) % 7]),
        keywords=("lighthouse", "storm"),
        cast=(CastMember("Ada Rowe", "The Keeper", 0), CastMember("Brané Müller", "The Tide", 1)),
        directors=("Inez Okafor",) if number % 2 else ("Tom Vale",),
        writers=("Inez Okafor",),
        language="en" if number % 3 else "fr",
        spoken_languages=("en",),
        countries=("Iceland",),
        companies=("Little Light Pictures",),
        runtime=80 + number,
        vote_count=100 * number,
        vote_average=5 + number / 10 if number else None,
        popularity=float(number),
        collection="Lighthouse Keepers",
        poster="/keeper.jpg" if number == 1 else "",
    )


ODD_MOVIES = (
    Movie(id=MovieId(7), title="<script>alert('x')</script> & \"Sons\"", overview="<img src=x onerror=alert(1)>"),
    Movie(id=MovieId(8), title="مدينة الريح", year=1961, genres=("Drama",), language="ar", overview="مدينة لا تنام"),
    Movie(id=MovieId(9), title="千夜のあかり", year=1972, genres=("Animation",), language="ja"),
    Movie(id=MovieId(10), title="Donaudampfschifffahrtsgesellschaftskapitän", year=1980, genres=("Unheard Of",)),
)
"""Movies whose fields are mostly unknown or hostile."""

MOVIES = (*(made_up(number) for number in range(30)), *ODD_MOVIES)


def meets(movie: Movie, filters: Filters) -> bool:
    """Return whether a movie meets the filters, by the contract of the engines, except for moods."""
    having = [genre in movie.genres for genre in filters.genres]
    return (
        (not having or (all(having) if filters.all_genres else any(having)))
        and (not filters.person or texts.fold(filters.person) in map(texts.fold, movie.people))
        and (not filters.language or movie.language == filters.language)
        and _within(movie.year, filters.year_from, filters.year_to)
        and _within(movie.runtime, filters.runtime_min, filters.runtime_max)
        and _within(movie.vote_count, filters.votes_min, filters.votes_max)
        and _within(movie.vote_average, filters.rating_min, filters.rating_max)
        and all(_has(movie, clause) is clause.wanted for clause in filters.clauses)
    )


def _has(movie: Movie, clause: Clause) -> bool:
    if clause.trait is Trait.YEARS:
        bounds = (value.split("-") for value in clause.values)
        return any(_within(movie.year, int(low or 0), int(high or 9_999)) for low, high in bounds)
    own: dict[Trait, Sequence[str]] = {
        Trait.GENRE: movie.genres, Trait.LANGUAGE: (movie.language,), Trait.COUNTRY: movie.countries,
        Trait.PERSON: movie.people, Trait.ACTOR: [member.name for member in movie.cast],
        Trait.DIRECTOR: movie.directors,
        Trait.COMPANY: movie.companies, Trait.KEYWORD: movie.keywords, Trait.COLLECTION: (movie.collection,),
        Trait.MOOD: (), Trait.MOVIE: (str(movie.id),),
    }  # fmt: skip
    return bool(set(map(texts.fold, own[clause.trait])) & set(map(texts.fold, clause.values)) - {""})


def _within(value: float | None, low: float | None, high: float | None) -> bool:
    if value is None:
        return low is None and high is None
    return (low is None or value >= low) and (high is None or value <= high)
