"""The credits of the people that a search names, under each result."""

from __future__ import annotations

import pytest

from core.types import CastMember, Credit, Filters, Job, Movie, MovieId, Page, SearchRequest
from engine.search import named_people
from engine.services import Services

KEANU = frozenset({"keanu reeves"})


def _movie(*cast: CastMember, **crew: tuple[str, ...]) -> Movie:
    return Movie(MovieId(603), "The Matrix", cast=cast, **crew)  # type: ignore[arg-type]


def _credits(services: Services, query: str, title: str) -> tuple[Credit, ...]:
    page = services.search.run(SearchRequest(query))
    return next(hit.credits for hit in page.hits if hit.movie.title == title)


@pytest.mark.parametrize(
    ("query", "title", "credit"),
    [
        ("tom hanks", "Forrest Gump", Credit("Tom Hanks", (Job.ACTOR,), "Forrest Gump")),
        ("Forrest Gump's actor", "Cast Away", Credit("Tom Hanks", (Job.ACTOR,), "Chuck Noland")),
        ("movies with Tom Hanks as astronaut", "Apollo 13", Credit("Tom Hanks", (Job.ACTOR,), "Jim Lovell")),
        ("by steven spielberg", "Jaws", Credit("Steven Spielberg", (Job.DIRECTOR,))),
    ],
)
def test_results_say_what_the_person_did(services: Services, query: str, title: str, credit: Credit) -> None:
    assert credit in _credits(services, query, title)


def test_a_filter_names_a_person_too(services: Services) -> None:
    page = services.search.run(SearchRequest("", filters=Filters(person="TOM HANKS")))
    assert page.hits
    assert all(hit.credits[0].name == "Tom Hanks" for hit in page.hits)


def test_a_search_without_people_shows_no_credits(services: Services) -> None:
    for query in ("a shark terrorises a beach town", "not with tom hanks", ""):
        assert all(hit.credits == () for hit in services.search.run(SearchRequest(query)).hits)


def test_all_jobs_and_characters_of_a_person_are_one_credit() -> None:
    movie = _movie(
        CastMember("Keanu Reeves", "Neo"), CastMember("Keanu Reeves", "Thomas Anderson"), directors=("Keanu Reeves",)
    )
    assert named_people.of(KEANU, movie) == (Credit("Keanu Reeves", (Job.ACTOR, Job.DIRECTOR), "Neo, Thomas Anderson"),)


def test_an_unknown_character_is_left_empty() -> None:
    assert named_people.of(KEANU, _movie(CastMember("Keanu Reeves"))) == (Credit("Keanu Reeves", (Job.ACTOR,)),)


def test_credits_and_characters_are_bounded() -> None:
    names = [f"Person {number}" for number in range(9)]
    movie = _movie(*(CastMember(name, "Somebody, " * 50) for name in names))
    found = named_people.of(frozenset(name.lower() for name in names), movie)
    assert [credit.name for credit in found] == names[: named_people.MAX_CREDITS]
    assert all(len(credit.character) <= named_people.MAX_CHARACTER for credit in found)
    assert named_people.credited(Page(SearchRequest("x"), 0, (), {})).hits == ()


def test_crew_is_credited_with_its_jobs() -> None:
    movie = _movie(directors=("Ann",), writers=("Ann", "Bob"), composers=("Cat",))
    assert [credit.jobs for credit in named_people.of(frozenset({"ann", "bob", "cat"}), movie)] == [
        (Job.DIRECTOR, Job.WRITER),
        (Job.WRITER,),
        (Job.COMPOSER,),
    ]
