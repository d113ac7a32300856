"""The word tables: words that describe the movies people want, and their meanings. Read from TOML files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from core import texts
from core.errors import InvalidSettings
from core.understanding import PieceKind
from engine.search.understanding.language import inflections, tokens, word_lists

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ja")
"""Languages covered by the tables."""
_MOOD_LISTS = frozenset({
    "any_genres", "not_genres", "without_genres", "without_keywords", "not_keywords", "keywords", "prototypes", "says",
    *(f"says_{language}" for language in LANGUAGES[1:]),
})  # fmt: skip
_MOOD_FIELDS = _MOOD_LISTS | {"name", "label", "kind", "genres", "threshold"}
_KINDS = {
    "genre": PieceKind.GENRE, "kind": PieceKind.GENRE, "quality": PieceKind.QUALITY, "recency": PieceKind.RECENCY,
    "popularity": PieceKind.POPULARITY, "length": PieceKind.RUNTIME, "award": PieceKind.AWARD,
    "based_on": PieceKind.BASED_ON, "studio": PieceKind.STUDIO, "origin": PieceKind.COUNTRY,
}  # fmt: skip


_NO_FORMS = frozenset(
    """
    animate argentina bella belle brute brutes buenos case cases china chinas comics courts explosive explosives fine
    indiana indias mute nova pain rare rares sage sages tense terse tone tones violets
    """.split()
)
"""English words and names that the inflection rules would produce."""


@dataclass(frozen=True)
class Term:
    """One row of a table: a meaning and the conditions that a movie must meet."""

    kind: PieceKind
    name: str
    label: str
    table: str
    """The name of its table: `genre`, `kind`, `mood`, `origin`, …"""
    row: Mapping[str, Any] = field(repr=False)
    """The row as written."""

    def listed(self, name: str) -> tuple[str, ...]:
        """Return a list in the row; empty if the row does not have it."""
        return tuple(self.row.get(name, ()))


@dataclass(frozen=True)
class Mood:
    """The definition of a mood, see `tables/moods.toml`."""

    name: str
    label: str
    audience: bool
    any_genres: frozenset[str]
    not_genres: frozenset[str]
    not_keywords: frozenset[str]
    genres: Mapping[str, float]
    keywords: frozenset[str]
    prototypes: tuple[str, ...]
    threshold: float


@dataclass(frozen=True)
class Tables:
    """All tables, indexed for lookup."""

    terms: tuple[Term, ...]
    moods: tuple[Mood, ...]
    moods_hash: str
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], Term]]]
    """Phrases by their first word, longest first."""
    topics: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    """Phrases for topics of movies in other languages by their first word, with English translations."""

    @property
    def mood_names(self) -> tuple[str, ...]:
        """Return the names of all moods, in the order of the table."""
        return tuple(mood.name for mood in self.moods)

    @cached_property
    def foreign_words(self) -> Mapping[str, frozenset[str]]:
        """Return all words of the phrases in other languages than English, folded, with their languages."""
        found: dict[str, set[str]] = {}
        for language in LANGUAGES[1:]:
            for term in self.terms:
                for text in (*term.listed(f"says_{language}"), *forms(term, language)):
                    for word in {*texts.words(text), *tokens.words(text)}:
                        found.setdefault(word, set()).add(language)
        return {word: frozenset(languages) for word, languages in found.items()}

    def mood(self, name: str) -> Mood | None:
        """Return the mood with this name."""
        return next((mood for mood in self.moods if mood.name == name), None)

    def term(self, kind: PieceKind, name: str) -> Term | None:
        """Return the row with this kind and name."""
        return next((term for term in self.terms if term.kind is kind and term.name == name), None)


def load(moods_file: Path | None = None) -> Tables:
    """Load the packaged tables, with moods from the operator's file if there is one.

    Raises:
        InvalidSettings: the file cannot be read or a row is invalid; names the row and the field.
    """
    return _load(moods_file)


@cache
def _load(moods_file: Path | None) -> Tables:
    rows = list(_shipped("genres.toml")) + list(_shipped("words.toml"))
    mood_text = _shipped_text("moods.toml") if moods_file is None else _own_text(moods_file)
    mood_rows = _mood_rows(mood_text, str(moods_file or "moods.toml"))
    terms = [Term(_KINDS[table], row["name"], row.get("label", row["name"]), table, row) for table, row in rows]
    terms += [_mood_term(row) for row in mood_rows]
    digest = hashlib.sha256(mood_text.encode()).hexdigest()[:16]
    return Tables(tuple(terms), tuple(map(_mood, mood_rows)), digest, _phrases(terms), _topics())


def says(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield all phrases for a row, in every language."""
    for name in ("says", "places", "places_foreign", *(f"says_{language}" for language in LANGUAGES[1:])):
        yield from row.get(name, ())


