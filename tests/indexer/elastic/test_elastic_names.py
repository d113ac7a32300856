"""The preselection of names gives the same result as the full comparison."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core import texts
from indexer.elastic import names
from indexer.names import suggestions
from indexer.names.suggestions import Name

TITLES = ("The Godfather", "The Dark Knight", "Dark City", "Knight and Day", "Amélie", "Tom Hanks", "Star Wars")
POOL = [Name("movie", title, texts.fold(title), float(n), None, n) for n, title in enumerate(TITLES, start=1)]
SHORT = st.text(alphabet="darkni tgofe", max_size=9).map(texts.fold)


@given(SHORT, st.integers(1, 4))
def test_any_text_has_the_same_suggestions(typed: str, limit: int) -> None:
    assert names.choose(POOL, typed, limit=limit) == suggestions.rank(POOL, typed, limit=limit)


@given(st.sampled_from([tail for name in POOL for tail in suggestions.starts(name)]), st.data())
def test_a_name_is_found_with_any_two_letters_transposed(tail: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(tail) - 2))
    typed = texts.fold(tail[:place] + tail[place + 1] + tail[place] + tail[place + 2 :])
    assert names.choose(POOL, typed, limit=9) == suggestions.rank(POOL, typed, limit=9)
