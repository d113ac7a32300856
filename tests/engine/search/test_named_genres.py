"""Genres named in a text."""

from __future__ import annotations

import pytest

from core import texts
from engine.search import named_genres


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an animated movie", {"animation"}),
        ("a sci-fi comedy", {"science fiction", "comedy"}),
        ("scifi horror", {"science fiction", "horror"}),
        ("science fiction", {"science fiction"}),
        ("some science lesson", set()),
        ("romantic comedies", {"romance", "comedy"}),
        ("", set()),
    ],
)
def test_a_genre_is_recognised_in_any_form(text: str, expected: set[str]) -> None:
    assert named_genres.named(texts.words(text)) == expected


def test_genres_of_a_movie_are_folded() -> None:
    assert named_genres.folded(("Science Fiction", "War")) == {"science fiction", "war"}
