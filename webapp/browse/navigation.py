"""Links on a results page: filters to add and remove, sort orders, modes and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from core.types import MAX_RANK, Mode, Sort
from webapp.localization import labels, language_names
from webapp.localization.locales import number
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import forms, schemas
from webapp.movies.forms import SearchQuery

DECADE = 10
MODES = {
    Mode.HYBRID: gettext_noop("Words and meaning"),
    Mode.WORDS: gettext_noop("Words"),
    Mode.MEANING: gettext_noop("Meaning"),
}
SORTS = {
    Sort.RELEVANCE: gettext_noop("Best match"),
    Sort.RATING: gettext_noop("Highest rated"),
    Sort.POPULARITY: gettext_noop("Most popular"),
    Sort.NEWEST: gettext_noop("Newest"),
}
NO_QUERY_SORTS = {Sort.RELEVANCE, Sort.POPULARITY}
"""Without a query, both sort by popularity."""
WAYS = {"both": gettext_noop("Both"), "meaning": gettext_noop("Meaning"), "taste": gettext_noop("Taste")}
"""Kinds of similarity: similar in meaning, liked by the same people, or both."""
FACETS = {
    "genre": gettext_noop("Genre"),
    "mood": gettext_noop("Mood"),
    "decade": gettext_noop("Decade"),
    "language": gettext_noop("Language"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes one thing about a search."""

    label: str
    url: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """The range of the results shown, with links to the previous and next page."""

    first: int
    last: int
    total: int
    page: int
    pages: int
    previous: str = ""
    next: str = ""


def search_url(query: SearchQuery, **changes: object) -> str:
    """Return the URL of `query` with some fields changed, on the first page unless `page` is given."""
    changed = query.model_copy(update={"page": 1, **changes})
    return url_for("pages.search", **forms.to_pairs(changed))


def retyped_url(query: SearchQuery, text: str, *, literal: bool = False) -> str:
    """Return the URL of the search for another text with the same filters and no dropped pieces."""
    return search_url(query, q=text, drop=(), literal=literal)


def unfiltered_url(query: SearchQuery) -> str:
    """Return the URL of the same search without filters."""
    return search_url(SearchQuery(q=query.q, mode=query.mode, sort=query.sort, drop=query.drop, literal=query.literal))


def chips(query: SearchQuery) -> list[Choice]:
    """Return the active filters; each link removes its filter."""
    found = [
        _without(query, labels.genre(genre), genre=tuple(g for g in query.genre if g != genre))
        for genre in query.genre
        if genre
    ]
    found += [
        _without(query, labels.mood(mood), mood=tuple(m for m in query.mood if m != mood))
        for mood in query.mood
        if mood
    ]
    if query.person:
        found.append(_without(query, query.person, person=""))
    if query.language:
        found.append(_without(query, language_names.name(query.language), language=""))
    if query.year_from or query.year_to:
        found.append(_without(query, span(query.year_from, query.year_to), year_from=None, year_to=None))
    if query.runtime_min or query.runtime_max:
        minutes = _("%(span)s minutes", span=span(query.runtime_min, query.runtime_max))
        found.append(_without(query, minutes, runtime_min=None, runtime_max=None))
    if query.votes_min:
        found.append(_without(query, _("%(n)s votes or more", n=number(query.votes_min)), votes_min=None))
    if query.rating_min:
        found.append(_without(query, _("rated %(rating)s or more", rating=number(query.rating_min)), rating_min=None))
    if query.adult:
        found.append(_without(query, _("adult films"), adult=False))
    return found


def span(low: int | None, high: int | None) -> str:
    """Return a range in words, open at either end."""
    if low is not None and high is not None:
        return str(low) if low == high else f"{low}–{high}"
    return _("from %(low)s", low=low) if low is not None else _("up to %(high)s", high=high)


