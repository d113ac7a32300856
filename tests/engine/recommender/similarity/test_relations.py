"""The reasons of similar movies are true of both movies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.types import CastMember, Movie, MovieId, Relation, RelationKind
from engine.recommender.similarity import relations
from indexer.related.lists import Trait

NOTHING = dict.fromkeys(Trait, 0.0)
LEADS = (CastMember("Ann", "Clara Pell", 0), CastMember("Bob", "Otto Brink", 1))
COMET = Movie(
    MovieId(1), "Comet", year=2000, directors=("Dee", "Eli"), writers=("Fay",), cast=LEADS, genres=("Drama", "Crime"),
    keywords=("Heist", "train"),
)  # fmt: skip
OTHER = Movie(MovieId(2), "Moon", year=2005)


def test_a_common_director_is_named_first() -> None:
    other = replace(OTHER, directors=("Eli", "Gil"), writers=("Fay",), keywords=("heist",))
    terms = NOTHING | {Trait.KEYWORDS: 1.0, Trait.MEANING: 2.0}
    found = relations.of(COMET, other, terms=terms, topics=("heist",), taste=3.0)
    assert found == Relation(RelationKind.DIRECTOR, ("Eli",))


def test_only_common_keywords_are_named_in_the_order_given() -> None:
    other = replace(OTHER, keywords=("Train", "HEIST", "boat"))
    found = relations.of(COMET, other, terms=NOTHING | {Trait.KEYWORDS: 0.1}, topics=("train", "boat", "heist"))
    assert found == Relation(RelationKind.KEYWORDS, ("train", "boat"))
    assert relations.of(COMET, other, terms=NOTHING, topics=("train",)).kind is not RelationKind.KEYWORDS


def test_common_writers_and_stars_are_named() -> None:
    assert relations.of(COMET, replace(OTHER, writers=("Fay",)), terms=NOTHING, topics=()) == Relation(
        RelationKind.WRITER, ("Fay",)
    )
    assert relations.of(COMET, replace(OTHER, cast=LEADS[1:]), terms=NOTHING, topics=()) == Relation(
        RelationKind.CAST, ("Bob",)
    )


@pytest.mark.parametrize(
    ("meaning", "taste", "genres", "kind"),
    [
        (0.5, 0.1, (), RelationKind.STORY),
        (0.1, 0.05, ("Drama",), RelationKind.TASTE),
        (0.1, 0.2, ("Drama",), RelationKind.TASTE),
        (0.1, 0.0, ("Drama",), RelationKind.GENRES),
        (0.1, -0.1, ("Drama", "Crime"), RelationKind.GENRES),
        (0.1, 0.0, (), RelationKind.STORY),
    ],
)
def test_without_common_facts_the_greatest_nearness_is_named(
    meaning: float, taste: float, genres: tuple[str, ...], kind: RelationKind
) -> None:
    found = relations.of(
        COMET, replace(OTHER, genres=genres), terms=NOTHING | {Trait.MEANING: meaning}, topics=(), taste=taste
    )
    assert found.kind is kind
    assert set(found.values) <= set(genres)


@pytest.mark.parametrize(
    ("number", "part", "kind"),
    [(1, 2, RelationKind.SEQUEL), (1, 3, RelationKind.SERIES), (3, 2, RelationKind.SERIES)],
)
def test_a_sequel_is_the_next_part_and_later(number: int, part: int, kind: RelationKind) -> None:
    later = replace(OTHER, title="Comet Returns", cast=LEADS)
    assert relations.of_series(COMET, later, number=number, part=part).kind is kind


def test_the_movie_before_is_earlier() -> None:
    earlier = replace(OTHER, title="Comet Zero", year=1990, cast=LEADS)
    assert relations.of_series(COMET, earlier, number=2, part=1).kind is RelationKind.PREVIOUS
    assert relations.of_series(COMET, replace(earlier, year=2010), number=2, part=1).kind is RelationKind.SERIES


def test_the_same_characters_in_other_hands_are_no_series() -> None:
    others = (CastMember("Hal", "Clara Pell", 0), CastMember("Ida", "Otto Brink", 1))
    found = relations.of_series(COMET, replace(OTHER, cast=others), number=1, part=2)
    assert found == Relation(RelationKind.CHARACTERS, ("Clara Pell", "Otto Brink"))
