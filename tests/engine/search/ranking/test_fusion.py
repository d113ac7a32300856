"""Fusion of two candidate lists."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ports import Candidates, Match
from core.recommendations.scores import prominence
from core.types import Mode, QueryKind
from engine.search.ranking import fusion
from tests.engine.search.ranking.candidates import candidates, make

EVEN = fusion.Weights(
    meaning=0.5, words=0.5, popularity=0.0, years=0.0, title=2.0, title_part=1.0, title_words=0.5, person=1.0
)  # fmt: skip
DESCRIPTION = fusion.WEIGHTS[QueryKind.DESCRIPTION]


def best(found: Candidates, **options: object) -> list[int]:
    fused = fusion.fuse(found, **{"weights": EVEN, **options})  # type: ignore[arg-type]
    return [int(found.ids[i]) for i in fusion.order(fused.score, found.ids)]


def test_a_movie_good_in_both_lists_beats_the_best_of_either() -> None:
    found = make(words=[10, 9, 0], cosine=[0.1, 0.55, 0.6])
    assert best(found)[0] == 2


def test_each_mode_uses_its_own_list() -> None:
    found = make(words=[10, 5, 0], cosine=[0.1, 0.3, 0.6])
    assert best(found, mode=Mode.WORDS) == [1, 2, 3]
    assert best(found, mode=Mode.MEANING) == [3, 2, 1]


def test_popularity_and_time_do_not_count_in_the_plain_modes() -> None:
    found = make(words=[5, 5, 4], cosine=[0.3, 0.3, 0.2], votes=[0, 0, 15_000], year=[0, 0, 1994])
    for mode in (Mode.WORDS, Mode.MEANING):
        assert best(found, mode=mode, weights=DESCRIPTION, years=(1990, 1999))[2] == 3


def test_equal_scores_are_ordered_by_id() -> None:
    assert best(make(ids=[3, 7, 9], words=[1, 1, 1])) == [3, 7, 9]


def test_among_equals_the_better_known_movie_comes_first() -> None:
    found = make(words=[5, 5, 5], cosine=[0.4, 0.4, 0.4], votes=[10, 9_000, 500])
    assert best(found, weights=DESCRIPTION) == [2, 3, 1]


def test_movies_without_votes_are_compared_by_popularity() -> None:
    prior = prominence(np.array([0, 0, 100], np.int32), np.array([5, 90, 0], np.float32))
    assert prior[1] > prior[0] > 0
    assert 0 < prior[2] < 1


def test_a_time_in_the_query_boosts_movies_of_that_time() -> None:
    found = make(words=[5, 5, 5], cosine=[0.4, 0.4, 0.4], year=[1965, 1994, 2010])
    assert best(found, weights=DESCRIPTION, years=(1990, 1999))[0] == 2


def test_the_bonus_of_a_time_decreases_with_distance() -> None:
    bonus = fusion.year_bonus(np.array([1990, 1999, 2001, 2010, 0], np.int16), (1990, 1999))
    assert bonus[0] == bonus[1] == 1
    assert 1 > bonus[2] > bonus[3] > bonus[4]


def test_a_movie_named_by_its_title_comes_first() -> None:
    found = make(words=[10, 2, 0], cosine=[0.7, 0.2, 0.1], match=[0, Match.TITLE, 0])
    assert best(found, weights=fusion.WEIGHTS[QueryKind.TITLE])[0] == 2


@pytest.mark.parametrize(
    ("match", "kind"),
    [
        ([0, 0, 0], QueryKind.DESCRIPTION),
        ([0, Match.TITLE_WORDS, 0], QueryKind.TITLE),
        ([Match.PERSON, Match.TITLE_WORDS, 0], QueryKind.PERSON),
        ([Match.PERSON, Match.TITLE | Match.TITLE_WORDS, 0], QueryKind.TITLE),
    ],
)
def test_the_kind_of_a_query_depends_on_what_it_names(match: list[int], kind: QueryKind) -> None:
    assert fusion.kind_of(make(match=match)) is kind


def test_no_candidates_are_no_error() -> None:
    nothing = make(ids=[])
    assert fusion.kind_of(nothing) is QueryKind.DESCRIPTION
    assert best(nothing) == []


def test_a_missing_cosine_counts_as_the_lowest_one() -> None:
    meaning = fusion.normalise_cosine(np.array([0.5, np.nan, 0.2], np.float32), mean=0.1)
    assert meaning[1] == meaning[2] < meaning[0]


def test_the_weights_of_the_two_lists_add_up_to_one() -> None:
    for weights in fusion.WEIGHTS.values():
        assert weights.meaning + weights.words == pytest.approx(1)


@given(candidates())
def test_scores_are_finite_and_every_candidate_is_ranked_once(found: Candidates) -> None:
    for mode in Mode:
        fused = fusion.fuse(found, weights=DESCRIPTION, mode=mode, mean_cosine=0.1, years=(1990, 1999))
        assert np.isfinite(fused.score).all()
        assert sorted(fusion.order(fused.score, found.ids)) == list(range(len(found)))


@given(candidates(), st.data())
def test_removing_movies_never_reorders_the_rest(found: Candidates, data: st.DataObject) -> None:
    """Apply a filter: the best word score and the mean cosine are those of the whole index, so no score changes."""
    known = ~np.isnan(found.cosine)
    kept = np.array([data.draw(st.booleans()) for _ in found.ids], bool)
    if known.any():  # missing cosines count as the lowest one, so keep it
        kept |= found.cosine == np.nanmin(found.cosine)
    narrowed = _take(found, kept)
    whole = best(found, weights=DESCRIPTION, mean_cosine=0.1)
    assert best(narrowed, weights=DESCRIPTION, mean_cosine=0.1) == [i for i in whole if i in set(narrowed.ids.tolist())]


@given(candidates(), st.integers(0, 29), st.floats(0.01, 0.5))
def test_a_nearer_movie_never_ranks_lower(found: Candidates, position: int, gain: float) -> None:
    if position >= len(found) or np.isnan(found.cosine).any():
        return
    cosine = found.cosine.copy()
    cosine[position] += np.float32(gain)
    target = int(found.ids[position])
    before = best(found, weights=DESCRIPTION).index(target)
    assert best(dataclasses.replace(found, cosine=cosine), weights=DESCRIPTION).index(target) <= before


def _take(found: Candidates, kept: np.ndarray) -> Candidates:
    columns = ("ids", "words", "cosine", "match", "year", "vote_count", "vote_average", "popularity")
    rows = np.flatnonzero(kept)
    return dataclasses.replace(
        found,
        **{name: getattr(found, name)[rows] for name in columns},
        genres=[found.genres[i] for i in rows],
        languages=[found.languages[i] for i in rows],
    )


def test_a_full_title_beats_any_partial_title() -> None:
    part = Match.TITLE_PART | Match.TITLE_WORDS
    found = make(
        ids=[1, 2], words=[0, 10], cosine=[0.0, 0.6], match=[Match.TITLE, part], votes=[0, 20_000], year=[1950, 1999]
    )
    assert best(found, weights=fusion.WEIGHTS[QueryKind.TITLE], years=(1999, 1999)) == [1, 2]


def test_a_partial_title_is_a_title_unless_it_is_also_a_name() -> None:
    assert fusion.kind_of(make(match=[0, Match.TITLE_PART, 0])) is QueryKind.TITLE
    assert fusion.kind_of(make(match=[0, Match.TITLE_PART, Match.PERSON])) is QueryKind.PERSON
    assert fusion.kind_of(make(match=[Match.TITLE, Match.TITLE_PART, Match.PERSON])) is QueryKind.TITLE
