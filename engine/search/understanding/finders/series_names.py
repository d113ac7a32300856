"""Series and their parts in a search text: `harry potter movies`, `third harry potter`, `the sequel to Alien`."""

from __future__ import annotations

from collections.abc import Sequence

from core import texts
from core.understanding import PieceKind
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState
from indexer.names import series
from indexer.names.gazetteer import NamedMovie

NEVER = 9_999
"""Sort key for movies without a year."""
MAX_BETWEEN = 3
"""Maximum words between the name of a series and the number of a part."""
_THE = frozenset({"the"})
_BETWEEN = frozenset({
    "the", "of", "movie", "film", "in", "part", "one", "installment", "instalment", "entry", "chapter", "from",
})  # fmt: skip
"""Words allowed between the number of a part and the name of its series."""


def find_series(state: ParseState) -> None:
    """Find series and parts of them: `harry potter movies`, `third harry potter`, `star wars episode 5`."""
    for at in range(len(state)):
        if not state.free(at):
            continue
        name, count = series_at(state, at)
        if not name:
            continue
        movies = state.vocabulary.gazetteer.by_series[name]
        shown = state.vocabulary.gazetteer.series_names.get(name, name)
        number, first, last = _part(state, at, count)
        movie = _numbered(movies, number, state.words[at : at + count])
        if movie is None:
            movie, first, last = _with_lead(state, movies, at, count)
        if movie is not None:
            value = f"{name} {movie.part if number in (0, word_lists.OLDEST) else number}"
            piece = state.piece(PieceKind.PART, value, movie.title, at, count, movies=(movie.id,))
            state.consume(at, count, piece)
            state.skip(first, at - first)
            state.skip(at + count, last - at - count)
        elif _series_meant(state, at, count, name):
            ids = tuple(movie.id for movie in movies)
            state.consume(at, count, state.piece(PieceKind.COLLECTION, name, shown, at, count, movies=ids))


def find_sequels(state: ParseState) -> None:
    """Find the next part of a series: `the sequel to Alien`, `the one after Alien`, `the Alien sequel`."""
    has_sequel = not word_lists.SEQUEL.isdisjoint(state.words)
    for at in range(len(state) - 1):
        lead = state.starts(word_lists.SEQUELS, at)
        if not lead and not has_sequel:
            continue
        count, movies = state.title_at(at + lead)
        behind = state.words[at + count] in word_lists.SEQUEL if count and at + count < len(state) else False
        if count and (lead or behind) and state.free(at, count + (lead or 1)):
            _match_next(state, at, count + (lead or 1), movies[0])


def _match_next(state: ParseState, at: int, count: int, movie: NamedMovie) -> None:
    """Take tokens as the part of a series that comes after a movie."""
    series_of = state.vocabulary.gazetteer.by_series.get(movie.series, ()) if movie.series else ()
    later = next((other for other in series_of if other.part > movie.part), None)
    if later is not None:
        value = f"{movie.series} {later.part}"
        state.consume(at, count, state.piece(PieceKind.PART, value, later.title, at, count, movies=(later.id,)))


def series_at(state: ParseState, at: int) -> tuple[str, int]:
    """Return the series of several movies whose name begins at token `at`, and the name's number of tokens."""
    names = state.vocabulary.gazetteer
    if at >= len(state) or state.words[at] in word_lists.DETERMINERS or state.words[at] not in names.series_starts:
        return "", 0
    for count in range(min(6, len(state) - at), 0, -1):
        words = state.words[at : at + count]
        if words[-1] in word_lists.DETERMINERS:
            continue
        name = names.series_keys.get(" ".join(word for word in words if word not in word_lists.DETERMINERS), "")
        if name and len(names.by_series[name]) > 1 and state.free(at, count):
            return name, count
    return "", 0


def _part(state: ParseState, at: int, count: int) -> tuple[int, int, int]:
    """Return the number of the part that is meant (0 for none, -1 for the last), and the span of tokens that say so."""
    end = at + count
    number, last = _number_behind(state, end)
    if number:
        return number, at, last
    number, first = _number_before(state, at)
    last = end + 1 if end < len(state) and state.words[end] in word_lists.SERIES_WORDS else end
    return (number, first, last) if number else (0, at, end)


def _numbered(movies: Sequence[NamedMovie], number: int, typed: Sequence[str]) -> NamedMovie | None:
    """Return the part with this number, the last part, or the oldest one.

    If its title lacks the typed name, count only the parts whose titles have it: in a universe of movies, the second
    Avengers is the second movie with that name.
    """
    if number == word_lists.OLDEST:
        return min(movies, key=lambda movie: movie.year or NEVER)
    name = set(typed) - word_lists.SERIES_WORDS
    called = [movie for movie in movies if name <= set(texts.words(movie.title))]
    numbered = next((movie for movie in movies if movie.part == number), None)
    elsewhere = numbered is not None and numbered not in called and _has_own_series(numbered, movies)
    if elsewhere and 0 < number <= len(called):
        return sorted(called, key=lambda movie: movie.year or NEVER)[number - 1]
    return next((movie for movie in movies if movie.part == number), movies[-1] if number == -1 else None)


