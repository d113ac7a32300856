"""Series in a search text, and their parts: `harry potter movies`, `third harry potter`, `the sequel to Alien`."""

from __future__ import annotations

from collections.abc import Sequence

from core import texts
from core.understanding import PieceKind
from engine.search.understanding import word_lists
from engine.search.understanding.draft import Draft
from indexer.names import series
from indexer.names.gazetteer import NamedMovie

NEVER = 9_999
"""The year of a movie that has none."""
MAX_BETWEEN = 3
"""Words between the name of a series and the number of a part."""
_THE = frozenset({"the"})
_BETWEEN = frozenset({
    "the", "of", "movie", "film", "in", "part", "one", "installment", "instalment", "entry", "chapter", "from",
})  # fmt: skip
"""Words between the number of a part and the name of its series."""


def find_series(draft: Draft) -> None:
    """`harry potter movies`, `third harry potter`, `star wars episode 5`: a series, or a part of it."""
    for at in range(len(draft)):
        if not draft.free(at):
            continue
        name, count = series_at(draft, at)
        if not name:
            continue
        movies = draft.vocabulary.gazetteer.by_series[name]
        shown = draft.vocabulary.gazetteer.series_names.get(name, name)
        number, first, last = _part(draft, at, count)
        movie = _numbered(movies, number, draft.words[at : at + count])
        if movie is None:
            movie, first, last = _with_lead(draft, movies, at, count)
        if movie is not None:
            value = f"{name} {movie.part if number in (0, word_lists.OLDEST) else number}"
            piece = draft.piece(PieceKind.PART, value, movie.title, at, count, movies=(movie.id,))
            draft.take(at, count, piece)
            draft.skip(first, at - first)
            draft.skip(at + count, last - at - count)
        elif _series_meant(draft, at, count, name):
            ids = tuple(movie.id for movie in movies)
            draft.take(at, count, draft.piece(PieceKind.COLLECTION, name, shown, at, count, movies=ids))


def find_sequels(draft: Draft) -> None:
    """`the sequel to Alien`, `the one after Alien`, `the Alien sequel`: the next part of a series."""
    said = not word_lists.SEQUEL.isdisjoint(draft.words)
    for at in range(len(draft) - 1):
        lead = draft.starts(word_lists.SEQUELS, at)
        if not lead and not said:
            continue
        count, movies = draft.title_at(at + lead)
        behind = draft.words[at + count] in word_lists.SEQUEL if count and at + count < len(draft) else False
        if count and (lead or behind) and draft.free(at, count + (lead or 1)):
            _take_next(draft, at, count + (lead or 1), movies[0])


def _take_next(draft: Draft, at: int, count: int, movie: NamedMovie) -> None:
    """Take tokens as the part of a series that follows a movie."""
    series_of = draft.vocabulary.gazetteer.by_series.get(movie.series, ()) if movie.series else ()
    later = next((other for other in series_of if other.part > movie.part), None)
    if later is not None:
        value = f"{movie.series} {later.part}"
        draft.take(at, count, draft.piece(PieceKind.PART, value, later.title, at, count, movies=(later.id,)))


def series_at(draft: Draft, at: int) -> tuple[str, int]:
    """The series whose name begins at token `at`, and its number of tokens; several movies must belong to it."""
    names = draft.vocabulary.gazetteer
    if at >= len(draft) or draft.words[at] in word_lists.DETERMINERS or draft.words[at] not in names.series_starts:
        return "", 0
    for count in range(min(6, len(draft) - at), 0, -1):
        words = draft.words[at : at + count]
        if words[-1] in word_lists.DETERMINERS:
            continue
        name = names.series_keys.get(" ".join(word for word in words if word not in word_lists.DETERMINERS), "")
        if name and len(names.by_series[name]) > 1 and draft.free(at, count):
            return name, count
    return "", 0


def _part(draft: Draft, at: int, count: int) -> tuple[int, int, int]:
    """The number of the part that is meant (0: none is, -1: the last one), and the tokens around that say so."""
    end = at + count
    number, last = _number_behind(draft, end)
    if number:
        return number, at, last
    number, first = _number_before(draft, at)
    last = end + 1 if end < len(draft) and draft.words[end] in word_lists.SERIES_WORDS else end
    return (number, first, last) if number else (0, at, end)


