"""Scores of the candidates for a request, compared with values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.ports import Candidates
from core.types import Filters
from core.understanding import Piece, PieceKind, QueryType, Understanding
from engine.search import wish_lists
from engine.search.understanding.plan import Plan
from tests.engine.search.ranking.candidates import make

MOODS = ("funny", "dark")


def found(count: int, moods: list[list[float]] | None = None, **more: object) -> Candidates:
    """Return candidates with the ids 1, 2, …"""
    return make(ids=range(1, count + 1), moods=moods or [[0.0, 0.0]] * count, **more)  # type: ignore[arg-type]


def plan(*order: tuple[str, float], low: bool = False, unrated: bool = False) -> Plan:
    return Plan(Filters(), order, low=low, unrated=unrated)


def test_merit_is_the_weighted_mean_of_the_sort_columns() -> None:
    some = found(2, moods=[[1.0, 0.0], [0.5, 0.5]])
    merit = wish_lists.merit(some, plan(("mood:funny", 3.0), ("mood:dark", 1.0)), MOODS)
    assert merit.tolist() == pytest.approx([0.75, 0.5])


def test_a_better_rated_movie_has_more_merit_unless_the_worst_are_wanted() -> None:
    some = found(2, average=[8.0, 4.0], votes=[5_000, 5_000])
    best = wish_lists.merit(some, plan(("rating", 1.0)), MOODS)
    worst = wish_lists.merit(some, plan(("rating", 1.0), low=True), MOODS)
    assert best[0] > best[1]
    assert worst[0] < worst[1]


def test_a_mood_missing_from_the_index_orders_nothing() -> None:
    assert wish_lists.merit(found(2), plan(("mood:rainy", 1.0)), MOODS).tolist() == [0.0, 0.0]


def test_without_sort_columns_there_is_no_merit() -> None:
    assert wish_lists.merit(found(2), plan(), MOODS).tolist() == [0.0, 0.0]


def test_without_text_to_match_merit_alone_orders() -> None:
    some = found(2, moods=[[1.0, 0.0], [0.5, 0.0]])
    score = wish_lists.score(some, plan(("mood:funny", 1.0)), near=None, likeness=None, moods=MOODS)
    assert score.tolist() == [1.0, 0.5]


@pytest.mark.parametrize(("unrated", "weight"), [(False, wish_lists.MERIT), (True, wish_lists.SAID_MERIT)])
def test_merit_counts_more_if_the_text_asks_for_quality(unrated: bool, weight: float) -> None:
    some = found(1, moods=[[1.0, 0.0]])
    score = wish_lists.score(
        some, plan(("mood:funny", 1.0), unrated=unrated), near=np.array([0.4]), likeness=None, moods=MOODS
    )
    assert score.tolist() == pytest.approx([0.4 + weight])


def test_likeness_counts_shared_genres_shared_moods_and_shared_admirers() -> None:
    some = found(3, moods=[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], genres=[("Drama",), ("Drama", "War"), ()])
    likeness = wish_lists.Likeness([frozenset({"Drama"})], np.array([1.0, 0.0]), {2: 0.5})
    assert likeness.score(some).tolist() == pytest.approx([
        wish_lists.SAME_GENRES + wish_lists.SAME_MOODS,
        wish_lists.SAME_GENRES / 2 + wish_lists.ALIKE * 0.5,
        0.0,
    ])  # fmt: skip


def test_leading_movies_come_first_in_their_order() -> None:
    ids = np.array([10, 20, 30, 40])
    assert wish_lists.first(np.array([3, 1, 0, 2]), ids, [10, 40, 99]).tolist() == [3, 0, 1, 2]


@pytest.mark.parametrize(
    ("count", "beginning"),
    [(0, "No film matches everything"), (1, "Only 1 film matches everything"), (3, "Only 3 films match everything")],
)
def test_a_notice_gives_the_number_of_matches_and_what_is_ignored(count: int, beginning: str) -> None:
    pieces = (Piece(PieceKind.GENRE, "War", "War", 0, 3), Piece(PieceKind.YEARS, "1990-1999", "1990s", 4, 7))
    notice = wish_lists.relaxed_notice(Understanding("war 90s", QueryType.WISH, pieces), ("years:1990-1999",), count)
    assert notice.startswith(beginning)
    assert "“1990s”" in notice
    assert "War" not in notice
