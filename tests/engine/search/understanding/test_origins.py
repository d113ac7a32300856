"""Countries and languages, and names that merely look like them."""

from __future__ import annotations

import pytest

from tests.video_shop import keys


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("new zealand comedies", ["country:New Zealand", "genre:Comedy"]),
        ("uk crime", ["country:United Kingdom", "genre:Crime"]),
        ("japan horror", ["language:ja", "genre:Horror"]),
        ("comedy, france, 90s", ["genre:Comedy", "language:fr", "years:1990-1999"]),
        ("films from iran", ["country:Iran"]),
        ("filme aus frankreich", ["country:France"]),
        ("un film de corea del sur", ["country:South Korea"]),
        ("eine komödie aus den usa", ["genre:Comedy", "country:United States of America"]),
        ("south korean western", ["language:ko", "genre:Western"]),
        ("comédies belges", ["genre:Comedy", "country:Belgium"]),
        ("polnischer western", ["language:pl", "genre:Western"]),
        ("eastern european drama", ["country:Poland", "genre:Drama"]),
        ("anime film", ["genre:anime"]),
        ("spaghetti western", ["genre:spaghetti western"]),
    ],
)
def test_origins_are_read_in_many_wordings(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text", ["a trip to italy with a dog", "two detectives in china", "movies about the korean war"]
)
def test_places_in_the_story_are_not_origins(text: str) -> None:
    assert not [key for key in keys(text) if key.startswith(("country:", "language:"))]
