"""People identified by a movie or a character: `the guy from X`, `X's director`, `who played Gandalf`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from core import texts
from core.understanding import PieceKind
from engine.search.understanding.finders import cast_members
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState
from indexer.names.gazetteer import NamedMovie
from indexer.names.series import key as series_key

MAX_NAME_WORDS, MAX_TITLE_WORDS = 4, 8
MIN_KNOWN = 0.6
"""Minimum prominence of a movie whose title consists of words of the tables: `the American Psycho actor`."""
MIN_BEFORE = 0.3
"""Minimum prominence of a movie whose title precedes the word for a part: `the Transporter guy`."""
_CREDITS = (("writer", word_lists.WRITTEN), ("composer", word_lists.COMPOSED), ("director", word_lists.DIRECTED))
_PLAYS = frozenset({"played", "plays", "playing", "portrayed", "portrays", "was", "is", "voice", "voiced", "voices"})
_ACTORS = frozenset({"actor", "actress"})
_DIRECTS = frozenset({"directed", "made", "directing", "directs", "did"})
_COMPOSES = frozenset({"scored", "composed", "music", "score", "soundtrack"})
_WRITES = frozenset({"wrote", "written", "writes", "script", "screenplay"})
_BEFORE = word_lists.DETERMINERS | {
    "that", "main", "leading", "other", "male", "female", "old", "young", "with", "starring", "same", "whose", "this",
    "from", "by", "of", "people", "bad", "little", "featuring", "more", "who", "plays", "played", "guy", "actor",
    "actress",
}  # fmt: skip
_FILLING = frozenset({"original", "first", "movie", "film", "the"})
"""Words skipped between a part and a title: `the director of the original Halloween`."""
_SHORTENED = frozenset({"dr", "mr", "mrs", "ms", "st"})
_ANY_ROLE = (
    word_lists.ROLE_MALE | word_lists.ROLE_FEMALE | word_lists.ROLE_ANY | word_lists.ROLE_DIRECTOR
    | word_lists.ROLE_CAST
    | word_lists.ROLE_WRITER | word_lists.ROLE_COMPOSER | word_lists.KIN_MALE | word_lists.KIN_FEMALE | {"voice", "who"}
)  # fmt: skip


def find_roles(state: ParseState) -> None:
    """Find all people identified by a movie or a character."""
    for at in range(len(state)):
        if state.free(at) and state.words[at] in _ANY_ROLE and not _behind_part(state, at):
            _before_part(state, at)
    _find_characters(state)
    _find_backward(state)


def _find_characters(state: ParseState) -> None:
    """Find leading characters of a named movie: `Hermione from Harry Potter in other movies`."""
    for at in range(1, len(state) - 1):
        if state.words[at] != "from" or not state.free(at - 1, 3):
            continue
        count, movies = _title_from(state, at + 1)
        for length in range(min(MAX_NAME_WORDS, at), 0, -1) if count else ():
            name = " ".join(state.words[at - length : at])
            played = _character_in(movies[0], name) if state.free(at - length, length + 1 + count) else None
            if played is not None and not state.vocabulary.gazetteer.common.issuperset(name.split()):
                _match_actor(state, at - length, at + 1 + count, (played, movies[0]))
                break


def _behind_part(state: ParseState, at: int) -> bool:
    """Read `the guy from X` or `the actor who played Gandalf`."""
    same = at > 0 and state.words[at - 1] in {"same", "mismo", "même"}
    after = at + 1
    while after < len(state) and state.free(after) and _links(state, after, same=same):
        after += 1
    if after == at + 1:
        return False
    of = state.words[at + 1 : after] == ["of"] and bool(state.title_at(after)[0] if after < len(state) else 0)
    # "the actor of Scarface" refers to the movie, if there is one, rather than to the character
    if not of and after < len(state) and _match_player(state, at, after):
        return True
    found = any(_match_role(state, at, first) for first in range(at + 2, min(after + 1, len(state))))
    return found or (of and after < len(state) and _match_player(state, at, after))


def _links(state: ParseState, at: int, *, same: bool) -> bool:
    """Return whether a token may link a part to a title: also `for` and `to` after a work, `as` after `the same`."""
    word = state.words[at]
    if word in word_lists.ROLE_LINKS:
        return True
    return (same and word == "as") or (word in {"for", "to"} and state.words[at - 1] in word_lists.ROLE_WORKS)


def _match_role(state: ParseState, at: int, after: int) -> bool:
    word, links = _called(state, at), set(state.words[at + 1 : after])
    if not _is_part(state, at, links):
        return False
    count, movies = _title_from(state, after)
    if not count and state.words[after] in _FILLING:
        after += 1
        count, movies = _title_from(state, after)
    if not count or not state.free(after, count) or not state.plausible_title(after, count, movies[0].prominence):
        return False
    part, end = _same_part(state, at) or _part(word, links), after + count
    second, other = _second_title(state, end)
    shared = _shared(movies[0], other) if other is not None else ()
    if other is not None and shared and part == word:
        movie = dataclasses.replace(movies[0], leads=shared)
        return _match(state, (at, at, second), movie, part, others=(other.id,))
    return _match(state, (at, at, end), movies[0], part)


def _same_part(state: ParseState, at: int) -> str:
    """Return the part given by the words before `the same`: `written by the same person as Alien`; empty if none."""
    if at == 0 or state.words[at - 1] != "same":
        return ""
    before = at - 1 - (at > 1 and state.words[at - 2] == "the")
    for part, phrases in _CREDITS:
        if state.ends_with(phrases, before):
            return part
    return ""


def _second_title(state: ParseState, end: int) -> tuple[int, NamedMovie | None]:
    """Return the second movie in `the guy from Men in Black and Independence Day`, and the token after it."""
    if end >= len(state) or state.words[end] not in word_lists.LIKE_JOINS:
        return end, None
    count, movies = _title_from(state, end + 1)
    return end + 1 + count, movies[0] if count and state.free(end, count + 1) else None


def _shared(movie: NamedMovie, other: NamedMovie) -> tuple[tuple[str, str, str], ...]:
    """Return the leading cast that two movies have in common."""
    names = {name for name, _, _ in other.leads}
    return tuple(lead for lead in movie.leads if lead[0] in names)


def _called(state: ParseState, at: int) -> str:
    """Return the word for a part, with the word before it if it is more specific: `bad guy`, `little girl`."""
    word = state.words[at]
    more = f"{state.words[at - 1]} {word}" if at else word
    return more if more in word_lists.ROLE_VILLAIN | word_lists.ROLE_CHILD else word


def _is_part(state: ParseState, at: int, links: set[str]) -> bool:
    """Return whether a word refers to a part in a movie rather than to a character in a plot."""
    word, before = state.words[at], state.words[at - 1] if at else ""
    if word == "one":  # "the third one of the series" is a movie
        return before not in word_lists.ORDINALS and bool(links - {"of", "in"})
    if word == "who":
        return (not before or before in _BEFORE) and bool(links & (_DIRECTS | _WRITES | _COMPOSES) - {"did", "made"})
    if word in word_lists.ROLE_PRONOUNS:  # "takes her from Paris" is a plot
        return (not before or before in _BEFORE) and bool(links & {"from", "out"})
    if word in word_lists.KIN_MALE | word_lists.KIN_FEMALE:  # so is "his father from the underworld"
        return before in {"", "the"} and bool(links & {"from", "in", "of"})
    return True


def _title_from(state: ParseState, at: int) -> tuple[int, Sequence[NamedMovie]]:
    """Return the title that begins at token `at`, or the beginning of one up to its colon (`Kill Bill`)."""
    if at >= len(state):
        return 0, ()
    count, movies = state.title_at(at)
    for longer in range(min(MAX_TITLE_WORDS, len(state) - at), count, -1):
        text = state.text[state.tokens[at].start : state.tokens[at + longer - 1].end]
        movie = _by_beginning(state, text) if state.free(at, longer) and not _is_everyday(state, text) else None
        if movie is not None:
            return longer, (movie,)
    return count, movies


def _part(word: str, links: set[str]) -> str:
    """Return what a person described by a word has done for a movie."""
    if links & _COMPOSES:
        return "composer"
    if links & _WRITES:
        return "writer"
    if word in word_lists.ROLE_DIRECTOR or links & _DIRECTS or "behind" in links:
        return "director"
    if word in word_lists.ROLE_WRITER:
        return "writer"
    return "composer" if word in word_lists.ROLE_COMPOSER else word


def _match(
    state: ParseState, span: tuple[int, int, int], movie: NamedMovie, part: str, *, others: tuple[int, ...] = ()
) -> bool:
    """Take tokens as a person of a movie.

    Args:
        span: the first token, the first token to show, and the token after the last.
        others: further movies by which the person is identified.
    """
    first, at, end = span
    crew = {"director": movie.directors, "writer": movie.writers, "composer": movie.composers}
    names = crew[part] if part in crew else cast_members.meant(state, movie, part)
    if not names:
        return False
    role = "director" if part == "director" else "" if part in crew else _acting(state, first)
    piece = state.piece(
        PieceKind.ROLE, names[0], " or ".join(names[:2]), at, end - at, role=role, movies=(movie.id, *others),
        names=tuple(texts.fold(name) for name in names),
    )  # fmt: skip
    state.consume(at, end - at, piece, lead=at - first + _lead(state, first))
    return True


def _acting(state: ParseState, first: int) -> str:
    """Return the role asked of a person described from token `first` on: `directed by the man from Rocky`."""
    while first and state.words[first - 1] in word_lists.DETERMINERS:
        first -= 1
    return "director" if state.ends_with(word_lists.DIRECTED, first) > 1 else "actor"


def _lead(state: ParseState, first: int) -> int:
    """Count the small words before token `first` that belong to it: `by the same`, `with that`."""
    lead = 0
    while first - lead - 1 >= 0 and state.words[first - lead - 1] in _BEFORE and state.free(first - lead - 1):
        lead += 1
    by = state.words[first - lead : first - lead + 1] == ["by"]
    credited = max(state.ends_with(phrases, first - lead + by) for _, phrases in _CREDITS) - by
    return lead + credited if credited > 0 and state.free(first - lead - credited, credited) else lead


def _match_player(state: ParseState, at: int, after: int) -> bool:
    """Read `the actor who played Gandalf` or `the woman who played Clarice in The Silence of the Lambs`."""
    actor = state.words[at] in _ACTORS and state.words[at + 1 : after] == ["of"]
    if not actor and not set(state.words[at:after]) & _PLAYS:
        return False
    for count in range(min(MAX_NAME_WORDS, len(state) - after), 0, -1):
        if not state.free(after, count):
            continue
        name = " ".join(state.words[after : after + count]).removesuffix("'s")
        found, end = _player(state, name, after + count)
        if found is not None:
            return _match_actor(state, at, end, found)
    return False


def _player(state: ParseState, name: str, end: int) -> tuple[tuple[str, NamedMovie] | None, int]:
    """Return who played a character, in the movie named after it if there is one, and the end of that name."""
    if end + 1 < len(state) and state.words[end] in {"in", "from"}:
        count, movies = state.title_at(end + 1)
        played = _character_in(movies[0], name) if count else None
        if played is not None:
            return (played, movies[0]), end + 1 + count
    titled = next(iter(state.vocabulary.gazetteer.titled(name)), None)
    played = _character_in(titled, name) if titled is not None and titled.prominence >= MIN_BEFORE else None
    if titled is not None and played is not None:  # `who played Juno` refers to the movie of that name
        return (played, titled), end
    found = state.vocabulary.gazetteer.by_character.get(name)
    everyday = all(word in word_lists.KNOWN or word in state.vocabulary.gazetteer.common for word in name.split())
    return (None if everyday else found), end


def _character_in(movie: NamedMovie, name: str) -> str | None:
    """Return who played a character of that name in a movie."""
    wanted = set(name.split())
    return next((actor for actor, _, played in movie.leads if wanted <= set(texts.words(played))), None)


def _before_part(state: ParseState, at: int) -> bool:
    """Read `Forrest Gump's actor`, `the Transporter guy`, `pretty woman's leading man` or `the Gollum actor`."""
    word, end = state.words[at], at
    if word in {"man", "lady", "role", "guy", "actor", "actress"} and at and state.words[at - 1] in {"leading", "main"}:
        end = at - 1
    elif word not in word_lists.ROLE_BEHIND_NAME:
        return False
    for first in range(max(0, end - MAX_TITLE_WORDS), end):
        if state.free(first, end - first) and not _crosses(state, first, end) and _names(state, first, end, at, word):
            return True
    return False


def _crosses(state: ParseState, first: int, end: int) -> bool:
    return any(
        token.ends_clause and len(token.word) > 1 and token.word not in _SHORTENED for token in state.tokens[first:end]
    )  # "E.T. director"


def _names(state: ParseState, first: int, end: int, at: int, word: str) -> bool:
    """Take the words before a part if they name a movie or a character."""
    if state.words[first] in word_lists.DETERMINERS | {"this", "that", "any", "other", "same"}:
        return False
    text = state.text[state.tokens[first].start : state.tokens[end - 1].end]
    bare = text.removesuffix("'s").removesuffix("’s").removesuffix("'").removesuffix("’")
    names = state.vocabulary.gazetteer
    played = names.by_character.get(texts.fold(bare)) if word not in word_lists.ROLE_DIRECTOR else None
    movies = names.titled(bare)
    movie = movies[0] if movies and state.plausible_title(first, end - first, movies[0].prominence) else None
    if _is_everyday(state, bare):
        return False
    if movie is None or movie.prominence < MIN_BEFORE:
        movie = _by_beginning(state, bare)
    if movie is not None:
        actor = _character_in(movie, texts.fold(bare)) if word not in word_lists.ROLE_DIRECTOR else None
        return (
            _match(state, (first, first, at + 1), movie, _part(word, set()))
            if actor is None
            else (_match_actor(state, first, at + 1, (actor, movie)))
        )
    least = MIN_KNOWN if end - first == 1 else MIN_BEFORE  # "bald guy" is not a character in an obscure movie
    if played is not None and played[1].prominence >= least:
        return _match_actor(state, first, at + 1, played)
    return False


def _is_everyday(state: ParseState, text: str) -> bool:
    """Return whether words have a meaning other than a name: `family guy`, `action director`."""
    words = texts.words(text)
    phrase = state.vocabulary.phrase
    named = state.vocabulary.gazetteer.titled(text) if len(words) > 1 else ()
    if named and named[0].prominence >= MIN_KNOWN:
        return False
    return (
        all(word in word_lists.KNOWN or phrase((word,), 0)[0] for word in words)
        or (state.vocabulary.gazetteer.common.issuperset(words) and not _is_title(state, text))
        or (len(words) == 1 and words[0] in state.vocabulary.gazetteer.everyday)
    )


def _is_title(state: ParseState, text: str) -> bool:
    names = state.vocabulary.gazetteer
    return bool(names.titled(text)) or series_key(text) in names.by_part


def _by_beginning(state: ParseState, text: str) -> NamedMovie | None:
    """Return the best-known movie of a series, or with a title beginning up to a colon: `the South Park guys`."""
    names = state.vocabulary.gazetteer
    key = series_key(text)
    series = names.series_keys.get(key, "")
    found = names.by_series.get(series, ()) or names.by_part.get(key, ())
    best = max(found, key=lambda movie: movie.prominence, default=None)
    return best if best is not None and best.prominence >= MIN_BEFORE else None


def _match_actor(state: ParseState, first: int, end: int, played: tuple[str, NamedMovie]) -> bool:
    actor, movie = played
    piece = state.piece(
        PieceKind.ROLE, actor, actor, first, end - first, role=_acting(state, first), movies=(movie.id,),
        names=(texts.fold(actor),),
    )  # fmt: skip
    state.consume(first, end - first, piece, lead=_lead(state, first))
    return True


def _find_backward(state: ParseState) -> None:
    """Read `my son loves Loki, what else has that actor been in`: the character or movie named before is meant."""
    for at in range(1, len(state)):
        word = state.words[at]
        if not state.free(at - 1, 2) or state.words[at - 1] not in {"that", "this", "same"}:
            continue
        if word not in word_lists.ROLE_BEHIND_NAME | word_lists.ROLE_MALE | word_lists.ROLE_FEMALE:
            continue
        for first in range(at - 1):
            for count in range(min(MAX_NAME_WORDS, at - 1 - first), 0, -1):
                if state.free(first, count) and _names_before(state, first, count, word):
                    state.skip(at - 1, 2)
                    return


def _names_before(state: ParseState, first: int, count: int, word: str) -> bool:
    name = " ".join(state.words[first : first + count])
    if _is_everyday(state, name):
        return False
    played = state.vocabulary.gazetteer.by_character.get(name)
    if played is not None and played[1].prominence >= MIN_BEFORE and word not in word_lists.ROLE_DIRECTOR:
        return _match_actor(state, first, first + count, played)
    found, movies = state.title_at(first)
    if found == count and state.plausible_title(first, count, movies[0].prominence):
        return _match(state, (first, first, first + count), movies[0], _part(word, set()))
    return False
