"""Which candidates are close enough to show."""

from __future__ import annotations

import pytest
from hypothesis import given

from core.ports import Candidates, Match
from core.types import Mode
from engine.search.ranking import cutoff, fusion
from tests.engine.search.ranking.candidates import candidates, make


def shown(
    found: Candidates, *, asked: int, mean: float = 0.05, floor: float = 0.32, mode: Mode = Mode.HYBRID
) -> list[int]:
    meaning = fusion.normalise_cosine(found.cosine, mean=mean)
    floors = cutoff.Floors.of(cosine=floor, asked=asked, movies=4_803)
    return found.ids[cutoff.relevant(found, meaning=meaning, floors=floors, mode=mode)].tolist()


def test_a_near_movie_is_shown_without_a_matching_word() -> None:
    assert shown(make(cosine=[0.5, 0.1, 0.31]), asked=5) == [1]


def test_a_movie_near_to_everything_is_not_near() -> None:
    assert shown(make(cosine=[0.4, 0.4, 0.4]), asked=5, mean=0.3) == []


def test_a_rare_word_is_enough() -> None:
    assert shown(make(words=[3.4, 0.6, 0], cosine=[0.15, 0.1, 0.1]), asked=1) == [1]


def test_a_rare_word_in_a_text_about_something_else_is_not() -> None:
    assert shown(make(words=[3.4, 0, 0], cosine=[0.02, 0.1, 0.1]), asked=1) == []


def test_a_rare_word_is_enough_where_nearness_is_unknown() -> None:
    assert shown(make(words=[3.4, 0, 0]), asked=1) == [1]


def test_a_chance_word_among_many_is_not() -> None:
    assert shown(make(words=[3.4, 0.6, 0], cosine=[0.1, 0.1, 0.1]), asked=6) == []


def test_two_faint_signs_make_one() -> None:
    found = make(words=[3.3, 3.3, 0], cosine=[0.25, 0.1, 0.25])
    assert shown(found, asked=4) == [1]


def test_a_paragraph_need_not_match_word_by_word() -> None:
    assert shown(make(words=[12, 3, 0], cosine=[0.15, 0.1, 0.1]), asked=40) == [1]


def test_a_movie_named_outright_is_always_shown() -> None:
    assert shown(make(match=[0, Match.TITLE, Match.PERSON]), asked=1) == [2, 3]


def test_who_asks_for_words_gets_what_matches_well_beside_the_best() -> None:
    assert shown(make(words=[1.2, 0.7, 0.3, 0], ids=[1, 2, 3, 4]), asked=2, mode=Mode.WORDS) == [1, 2]
    assert shown(make(), asked=2, mode=Mode.WORDS) == []


def test_in_a_small_catalogue_words_weigh_less_and_need_reach_less() -> None:
    small, large = (cutoff.Floors.of(cosine=0.3, asked=2, movies=movies).words for movies in (184, 4_803))
    assert small < large
    assert large == pytest.approx(3.0, abs=0.01)


@given(candidates())
def test_a_higher_floor_never_shows_more(found: Candidates) -> None:
    assert set(shown(found, asked=3, floor=0.6)) <= set(shown(found, asked=3, floor=0.3))
