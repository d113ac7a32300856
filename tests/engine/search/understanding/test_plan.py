"""Plans: filters, sort order and movies to resemble."""

from __future__ import annotations

import pytest

from core.types import Clause, Filters, Trait
from engine.search.understanding import bounds
from engine.search.understanding import plan as planning
from engine.search.understanding.plan import Plan
from tests import video_shop
from tests.video_shop import read, vocabulary


def planned(text: str, *leave: str, filters: Filters | None = None) -> Plan:
    return planning.make(read(text), filters=filters or Filters(), vocabulary=vocabulary(), leave=leave)


def clauses(text: str, *leave: str) -> list[Clause]:
    return list(planned(text, *leave).filters.clauses)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("comedy", Clause(Trait.GENRE, ("Comedy",))),
        ("no comedy", Clause(Trait.GENRE, ("Comedy",), wanted=False)),
        ("comedy or drama", Clause(Trait.GENRE, ("Comedy", "Drama"))),
        ("something scary", Clause(Trait.MOOD, ("scary",))),
        ("scary or funny movie", Clause(Trait.MOOD, ("scary", "funny"))),
        ("movies from the 90s", Clause(Trait.YEARS, ("1990-1999",))),
        ("new movies", Clause(Trait.YEARS, ("2013-",))),
        ("old movies", Clause(Trait.YEARS, ("-1973",))),
        ("black and white movies", Clause(Trait.YEARS, ("-1966",))),
        ("french movies", Clause(Trait.LANGUAGE, ("fr",))),
        ("french or japanese movies", Clause(Trait.LANGUAGE, ("fr", "ja"))),
        ("not in english", Clause(Trait.LANGUAGE, ("en",), wanted=False)),
        ("movies made in sweden", Clause(Trait.COUNTRY, ("sweden",))),
        ("starring vera santori", Clause(Trait.ACTOR, ("vera santori",))),
        ("by milo tarrow", Clause(Trait.DIRECTOR, ("milo tarrow",))),
        ("vera santori movies", Clause(Trait.PERSON, ("vera santori",))),
        ("pixar movies", Clause(Trait.COMPANY, ("pixar animation studios",))),
        ("movies for kids", Clause(Trait.MOOD, ("kids",))),
        ("gloria fenn movies", Clause(Trait.MOVIE, ("4", "5", "6", "7"))),
        ("third gloria fenn", Clause(Trait.MOVIE, ("4", "5", "6", "7"))),
        ("like copper lantern", Clause(Trait.MOVIE, ("8",), wanted=False)),
        ("movies like gloria fenn", Clause(Trait.MOVIE, ("4", "5", "6", "7"), wanted=False)),
    ],
)
def test_an_explicit_condition_is_a_filter(text: str, clause: Clause) -> None:
    assert clauses(text) == [clause]


def test_each_piece_is_a_separate_filter() -> None:
    assert clauses("comedy and drama") == [Clause(Trait.GENRE, ("Comedy",)), Clause(Trait.GENRE, ("Drama",))]


def test_an_excluded_mood_excludes_its_genre() -> None:
    refused = clauses("western but not scary")[1:]
    assert Clause(Trait.MOOD, ("scary",), wanted=False) in refused
    assert Clause(Trait.GENRE, ("Horror",), wanted=False) in refused


def test_an_excluded_mood_excludes_typical_keywords() -> None:
    refused = [clause for clause in clauses("western without violence") if not clause.wanted]
    assert any(clause.trait is Trait.KEYWORD and "torture" in clause.values for clause in refused)
    assert not any(clause.trait is Trait.KEYWORD for clause in clauses("violent western"))


def test_an_excluded_mood_excludes_no_wanted_genre() -> None:
    made = clauses("animation that is not for kids")
    assert Clause(Trait.GENRE, ("Animation",)) in made
    assert Clause(Trait.GENRE, ("Family",), wanted=False) in made


def test_an_excluded_mood_excludes_no_genre_of_a_wanted_mood() -> None:
    made = clauses("scary but not gory")
    assert not any(clause.trait is Trait.GENRE and "Horror" in clause.values for clause in made)
    assert any(clause.trait is Trait.GENRE and "War" in clause.values for clause in made)


def test_the_worst_have_low_ratings_from_enough_people() -> None:
    made = planned("worst horror movies").filters
    assert made.rating_max == bounds.BAD_RATING
    assert made.votes_min


def test_for_adults_excludes_family_movies() -> None:
    assert Clause(Trait.GENRE, ("Family",), wanted=False) in clauses("animated movies for adults")


def test_a_role_excludes_the_movie_that_names_it() -> None:
    assert clauses("the guy from copper lantern") == [
        Clause(Trait.ACTOR, ("duke ambrose",)),
        Clause(Trait.MOVIE, (str(video_shop.COPPER_LANTERN),), wanted=False),
    ]