def _numbered(movies: Sequence[NamedMovie], number: int, typed: Sequence[str]) -> NamedMovie | None:
    """The part of that number, the last part, or the oldest one.

    Where it is not called as it was typed, parts that are count: of a universe, the second Avengers is no other movie.
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
    """Whether others of a universe begin with the same word as a movie: `Iron Man 2` of the Avengers."""
    begins = [series.key(other.title).partition(" ")[0] for other in (movie, *movies)]
    return begins.count(begins[0]) > 2  # noqa: PLR2004 - itself twice


def _with_lead(draft: Draft, movies: Sequence[NamedMovie], at: int, count: int) -> tuple[NamedMovie | None, int, int]:
    """`the first Daniel Craig Bond`: the movie, and the tokens that say so."""
    for first in range(at - 2, max(-1, at - 2 - MAX_BETWEEN), -1):
        name = draft.words[first + 1 : at]
        if draft.words[first] in word_lists.ORDINALS and draft.free(first, at - first):
            own = [movie for movie in movies if any(_is_called(lead, name) for lead, _, _ in movie.leads)]
            own.sort(key=lambda movie: movie.year or NEVER)
            number = word_lists.ORDINALS[draft.words[first]]
            place = max(number, 0) - 1 if number != word_lists.OLDEST else 0
            if own and place < len(own):
                return own[place], first, at + count
    return None, at, at + count


def _is_called(name: str, words: Sequence[str]) -> bool:
    """Whether words are somebody's name or surname."""
    folded = texts.fold(name)
    typed = " ".join(words)
    return folded == typed or folded.endswith(f" {typed}")


def _number_behind(draft: Draft, end: int) -> tuple[int, int]:
    """`Alien 3`, `Alien part two`, `Alien, the second one please`: the number, and the token behind what says it."""
    where = end
    while where < len(draft) and where < end + MAX_BETWEEN and draft.words[where] in word_lists.PART_WORDS | _THE:
        where += 1
    if where >= len(draft) or not draft.free(end, where - end + 1):
        return 0, end
    word, last = draft.words[where], where + 1
    if word in word_lists.ORDINALS:
        while last < len(draft) and draft.words[last] in word_lists.PART_WORDS | {"one"}:
            last += 1
        return (word_lists.ORDINALS[word], last) if where > end or last > where + 1 or _ends(draft, last) else (0, end)
    if where == end and word == "one":  # "the Rio one"
        return 0, end
    return (_number(word), last) if _ends(draft, last) else (0, end)


def _number_before(draft: Draft, at: int) -> tuple[int, int]:
    """`the third Alien`, `the second one of the Alien series`, `part 2 of Alien`: the number, and its first token."""
    before = at - 1
    while before >= 0 and draft.words[before] in _BETWEEN and draft.free(before):
        before -= 1
    if before < 0 or not draft.free(before):
        return 0, at
    if draft.words[before] in word_lists.ORDINALS:
        return word_lists.ORDINALS[draft.words[before]], before
    part = (
        before and draft.words[before - 1] in word_lists.PART_WORDS and draft.words[before + 1] in {"of", "in", "from"}
    )
    return (_number(draft.words[before]), before - 1) if part else (0, at)


def _ends(draft: Draft, at: int) -> bool:
    """Whether the text, or a clause of it, ends before token `at`, small words aside."""
    told = draft.starts(word_lists.TELLS, at)
    return bool(told) or draft.tokens[at - 1].ends_clause or all(word in word_lists.EDGES for word in draft.words[at:])


def _number(word: str) -> int:
    return int(word) if word.isdigit() and len(word) <= 2 else word_lists.NUMERALS.get(word, 0)  # noqa: PLR2004


def _series_meant(draft: Draft, at: int, count: int, name: str) -> bool:
    """Whether a series is what is asked for: all of the text, or with `movies`, `series` and the like behind it.

    A word that its titles only have in common (`pirates`) needs `movies` behind it in any case.
    """
    end = at + count
    behind = draft.words[end] if end < len(draft) else ""
    if count == 1 and series.key(name) != draft.words[at] and behind not in word_lists.SERIES_WORDS:
        return False
    rest = [word for i, word in enumerate(draft.words) if not at <= i < end and word not in word_lists.EDGES]
    everyday = all(
        word in word_lists.KNOWN or draft.vocabulary.tables.phrases.get(word) for word in draft.words[at:end]
    )
    if rest and count == 1 and behind in _MOVIES and draft.words[at] in draft.vocabulary.gazetteer.everyday:
        return False  # "a funny alien movie" is about aliens
    return not everyday and (not rest or behind in word_lists.SERIES_WORDS)


_MOVIES = frozenset({"movie", "movies", "film", "films"})
