"""What a reading asks of the engine: conditions, what orders the list, and which movies it shall resemble. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import texts
from core.types import Clause, Filters, Trait
from core.understanding import Piece, PieceKind, Stance, Understanding
from engine.search.understanding import bounds
from engine.search.understanding.tables import Term
from engine.search.understanding.vocabulary import Vocabulary

RATING_ORDER, PROMINENCE_ORDER = 1.2, 0.5
"""What orders a wish without anything to match: how good a movie is, and how well known."""
MOOD_ORDER = 1.0
"""Weight of each mood's score, where one is wanted."""
SPEAKS_FOR = 0.1
"""What a genre adds to a mood's score from which on it stands for the mood, where too few movies are left."""

TELLS = 0.5
"""The same from which on most of a mood's movies have that genre."""

WIDEN = "wider:"
"""Before the key of a piece that is taken in a wider sense."""
Order = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Plan:
    """How a reading becomes a search."""

    filters: Filters
    order: Order
    """Columns and weights (`core.ports.Question.order`)."""
    like: tuple[int, ...] = ()
    """TMDB ids of the movies to resemble."""
    unrated: bool = False
    """Whether quality was said outright, so that it counts beside what is matched as well."""
    understood: bool = False
    """Whether the text that is matched says nothing but what was understood: `zombie` of a zombie movie."""
    besides: str = ""
    """Words that are matched besides, because movies of a kind are told by them: `robbery` of a heist."""
    low: bool = False
    """Whether the worst are wanted."""
    leading: tuple[int, ...] = ()
    """TMDB ids of movies that stand before all others: the part of a series that was named."""


def make(understood: Understanding, *, filters: Filters, vocabulary: Vocabulary, leave: Sequence[str] = ()) -> Plan:
    """The plan of a wish.

    Args:
        filters: those that the request has besides.
        leave: keys of pieces to leave out, because too few movies meet them all.
    """
    if understood.stance is not Stance.WISH:
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
        understood=_says_no_more(understood),
        besides=_telling(pieces, vocabulary),
        low=_is_low(quality, vocabulary),
        leading=leading,
    )


def _telling(pieces: Iterable[Piece], vocabulary: Vocabulary) -> str:
    """The keywords of the kinds of movies whose names are matched."""
    terms = (vocabulary.tables.term(piece.kind, piece.value) for piece in pieces if piece.wanted)
    kinds = [term for term in terms if term is not None and term.table == "kind" and term.row.get("keep", True)]
    return " ".join(keyword for kind in kinds for keyword in kind.listed("keywords"))


def _says_no_more(understood: Understanding) -> bool:
    told = {word for piece in understood.pieces for word in texts.words(understood.query[piece.start : piece.end])}
    return told.issuperset(texts.words(understood.remainder))


def _agreeing(filters: Filters, pieces: Iterable[Piece], vocabulary: Vocabulary) -> Filters:
    """The filters without genres that a refused mood shuts out although they are wanted: `animation, not for kids`, or
    that another mood is told by: `scary but not gory`."""
    wanted = {texts.fold(value) for piece in pieces if piece.wanted for value in _genres_of(piece, vocabulary)}
    clauses = [
        dataclasses.replace(clause, values=tuple(value for value in clause.values if texts.fold(value) not in wanted))
        if clause.trait is Trait.GENRE and not clause.wanted
        else clause
        for clause in filters.clauses
    ]
    return dataclasses.replace(filters, clauses=tuple(clause for clause in clauses if clause.values))


