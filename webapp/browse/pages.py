"""The pages for searching and browsing. Each calls the engine, converts the result to views and renders a template."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pydantic import Field
from werkzeug.wrappers import Response as WerkzeugResponse

from core import texts
from core.errors import (
    FactorsMissing,
    IndexMissing,
    ModelMissing,
    NotFound,
    SearchUnavailable,
    StoreUnavailable,
)
from core.recommendations.records import Alike
from core.types import Movie, MovieId, Page, SearchRequest, Similarity, Sort
from core.users import User
from engine.catalogue.movies import HomeRow
from engine.services import Services
from webapp.browse import degradation, home_rows, navigation, suggestions, trending, understanding
from webapp.diary import request_diary
from webapp.events import recorder
from webapp.http import security, sessions
from webapp.http.parsing import Query, parse_query, validate
from webapp.localization import labels
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop
from webapp.movies import addresses, forms, schemas, serializers
from webapp.movies import extras as movie_extras
from webapp.movies.forms import SearchQuery
from webapp.recommendations import personal_list
from webapp.sharing import previews, structured_data
from webapp.sharing.canonical import Canonical

log = logging.getLogger("marquee.web")

# The texts of `core.sample.examples.HOME`, as literals for the catalogues of translations; a test compares both.
# Translations ask for the same movies by mood and genre, which are understood in every language; plots are compared in
# English.
EXAMPLES = (
    gettext_noop("the same day over and over"),
    gettext_noop("something scary from the 80s in a hotel"),
    gettext_noop("a robot alone on an empty earth"),
    gettext_noop("movies like Toy Story but about monsters"),
    gettext_noop("a jury that cannot agree"),
    gettext_noop("a short comedy in black and white"),
)
GENERAL_ROWS = 8
"""General rows below the user's own rows on the home page."""
MAX_SHOWN = 200
"""Movies of a page that its further rows leave out."""
PAGE_SIZE = 24
"""Posters per page: fills rows of 2, 3, 4, 6 and 8."""


class FurtherRows(Query):
    """The movies that the page shows already."""

    without: tuple[int, ...] = Field(default=(), max_length=MAX_SHOWN)


class LikeQuery(Query):
    """The kind of similarity."""

    by: Similarity = "both"


