"""The current user's recommendations: filters, pages, and figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from flask import url_for
from pydantic import Field

from core.recommendations.records import RecommendationRequest, Stage
from core.types import MAX_RANK, Clause, Filters, Trait
from engine.catalogue.availability import Availability
from webapp.browse import navigation
from webapp.browse.navigation import Choice
from webapp.http.fields import Code, Name, Switch
from webapp.http.parsing import Query
from webapp.localization import labels, language_names
from webapp.localization.locales import percent
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import forms
from webapp.movies.forms import MAX_GENRES, Minutes, SearchQuery, Year

PAGE_SIZE = 24
"""Posters per page: fills rows of 2, 3, 4, 6 and 8."""
ROW_SIZE = 12
DECADE = 10


class Length(StrEnum):
    """Running times to choose from."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


LENGTHS: Mapping[Length, tuple[str, int | None, int | None]] = {
    Length.SHORT: (gettext_noop("Under 90 minutes"), None, 89),
    Length.MEDIUM: (gettext_noop("90 minutes to 2 hours"), 90, 120),
    Length.LONG: (gettext_noop("Over 2 hours"), 121, None),
}
"""Label, and minutes from and to."""
SURE = (
    (0.8, gettext_noop("We are quite sure")),
    (0.65, gettext_noop("We think so")),
    (0.5, gettext_noop("It is worth a try")),
    (0.0, gettext_noop("It is a gamble")),
)
"""Minimum calibrated probability of 4 stars or more, and its wording."""
STAGES = {
    Stage.NOBODY: gettext_noop(
        "You have not rated anything yet, so these are films most people love. Rate a few films and watch it change."
    ),
    Stage.GENRES: gettext_noop(
        "So far, this list is based on your favourite genres. Rate a few films and watch it change."
    ),
    Stage.FEW: gettext_noop("A first idea of your taste. It improves with every film you rate."),
    Stage.KNOWN: "",
}


class ForYouQuery(Query):
    """The parameters of the list."""

    genre: Annotated[tuple[Name, ...], Field(max_length=MAX_GENRES)] = ()
    language: Code = ""
    year_from: Year = None
    year_to: Year = None
    runtime_min: Minutes = None
    runtime_max: Minutes = None
    decade: int | None = Field(None, ge=1870, le=2100, multiple_of=DECADE)
    """The first year of a decade; the form has this instead of the years."""
    length: Length | None = None
    """The form has this instead of the minutes."""
    available_at: Name = ""
    """A provider in a country, `US:Netflix`."""
    all: Switch = False
    """Whether to show one list instead of rows."""
    familiarity: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    page: int = Field(1, ge=1, le=MAX_RANK // PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """URLs of the previous and the next page; empty if there is none."""

    previous: str
    next: str


def is_list(query: ForYouQuery) -> bool:
    """Return whether the page is one list: it is filtered, or a list was requested; otherwise it has rows."""
    return bool(query.model_dump(exclude_defaults=True, exclude={"familiarity"}))


def rows_request(query: ForYouQuery) -> RecommendationRequest:
    """Return the engine's request for the rows."""
    return RecommendationRequest(size=ROW_SIZE, familiarity=query.familiarity)


def to_request(query: ForYouQuery, available: Availability) -> RecommendationRequest:
    """Return the engine's request, for one movie more than is shown, to know whether there is a next page.

    Raises:
        InvalidRequest: parameters contradict each other.
        StoreUnavailable: where movies can be watched cannot be read.
    """
    filters: Filters = forms.to_request(to_search(query)).filters
    if query.available_at:
        condition = available.clause(query.available_at) or Clause(Trait.MOVIE, ())
        filters = replace(filters, clauses=(*filters.clauses, condition))
    return RecommendationRequest(
        filters, size=PAGE_SIZE + 1, familiarity=query.familiarity, offset=(query.page - 1) * PAGE_SIZE
    )


def to_search(query: ForYouQuery) -> SearchQuery:
    """Return the search with the same filters."""
    bounds = query.model_dump(exclude={"familiarity", "page", "decade", "length", "all", "available_at"})
    if query.decade is not None:
        bounds.update(year_from=query.decade, year_to=query.decade + DECADE - 1)
    if query.length is not None:
        _label, bounds["runtime_min"], bounds["runtime_max"] = LENGTHS[query.length]
    return SearchQuery(**bounds, genre_mode="any")


def page_links(query: ForYouQuery, found: int) -> PageLinks:
    """Return the links to the previous and the next page."""
    last = query.page >= MAX_RANK // PAGE_SIZE
    return PageLinks(
        previous=url(query, page=query.page - 1) if query.page > 1 else "",
        next=url(query, page=query.page + 1) if found > PAGE_SIZE and not last else "",
    )


def chips(query: ForYouQuery) -> Sequence[Choice]:
    """Return the active filters; each link removes its filter."""
    found = [
        Choice(labels.genre(genre), url(query, genre=tuple(g for g in query.genre if g != genre)), active=True)
        for genre in query.genre
    ]
    if query.language:
        found.append(Choice(language_names.name(query.language), url(query, language=""), active=True))
    if query.decade is not None:
        found.append(Choice(labels.decade(query.decade), url(query, decade=None), active=True))
    if query.length is not None:
        found.append(Choice(_(LENGTHS[query.length][0]), url(query, length=None), active=True))
    if query.available_at:
        name = _("available at %(provider)s", provider=query.available_at.partition(":")[2] or query.available_at)
        found.append(Choice(name, url(query, available_at=""), active=True))
    if query.all:
        found.append(Choice(_("in one list"), url(query, all=False), active=True))
    if query.year_from or query.year_to:
        years = navigation.span(query.year_from, query.year_to)
        found.append(Choice(years, url(query, year_from=None, year_to=None), active=True))
    if query.runtime_min or query.runtime_max:
        minutes = _("%(span)s minutes", span=navigation.span(query.runtime_min, query.runtime_max))
        found.append(Choice(minutes, url(query, runtime_min=None, runtime_max=None), active=True))
    return found


def providers(available: Availability) -> list[tuple[str, str]]:
    """Return the choices of the filter by provider, value and label; with the country if there are several."""
    found = available.providers()
    several = len({one.region for one in found}) > 1
    return [
        (one.value, f"{one.provider} · {labels.territory(one.region)}" if several else one.provider) for one in found
    ]


def url(query: ForYouQuery, **changes: object) -> str:
    """Return the URL of `query` with some fields changed, on the first page unless `page` is given."""
    changed = query.model_copy(update={"page": 1, **changes})
    return url_for("recommendations.for_you", **changed.model_dump(mode="json", exclude_defaults=True))


def sureness(confidence: float | None) -> str:
    """Return a calibrated probability in words, with the figure."""
    if confidence is None:
        return ""
    words = next(words for least, words in SURE if confidence >= least)
    return _(
        "%(words)s: %(share)s of such predictions turn out to be 4 stars or more.",
        words=_(words),
        share=percent(confidence),
    )
