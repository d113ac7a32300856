"""Which movies belong to one series, and which part of it each is: as the catalogue says, else told from titles,
leading people and characters. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core import texts
from core.types import CastMember, Movie

MIN_LETTERS = 3
"""Letters of the shortest title that others may begin with (`Saw`)."""
LEADS = 8
"""Billings whose people and characters count."""
MIN_CHARACTERS = 2
"""Full names of characters that movies without a common title must share."""
SHARED_ELSEWHERE = 2
"""People or characters that movies share where the title of one stands elsewhere than at the other's beginning."""
FIRST_BILLED_IN = 4
"""Movies in which a character must be the first-billed to make them a series by itself (`James Bond`)."""
_ARTICLES = frozenset({"the", "a", "an"})
_SMALL = _ARTICLES | {"and"}
_PARTS = frozenset({"part", "episode", "chapter", "volume", "vol", "no", "number", "movie"})
_VERSUS = re.compile(r"\b(?:vs?\.?|versus|meets?)\s", re.IGNORECASE)
COMMON_SHARE = 0.6
"""Share of a series' titles that have a word which becomes another name of it (`Bourne`)."""
_STEM = re.compile(r"^(?P<stem>.{3,}?)(?:\s*[:–—]|\s+-\s|\s+and the\b)", re.IGNORECASE)


def find(movies: Sequence[Movie]) -> dict[int, str]:
    """Movie id to the folded name of its series, for movies that belong to one of several parts."""
    found = {movie.id: name_of(movie.collection) for movie in movies if movie.collection}
    loose = [movie for movie in movies if not movie.collection]
    return found | _groups(loose)


def name_of(collection: str) -> str:
    """The folded name of a series without what TMDB puts behind it (`Alien Collection`)."""
    return re.sub(r"\s+(?:collection|series|saga|trilogy|anthology)$", "", texts.fold(collection))


def key(name: str) -> str:
    """What names of series are compared by: folded, without articles and `and`."""
    return " ".join(word for word in texts.words(name) if word not in _SMALL)


def parts(name: str, movies: Sequence[Movie]) -> dict[int, int]:
    """The number of each movie within its series, by id.

    A number behind the name of the series (`Rocky IV`, `Star Wars: Episode I`) counts; movies without one take the
    numbers that are left, in the order of their release.
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
    """The full names of leading characters, and in how many of the movies each occurs."""
    return dict(Counter(name for movie in movies for name in _characters(movie)))


def other_names(movies: Sequence[Movie]) -> set[str]:
    """Other names of a series: the title of its first movie, and a word that most of its titles have."""
    first = min(movies, key=lambda movie: (movie.year or 9_999, movie.id))
    words = Counter(word for movie in movies for word in set(_title_words(movie)) if len(word) > MIN_LETTERS)
    common = {word for word, count in words.items() if count >= max(MIN_CHARACTERS + 1, COMMON_SHARE * len(movies))}
    return {key(first.title), *common}


def _own_number(name: str, title: str) -> int:
    """The number directly behind the name of the series, 0 where there is none."""
    words = [word for word in texts.words(title) if word not in _ARTICLES]
    named = [word for word in name.split() if word not in _ARTICLES]
    for at in range(len(words) - len(named) + 1):
        if words[at : at + len(named)] == named:
            behind = [word for word in words[at + len(named) :] if word not in _PARTS]
            return _number(behind[0]) if behind else 0
    return 0


def _number(word: str) -> int:
    if word.isdigit() and len(word) <= 2:  # noqa: PLR2004 - years are no parts
        return int(word)
    return _NUMERALS.get(word, 0)


_NUMERALS = {
    "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "i": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "one": 1, "second": 2, "third": 3,
}  # fmt: skip


def _groups(movies: Sequence[Movie]) -> dict[int, str]:
    """Movies that share a title's beginning and people, or the names of several characters."""
    leader: dict[int, int] = {movie.id: movie.id for movie in movies}
    names: dict[int, str] = {}
    titles: dict[int, str] = {movie.id: movie.title for movie in movies}
    for base, other, name in (*_by_title(movies), *_by_stem(movies), *_by_characters(movies)):
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
    """Pairs of which one's title holds the other's whole title, and who share people: `Alien`, `Alien: Resurrection`.

    A title that holds two others (`Batman v Superman`) belongs to the one that it begins with.
    """
    bases: dict[tuple[str, ...], list[Movie]] = defaultdict(list)
    for movie in movies:
        words = _title_words(movie)
        if words and sum(map(len, words)) >= MIN_LETTERS:
            bases[words].append(movie)
    for movie in movies:
        for base, run, shared in _bases_of(movie, bases):
            if len(_leading(base) & _leading(movie)) >= shared:
                yield base.id, movie.id, " ".join(run)
                break


