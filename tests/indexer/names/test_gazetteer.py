"""The names of a catalogue."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.types import CastMember, Movie, MovieId
from indexer.names import gazetteer, gazetteer_builder
from tests import video_shop


@pytest.fixture(scope="module")
def names() -> gazetteer.Gazetteer:
    """The names of the video shop."""
    return gazetteer_builder.build(video_shop.MOVIES)


def movie(number: int, title: str, **more: object) -> Movie:
    return Movie(MovieId(number), title, **({"vote_count": 500} | more))  # type: ignore[arg-type]


def titled(names: gazetteer.Gazetteer, text: str) -> list[int]:
    return [found.id for found in names.titled(text)]


def test_a_dumped_gazetteer_is_loaded_unchanged(names: gazetteer.Gazetteer) -> None:
    loaded = gazetteer.load(gazetteer.dump(names))
    assert loaded == names
    assert loaded.by_series == names.by_series


def test_an_empty_catalogue_has_no_names() -> None:
    assert gazetteer.load(gazetteer.dump(gazetteer_builder.build([]))) == gazetteer.Gazetteer()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Brass Clock", video_shop.BRASS_CLOCK),
        ("brass clock", video_shop.BRASS_CLOCK),
        ("Brass Clock, The", video_shop.BRASS_CLOCK),
        ("rose glass", video_shop.GLASS_ROSE),
        ("star harbour 2 the drowned moon", video_shop.DROWNED_MOON),
        ("夜の灯台", video_shop.NIGHT_LIGHTHOUSE),
        ("quiet orchard 1994", video_shop.QUIET_ORCHARD),
    ],
)
def test_a_movie_is_found_by_any_spelling_of_its_title(names: gazetteer.Gazetteer, text: str, found: int) -> None:
    assert titled(names, text) == [found]


def test_of_movies_with_the_same_title_the_best_known_comes_first() -> None:
    names = gazetteer_builder.build([movie(1, "Echo", vote_count=10), movie(2, "Echo", vote_count=9_000)])
    assert titled(names, "echo") == [2, 1]


@pytest.mark.parametrize("text", ["coper lantern", "copper lantren", "quite orchard", "thevelvetkey", "hollowmannor"])
def test_a_typo_in_a_title_is_tolerated(names: gazetteer.Gazetteer, text: str) -> None:
    assert names.nearly_titled(text) is not None


@pytest.mark.parametrize("text", ["wstrn", "copper kettle", "xyzzy plugh", ""])
def test_a_short_or_too_different_text_is_not_a_title(names: gazetteer.Gazetteer, text: str) -> None:
    assert names.nearly_titled(text) is None


def test_a_part_of_a_title_is_recognised(names: gazetteer.Gazetteer) -> None:
    assert names.in_title(["drowned", "moon"])
    assert not names.in_title(["moon", "drowned"])
    assert not names.in_title(["rowned", "moon"])


def test_people_with_better_known_movies_and_higher_billings_have_more_weight() -> None:
    names = gazetteer_builder.build([
        movie(1, "One", vote_count=9_000, cast=(CastMember("Ann Lead", "", 0), CastMember("Bob Second", "", 3))),
        movie(2, "Two", vote_count=90, cast=(CastMember("Cid Minor", "", 0),)),
    ])  # fmt: skip
    weights = [names.people[name].weight for name in ("ann lead", "bob second", "cid minor")]
    assert weights[0] > weights[1]
    assert weights[0] > weights[2]


def test_a_person_is_known_for_their_main_role(names: gazetteer.Gazetteer) -> None:
    assert (names.people["vera santori"].acts, names.people["milo tarrow"].directs) == (1.0, 1.0)
    both = names.people["lina brandvold"]
    assert both.acts + both.directs == pytest.approx(1.0)


def test_of_people_with_the_same_surname_the_most_prominent_comes_first(names: gazetteer.Gazetteer) -> None:
    assert [person.name for person in names.by_surname["brandvold"]] == [video_shop.LINA, video_shop.PETRA]


@pytest.mark.parametrize("said", ["gloria fenn", "captain orlo", "mira vance"])
def test_a_character_resolves_to_its_actor(names: gazetteer.Gazetteer, said: str) -> None:
    assert names.by_character[said][0] in (video_shop.VERA, video_shop.DUKE)


def test_a_character_with_two_names_is_found_by_each() -> None:
    cast = (CastMember("Ann Lead", "Clara Pell / The Comet (voice)", 0),)
    names = gazetteer_builder.build([movie(1, "One", cast=cast)])
    assert {"clara pell", "the comet", "comet"} <= set(names.by_character)


def test_everyday_words_are_distinguished_from_names(names: gazetteer.Gazetteer) -> None:
    assert {"the", "town", "from"} <= names.everyday
    assert not {"santori", "orchard"} & names.everyday


def test_a_word_of_several_movies_is_spelled_correctly(names: gazetteer.Gazetteer) -> None:
    assert {"pilot", "orchard"} <= names.words
    assert "orchrad" not in names.words


@pytest.mark.parametrize(
    ("years", "newest"),
    [([1990, 1991, 1991], 1991), ([], 0), ([2000] * 1_999 + [2031], 2000), ([2000] * 500 + [2001], 2001)],
)
def test_a_single_announced_movie_does_not_define_the_newest_year(years: list[int], newest: int) -> None:
    movies = [movie(number, f"Movie {number}", year=year) for number, year in enumerate(years, 1)]
    assert gazetteer_builder.build(movies).newest_year == newest


def test_vote_counts_are_deciles_of_movies_with_votes() -> None:
    movies = [movie(1 + number, f"Movie {number}", vote_count=number) for number in range(102)]
    assert gazetteer_builder.build(movies).vote_counts == (1, 11, 21, 31, 41, 51, 61, 71, 81, 91, 101)


def test_companies_and_genres_are_each_kept_once(names: gazetteer.Gazetteer) -> None:
    assert sorted(names.companies) == [
        "pixar animation studios",
        "studio ghibli",
        "walt disney pictures",
        "zelkova pictures",
    ]
    assert names.genres[0] == "Drama"
    assert len(set(names.genres)) == len(names.genres)


@pytest.mark.parametrize(
    ("bound", "count"),
    [("MAX_MOVIES", lambda names: len(names.movies)), ("MAX_PEOPLE", lambda names: len(names.people))],
)
def test_a_large_catalogue_keeps_its_best_known_names(
    monkeypatch: pytest.MonkeyPatch, bound: str, count: Callable[[gazetteer.Gazetteer], int]
) -> None:
    monkeypatch.setattr(gazetteer_builder, bound, 3)
    names = gazetteer_builder.build(video_shop.MOVIES)
    assert count(names) == 3
    assert names.movies[0].id == video_shop.STAR_HARBOUR
    assert next(iter(names.people)) == video_shop.OKONJO.casefold()


def played(character: str) -> gazetteer.Gazetteer:
    """Return the names of a catalogue with one movie with one character."""
    cast = (CastMember("Ana Vidal", character, 0, "female"),)
    return gazetteer_builder.build([movie(1, "Glass Tower", cast=cast)])


@pytest.mark.parametrize("character", ['Thomas "Zephyr" Bell', "Thomas Zephyr Bell", "Zephyr"])
def test_a_character_is_recognised_by_its_names(character: str) -> None:
    actor, _ = played(character).by_character["zephyr"]
    assert actor == "Ana Vidal"


def test_a_surname_with_a_particle_is_recognised_as_one_word() -> None:
    names = gazetteer_builder.build([movie(1, "Glass Tower", directors=("Ana de Vries",))])
    assert [person.name for person in names.by_surname["devries"]] == ["Ana de Vries"]


def test_a_title_is_recognised_by_its_beginning_unless_that_is_an_everyday_phrase() -> None:
    plots = [movie(n, f"Other {n}", overview="The house stands in the rain.") for n in range(2, 6)]
    named = [movie(1, "Vexley's Lantern of the Deep"), movie(10, "House of Rain")]
    names = gazetteer_builder.build([*named, *plots])
    assert [found.id for found in names.by_part["vexleys lantern"]] == [1]
    assert "house" not in names.by_part


def test_a_series_is_recognised_by_the_beginning_of_one_of_its_titles() -> None:
    titles = ("Far Shore", "Brannic: Far Shore Part II", "Brannic III")
    movies = [movie(n, title, year=1980 + n, collection="Far Shore Collection") for n, title in enumerate(titles, 1)]
    assert gazetteer_builder.build(movies).series_keys["brannic"] == "far shore"
