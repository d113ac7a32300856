"""Series of movies and the numbers of their parts: from the catalogue, or else inferred from titles, leading people and
characters. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core import texts
from core.types import CastMember, Movie

MIN_LETTERS = 3
"""Letters of the shortest title that other titles may start with (`Saw`)."""
LEADS = 8
"""Billings whose people and characters count."""
MIN_CHARACTERS = 2
"""Full character names that movies without a common title must share."""
SHARED_ELSEWHERE = 2
"""People or characters that movies must share if one title occurs elsewhere than at the start of the other."""
FIRST_BILLED_IN = 4
"""Movies in which a character must be first-billed to define a series by itself (`James Bond`)."""
STARS = 3
"""Billings whose actors, in the same two roles again, make a series without any common name (`Before Sunrise`)."""
_ARTICLES = frozenset({"the", "a", "an"})
_SMALL = _ARTICLES | {"and"}
_PARTS = frozenset({"part", "episode", "chapter", "volume", "vol", "no", "number", "movie"})
_VERSUS = re.compile(r"\b(?:vs?\.?|versus|meets?)\s", re.IGNORECASE)
COMMON_SHARE = 0.6
"""Share of a series' titles that must contain a word for it to become an alias (`Bourne`)."""
_STEM = re.compile(r"^(?P<stem>.{3,}?)(?:\s*[:–—]|\s+-\s|\s+and the\b)", re.IGNORECASE)


def find(movies: Sequence[Movie]) -> dict[int, str]:
    """Return movie ids with the folded names of their series, for movies of series with several parts."""
    found = {movie.id: name_of(movie.collection) for movie in movies if movie.collection}
    loose = [movie for movie in movies if not movie.collection]
    return found | _groups(loose)


def name_of(collection: str) -> str:
    """Return the folded name of a series without TMDB's suffix (`Alien Collection`)."""
    return re.sub(r"\s+(?:collection|series|saga|trilogy|anthology)$", "", texts.fold(collection))


def key(name: str) -> str:
    """Return the key for comparing series names: folded, without articles and `and`."""
    return " ".join(word for word in texts.words(name) if word not in _SMALL)


def parts(name: str, movies: Sequence[Movie]) -> dict[int, int]:
    """Return the number of each movie within its series, by id.

    Numbers after the name of the series (`Rocky IV`, `Star Wars: Episode I`) are used; the other movies get the
    remaining numbers in order of release.
    """
    numbers: dict[int, int] = {}
    for movie in movies:
        number = _own_number(name, movie.title)
        if number and number not in numbers.values():
            numbers[movie.id] = number
    left = iter(number for number in range(1, len(movies) * 2 + 20) if number not in numbers.values())
    for movie in sorted(movies, key=lambda movie: (movie.year or 9_999, movie.id)):
        if movie.id not in numbers:
            numbers[movie.id] = next(left)
    return numbers


def characters(movies: Iterable[Movie]) -> dict[str, int]:
    """Return the full names of leading characters with the number of movies in which each occurs."""
    return dict(Counter(name for movie in movies for name in _characters(movie)))


def other_names(movies: Sequence[Movie]) -> set[str]:
    """Return aliases of a series: the title of its first movie, and a word that most of its titles have."""
    first = min(movies, key=lambda movie: (movie.year or 9_999, movie.id))
    words = Counter(word for movie in movies for word in set(_title_words(movie)) if len(word) > MIN_LETTERS)
    common = {word for word, count in words.items() if count >= max(MIN_CHARACTERS + 1, COMMON_SHARE * len(movies))}
    return {key(first.title), *common}


def _own_number(name: str, title: str) -> int:
    """Return the number directly after the name of the series, or 0."""
    words = [word for word in texts.words(_VERSUS.split(title)[0]) if word not in _ARTICLES]  # this "v" is no number
    named = [word for word in name.split() if word not in _ARTICLES]
    for at in range(len(words) - len(named) + 1):
        if words[at : at + len(named)] == named:
            behind = [word for word in words[at + len(named) :] if word not in _PARTS]
            return _number(behind[0]) if behind else 0
    return 0


def _number(word: str) -> int:
    if word.isdigit() and len(word) <= 2:  # noqa: PLR2004 - years are not part numbers
        return int(word)
    return _NUMERALS.get(word, 0)


_NUMERALS = {
    "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "i": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "one": 1, "second": 2, "third": 3,
}  # fmt: skip


