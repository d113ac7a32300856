"""Names in a search text: movies to resemble or to leave out, people, the cast behind a role, series and their parts."""

from __future__ import annotations

from collections.abc import Sequence

from core import texts
from core.understanding import PieceKind
from engine.search.understanding import common
from engine.search.understanding.draft import Draft
from indexer import spelling
from indexer.gazetteer import NamedMovie, NamedPerson
from indexer.series import key as series_key

_SMALL = frozenset({"the", "a", "an", "and"})
_PLAYS = frozenset({"played", "plays", "playing", "portrayed", "portrays"})
MAX_NAME_WORDS = 4
MIN_WEIGHT = 0.12
"""Prominence that somebody needs whose full name stands in a text without a word like `starring` before it."""
SURNAME_WEIGHT = 1.5
"""The same for a surname alone, which needs such a word as well."""
SHORT, FAMOUS_WEIGHT = 7, 4.0
"""Words of a text in which the surname of so prominent a director counts by itself: `tarantino western`."""
ODD_NAME_WEIGHT = 0.6
"""The same for a name that is written in another way."""
SURNAME_LEAD = 1.3
"""How much more prominent than the next of the same surname somebody must be to be meant by it."""
MOSTLY = 0.5
"""Share of somebody's weight from which on they are known for a part (acting, directing)."""
MIN_DIRECTS = 0.15


def find_likes(draft: Draft) -> None:
    """`movies like X`, `similar to X and Y`: movies that the results shall resemble."""
    for at in range(len(draft)):
        if not draft.free(at):
            continue
        lead = draft.starts(common.LIKE, at)
        if not lead and draft.words[at] in common.LIKE_BARE and _bare_like(draft, at):
            lead = 1
        if lead and draft.free(at, lead):
            _take_likes(draft, at, lead)
    _find_likes_before(draft)


def find_roles(draft: Draft) -> None:
    """`the guy from X`, `the director of X`: people told by a movie."""
    for at in range(len(draft) - 1):
        word = draft.words[at]
        kinds = common.ROLE_MALE | common.ROLE_FEMALE | common.ROLE_ANY | common.ROLE_DIRECTOR | common.ROLE_CAST
        if not draft.free(at) or word not in kinds:
            continue
        after = at + 1
        while after < len(draft) and draft.words[after] in common.ROLE_LINKS:
            after += 1
        if after > at + 1 and after < len(draft) and not _take_player(draft, at, after):
            _take_role(draft, at, after, word)


def find_people(draft: Draft) -> None:
    """Names of people, by their full names or, behind words such as `by` and `with`, by surname."""
    for at in range(len(draft)):
        if draft.free(at) and not _take_relatives(draft, at) and not _take_full_name(draft, at) and not _take_odd_name(draft, at):
            _take_surname(draft, at)


def find_excluded_titles(draft: Draft) -> None:
    """`but not Star Wars`: movies, or whole series, that the results shall not hold."""
    for at in range(1, len(draft)):
        if not draft.free(at) or draft.words[at - 1] not in common.NEGATORS | {"than", "for"}:
            continue
        negated = draft.words[at - 1] in common.NEGATORS or draft.ends_with(common.NEGATIONS, at)
        count, movies = draft.vocabulary.title_at(draft.text, draft.tokens, at)
        series, length = _series_at(draft, at)
        if length >= count and length:
            count, movies = length, draft.vocabulary.gazetteer.by_series[series]
        if negated and count and draft.free(at, count) and _is_name(draft, at, count, movies):
            ids = tuple(movie.id for movie in movies) if length >= count else (movies[0].id,)
            value, label = str(movies[0].id), movies[0].title
            piece = draft.piece(PieceKind.TITLE, value, label, at, count, wanted=False, movies=ids)
            draft.take(at, count, piece)


def find_series(draft: Draft) -> None:
    """`harry potter movies`, `third harry potter`, `star wars episode 5`: a series, or a part of it."""
    for at in range(len(draft)):
        if not draft.free(at):
            continue
        name, count = _series_at(draft, at)
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


def _bare_like(draft: Draft, at: int) -> bool:
    """Whether `like` alone compares: at the beginning, or behind a word for a movie or a mood."""
    if at == 0:
        return True
    before = draft.words[at - 1]
    return before in common.NOUNS | common.PRONOUNS | {"more", "one", "but"} or draft.taken[at - 1] or (
        bool(draft.vocabulary.tables.phrases.get(before)) and before not in common.SMALL
    )


