"""The relevance cut-off."""

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


def test_a_movie_near_every_query_is_not_shown() -> None:
    assert shown(make(cosine=[0.4, 0.4, 0.4]), asked=5, mean=0.3) == []


def test_a_rare_word_suffices() -> None:
    assert shown(make(words=[3.4, 0.6, 0], cosine=[0.15, 0.1, 0.1]), asked=1) == [1]


def test_a_rare_word_in_an_unrelated_text_does_not_suffice() -> None:
    assert shown(make(words=[3.4, 0, 0], cosine=[0.02, 0.1, 0.1]), asked=1) == []


def test_a_rare_word_suffices_if_the_cosine_is_missing() -> None:
    assert shown(make(words=[3.4, 0, 0]), asked=1) == [1]


def test_a_chance_match_among_many_words_does_not_suffice() -> None:
    assert shown(make(words=[3.4, 0.6, 0], cosine=[0.1, 0.1, 0.1]), asked=6) == []


def test_two_weak_signals_suffice() -> None:
    found = make(words=[3.3, 3.3, 0], cosine=[0.25, 0.1, 0.25])
    assert shown(found, asked=4) == [1]


def test_a_paragraph_need_not_match_word_by_word() -> None:
    assert shown(make(words=[12, 3, 0], cosine=[0.15, 0.1, 0.1]), asked=40) == [1]


def test_a_movie_named_in_the_query_is_always_shown() -> None:
    assert shown(make(match=[0, Match.TITLE, Match.PERSON]), asked=1) == [2, 3]


def test_words_mode_shows_good_matches_relative_to_the_best() -> None:
    assert shown(make(words=[1.2, 0.7, 0.3, 0], ids=[1, 2, 3, 4]), asked=2, mode=Mode.WORDS) == [1, 2]
    assert shown(make(), asked=2, mode=Mode.WORDS) == []


def test_the_word_threshold_is_lower_in_a_small_catalogue() -> None:
    small, large = (cutoff.Floors.of(cosine=0.3, asked=2, movies=movies).words for movies in (184, 4_803))
    assert small < large
    assert large == pytest.approx(3.0, abs=0.01)


@given(candidates())
def test_a_higher_threshold_never_shows_more(found: Candidates) -> None:
    assert set(shown(found, asked=3, floor=0.6)) <= set(shown(found, asked=3, floor=0.3))
