"""The names of a catalogue: titles, people, series, companies and genres, to be recognised in search texts.

It is made when an index is built (`gazetteer_builder`), attached to it (`IndexStore.attach`), and read into memory once
a version. It is bounded: of a large catalogue it holds the best-known movies and people, which are those that people
name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from core import texts
from indexer.names import companies, kana, series
from indexer.names.companies import Company

_NICKNAME = re.compile(r"(?:(?<=\s)|^)[\"“'‘]([^\"“”‘’']+)[\"”'’](?=\s|$)")
NAME = "gazetteer"
"""Under which it is attached to an index."""
MIN_CHARACTER = 3
"""Letters of the shortest name of a character (`Neo`)."""
MIN_FIRST_NAME = 4
"""Letters of the shortest first name by which a character is known."""
MIN_CONTENT = 2
"""Words besides articles that a title must have to be found without these."""
MIN_LETTERS_FOR_TYPO = 6
"""Letters of a text from which a typo in a title is forgiven."""
MAX_FORGIVEN = 50_000
"""Movies whose titles are forgiven a typo: the best known."""
_SMALL = frozenset({"a", "an", "the", "of", "and", "in", "to", "on", "at", "for"})
HONORIFICS = frozenset(
    "princess prince king queen captain dr doctor mr mrs miss ms lord lady sir professor agent detective".split()
)
"""Before the name of a character."""
MIN_NAMED = 0.5
"""Prominence of people whose names' words are taken for names."""
PARTICLES = frozenset("de di da del della du van von der la le mac mc o".split())
"""Before a surname, which people write in one word with it."""
OPENERS = frozenset("of the and vs versus in or who with from at".split())
"""Words at which the well-known beginning of a title ends: `Eternal Sunshine of …`."""
MIN_INITIALS = 3
"""Words of a series' name whose first letters stand for it."""
LONG_SERIES = 5
"""Movies of a series for which two letters do."""
MIN_SURNAME_SOUNDS, MAX_SURNAME_SOUNDS = 4, 1_000
"""Consonants of a surname in katakana, and how many of the best-known people are known by it."""
MAX_SOUNDS = 5_000
"""Movies, and people, that texts in katakana name: the best known."""


@dataclass(frozen=True, slots=True)
class NamedMovie:
    """A movie as texts name it."""

    id: int
    title: str
    original_title: str
    year: int | None
    prominence: float
    """0 to 1."""
    leads: tuple[tuple[str, str, str], ...]
    """Name, gender and character of the leading cast, first-billed first."""
    directors: tuple[str, ...]
    series: str
    """Folded name of the series it belongs to, empty where none."""
    part: int
    """Its number within the series, from 1; 0 where it belongs to none."""
    runtime: int | None
    """Minutes."""
    writers: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    """Its titles in other languages."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody whom texts name."""

    name: str
    weight: float
    """How prominent: the sum over their movies of prominence, less for later billings."""
    acts: float
    """Share of the weight that comes from acting."""
    directs: float
    """Share that comes from directing."""
    first: int = 0
    """Year of their first movie in the catalogue, 0 where unknown."""
    last: int = 0


