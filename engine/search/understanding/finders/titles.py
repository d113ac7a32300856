"""Titles in a search text: movies to resemble and movies to exclude."""

from __future__ import annotations

from collections.abc import Sequence

from core import texts
from core.understanding import PieceKind
from engine.search import intent
from engine.search.understanding.finders.series_names import series_at
from engine.search.understanding.language import word_lists
from engine.search.understanding.language.tokens import Token
from engine.search.understanding.parse_state import MIN_TITLE_PROMINENCE, ParseState
from engine.search.understanding.vocabulary import MAX_TITLE_WORDS, Vocabulary
from indexer.names import kana
from indexer.names.gazetteer import NamedMovie

AGED = frozenset({"old", "older", "original", "first", "classic", "oldest", "black"})
NEW = frozenset({"new", "newer", "remake", "newest", "latest", "recent", "reboot", "modern"})
MIN_COMPARED = 0.4
"""Minimum prominence of a movie whose title precedes `but` etc."""


def called(text: str, split: Sequence[Token], vocabulary: Vocabulary) -> tuple[int, tuple[NamedMovie, ...]]:
    """Read `the movie called Up` or `that movie Her please`: return the position where the title begins and the movies
    with that title; none if the text is of another form."""
    words = [token.word for token in split]
    last = len(words)
    while last and words[last - 1] in word_lists.ASKING:
        last -= 1
    corrects = [i for i in range(1, last - 1) if words[i] in word_lists.CORRECTS and split[i].ends_clause]
    before_title = word_lists.NOUNS if not corrects else frozenset()
    at = (
        corrects[-1]
        if corrects
        else next((i for i in range(last - 2, -1, -1) if words[i] in word_lists.CALLS | before_title), None)
    )
    if at is None or not (corrects or _asks(words[:at], vocabulary, named=words[at] in word_lists.CALLS)):
        return 0, ()
    begin = split[at + 1].start
    name = text[begin : split[last - 1].end]
    movies = vocabulary.gazetteer.titled(name)
    if words[at] in word_lists.CALLS | word_lists.CORRECTS:
        near = vocabulary.gazetteer.nearly_titled(name) if not movies else None
        movies = (near,) if near is not None else movies
        return (begin if movies else 0), movies
    pointed = at > 0 and words[at - 1] in {"the", "that"}
    known = pointed and bool(movies) and movies[0].prominence >= MIN_TITLE_PROMINENCE
    everyday = all(word in word_lists.KNOWN or word in vocabulary.tables.phrases for word in words[at + 1 : last])
    is_term = vocabulary.phrase(words, at + 1)[0] >= last - at - 1  # "the movie western" asks for a genre
    return (begin, movies) if movies and not is_term and (known or not everyday) else (0, ())


def _asks(words: Sequence[str], vocabulary: Vocabulary, *, named: bool) -> bool:
    """Return whether words ask for a movie or, if a name follows, describe its kind: `a comedy called …`."""
    asking = word_lists.EDGES | word_lists.CALLS | intent.RECALL_WORDS
    return all(word in asking or (named and word in vocabulary.tables.phrases) for word in words)


def pointed(text: str, split: Sequence[Token], vocabulary: Vocabulary) -> tuple[NamedMovie, ...]:
    """Read `King Kong, the Peter Jackson one`: return the movies of a title, first the one described after it."""
    words = [token.word for token in split]
    if "one" not in words[2:]:
        return ()
    count, movies = vocabulary.title_at(text, split, 0)
    rest = words[count:]
    points = rest[:1] in (["the"], ["that"]) and "one" in (rest[-1], *rest[1:2])
    if not count or not points or len(rest) > MAX_TITLE_WORDS or vocabulary.phrase(words, 0)[0] >= count:
        return ()
    if (rest[-1] != "one" and word_lists.ORDINALS.keys() & set(rest)) or (count == 1 and words[0] in word_lists.KNOWN):
        return ()
    described = {word for word in rest if word not in word_lists.EDGES}
    known = [movie for movie in movies if described & _names_in(movie)]
    if not known and described & AGED:
        known = [min(movies, key=lambda movie: movie.year or 0)]
    if not known and described & NEW:
        known = [max(movies, key=lambda movie: movie.year or 0)]
    if described and not known and movies[0].series and not words[count - 1].isdigit():
        return ()  # "Back to the Future, the one in the wild west" may be any of them
    return (*known, *(movie for movie in movies if movie not in known))


