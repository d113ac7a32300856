"""Scores of words: BM25 as Lucene computes it, and the best of them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Movie
from indexer import documents
from indexer.embedded import words
from indexer.embedded.words import Words, WordsWriter
from tests.contracts import world


@pytest.fixture
def movies() -> list[Movie]:
    """Movies, one of which has no people and one a long plot."""
    short, nobody, *others = world.movies()
    told = " ".join(f"island{number}" for number in range(90)) + " lighthouse" * 3
    return [replace(short, overview=told), replace(nobody, cast=(), directors=(), writers=()), *others]


def _write(folder: Path, movies: list[Movie]) -> Words:
    writer = WordsWriter(folder)
    for movie in movies:
        writer.add(movie)
    writer.finish()
    return Words(folder, len(movies))


def _by_formula(movies: list[Movie], field: str, term: str) -> list[float]:
    """BM25 with k1 1.2 and b .75, with the lengths that Lucene stores."""
    counts = [Counter(documents.word_fields(movie)[field].split()) for movie in movies]
    lengths = [count.total() for count in counts]
    documents_with_field = sum(1 for length in lengths if length)
    average = sum(lengths) / documents_with_field
    having = sum(1 for count in counts if count[term])
    rarity = math.log(1 + (documents_with_field - having + 0.5) / (having + 0.5))
    return [
        rarity * count[term] / (count[term] + 1.2 * (0.25 + 0.75 * stored(length) / average))
        for count, length in zip(counts, lengths, strict=True)
    ]


def stored(length: int) -> int:
    """Read the length from the byte in which Lucene stores it: three digits after the first, and a shift."""
    if length < 24:
        return length
    shift = max((length - 24).bit_length() - 4, 0)
    return 24 + ((length - 24) >> shift << shift)


def test_scores_are_those_of_the_formula(tmp_path: Path, movies: list[Movie]) -> None:
    found = _write(tmp_path / "words", movies)
    names = Counter(name for movie in movies for name in set(documents.word_fields(movie)["people"].split()))
    for name in (names.most_common(1)[0][0], names.most_common()[-1][0]):
        scores = found.scores(name, (("people", 1.0),))
        assert scores is not None
        assert scores.dtype == np.float32
        assert scores.tolist() == pytest.approx(_by_formula(movies, "people", name), rel=1e-5)
        assert scores.max() > 0


@pytest.mark.parametrize(
    ("length", "kept"), [(0, 0), (23, 23), (39, 39), (40, 40), (41, 40), (57, 56), (100, 96), (1_000, 984)]
)
def test_lengths_are_rounded_as_in_lucene(length: int, kept: int) -> None:
    assert words._as_stored(np.array([length])).tolist() == [kept]
    assert stored(length) == kept


def test_words_and_fields_add_up_by_their_boosts(tmp_path: Path, movies: list[Movie]) -> None:
    found = _write(tmp_path / "words", movies)
    one, other = (found.scores(word, (("text", 1.0),)) for word in ("lighthouse", "island7"))
    both = found.scores("lighthouse, island7!", (("text", 2.0), ("people", 0.0)))
    assert one is not None
    assert other is not None
    assert both == pytest.approx(2 * (one + other))
    assert one.max() > 0
    assert other.max() > 0


def test_a_question_without_words_has_no_scores_and_unknown_words_score_nothing(
    tmp_path: Path, movies: list[Movie]
) -> None:
    found = _write(tmp_path / "words", movies)
    assert found.scores("the of", (("text", 1.0),)) is None
    unknown = found.scores("zzyzzx", (("text", 1.0),))
    assert unknown is not None
    assert not unknown.any()
    with pytest.raises(ValueError, match=r"expected some of text, title.*got 'plots'"):
        found.scores("island", (("plots", 1.0),))


def test_an_empty_catalogue_has_no_scores(tmp_path: Path) -> None:
    scores = _write(tmp_path / "words", []).scores("island", (("text", 1.0),))
    assert scores is not None
    assert scores.shape == (0,)
    assert words.best(scores, None, 5).tolist() == []


def test_drafts_leave_no_files_behind(tmp_path: Path, movies: list[Movie]) -> None:
    _write(tmp_path / "words", movies)
    assert {path.name for path in (tmp_path / "words").iterdir()} == {
        words.KEYS, words.BOUNDS, words.ROWS, words.WEIGHTS
    }  # fmt: skip


def test_files_of_different_lengths_are_refused(tmp_path: Path, movies: list[Movie]) -> None:
    _write(tmp_path / "words", movies)
    with (tmp_path / "words" / words.ROWS).open("ab") as file:
        file.write(b"\0\0\0\0")
    with pytest.raises(ValueError, match="different numbers"):
        Words(tmp_path / "words", len(movies))


@given(
    scores=st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 7.25]), max_size=300),
    depth=st.integers(0, 40),
    masked=st.booleans(),
)
def test_the_best_are_the_first_of_all_in_order(scores: list[float], depth: int, masked: bool) -> None:
    given_scores = np.array(scores, np.float32)
    mask = (np.arange(len(scores)) % 3 > 0) if masked else None
    allowed = [row for row, score in enumerate(scores) if score > 0 and (mask is None or mask[row])]
    expected = sorted(allowed, key=lambda row: (-scores[row], row))[:depth]
    assert words.best(given_scores, mask, depth).tolist() == expected
