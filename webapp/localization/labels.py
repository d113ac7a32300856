"""Labels of genres, moods, countries, marks and pieces in the language of the page."""

from __future__ import annotations

import re
from functools import cache

from core.types import Filters, Sort
from core.understanding import PieceKind
from core.users import MarkKind
from engine.catalogue.movies import HomeRow
from webapp.localization import language_names
from webapp.localization.locales import ENGLISH, language, locale
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import schemas

BOUNDED = re.compile(r"(.+) \((.+)\)")
TERRITORIES = {
    "Bosnia and Herzegovina": "BA",
    "Congo": "CD",
    "Cote D'Ivoire": "CI",
    "Czech Republic": "CZ",
    "Hong Kong": "HK",
    "Lao People's Democratic Republic": "LA",
    "Libyan Arab Jamahiriya": "LY",
    "Macao": "MO",
    "Macedonia": "MK",
    "Myanmar": "MM",
    "Palestinian Territory": "PS",
    "Swaziland": "SZ",
    "Syrian Arab Republic": "SY",
    "Trinidad and Tobago": "TT",
    "Turkey": "TR",
    "United States of America": "US",
}
"""Countries whose name in TMDB differs from Unicode's English name."""


GENRES = frozenset(
    (
        gettext_noop("Action"),
        gettext_noop("Adventure"),
        gettext_noop("Animation"),
        gettext_noop("Comedy"),
        gettext_noop("Crime"),
        gettext_noop("Documentary"),
        gettext_noop("Drama"),
        gettext_noop("Family"),
        gettext_noop("Fantasy"),
        gettext_noop("Foreign"),
        gettext_noop("History"),
        gettext_noop("Horror"),
        gettext_noop("Music"),
        gettext_noop("Mystery"),
        gettext_noop("Romance"),
        gettext_noop("Science Fiction"),
        gettext_noop("TV Movie"),
        gettext_noop("Thriller"),
        gettext_noop("War"),
        gettext_noop("Western"),
    )
)
MOODS = {
    "scary": gettext_noop("Scary"),
    "funny": gettext_noop("Funny"),
    "cry": gettext_noop("Sad, a good cry"),
    "feel-good": gettext_noop("Feel-good"),
    "tense": gettext_noop("Tense"),
    "mind-bending": gettext_noop("Mind-bending"),
    "romantic": gettext_noop("Romantic"),
    "dark": gettext_noop("Dark"),
    "cosy": gettext_noop("Cosy"),
    "inspiring": gettext_noop("Inspiring"),
    "thoughtful": gettext_noop("Thoughtful"),
    "violent": gettext_noop("Violent"),
    "action-packed": gettext_noop("Action-packed"),
    "epic": gettext_noop("Epic"),
    "date-night": gettext_noop("Date night"),
    "party": gettext_noop("Party"),
    "quirky": gettext_noop("Quirky"),
    "nostalgic": gettext_noop("Nostalgic"),
    "magical": gettext_noop("Magical"),
    "heartwarming": gettext_noop("Heart-warming"),
    "disturbing": gettext_noop("Disturbing"),
    "adventurous": gettext_noop("Adventurous"),
    "relaxing": gettext_noop("Relaxing"),
    "satirical": gettext_noop("Satirical"),
    "kids": gettext_noop("With kids"),
    "family": gettext_noop("For the whole family"),
}
PIECES = frozenset(
    (
        *MOODS.values(),
        gettext_noop("Best rated"),
        gettext_noop("Well rated"),
        gettext_noop("Acclaimed"),
        gettext_noop("Underrated"),
        gettext_noop("Hidden gem"),
        gettext_noop("Cult"),
        gettext_noop("Badly rated"),
        gettext_noop("Classic"),
        gettext_noop("Popular"),
        gettext_noop("New"),
        gettext_noop("Recent"),
        gettext_noop("Old"),
        gettext_noop("Short"),
        gettext_noop("Long"),
        gettext_noop("Oscar"),
        gettext_noop("Award winner"),
        gettext_noop("Based on a true story"),
        gettext_noop("Based on a book"),
        gettext_noop("Based on a comic"),
        gettext_noop("Based on a video game"),
        gettext_noop("Based on a TV series"),
        gettext_noop("Based on a play"),
        gettext_noop("Not in English"),
        gettext_noop("In English"),
        gettext_noop("Romantic comedy"),
        gettext_noop("Black comedy"),
        gettext_noop("Superhero"),
        gettext_noop("Film noir"),
        gettext_noop("Heist"),
        gettext_noop("Gangster"),
        gettext_noop("Spy"),
        gettext_noop("Detective"),
        gettext_noop("Zombies"),
        gettext_noop("Vampires"),
        gettext_noop("Martial arts"),
        gettext_noop("Biopic"),
        gettext_noop("Sports"),
        gettext_noop("Disaster"),
        gettext_noop("Teen movie"),
        gettext_noop("Coming of age"),
        gettext_noop("Christmas"),
        gettext_noop("Monsters"),
        gettext_noop("Courtroom"),
        gettext_noop("Road movie"),
    )
)
"""Translatable labels of pieces of search texts; others are shown unchanged."""
BOUNDS = (
    (re.compile(r"(\d{4})s"), gettext_noop("%(bound)ss")),
    (re.compile(r"until (\d{4})"), gettext_noop("until %(bound)s")),
    (re.compile(r"(\d{4}) or later"), gettext_noop("%(bound)s or later")),
    (re.compile(r"up to (\d+) min"), gettext_noop("up to %(bound)s min")),
    (re.compile(r"(\d+) min or more"), gettext_noop("%(bound)s min or more")),
)
MARKS = {
    MarkKind.WATCHLIST: gettext_noop("watchlist"),
    MarkKind.FAVOURITE: gettext_noop("favourite"),
    MarkKind.WATCHED: gettext_noop("watched"),
    MarkKind.DISMISSED: gettext_noop("not interested"),
    MarkKind.LIKED: gettext_noop("would watch"),
    MarkKind.PASSED: gettext_noop("not now"),
}