@dataclass(frozen=True)
class Gazetteer:
    """All names of one version of an index. Never changes; threads share it."""

    movies: tuple[NamedMovie, ...] = ()
    people: Mapping[str, NamedPerson] = field(default_factory=dict)
    """By folded name."""
    genres: tuple[str, ...] = ()
    companies: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """Folded names to the numbers of their movies, and the first and the last year of these (0 where unknown)."""
    words: frozenset[str] = frozenset()
    """Folded words that are spelled correctly: those of texts and names."""
    everyday: frozenset[str] = frozenset()
    """Those that many plots have: no surnames and no names of series by themselves."""
    common: frozenset[str] = frozenset()
    """Folded words that plots write in lower case: alone they name nobody."""
    series_names: Mapping[str, str] = field(default_factory=dict)
    """Folded name of a series to its name for people."""
    series_aliases: Mapping[str, str] = field(default_factory=dict)
    """Other folded names of series to these: `james bond`."""
    newest_year: int = 0
    vote_counts: tuple[int, ...] = ()
    """Vote counts at each tenth of the movies that have votes: `vote_counts[5]` is the median."""

    @cached_property
    def by_key(self) -> Mapping[str, tuple[NamedMovie, ...]]:
        """Movies by every key of their titles (`core.texts.title_keys`), the best known first."""
        found: dict[str, list[NamedMovie]] = defaultdict(list)
        for movie in self.movies:
            for key in texts.title_keys(movie.title, movie.original_title, movie.year, others=movie.translated):
                found[key].append(movie)
        return {key: tuple(sorted(named, key=lambda movie: -movie.prominence)) for key, named in found.items()}

    @cached_property
    def by_surname(self) -> Mapping[str, tuple[NamedPerson, ...]]:
        """People by the last word of their names, the most prominent first."""
        found: dict[str, list[NamedPerson]] = defaultdict(list)
        for folded, person in self.people.items():
            last = folded.rpartition(" ")[2]
            if last != folded:
                found[last].append(person)
                before = folded.rpartition(" ")[0].rpartition(" ")[2]
                if before in PARTICLES:  # "deniro"
                    found[before + last].append(person)
        return {last: tuple(sorted(named, key=lambda person: -person.weight)) for last, named in found.items()}

    @cached_property
    def name_starts(self) -> frozenset[str]:
        """The first words of people's names."""
        return _first_words(self.people)

    @cached_property
    def company_starts(self) -> frozenset[str]:
        """The first words of companies' names."""
        return _first_words(self.by_company)

    @cached_property
    def series_starts(self) -> frozenset[str]:
        """The first words of the names of series."""
        return _first_words(self.series_keys)

    @cached_property
    def company_beginnings(self) -> Mapping[str, Sequence[str]]:
        """Names of companies by what they begin with (`companies.beginnings`)."""
        return companies.beginnings(self.companies)

    @cached_property
    def by_company(self) -> Mapping[str, Company]:
        """Companies of several movies by their names (`companies.by_name`)."""
        return companies.by_name(self.companies)

    @cached_property
    def by_company_beginning(self) -> Mapping[str, Company]:
        """Companies by the first words of their names (`companies.by_beginning`)."""
        return companies.by_beginning(self.companies, known=self.by_company)

    @cached_property
    def by_character(self) -> Mapping[str, tuple[str, NamedMovie]]:
        """Who played a leading character in the best-known movie with it, by the character's folded name."""
        found: dict[str, tuple[str, NamedMovie]] = {}
        for movie in sorted(self.movies, key=lambda movie: -movie.prominence):
            for name, _, character in movie.leads:
                for key in _character_keys(character):
                    found.setdefault(key, (name, movie))
        return self._middle_names(found) | self._first_names(found) | found

    def _middle_names(self, played: Mapping[str, tuple[str, NamedMovie]]) -> dict[str, tuple[str, NamedMovie]]:
        """What stands between the names of a leading character and is no name itself: `neo` of Thomas Neo Anderson."""
        found: dict[str, tuple[str, NamedMovie]] = {}
        for key, own in played.items():
            for word in key.split()[1:-1]:
                if len(word) >= MIN_CHARACTER and word not in _SMALL and self._is_odd(word):
                    found[word] = max(own, found.get(word, own), key=lambda entry: entry[1].prominence)
        return found

    def _first_names(self, played: Mapping[str, tuple[str, NamedMovie]]) -> dict[str, tuple[str, NamedMovie]]:
        """First names that one leading character alone has, whoever played it: `hermione`, `leia` of a princess."""
        having: dict[str, set[str]] = defaultdict(set)
        for key in played:
            words = key.split()
            while len(words) > 1 and words[0] in HONORIFICS:
                words.pop(0)
            having[words[0]].add(key)
        rare = {first: next(iter(keys)) for first, keys in having.items() if len(keys) == 1 and first not in keys}
        rare |= {first: max(keys, key=lambda key: played[key][1].prominence) for first, keys in having.items()
                 if first not in keys and len({played[key][0] for key in keys}) == 1}  # fmt: skip
        return {
            first: played[key]
            for first, key in rare.items()
            if len(first) >= MIN_FIRST_NAME and first not in self.everyday
        }

    @cached_property
    def genders(self) -> Mapping[str, str]:
        """The gender of leading people, by name, as any movie tells it: catalogues leave it out of some."""
        return {name: gender for movie in self.movies for name, gender, _ in movie.leads if gender}

    @cached_property
    def by_part(self) -> Mapping[str, tuple[NamedMovie, ...]]:
        """Movies by what stands before the colon of their titles (`south park`), or before a small word of them where
        that is no everyday phrase (`eternal sunshine`)."""
        found: dict[str, list[NamedMovie]] = defaultdict(list)
        for movie in self.movies:
            before, colon, _ = movie.title.partition(":")
            if colon:
                found[series.key(before)].append(movie)
            words = texts.words(before)
            first = next((at for at, word in enumerate(words) if at and word in OPENERS), 0)
            opening = series.key(" ".join(words[:first]))
            if opening and not self.common.issuperset(opening.split()):
                found[opening].append(movie)
        return {part: tuple(named) for part, named in found.items()}

    @cached_property
    def by_series(self) -> Mapping[str, tuple[NamedMovie, ...]]:
        """The movies of each series, in the order of their parts."""
        found: dict[str, list[NamedMovie]] = defaultdict(list)
        for movie in self.movies:
            if movie.series:
                found[movie.series].append(movie)
        return {name: tuple(sorted(movies, key=lambda movie: movie.part)) for name, movies in found.items()}

    @cached_property
    def series_keys(self) -> Mapping[str, str]:
        """Names of series and other names for them, by `series.key`, to the name in `by_series`."""
        names = {series.key(name): name for name in self.by_series}
        aliases = {series.key(alias): name for alias, name in self.series_aliases.items()}
        return self._initials() | self._parts_of_series() | aliases | names

    def _parts_of_series(self) -> dict[str, str]:
        """Series by what stands before the colon of a title, where that is of one series alone: `rambo`."""
        known = {part: {movie.series for movie in movies} for part, movies in self.by_part.items()}
        alone = {part: next(iter(names)) for part, names in known.items() if len(names) == 1}
        return {
            part: name
            for part, name in alone.items()
            if name and part not in self.everyday and not part.startswith(series.key(name))  # "star trek ii" is a part
        }

    def _initials(self) -> dict[str, str]:
        """Series by the first letters of their names where these make no word: `lotr`, of a long series also `hp`."""
        found: dict[str, tuple[float, str]] = {}
        for name, movies in self.by_series.items():
            words = name.removeprefix("the ").split()
            initials = "".join(word[0] for word in words)
            enough = len(words) >= MIN_INITIALS or (len(words) == MIN_INITIALS - 1 and len(movies) >= LONG_SERIES)
            if enough and (initials not in self.words or (len(initials) >= MIN_INITIALS and self._is_odd(initials))):
                weight = sum(movie.prominence for movie in movies)
                found[initials] = max((weight, name), found.get(initials, (0.0, "")))
        return {initials: name for initials, (_, name) in found.items()}

    def _is_odd(self, word: str) -> bool:
        """Whether a word of the catalogue's texts is neither one of the language nor a part of somebody's name."""
        return word not in self.common and word not in self.everyday and word not in self._name_words

    @cached_property
    def _name_words(self) -> frozenset[str]:
        known = (name for name, person in self.people.items() if person.weight >= MIN_NAMED)
        return frozenset(word for name in known for word in name.split())

    @cached_property
    def title_text(self) -> str:
        """All titles, folded, each between line breaks with a blank on either side: to look for a part of one."""
        every = ((movie.title, movie.original_title, *movie.translated) for movie in self.movies)
        shown = (title for titles in every for title in titles if title)
        return "\n".join(f" {texts.fold(title)} " for title in shown)

    def in_title(self, words: Sequence[str]) -> bool:
        """Whether the folded words stand in some title, one behind the other."""
        return f" {' '.join(words)} " in self.title_text

    def titled(self, text: str) -> tuple[NamedMovie, ...]:
        """The movies that `text` names as a whole, in any spelling, the best known first."""
        for key in texts.title_query_keys(text):
            if key in self.by_key:
                return self.by_key[key]
        words = _content(texts.fold(text))
        return self._by_content.get(words, ()) if len(words) >= MIN_CONTENT else ()

    def titled_in_kana(self, text: str) -> tuple[NamedMovie, ...]:
        """The movie whose title a text in katakana sounds like; none where the text is not in katakana."""
        keys, movies = self._sounds_of_titles
        place = kana.nearest(text, keys) if kana.KATAKANA.fullmatch(text.strip()) else None
        return (movies[place],) if place is not None else ()

    def person_in_kana(self, text: str) -> NamedPerson | None:
        """Somebody whose full name a text in katakana sounds like."""
        keys, people = self._sounds_of_names
        place = kana.nearest(text, keys) if kana.KATAKANA.fullmatch(text.strip()) else None
        return people[place] if place is not None else None

    def surname_in_kana(self, text: str) -> NamedPerson | None:
        """The best-known person whose surname a text in katakana sounds just like."""
        key = kana.key(text)
        return self._sounds_of_surnames.get(key) if len(key) >= MIN_SURNAME_SOUNDS else None

    @cached_property
    def _sounds_of_surnames(self) -> dict[str, NamedPerson]:
        ranked = sorted(self.people.values(), key=lambda person: person.weight)[-MAX_SURNAME_SOUNDS:]
        return {kana.key(person.name.rpartition(" ")[2]): person for person in ranked}

    @cached_property
    def _sounds_of_titles(self) -> tuple[list[str], list[NamedMovie]]:
        ranked = sorted(self.movies, key=lambda movie: -movie.prominence)[:MAX_SOUNDS]
        return [kana.key(movie.title) for movie in ranked], ranked

    @cached_property
    def _sounds_of_names(self) -> tuple[list[str], list[NamedPerson]]:
        ranked = sorted(self.people.values(), key=lambda person: -person.weight)[:MAX_SOUNDS]
        return [kana.key(person.name) for person in ranked], ranked

    def nearly_titled(self, text: str) -> NamedMovie | None:
        """The best-known movie whose title `text` is but for a typo or two, None where there is none.

        The Damerau–Levenshtein distance is at most a sixth of the letters, blanks aside.
        """
        typed = texts.fold(text).replace(" ", "")
        if len(typed) < MIN_LETTERS_FOR_TYPO:
            return None
        found = process.extractOne(
            typed, self._joined_titles[0], scorer=DamerauLevenshtein.distance, score_cutoff=max(1, len(typed) // 6)
        )
        return self._joined_titles[1][found[2]] if found is not None else None

    @cached_property
    def _joined_titles(self) -> tuple[list[str], list[NamedMovie]]:
        """Titles without blanks, and their movies, the best known first: of equally near ones that one is meant."""
        ranked = sorted(self.movies, key=lambda movie: -movie.prominence)[:MAX_FORGIVEN]
        return [texts.fold(movie.title).replace(" ", "") for movie in ranked], ranked

    @cached_property
    def _by_content(self) -> Mapping[tuple[str, ...], tuple[NamedMovie, ...]]:
        """Movies by the words of their titles without articles and the like: `2001 space odyssey`."""
        found: dict[tuple[str, ...], list[NamedMovie]] = defaultdict(list)
        for movie in self.movies:
            words = _content(texts.fold(movie.title))
            if len(words) >= MIN_CONTENT:
                found[words].append(movie)
        return {words: tuple(sorted(named, key=lambda movie: -movie.prominence)) for words, named in found.items()}


def dump(gazetteer: Gazetteer) -> bytes:
    """As bytes that `load` reads."""
    plain = {
        "movies": [
            [
                m.id,
                m.title,
                m.original_title,
                m.year,
                m.prominence,
                m.leads,
                m.directors,
                m.series,
                m.part,
                m.runtime,
                m.writers,
                m.composers,
                m.translated,
            ]
            for m in gazetteer.movies
        ],
        "people": [[key, p.name, p.weight, p.acts, p.directs, p.first, p.last] for key, p in gazetteer.people.items()],
        "genres": gazetteer.genres,
        "companies": dict(gazetteer.companies),
        "words": sorted(gazetteer.words),
        "everyday": sorted(gazetteer.everyday),
        "common": sorted(gazetteer.common),
        "series": dict(gazetteer.series_names),
        "aliases": dict(gazetteer.series_aliases),
        "newest_year": gazetteer.newest_year,
        "vote_counts": gazetteer.vote_counts,
    }
    return orjson.dumps(plain)


def load(content: bytes) -> Gazetteer:
    """What `dump` wrote."""
    plain: Mapping[str, Any] = orjson.loads(content)
    return Gazetteer(
        movies=tuple(map(_read_movie, plain["movies"])),
        people={key: NamedPerson(*rest) for key, *rest in plain["people"]},
        genres=tuple(plain["genres"]),
        companies={name: (movies, first, last) for name, (movies, first, last) in plain["companies"].items()},
        words=frozenset(plain["words"]),
        everyday=frozenset(plain["everyday"]),
        common=frozenset(plain["common"]),
        series_names=plain["series"],
        series_aliases=plain["aliases"],
        newest_year=plain["newest_year"],
        vote_counts=tuple(plain["vote_counts"]),
    )


def _first_words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in names)


def _character_keys(character: str) -> Iterable[str]:
    """What a character is called: each of the names between slashes, without what stands in brackets, and a nickname
    in quotation marks (`Thomas "Neo" Anderson`)."""
    bare = re.sub(r"\s*\([^)]*\)", "", character)
    yield from (name for name in map(texts.fold, _NICKNAME.findall(bare)) if len(name) >= MIN_CHARACTER)
    for part in bare.split("/"):
        folded = texts.fold(part)
        if len(folded) >= MIN_CHARACTER:
            yield folded
            title, _, rest = folded.partition(" ")
            if rest and (title == "the" or (title in HONORIFICS and " " in rest)):
                yield rest


def _content(folded: str) -> tuple[str, ...]:
    return tuple(word for word in folded.split() if word not in _SMALL)


def _read_movie(row: Sequence[Any]) -> NamedMovie:
    number, title, original, year, weight, leads, directors, name, part, runtime, *more = row
    cast = tuple((actor, gender, character) for actor, gender, character in leads)
    writers, composers, translated = map(tuple, more)
    return NamedMovie(
        number, title, original, year, weight, cast, tuple(directors), name, part, runtime, writers, composers,
        translated,
    )  # fmt: skip