def _has_own_series(movie: NamedMovie, movies: Sequence[NamedMovie]) -> bool:
    """Return whether other movies of a universe begin with the same word: `Iron Man 2` among the Avengers."""
    begins = [series.key(other.title).partition(" ")[0] for other in (movie, *movies)]
    return begins.count(begins[0]) > 2  # noqa: PLR2004 - itself twice


def _with_lead(
    state: ParseState, movies: Sequence[NamedMovie], at: int, count: int
) -> tuple[NamedMovie | None, int, int]:
    """Return the movie meant by `the first Daniel Craig Bond`, and the span of tokens that say so."""
    for first in range(at - 2, max(-1, at - 2 - MAX_BETWEEN), -1):
        name = state.words[first + 1 : at]
        if state.words[first] in word_lists.ORDINALS and state.free(first, at - first):
            starring = [movie for movie in movies if any(_is_called(lead, name) for lead, _, _ in movie.leads)]
            starring.sort(key=lambda movie: movie.year or NEVER)
            number = word_lists.ORDINALS[state.words[first]]
            place = max(number, 0) - 1 if number != word_lists.OLDEST else 0
            if starring and place < len(starring):
                return starring[place], first, at + count
    return None, at, at + count


def _is_called(name: str, words: Sequence[str]) -> bool:
    """Return whether words are a person's name or surname."""
    folded = texts.fold(name)
    typed = " ".join(words)
    return folded == typed or folded.endswith(f" {typed}")


def _number_behind(state: ParseState, end: int) -> tuple[int, int]:
    """Return the number in `Alien 3`, `Alien part two` or `Alien, the second one please`, and the end of its tokens."""
    where = end
    while where < len(state) and where < end + MAX_BETWEEN and state.words[where] in word_lists.PART_WORDS | _THE:
        where += 1
    if where >= len(state) or not state.free(end, where - end + 1):
        return 0, end
    word, last = state.words[where], where + 1
    if word in word_lists.ORDINALS:
        while last < len(state) and state.words[last] in word_lists.PART_WORDS | {"one"}:
            last += 1
        return (word_lists.ORDINALS[word], last) if where > end or last > where + 1 or _ends(state, last) else (0, end)
    if where == end and word == "one":  # "the Rio one"
        return 0, end
    return (_number(word), last) if _ends(state, last) else (0, end)


def _number_before(state: ParseState, at: int) -> tuple[int, int]:
    """Return the number in `the third Alien`, `the second one of the Alien series` or `part 2 of Alien`, and its first
    token."""
    before = at - 1
    while before >= 0 and state.words[before] in _BETWEEN and state.free(before):
        before -= 1
    if before < 0 or not state.free(before):
        return 0, at
    if state.words[before] in word_lists.ORDINALS:
        return word_lists.ORDINALS[state.words[before]], before
    part = (
        before and state.words[before - 1] in word_lists.PART_WORDS and state.words[before + 1] in {"of", "in", "from"}
    )
    return (_number(state.words[before]), before - 1) if part else (0, at)


def _ends(state: ParseState, at: int) -> bool:
    """Return whether the text, or a clause of it, ends before token `at`, ignoring small words."""
    tells = state.starts(word_lists.TELLS, at)
    return bool(tells) or state.tokens[at - 1].ends_clause or all(word in word_lists.EDGES for word in state.words[at:])


def _number(word: str) -> int:
    return int(word) if word.isdigit() and len(word) <= 2 else word_lists.NUMERALS.get(word, 0)  # noqa: PLR2004


def _series_meant(state: ParseState, at: int, count: int, name: str) -> bool:
    """Return whether a series is meant: it is the whole text, or `movies`, `series` etc. follows.

    A word that the titles merely share (`pirates`) always needs `movies` after it.
    """
    end = at + count
    behind = state.words[end] if end < len(state) else ""
    if count == 1 and series.key(name) != state.words[at] and behind not in word_lists.SERIES_WORDS:
        return False
    rest = [word for i, word in enumerate(state.words) if not at <= i < end and word not in word_lists.EDGES]
    everyday = all(
        word in word_lists.KNOWN or state.vocabulary.tables.phrases.get(word) for word in state.words[at:end]
    )
    if rest and count == 1 and behind in _MOVIES and state.words[at] in state.vocabulary.gazetteer.everyday:
        return False  # "a funny alien movie" is about aliens
    return not everyday and (not rest or behind in word_lists.SERIES_WORDS)


_MOVIES = frozenset({"movie", "movies", "film", "films"})
