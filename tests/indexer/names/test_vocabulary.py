"""The words of a catalogue, and corrections from them."""

from __future__ import annotations

from collections.abc import Sequence

from core.types import CastMember, Movie, MovieId
from indexer.names import vocabulary
from indexer.names.vocabulary import Vocabulary, VocabularyWriter


def _movie(movie: int, title: str, *, votes: int = 0, overview: str = "", cast: Sequence[str] = ()) -> Movie:
    members = tuple(CastMember(name, order=order) for order, name in enumerate(cast))
    return Movie(MovieId(movie), title, overview=overview, cast=members, vote_count=votes, vote_average=7.0)


def _read(*movies: Movie) -> Vocabulary:
    writer = VocabularyWriter()
    for movie in movies:
        writer.add(movie)
    return vocabulary.read(writer.content())


WORLD = _read(
    _movie(1, "The Matrix", votes=9_000, overview="A hacker wakes."),
    _movie(2, "A Night at Sea", votes=40, cast=("Groucho Marx",)),
    _movie(3, "Spider-Man", votes=8_000, cast=("Tobey Maguire",)),
    _movie(4, "Interstellar", votes=10_000, overview="Farmers fly to the stars. A tesseract."),
    _movie(5, "Amélie", votes=3_000),
    _movie(6, "Biderman Goes Home"),
)


def _meant(text: str) -> dict[str, str]:
    return {word: found.word for word, found in WORLD.correct(text.split()).items()}


def test_words_of_well_known_titles_are_preferred() -> None:
    assert _meant("the matrx") == {"matrx": "matrix"}
    assert _meant("interstelar") == {"interstelar": "interstellar"}


def test_a_title_as_one_word_is_not_corrected() -> None:
    assert _meant("spiderman") == {}
    assert _meant("Spiderman 3") == {}


def test_a_correction_has_its_original_spelling() -> None:
    assert _meant("amelei") == {"amelei": "amélie"}


def test_a_word_of_few_texts_and_no_name_is_never_offered() -> None:
    assert _meant("teseract") == {}
    assert _meant("tesseract") == {}


def test_an_inflected_word_is_recognised_by_its_stem() -> None:
    assert _meant("hackers waking") == {}


def test_a_catalogue_without_movies_corrects_nothing() -> None:
    assert _read().correct(["matrx"]) == {}


def test_words_of_other_scripts_are_left_alone() -> None:
    assert _meant("матрикс 夜のバス停") == {}
