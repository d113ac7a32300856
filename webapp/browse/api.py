"""The API of searching and browsing. The OpenAPI description is generated from these signatures and models."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from core.types import MovieId, Sort
from engine.services import Services
from webapp.browse import degradation, trending
from webapp.events import recorder
from webapp.http import sessions
from webapp.http.api import PREFIX, answer, problems
from webapp.http.parsing import Query, parse_request
from webapp.localization import movie_language
from webapp.movies import extra_schemas, forms, schemas, serializers
from webapp.movies import extras as movie_extras

SEARCHING = Tag(name="Search", description="Search for movies by description, title or person.")
BROWSING = Tag(name="Movies", description="Movie details and lists of movies.")


def blueprint(services: Services) -> APIBlueprint:
    """Return the blueprint of searching and browsing."""
    api = APIBlueprint("api", __name__, url_prefix=PREFIX, abp_responses=problems(400, 503))
    _add_search(api, services)
    _add_movies(api, services)
    _add_lists(api, services)
    return api


def _add_search(api: APIBlueprint, services: Services) -> None:
    @api.get("/search", tags=[SEARCHING], summary="Search movies", responses={200: schemas.SearchResponse})
    @parse_request(query=forms.SearchQuery)
    def search(query: forms.SearchQuery) -> Response:
        """Return a page of results with facets. An empty query returns all movies that match the filters."""
        return _found(services, query)

    @api.post(
        "/search",
        tags=[SEARCHING],
        summary="Search movies by a long text",
        responses={200: schemas.SearchResponse, **problems(415)},
    )
    @parse_request(query=Query, body=forms.SearchParameters)
    def search_by_text(body: forms.SearchParameters) -> Response:
        """Run the same search with the parameters as a JSON object; repeatable ones are lists."""
        return _found(services, body)

    @api.get(
        "/understand", tags=[SEARCHING], summary="Interpret a search text", responses={200: schemas.QueryUnderstanding}
    )
    @parse_request(query=forms.UnderstandQuery)
    def understand(query: forms.UnderstandQuery) -> Response:
        """Return what a text asks for, piece by piece, without searching."""
        found = services.search.understand(query.q, drop=query.drop, literal=query.literal)
        return answer(serializers.understood(found))

    @api.get(
        "/suggest", tags=[SEARCHING], summary="Suggest titles and people", responses={200: schemas.SuggestionsResponse}
    )
    @parse_request(query=forms.SuggestQuery)
    def suggest(query: forms.SuggestQuery) -> Response:
        """Return movies and people whose name starts with the text; small typos are tolerated."""
        found = services.search.suggest(query.q, limit=query.size) if query.q else ()
        return answer(schemas.SuggestionsResponse(results=tuple(serializers.line(suggestion) for suggestion in found)))


def _found(services: Services, query: forms.SearchQuery) -> Response:
    movie_language.choose(query.lang)
    user = sessions.current()
    page = services.search.run(forms.to_request(query), user=user)
    if query.page == 1:
        recorder.search(services, user, query.q, page)
    catalogue = services.library.info().catalogue
    response = answer(serializers.search(page, poster_base=services.settings.poster_base, catalogue=catalogue))
    degradation.mark(response, page)
    return response


def _add_movies(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.get(
        "/movies/<int:id>", tags=[BROWSING], summary="Get a movie", responses={200: schemas.Movie, **problems(404)}
    )
    @parse_request(query=forms.LanguageQuery, path=forms.MoviePath)
    def movie(path: forms.MoviePath, query: forms.LanguageQuery) -> Response:
        """Return all data of a movie."""
        movie_language.choose(query.lang)
        found = services.movies.get(MovieId(path.id))
        extras = services.extras.of(found.id)
        return answer(
            serializers.movie(
                movie_extras.completed(found, extras),
                poster_base=base,
                moods=services.movies.moods(found.id),
                extras=movie_extras.view(services, found, extras),
            )
        )

    @api.get(
        "/movies/<int:id>/similar",
        tags=[BROWSING],
        summary="List similar movies",
        responses={200: schemas.SimilarMoviesResponse, **problems(404)},
    )
    @parse_request(query=forms.SimilarQuery, path=forms.MoviePath)
    def similar(path: forms.MoviePath, query: forms.SimilarQuery) -> Response:
        """Return movies similar in what they are about (`meaning`), in who likes them (`taste`), or in both."""
        movie_language.choose(query.lang)
        found = services.recommending.similar(MovieId(path.id), by=query.by, size=query.size)
        results = serializers.results(found.hits, poster_base=base)
        demo = bool(found.model) and services.demo.in_use()
        return answer(schemas.SimilarMoviesResponse(results=results, model=found.model, demo=demo))


def _add_lists(api: APIBlueprint, services: Services) -> None:
    base = services.settings.poster_base

    @api.get("/popular", tags=[BROWSING], summary="List popular movies", responses={200: schemas.PopularMoviesResponse})
    @parse_request(query=forms.PageQuery)
    def popular(query: forms.PageQuery) -> Response:
        """Return the whole catalogue, most popular first."""
        movie_language.choose(query.lang)
        parameters = forms.SearchQuery(sort=Sort.POPULARITY, page=query.page, size=query.size)
        page = degradation.listed(services.search.run(forms.to_request(parameters)))
        movies = tuple(serializers.card(hit.movie, poster_base=base) for hit in page.hits)
        return answer(schemas.PopularMoviesResponse(total=page.total, page=query.page, size=query.size, results=movies))

    @api.get("/trending", tags=[BROWSING], summary="List trending movies", responses={200: trending.TrendingResponse})
    @parse_request(query=trending.TrendingQuery)
    def trends(query: trending.TrendingQuery) -> Response:
        """Return movies that are popular today or this week, or rising, with the reasons."""
        page = services.trending.read(query.window, size=query.size)
        return answer(trending.answer(page, poster_base=base, demo=services.demo.in_use()))

    @api.get("/genres", tags=[BROWSING], summary="List all genres", responses={200: schemas.GenresResponse})
    @parse_request(query=Query)
    def genres() -> Response:
        """Return all genres with their numbers of movies."""
        return answer(schemas.GenresResponse(results=serializers.counts("genre", services.movies.genres())))

    @api.get("/providers", tags=[BROWSING], summary="List providers", responses={200: extra_schemas.ProvidersResponse})
    @parse_request(query=Query)
    def providers() -> Response:
        """Return where movies can be watched, by country, with the number of movies; empty without such data."""
        results = tuple(
            extra_schemas.ProviderCount(value=one.value, name=one.provider, region=one.region, count=one.movies)
            for one in services.availability.providers()
        )
        return answer(extra_schemas.ProvidersResponse(results=results))