class Pages:
    """Views that share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._poster_base = services.settings.poster_base
        self._diary = request_diary.reader(services.diaries)
        self._canonical = Canonical(services.settings.site_url)

    def home(self) -> str:
        """Show the home page: the search form, the user's rows and the general rows.

        Below rows of the user, a script loads the general ones when they are reached; without it, a link leads to all
        movies.
        """
        rows = self._general_rows()
        fan = [serializers.card(movie, poster_base=self._poster_base) for movie in unlike(rows)]
        mine, user, seen = self._diary(), sessions.current(), set[int]()
        personal = (
            home_rows.rows(self._services.recommending, user, seen, poster_base=self._poster_base) if user else []
        )
        trends = trending.row(self._services.trending, seen, poster_base=self._poster_base)
        return render_template(
            "browse/home.html",
            home_rows=[] if personal else self._unseen(rows, seen),
            more=url_for("pages.further_rows", without=sorted(seen)) if personal and rows else "",
            fan=fan,
            examples=[_(example) for example in EXAMPLES],
            info=self._services.library.known() if rows else None,
            rows=personal,
            rated=len(mine.diary.ratings) if mine else None,
            enough=home_rows.ENOUGH_RATINGS,
            trending=trends,
            structured_data=structured_data.site(
                url=self._canonical.absolute("/"), search=self._canonical.absolute("/search")
            ),
        )

    def further_rows(self) -> str:
        """Return the general rows, as a part of the home page."""
        query = parse_query(FurtherRows, request.args, lenient=True)
        return render_template(
            "browse/home_rows.html", home_rows=self._unseen(self._general_rows()[:GENERAL_ROWS], set(query.without))
        )

    def _unseen(self, rows: Sequence[HomeRow], seen: set[int]) -> list[dict[str, object]]:
        """Return views of these rows, without the movies of `seen`, to which theirs are added."""
        return [self._home_row(row, chosen) for row in rows if (chosen := home_rows.unseen(row.movies, seen))]

    def _general_rows(self) -> Sequence[HomeRow]:
        """Return the general rows; none while the search engine is unavailable."""
        try:
            return self._services.movies.home_rows()
        except IndexMissing:
            raise
        except SearchUnavailable as error:
            log.error("home page without rows: %s", error)
            return ()

    def search(self) -> Response:
        """Show results; without a query, all movies that match the filters. For htmx, return only further results.

        Texts that are too long for an address are sent with POST.
        """
        query = parse_query(SearchQuery, request.form or request.args, lenient=True)
        page, answer = self._search(query)
        partial = "HX-Request" in request.headers and query.page > 1
        if query.page == 1:
            recorder.search(self._services, sessions.current(), query.q, page)
        html = render_template(
            "browse/results.html" if partial else "browse/search.html",
            query=query,
            answer=answer,
            interpretation=self._interpretation(query, answer),
            paging=navigation.paging(query, answer.total, len(answer.results)),
            navigation=navigation,
        )
        response = make_response(html)
        response.vary.add("HX-Request")
        degradation.mark(response, page)
        return response

    def suggest(self) -> str:
        """Return suggestions for the list box under the search field."""
        query = parse_query(forms.SuggestQuery, request.args, lenient=True)
        found = self._services.search.suggest(query.q, limit=query.size) if query.q else ()
        lines = suggestions.lines(query.q, found, self._services.movies, poster_base=self._poster_base)
        return render_template("browse/suggestions.html", lines=lines)

    def movie(self, movie_id: int, slug: str | None = None) -> str | WerkzeugResponse:
        """Show a movie with its facts, people and similar movies; another title in the URL is corrected."""
        movie = self._services.movies.get(MovieId(movie_id))
        path = addresses.path(movie)
        if slug is not None and quote(request.path) != path:
            query = request.query_string.decode("latin-1")
            return redirect(f"{path}?{query}" if query else path, HTTPStatus.MOVED_PERMANENTLY)
        by = parse_query(LikeQuery, request.args, lenient=True).by
        similar = self._similar(movie.id, by)
        user = sessions.current()
        found = self._movie(movie)
        extras = found.extras
        if extras is not None and extras.trailer is not None:
            security.allow_frames(movie_extras.PLAYER)
        picture = previews.picture(found)
        url, image = self._canonical.absolute(path), self._canonical.absolute(picture)
        return render_template(
            "movies/movie.html",
            movie=found,
            canonical_url=url,
            preview_type="video.movie",
            preview_image=image,
            preview_card=previews.card(picture, found),
            cast=movie_extras.cast(found),
            structured_data=structured_data.movie(found, url=url, image=image),
            similar=serializers.results(similar.hits, poster_base=self._poster_base),
            similar_by=similar.model,
            series=[serializers.card(one, poster_base=self._poster_base) for one in self._series(movie.id)],
            ways=navigation.ways(movie.id, by),
            suits=self._affinity(user, movie.id) if user and not self._rated(movie.id) else None,
            sureness=personal_list.sureness,
        )

    def _movie(self, movie: Movie) -> schemas.Movie:
        """Return a movie with what other services say about it."""
        extras = self._services.extras.of(movie.id)
        return serializers.movie(
            movie_extras.completed(movie, extras),
            poster_base=self._poster_base,
            moods=self._services.movies.moods(movie.id),
            extras=movie_extras.view(self._services, movie, extras),
        )

    def browse(self) -> str:
        """Show all genres, moods, decades and languages."""
        movies = self._services.movies
        everything = degradation.listed(self._services.search.run(SearchRequest(size=1)))
        return render_template(
            "browse/browse.html",
            genres=serializers.counts("genre", movies.genres()),
            moods=serializers.counts("mood", everything.facets.get("mood", ())),
            decades=serializers.counts("decade", movies.decades()),
            languages=serializers.counts("language", everything.facets.get("language", ())),
            total=everything.total,
        )

    def genre(self, name: str) -> str:
        """Show the movies of a genre."""
        return self._listing(
            _("%(genre)s films", genre=labels.genre(name)),
            validate(SearchQuery, {"genre": (name,), "sort": Sort.POPULARITY}),
            empty=_("There is no genre “%(name)s” in this catalogue.", name=name),
        )

    def person(self, name: str) -> str:
        """Show the movies of a person."""
        query = parse_query(SearchQuery, request.args, lenient=True).model_copy(update={"person": name, "q": ""})
        page, answer = self._search(query.model_copy(update={"sort": Sort.NEWEST, "size": PAGE_SIZE}))
        degradation.listed(page)
        if not answer.total:
            raise NotFound(_("There is no person called “%(name)s” in this catalogue.", name=name))
        name = spelling_of(name, page.hits[0].movie) if page.hits else name
        roles = {hit.movie.id: role_of(name, hit.movie) for hit in page.hits}
        return self._list(name, query, answer, roles=roles)

    def year(self, year: int) -> str:
        """Show the movies of a year."""
        if not forms.FIRST_YEAR <= year <= forms.LAST_YEAR:
            raise NotFound(_("There are no films from %(year)s in this catalogue.", year=year))
        query = SearchQuery(year_from=year, year_to=year, sort=Sort.POPULARITY)
        return self._listing(
            _("Films of %(year)s", year=year),
            query,
            empty=_("There are no films from %(year)s in this catalogue.", year=year),
            year=year,
        )

    def about(self) -> str:
        """Show how Marquee works and what it stores."""
        return render_template("browse/about.html", info=self._services.library.known())

    def _search(self, query: SearchQuery) -> tuple[Page, schemas.SearchResponse]:
        page = self._services.search.run(forms.to_request(query), user=sessions.current())
        catalogue = self._services.library.info().catalogue
        return page, serializers.search(page, poster_base=self._poster_base, catalogue=catalogue)

    def _interpretation(self, query: SearchQuery, answer: schemas.SearchResponse) -> understanding.Interpretation:
        """Return the interpretation. If pieces were dropped, interpret the whole text again to get their labels."""
        found = answer.understood
        whole = (
            serializers.understood(self._services.search.understand(found.query)) if found and found.dropped else None
        )
        return understanding.views(query, found, whole=whole, relaxed=answer.relaxed)

    def _similar(self, movie: MovieId, by: str) -> Alike:
        """Return similar movies; by meaning alone while no model is available."""
        try:
            return self._services.recommending.similar(movie, by=by)
        except (ModelMissing, FactorsMissing) as error:
            log.warning("similar movies of %s by meaning only: %s", movie, error)
            return Alike(self._services.movies.similar(movie))

    def _series(self, movie: MovieId) -> Sequence[Movie]:
        """Return the movie's series in order of release; none during an outage of the search engine."""
        try:
            return self._services.recommending.series(movie)
        except SearchUnavailable as error:
            log.warning("the series of %s is not shown: %s", movie, error)
            return ()

    def _affinity(self, user: User, movie: MovieId) -> schemas.RecommendationReason | None:
        try:
            return serializers.explanation(self._services.recommending.explain(user, movie).explanation)
        except (ModelMissing, FactorsMissing, StoreUnavailable) as error:
            log.warning("no explanation for %s: %s", movie, error)
            return None

    def _rated(self, movie: MovieId) -> bool:
        """Whether the user has said how they find it, so that nobody has to guess."""
        mine = self._diary()
        return mine is not None and movie in mine.diary.ratings

    def _home_row(self, row: HomeRow, movies: Sequence[Movie]) -> dict[str, object]:
        cards = [serializers.card(movie, poster_base=self._poster_base) for movie in movies]
        query = forms.from_filters(row.filters, sort=row.sort)
        return {"name": labels.row_name(row), "url": navigation.search_url(query), "movies": cards}

    def _listing(self, title: str, query: SearchQuery, *, empty: str, year: int | None = None) -> str:
        parameters = parse_query(SearchQuery, request.args, lenient=True)
        page = query.model_copy(update={"page": parameters.page, "size": PAGE_SIZE})
        found, answer = self._search(page)
        degradation.listed(found)
        if not answer.total:
            raise NotFound(empty)
        return self._list(title, page, answer, year=year)

    def _list(
        self,
        title: str,
        query: SearchQuery,
        answer: schemas.SearchResponse,
        *,
        year: int | None = None,
        roles: dict[MovieId, str] | None = None,
    ) -> str:
        paging = navigation.paging(query, answer.total, len(answer.results))
        url = navigation.search_url(query)
        return render_template(
            "browse/list.html", title=title, answer=answer, paging=paging, year=year, roles=roles or {}, url=url
        )