def _take_likes(draft: Draft, at: int, lead: int) -> None:
    """Take the titles behind a word of comparison, as long as each follows the other by `and` and the like."""
    begin, where = at, at + lead
    while where < len(draft):
        while where < len(draft) and draft.words[where] in {"the", "movie", "film", "movies", "films"} and not (
            draft.vocabulary.title_at(draft.text, draft.tokens, where)[0] > 1
        ):
            where += 1
        count, movies = draft.vocabulary.title_at(draft.text, draft.tokens, where) if where < len(draft) else (0, ())
        if not count:
            count, movies = _series_movies(draft, where)
        if not count or not draft.free(where, count) or not draft.plausible_title(where, count, movies[0].prominence):
            return
        movie = movies[0]
        series = _series_at(draft, where)
        piece = draft.piece(
            PieceKind.LIKE, str(movie.id), f"like {movie.title}", where, count, movies=(movie.id,),
            names=(series[0],) if series[1] == count else (),
        )  # fmt: skip
        draft.take(where, count, piece)
        draft.skip(begin, where - begin)
        begin = where + count
        if begin < len(draft) and (draft.words[begin] in common.LIKE_JOINS or draft.tokens[begin - 1].ends_clause):
            where = begin + (draft.words[begin] in common.LIKE_JOINS)
        else:
            return


def _series_movies(draft: Draft, at: int) -> tuple[int, tuple[NamedMovie, ...]]:
    """A series in the place of a title stands for its best-known movies."""
    if at >= len(draft):
        return 0, ()
    name, count = _series_at(draft, at)
    movies = draft.vocabulary.gazetteer.by_series.get(name, ())
    return count, tuple(sorted(movies, key=lambda movie: -movie.prominence))


def _find_likes_before(draft: Draft) -> None:
    """The title stands before the comparison in Japanese."""
    for at in range(1, len(draft)):
        length = draft.starts(common.LIKE_AFTER, at)
        for start in range(max(0, at - 12), at) if length else ():
            if not draft.free(start, at - start):
                continue
            found = draft.vocabulary.gazetteer.titled(draft.text[draft.tokens[start].start : draft.tokens[at - 1].end])
            if found:
                movie = found[0]
                piece = draft.piece(
                    PieceKind.LIKE, str(movie.id), f"like {movie.title}", start, at - start, movies=(movie.id,)
                )
                draft.take(start, at - start, piece)
                draft.skip(at, length)
                break


def _take_role(draft: Draft, at: int, after: int, word: str) -> None:
    count, movies = draft.vocabulary.title_at(draft.text, draft.tokens, after)
    if not count or not draft.free(after, count) or not draft.plausible_title(after, count, movies[0].prominence):
        return
    movie = movies[0]
    director = word in common.ROLE_DIRECTOR
    people = movie.directors if director else _cast_of(movie, word)
    if not people:
        return
    role = "director" if director else "actor"
    label = " or ".join(people[:2])
    piece = draft.piece(
        PieceKind.ROLE, people[0], label, at, after + count - at, role=role, movies=(movie.id,),
        names=tuple(texts.fold(name) for name in people),
    )  # fmt: skip
    lead = 0
    while at - lead - 1 >= 0 and draft.words[at - lead - 1] in {"the", "that", "a", "main", "leading", "other", "male",
                                                               "female", "old", "young", "with", "starring", "same"}:  # fmt: skip
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
            lead = int(at > 0 and draft.words[at - 1] in _SMALL | {"that", "same"} and draft.free(at - 1))
            draft.take(at, after + count - at, piece, lead=lead)
            return True
    return False


def _cast_of(movie: NamedMovie, word: str) -> tuple[str, ...]:
    """Whom a word means among the leading cast: the first-billed of that gender, or for `cast` several."""
    names = [name for name, _, _ in movie.leads]
    if word in common.ROLE_CAST:
        return tuple(names[:3])
    wanted = {"male"} if word in common.ROLE_MALE else {"female"} if word in common.ROLE_FEMALE else {"male", "female", ""}
    fitting = [name for name, gender, _ in movie.leads if gender in wanted] or names
    return tuple(fitting[:1])


def _take_relatives(draft: Draft, at: int) -> bool:
    """`a Coen brother`, `the Wachowskis`, `Russo brothers`: everybody of that surname who directs."""
    named = draft.vocabulary.gazetteer.by_surname.get(draft.words[at]) or draft.vocabulary.gazetteer.by_surname.get(
        draft.words[at].removesuffix("s")
    )
    plural = draft.words[at].endswith("s") and draft.words[at] not in draft.vocabulary.gazetteer.by_surname
    after = draft.words[at + 1] if at + 1 < len(draft) else ""
    if not named or not (after in common.RELATIVES or (plural and at > 0 and draft.words[at - 1] in {"the", "by"})):
        return False
    directors = [person for person in named if person.directs >= MIN_DIRECTS][:2]
    if len(directors) < 2:  # noqa: PLR2004 - brothers are two
        return False
    count = 2 if after in common.RELATIVES else 1
    article = int(at > 0 and draft.words[at - 1] in _SMALL)
    lead = draft.ends_with(common.DIRECTED, at - article)
    lead += article if lead else 0
    piece = draft.piece(
        PieceKind.PERSON, directors[0].name, " or ".join(person.name for person in directors), at, count,
        role="director", names=tuple(texts.fold(person.name) for person in directors),
    )  # fmt: skip
    draft.take(at, count, piece, lead=lead if draft.free(at - lead, lead) else 0)
    return True