def _groups(movies: Sequence[Movie]) -> dict[int, str]:
    """Group movies that share a title prefix and people, or the names of several characters."""
    leader: dict[int, int] = {movie.id: movie.id for movie in movies}
    names: dict[int, str] = {}
    titles: dict[int, str] = {movie.id: movie.title for movie in movies}
    for base, other, name in (*_by_title(movies), *_by_stem(movies), *_by_characters(movies), *_by_roles(movies)):
        one, two = _root(leader, base), _root(leader, other)
        if one != two:
            leader[two] = one
            names[one] = _shorter(names.get(one), _shorter(names.get(two), name))
    members: dict[int, list[int]] = defaultdict(list)
    for movie in leader:
        members[_root(leader, movie)].append(movie)
    return {
        movie: names[root] or texts.fold(titles[root])
        for root, group in members.items()
        if len(group) > 1
        for movie in group
    }


def _shorter(one: str | None, other: str) -> str:
    known = [name for name in (one, other) if name]
    return min(known, key=len) if known else ""


def _root(leader: dict[int, int], movie: int) -> int:
    while leader[movie] != movie:
        leader[movie] = leader[leader[movie]]
        movie = leader[movie]
    return movie


def _by_title(movies: Sequence[Movie]) -> Iterable[tuple[int, int, str]]:
    """Yield pairs with shared people where one title contains the other whole title: `Alien`, `Alien: Resurrection`.

    A title that contains two others (`Batman v Superman`) belongs to the one it starts with.
    """
    bases: dict[tuple[str, ...], list[Movie]] = defaultdict(list)
    for movie in movies:
        words = _title_words(movie)
        if words and sum(map(len, words)) >= MIN_LETTERS:
            bases[words].append(movie)
    for movie in movies:
        for base, run, shared in _bases_of(movie, bases):
            if linked(base, movie) >= shared:
                yield base.id, movie.id, " ".join(run)
                break


def _bases_of(
    movie: Movie, bases: Mapping[tuple[str, ...], Sequence[Movie]]
) -> Iterable[tuple[Movie, tuple[str, ...], int]]:
    """Yield the movies whose titles occur in this one's, those at its start first, and how much they must share."""
    words = _title_words(movie)
    for start, run in sorted(_runs(words), key=lambda entry: (entry[0], -len(entry[1]))):
        for base in bases.get(run, ()):
            if base.id != movie.id:
                yield base, run, 1 if start == 0 else SHARED_ELSEWHERE


def _title_words(movie: Movie) -> tuple[str, ...]:
    return tuple(word for word in texts.words(movie.title) if word not in _ARTICLES)


