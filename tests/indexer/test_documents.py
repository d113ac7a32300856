"""The indexed content of a movie, and reading movies back."""

from __future__ import annotations

import dataclasses
from datetime import date

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import CastMember, Movie, MovieId
from indexer import documents, schema

AMELIE = Movie(
    MovieId(194), "Amélie", "Le Fabuleux Destin d'Amélie Poulain", release_date=date(2001, 4, 25), year=2001,
    overview="A shy waitress.", tagline="She'll change your life.", genres=("Comedy",), keywords=("paris",),
    cast=(CastMember("Audrey Tautou", "Amélie", 0),), directors=("Jean-Pierre Jeunet",), writers=("Guillaume Laurant",),
    language="fr", spoken_languages=("Français",), countries=("France",), runtime=122, vote_count=3_310,
    vote_average=7.8, popularity=73.7, collection="", poster="/a.jpg",
)  # fmt: skip

_text = st.text(max_size=12)
_names = st.lists(_text, max_size=3).map(tuple)
_movies = st.builds(
    Movie,
    id=st.integers(1, 2**40).map(MovieId),
    title=st.text(min_size=1, max_size=12).filter(str.strip),
    original_title=_text,
    release_date=st.none() | st.dates(date(1870, 1, 1), date(2100, 12, 31)),
    year=st.none() | st.integers(1870, 2100),
    genres=_names,
    cast=st.lists(st.builds(CastMember, _text, _text, st.integers(0, 300)), max_size=3).map(tuple),
    directors=_names,
    runtime=st.none() | st.integers(1, 900),
    vote_average=st.none() | st.floats(0, 10),
    popularity=st.floats(0, 1e6),
)


def test_each_word_field_contains_its_part_of_the_movie() -> None:
    fields = documents.word_fields(AMELIE)
    assert fields["title"] == "amelie le fabuleux destin damelie poulain"
    assert fields["people"] == "jean pierre jeunet guillaume laurant audrey tautou"
    assert fields["plot"] == "a shy waitress shell change your life amelie"
    assert fields["keywords"] == "paris comedy"


def test_the_field_text_contains_titles_year_plot_keywords_directors_and_cast() -> None:
    fields = documents.word_fields(AMELIE)
    parts = (fields["title"], "2001", fields["plot"], fields["keywords"], "jean pierre jeunet audrey tautou")
    assert fields["text"] == " ".join(parts)


def test_the_field_text_contains_only_the_first_billed_cast_and_people_contains_all() -> None:
    cast = tuple(CastMember(f"Actor{n}", f"Role{n}", n) for n in range(40))
    fields = documents.word_fields(Movie(MovieId(1), "Heat", cast=cast))
    actors = [word for word in fields["text"].split() if word.startswith("actor")]
    roles = [word for word in fields["text"].split() if word.startswith("role")]
    assert actors == [f"actor{n}" for n in range(documents.BILLED_CAST)]
    assert roles == [f"role{n}" for n in range(documents.BILLED_CHARACTERS)]
    assert len(fields["people"].split()) == len(fields["plot"].split()) == len(cast)


def test_a_second_plot_is_part_of_the_plot_and_of_the_text() -> None:
    fields = documents.word_fields(Movie(MovieId(1), "Heat", second_plot="Coffee at night"))
    assert (fields["plot"], fields["text"]) == ("coffee at night", "heat coffee at night")


def test_the_word_fields_are_those_of_the_schema() -> None:
    assert tuple(documents.word_fields(AMELIE)) == schema.WORD_FIELDS


def test_a_title_equal_to_its_original_counts_once() -> None:
    fields = documents.word_fields(Movie(MovieId(1), "Heat", "Heat"))
    assert fields["title"] == fields["text"] == "heat"


def test_a_movie_with_only_a_title_has_empty_fields() -> None:
    fields = documents.word_fields(Movie(MovieId(1), "Heat"))
    assert [fields[name] for name in ("people", "plot", "keywords")] == ["", "", ""]


def test_tags_are_a_separate_field_and_not_part_of_the_text() -> None:
    tagged = dataclasses.replace(AMELIE, tags=("Feel-good", "café"))
    assert documents.word_fields(tagged)["tags"] == f"{documents.EVERY} feel good cafe"
    assert documents.word_fields(tagged)["text"] == documents.word_fields(AMELIE)["text"]
    assert documents.word_fields(AMELIE)["tags"] == documents.EVERY


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("Heat heat HEAT", ["heat"]), ("WALL·E", ["wall", "e"]), ("don't", ["dont"]), ("?!", []), ("Amélie", ["amelie"])],
)
def test_a_question_is_folded_like_a_movie_without_repeated_words(typed: str, expected: list[str]) -> None:
    assert documents.query_words(typed) == expected


def test_a_movie_has_keys_of_both_titles_with_and_without_its_year() -> None:
    keys = documents.title_terms(dataclasses.replace(AMELIE, year=2001))["title_key"]
    assert {"amelie", "amelie 2001", "lefabuleuxdestindameliepoulain", "fabuleuxdestindameliepoulain"} <= set(keys)
    assert len(keys) == len(set(keys))
    assert documents.title_words(AMELIE) == ["amelie", "le", "fabuleux", "destin", "damelie", "poulain"]


def test_a_title_of_symbols_only_has_them_as_its_key() -> None:
    terms = documents.title_terms(Movie(MovieId(1), "? ??"))
    assert terms == {"title_key": ["???"], "title_part": [], "title_word": []}


def test_a_script_without_spaces_is_indexed_by_bigrams() -> None:
    fields = documents.word_fields(Movie(MovieId(1), "夜のバス停で"))
    assert len(fields["title"].split()) == 5
    assert all(word.isascii() and word.isalnum() for word in fields["title"].split())
    assert set(documents.query_words("バス停")) < set(fields["title"].split())
    assert documents.title_words(Movie(MovieId(1), "夜のバス停で")) == ["夜の", "のバ", "バス", "ス停", "停で"]


@given(_movies)
def test_any_movie_is_read_back_as_written(movie: Movie) -> None:
    assert documents.from_plain(orjson.loads(orjson.dumps(documents.to_plain(movie)))) == movie


def test_a_complete_movie_is_read_back_as_written() -> None:
    assert documents.from_plain(orjson.loads(orjson.dumps(documents.to_plain(AMELIE)))) == AMELIE
