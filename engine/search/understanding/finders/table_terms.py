"""Terms of the word tables in a search text: genres, moods, origins, quality, etc."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from core import texts
from core.understanding import Piece, PieceKind
from engine.search.understanding.language import tokens, word_lists
from engine.search.understanding.parse_state import ParseState
from engine.search.understanding.tables import LANGUAGES, Term

CLASSIC_AGE, OLD_AGE = 32, 42
"""Minimum age of classics and of old movies, in years before the catalogue's newest year."""
RECENT_AGE, NEW_AGE = 7, 2
WEAK = frozenset(
    """
    dark light warm deep clean sick party date wild short long old new big great good best top family war music crime
    action history weird strange odd moving magical perfect amazing nice sweet happy popular famous hit hits modern us
    emotional touching calm clever smart unknown english independent military concert doc docs action crime children kids
    bloody killing blood violence violent wonder gem gems cult quick classic epic grand chill laugh cry tears adaptation
    adaptations sport sports foreign international spectacular disaster monsters cowboy detective gangster mob spy intense
    romance adventure fantasy mystery drama tense sequel sequels novel comics twists childhood growing relax gentle oscar
    christmas teen teenage exciting happiness animated comic haunting shocking uncomfortable brutal comfort solid decent
    awesome fantastic wonderful incredible essential excellent quality recently lately unusual explosive retro absurd
    """.split()
)
"""Words that are also everyday English: a single one is read only in texts that are clearly requests."""
PLAIN_NOUNS = frozenset(
    """family war music crime action history adventure mystery romance military concert criminal cowboy detective gangster
    mob spy monster monsters vampire vampires zombie zombies christmas teen teenage sport sports heist disaster gangsters
    detectives spies mafia sequel sequels remake independent psychological karate samurai historical historic noir""".split()
)
"""Words for a genre that also occur in plots: in a description they do not name a genre on their own."""
_AFTER_ORIGIN = frozenset(
    "with without in made from produced shot en auf aus de del du des da do dos dal della den la".split()
)


def find_terms(state: ParseState) -> None:
    """Find all phrases of the tables outside of the movie's subject."""
    at = 0
    while at < len(state):
        at += _match_term(state, at) if state.free(at) else 1


def weak(state: ParseState, at: int, count: int) -> bool:
    """Return whether a phrase is a single everyday word."""
    return count == 1 and state.words[at] in WEAK


def _match_term(state: ParseState, at: int) -> int:
    """Take the longest phrase at a token, and return the number of tokens to advance."""
    if state.words[at] not in state.vocabulary.tables.phrases:
        return 1
    end = next((i for i in range(at, len(state)) if state.taken[i]), len(state))
    count, terms = state.vocabulary.phrase(state.words[:end], at)
    if not count or _crosses_clause(state, at, count) or state.subject_zone(at):
        return 1
    term = _chosen(state, terms, at, count)
    if term is None:
        return 1
    lead = _lead(state, at, term)
    state.consume(at, count, _piece(state, term, at, count), lead=lead)
    return count


def _crosses_clause(state: ParseState, at: int, count: int) -> bool:
    return any(token.ends_clause for token in state.tokens[at : at + count - 1])


def _chosen(state: ParseState, terms: tuple[Term, ...], at: int, count: int) -> Term | None:
    """Return which of several meanings of a phrase applies here, if any."""
    if count == 1 and state.words[at] in _STORY_NOUNS and _of_story(state, at):
        return None
    for term in terms:
        if term.table == "origin" and not _origin_meant(state, term, at, count):
            continue
        if term.table == "length" and not _length_meant(state, at + count - 1):
            continue
        if term.table in {"quality", "recency"} and count == 1 and not _quality_meant(state, at):
            continue
        if term.table == "based_on" and term.name == "novel" and count == 1 and not _adaptation_meant(state, at):
            continue
        return term
    return None


def _origin_meant(state: ParseState, term: Term, at: int, count: int) -> bool:
    """Return whether a place is an origin: after `made in`, `from` etc., before a word for movies, or on its own."""
    if not _is_place(term, state.words[at : at + count]) or _behind_from(state, at):
        return True
    return state.names_movies(at + count) or state.clause_of_its_own(at, count)


def _behind_from(state: ParseState, at: int) -> bool:
    """Return whether `made in`, `from the` etc. precedes token `at`."""
    while at and state.words[at - 1] in _ARTICLES:
        at -= 1
    return (at > 0 and state.words[at - 1] in _FROM) or state.ends_with(word_lists.MADE_IN, at) > 0


_FROM = frozenset("from made produced aus de del du d des da do dos dal della".split())
_ARTICLES = frozenset("the den der dem la el il los las les die le".split())


def _is_place(term: Term, words: Sequence[str]) -> bool:
    """Return whether an origin is given as the name of a place rather than as an adjective."""
    adjectives = tuple(term.listed(name) for name in _SAYS)
    return tuple(words) in _places(term.listed("places"), term.listed("places_foreign"), adjectives)


_SAYS = ("says", *(f"says_{language}" for language in LANGUAGES[1:]))


@cache
def _places(
    english: tuple[str, ...], foreign: tuple[str, ...], adjectives: tuple[tuple[str, ...], ...]
) -> frozenset[tuple[str, ...]]:
    """Return the names of places as words, without foreign ones that are also adjectives (`italien`)."""
    known = {tokens.words(text) for listed in adjectives for text in listed}
    return frozenset(map(tokens.words, english)) | (frozenset(map(tokens.words, foreign)) - known)


