"""The names of a catalogue: titles, people, series, companies and genres, for recognition in search texts.

Built with an index (`gazetteer_builder`), attached to it (`IndexStore.attach`), and loaded into memory once per
version. Its size is limited: for a large catalogue it contains the best-known movies and people, which are the ones
that users name.
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
"""Name of the attachment."""
MIN_CHARACTER = 3
"""Letters of the shortest character name (`Neo`)."""
MIN_FIRST_NAME = 4
"""Letters of the shortest first name by which a character is recognised."""
MIN_CONTENT = 2
"""Words other than articles that a title needs to be found without them."""
MIN_LETTERS_FOR_TYPO = 6
"""Letters of a text from which a typo in a title is tolerated."""
MAX_FORGIVEN = 50_000
"""Number of best-known movies in whose titles a typo is tolerated."""
_SMALL = frozenset({"a", "an", "the", "of", "and", "in", "to", "on", "at", "for"})
HONORIFICS = frozenset(
    "princess prince king queen captain dr doctor mr mrs miss ms lord lady sir professor agent detective".split()
)
"""Titles before a character's name."""
MIN_NAMED = 0.5
"""Minimum prominence of people whose names' words count as names."""
PARTICLES = frozenset("de di da del della du van von der la le mac mc o".split())
"""Particles before a surname, which users may join with it."""
OPENERS = frozenset("of the and vs versus in or who with from at".split())
"""Words that end the well-known beginning of a title: `Eternal Sunshine of …`."""
MIN_INITIALS = 3
"""Words of a series' name from which its initials stand for it."""
LONG_SERIES = 5
"""Movies of a series for which two initials suffice."""
MIN_SURNAME_SOUNDS, MAX_SURNAME_SOUNDS = 4, 1_000
"""Consonants of a surname in katakana, and number of best-known people recognised by it."""
MAX_SOUNDS = 5_000
"""Number of best-known movies, and people, recognised in katakana."""


@dataclass(frozen=True, slots=True)
class NamedMovie:
    """A movie that texts can name."""

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
    """Folded name of its series, empty if there is none."""
    part: int
    """Its number within the series, from 1; 0 without a series."""
    runtime: int | None
    """Minutes."""
    writers: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()
    """Its titles in other languages."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person that texts can name."""

    name: str
    weight: float
    """Prominence: the sum of the prominence of their movies, less for later billings."""
    acts: float
    """Share of the weight from acting."""
    directs: float
    """Share of the weight from directing."""
    first: int = 0
    """Year of their first movie in the catalogue, 0 if unknown."""
    last: int = 0


