"""People told by a movie or a character: `the guy from X`, `the director of X`, `who played Gandalf`."""

from __future__ import annotations

from core import texts
from core.understanding import PieceKind
from engine.search.understanding import phrasing
from engine.search.understanding.draft import Draft
from indexer.gazetteer import NamedMovie

MAX_NAME_WORDS = 4
BILLING = 0.4
"""How much less likely each later billing is to be meant."""
CAST = 3
"""Leading people whom `the cast of` means."""
_PLAYS = frozenset({"played", "plays", "playing", "portrayed", "portrays", "was", "is"})
_BEFORE = phrasing.DETERMINERS | {
    "that",
    "main",
    "leading",
    "other",
    "male",
    "female",
    "old",
    "young",
    "with",
    "starring",
    "same",
}


def find_roles(draft: Draft) -> None:
    """`the guy from X`, `the director of X`: people told by a movie."""
    for at in range(len(draft) - 1):
        word = draft.words[at]
        kinds = (
            phrasing.ROLE_MALE | phrasing.ROLE_FEMALE | phrasing.ROLE_ANY | phrasing.ROLE_DIRECTOR | phrasing.ROLE_CAST
        )
        if not draft.free(at) or word not in kinds:
            continue
        after = at + 1
        while after < len(draft) and draft.words[after] in phrasing.ROLE_LINKS:
            after += 1
        if after > at + 1 and after < len(draft) and not _take_player(draft, at, after):
            _take_role(draft, at, after, word)


def _take_role(draft: Draft, at: int, after: int, word: str) -> None:
    count, movies = draft.title_at(after)
    if not count or not draft.free(after, count) or not draft.plausible_title(after, count, movies[0].prominence):
        return
    movie = movies[0]
    director = word in phrasing.ROLE_DIRECTOR
    people = movie.directors if director else _cast_of(draft, movie, word)
    if not people:
        return
    role = "director" if director else "actor"
    label = " or ".join(people[:2])
    piece = draft.piece(
        PieceKind.ROLE, people[0], label, at, after + count - at, role=role, movies=(movie.id,),
        names=tuple(texts.fold(name) for name in people),
    )  # fmt: skip
    lead = 0
    while at - lead - 1 >= 0 and draft.words[at - lead - 1] in _BEFORE:  # fmt: skip
        lead += 1
    draft.take(at, after + count - at, piece, lead=lead if draft.free(at - lead, lead) else 0)


def _take_player(draft: Draft, at: int, after: int) -> bool:
    """`the actor who played Gandalf`: whoever played a character."""
    if not set(draft.words[at:after]) & _PLAYS:
        return False
    for count in range(min(MAX_NAME_WORDS, len(draft) - after), 0, -1):
        found = draft.vocabulary.gazetteer.by_character.get(" ".join(draft.words[after : after + count]))
        if found is not None and draft.free(after, count):
            name, movie = found
            piece = draft.piece(
                PieceKind.ROLE, name, name, at, after + count - at, role="actor", movies=(movie.id,),
                names=(texts.fold(name),),
            )  # fmt: skip
            lead = int(at > 0 and draft.words[at - 1] in phrasing.DETERMINERS | {"that", "same"} and draft.free(at - 1))
            draft.take(at, after + count - at, piece, lead=lead)
            return True
    return False


def _cast_of(draft: Draft, movie: NamedMovie, word: str) -> tuple[str, ...]:
    """Whom a word means among the leading cast: the best known and highest billed of that gender, or for `cast`
    several."""
    names = [name for name, _, _ in movie.leads]
    if word in phrasing.ROLE_CAST:
        return tuple(names[:CAST])
    wanted = (
        {"male"}
        if word in phrasing.ROLE_MALE
        else {"female"}
        if word in phrasing.ROLE_FEMALE
        else {"male", "female", ""}
    )
    fitting = [name for name, gender, _ in movie.leads if gender in wanted] or names
    people = draft.vocabulary.gazetteer.people

    def renown(name: str) -> float:
        person = people.get(texts.fold(name))
        return (person.weight if person is not None else 0.0) / (1 + BILLING * names.index(name))

    return (max(fitting, key=renown),) if fitting else ()
