"""Titles in other spellings than the catalogue's: `python -m benchmarks.spellings` prints the share found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import builds, names, workplace
from benchmarks.workplace import EMBEDDED
from core import texts
from core.config import Settings
from core.types import Movie, MovieId, SearchRequest
from data.catalogues import sources
from engine import wiring
from engine.search.encoders import encoder as encoders
from engine.services import Searching

SAMPLE = 300
"""The number of titles of each kind, at even distances through the catalogue; fewer if it has fewer."""
FIRST = 10
MISSES_SHOWN = 12
WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen".split()
ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii".split()
_INITIALS = re.compile(r"\b(?:[A-Z][.*]){2,}[A-Z]?")
_HYPHEN = re.compile(r"(?<=[A-Za-z])-(?=[A-Za-z])")
MIN_HALVED = 4
"""The minimum length of a title of which one half is still distinctive."""


@dataclass(frozen=True, slots=True)
class SpelledQuery:
    """A query, its intended movie, and the number of first results in which it must be."""

    query: str
    movie: Movie
    depth: int = 1


Kind = Callable[[Sequence[Movie]], Iterator[SpelledQuery]]


def with_year(movies: Sequence[Movie]) -> Iterator[SpelledQuery]:
    """Yield titles with the year, for movies whose title is unique in its year."""
    known = Counter((texts.fold(title), movie.year) for movie in movies for title in {movie.title})
    for movie in movies:
        if movie.year and texts.fold(movie.title) and known[texts.fold(movie.title), movie.year] == 1:
            yield SpelledQuery(f"{movie.title.lower()} {movie.year}", movie)


def other_numerals(movies: Sequence[Movie]) -> Iterator[SpelledQuery]:
    """Yield titles with a number in another form: `2` and `II` for `two`, `two` for `2`."""
    for movie in movies:
        written = texts.words(movie.title)
        for place, word in enumerate(written):
            yield from (
                SpelledQuery(" ".join((*written[:place], other, *written[place + 1 :])), movie)
                for other in _other_forms(word, last=place == len(written) - 1, first=place == 0)
            )


def without_dots(movies: Sequence[Movie]) -> Iterator[SpelledQuery]:
    """Yield titles with joined initials: `mash`."""
    for movie in movies:
        if _INITIALS.search(movie.title):
            yield SpelledQuery(
                _INITIALS.sub(lambda found: re.sub("[.*]", "", found.group()), movie.title).lower(), movie
            )


def without_hyphens(movies: Sequence[Movie]) -> Iterator[SpelledQuery]:
    """Yield titles without hyphens between words: `spiderman`."""
    for movie in movies:
        if _HYPHEN.search(movie.title):
            yield SpelledQuery(_HYPHEN.sub("", movie.title).lower(), movie)


def joined(movies: Sequence[Movie]) -> Iterator[SpelledQuery]:
    """Yield titles of two words as one word: `pulpfiction`."""
    for movie in movies:
        written = texts.words(movie.title)
        if len(written) == len(WORDS[:2]) and written[0] not in texts.ARTICLES and all(map(str.isalpha, written)):
            yield SpelledQuery("".join(written), movie)


def halves(movies: Sequence[Movie]) -> Iterator[SpelledQuery]:
    """Yield first halves of titles in scripts without spaces, to be found on the first page."""
    for movie in movies:
        title = "".join(texts.words(movie.original_title or movie.title))
        if texts.unspaced(title) and len(title) >= MIN_HALVED:
            yield SpelledQuery(title[: (len(title) + 1) // 2], movie, depth=FIRST)


KINDS: Mapping[str, tuple[Kind, float]] = {
    "title_and_year": (with_year, 1.0),
    "other_numerals": (other_numerals, 0.97),
    "initials": (without_dots, 0.9),
    "without_hyphen": (without_hyphens, 0.95),
    "joined_words": (joined, 0.9),
    "half_of_cjk_title": (halves, 0.9),
}
"""The kinds of spellings with their required shares."""


def measure(search: Searching, movies: Sequence[Movie]) -> dict[str, tuple[float, list[SpelledQuery]]]:
    """Return the share found by kind, and the queries whose movie was not found."""
    ordered = sorted(movies, key=lambda movie: movie.id)
    found = {}
    for name, (kind, _) in KINDS.items():
        asked = names.spread(list(kind(ordered)), SAMPLE)
        missed = [one for one in asked if not _is_found(search, one)]
        found[name] = (round(1 - len(missed) / max(1, len(asked)), 3), missed)
    return found


def main() -> None:
    """Build both indexes, search them, and print the shares and the misses."""
    own = workplace.settings_of_caller()
    with workplace.temporary_engines(own) as engines:
        workplace.copy_caches(own.home, engines[EMBEDDED].home)
        builds.prepare(engines)
        _print(engines)


def _print(engines: Mapping[str, Settings]) -> None:
    settings = next(iter(engines.values()))
    movies, encoder = sources.load(settings).movies, encoders.load(settings)
    for engine, own in engines.items():
        for name, (share, missed) in measure(wiring.build(own, encoder=encoder).search, movies).items():
            print(f"{engine:14} {name:18} {share:.3f} (required {KINDS[name][1]:.2f})")
            for one in missed[:MISSES_SHOWN]:
                print(f"    {one.query!r} for {one.movie.title!r} ({one.movie.year})")


def _is_found(search: Searching, asked: SpelledQuery) -> bool:
    """Movies with the same title count as right, unless a year distinguishes them."""
    hits = search.run(SearchRequest(asked.query, size=asked.depth)).hits
    ids: set[MovieId] = {hit.movie.id for hit in hits}
    same = {texts.fold(hit.movie.title) for hit in hits if str(hit.movie.year) not in asked.query.split()[-1:]}
    return asked.movie.id in ids or texts.fold(asked.movie.title) in same


def _other_forms(word: str, *, first: bool, last: bool) -> list[str]:
    """Return other forms of a number; letters are numbers only at the end, Roman numerals never at the beginning."""
    if word in WORDS:
        return [str(WORDS.index(word) + 1)]
    if word.isdecimal() and 1 <= int(word) <= len(WORDS):
        return [WORDS[int(word) - 1]]
    roman = word in ROMAN and not first and (len(word) > 1 or (last and word == "v"))
    return [str(ROMAN.index(word) + 1), WORDS[ROMAN.index(word)]] if roman else []


if __name__ == "__main__":
    main()