def genre(name: str) -> str:
    """Return the label of a genre."""
    return _(name) if name in GENRES else name


def mood(name: str) -> str:
    """Return the label of a mood: `feel-good` is "Feel-good"."""
    return _(MOODS[name]) if name in MOODS else name[:1].upper() + name[1:]


def decade(first: str | int) -> str:
    """Return a decade such as `1990s`."""
    return _("%(decade)ss", decade=first)


def country(name: str) -> str:
    """Return the name of a country, given its English name."""
    code = _territories().get(name) if language() != "en" else None
    return locale().territories.get(code, name) if code else name


def territory(code: str) -> str:
    """Return the name of a country, given its ISO 3166-1 code."""
    return str(locale().territories.get(code, code))


def mark(kind: str) -> str:
    """Return the label of a mark."""
    return _(MARKS[MarkKind(kind)]) if kind in set(MarkKind) else kind


def browser(label: str) -> str:
    """Return the label of a browser such as `Firefox on Linux`; see `user_agents`."""
    name, on, system = label.partition(" on ")
    if on:
        return _("%(browser)s on %(system)s", browser=name, system=system)
    return _("A browser") if label in ("", "A browser") else label


def row_name(found: HomeRow) -> str:
    """Return the title of a row on the home page."""
    filters = found.filters
    if filters.genres:
        return ", ".join(genre(name) for name in filters.genres)
    if filters.moods:
        return ", ".join(mood(name) for name in filters.moods)
    if filters.year_from:
        return _("The %(decade)ss", decade=filters.year_from)
    if filters == Filters() and found.sort == Sort.POPULARITY:
        return _("Popular")
    return _("Highly rated") if found.sort == Sort.RATING else found.name


def piece(found: schemas.QueryPiece) -> str:
    """Return the label of a piece of a search text, such as "not Horror" or "like Inception"."""
    label = _label(found)
    if found.kind == PieceKind.LIKE:
        label = _("like %(title)s", title=_without(label, "like "))
    return label if found.wanted else _("not %(label)s", label=label)


def piece_value(label: str) -> str:
    """What the engine calls a wish, which it does in English: `Old (until 1979)`, `1990s`, `Comedy or Romance`."""
    if language() == "en":
        return label
    if label in PIECES or label in GENRES:
        return _(label)
    bounded = BOUNDED.fullmatch(label)
    if bounded:
        return f"{piece_value(bounded[1])} ({piece_value(bounded[2])})"
    for pattern, text in BOUNDS:
        found = pattern.fullmatch(label)
        if found:
            return _(text, bound=found[1])
    return _(" or ").join(piece_value(part) for part in label.split(" or ")) if " or " in label else label


def _label(found: schemas.QueryPiece) -> str:
    label = _without(found.label, "not ")
    if found.kind == PieceKind.LANGUAGE and language() != "en":
        return language_names.name(found.value)
    return country(label) if found.kind == PieceKind.COUNTRY else piece_value(label)


def _without(label: str, word: str) -> str:
    return label[len(word) :] if label.lower().startswith(word) else label


@cache
def _territories() -> dict[str, str]:
    """Return country codes by English name."""
    return {name: code for code, name in ENGLISH.territories.items()} | TERRITORIES
