"""The sample catalogue: complete, varied, true, and in our own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from core.types import Movie, MovieId
from data.catalogues import marquee_format, sources, tmdb

MIN_MOVIES = 120
WORDS_MIN, WORDS_MAX = 25, 90
FIRST_YEAR, LAST_YEAR = 1895, 2026
RUN = 6
"""Consecutive words that two texts on one movie do not share by chance."""
GENRES = {
    "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
    "History", "Horror", "Music", "Mystery", "Romance", "Science Fiction", "Thriller", "War", "Western",
}  # fmt: skip


@pytest.fixture(scope="module")
def movies() -> tuple[Movie, ...]:
    return marquee_format.read(sources.SAMPLE).movies


@pytest.fixture(scope="module")
def real_movies(real_data: Path) -> dict[MovieId, Movie]:
    return {movie.id: movie for movie in tmdb.read(real_data / "tmdb5000").movies}


def test_every_line_of_the_sample_loads() -> None:
    catalogue = marquee_format.read(sources.SAMPLE)
    assert catalogue.skipped == ()
    assert len(catalogue.movies) >= MIN_MOVIES


def test_every_movie_names_its_people(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if not (movie.directors and movie.writers)) == []
    assert _titles(movie for movie in movies if not 4 <= len(movie.cast) <= 7) == []
    assert (
        _titles(movie for movie in movies if not all(member.name and member.character for member in movie.cast)) == []
    )


def test_nobody_is_named_twice_in_one_cast(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if len({member.name for member in movie.cast}) < len(movie.cast)) == []


def test_descriptions_are_neither_scant_nor_long(movies: tuple[Movie, ...]) -> None:
    lengths = {movie.title: len(movie.overview.split()) for movie in movies}
    assert {title: words for title, words in lengths.items() if not WORDS_MIN <= words <= WORDS_MAX} == {}


def test_descriptions_are_whole_sentences(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if not re.fullmatch(r"[A-Z].*[.!?]", movie.overview)) == []


def test_no_description_gives_its_title_away(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if _within(movie.title, movie.overview)) == []


def test_descriptions_do_not_all_begin_alike(movies: tuple[Movie, ...]) -> None:
    openings = Counter(" ".join(movie.overview.split()[:3]) for movie in movies)
    assert max(openings.values()) <= 2


def test_keywords_are_few_and_lower_case(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if not 5 <= len(set(movie.keywords)) <= 10) == []
    assert [word for movie in movies for word in movie.keywords if word != word.lower().strip()] == []


def test_years_are_those_of_the_dates_and_plausible(movies: tuple[Movie, ...]) -> None:
    assert (
        _titles(movie for movie in movies if movie.release_date is None or movie.release_date.year != movie.year) == []
    )
    assert _titles(movie for movie in movies if not FIRST_YEAR <= (movie.year or 0) <= LAST_YEAR) == []


def test_running_times_are_those_of_feature_movies(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if not 60 <= (movie.runtime or 0) <= 240) == []


def test_the_sample_is_ordered_by_date(movies: tuple[Movie, ...]) -> None:
    order = [(movie.release_date, movie.id) for movie in movies if movie.release_date]
    assert order == sorted(order)


def test_genres_are_known_and_each_has_several_movies(movies: tuple[Movie, ...]) -> None:
    counts = Counter(genre for movie in movies for genre in movie.genres)
    assert set(counts) == GENRES
    assert min(counts.values()) >= 3
    assert _titles(movie for movie in movies if not movie.genres) == []


def test_the_sample_spans_decades_and_languages(movies: tuple[Movie, ...]) -> None:
    decades = Counter((movie.year or 0) // 10 for movie in movies)
    languages = Counter(movie.language for movie in movies)
    assert len(decades) >= 9
    assert len(languages) >= 10
    assert len(movies) - languages["en"] >= 25


def test_languages_are_codes_and_countries_are_names(movies: tuple[Movie, ...]) -> None:
    codes = {code for movie in movies for code in (movie.language, *movie.spoken_languages)}
    assert [code for code in codes if not re.fullmatch(r"[a-z]{2}", code)] == []
    assert _titles(movie for movie in movies if not movie.countries or min(map(len, movie.countries)) < 4) == []


def test_no_text_or_number_of_others_is_shipped(movies: tuple[Movie, ...]) -> None:
    assert _titles(movie for movie in movies if movie.tagline or movie.poster) == []
    assert _titles(movie for movie in movies if movie.vote_count or movie.vote_average is not None) == []
    assert _titles(movie for movie in movies if movie.popularity not in range(1, 101)) == []


@pytest.mark.data
def test_no_description_is_copied(movies: tuple[Movie, ...], real_movies: dict[MovieId, Movie]) -> None:
    copied = {
        movie.title: _shared(movie.overview, real_movies[movie.id].overview)
        for movie in movies
        if movie.id in real_movies
    }
    assert {title: runs for title, runs in copied.items() if runs} == {}
    assert len(copied) >= MIN_MOVIES


@pytest.mark.data
def test_facts_agree_with_the_real_catalogue(movies: tuple[Movie, ...], real_movies: dict[MovieId, Movie]) -> None:
    pairs = [(movie, real_movies[movie.id]) for movie in movies if movie.id in real_movies]
    assert _titles(movie for movie, real in pairs if (movie.title, movie.year) != (real.title, real.year)) == []
    assert _titles(movie for movie, real in pairs if movie.runtime != real.runtime) == []
    assert _titles(movie for movie, real in pairs if not set(movie.directors) <= set(real.directors)) == []
    assert _titles(movie for movie, real in pairs if _strangers(movie, real) > 2) == []


def test_a_shared_run_of_words_is_seen_through_case_and_punctuation() -> None:
    assert _shared("He: a cat in THE hat, today!", "Today a cat in the hat, today") == ["a cat in the hat today"]
    assert _shared("A cat in the hat", "A cat in the hat") == []


def _titles(movies: Iterable[Movie]) -> list[str]:
    return [movie.title for movie in movies]


def _within(title: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text, re.IGNORECASE) is not None


def _shared(ours: str, theirs: str) -> list[str]:
    """Runs of `RUN` words that stand in both texts."""
    known = set(_runs(theirs))
    return [run for run in _runs(ours) if run in known]


def _runs(text: str) -> list[str]:
    words = re.findall(r"[\w']+", text.lower())
    return [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def _strangers(movie: Movie, real: Movie) -> int:
    """How many of the cast the real catalogue does not know under that spelling."""
    return len({member.name for member in movie.cast} - {member.name for member in real.cast})
