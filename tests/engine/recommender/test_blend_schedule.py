"""Stages of users."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from core.recommendations.records import Stage
from core.types import MovieId
from core.users import Diary, MarkKind, Rating, Review
from engine.recommender import blend_schedule

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weights", "genres", "stage"),
    [
        ((), (), Stage.NOBODY),
        ((), ("Crime",), Stage.GENRES),
        ((-1.0, -0.5), ("Crime",), Stage.FEW),
        ((-0.4, -0.5), ("Crime",), Stage.GENRES),
        ((1.0,), ("Crime",), Stage.FEW),
        ((1.0, 1.0, 0.3, 0.3), (), Stage.FEW),
        ((1.0, 1.0, 0.3, 0.3, -1.0), (), Stage.FEW),
        ((1.0, 1.0, 0.3, 0.3, 0.3), (), Stage.KNOWN),
    ],
)
def test_the_stage_depends_on_the_number_of_positive_movies(
    weights: tuple[float, ...], genres: tuple[str, ...], stage: Stage
) -> None:
    assert blend_schedule.stage(np.array(weights, np.float32), genres=genres) is stage


def test_all_movies_of_the_diary_are_excluded() -> None:
    marks = {kind: {MovieId(10 + number): NOW} for number, kind in enumerate(MarkKind)}
    diary = Diary(
        ratings={MovieId(1): Rating(MovieId(1), 4.5, NOW)},
        marks=marks,
        reviews={MovieId(2): Review(MovieId(2), "Fine.", NOW, NOW)},
    )
    assert blend_schedule.spoken_of(diary) == {1, 2, *(10 + number for number in range(len(MarkKind)))}
