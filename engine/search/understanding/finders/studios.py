"""Studios in a search text, by the names of the catalogue's production companies: `orion pictures`, `bad robot`.

Studios known by other names (`mcu`) are in the tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.understanding import PieceKind
from engine.search.understanding.language import word_lists
from engine.search.understanding.parse_state import ParseState
from indexer.names.companies import CORPORATE, Company

MAX_WORDS = 6
MIN_ALONE = 8
"""Minimum movies of a company for its name of one rare word to count without a word such as `pictures` after it."""
MIN_EVERYDAY = 20
"""The same for a name of several everyday words: `screen gems horror`."""
_SAYS_COMPANY = frozenset({"company", "studio", "studios", "production", "productions"})
"""Words that mark a company before or after its name; `movies` and `pictures` may also mean movies."""
_EVERYDAY = frozenset({"original", "double", "feature", "big", "screen", "first", "look", "real", "live"})


def find_studios(state: ParseState) -> None:
    """Find all companies named in a text."""
    starts = state.vocabulary.gazetteer.company_starts
    for at in range(len(state)):
        if state.words[at] not in starts:
            continue
        for count in range(min(MAX_WORDS, len(state) - at), 0, -1):
            if state.free(at, count) and _match(state, at, count):
                break


def _match(state: ParseState, at: int, count: int) -> bool:
    words = state.words[at : at + count]
    company = state.vocabulary.gazetteer.by_company.get(" ".join(words)) or _by_beginning(state, words)
    if company is None or any(token.ends_clause for token in state.tokens[at : at + count - 1]):
        return False
    behind = int(_word(state, at + count) in _SAYS_COMPANY and not state.tokens[at + count - 1].ends_clause)
    before = int(_word(state, at - 1) in _SAYS_COMPANY)
    marked = bool(before or behind or words[-1] in CORPORATE)
    if not _is_meant(state, company, at, count, marked=marked):
        return False
    label = " ".join(word.capitalize() for word in company.bare.split())
    piece = state.piece(PieceKind.STUDIO, company.bare, label, at, count + behind, names=company.names)
    lead = before
    while at - lead - 1 >= 0 and state.words[at - lead - 1] in {"by", "from", "the", "that"}:
        lead += 1
    state.consume(at, count + behind, piece, lead=lead if state.free(at - lead, lead) else 0)
    return True


def _by_beginning(state: ParseState, words: Sequence[str]) -> Company | None:
    """Return a company by the first, rare words of its name and a word such as `pictures`: `rko pictures`."""
    names = state.vocabulary.gazetteer
    start = " ".join(words[:-1])
    if len(words) < 2 or words[-1] not in CORPORATE or start in names.by_surname or start in names.people:  # noqa: PLR2004
        return None
    rare = not any(
        state.vocabulary.is_english(word) or word in names.common or word in word_lists.KNOWN for word in words[:-1]
    )
    return names.by_company_beginning.get(start) if rare and not names.titled(start) else None


def _word(state: ParseState, at: int) -> str:
    return state.words[at] if 0 <= at < len(state) and state.free(at) else ""


def _is_meant(state: ParseState, company: Company, at: int, count: int, *, marked: bool) -> bool:
    """Return whether a company is meant rather than everyday words: `new line cinema`, not `a new line`."""
    bare = company.bare.split()
    phrases = state.vocabulary.tables.phrases
    if all(word in word_lists.KNOWN or word in phrases or word in _EVERYDAY for word in bare):
        least = MIN_EVERYDAY if len(bare) == 2 else MIN_ALONE  # noqa: PLR2004 - "screen gems"
        known = company.movies >= least and _before_movies(state, at + count)
        return len(bare) > 1 and (marked or known)
    names = state.vocabulary.gazetteer
    if company.bare in names.people:  # "eddie murphy movies" are the actor's, not those of Eddie Murphy Productions
        return False
    return marked or (
        company.bare not in names.by_surname and not names.titled(company.bare) and _alone(state, company, at + count)
    )


def _alone(state: ParseState, company: Company, end: int) -> bool:
    """Return whether a name counts on its own: several rare words do, other names only before a word for movies."""
    bare, names = company.bare.split(), state.vocabulary.gazetteer
    everyday = all(word in names.everyday or word in names.common for word in bare)
    if len(bare) > 1 and not everyday:
        return True
    return (len(bare) > 1 or not everyday) and company.movies >= MIN_ALONE and _before_movies(state, end)


def _before_movies(state: ParseState, end: int) -> bool:
    """Return whether a word for movies or a kind of movie follows (`tristar action movies`), or nothing at all."""
    if end >= len(state):
        return len(state) == 1
    return state.words[end] in word_lists.NOUNS or bool(state.vocabulary.phrase(state.words, end)[0])
