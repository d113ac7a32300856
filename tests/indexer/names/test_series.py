"""Series of movies and the numbers of their parts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.types import CastMember, Movie, MovieId
from indexer.names import series
from tests import video_shop

HERO = (CastMember("Ann Lead", "Clara Pell", 0), CastMember("Bob Second", "Otto Brink", 1))


def movie(number: int, title: str, year: int = 2000, **more: object) -> Movie:
    return Movie(MovieId(number), title, year=year, **more)  # type: ignore[arg-type]


def test_a_series_of_the_catalogue_is_used_as_it_is() -> None:
    movies = [movie(1, "One", collection="Comet Collection"), movie(2, "Two", collection="Comet Collection")]
    assert series.find(movies) == {1: "comet", 2: "comet"}


@pytest.mark.parametrize("ending", ["Collection", "Series", "Saga", "Trilogy", "Anthology"])
def test_suffixes_of_series_names_are_removed(ending: str) -> None:
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
def test_titles_with_a_common_prefix_and_shared_people_are_a_series(first: str, second: str) -> None:
    alike = [movie(1, first, cast=HERO), movie(2, second, cast=HERO)]
    apart = [movie(1, first, cast=HERO), movie(2, second)]
    assert set(series.find(alike)) == {1, 2}
    assert series.find(apart) == {}


def test_shared_characters_make_a_series_of_different_titles() -> None:
    movies = [movie(1, "The Comet", cast=HERO), movie(2, "Strange Tides", cast=HERO)]
    assert set(series.find(movies)) == {1, 2}


def test_one_shared_character_does_not_make_a_series() -> None:
    movies = [movie(1, "The Comet", cast=HERO[:1]), movie(2, "Strange Tides", cast=HERO[:1])]
    assert series.find(movies) == {}


def test_the_hero_of_many_movies_makes_a_series() -> None:
    movies = [
        movie(number, title, cast=HERO[:1]) for number, title in enumerate(("Ash", "Birch", "Cedar", "Dogwood"), 1)
    ]
    assert set(series.find(movies).values()) == {"clara pell"}


@pytest.mark.parametrize("role", ["The Doctor", "Himself", "Young Girl", "Comet"])
def test_roles_without_full_names_do_not_make_a_series(role: str) -> None:
    cast = (CastMember("Ann Lead", role, 0), CastMember("Bob Second", role, 1))
    movies = [movie(number, title, cast=cast) for number, title in enumerate(("Ash", "Birch", "Cedar", "Dogwood"), 1)]
    assert series.find(movies) == {}


def test_an_actor_in_another_role_does_not_link_two_titles() -> None:
    one = movie(1, "Comet", cast=(CastMember("Ann Lead", "Clara Pell", 0),))
    other = movie(2, "Comet Dragon", cast=(CastMember("Ann Lead", "Mona Grey", 0),))
    assert series.find([one, other]) == {}
    assert set(series.find([one, replace(other, cast=one.cast)])) == {1, 2}


def test_two_stars_in_the_same_roles_make_a_series() -> None:
    cast = (CastMember("Ann Lead", "Clara", 0), CastMember("Bob Second", "Otto", 1))
    movies = [movie(1, "Before Noon", 1995, cast=cast), movie(2, "After Dusk", 2004, cast=cast)]
    assert set(series.find(movies)) == {1, 2}


def test_one_star_in_the_same_role_makes_a_series_with_the_same_director_only() -> None:
    movies = [movie(1, "Lost Ark", cast=HERO[:1], directors=("Dee",)), movie(2, "Doom", cast=HERO[:1])]
    assert series.find(movies) == {}
    assert set(series.find([movies[0], replace(movies[1], directors=("Dee",))])) == {1, 2}


def test_people_who_play_themselves_make_no_series() -> None:
    cast = (CastMember("Max Moor", "Max Moor", 0),)
    movies = [
        movie(1, "Uprising", cast=cast, directors=("Max Moor",)),
        movie(2, "Love", cast=cast, directors=("Max Moor",)),
    ]
    assert series.find(movies) == {}


def test_a_hero_of_the_same_name_in_another_story_is_left_out() -> None:
    movies = [movie(number, f"Story {number}", cast=HERO) for number in range(1, 5)]
    stranger = movie(9, "The Bounce", cast=(CastMember("Zoe", "Clara Pell", 0),))
    assert set(series.find([*movies, stranger])) == {1, 2, 3, 4}


def test_the_v_of_versus_is_no_number() -> None:
    movies = [movie(1, "Comet", 1990), movie(2, "Comet v Otter", 2000), movie(3, "Comet V", 2010)]
    assert series.parts("comet", movies) == {1: 1, 2: 2, 3: 5}


def test_a_crossover_does_not_merge_two_series() -> None:
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
def test_parts_are_numbered_by_title_or_else_by_release(titles: tuple[str, ...], numbers: list[int]) -> None:
    movies = [movie(number, title, 1990 + number) for number, title in enumerate(titles, 1)]
    assert list(dict(sorted(series.parts("comet", movies).items())).values()) == numbers


def test_movies_without_a_year_come_last() -> None:
    movies = [Movie(MovieId(1), "Ash"), movie(2, "Birch", 1990)]
    assert series.parts("comet", movies) == {2: 1, 1: 2}


def test_aliases_of_a_series_are_its_first_title_and_a_word_shared_by_its_titles() -> None:
    movies = [movie(n, f"The Pell {word}", 1990 + n) for n, word in enumerate(("Identity", "Silence", "Return"), 1)]
    assert series.other_names(movies) == {"pell identity", "pell"}


def test_the_display_name_of_a_series_is_spelled_as_in_its_titles() -> None:
    movies = [movie(1, "McComet: Dawn"), movie(2, "McComet: Dusk")]
    assert series.display_name("mccomet", movies, {1: "mccomet", 2: "mccomet"}) == "McComet"
    assert series.display_name("clara pell", movies, {1: "clara pell"}) == "Clara Pell"