def _quality_meant(state: ParseState, at: int) -> bool:
    """Return whether `good` or `best` refers to movies: before a word for them or another term, or ending a clause."""
    for behind in range(at + 1, min(at + 4, len(state))):
        if state.tokens[behind - 1].ends_clause:
            return True
        if (
            state.words[behind] in word_lists.NOUNS
            or state.taken[behind]
            or state.vocabulary.phrase(state.words, behind)[0]
        ):
            return True
        if state.words[behind] not in word_lists.SMALL | {"rated"}:
            return state.words[at] in _BEST
    return True


_BEST = frozenset(
    {"best", "top", "greatest", "underrated", "acclaimed", "overlooked", "cult", "mejores", "beste", "besten"}
)


def _of_story(state: ParseState, at: int) -> bool:
    """Return whether an everyday word belongs to the plot: `a family in space`, `his old house`."""
    before = state.words[at - 1] if at else ""
    behind = state.words[at + 1] if at + 1 < len(state) else ""
    if before not in _OF_STORY or state.tokens[at - 1].ends_clause or state.ends_with(word_lists.NEGATIONS, at):
        return False
    return not (behind in word_lists.NOUNS or bool(behind and state.vocabulary.phrase(state.words, at + 1)[0]))


_STORY_NOUNS = frozenset(
    """
    family war crime history music cowboy detective gangster mob spy disaster monsters
    killing childhood criminal christmas teen military vampire zombie monster
    journey
    """.split()
)
_OF_STORY = frozenset({"a", "an", "the", "his", "her", "their", "my", "its", "two", "three"})


def _length_meant(state: ParseState, at: int) -> bool:
    """Return whether `short` or `long` refers to a movie: `a short comedy`, `something short`."""
    behind = state.words[at + 1] if at + 1 < len(state) else ""
    before = state.words[at - 1] if at else ""
    if texts.unspaced(state.words[at]):
        return True
    if behind in word_lists.NOUNS or (at + 1 < len(state) and state.vocabulary.phrase(state.words, at + 1)[0]):
        return True
    if behind in _AND and at + 2 < len(state) and state.vocabulary.phrase(state.words, at + 2)[0]:
        return True  # "short and funny"
    if state.clause_of_its_own(at, 1):
        return True
    ends = at + 1 == len(state) or state.tokens[at].ends_clause
    return ends and (before in word_lists.PRONOUNS | word_lists.LINKING)


_AND = frozenset({"and", "but", "y", "et", "und", "e", "aber", "pero", "mais", "ma", "mas"})


def _adaptation_meant(state: ParseState, at: int) -> bool:
    return state.words[at].startswith(("adapt", "verfilm"))


def _lead(state: ParseState, at: int, term: Term) -> int:
    """Count the small words before an origin that belong to it: `in french`, `made in`, `from`."""
    if term.table != "origin" and term.kind is not PieceKind.STUDIO:
        return 0
    lead = 0
    while (
        at - lead - 1 >= 0
        and state.free(at - lead - 1)
        and (
            state.words[at - lead - 1] in _AFTER_ORIGIN | {"by", "the"} and not state.tokens[at - lead - 1].ends_clause
        )
    ):
        lead += 1
    return lead


def _piece(state: ParseState, term: Term, at: int, count: int) -> Piece:
    kind, value, label = term.kind, term.name, term.label
    more: dict[str, object] = {}
    if term.table == "genre":
        value = label = state.vocabulary.genre_names.get(tokens.fold(term.name), term.name)
    elif term.table == "origin":
        kind, value, label, more = _origin(state, term, at, count)
    elif term.kind is PieceKind.RECENCY:
        value, label = recency(term, state.vocabulary.gazetteer.newest_year)
    elif term.kind is PieceKind.RUNTIME:
        value = term.row["minutes"]
        bound = f"up to {value[2:]} min" if value.startswith("<=") else f"{value[2:]} min or more"
        label = f"{term.label} ({bound})"
    elif term.kind is PieceKind.STUDIO:
        more = {"names": _companies(state, term)}
    return state.piece(kind, value, label, at, count, **more)


def recency(term: Term, newest: int) -> tuple[str, str]:
    """Return value and label of a request for new or old movies, relative to the catalogue's newest year."""
    name = term.name
    if "until" in term.row:
        return f"-{term.row['until']}", f"{term.label} (until {term.row['until']})"
    if name == "old":
        return f"-{newest - OLD_AGE}", f"Old (until {newest - OLD_AGE})"
    first = newest - (RECENT_AGE if name == "recent" else NEW_AGE)
    return f"{first}-", f"{name.capitalize()} ({first} or later)"


def _origin(state: ParseState, term: Term, at: int, count: int) -> tuple[PieceKind, str, str, dict[str, object]]:
    languages, countries = term.listed("language"), term.listed("countries")
    excluded = term.listed("not_language")
    made_in = at > 1 and state.words[at - 1] in {"in", "from"} and state.words[at - 2] in {"made", "produced", "shot"}
    place = _is_place(term, state.words[at : at + count]) and _behind_from(state, at)
    if excluded:
        return PieceKind.LANGUAGE, excluded[0], "in English", {"names": excluded, "wanted": False}
    if languages and not (made_in or place):
        return PieceKind.LANGUAGE, languages[0], term.label, {"names": languages}
    names = tuple(map(tokens.fold, countries))
    return PieceKind.COUNTRY, countries[0], term.label if len(countries) > 1 else countries[0], {"names": names}


def _companies(state: ParseState, term: Term) -> tuple[str, ...]:
    """Return the catalogue's companies whose names begin with those in the table."""
    names = state.vocabulary.gazetteer.company_beginnings
    return tuple(dict.fromkeys(name for begins in term.listed("companies") for name in names.get(begins, ())))
