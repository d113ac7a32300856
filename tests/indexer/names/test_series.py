"""Which movies belong to one series, and which part of it each is."""

from __future__ import annotations

import pytest

from core.types import CastMember, Movie, MovieId
from indexer.names import series
from tests import video_shop

HERO = (CastMember("Ann Lead", "Clara Pell", 0), CastMember("Bob Second", "Otto Brink", 1))


def movie(number: int, title: str, year: int = 2000, **more: object) -> Movie:
    return Movie(MovieId(number), title, year=year, **more)  # type: ignore[arg-type]


def test_a_series_that_the_catalogue_names_is_taken_as_it_is() -> None:
    movies = [movie(1, "One", collection="Comet Collection"), movie(2, "Two", collection="Comet Collection")]
    assert series.find(movies) == {1: "comet", 2: "comet"}


@pytest.mark.parametrize("ending", ["Collection", "Series", "Saga", "Trilogy", "Anthology"])
def test_what_is_put_behind_the_name_of_a_series_is_left_out(ending: str) -> None:
    assert series.name_of(f"The Comet {ending}") == "the comet"


def test_names_are_compared_without_articles() -> None:
    assert series.key("The Comet and the Moon") == "comet moon"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Comet", "Comet II"),
        ("Comet", "Comets"),
        ("Comet", "Comet: Homecoming"),
        ("Comet: Dawn", "Comet: Dusk"),
        ("Clara and the Comet", "Clara and the Moon"),
        ("Comet", "Return of the Comet"),
    ],
)
def test_titles_that_begin_alike_make_a_series_where_people_are_shared(first: str, second: str) -> None:
    alike = [movie(1, first, cast=HERO), movie(2, second, cast=HERO)]
    apart = [movie(1, first, cast=HERO), movie(2, second)]
    assert set(series.find(alike)) == {1, 2}
    assert series.find(apart) == {}


def test_characters_make_a_series_of_movies_with_different_titles() -> None:
    movies = [movie(1, "The Comet", cast=HERO), movie(2, "Strange Tides", cast=HERO)]
    assert set(series.find(movies)) == {1, 2}


def test_one_character_in_common_makes_none() -> None:
    movies = [movie(1, "The Comet", cast=HERO[:1]), movie(2, "Strange Tides", cast=HERO[:1])]
    assert series.find(movies) == {}


def test_a_hero_of_many_movies_makes_a_series_alone() -> None:
    movies = [
        movie(number, title, cast=HERO[:1]) for number, title in enumerate(("Ash", "Birch", "Cedar", "Dogwood"), 1)
    ]
    assert set(series.find(movies).values()) == {"clara pell"}


@pytest.mark.parametrize("role", ["The Doctor", "Himself", "Young Girl", "Comet"])
def test_roles_that_are_no_full_names_make_no_series(role: str) -> None:
    cast = (CastMember("Ann Lead", role, 0), CastMember("Bob Second", role, 1))
    movies = [movie(number, title, cast=cast) for number, title in enumerate(("Ash", "Birch", "Cedar", "Dogwood"), 1)]
    assert series.find(movies) == {}


def test_a_movie_in_which_two_series_meet_does_not_join_them() -> None:
    found = series.find(video_shop.MOVIES)
    assert found[video_shop.STAR_HARBOUR] != found[video_shop.BRASS_CLOCK]
    loose = [
        movie(1, "Comet", cast=HERO), movie(2, "Comet 2", cast=HERO),
        movie(3, "Otter", cast=(CastMember("Cid", "Max Voss", 0), CastMember("Dee", "Lil Roe", 1))),
        movie(4, "Otter 2", cast=(CastMember("Cid", "Max Voss", 0), CastMember("Dee", "Lil Roe", 1))),
        movie(5, "Comet vs. Otter", cast=(*HERO, CastMember("Cid", "Max Voss", 2), CastMember("Dee", "Lil Roe", 3))),
    ]  # fmt: skip
    found = series.find(loose)
    assert found[1] == found[2] == found[5]
    assert found[3] == found[4] != found[1]


@pytest.mark.parametrize(
    ("titles", "numbers"),
    [
        (("Comet", "Comet II", "Comet III"), [1, 2, 3]),
        (("Comet", "Comet 3", "Comet: Dusk"), [1, 3, 2]),
        (("Comet: Episode IV", "Comet: Episode V", "Comet: Episode I"), [4, 5, 1]),
        (("Comet", "Strange Tides", "Comet Two"), [1, 3, 2]),
        (("Comet", "Comet 1998", "Comet Part 2"), [1, 3, 2]),
        (("Comet II", "Comet 2", "Comet"), [2, 1, 3]),
    ],
)
def test_parts_have_the_numbers_of_their_titles_and_else_those_of_their_release(
    titles: tuple[str, ...], numbers: list[int]
) -> None:
    movies = [movie(number, title, 1990 + number) for number, title in enumerate(titles, 1)]
    assert list(dict(sorted(series.parts("comet", movies).items())).values()) == numbers


def test_movies_without_a_year_come_last() -> None:
    movies = [Movie(MovieId(1), "Ash"), movie(2, "Birch", 1990)]
    assert series.parts("comet", movies) == {2: 1, 1: 2}


def test_a_series_is_also_known_by_its_first_title_and_by_a_word_that_its_titles_share() -> None:
    movies = [movie(n, f"The Pell {word}", 1990 + n) for n, word in enumerate(("Identity", "Silence", "Return"), 1)]
    assert series.other_names(movies) == {"pell identity", "pell"}


def test_the_name_of_a_series_is_shown_as_its_titles_spell_it() -> None:
    movies = [movie(1, "McComet: Dawn"), movie(2, "McComet: Dusk")]
    assert series.display_name("mccomet", movies, {1: "mccomet", 2: "mccomet"}) == "McComet"
    assert series.display_name("clara pell", movies, {1: "clara pell"}) == "Clara Pell"
