"""People told by a movie or a character: `the guy from X`, `X's director`, `who played Gandalf`, `the voice of X`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core import texts
from core.understanding import PieceKind
from engine.search.understanding import phrasing
from engine.search.understanding.draft import Draft
from indexer.gazetteer import NamedMovie
from indexer.series import key as series_key

MAX_NAME_WORDS, MAX_TITLE_WORDS = 4, 8
BILLING = 0.4
"""How much less likely each later billing is to be meant."""
CAST = 3
"""Leading people whom `the cast of` means."""
MIN_BEFORE = 0.3
"""Prominence of a movie whose title may stand before the word for a part: `the Transporter guy`."""
_PLAYS = frozenset({"played", "plays", "playing", "portrayed", "portrays", "was", "is", "voice", "voiced", "voices"})
_DIRECTS = frozenset({"directed", "made", "directing", "directs", "did"})
_WRITES = frozenset({"wrote", "written", "writes"})
_BEFORE = phrasing.DETERMINERS | {
    "that", "main", "leading", "other", "male", "female", "old", "young", "with", "starring", "same", "whose", "this",
    "from", "by", "of", "people",
}  # fmt: skip
_FILLING = frozenset({"original", "first", "movie", "film", "the"})
"""Words between a part and a title that belong to neither: `the director of the original Halloween`."""
_ANY_ROLE = (
    phrasing.ROLE_MALE | phrasing.ROLE_FEMALE | phrasing.ROLE_ANY | phrasing.ROLE_DIRECTOR | phrasing.ROLE_CAST
    | phrasing.ROLE_WRITER | phrasing.ROLE_COMPOSER | phrasing.KIN_MALE | phrasing.KIN_FEMALE | {"voice", "who"}
)  # fmt: skip


def find_roles(draft: Draft) -> None:
    """Everybody whom a text tells by a movie or a character."""
    for at in range(len(draft)):
        if draft.free(at) and draft.words[at] in _ANY_ROLE and not _behind_part(draft, at):
            _before_part(draft, at)
    _find_backward(draft)


def _behind_part(draft: Draft, at: int) -> bool:
    """`the guy from X`, `the actor who played Gandalf`."""
    after = at + 1
    while after < len(draft) and draft.words[after] in phrasing.ROLE_LINKS and draft.free(after):
        after += 1
    same = at > 0 and draft.words[at - 1] in {"same", "mismo", "même"}
    if same and after < len(draft) and draft.words[after] == "as":
        after += 1
    if after == at + 1 or after >= len(draft):
        return False
    return _take_player(draft, at, after) or _take_role(draft, at, after)


def _take_role(draft: Draft, at: int, after: int) -> bool:
    word, links = draft.words[at], set(draft.words[at + 1 : after])
    if word == "who":
        return False
    if word in phrasing.KIN_MALE | phrasing.KIN_FEMALE:
        before = draft.words[at - 1] if at else "the"
        if before != "the" or not links & {"from", "in", "of"}:  # "his father from the underworld" is of the story
            return False
    count, movies = _title_from(draft, after)
    if not count and draft.words[after] in _FILLING:
        after += 1
        count, movies = _title_from(draft, after)
    if not count or not draft.free(after, count) or not draft.plausible_title(after, count, movies[0].prominence):
        return False
    return _take(draft, (at, at, after + count), movies[0], _part(word, links))


def _title_from(draft: Draft, at: int) -> tuple[int, Sequence[NamedMovie]]:
    """The title that begins at token `at`, or the beginning of one up to its colon (`Kill Bill`)."""
    if at >= len(draft):
        return 0, ()
    count, movies = draft.title_at(at)
    for longer in range(min(MAX_TITLE_WORDS, len(draft) - at), count, -1):
        text = draft.text[draft.tokens[at].start : draft.tokens[at + longer - 1].end]
        movie = _by_beginning(draft, text) if draft.free(at, longer) and not _said(draft, text) else None
        if movie is not None:
            return longer, (movie,)
    return count, movies


def _part(word: str, links: set[str]) -> str:
    """What somebody who is called so has done for a movie."""
    if word in phrasing.ROLE_DIRECTOR or links & _DIRECTS or (word in {"people", "guys", "team"} and "behind" in links):
        return "director"
    if word in phrasing.ROLE_WRITER or links & _WRITES:
        return "writer"
    return "composer" if word in phrasing.ROLE_COMPOSER else word


def _take(draft: Draft, span: tuple[int, int, int], movie: NamedMovie, part: str) -> bool:
    """Take tokens as a person of a movie.

    Args:
        span: the first token, the one from which on the words are shown, and the one behind the last.
    """
    first, at, end = span
    crew = {"director": movie.directors, "writer": movie.writers, "composer": movie.composers}
    names = crew[part] if part in crew else _cast_of(draft, movie, part)
    if not names:
        return False
    role = "director" if part == "director" else "" if part in crew else "actor"
    piece = draft.piece(
        PieceKind.ROLE, names[0], " or ".join(names[:2]), at, end - at, role=role, movies=(movie.id,),
        names=tuple(texts.fold(name) for name in names),
    )  # fmt: skip
    draft.take(at, end - at, piece, lead=at - first + _lead(draft, first))
    return True


def _lead(draft: Draft, first: int) -> int:
    """How many small words before token `first` belong to it: `by the same`, `with that`."""
    lead = 0
    while first - lead - 1 >= 0 and draft.words[first - lead - 1] in _BEFORE and draft.free(first - lead - 1):
        lead += 1
    return lead


def _take_player(draft: Draft, at: int, after: int) -> bool:
    """`the actor who played Gandalf`, `the woman who played Clarice in The Silence of the Lambs`."""
    if not set(draft.words[at:after]) & _PLAYS:
        return False
    for count in range(min(MAX_NAME_WORDS, len(draft) - after), 0, -1):
        if not draft.free(after, count):
            continue
        name = " ".join(draft.words[after : after + count]).removesuffix("'s")
        found, end = _player(draft, name, after + count)
        if found is not None:
            return _take_actor(draft, at, end, found)
    return False


def _player(draft: Draft, name: str, end: int) -> tuple[tuple[str, NamedMovie] | None, int]:
    """Who played a character, in the movie that the text goes on to name if it does, and where that name ends."""
    if end + 1 < len(draft) and draft.words[end] in {"in", "from"}:
        count, movies = draft.title_at(end + 1)
        played = _character_in(movies[0], name) if count else None
        if played is not None:
            return (played, movies[0]), end + 1 + count
    found = draft.vocabulary.gazetteer.by_character.get(name)
    everyday = all(word in phrasing.KNOWN or word in draft.vocabulary.gazetteer.common for word in name.split())
    return (None if everyday else found), end


def _character_in(movie: NamedMovie, name: str) -> str | None:
    """Who played a character of that name in a movie."""
    wanted = set(name.split())
    return next((actor for actor, _, played in movie.leads if wanted <= set(texts.words(played))), None)


def _before_part(draft: Draft, at: int) -> bool:
    """`Forrest Gump's actor`, `the Transporter guy`, `pretty woman's leading man`, `the Gollum actor`."""
    word, end = draft.words[at], at
    if word in {"man", "lady", "role", "guy", "actor", "actress"} and at and draft.words[at - 1] in {"leading", "main"}:
        end = at - 1
    elif word not in phrasing.ROLE_BEHIND_NAME:
        return False
    for first in range(max(0, end - MAX_TITLE_WORDS), end):
        if draft.free(first, end - first) and not _crosses(draft, first, end) and _names(draft, first, end, at, word):
            return True
    return False


def _crosses(draft: Draft, first: int, end: int) -> bool:
    return any(token.ends_clause for token in draft.tokens[first:end])


def _names(draft: Draft, first: int, end: int, at: int, word: str) -> bool:
    """Take a stretch before a part where it names a movie or a character."""
    if draft.words[first] in phrasing.DETERMINERS | {"this", "that", "any", "other", "same"}:
        return False
    text = draft.text[draft.tokens[first].start : draft.tokens[end - 1].end]
    bare = text.removesuffix("'s").removesuffix("’s").removesuffix("'").removesuffix("’")
    names = draft.vocabulary.gazetteer
    played = names.by_character.get(texts.fold(bare)) if word not in phrasing.ROLE_DIRECTOR else None
    movies = names.titled(bare)
    movie = movies[0] if movies and draft.plausible_title(first, end - first, movies[0].prominence) else None
    if _said(draft, bare):
        return False
    if movie is None or movie.prominence < MIN_BEFORE:
        movie = _by_beginning(draft, bare)
    if movie is not None:
        own = _character_in(movie, texts.fold(bare)) if word not in phrasing.ROLE_DIRECTOR else None
        return (
            _take(draft, (first, first, at + 1), movie, _part(word, set()))
            if own is None
            else (_take_actor(draft, first, at + 1, (own, movie)))
        )
    if played is not None and played[1].prominence >= MIN_BEFORE:
        return _take_actor(draft, first, at + 1, played)
    return False


def _said(draft: Draft, text: str) -> bool:
    """Whether words say something besides a name: `family guy`, `action director`."""
    words = texts.words(text)
    tables = draft.vocabulary.tables.phrases
    return (
        all(word in phrasing.KNOWN or word in tables for word in words)
        or (draft.vocabulary.gazetteer.common.issuperset(words) and not _is_title(draft, text))
        or (len(words) == 1 and words[0] in draft.vocabulary.gazetteer.everyday)
    )


def _is_title(draft: Draft, text: str) -> bool:
    names = draft.vocabulary.gazetteer
    return bool(names.titled(text)) or series_key(text) in names.by_part


def _by_beginning(draft: Draft, text: str) -> NamedMovie | None:
    """The best-known movie of a series of that name, or whose title begins so up to a colon: `the South Park guys`."""
    names = draft.vocabulary.gazetteer
    key = series_key(text)
    series = names.series_keys.get(key, "")
    found = names.by_series.get(series, ()) or names.by_part.get(key, ())
    best = max(found, key=lambda movie: movie.prominence, default=None)
    return best if best is not None and best.prominence >= MIN_BEFORE else None


def _take_actor(draft: Draft, first: int, end: int, played: tuple[str, NamedMovie]) -> bool:
    actor, movie = played
    piece = draft.piece(
        PieceKind.ROLE, actor, actor, first, end - first, role="actor", movies=(movie.id,), names=(texts.fold(actor),)
    )
    draft.take(first, end - first, piece, lead=_lead(draft, first))
    return True


def _find_backward(draft: Draft) -> None:
    """`my son loves Loki, what else has that actor been in`: the character or movie named before is meant."""
    for at in range(1, len(draft)):
        word = draft.words[at]
        if not draft.free(at - 1, 2) or draft.words[at - 1] not in {"that", "this", "same"}:
            continue
        if word not in phrasing.ROLE_BEHIND_NAME | phrasing.ROLE_MALE | phrasing.ROLE_FEMALE:
            continue
        for first in range(at - 1):
            for count in range(min(MAX_NAME_WORDS, at - 1 - first), 0, -1):
                if draft.free(first, count) and _names_before(draft, first, count, word):
                    draft.skip(at - 1, 2)
                    return


def _names_before(draft: Draft, first: int, count: int, word: str) -> bool:
    name = " ".join(draft.words[first : first + count])
    if _said(draft, name):
        return False
    played = draft.vocabulary.gazetteer.by_character.get(name)
    if played is not None and played[1].prominence >= MIN_BEFORE and word not in phrasing.ROLE_DIRECTOR:
        return _take_actor(draft, first, first + count, played)
    found, movies = draft.title_at(first)
    if found == count and draft.plausible_title(first, count, movies[0].prominence):
        return _take(draft, (first, first, first + count), movies[0], _part(word, set()))
    return False


def _cast_of(draft: Draft, movie: NamedMovie, word: str) -> tuple[str, ...]:
    """Whom a word means among the leading cast: whose character is called so, else the best known and highest billed of
    that gender, or for `cast` several."""
    names = [name for name, _, _ in movie.leads]
    if word in phrasing.ROLE_CAST:
        return tuple(names[:CAST])
    called = [name for name, _, played in movie.leads if word in texts.words(played)]
    if called and word in phrasing.KIN_MALE | phrasing.KIN_FEMALE:
        return (called[0],)
    fitting = [name for name, gender, _ in movie.leads if gender in _genders(word)] or names
    if word == "villain" and len(fitting) > 1:  # the hero is billed first
        fitting = fitting[1:]
    renown = _renown(draft, names)
    return (max(fitting, key=renown),) if fitting else ()


def _genders(word: str) -> frozenset[str]:
    if word in phrasing.ROLE_MALE | phrasing.KIN_MALE:
        return frozenset({"male"})
    return frozenset({"female"} if word in phrasing.ROLE_FEMALE | phrasing.KIN_FEMALE else {"male", "female", ""})


def _renown(draft: Draft, billed: Sequence[str]) -> Callable[[str], float]:
    people = draft.vocabulary.gazetteer.people

    def renown(name: str) -> float:
        person = people.get(texts.fold(name))
        return (person.weight if person is not None else 0.0) / (1 + BILLING * billed.index(name))

    return renown