def facets(query: SearchQuery, found: Mapping[str, Sequence[schemas.FacetCount]]) -> dict[str, list[Choice]]:
    """Return the facet values as links that add the filter or, if it is active, remove it."""
    pairs = forms.to_pairs(query.model_copy(update={"page": 1}))
    shown = {_(FACETS[name]): [_facet(query, pairs, name, value) for value in found.get(name, ())] for name in FACETS}
    return {name: choices for name, choices in shown.items() if choices}


def sorts(query: SearchQuery) -> list[Choice]:
    """Return the sort orders."""
    return [
        Choice(_(label), search_url(query, sort=sort), active=_in_force(query, sort))
        for sort, label in SORTS.items()
        if query.q or sort is not Sort.RELEVANCE
    ]


def modes(query: SearchQuery) -> list[Choice]:
    """Return the search modes."""
    return [Choice(_(label), search_url(query, mode=mode), active=query.mode is mode) for mode, label in MODES.items()]


def genre_modes(query: SearchQuery) -> list[Choice]:
    """Return the choice between all and any of the genres; empty with fewer than two genres."""
    if len(query.genre) <= 1:
        return []
    texts = {"all": _("All of these genres"), "any": _("Any of these genres")}
    return [
        Choice(text, search_url(query, genre_mode=mode), active=query.genre_mode == mode)
        for mode, text in texts.items()
    ]


def paging(query: SearchQuery, total: int, shown: int) -> Paging:
    """Return the range that is shown, with its neighbours."""
    offset = (query.page - 1) * query.size
    reachable = min(total, MAX_RANK + query.size)
    pages = max(1, -(-reachable // query.size))
    more = query.page < pages and query.page * query.size <= MAX_RANK
    return Paging(
        first=offset + 1 if shown else 0,
        last=offset + shown if shown else 0,
        total=total,
        page=query.page,
        pages=pages,
        previous=search_url(query, page=min(query.page - 1, pages)) if query.page > 1 else "",
        next=search_url(query, page=query.page + 1) if more else "",
    )


def ways(movie: int, by: str) -> list[Choice]:
    """Return the kinds of similarity."""
    return [
        Choice(_(label), url_for("pages.movie", movie_id=movie, by=way, _anchor="similar"), active=way == by)
        for way, label in WAYS.items()
    ]


def _without(query: SearchQuery, label: str, **changes: object) -> Choice:
    return Choice(label, search_url(query, **changes), active=True)


def _in_force(query: SearchQuery, sort: Sort) -> bool:
    return query.sort is sort or (not query.q and {sort, query.sort} <= NO_QUERY_SORTS)


def _facet(query: SearchQuery, pairs: Mapping[str, Any], name: str, value: schemas.FacetCount) -> Choice:
    """Return a link that adds or removes a value; `pairs` are the parameters of the query, the same for all links."""
    changes, active = _CHANGES[name](query, value.value)
    merged = {**pairs, **changes}
    kept = {field: merged[field] for field in SearchQuery.model_fields if merged.get(field) not in (None, "", ())}
    return Choice(value.label, url_for("pages.search", **kept), active=active, count=value.count)


def _genre(query: SearchQuery, genre: str) -> tuple[dict[str, Any], bool]:
    if genre in query.genre:
        return {"genre": tuple(g for g in query.genre if g != genre)}, True
    return {"genre": (*query.genre, genre)}, False


def _mood(query: SearchQuery, mood: str) -> tuple[dict[str, Any], bool]:
    if mood in query.mood:
        return {"mood": tuple(m for m in query.mood if m != mood)}, True
    return {"mood": (*query.mood, mood)}, False


def _decade(query: SearchQuery, decade: str) -> tuple[dict[str, Any], bool]:
    first, last = int(decade), int(decade) + DECADE - 1
    if (query.year_from, query.year_to) == (first, last):
        return {"year_from": None, "year_to": None}, True
    return {"year_from": first, "year_to": last}, False


def _language(query: SearchQuery, code: str) -> tuple[dict[str, Any], bool]:
    active = query.language == code
    return {"language": "" if active else code}, active


_CHANGES = {"genre": _genre, "mood": _mood, "decade": _decade, "language": _language}
