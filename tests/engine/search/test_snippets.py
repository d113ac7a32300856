"""Matched words and the stretch of text that shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import texts
from core.types import CastMember, Movie, MovieId
from engine.search import snippets
from indexer.analysis import terms

MOVIE = Movie(
    MovieId(1),
    "The Lighthouse Keeper",
    overview="On a storm-beaten island an old keeper teaches a runaway girl to read the stars. "
    "When the supply boat fails to come, the two must choose between the light and the sea, "
    "and the girl's drawings of the lamps turn out to be a map that her mother left behind years before.",
    tagline="Some lights are never meant to go out.",
    genres=("Drama",),
    keywords=("island",),
    cast=(CastMember("Ana Ruiz", "Marta"),),
)


def test_a_word_matches_by_its_stem_and_is_given_as_typed() -> None:
    assert snippets.matched("girls running drawing marta ruiz dramas", MOVIE) == (
        "girls", "drawing", "marta", "ruiz", "dramas",
    )  # fmt: skip


def test_a_word_of_a_tag_is_among_the_matches_with_and_without_the_index() -> None:
    tagged = Movie(MovieId(2), "Quiet", tags=("Slow cinema",))
    counts = terms.count(tagged)
    indexed = terms.Weighing.of([counts]).weigh(counts)
    assert snippets.matched("a slow tale", tagged) == snippets.matched("a slow tale", tagged, indexed) == ("slow",)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("tried", "they try"), ("try", "he tries"), ("dying", "to die"), ("die", "she is dying"), ("skies", "the sky"),
     ("cities", "a city"), ("ponies", "one pony"), ("amelie", "Amélie smiles"), ("ox", "an ox")],
)  # fmt: skip
def test_words_that_change_early_still_match(asked: str, text: str) -> None:
    assert snippets.matched(asked, Movie(MovieId(1), "x", overview=text)) == (asked,)


@given(st.lists(st.sampled_from("cry cries crying dry dries sky ski skies tie tying dye eye ages buried".split())))
def test_no_match_is_lost_by_looking_at_first_letters(words: list[str]) -> None:
    movie = Movie(MovieId(1), "x", overview=" ".join(words))
    for asked in ("cries", "dry", "skies", "ski", "ties", "eyes", "age", "bury"):
        assert bool(snippets.matched(asked, movie)) == (snippets.stem(asked) in {snippets.stem(w) for w in words})


def test_stop_words_are_no_reason() -> None:
    assert snippets.matched("the girl and the sea", MOVIE) == ("girl", "sea")


def test_a_query_of_stop_words_alone_still_matches() -> None:
    assert snippets.matched("the", MOVIE) == ("the",)


def test_matches_are_marked_in_the_text() -> None:
    snippet = snippets.snippet("runaway stars", MOVIE)
    assert "\x02runaway\x03" in snippet
    assert "\x02stars\x03" in snippet


def test_the_stretch_with_most_matches_is_shown() -> None:
    snippet = snippets.snippet("girl drawings map mother", MOVIE)
    assert "\x02map\x03" in snippet
    assert snippet.startswith("…")


def test_the_tagline_is_shown_where_only_it_matches() -> None:
    assert snippets.snippet("meant", MOVIE) == "Some lights are never \x02meant\x03 to go out."


def test_no_match_gives_no_snippet() -> None:
    assert snippets.snippet("spaceship", MOVIE) == ""


@given(st.text(alphabet=st.characters(exclude_characters="\x02\x03"), max_size=600), st.text(max_size=40))
def test_a_snippet_is_a_stretch_of_the_text_whatever_it_holds(overview: str, query: str) -> None:
    words = " ".join(dict.fromkeys(texts.words(query + " " + overview[:20])))
    snippet = snippets.snippet(words, Movie(MovieId(1), "x", overview=overview))
    bare = snippet.replace(snippets.OPEN, "").replace(snippets.CLOSE, "").strip("…").strip()
    assert bare in overview
    assert snippet.count(snippets.OPEN) == snippet.count(snippets.CLOSE)


TOLD = Movie(
    MovieId(7),
    "The Harbour",
    year=1994,
    overview="A sailor doesn't leave the harbour, though every ship that sails by calls. " * 3 + "Then a storm comes.",
    tagline="Nobody sails alone.",
    genres=("Drama",),
    keywords=("lighthouse",),
    cast=(CastMember("Ada Quill", "Captain Reed", 0),),
)


def _indexed(movie: Movie) -> bytes:
    counts = terms.count(movie)
    return terms.Weighing.of([counts]).weigh(counts) + terms.positions(movie)


@given(
    st.lists(st.sampled_from("sailor sails sailing harbour doesn't ship storm nobody drama reed lighthouse".split()))
)
def test_what_the_index_keeps_gives_the_snippet_of_the_texts(words: list[str]) -> None:
    asked = " ".join(dict.fromkeys(word.replace("'", "") for word in words))
    assert snippets.snippet(asked, TOLD, _indexed(TOLD)) == snippets.snippet(asked, TOLD)
    assert snippets.matched(asked, TOLD, _indexed(TOLD)) == snippets.matched(asked, TOLD)


def test_years_and_names_match_by_what_the_index_keeps() -> None:
    assert snippets.matched("quill 1994 harbours absent", TOLD, _indexed(TOLD)) == ("quill", "1994", "harbours")


def test_small_words_alone_are_looked_for_in_the_texts() -> None:
    assert snippets.matched("then", TOLD, _indexed(TOLD)) == snippets.matched("then", TOLD)
