"""Resolution of words for a part to the leading cast of a movie: `the guy`, `the villain`, `the kid`, `the cast`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core import texts
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState
from indexer.names.gazetteer import NamedMovie

BILLING = 0.8
"""Penalty of each later position in the billing among people of a gender."""
NEW_YEARS = 6
"""Maximum years since a child's first movie."""
CAST = 3
"""Number of leading people meant by `the cast of`."""


def meant(state: ParseState, movie: NamedMovie, word: str) -> tuple[str, ...]:
    """Return the cast members meant by a word: whoever plays a character of that name, otherwise the best-known and
    highest-billed person of that gender; several for `cast`."""
    names = [name for name, _, _ in movie.leads]
    if word in word_lists.ROLE_CAST:
        return tuple(names[:CAST])
    called = [name for name, _, played in movie.leads if word in texts.words(played)]
    if called and word in word_lists.KIN_MALE | word_lists.KIN_FEMALE:
        return (called[0],)
    known = state.vocabulary.gazetteer.genders
    genders = {name: gender or known.get(name, "") for name, gender, _ in movie.leads}
    fitting = [name for name in names if genders[name] in {*_genders(word), ""}] or names
    if word in word_lists.ROLE_VILLAIN and len(fitting) > 1:  # the hero is billed first
        fitting = fitting[1:2]
    if word in word_lists.ROLE_CHILD:
        fitting = [name for name in fitting if _is_new(state, name, movie)][:1] or fitting
    renown = _renown(state, fitting)
    return (max(fitting, key=renown),) if fitting else ()


def _is_new(state: ParseState, name: str, movie: NamedMovie) -> bool:
    """Return whether a person's first movie is at most a few years older than this one."""
    person = state.vocabulary.gazetteer.people.get(texts.fold(name))
    return bool(person and person.first and movie.year and movie.year - person.first <= NEW_YEARS)


def _genders(word: str) -> frozenset[str]:
    word = word.rpartition(" ")[2]
    if word in word_lists.ROLE_MALE | word_lists.KIN_MALE | {"kid"}:
        return frozenset({"male"})
    return frozenset({"female"} if word in word_lists.ROLE_FEMALE | word_lists.KIN_FEMALE else {"male", "female", ""})


def _renown(state: ParseState, billed: Sequence[str]) -> Callable[[str], float]:
    people = state.vocabulary.gazetteer.people

    def renown(name: str) -> float:
        person = people.get(texts.fold(name))
        return (person.weight if person is not None else 0.0) / (1 + BILLING * billed.index(name))

    return renown
