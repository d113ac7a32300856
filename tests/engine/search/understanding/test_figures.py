"""Ages of children and minimum ratings."""

from __future__ import annotations

import pytest

from tests.video_shop import keys


@pytest.mark.parametrize(
    "text",
    [
        "for a 5 year old", "for my twins, five years old", "children 6 and 9", "boys aged 10 to 12", "they turn eight",
        "kinder ab 8", "my girls are 4 and 7", "for under tens", "5歳の子供",
    ],
)  # fmt: skip
def test_ages_of_children_mean_movies_for_kids(text: str) -> None:
    assert "audience:kids" in keys(f"comedy, {text}")


@pytest.mark.parametrize("text", ["comedy for my 15 year old", "comedy where a boy of nine runs away"])
def test_higher_ages_and_ages_in_a_plot_do_not(text: str) -> None:
    assert "audience:kids" not in keys(text)


@pytest.mark.parametrize(
    "text",
    [
        "at least 7 on imdb", "rated 7+", "7/10 or better", "7 out of 10", "nota acima de 7", "bewertung über 7",
        "valoración superior a 7", "評価7以上の",
    ],
)  # fmt: skip
def test_minimum_ratings_are_read_in_every_wording(text: str) -> None:
    assert "quality:>=7" in keys(f"{text} comedy" if text.endswith("の") else f"comedy, {text}")