@dataclass(frozen=True)
class Gazetteer:
    """All names of one version of an index. Immutable and thread-safe."""

    movies: tuple[NamedMovie, ...] = ()
    people: Mapping[str, NamedPerson] = field(default_factory=dict)
    """By folded name."""
    genres: tuple[str, ...] = ()
    companies: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """Folded names to the number of movies, and the first and the last year (0 if unknown)."""
    words: frozenset[str] = frozenset()
    """Correctly spelled folded words: those of texts and names."""
    everyday: frozenset[str] = frozenset()
    """Words of many plots, which alone are neither surnames nor names of series."""
    common: frozenset[str] = frozenset()
    """Folded words that plots write in lower case, which alone name nobody."""
    series_names: Mapping[str, str] = field(default_factory=dict)
    """Folded name of a series to its display name."""
    series_aliases: Mapping[str, str] = field(default_factory=dict)
    """Other folded names of series to their folded names: `james bond`."""
    newest_year: int = 0
    vote_counts: tuple[int, ...] = ()
    """Deciles of the vote counts of movies with votes: `vote_counts[5]` is the median."""

    @cached_property
    def by_key(self) -> Mapping[str, tuple[NamedMovie, ...]]:
        """Movies by every key of their titles (`core.texts.title_keys`), best known first."""
        found: dict[str, list[NamedMovie]] = defaultdict(list)
        for movie in self.movies:
            for key in texts.title_keys(movie.title, movie.original_title, movie.year, others=movie.translated):
                found[key].append(movie)
        return {key: tuple(sorted(named, key=lambda movie: -movie.prominence)) for key, named in found.items()}

    @cached_property
    def by_surname(self) -> Mapping[str, tuple[NamedPerson, ...]]:
        """People by the last word of their names, most prominent first."""
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
        """The first words of series names."""
        return _first_words(self.series_keys)

    @cached_property
    def company_beginnings(self) -> Mapping[str, Sequence[str]]:
        """Company names by prefix (`companies.beginnings`)."""
        return companies.beginnings(self.companies)

    @cached_property
    def by_company(self) -> Mapping[str, Company]:
        """Companies with several movies by name (`companies.by_name`)."""
        return companies.by_name(self.companies)

    @cached_property
    def by_company_beginning(self) -> Mapping[str, Company]:
        """Companies by the first words of their names (`companies.by_beginning`)."""
        return companies.by_beginning(self.companies, known=self.by_company)

    @cached_property
    def by_character(self) -> Mapping[str, tuple[str, NamedMovie]]:
        """The actor of a leading character and the best-known movie with it, by the character's folded name."""
        found: dict[str, tuple[str, NamedMovie]] = {}
        for movie in sorted(self.movies, key=lambda movie: -movie.prominence):
            for name, _, character in movie.leads:
                for key in _character_keys(character):
                    found.setdefault(key, (name, movie))
        return self._middle_names(found) | self._first_names(found) | found

    def _middle_names(self, played: Mapping[str, tuple[str, NamedMovie]]) -> dict[str, tuple[str, NamedMovie]]:
        """Return distinctive middle names of leading characters if no person has them: `neo` of Thomas Neo Anderson."""
        found: dict[str, tuple[str, NamedMovie]] = {}
        for key, own in played.items():
            for word in key.split()[1:-1]:
                if len(word) >= MIN_CHARACTER and word not in _SMALL and self._is_odd(word):
                    found[word] = max(own, found.get(word, own), key=lambda entry: entry[1].prominence)
        return found

    def _first_names(self, played: Mapping[str, tuple[str, NamedMovie]]) -> dict[str, tuple[str, NamedMovie]]:
        """Return first names that only one leading character has, whoever plays it: `hermione`, `leia`."""
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
        """The gender of leading people by name, from any movie: catalogues omit it in some."""
        return {name: gender for movie in self.movies for name, gender, _ in movie.leads if gender}

    @cached_property
    def by_part(self) -> Mapping[str, tuple[NamedMovie, ...]]:
        """Movies by the part of their titles before a colon (`south park`), or before a short word if that part is not
        an everyday phrase (`eternal sunshine`)."""
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
        """The movies of each series, in order."""
        found: dict[str, list[NamedMovie]] = defaultdict(list)
        for movie in self.movies:
            if movie.series:
                found[movie.series].append(movie)
        return {name: tuple(sorted(movies, key=lambda movie: movie.part)) for name, movies in found.items()}

    @cached_property
    def series_keys(self) -> Mapping[str, str]:
        """Names and aliases of series, by `series.key`, to the name in `by_series`."""
        names = {series.key(name): name for name in self.by_series}
        aliases = {series.key(alias): name for alias, name in self.series_aliases.items()}
        return self._initials() | self._parts_of_series() | aliases | names

    def _parts_of_series(self) -> dict[str, str]:
        """Return series by the part of a title before the colon, if only one series has it: `rambo`."""
        known = {part: {movie.series for movie in movies} for part, movies in self.by_part.items()}
        alone = {part: next(iter(names)) for part, names in known.items() if len(names) == 1}
        return {
            part: name
            for part, name in alone.items()
            if name and part not in self.everyday and not part.startswith(series.key(name))  # "star trek ii" is a part
        }

    def _initials(self) -> dict[str, str]:
        """Return series by their initials if these are not a word: `lotr`, for a long series also `hp`."""
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
        """Whether a word of the catalogue's texts is neither a common word nor part of a name."""
        return word not in self.common and word not in self.everyday and word not in self._name_words

    @cached_property
    def _name_words(self) -> frozenset[str]:
        known = (name for name, person in self.people.items() if person.weight >= MIN_NAMED)
        return frozenset(word for name in known for word in name.split())

    @cached_property
    def title_text(self) -> str:
        """All titles, folded, surrounded by spaces and separated by line breaks, for substring search."""
        every = ((movie.title, movie.original_title, *movie.translated) for movie in self.movies)
        shown = (title for titles in every for title in titles if title)
        return "\n".join(f" {texts.fold(title)} " for title in shown)

    def in_title(self, words: Sequence[str]) -> bool:
        """Whether some title contains the folded words consecutively."""
        return f" {' '.join(words)} " in self.title_text

    def titled(self, text: str) -> tuple[NamedMovie, ...]:
        """Return the movies whose whole title is `text`, in any spelling, best known first."""
        for key in texts.title_query_keys(text):
            if key in self.by_key:
                return self.by_key[key]
        words = _content(texts.fold(text))
        return self._by_content.get(words, ()) if len(words) >= MIN_CONTENT else ()

    def titled_in_kana(self, text: str) -> tuple[NamedMovie, ...]:
        """Return the movie whose title sounds like a text in katakana; empty if the text is not in katakana."""
        keys, movies = self._sounds_of_titles
        place = kana.nearest(text, keys) if kana.KATAKANA.fullmatch(text.strip()) else None
        return (movies[place],) if place is not None else ()

    def person_in_kana(self, text: str) -> NamedPerson | None:
        """Return the person whose full name sounds like a text in katakana."""
        keys, people = self._sounds_of_names
        place = kana.nearest(text, keys) if kana.KATAKANA.fullmatch(text.strip()) else None
        return people[place] if place is not None else None

    def surname_in_kana(self, text: str) -> NamedPerson | None:
        """Return the best-known person whose surname sounds exactly like a text in katakana."""
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
        """Return the best-known movie whose title equals `text` up to a typo or two, or None.

        The Damerau–Levenshtein distance may be at most a sixth of the letters, ignoring spaces. A number is never taken
        for a typo: `boxer 6` is not `Boxer V`.
        """
        typed = texts.fold(text).replace(" ", "")
        if len(typed) < MIN_LETTERS_FOR_TYPO:
            return None
        found = process.extractOne(
            typed, self._joined_titles[0], scorer=DamerauLevenshtein.distance, score_cutoff=max(1, len(typed) // 6)
        )
        movie = self._joined_titles[1][found[2]] if found is not None else None
        asked = texts.numbers(text)
        return movie if movie is None or not asked or asked == texts.numbers(movie.title) else None

    @cached_property
    def _joined_titles(self) -> tuple[list[str], list[NamedMovie]]:
        """Titles without spaces, and their movies, best known first, so that ties resolve to the best known."""
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
    """Serialize the gazetteer for `load`."""
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
    """Read what `dump` wrote."""
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
    """Return the names of a character: each name between slashes without text in brackets, and a nickname in quotation
    marks (`Thomas "Neo" Anderson`)."""
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
