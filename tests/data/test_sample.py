"""The sample catalogue: complete, varied, true, and in our own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from core.types import Movie, MovieId
from data.catalogues import marquee_format, sources, tmdb

FILMS_MIN = 120
WORDS_MIN, WORDS_MAX = 25, 90
FIRST_YEAR, LAST_YEAR = 1895, 2026
RUN = 6
"""Consecutive words that two texts on one film do not share by chance."""
GENRES = {
    "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
    "History", "Horror", "Music", "Mystery", "Romance", "Science Fiction", "Thriller", "War", "Western",
}  # fmt: skip


@pytest.fixture(scope="module")
def films() -> tuple[Movie, ...]:
    return marquee_format.read(sources.SAMPLE).movies


@pytest.fixture(scope="module")
def real_films(real_data: Path) -> dict[MovieId, Movie]:
    return {film.id: film for film in tmdb.read(real_data / "tmdb5000").movies}


def test_every_line_of_the_sample_loads() -> None:
    catalogue = marquee_format.read(sources.SAMPLE)
    assert catalogue.skipped == ()
    assert len(catalogue.movies) >= FILMS_MIN


def test_every_film_names_its_people(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if not (film.directors and film.writers)) == []
    assert _titles(film for film in films if not 4 <= len(film.cast) <= 7) == []
    assert _titles(film for film in films if not all(member.name and member.character for member in film.cast)) == []


def test_nobody_is_named_twice_in_one_cast(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if len({member.name for member in film.cast}) < len(film.cast)) == []


def test_descriptions_are_neither_scant_nor_long(films: tuple[Movie, ...]) -> None:
    lengths = {film.title: len(film.overview.split()) for film in films}
    assert {title: words for title, words in lengths.items() if not WORDS_MIN <= words <= WORDS_MAX} == {}


def test_descriptions_are_whole_sentences(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if not re.fullmatch(r"[A-Z].*[.!?]", film.overview)) == []


def test_no_description_gives_its_title_away(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if _within(film.title, film.overview)) == []


def test_descriptions_do_not_all_begin_alike(films: tuple[Movie, ...]) -> None:
    openings = Counter(" ".join(film.overview.split()[:3]) for film in films)
    assert max(openings.values()) <= 2


def test_keywords_are_few_and_lower_case(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if not 5 <= len(set(film.keywords)) <= 10) == []
    assert [word for film in films for word in film.keywords if word != word.lower().strip()] == []


def test_years_are_those_of_the_dates_and_plausible(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if film.release_date is None or film.release_date.year != film.year) == []
    assert _titles(film for film in films if not FIRST_YEAR <= (film.year or 0) <= LAST_YEAR) == []


def test_running_times_are_those_of_feature_films(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if not 60 <= (film.runtime or 0) <= 240) == []


def test_the_sample_is_ordered_by_date(films: tuple[Movie, ...]) -> None:
    order = [(film.release_date, film.id) for film in films if film.release_date]
    assert order == sorted(order)


def test_genres_are_known_and_each_has_several_films(films: tuple[Movie, ...]) -> None:
    counts = Counter(genre for film in films for genre in film.genres)
    assert set(counts) == GENRES
    assert min(counts.values()) >= 3
    assert _titles(film for film in films if not film.genres) == []


def test_the_sample_spans_decades_and_languages(films: tuple[Movie, ...]) -> None:
    decades = Counter((film.year or 0) // 10 for film in films)
    languages = Counter(film.language for film in films)
    assert len(decades) >= 9
    assert len(languages) >= 10
    assert len(films) - languages["en"] >= 25


def test_languages_are_codes_and_countries_are_names(films: tuple[Movie, ...]) -> None:
    codes = {code for film in films for code in (film.language, *film.spoken_languages)}
    assert [code for code in codes if not re.fullmatch(r"[a-z]{2}", code)] == []
    assert _titles(film for film in films if not film.countries or min(map(len, film.countries)) < 4) == []


def test_no_text_or_number_of_others_is_shipped(films: tuple[Movie, ...]) -> None:
    assert _titles(film for film in films if film.tagline or film.poster) == []
    assert _titles(film for film in films if film.vote_count or film.vote_average is not None) == []
    assert _titles(film for film in films if film.popularity not in range(1, 101)) == []


@pytest.mark.data
def test_no_description_is_copied(films: tuple[Movie, ...], real_films: dict[MovieId, Movie]) -> None:
    copied = {
        film.title: _shared(film.overview, real_films[film.id].overview) for film in films if film.id in real_films
    }
    assert {title: runs for title, runs in copied.items() if runs} == {}
    assert len(copied) >= FILMS_MIN


@pytest.mark.data
def test_facts_agree_with_the_real_catalogue(films: tuple[Movie, ...], real_films: dict[MovieId, Movie]) -> None:
    pairs = [(film, real_films[film.id]) for film in films if film.id in real_films]
    assert _titles(film for film, real in pairs if (film.title, film.year) != (real.title, real.year)) == []
    assert _titles(film for film, real in pairs if film.runtime != real.runtime) == []
    assert _titles(film for film, real in pairs if not set(film.directors) <= set(real.directors)) == []
    assert _titles(film for film, real in pairs if _strangers(film, real) > 2) == []


def test_a_shared_run_of_words_is_seen_through_case_and_punctuation() -> None:
    assert _shared("He: a cat in THE hat, today!", "Today a cat in the hat, today") == ["a cat in the hat today"]
    assert _shared("A cat in the hat", "A cat in the hat") == []


def _titles(films: Iterable[Movie]) -> list[str]:
    return [film.title for film in films]


def _within(title: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text, re.IGNORECASE) is not None


def _shared(ours: str, theirs: str) -> list[str]:
    """Runs of `RUN` words that stand in both texts."""
    known = set(_runs(theirs))
    return [run for run in _runs(ours) if run in known]


def _runs(text: str) -> list[str]:
    words = re.findall(r"[\w']+", text.lower())
    return [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def _strangers(film: Movie, real: Movie) -> int:
    """How many of the cast the real catalogue does not know under that spelling."""
    return len({member.name for member in film.cast} - {member.name for member in real.cast})