def _take_full_name(draft: Draft, at: int) -> bool:
    people = draft.vocabulary.gazetteer.people
    for count in range(min(MAX_NAME_WORDS, len(draft) - at), 1, -1):
        person = people.get(" ".join(draft.words[at : at + count])) if draft.free(at, count) else None
        if person is None or any(token.ends_clause for token in draft.tokens[at : at + count - 1]):
            continue
        words = draft.words[at : at + count]
        if all(word in common.KNOWN or word in draft.vocabulary.tables.phrases for word in words):
            continue
        lead, role = _part_of(draft, at, at + count, person)
        if (lead or person.weight >= MIN_WEIGHT) and not draft.ends_with(common.SUBJECT, at):
            _take_person(draft, at, count, person, role, lead)
            return True
    return False


def _take_odd_name(draft: Draft, at: int) -> bool:
    """`leonardo di caprio`, `dwayne the rock johnson`, `sophia coppola`: a name written apart, with a nickname inside,
    or with a wrong letter in the first name."""
    people = draft.vocabulary.gazetteer.people
    for count in (4, 3, 2):
        words = draft.words[at : at + count]
        if len(words) < count or not draft.free(at, count):
            continue
        if words[-1] not in draft.vocabulary.gazetteer.by_surname and "".join(words[-2:]) not in (
            draft.vocabulary.gazetteer.by_surname
        ):
            continue
        ways = [" ".join((words[0], words[-1])), " ".join((words[0], "".join(words[1:])))] if count > 2 else []  # noqa: PLR2004
        person = next((people[way] for way in ways if way in people), None) or (
            _nearly(draft, words) if count == 2 else None  # noqa: PLR2004
        )
        if person is not None and person.weight >= ODD_NAME_WEIGHT and not draft.ends_with(common.SUBJECT, at):
            lead, role = _part_of(draft, at, at + count, person)
            _take_person(draft, at, count, person, role, lead)
            return True
    return False


def _nearly(draft: Draft, words: Sequence[str]) -> NamedPerson | None:
    """Somebody of that surname whose first name is one letter off."""
    named = draft.vocabulary.gazetteer.by_surname.get(words[1], ())
    near = [p for p in named[:20] if spelling.distance(texts.fold(p.name).split()[0], words[0]) <= (len(words[0]) > 4) + 1]  # noqa: PLR2004
    return near[0] if near and len(words[0]) >= 4 else None  # noqa: PLR2004


def _take_surname(draft: Draft, at: int) -> None:
    word = draft.words[at].removesuffix("'s")
    named = draft.vocabulary.gazetteer.by_surname.get(word) or _possessive(draft, word)
    if not named or word in common.KNOWN or draft.vocabulary.tables.phrases.get(word):
        return
    lead, role = _part_of(draft, at, at + 1, named[0])
    alone = len(draft) == 1
    before_noun = at + 1 < len(draft) and draft.words[at + 1] in common.NOUNS
    famous = len(draft) <= SHORT and named[0].weight >= FAMOUS_WEIGHT and named[0].directs >= MOSTLY
    if not (lead or alone or before_noun or famous) or draft.ends_with(common.SUBJECT, at):
        return
    fitting = [p for p in named if role != "director" or p.directs >= MIN_DIRECTS] or list(named)
    ranked = sorted(fitting, key=lambda person: -_weight_as(person, role))
    best = ranked[0]
    clear = len(ranked) == 1 or _weight_as(best, role) >= SURNAME_LEAD * _weight_as(ranked[1], role)
    if best.weight >= SURNAME_WEIGHT and clear:
        _take_person(draft, at, 1, best, role or _part_before_noun(best, before_noun), lead)


def _possessive(draft: Draft, word: str) -> Sequence[NamedPerson]:
    """`hitchcocks films`: a name with the s of its genitive."""
    return draft.vocabulary.gazetteer.by_surname.get(word.removesuffix("s"), ()) if word.endswith("s") else ()