def _runs(words: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Yield every run of a title's words with its position, also with the last word in the singular: `Aliens`."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            run = words[start:end]
            yield start, run
            if run[-1].endswith("s") and len(run[-1]) > MIN_LETTERS:
                yield start, (*run[:-1], run[-1][:-1])


def _by_stem(movies: Sequence[Movie]) -> Iterable[tuple[int, int, str]]:
    """Yield pairs with equal titles before a colon or `and the`: `Harry Potter and the …`, `Mission: Impossible`."""
    stems: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        match = _STEM.match(movie.title)
        if match and texts.fold(match["stem"]):
            stems[texts.fold(match["stem"])].append(movie)
    for stem, group in stems.items():
        for other in group[1:]:
            if linked(group[0], other):
                yield group[0].id, other.id, stem


def _by_characters(movies: Sequence[Movie]) -> Iterable[tuple[int, int, str]]:
    """Yield pairs that share the full names of at least two characters: `Star Wars`, `The Empire Strikes Back`."""
    having: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        if not _VERSUS.search(movie.title):  # crossovers do not merge two series
            for name in _characters(movie):
                having[name].append(movie)
    shared: Counter[tuple[int, int]] = Counter()
    for name, group in having.items():
        first = min(group, key=lambda movie: (movie.year or 9_999, movie.id))
        heroes = [movie for movie in group if name in _names(movie.cast[:1])]
        if len(heroes) >= FIRST_BILLED_IN:
            yield from ((heroes[0].id, movie.id, name) for movie in _related(heroes)[1:])
        shared.update((first.id, movie.id) for movie in group if movie.id != first.id)
    for (one, other), count in shared.items():
        if count >= MIN_CHARACTERS:
            yield one, other, ""


def _related(heroes: Sequence[Movie]) -> Sequence[Movie]:
    """Return the movies with a link to another one: a hero of the same name in another story has none."""
    return [movie for movie in heroes if any(linked(movie, other) > 1 for other in heroes if other is not movie)]


def _by_roles(movies: Sequence[Movie]) -> Iterable[tuple[int, int, str]]:
    """Yield pairs in which two stars play the same roles again: `Before Sunrise`, `Before Sunset`.

    One role with a full name is enough if the director is the same too: `Raiders of the Lost Ark`.
    """
    having: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        for member in _billed(movie, LEADS):
            having[member.name].append(movie)
    pairs = {
        (one.id, other.id): (one, other)
        for group in having.values()
        for at, one in enumerate(group)
        for other in group[at + 1 :]
    }
    for one, other in pairs.values():
        if _VERSUS.search(one.title) or _VERSUS.search(other.title):
            continue
        again = one.directors and one.directors == other.directors and same_roles(one, other, full=True)
        if again or len(_same_stars(one, other)) >= MIN_CHARACTERS:
            yield one.id, other.id, ""


def _same_stars(one: Movie, other: Movie) -> set[str]:
    """Return the stars who play the same roles again, unless both movies call several characters the same."""
    found = same_roles(one, other, billed=STARS)
    roles = {" ".join(sorted(_role(member))) for member in _billed(one, STARS) if member.name in found}
    return found if len(roles) == len(found) else set()


def linked(one: Movie, other: Movie) -> int:
    """Return how many directors, writers, full names of leading characters and roles two movies have in common.

    An actor counts only in the same role: `RED` and `Red Dragon` have an actor in common, and nothing else.
    """
    makers = {*one.directors, *one.writers} & {*other.directors, *other.writers}
    return len(makers) + len(_characters(one) & _characters(other)) + len(same_roles(one, other))


def same_roles(one: Movie, other: Movie, *, billed: int = LEADS, full: bool = False) -> set[str]:
    """Return the actors who play the same leading role in both movies; `full`: one with a name of several words."""
    roles = {member.name: _role(member) for member in _billed(one, billed)}
    return {
        member.name for member in _billed(other, billed) if len(roles.get(member.name, set()) & _role(member)) > full
    }


def _role(member: CastMember) -> set[str]:
    """Return the words of a character's name, without those of many characters; none if people play themselves."""
    words = set(texts.fold(member.character).split()) - _COMMON
    return words if words - set(texts.fold(member.name).split()) else set()


def _billed(movie: Movie, count: int) -> list[CastMember]:
    return sorted(movie.cast, key=lambda member: member.order)[:count]


def _characters(movie: Movie) -> set[str]:
    """Return names of leading characters with two or more words: `luke skywalker`, not `the doctor`."""
    return _names(_billed(movie, LEADS))


def _names(cast: Iterable[CastMember]) -> set[str]:
    names = {texts.fold(part) for member in cast for part in re.split(r"\s*[/(]\s*", member.character) if part.strip()}
    return {name for name in names if " " in name and not set(name.split()) & _COMMON}


_COMMON = frozenset(
    """
    the a of man woman girl boy young old mr mrs ms doctor captain detective officer agent himself herself voice
    uncredited sr jr professor sheriff lieutenant sergeant general colonel father mother king queen prince princess
    additional voices archive footage narrator
    """.split()
)


def display_name(name: str, movies: Iterable[Movie], by_series: Mapping[int, str]) -> str:
    """Return the display name of a series, as spelled in its movies' titles."""
    wanted = [word for word in name.split() if word not in _ARTICLES]
    for movie in movies:
        if by_series.get(movie.id) == name:
            spelled = movie.title.split()
            folded = [texts.fold(word) for word in spelled]
            for at in range(len(spelled)):
                run = [word for part in folded[at : at + len(wanted)] for word in part.split()]
                if run[: len(wanted)] == wanted:
                    return " ".join(spelled[at : at + len(wanted)]).strip(" :,-–—")
    return name.title()


def continues(one: Movie, other: Movie) -> bool:
    """Return whether two movies of a group are one series, and not two tales of the same (real) people."""
    if one.collection and one.collection == other.collection:
        return True
    makers = {*one.directors, *one.writers} & {*other.directors, *other.writers}
    return bool(makers or same_roles(one, other) or _common_words(one, other))


def tells_on(one: Movie, other: Movie) -> bool:
    """Return whether one may be the sequel of the other: a common title, or two stars in the same roles."""
    return bool(_common_words(one, other)) or len(same_roles(one, other, billed=STARS)) >= MIN_CHARACTERS


def shared_characters(one: Movie, other: Movie) -> list[str]:
    """Return the leading characters of both movies, as spelled in the first, first-billed first."""
    common = _characters(one) & _characters(other)
    names = (part for member in _billed(one, LEADS) for part in re.split(r"\s*[/(]\s*", member.character))
    return list(dict.fromkeys(name.strip() for name in names if texts.fold(name) in common))


def _common_words(one: Movie, other: Movie) -> set[str]:
    """Return the words that both titles have, in the singular: `Alien`, `Aliens`."""
    own, theirs = ({word.removesuffix("s") for word in _title_words(movie)} for movie in (one, other))
    return {word for word in own & theirs if len(word) > MIN_LETTERS}
