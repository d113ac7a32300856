"""Movies as documents: the content that both engines index. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from core import texts
from core.ports import IndexInfo, Question, Space
from core.types import CastMember, Movie, MovieId, Translation
from indexer import moods
from indexer.vectors import spaces

BILLED_CAST = 5
BILLED_CHARACTERS = 8
"""The billed cast included in `text`. Whole casts (22 names on average) make documents long and drown their plots: with
these, recall@10 of words alone is .855, .872 and .903 on three sets, with whole casts .851, .851 and .872."""


_LISTS = (
    "genres", "keywords", "directors", "writers", "composers", "spoken_languages", "countries", "companies", "tags",
)  # fmt: skip
"""Fields of a movie with phrase texts, in order."""
EVERY = "u0"
"""A term in the `tags` of every movie. Few movies have tags, and Lucene counts only those where tantivy counts all:
without it, the engines would weigh the same word differently."""


def word_fields(movie: Movie) -> dict[str, str]:
    """Return the text of each of `schema.WORD_FIELDS`: folded words (`texts.terms`) separated by spaces.

    Folding here instead of in the engines makes both split alike (`WALL·E`, `don't`, `spider-man`): they only split at
    spaces, remove stop words and stem. Words of a question are processed likewise (`query_words`). `tags` starts with
    `EVERY`.
    """
    title = _terms("\n".join(movie.titles))
    people = _terms("\n".join(movie.people))
    characters = (member.character for member in movie.cast)
    plot = _terms("\n".join((movie.overview, movie.tagline, movie.second_plot, *characters)))
    keywords = _terms("\n".join((*movie.keywords, *movie.genres)))
    tags = " ".join((EVERY, *filter(None, [_terms("\n".join(movie.tags))])))
    year = str(movie.year) if movie.year else ""
    whole = " ".join(part for part in (title, year, _description(movie), keywords, _billed(movie)) if part)
    return {"text": whole, "title": title, "people": people, "plot": plot, "keywords": keywords, "tags": tags}


def phrase_texts(movie: Movie) -> list[str]:
    """Return the texts and names searched for phrases, each as folded words separated by spaces."""
    names = (*movie.keywords, *movie.people, *(member.character for member in movie.cast))
    told = (movie.title, movie.original_title, movie.tagline, movie.overview, movie.second_plot, *names)
    return [terms for terms in map(_terms, dict.fromkeys(told)) if terms]


def phrase_words(phrase: str) -> list[str]:
    """Return the folded words of a phrase in order, spelled as in `phrase_texts`."""
    return _terms(phrase).split()


def _terms(text: str) -> str:
    found = texts.terms(text)
    return " ".join(found if text.isascii() else map(_encoded, found))


def _encoded(term: str) -> str:
    """Encode a term so that every tokenizer takes it for one word: Elasticsearch would split a bigram again.

    It ends in a digit, so that no stemmer shortens it.
    """
    return f"u{''.join(f'{ord(character):x}' for character in term)}0" if texts.unspaced(term) else term


def _description(movie: Movie) -> str:
    characters = (member.character for member in movie.cast[:BILLED_CHARACTERS])
    return _terms("\n".join((movie.overview, movie.tagline, movie.second_plot, *characters)))


def _billed(movie: Movie) -> str:
    return _terms("\n".join((*movie.directors, *(member.name for member in movie.cast[:BILLED_CAST]))))


def check_question(question: Question, info: IndexInfo) -> None:
    """Reject an empty question, an invalid order, or a space that the index does not have.

    Raises:
        ValueError: says what is missing or wrong.
    """
    if not question.words and question.vector is None and not question.order:
        raise ValueError("a question needs words, a vector or an order")
    moods.check_order(question.order)
    spaces.check(info, multilingual=question.multilingual and question.vector is not None)


def plain_info(info: IndexInfo) -> dict[str, Any]:
    """Return the metadata of an index as plain values, without what is only known once it is stored."""
    return {name: value for name, value in asdict(info).items() if name != "storage"}


def read_info(plain: Mapping[str, Any]) -> IndexInfo:
    """Read the metadata of an index from plain JSON values."""
    space = plain.get("multilingual")
    second = Space(**{**space, "centroid": tuple(space["centroid"])}) if space else None
    lists = {name: tuple(plain.get(name, ())) for name in ("centroid", "moods")}
    return IndexInfo(**{**plain, **lists, "multilingual": second})


def query_words(text: str) -> list[str]:
    """Return the distinct folded words of a question: a repeated word does not count twice."""
    return list(dict.fromkeys(map(_encoded, texts.terms(text))))


def title_terms(movie: Movie) -> dict[str, list[str]]:
    """Return the terms by field that are compared with a query that may be a title."""
    first, *others = movie.titles
    return {
        "title_key": list(texts.title_keys(first, year=movie.year, others=others)),
        "title_part": list(texts.title_part_keys(first, year=movie.year, others=others)),
        "title_word": title_words(movie),
    }


def title_words(movie: Movie) -> list[str]:
    """Return the distinct folded words of the movie's titles."""
    return list(dict.fromkeys(term for title in movie.titles for term in texts.terms(title)))


def to_json(movie: Movie) -> bytes:
    """Return a movie as JSON; `from_plain` reads its values."""
    return orjson.dumps(movie)


def to_plain(movie: Movie) -> dict[str, Any]:
    """Convert a movie to plain JSON values; `from_plain` reads them."""
    # By way of JSON, because `dataclasses.asdict` takes three times as long.
    plain: dict[str, Any] = orjson.loads(to_json(movie))
    return plain


def from_plain(plain: Mapping[str, Any]) -> Movie:
    """Return the movie written by `to_plain`."""
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