def blueprint(services: Services) -> Blueprint:
    """Return the blueprint of the pages."""
    pages, routes = Pages(services), Blueprint("pages", __name__)
    for rule, name, view in (
        ("/", "home", pages.home),
        ("/search", "search", pages.search),
        ("/further-rows", "further_rows", pages.further_rows),
        ("/suggest", "suggest", pages.suggest),
        ("/movies/<int:movie_id>", "movie", pages.movie),
        ("/movies/<int:movie_id>-<slug>", "movie", pages.movie),
        ("/browse", "browse", pages.browse),
        ("/genres/<path:name>", "genre", pages.genre),
        ("/people/<path:name>", "person", pages.person),
        ("/years/<int:year>", "year", pages.year),
        ("/about", "about", pages.about),
    ):
        routes.add_url_rule(rule, name, view)
    routes.add_url_rule("/search", "search", pages.search, methods=["POST"])
    return routes


def spelling_of(name: str, movie: Movie) -> str:
    """Return the name as spelled in the catalogue, with its accents and capitals."""
    return next((person for person in movie.people if texts.fold(person) == texts.fold(name)), name)


def role_of(name: str, movie: Movie) -> str:
    """Return what a person did in a movie, in words."""
    characters = [member.character for member in movie.cast if member.name == name]
    crew = [_("director")] if name in movie.directors else []
    crew += [_("writer")] if name in movie.writers else []
    crew += [_("composer")] if name in movie.composers else []
    played = [_("as %(character)s", character=character) if character else _("actor") for character in characters]
    whole = ", ".join((*crew, *played))
    return whole if not crew and any(characters[:1]) else whole[:1].upper() + whole[1:]


def unlike(home_rows: Sequence[HomeRow], *, number: int = 3) -> list[Movie]:
    """Return movies of the rows that, if possible, share no genre, so that their posters look different."""
    shown = {movie.id: movie for row in home_rows for movie in row.movies}
    found: dict[MovieId, Movie] = {}
    for movie in shown.values():
        if len(found) == number:
            break
        if movie.genres and all(set(movie.genres).isdisjoint(other.genres) for other in found.values()):
            found[movie.id] = movie
    return list({**found, **shown}.values())[:number]