def _weight_as(person: NamedPerson, role: str) -> float:
    share = {"director": person.directs, "actor": person.acts}.get(role, max(person.directs * 2, person.acts))
    return person.weight * share


def _part_before_noun(person: NamedPerson, before_noun: bool) -> str:
    return "director" if before_noun and person.directs >= MOSTLY else ""


def _part_of(draft: Draft, at: int, end: int, person: NamedPerson) -> tuple[int, str]:
    """How many tokens before a name tell somebody's part, and that part."""
    directed = draft.ends_with(common.DIRECTED, at)
    acted = draft.ends_with(common.ACTED, at)
    if directed and directed >= acted:
        by = draft.words[at - 1] in {"by", "von"} and directed == 1
        known = person.directs >= MIN_DIRECTS
        return (directed, "director" if known else "") if not by or known else (directed, "")
    if acted:
        return acted, "actor" if person.acts >= MIN_DIRECTS else ""
    if _joined(draft, at):
        return 1, draft.pieces[-1].role
    after = draft.words[end : end + 2]
    if after[:1] and after[0] in {"stars", "plays", "acts", "directs", "directed", "starring"}:
        return 0, "director" if after[0].startswith("direct") else "actor"
    return 0, ""


def _joined(draft: Draft, at: int) -> bool:
    """Whether `and` joins the name to the person before it: both are in the same part."""
    if at < 2 or draft.words[at - 1] not in common.LIKE_JOINS or not draft.pieces:  # noqa: PLR2004
        return False
    last = draft.pieces[-1]
    return last.kind is PieceKind.PERSON and last.end == draft.tokens[at - 2].end


def _take_person(draft: Draft, at: int, count: int, person: NamedPerson, role: str, lead: int) -> None:
    key = texts.fold(person.name)
    piece = draft.piece(PieceKind.PERSON, person.name, person.name, at, count, role=role, names=(key,))
    free = draft.free(at - lead, lead) if lead else False
    draft.take(at, count, piece, lead=lead if free else 0)


def _is_name(draft: Draft, at: int, count: int, movies: Sequence[NamedMovie]) -> bool:
    """Whether what follows `not` is a title rather than a genre or a mood."""
    words = draft.words[at : at + count]
    said = all(word in common.KNOWN or draft.vocabulary.tables.phrases.get(word) for word in words)
    return not said and draft.plausible_title(at, count, movies[0].prominence)


def _series_at(draft: Draft, at: int) -> tuple[str, int]:
    """The series whose name begins at token `at`, and its number of tokens; several movies must belong to it."""
    names = draft.vocabulary.gazetteer
    for count in range(min(6, len(draft) - at), 0, -1):
        words = draft.words[at : at + count]
        if words[0] in _SMALL or words[-1] in _SMALL:
            continue
        name = names.series_keys.get(" ".join(word for word in words if word not in _SMALL), "")
        if name and len(names.by_series[name]) > 1 and draft.free(at, count):
            return name, count
    return "", 0


def _part(draft: Draft, at: int, count: int) -> tuple[int, int, int]:
    """The number of the part that is meant (0: none is, -1: the last one), and the tokens around that say so."""
    end = at + count
    where = end
    while where < len(draft) and draft.words[where] in common.PART_WORDS and where < end + 2:
        where += 1
    if where < len(draft) and (number := _number(draft.words[where])) and where + 1 == len(draft):
        return number, at, where + 1
    before = at - 1
    while before >= 0 and draft.words[before] in {"the", "of", "movie", "film", "in"}:
        before -= 1
    if before >= 0 and draft.words[before] in common.ORDINALS and draft.free(before):
        last = end + 1 if end < len(draft) and draft.words[end] in common.SERIES_WORDS else end
        return common.ORDINALS[draft.words[before]], before, last
    return 0, at, end


def _number(word: str) -> int:
    return int(word) if word.isdigit() and len(word) <= 2 else common.NUMERALS.get(word, 0)  # noqa: PLR2004


def _series_meant(draft: Draft, at: int, count: int, name: str) -> bool:
    """Whether a series is what is asked for: all of the text, or with `movies`, `series` and the like behind it.

    A word that its titles only have in common (`pirates`) needs `movies` behind it in any case.
    """
    end = at + count
    if count == 1 and series_key(name) != draft.words[at] and (end == len(draft) or draft.words[end] not in common.SERIES_WORDS):
        return False
    rest = [word for i, word in enumerate(draft.words) if not at <= i < end and word not in common.EDGES]
    behind = draft.words[end] if end < len(draft) else ""
    everyday = all(word in common.KNOWN or draft.vocabulary.tables.phrases.get(word) for word in draft.words[at:end])
    return not everyday and (not rest or behind in common.SERIES_WORDS)