def _phrases(terms: Iterable[Term]) -> dict[str, list[tuple[tuple[str, ...], Term]]]:
    found: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
    for term in terms:
        for phrase in dict.fromkeys(tokens.words(text) for text in says(term.row)):
            found.setdefault(phrase[0], []).append((phrase, term))
    for phrase, term in _inflected(terms, {phrase for entries in found.values() for phrase, _ in entries}):
        found.setdefault(phrase[0], []).append((phrase, term))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))  # stable: among equal phrases, the earlier table wins
    return found


def _topics() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for _, row in _shipped("topics.toml"):
        for phrase in dict.fromkeys(tokens.words(text) for text in says(row)):
            found.setdefault(phrase[0], []).append((phrase, row["name"]))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def _inflected(terms: Iterable[Term], known: Collection[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Term]]:
    """Yield inflected forms of foreign words, except those that a table already contains."""
    made: dict[tuple[str, ...], Term] = {}
    for term in terms:
        for language in LANGUAGES[1:]:
            for form in forms(term, language):
                phrase = tokens.words(form)
                if phrase and phrase not in known and not _is_ambiguous(phrase[0]):
                    made.setdefault(phrase, term)
    return iter(made.items())


def forms(term: Term, language: str) -> Iterator[str]:
    """Yield the inflected forms of a row's words in a language."""
    english = {word for text in term.listed("says") for word in tokens.words(text)}
    for word in term.listed(f"says_{language}"):
        # `action` and `thriller` are English too; their plurals occur in English plots.
        if language == "de" or word not in english:
            yield from inflections.of(word, language)


def _is_ambiguous(word: str) -> bool:
    return word in word_lists.KNOWN or word in _NO_FORMS


def _shipped(name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for table, rows in tomllib.loads(_shipped_text(name)).items():
        yield from ((table, row) for row in rows)


def _shipped_text(name: str) -> str:
    return (resources.files(__package__) / "tables" / name).read_text(encoding="utf-8")


def _own_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSettings(f"MARQUEE_MOODS_FILE: {path} cannot be read: {error}") from error


def _mood_rows(text: str, source: str) -> list[Mapping[str, Any]]:
    try:
        rows = tomllib.loads(text).get("mood", [])
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(f"MARQUEE_MOODS_FILE: {source} is not valid TOML: {error}") from error
    if not rows:
        raise InvalidSettings(f"MARQUEE_MOODS_FILE: {source} has no [[mood]] rows")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidSettings(f"MARQUEE_MOODS_FILE: {source}: expected rows of the form [[mood]]")
    names: set[str] = set()
    for number, row in enumerate(rows, start=1):
        fault = _fault(row) or ("name: already used by another mood" if row["name"] in names else "")
        if fault:
            raise InvalidSettings(f"MARQUEE_MOODS_FILE: {source}, mood {number} ({row.get('name', '?')}): {fault}")
        names.add(row["name"])
    return rows


def _fault(row: Mapping[str, Any]) -> str:
    """Return what is wrong with a row; empty if nothing is."""
    unknown = sorted(set(row) - _MOOD_FIELDS)
    if unknown:
        return f"unknown field {unknown[0]}; the fields of a mood are {', '.join(sorted(_MOOD_FIELDS))}"
    for name in ("name", "label"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            return f"{name}: expected text"
    if row.get("kind", "mood") not in ("mood", "audience"):
        return "kind: expected mood or audience"
    threshold = row.get("threshold", 0.5)
    if not _is_number(threshold) or not 0 < threshold <= 1:
        return "threshold: expected a number above 0 and up to 1"
    return _fault_of_lists(row)


def _fault_of_lists(row: Mapping[str, Any]) -> str:
    for name in sorted(_MOOD_LISTS & set(row)):
        if not isinstance(row[name], list) or not all(isinstance(one, str) and one.strip() for one in row[name]):
            return f"{name}: expected a list of texts"
    genres = row.get("genres", {})
    if not isinstance(genres, dict) or not all(map(_is_number, genres.values())):
        return "genres: expected numbers by genre name, such as { Drama = 0.4 }"
    if not row.get("says"):
        return "says: expected at least one phrase"
    empty = next((phrase for phrase in says(row) if not tokens.words(phrase)), None)
    return f"says: {empty!r} has no letters" if empty is not None else ""


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _mood_term(row: Mapping[str, Any]) -> Term:
    kind = PieceKind.AUDIENCE if row.get("kind") == "audience" else PieceKind.MOOD
    return Term(kind, row["name"], row["label"], "mood", row)


def _mood(row: Mapping[str, Any]) -> Mood:
    return Mood(
        name=row["name"],
        label=row["label"],
        audience=row.get("kind") == "audience",
        any_genres=_folded(row.get("any_genres", ())),
        not_genres=_folded(row.get("not_genres", ())),
        not_keywords=_folded(row.get("not_keywords", ())),
        genres={tokens.fold(genre): float(score) for genre, score in row.get("genres", {}).items()},
        keywords=_folded(row.get("keywords", ())),
        prototypes=tuple(row.get("prototypes", ())),
        threshold=float(row.get("threshold", 0.5)),
    )


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(tokens.fold, names))