def test_the_filters_of_a_request_are_kept() -> None:
    given = Filters(year_from=1980, runtime_max=90)
    made = planned("comedy under 100 minutes", filters=given).filters
    assert (made.year_from, made.runtime_max) == (1980, 90)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("comedy under 100 minutes", (None, 100)),
        ("comedy over 2 hours", (120, None)),
        ("a short comedy", (None, 95)),
    ],
)
def test_a_runtime_is_a_bound(text: str, bounds: tuple[int | None, int | None]) -> None:
    made = planned(text).filters
    assert (made.runtime_min, made.runtime_max) == bounds


@pytest.mark.parametrize(
    ("text", "least"), [("best comedies", 7.0), ("good comedies", 6.5), ("rated at least 7.5 horror", 7.5)]
)
def test_quality_is_a_minimum_mean_vote_with_enough_votes(text: str, least: float) -> None:
    made = planned(text).filters
    assert made.rating_min == least
    assert made.votes_min


@pytest.mark.parametrize("text", ["underrated thrillers", "hidden gems", "a little known western"])
def test_hidden_gems_have_fewer_votes_than_the_best_known_movies(text: str) -> None:
    made = planned(text).filters
    assert made.votes_min is not None
    assert made.votes_max is not None
    assert made.votes_min < made.votes_max < vocabulary().gazetteer.vote_counts[-1]


def test_the_best_have_no_maximum_number_of_votes() -> None:
    assert planned("best thrillers").filters.votes_max is None


def test_a_kind_matched_by_name_is_also_matched_by_its_keywords() -> None:
    made = planned("heist movies")
    assert {"heist", "robbery", "thief"} <= set(made.besides.split())
    assert not planned("superhero movies").besides  # matched by keywords alone
    assert not planned("no heist movies").besides


@pytest.mark.parametrize(("text", "understood"), [("heist comedies", True), ("heist comedies in venice", False)])
def test_quality_counts_more_if_the_whole_text_is_understood(text: str, understood: bool) -> None:
    assert planned(text).understood is understood


def weights(text: str) -> dict[str, float]:
    return dict(planned(text).order)


def test_soft_conditions_affect_the_order() -> None:
    assert weights("comedy") == {"rating": planning.RATING_ORDER, "prominence": planning.PROMINENCE_ORDER}
    assert weights("something scary")["mood:scary"] == planning.MOOD_ORDER
    assert weights("best comedies")["rating"] > weights("comedy")["rating"]
    assert weights("popular comedies")["prominence"] > weights("comedy")["prominence"]
    assert "prominence" not in weights("underrated comedies")


def test_only_the_worst_reverse_the_order() -> None:
    assert planned("worst movies").low
    assert not planned("best movies").low


def test_the_named_part_comes_first() -> None:
    assert planned("third gloria fenn").leading == (video_shop.PAPER_CROWN,)
    assert planned("gloria fenn movies").leading == ()


@pytest.mark.parametrize("text", ["a man is haunted by a ghost in a house in 1994", "quiet orchard"])
def test_only_requests_filter(text: str) -> None:
    given = Filters(language="en")
    assert planned(text, filters=given) == Plan(given, ())


def relaxing(text: str) -> list[str]:
    return planning.relaxing(read(text), vocabulary())


def test_the_least_important_piece_is_left_out_first() -> None:
    left = [key for key in relaxing("best funny french comedy from the 90s") if not key.startswith(planning.WIDEN)]
    assert left == ["quality:best", "years:1990-1999", "mood:funny", "genre:Comedy"]


def test_the_last_wanted_piece_is_never_left_out() -> None:
    for text in ("comedy", "comedy about a clumsy dog", "comedy but not western"):
        assert [key for key in relaxing(text) if not key.startswith(planning.WIDEN)] == []


def test_excluded_pieces_are_never_left_out() -> None:
    assert not any("not-" in key for key in relaxing("french comedy from the 90s but not western"))


def test_pieces_are_widened_before_any_is_left_out() -> None:
    found = relaxing("french thriller from the 90s")
    wider = [key.startswith(planning.WIDEN) for key in found]
    assert wider == sorted(wider, reverse=True)
    assert any(wider)


def test_a_language_is_widened_to_the_countries_where_it_is_spoken() -> None:
    assert clauses("french comedy", f"{planning.WIDEN}language:fr")[0] == Clause(Trait.COUNTRY, ("France",))


def test_a_genre_is_widened_to_similar_genres() -> None:
    (clause,) = clauses("thriller movies", f"{planning.WIDEN}genre:Thriller")
    assert clause.values[0] == "Thriller"
    assert len(clause.values) > 1


def test_a_left_out_piece_does_not_filter() -> None:
    assert clauses("comedy from the 90s", "years:1990-1999") == [Clause(Trait.GENRE, ("Comedy",))]