def people_of(movie: NamedMovie) -> frozenset[str]:
    """Return the folded names of a movie's directors, writers and leading cast."""
    return frozenset(map(texts.fold, (*movie.directors, *movie.writers, *(lead[0] for lead in movie.leads))))


def _names_in(movie: NamedMovie) -> set[str]:
    """Return the words in the names of a movie's directors and leading cast."""
    return {word for name in (*movie.directors, *(lead[0] for lead in movie.leads)) for word in texts.words(name)}


def find_likes(state: ParseState) -> None:
    """Find movies to resemble: `movies like X`, `similar to X and Y`."""
    for at in range(len(state)):
        if not state.free(at):
            continue
        lead = state.starts(word_lists.LIKE, at)
        if not lead and state.words[at] in word_lists.LIKE_BARE and _bare_like(state, at):
            lead = 1
        if lead and state.free(at, lead):
            _match_likes(state, at, lead)
    _find_likes_before(state)


def find_compared(state: ParseState) -> None:
    """Find a title to resemble at the beginning: `Taken but more brutal`, `Se7en x Shutter Island`, `X for adults`."""
    if not any(state.starts(word_lists.COMPARES, at) for at in range(1, min(MAX_TITLE_WORDS + 1, len(state)))):
        return
    count, movies = state.title_at(0)
    if not count:
        count, movies = _series_movies(state, 0)
    if not count or not state.free(0, count) or count >= len(state) or movies[0].prominence < MIN_COMPARED:
        return
    if not state.plausible_title(0, count, movies[0].prominence) or not state.starts(word_lists.COMPARES, count):
        return
    if state.vocabulary.phrase(state.words, 0)[0] >= count:  # "western but not scary" asks for a genre
        return
    joined = state.words[count] in word_lists.LIKE_JOINS and len(state) > count + 1
    if joined and not state.title_at(count + 1)[0]:
        return
    _match_likes(state, 0, 0)


def find_excluded_titles(state: ParseState) -> None:
    """Find movies or whole series to exclude: `but not Star Wars`."""
    for at in range(1, len(state)):
        negated = state.words[at - 1] in word_lists.NEGATORS or state.ends_with(word_lists.NEGATIONS, at)
        if not negated or not state.free(at) or state.tokens[at - 1].ends_clause:  # "no, Heat" is a correction
            continue
        count, movies = state.title_at(at)
        series, length = series_at(state, at)
        if length >= count and length:
            count, movies = length, state.vocabulary.gazetteer.by_series[series]
        if (
            count
            and not _begins_name(state, at, count)
            and state.free(at, count)
            and _is_name(state, at, count, movies)
        ):
            ids = tuple(movie.id for movie in movies) if length >= count else (movies[0].id,)
            names = state.vocabulary.gazetteer.series_names
            value, label = str(movies[0].id), names.get(series, series) if length >= count else movies[0].title
            piece = state.piece(PieceKind.TITLE, value, label, at, count, wanted=False, movies=ids)
            state.consume(at, count, piece)


def _bare_like(state: ParseState, at: int) -> bool:
    """Return whether a lone `like` is a comparison: at the beginning, or after a word for a movie or a mood."""
    if at == 0:
        return True
    before = state.words[at - 1]
    return (
        before in word_lists.NOUNS | word_lists.PRONOUNS | {"more", "one", "but"}
        or state.taken[at - 1]
        or (bool(state.vocabulary.tables.phrases.get(before)) and before not in word_lists.SMALL)
    )


