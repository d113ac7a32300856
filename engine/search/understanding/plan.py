"""Search plans: the filters, sort order and similar movies for an understood text. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import texts
from core.types import Clause, Filters, Trait
from core.understanding import Piece, PieceKind, QueryType, Understanding
from engine.search.understanding import bounds
from engine.search.understanding.tables import Term
from engine.search.understanding.vocabulary import Vocabulary

RATING_ORDER, PROMINENCE_ORDER = 1.2, 0.5
"""Weights of rating and prominence in the order of a request without text to match."""
MOOD_ORDER = 1.0
"""Weight of the score of each wanted mood."""
SPEAKS_FOR = 0.1
"""Minimum weight of a genre in a mood's score for the genre to replace the mood if too few movies are left."""

TELLS = 0.5
"""Minimum weight of a genre in a mood's score if most movies of the mood have the genre."""

WIDEN = "wider:"
"""Prefix of the key of a piece that is widened."""
Order = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Plan:
    """The plan of a search."""

    filters: Filters
    order: Order
    """Columns and weights (`core.ports.Question.order`)."""
    like: tuple[int, ...] = ()
    """TMDB ids of the movies to resemble."""
    unrated: bool = False
    """Whether the text asks for quality, which then also counts if there is text to match."""
    understood: bool = False
    """Whether the text to match repeats what was understood: `zombie` in `zombie movie`."""
    besides: str = ""
    """Additional words to match, which are typical of a kind of movie: `robbery` for a heist."""
    low: bool = False
    """Whether the worst movies are wanted."""
    leading: tuple[int, ...] = ()
    """TMDB ids of movies to list first: the named part of a series."""


def make(understood: Understanding, *, filters: Filters, vocabulary: Vocabulary, leave: Sequence[str] = ()) -> Plan:
    """Return the plan of a request.

    Args:
        filters: the filters of the search request.
        leave: keys of pieces to leave out because too few movies match them all.
    """
    if understood.query_type is not QueryType.WISH:
        return Plan(filters, ())
    pieces = [piece for piece in understood.pieces if piece.key not in leave]
    for piece in understood.pieces:
        if piece.kind is PieceKind.AUDIENCE and piece.key in leave:
            filters = _with(filters, *_unsuited(piece, vocabulary))
    for piece in pieces:
        if "|" in piece.value and piece.kind in (PieceKind.GENRE, PieceKind.MOOD):
            filters = _with(filters, _any_of(piece, vocabulary))
            continue
        wider = _wider(piece, vocabulary) if WIDEN + piece.key in leave else None
        filters = _filtered(filters, piece, vocabulary) if wider is None else _with(filters, *wider)
    filters = _agreeing(filters, pieces, vocabulary)
    like = tuple(movie for piece in pieces if piece.kind is PieceKind.LIKE for movie in piece.movies)
    if like:
        filters = _with(filters, Clause(Trait.MOVIE, _left_out(pieces, vocabulary), wanted=False))
    quality = [piece for piece in pieces if piece.kind in (PieceKind.QUALITY, PieceKind.AWARD)]
    leading = tuple(movie for piece in pieces if piece.kind is PieceKind.PART for movie in piece.movies)
    return Plan(
        filters,
        _order(pieces, vocabulary),
        like,
        unrated=bool(quality),
        understood=_is_fully_understood(understood),
        besides=_kind_keywords(pieces, vocabulary),
        low=_is_low(quality, vocabulary),
        leading=leading,
    )


def _kind_keywords(pieces: Iterable[Piece], vocabulary: Vocabulary) -> str:
    """Return the keywords of the kinds of movies whose names are matched."""
    terms = (vocabulary.tables.term(piece.kind, piece.value) for piece in pieces if piece.wanted)
    kinds = [term for term in terms if term is not None and term.table == "kind" and term.row.get("keep", True)]
    return " ".join(keyword for kind in kinds for keyword in kind.listed("keywords"))


def _is_fully_understood(understood: Understanding) -> bool:
    known = {word for piece in understood.pieces for word in texts.words(understood.query[piece.start : piece.end])}
    return known.issuperset(texts.words(understood.remainder))


