"""Series in a search text, and their parts: `harry potter movies`, `third harry potter`, `the sequel to Alien`."""

from __future__ import annotations

from core.understanding import PieceKind
from engine.search.understanding import phrasing
from engine.search.understanding.draft import Draft
from indexer import series


def find_series(draft: Draft) -> None:
    """`harry potter movies`, `third harry potter`, `star wars episode 5`: a series, or a part of it."""
    for at in range(len(draft)):
        if not draft.free(at):
            continue
        name, count = series_at(draft, at)
        if not name:
            continue
        number, first, last = _part(draft, at, count)
        movies = draft.vocabulary.gazetteer.by_series[name]
        shown = draft.vocabulary.gazetteer.series_names.get(name, name)
        movie = next((movie for movie in movies if movie.part == number), movies[-1] if number == -1 else None)
        if number and movie is not None:
            piece = draft.piece(PieceKind.PART, f"{name} {number}", movie.title, at, count, movies=(movie.id,))
            draft.take(at, count, piece)
            draft.skip(first, at - first)
            draft.skip(at + count, last - at - count)
        elif _series_meant(draft, at, count, name):
            ids = tuple(movie.id for movie in movies)
            draft.take(at, count, draft.piece(PieceKind.COLLECTION, name, shown, at, count, movies=ids))


def find_sequels(draft: Draft) -> None:
    """`the sequel to Alien`: the next part of a series."""
    for at in range(len(draft) - 2):
        if draft.words[at] not in {"sequel", "sequels"} or draft.words[at + 1] not in {"to", "of"}:
            continue
        count, movies = draft.title_at(at + 2)
        by_series = draft.vocabulary.gazetteer.by_series
        movie = movies[0] if count else None
        if movie is None or not movie.series or not draft.free(at, count + 2):
            continue
        later = [other for other in by_series[movie.series] if other.part > movie.part]
        if later:
            piece = draft.piece(
                PieceKind.PART, f"{movie.series} {later[0].part}", later[0].title, at, count + 2,
                movies=(later[0].id,),
            )  # fmt: skip
            draft.take(at, count + 2, piece)


def series_at(draft: Draft, at: int) -> tuple[str, int]:
    """The series whose name begins at token `at`, and its number of tokens; several movies must belong to it."""
    names = draft.vocabulary.gazetteer
    if at >= len(draft) or draft.words[at] in phrasing.DETERMINERS or draft.words[at] not in names.series_starts:
        return "", 0
    for count in range(min(6, len(draft) - at), 0, -1):
        words = draft.words[at : at + count]
        if words[-1] in phrasing.DETERMINERS:
            continue
        name = names.series_keys.get(" ".join(word for word in words if word not in phrasing.DETERMINERS), "")
        if name and len(names.by_series[name]) > 1 and draft.free(at, count):
            return name, count
    return "", 0


def _part(draft: Draft, at: int, count: int) -> tuple[int, int, int]:
    """The number of the part that is meant (0: none is, -1: the last one), and the tokens around that say so."""
    end = at + count
    where = end
    while where < len(draft) and draft.words[where] in phrasing.PART_WORDS and where < end + 2:
        where += 1
    number = _number(draft.words[where]) if where < len(draft) else 0
    if where == end and where < len(draft) and draft.words[where] == "one":  # "the Rio one"
        number = 0
    if number and where + 1 == len(draft):
        return number, at, where + 1
    before = at - 1
    while before >= 0 and draft.words[before] in {"the", "of", "movie", "film", "in"}:
        before -= 1
    if before >= 0 and draft.words[before] in phrasing.ORDINALS and draft.free(before):
        last = end + 1 if end < len(draft) and draft.words[end] in phrasing.SERIES_WORDS else end
        return phrasing.ORDINALS[draft.words[before]], before, last
    return 0, at, end


def _number(word: str) -> int:
    return int(word) if word.isdigit() and len(word) <= 2 else phrasing.NUMERALS.get(word, 0)  # noqa: PLR2004


def _series_meant(draft: Draft, at: int, count: int, name: str) -> bool:
    """Whether a series is what is asked for: all of the text, or with `movies`, `series` and the like behind it.

    A word that its titles only have in common (`pirates`) needs `movies` behind it in any case.
    """
    end = at + count
    behind = draft.words[end] if end < len(draft) else ""
    if count == 1 and series.key(name) != draft.words[at] and behind not in phrasing.SERIES_WORDS:
        return False
    rest = [word for i, word in enumerate(draft.words) if not at <= i < end and word not in phrasing.EDGES]
    everyday = all(word in phrasing.KNOWN or draft.vocabulary.tables.phrases.get(word) for word in draft.words[at:end])
    return not everyday and (not rest or behind in phrasing.SERIES_WORDS)
