"""Two rankings become one fair list."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.users import UserId
from engine.experiments import team_draft
from tests.engine.experiments.worlds import pick

RANKINGS = st.lists(st.integers(1, 40), unique=True, max_size=25)
SEEDS = st.floats(0, 1, exclude_max=True)
DAY = date(2026, 3, 1)


@given(RANKINGS, RANKINGS, st.integers(0, 40), SEEDS)
def test_a_draft_contains_each_movie_once_and_as_many_as_possible(
    first: list[int], second: list[int], size: int, seed: float
) -> None:
    movies = [one.movie for one in team_draft.draft(first, second, size=size, seed=seed)]
    assert len(movies) == len(set(movies)) == min(size, len({*first, *second}))


@given(RANKINGS, RANKINGS, SEEDS)
def test_each_team_chooses_its_best_remaining_movie(first: list[int], second: list[int], seed: float) -> None:
    taken: set[int] = set()
    for one in team_draft.draft(first, second, size=50, seed=seed):
        ranking = (first, second)[one.team]
        assert one.movie == next(movie for movie in ranking if movie not in taken)
        taken.add(one.movie)


@given(st.permutations(range(12)), st.permutations(range(12)), SEEDS)
def test_teams_are_of_equal_size(first: list[int], second: list[int], seed: float) -> None:
    picks = team_draft.draft(first, second, size=12, seed=seed)
    for round_ in range(6):
        assert {one.team for one in picks[2 * round_ : 2 * round_ + 2]} == {0, 1}


@given(RANKINGS, RANKINGS, st.integers(0, 20), SEEDS)
def test_a_shorter_list_is_a_prefix_of_a_longer_one(
    first: list[int], second: list[int], size: int, seed: float
) -> None:
    whole = team_draft.draft(first, second, size=40, seed=seed)
    assert team_draft.draft(first, second, size=size, seed=seed) == whole[:size]


def test_a_list_is_stable_for_a_day_and_differs_by_day_and_user() -> None:
    seeds = {team_draft.seed("drafts", UserId(user), DAY.replace(day=day)) for user in (1, 2) for day in (1, 2)}
    assert len(seeds) == 4
    assert team_draft.seed("drafts", UserId(1), DAY) in seeds


def test_either_team_begins_half_of_the_lists() -> None:
    movies = list(range(10))
    first = [
        team_draft.draft(movies, movies[::-1], size=1, seed=team_draft.seed("drafts", UserId(user), DAY))[0].team
        for user in range(1, 2001)
    ]
    assert 0.45 < sum(first) / len(first) < 0.55


def test_a_user_has_one_vote_however_much_they_click() -> None:
    tally = team_draft.judge({UserId(1): (50, 0), UserId(2): (0, 1), UserId(3): (1, 2), UserId(4): (1, 1)})
    assert (tally.credits, tally.wins, tally.ties) == ((52, 4), (1, 2), 1)
    assert tally.p == 1.0


def test_the_better_ranker_wins_and_a_ranker_never_beats_itself() -> None:
    better, itself = 0, 0
    for world in range(60):
        better += pick(world, noise=(2.0, 0.5), users=150).winner == "second"
        itself += bool(pick(1000 + world, noise=(1.0, 1.0), users=150).winner)
    assert better >= 57
    assert itself <= 9
