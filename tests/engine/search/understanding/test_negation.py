"""Negations and their scope."""

from __future__ import annotations

import pytest

from tests import video_shop
from tests.video_shop import keys, read


@pytest.mark.parametrize(
    "text",
    [
        "no horror", "not horror", "not a horror movie", "without horror", "anything but horror", "other than horror",
        "never horror", "please no horror", "nothing too horror", "except horror", "-horror", "don't want horror",
        "tired of horror", "hold the horror", "skip the horror", "not into horror",
        "my wife hates horror", "sin terror", "pas d'horreur", "kein horror", "niente horror", "sem terror",
        "ホラーじゃない映画", "ホラー以外の映画",
    ],
)  # fmt: skip
def test_a_genre_can_be_excluded_in_many_ways(text: str) -> None:
    assert keys(text) == ["not-genre:Horror"]


@pytest.mark.parametrize("text", ["western without reels", "western, no reels", "western -reels"])
def test_an_unknown_excluded_word_excludes_movies_by_text(text: str) -> None:
    genre, word = read(text).pieces
    assert (genre.key, word.key) == ("genre:Western", "not-phrase:reels")
    assert set(word.names) == {"reels", "reel"}


@pytest.mark.parametrize(
    ("text", "topic_words", "names"),
    [
        ("a western not about lighthouse keepers", "lighthouse keepers", {"lighthouse keepers"}),
        ("a western that isn't about a lighthouse", "lighthouse", {"lighthouse", "lighthouses"}),
        ("a western, not set in a lighthouse", "lighthouse", {"lighthouse", "lighthouses"}),
        ("a western not about lighthouse 2", "lighthouse 2", {"lighthouse 2", "lighthouse ii", "lighthouse two"}),
    ],
)
def test_an_excluded_topic_excludes_movies_about_it(text: str, topic_words: str, names: set[str]) -> None:
    reading = read(text)
    genre, topic = reading.pieces
    assert (genre.key, topic.key, reading.remainder) == ("genre:Western", f"not-phrase:{topic_words}", "")
    assert set(topic.names) == names


def test_or_joins_excluded_topics() -> None:
    assert keys("a western not about a lighthouse or reels")[1:] == ["not-phrase:lighthouse", "not-phrase:reels"]


@pytest.mark.parametrize("text", ["a comedy about girls without reels", "western without xyzzyx"])
def test_words_of_the_story_and_unknown_ones_exclude_nothing(text: str) -> None:
    assert all(piece.wanted for piece in read(text).pieces)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no horror or comedy", ["not-genre:Horror", "not-genre:Comedy"]),
        ("neither horror nor comedy", ["not-genre:Horror", "not-genre:Comedy"]),
        ("no thanks, a comedy", ["genre:Comedy"]),
        ("no horror, comedy", ["not-genre:Horror", "genre:Comedy"]),
        ("no horror but comedy", ["not-genre:Horror", "genre:Comedy"]),
        ("comedy but not western", ["genre:Comedy", "not-genre:Western"]),
        ("comedy, no western, drama", ["genre:Comedy", "not-genre:Western", "genre:Drama"]),
        ("not only funny but a western", ["mood:funny", "genre:Western"]),
        ("not just funny but a western", ["mood:funny", "genre:Western"]),
        ("violence-free comedy", ["not-mood:violent", "genre:Comedy"]),
        ("funny western -romance", ["mood:funny", "genre:Western", "not-genre:Romance"]),
        ("a western that is not too violent", ["genre:Western", "not-mood:violent"]),
        ("a western from the 90s, not in english", ["genre:Western", "years:1990-1999", "not-language:en"]),
        ("western movies not from the 90s", ["genre:Western", "not-years:1990-1999"]),
        ("comedy, anyone but Duke Ambrose", ["genre:Comedy", "not-person:Duke Ambrose"]),
        ("crime movies, i've seen The Brass Clock", ["genre:Crime", f"not-title:{video_shop.BRASS_CLOCK}"]),
        ("comedy without Duke Ambrose", ["genre:Comedy", "not-person:Duke Ambrose"]),
        ("crime movies, not The Brass Clock", ["genre:Crime", f"not-title:{video_shop.BRASS_CLOCK}"]),
    ],
)
def test_a_negation_includes_alternatives_and_ends_at_a_comma_or_but(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_an_excluded_series_is_excluded_as_a_whole() -> None:
    (piece,) = [piece for piece in read("space adventure movie but not star harbour").pieces if not piece.wanted]
    assert set(piece.movies) >= {video_shop.STAR_HARBOUR, video_shop.DROWNED_MOON, video_shop.HARBOUR_HOME}
    assert piece.label == "Star Harbour"


def test_excluding_a_length_does_not_exclude_a_kind_of_movie() -> None:
    assert keys("comedy not longer than 100 minutes") == ["genre:Comedy", "runtime:<=100"]


@pytest.mark.parametrize("text", ["a comedy that is not boring", "a comedy, nothing boring"])
def test_excluded_words_that_are_not_understood_are_not_matched(text: str) -> None:
    assert read(text).remainder == ""


def test_a_negation_is_never_matched() -> None:
    assert read("a western with a train robbery but without comedy").remainder == "train robbery"