def _agreeing(filters: Filters, pieces: Iterable[Piece], vocabulary: Vocabulary) -> Filters:
    """Lift exclusions of genres that are wanted themselves (`animation, not for kids`) or are typical of a wanted mood
    (`scary but not gory`)."""
    wanted = {texts.fold(value) for piece in pieces if piece.wanted for value in _genres_of(piece, vocabulary)}
    clauses = [
        dataclasses.replace(clause, values=tuple(value for value in clause.values if texts.fold(value) not in wanted))
        if clause.trait is Trait.GENRE and not clause.wanted
        else clause
        for clause in filters.clauses
    ]
    return dataclasses.replace(filters, clauses=tuple(clause for clause in clauses if clause.values))


def _genres_of(piece: Piece, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the genres of a piece, or those that most movies of its mood have."""
    if piece.kind is PieceKind.MOOD:
        mood = vocabulary.tables.mood(piece.value)
        return tuple(genre for genre, weight in mood.genres.items() if weight >= TELLS) if mood is not None else ()
    if piece.kind is not PieceKind.GENRE:
        return ()
    term = vocabulary.tables.term(piece.kind, piece.value)
    return (piece.value, *(term.listed("all_genres") if term is not None else ()))


def _any_of(piece: Piece, vocabulary: Vocabulary) -> Clause:
    """Return one clause for a piece with several values."""
    values: list[str] = []
    for value in piece.value.split("|"):
        term = vocabulary.tables.term(piece.kind, value)
        genres = (*term.listed("any_genres"), *term.listed("all_genres")[:1]) if term is not None else ()
        values += [value] if piece.kind is PieceKind.MOOD or term is None or term.table == "genre" else genres
    return Clause(Trait.MOOD if piece.kind is PieceKind.MOOD else Trait.GENRE, tuple(values))


def _left_out(pieces: Iterable[Piece], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the movies to resemble, and all movies of a named series, to be excluded from the results."""
    ids: dict[str, None] = {}
    names = vocabulary.gazetteer
    for piece in pieces:
        if piece.kind is PieceKind.LIKE:
            ids |= dict.fromkeys(map(str, piece.movies))
            for name in piece.names:
                ids |= dict.fromkeys(str(movie.id) for movie in names.by_series.get(name, ()))
    return tuple(ids)


def relaxing(understood: Understanding, vocabulary: Vocabulary) -> list[str]:
    """Return the keys of pieces to leave out if too few movies match them all, most dispensable first.

    Pieces are widened (keys with the prefix `WIDEN`) before any is left out: a language to the countries where it is
    spoken, a genre to similar ones, a person's role to any role, a mood to its typical genres. The last piece is never
    left out, unless it is a phrase, whose words are still matched.
    """
    order = [
        PieceKind.PHRASE, PieceKind.QUALITY, PieceKind.AWARD, PieceKind.BASED_ON, PieceKind.RECENCY, PieceKind.RUNTIME,
        PieceKind.YEARS, PieceKind.MOOD, PieceKind.AUDIENCE, PieceKind.STUDIO, PieceKind.GENRE, PieceKind.COUNTRY,
        PieceKind.LANGUAGE, PieceKind.ROLE, PieceKind.PERSON,
    ]  # fmt: skip
    wanted = [piece for piece in understood.pieces if piece.wanted and piece.kind in order]
    ranked = sorted(wanted, key=lambda piece: order.index(piece.kind))
    wider = [WIDEN + piece.key for piece in ranked if _wider(piece, vocabulary) is not None]
    others = any(piece.wanted and piece not in wanted for piece in understood.pieces)
    quoted = all(piece.kind is PieceKind.PHRASE for piece in ranked)
    return wider + [piece.key for piece in (ranked if others or quoted else ranked[:-1])]


def _wider(piece: Piece, vocabulary: Vocabulary) -> tuple[Clause, ...] | None:
    """Return the clauses of a widened piece, possibly none; None if it cannot be widened."""
    if not piece.wanted:
        return None
    if piece.kind in (PieceKind.PERSON, PieceKind.ROLE) and piece.role:
        return (Clause(Trait.PERSON, _values(piece, vocabulary)), *_besides(piece, vocabulary))
    if piece.kind in (PieceKind.MOOD, PieceKind.AUDIENCE):
        return _genres_of_mood(piece, vocabulary)
    term = vocabulary.tables.term(piece.kind, piece.value)
    if piece.kind is PieceKind.QUALITY:  # the age of a classic matters more than its rating, and `good` sorts as well
        return bounds.age(piece, vocabulary) if term is not None else None
    if term is not None and term.row.get("need_keywords"):  # keywords of movies are often incomplete
        return _kind_clauses(term, Clause(Trait.KEYWORD, ()))
    clause = _wider_clause(piece, vocabulary)
    return (clause,) if clause is not None else None


def _genres_of_mood(piece: Piece, vocabulary: Vocabulary) -> tuple[Clause, ...] | None:
    """Return a mood as its typical genres, without those that contradict it."""
    mood = vocabulary.tables.mood(piece.value)
    genres = tuple(genre for genre, weight in mood.genres.items() if weight >= SPEAKS_FOR) if mood is not None else ()
    if mood is None or not genres:
        return None
    return Clause(Trait.GENRE, genres), Clause(Trait.GENRE, tuple(sorted(mood.not_genres)), wanted=False)


def _unsuited(piece: Piece, vocabulary: Vocabulary) -> list[Clause]:
    """Exclude the genres unsuitable for an audience, even if the audience itself is left out: no horror for kids."""
    mood = vocabulary.tables.mood(piece.value)
    return [Clause(Trait.GENRE, tuple(sorted(mood.not_genres)), wanted=False)] if mood is not None else []


def _wider_clause(piece: Piece, vocabulary: Vocabulary) -> Clause | None:
    if piece.kind is PieceKind.LANGUAGE and piece.wanted:
        rows = (term for term in vocabulary.tables.terms if term.table == "origin")
        row = next((term for term in rows if term.listed("language") == piece.names), None)
        countries = row.listed("countries") if row is not None else ()
        return Clause(Trait.COUNTRY, countries) if countries else None
    if piece.kind is PieceKind.GENRE and piece.wanted:
        rows = (term for term in vocabulary.tables.terms if term.table == "genre")
        row = next((term for term in rows if texts.fold(term.name) == texts.fold(piece.value)), None)
        near = row.listed("near") if row is not None else ()
        return Clause(Trait.GENRE, (piece.value, *near)) if near else None
    return None


def _filtered(filters: Filters, piece: Piece, vocabulary: Vocabulary) -> Filters:
    """Add the conditions of a piece to the filters."""
    if piece.kind is PieceKind.RUNTIME:
        return bounds.runtime(filters, piece, vocabulary)
    if piece.kind in (PieceKind.QUALITY, PieceKind.AWARD):
        return _with(bounds.rating(filters, piece, vocabulary), *bounds.age(piece, vocabulary))
    term = vocabulary.tables.term(piece.kind, piece.value)
    if term is not None and term.table == "kind":
        return _kind(filters, term, piece, vocabulary)
    return _with(filters, *_clauses(piece, vocabulary), *_besides(piece, vocabulary))


def _clauses(piece: Piece, vocabulary: Vocabulary) -> list[Clause]:
    """Return the clause of a piece; none for pieces that only affect the order."""
    trait = _TRAITS.get(piece.kind)
    if piece.kind in (PieceKind.PERSON, PieceKind.ROLE):
        trait = {"director": Trait.DIRECTOR, "actor": Trait.ACTOR}.get(piece.role, Trait.PERSON)
    return [Clause(trait, _values(piece, vocabulary), piece.wanted)] if trait is not None else []


_TRAITS = {
    PieceKind.YEARS: Trait.YEARS,
    PieceKind.RECENCY: Trait.YEARS,
    PieceKind.LANGUAGE: Trait.LANGUAGE,
    PieceKind.COUNTRY: Trait.COUNTRY,
    PieceKind.GENRE: Trait.GENRE,
    PieceKind.MOOD: Trait.MOOD,
    PieceKind.AUDIENCE: Trait.MOOD,
    PieceKind.STUDIO: Trait.COMPANY,
    PieceKind.BASED_ON: Trait.KEYWORD,
    PieceKind.COLLECTION: Trait.MOVIE,
    PieceKind.PART: Trait.MOVIE,
    PieceKind.TITLE: Trait.MOVIE,
    PieceKind.PHRASE: Trait.PHRASE,
}


def _values(piece: Piece, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the values of which a movie must have at least one."""
    if piece.kind is PieceKind.PART:
        movies = vocabulary.gazetteer.by_series.get(piece.value.rpartition(" ")[0], ())
        return tuple(str(movie.id) for movie in movies)
    if piece.kind in (PieceKind.COLLECTION, PieceKind.TITLE):
        return tuple(map(str, piece.movies))
    if piece.kind is PieceKind.BASED_ON:
        term = vocabulary.tables.term(piece.kind, piece.value)
        return term.listed("keywords") if term is not None else ()
    return piece.names or (piece.value,)


def _besides(piece: Piece, vocabulary: Vocabulary) -> list[Clause]:
    """Return the implied clauses of a piece: genres and keywords excluded with an unwanted mood, and the movie by which
    a person is named."""
    term = vocabulary.tables.term(piece.kind, piece.value)
    if not piece.wanted and term is not None:
        excluded = ((Trait.GENRE, term.listed("without_genres")), (Trait.KEYWORD, term.listed("without_keywords")))
        return [Clause(trait, values, wanted=False) for trait, values in excluded if values]
    if piece.kind is PieceKind.ROLE and piece.wanted:
        return [Clause(Trait.MOVIE, _with_series(piece.movies, vocabulary), wanted=False)]
    return []


def _with_series(movies: Iterable[int], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return movies and the rest of their series: someone's other movies include none of them."""
    names = vocabulary.gazetteer
    series = {movie.series for movie in names.movies if movie.id in movies and movie.series}
    parts = (movie.id for name in series for movie in names.by_series[name])
    return tuple(map(str, dict.fromkeys((*movies, *parts))))


def _with(filters: Filters, *clauses: Clause) -> Filters:
    return dataclasses.replace(filters, clauses=(*filters.clauses, *(c for c in clauses if c.values)))


def _kind(filters: Filters, term: Term, piece: Piece, vocabulary: Vocabulary) -> Filters:
    """Add the conditions of a kind of movie: its genres, and its keywords if required."""
    keywords = Clause(Trait.KEYWORD, term.listed("keywords"), piece.wanted)
    if term.row.get("part"):
        return (
            _with(filters, keywords, Clause(Trait.MOVIE, _sequels(vocabulary), wanted=False))
            if not piece.wanted
            else (_with(filters, Clause(Trait.MOVIE, _sequels(vocabulary))))
        )
    if not piece.wanted:
        return _with(filters, keywords, *_besides(piece, vocabulary))
    return _with(filters, *_kind_clauses(term, keywords))


def _kind_clauses(term: Term, keywords: Clause) -> tuple[Clause, ...]:
    """Return the genres, origin and years of a kind of movie, and its keywords if required."""
    clauses = [Clause(Trait.GENRE, (genre,)) for genre in term.listed("all_genres")]
    if term.listed("any_genres"):
        clauses.append(Clause(Trait.GENRE, term.listed("any_genres")))
    if term.listed("not_genres"):
        clauses.append(Clause(Trait.GENRE, term.listed("not_genres"), wanted=False))
    if term.row.get("need_keywords"):
        clauses.append(keywords)
    if term.row.get("years"):
        clauses.append(Clause(Trait.YEARS, (term.row["years"],)))
    clauses.append(Clause(Trait.LANGUAGE, term.listed("language")))
    clauses.append(Clause(Trait.COUNTRY, term.listed("countries")))
    return tuple(clause for clause in clauses if clause.values)


def _sequels(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return all movies of series except the first ones."""
    return tuple(str(movie.id) for movies in vocabulary.gazetteer.by_series.values() for movie in movies[1:])


def _order(pieces: Iterable[Piece], vocabulary: Vocabulary) -> Order:
    rating, prominence = RATING_ORDER, PROMINENCE_ORDER
    moods: dict[str, float] = {}
    for piece in pieces:
        if piece.kind in (PieceKind.MOOD, PieceKind.AUDIENCE) and piece.wanted:
            moods |= dict.fromkeys((f"mood:{name}" for name in piece.value.split("|")), MOOD_ORDER)
        if piece.kind in (PieceKind.QUALITY, PieceKind.AWARD) and piece.wanted:
            term = vocabulary.tables.term(piece.kind, piece.value)
            little = term is not None and "known_below" in term.row
            rating, prominence = rating * 2, 0.0 if little else prominence / 2
        if piece.kind is PieceKind.POPULARITY and piece.wanted:
            prominence = prominence * 3
    columns = (("rating", rating), ("prominence", prominence), *moods.items())
    return tuple((name, weight) for name, weight in columns if weight > 0)


def _is_low(quality: Iterable[Piece], vocabulary: Vocabulary) -> bool:
    terms = (vocabulary.tables.term(piece.kind, piece.value) for piece in quality)
    return any(term is not None and term.row.get("rating") == "low" for term in terms)