def _match_likes(state: ParseState, at: int, lead: int) -> None:
    """Take the titles after a word of comparison, joined by `and` etc."""
    begin, where = at, at + lead
    while where < len(state):
        while (
            where < len(state)
            and state.words[where] in {"the", "movie", "film", "movies", "films"}
            and not (state.title_at(where)[0] > 1)
        ):
            where += 1
        count, movies = state.title_at(where) if where < len(state) else (0, ())
        if not count:
            count, movies = _series_movies(state, where)
        if not count or not state.free(where, count) or not state.plausible_title(where, count, movies[0].prominence):
            return
        movie = movies[0]
        series = series_at(state, where)
        piece = state.piece(
            PieceKind.LIKE, str(movie.id), f"like {movie.title}", where, count, movies=(movie.id,),
            names=(series[0],) if series[1] == count else (),
        )  # fmt: skip
        state.consume(where, count, piece)
        state.skip(begin, where - begin)
        begin = where + count
        if begin < len(state) and (state.words[begin] in word_lists.LIKE_JOINS or state.tokens[begin - 1].ends_clause):
            where = begin + (state.words[begin] in word_lists.LIKE_JOINS)
        else:
            return


def _find_likes_before(state: ParseState) -> None:
    """Find titles before a word of comparison: `Inception style movies`, and always in Japanese."""
    for at in range(1, len(state)):
        if state.free(at) and _is_likeness(state, at):
            _match_before(state, at)
        length = state.starts(word_lists.LIKE_AFTER, at)
        for start in range(max(0, at - 12), at) if length else ():
            if not state.free(start, at - start) or _inside_name(state, start):
                continue
            text = state.text[state.tokens[start].start : state.tokens[at - 1].end]
            names = state.vocabulary.gazetteer
            found = names.titled(text) or names.titled_in_kana(text)
            if found:
                movie = found[0]
                piece = state.piece(
                    PieceKind.LIKE, str(movie.id), f"like {movie.title}", start, at - start, movies=(movie.id,)
                )
                state.consume(start, at - start, piece)
                state.skip(at, length)
                break


def _inside_name(state: ParseState, at: int) -> bool:
    """Return whether token `at` continues a run of katakana: the end of a name is not a name."""
    first = state.tokens[at].start
    return any(match.start() < first < match.end() for match in kana.KATAKANA.finditer(state.text))


def _is_likeness(state: ParseState, at: int) -> bool:
    """Return whether a word marks the title before it as one to resemble: `style`, or `like` after a hyphen."""
    return state.words[at] in word_lists.LIKENESS or (
        state.words[at] in word_lists.LIKE_BARE and state.text[state.tokens[at].start - 1] == "-"
    )


def _match_before(state: ParseState, at: int) -> None:
    """Take the longest title that ends before token `at` as one to resemble."""
    for start in range(max(0, at - MAX_TITLE_WORDS), at):
        count, movies = state.title_at(start)
        if start + count != at:
            series = series_at(state, start)
            count, movies = _series_movies(state, start) if start + series[1] == at else (0, ())
        common = state.vocabulary.gazetteer.common.issuperset(state.words[start:at]) and count == 1
        if start + count == at and count and not common and _is_name(state, start, count, movies):
            names = (series_at(state, start)[0],) if series_at(state, start)[1] == count else ()
            movie = movies[0]
            piece = state.piece(
                PieceKind.LIKE, str(movie.id), f"like {movie.title}", start, count, movies=(movie.id,), names=names
            )
            state.consume(start, count, piece)
            state.skip(at, 1)
            return


def _is_name(state: ParseState, at: int, count: int, movies: Sequence[NamedMovie]) -> bool:
    """Return whether words are a title rather than a genre or a mood."""
    words = state.words[at : at + count]
    everyday = all(word in word_lists.KNOWN or state.vocabulary.tables.phrases.get(word) for word in words)
    return not everyday and state.plausible_title(at, count, movies[0].prominence)


def _begins_name(state: ParseState, at: int, count: int) -> bool:
    """Return whether a title is only the beginning of a person's name: `without adam sandler`."""
    longer = range(count + 1, min(count + 3, len(state) - at) + 1)
    return any(" ".join(state.words[at : at + length]) in state.vocabulary.gazetteer.people for length in longer)


def _series_movies(state: ParseState, at: int) -> tuple[int, tuple[NamedMovie, ...]]:
    """Return the movies of a series at token `at`, best known first, and its number of tokens."""
    if at >= len(state):
        return 0, ()
    name, count = series_at(state, at)
    movies = state.vocabulary.gazetteer.by_series.get(name, ())
    return count, tuple(sorted(movies, key=lambda movie: -movie.prominence))