def _genres_of(piece: Piece, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The genres that a piece is, or that most movies of its mood have."""
    if piece.kind is PieceKind.MOOD:
        mood = vocabulary.tables.mood(piece.value)
        return tuple(genre for genre, weight in mood.genres.items() if weight >= TELLS) if mood is not None else ()
    if piece.kind is not PieceKind.GENRE:
        return ()
    term = vocabulary.tables.term(piece.kind, piece.value)
    return (piece.value, *(term.listed("all_genres") if term is not None else ()))


def _any_of(piece: Piece, vocabulary: Vocabulary) -> Clause:
    """One clause for a piece with several values."""
    values: list[str] = []
    for value in piece.value.split("|"):
        term = vocabulary.tables.term(piece.kind, value)
        genres = (*term.listed("any_genres"), *term.listed("all_genres")[:1]) if term is not None else ()
        values += [value] if piece.kind is PieceKind.MOOD or term is None or term.table == "genre" else genres
    return Clause(Trait.MOOD if piece.kind is PieceKind.MOOD else Trait.GENRE, tuple(values))


def _left_out(pieces: Iterable[Piece], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The movies to resemble, and where the text names a whole series, that."""
    ids: dict[str, None] = {}
    names = vocabulary.gazetteer
    for piece in pieces:
        if piece.kind is PieceKind.LIKE:
            ids |= dict.fromkeys(map(str, piece.movies))
            for name in piece.names:
                ids |= dict.fromkeys(str(movie.id) for movie in names.by_series.get(name, ()))
    return tuple(ids)


def relaxing(understood: Understanding, vocabulary: Vocabulary) -> list[str]:
    """Keys of the pieces that may be left out where too few movies meet all, the most dispensable first.

    Before any is left out, those that can be are taken wider (keys with `WIDEN` before them): a language as the
    countries where it is spoken, a genre with those near to it, somebody's movies with those of any other part in
    them, a mood as the genres that speak for it. The last piece is never left out, unless it is a phrase: its words are
    matched all the same.
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
    """What a piece asks for in a wider sense, which may be nothing; None where it has no wider sense."""
    if not piece.wanted:
        return None
    if piece.kind in (PieceKind.PERSON, PieceKind.ROLE) and piece.role:
        return (Clause(Trait.PERSON, _values(piece, vocabulary)), *_besides(piece, vocabulary))
    if piece.kind in (PieceKind.MOOD, PieceKind.AUDIENCE):
        return _genres_of_mood(piece, vocabulary)
    term = vocabulary.tables.term(piece.kind, piece.value)
    if piece.kind is PieceKind.QUALITY:  # a classic is old before it is well rated, and `good` orders a list as well
        return bounds.age(piece, vocabulary) if term is not None else None
    if term is not None and term.row.get("need_keywords"):  # few movies have the keywords that they could have
        return _kind_clauses(term, Clause(Trait.KEYWORD, ()))
    clause = _wider_clause(piece, vocabulary)
    return (clause,) if clause is not None else None


def _genres_of_mood(piece: Piece, vocabulary: Vocabulary) -> tuple[Clause, ...] | None:
    """A mood as the genres that speak for it, without those that speak against it."""
    mood = vocabulary.tables.mood(piece.value)
    genres = tuple(genre for genre, weight in mood.genres.items() if weight >= SPEAKS_FOR) if mood is not None else ()
    if mood is None or not genres:
        return None
    return Clause(Trait.GENRE, genres), Clause(Trait.GENRE, tuple(sorted(mood.not_genres)), wanted=False)


def _unsuited(piece: Piece, vocabulary: Vocabulary) -> list[Clause]:
    """Genres that an audience does not get, even where it is left out: no horror for kids."""
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
    """The filters with what one piece asks for."""
    if piece.kind is PieceKind.RUNTIME:
        return bounds.runtime(filters, piece, vocabulary)
    if piece.kind in (PieceKind.QUALITY, PieceKind.AWARD):
        return _with(bounds.rating(filters, piece, vocabulary), *bounds.age(piece, vocabulary))
    term = vocabulary.tables.term(piece.kind, piece.value)
    if term is not None and term.table == "kind":
        return _kind(filters, term, piece, vocabulary)
    return _with(filters, *_clauses(piece, vocabulary), *_besides(piece, vocabulary))


def _clauses(piece: Piece, vocabulary: Vocabulary) -> list[Clause]:
    """The clause that a piece is; none for those that only order the list."""
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
    """The values of which a movie must have one."""
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
    """What else a piece asks for: genres and keywords that an unwanted mood takes with it, and another movie than the
    one named."""
    term = vocabulary.tables.term(piece.kind, piece.value)
    if not piece.wanted and term is not None:
        taken = ((Trait.GENRE, term.listed("without_genres")), (Trait.KEYWORD, term.listed("without_keywords")))
        return [Clause(trait, values, wanted=False) for trait, values in taken if values]
    if piece.kind is PieceKind.ROLE and piece.wanted:
        return [Clause(Trait.MOVIE, _with_series(piece.movies, vocabulary), wanted=False)]
    return []


def _with_series(movies: Iterable[int], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Movies and the others of their series: who asks for somebody's other movies means none of these."""
    names = vocabulary.gazetteer
    own = {movie.series for movie in names.movies if movie.id in movies and movie.series}
    parts = (movie.id for name in own for movie in names.by_series[name])
    return tuple(map(str, dict.fromkeys((*movies, *parts))))


def _with(filters: Filters, *clauses: Clause) -> Filters:
    return dataclasses.replace(filters, clauses=(*filters.clauses, *(c for c in clauses if c.values)))


def _kind(filters: Filters, term: Term, piece: Piece, vocabulary: Vocabulary) -> Filters:
    """A kind of movie: its genres, and its keywords where nothing else tells it."""
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
    """Genres, origin and years of a kind of movie, and its keywords where they are needed."""
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
    """Every movie of a series but the first."""
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
