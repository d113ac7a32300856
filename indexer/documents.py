"""A movie as a document: what both engines index of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from core import texts
from core.ports import IndexInfo, Question, Space
from core.types import CastMember, Movie, MovieId, Translation
from indexer import moods, spaces

BILLED_CAST = 5
BILLED_CHARACTERS = 8
"""What of the cast goes into `text`. Whole casts (22 names at the mean) make documents long and drown their plots:
with these, recall@10 of words alone is .855, .872 and .903 on three sets, with whole casts .851, .851 and .872."""


_LISTS = (
    "genres", "keywords", "directors", "writers", "composers", "spoken_languages", "countries", "companies", "tags",
)  # fmt: skip
"""Fields of a movie that hold texts in order."""
EVERY = "u0"
"""A word that `tags` has of every movie. Few movies have tags, and Lucene counts those alone where tantivy counts all:
without it the two engines would weigh the same word differently."""


def word_fields(movie: Movie) -> dict[str, str]:
    """The text of each of `schema.WORD_FIELDS`: folded words (`texts.terms`) with a blank between them.

    Folding here rather than in the engines makes both split alike (`WALL·E`, `don't`, `spider-man`): what is left to
    them is splitting at blanks, stop words and stemming. A question's words go the same way (`query_words`). `tags`
    begins with `EVERY`.
    """
    title = _terms("\n".join(movie.titles))
    people = _terms("\n".join(movie.people))
    plot = _terms("\n".join((movie.overview, movie.tagline, *(member.character for member in movie.cast))))
    keywords = _terms("\n".join((*movie.keywords, *movie.genres)))
    tags = " ".join((EVERY, *filter(None, [_terms("\n".join(movie.tags))])))
    year = str(movie.year) if movie.year else ""
    whole = " ".join(part for part in (title, year, _description(movie), keywords, _billed(movie)) if part)
    return {"text": whole, "title": title, "people": people, "plot": plot, "keywords": keywords, "tags": tags}


def phrase_texts(movie: Movie) -> list[str]:
    """The texts and names in which a phrase is looked for, each as its folded words with blanks between."""
    names = (*movie.keywords, *movie.people, *(member.character for member in movie.cast))
    told = (movie.title, movie.original_title, movie.tagline, movie.overview, *names)
    return [terms for terms in map(_terms, dict.fromkeys(told)) if terms]


def phrase_words(phrase: str) -> list[str]:
    """The folded words of a phrase in their order, as `phrase_texts` spells them."""
    return _terms(phrase).split()


def _terms(text: str) -> str:
    return " ".join(map(_spelt, texts.terms(text)))


def _spelt(term: str) -> str:
    """A term in a form that every tokenizer takes for one word: Elasticsearch's parts a pair of characters again.

    It ends in a digit, so that no stemmer shortens it.
    """
    return f"u{''.join(f'{ord(character):x}' for character in term)}0" if texts.unspaced(term) else term


def _description(movie: Movie) -> str:
    characters = (member.character for member in movie.cast[:BILLED_CHARACTERS])
    return _terms("\n".join((movie.overview, movie.tagline, *characters)))


def _billed(movie: Movie) -> str:
    return _terms("\n".join((*movie.directors, *(member.name for member in movie.cast[:BILLED_CAST]))))


def check_question(question: Question, info: IndexInfo) -> None:
    """Refuse a question that asks for nothing, for an order that no engine could follow, or in an unknown space.

    Raises:
        ValueError: says what is missing or wrong.
    """
    if not question.words and question.vector is None and not question.order:
        raise ValueError("a question needs words, a vector or an order")
    moods.check_order(question.order)
    spaces.check(info, multilingual=question.multilingual and question.vector is not None)


def read_info(plain: Mapping[str, Any]) -> IndexInfo:
    """What an index says of itself, from plain JSON values."""
    space = plain.get("multilingual")
    second = Space(**{**space, "centroid": tuple(space["centroid"])}) if space else None
    lists = {name: tuple(plain.get(name, ())) for name in ("centroid", "moods")}
    return IndexInfo(**{**plain, **lists, "multilingual": second})


def query_words(text: str) -> list[str]:
    """The folded words of a question, each once: a word typed twice does not count twice."""
    return list(dict.fromkeys(map(_spelt, texts.terms(text))))


def title_terms(movie: Movie) -> dict[str, list[str]]:
    """The terms by field that a query is compared with when it may name the movie by its title."""
    first, *others = movie.titles
    return {
        "title_key": list(texts.title_keys(first, year=movie.year, others=others)),
        "title_part": list(texts.title_part_keys(first, year=movie.year, others=others)),
        "title_word": title_words(movie),
    }


def title_words(movie: Movie) -> list[str]:
    """Every folded word of the movie's titles, each once."""
    return list(dict.fromkeys(term for title in movie.titles for term in texts.terms(title)))


def to_plain(movie: Movie) -> dict[str, Any]:
    """The movie as plain JSON values; `from_plain` reads it back."""
    return {**asdict(movie), "release_date": movie.release_date.isoformat() if movie.release_date else None}


def from_plain(plain: Mapping[str, Any]) -> Movie:
    """The movie that `to_plain` wrote."""
    released = plain["release_date"]
    return Movie(
        **{
            **plain,
            "id": MovieId(plain["id"]),
            "release_date": date.fromisoformat(released) if released else None,
            "cast": tuple(CastMember(**member) for member in plain["cast"]),
            "translations": tuple(Translation(**one) for one in plain.get("translations", ())),
            **{name: tuple(plain[name]) for name in _LISTS},
        }
    )