def _bases_of(
    movie: Movie, bases: Mapping[tuple[str, ...], Sequence[Movie]]
) -> Iterable[tuple[Movie, tuple[str, ...], int]]:
    """The movies whose titles stand in this one's, those at its beginning first, and how much they must share."""
    words = _title_words(movie)
    for start, run in sorted(_runs(words), key=lambda entry: (entry[0], -len(entry[1]))):
        for base in bases.get(run, ()):
            if base.id != movie.id:
                yield base, run, 1 if start == 0 else SHARED_ELSEWHERE


def _title_words(movie: Movie) -> tuple[str, ...]:
    return tuple(word for word in texts.words(movie.title) if word not in _ARTICLES)


def _runs(words: tuple[str, ...]) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Every stretch of a title's words and where it begins, also with the last word in the singular: `Aliens`."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            run = words[start:end]
            yield start, run
            if run[-1].endswith("s") and len(run[-1]) > MIN_LETTERS:
                yield start, (*run[:-1], run[-1][:-1])


def _by_stem(movies: Sequence[Movie]) -> Iterable[tuple[int, int, str]]:
    """Pairs whose titles begin alike before a colon or `and the`: `Harry Potter and the …`, `Mission: Impossible`."""
    stems: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        match = _STEM.match(movie.title)
        if match and texts.fold(match["stem"]):
            stems[texts.fold(match["stem"])].append(movie)
    for stem, group in stems.items():
        for other in group[1:]:
            if _leading(group[0]) & _leading(other):
                yield group[0].id, other.id, stem


def _by_characters(movies: Sequence[Movie]) -> Iterable[tuple[int, int, str]]:
    """Pairs that share the full names of two characters at least: `Star Wars` and `The Empire Strikes Back`."""
    having: dict[str, list[Movie]] = defaultdict(list)
    for movie in movies:
        if not _VERSUS.search(movie.title):  # two series meet, which stay two
            for name in _characters(movie):
                having[name].append(movie)
    shared: Counter[tuple[int, int]] = Counter()
    for name, group in having.items():
        first = min(group, key=lambda movie: (movie.year or 9_999, movie.id))
        heroes = [movie for movie in group if name in _names(movie.cast[:1])]
        if len(heroes) >= FIRST_BILLED_IN:
            yield from ((heroes[0].id, movie.id, name) for movie in heroes[1:])
        shared.update((first.id, movie.id) for movie in group if movie.id != first.id)
    for (one, other), count in shared.items():
        if count >= MIN_CHARACTERS:
            yield one, other, ""


def _characters(movie: Movie) -> set[str]:
    """Names of leading characters of two words or more: `luke skywalker`, not `the doctor`."""
    cast = sorted(movie.cast, key=lambda member: member.order)[:LEADS]
    return _names(cast)


def _names(cast: Iterable[CastMember]) -> set[str]:
    names = {texts.fold(part) for member in cast for part in re.split(r"\s*[/(]\s*", member.character) if part.strip()}
    return {name for name in names if " " in name and not set(name.split()) & _COMMON}


_COMMON = frozenset(
    """
    the a of man woman girl boy young old mr mrs ms doctor captain detective officer agent himself herself voice
    uncredited sr jr professor sheriff lieutenant sergeant general colonel father mother king queen prince princess
    additional voices
    """.split()
)


def _leading(movie: Movie) -> set[str]:
    cast = sorted(movie.cast, key=lambda member: member.order)[:LEADS]
    return {member.name for member in cast} | set(movie.directors) | set(movie.writers) | _characters(movie)


def display_name(name: str, movies: Iterable[Movie], by_series: Mapping[int, str]) -> str:
    """The name of a series for people: as its movies' titles spell it."""
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
